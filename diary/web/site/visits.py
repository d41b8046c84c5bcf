"""Visits at the desk: what the study and the site plan, when each may be, what took place, what is due."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields, validate

from diary.db import Row
from diary.rules import roles
from diary.rules import visits as rules
from diary.store import visits
from diary.store.actors import Actor
from diary.web.entry_bodies import Words
from diary.web.person_fields import CalendarDay, Reason
from diary.web.site.participants import of_site, study
from diary.web.site.visit_answers import DueVisit, due
from diary.web.zones import Zone

zone = Zone("site", "visits")
MOST_DAYS = 366


class VisitAnswer(DueVisit):
    """`key` is what a recorded visit names as its `plan`; `planned_id` of those that the site planned."""

    key = fields.String(required=True)
    purpose = fields.String(required=True, allow_none=True)
    planned_id = fields.String(required=True, allow_none=True)
    entry_id = fields.String(required=True, allow_none=True, metadata={"description": "Of the visit held."})
    held_day = fields.Date(required=True, allow_none=True)


class VisitPlan(ma.Schema):
    visits = fields.List(fields.Nested(VisitAnswer), required=True)
    review_missing = fields.Boolean(
        required=True, allow_none=True,
        metadata={"description": "Fertility was not reviewed at the newest visit; null for a monitor."},
    )  # fmt: skip


def _days() -> fields.Integer:
    return fields.Integer(
        strict=True, required=True, validate=validate.Range(0, MOST_DAYS, error="field_range")
    )


class PlanVisitBody(ma.Schema):
    name = Words(60, least=1, required=True)
    day = CalendarDay(required=True)
    before_days = _days()
    after_days = _days()
    purpose = Words(400, metadata={"description": "What for."})


class CancelVisitBody(ma.Schema):
    reason = Reason()


@zone.operation(
    "/participants/<uuid:participant_id>/visits", "GET", "listVisits", "see_participants", statuses=(404,)
)
@zone.response(200, VisitPlan)
def list_visits(participant_id: UUID) -> Any:
    """Every visit that is planned, by day, with its window, its state and the visit that filled it."""
    return _plan(*of_site(participant_id))


@zone.operation(
    "/participants/<uuid:participant_id>/visits", "POST", "planVisit", "plan_visit", statuses=(404,)
)
@zone.arguments(PlanVisitBody)
@zone.response(201, VisitPlan)
def plan_visit(body: dict[str, Any], participant_id: UUID) -> Any:
    """Plan a visit of one participant: day, window, what for."""
    actor, participant = of_site(participant_id)
    visits.plan(g.db, actor, g.now, participant, visits.NewVisit(**body))
    return _plan(actor, participant)


@zone.operation(
    "/participants/<uuid:participant_id>/visits/<uuid:visit_id>/cancel", "POST", "cancelVisit", "plan_visit",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(CancelVisitBody)
@zone.response(200, VisitPlan)
def cancel_visit(body: dict[str, str], participant_id: UUID, visit_id: UUID) -> Any:
    """Take a visit that the site planned off the plan; it and its reason stay in the trail."""
    actor, participant = of_site(participant_id)
    visits.cancel(g.db, actor, g.now, participant["id"], str(visit_id), reason=body["reason"])
    return _plan(actor, participant)


def _plan(actor: Actor, participant: Row) -> dict[str, Any]:
    plan = visits.get_plan(g.db, participant, study(), g.now)
    hidden = actor.role == "system" or roles.hides_contraception(actor.role)
    return {
        "visits": [_visit(one, hidden=hidden) for one in plan.visits],
        "review_missing": None if hidden else plan.review_missing,
    }


def _visit(one: rules.Visit, *, hidden: bool) -> dict[str, Any]:
    # Staff write the purpose freely, so it may say what this reader does not see.
    return {
        **due(one), "key": one.planned.key, "purpose": None if hidden else one.planned.purpose,
        "planned_id": one.planned.planned_id, "entry_id": one.held.entry_id if one.held else None,
        "held_day": one.held.day if one.held else None,
    }  # fmt: skip
