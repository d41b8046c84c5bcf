"""What the operator has to look at: messages that no service takes, push services that are stopped."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.store import problems, subscriptions
from diary.web.person_fields import Line
from diary.web.zones import Zone, current_actor

zone = Zone("admin", "problems")
SHOWN = 200


class ProblemAnswer(ma.Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    detail = fields.String(required=True)
    opened_at = fields.String(required=True)
    last_at = fields.String(required=True)
    times = fields.Integer(required=True)
    closed_at = fields.String(required=True, allow_none=True)


class RefusedPhoneAnswer(ma.Schema):
    """A phone for which the push service did not accept our signature; whose it is stays out."""

    id = fields.String(required=True)
    device = fields.String(required=True)
    created_at = fields.String(required=True)
    refused_at = fields.String(required=True)


class StoppedHostAnswer(ma.Schema):
    """A push service that does not accept our signature: for how many of the phones there, and which."""

    host = fields.String(required=True)
    stopped_at = fields.String(required=True)
    status = fields.Integer(required=True, allow_none=True)
    detail = fields.String(required=True, allow_none=True)
    phones = fields.Integer(required=True)
    refused_phones = fields.Integer(required=True)
    refused = fields.List(fields.Nested(RefusedPhoneAnswer), required=True)


class ProblemList(ma.Schema):
    problems = fields.List(fields.Nested(ProblemAnswer), required=True)
    stopped_hosts = fields.List(fields.Nested(StoppedHostAnswer), required=True)


class HostBody(ma.Schema):
    host = Line(required=True)


class SetAsideBody(HostBody):
    phone_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=ma.validate.Length(1, subscriptions.NAMED, error="field_length"),
    )


@zone.operation("/problems", "GET", "listProblems", "operate")
@zone.response(200, ProblemList)
def list_problems() -> Any:
    """Open ones first; and which push services nothing is sent to."""
    return {
        "problems": problems.list_all(g.db, SHOWN),
        "stopped_hosts": subscriptions.stopped_hosts(g.db),
    }


@zone.operation("/problems/<uuid:problem_id>/close", "POST", "closeProblem", "operate", statuses=(404, 409))
@zone.response(200, ProblemAnswer)
def close_problem(problem_id: UUID) -> Any:
    """Looked at; should it happen again, it opens anew."""
    return problems.close(g.db, current_actor(), g.now, str(problem_id))


@zone.operation("/push-hosts/resume", "POST", "resumePushHost", "operate", statuses=(404,))
@zone.arguments(HostBody)
@zone.response(204)
def resume_push_host(body: dict[str, str]) -> None:
    """Send to this push service again."""
    subscriptions.resume_host(g.db, current_actor(), body["host"], g.now)


@zone.operation("/push-hosts/set-aside", "POST", "setPhonesAside", "operate", statuses=(404,))
@zone.arguments(SetAsideBody)
@zone.response(204)
def set_phones_aside(body: dict[str, Any]) -> None:
    """It was these phones: send to this push service again, to them only once they are posted anew."""
    phone_ids = [str(phone_id) for phone_id in body["phone_ids"]]
    subscriptions.set_aside(g.db, current_actor(), body["host"], phone_ids, g.now)
