"""Alerts on the desk: seen, taken charge of, closed by a person with a sentence."""

from typing import Any

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.errors import ForbiddenError
from diary.rules import roles
from diary.store import alerts, pages
from diary.store.actors import Actor
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import Id, OneWord, Words
from diary.web.site.entries import PageQuery
from diary.web.zones import Zone, current_actor

zone = Zone("site", "alerts")
STATES = ("open", "acknowledged", "resolved")


class AlertsQuery(PageQuery):
    state = OneWord(*STATES)
    participant_id = Id()


class AlertAnswer(ma.Schema):
    id = fields.String(required=True)
    participant_id = fields.String(required=True)
    subject_no = fields.String(required=True)
    entry_ids = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Entry versions; for refused_text, refusals."},
    )
    level = one_of("page", "desk")
    kind = fields.String(required=True)
    state = one_of(*STATES)
    reason = fields.String(required=True, allow_none=True)
    opened_at = fields.String(required=True)
    value_at = fields.String(required=True, allow_none=True)
    paged_at = fields.String(required=True, allow_none=True)
    sent_at = fields.String(required=True, allow_none=True)
    delivered_at = fields.String(required=True, allow_none=True)
    seen_at = fields.String(required=True, allow_none=True)
    acknowledged_at = fields.String(required=True, allow_none=True)
    resolved_at = fields.String(required=True, allow_none=True)
    resolution = fields.String(required=True, allow_none=True)
    sae = one_of("yes", "no", "undecided", nullable=True)


class AlertPage(ma.Schema):
    alerts = fields.List(fields.Nested(AlertAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class SeenDocument(ma.Schema):
    ids = fields.List(Id(), required=True, validate=ma.validate.Length(max=500, error="field_length"))


class ResolutionDocument(ma.Schema):
    resolution = Words(
        2000, least=1, required=True, metadata={"description": "What happened, in a sentence."}
    )
    sae = OneWord("yes", "no", "undecided")


@zone.operation("/alerts", "GET", "listAlerts", "see_participants")
@zone.arguments(AlertsQuery, location="query")
@zone.response(200, AlertPage)
def list_alerts(query: dict[str, Any]) -> Any:
    """The site's alerts, newest first."""
    actor, site_id = _at_site()
    rows = alerts.list_for_site(
        g.db, site_id, state=query.get("state"), participant_id=query.get("participant_id"),
        before=query.get("before"), limit=query["limit"],
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    more = pages.cursor(rows[-1]["opened_at"], rows[-1]["id"]) if len(rows) == query["limit"] else None
    return {"alerts": rows, "next": more}


@zone.operation("/alerts/seen", "POST", "seeAlerts", "acknowledge_alert", statuses=(404,))
@zone.arguments(SeenDocument)
@zone.response(204)
def see_alerts(body: dict[str, list[str]]) -> Any:
    """Say that these stand on a staff member's screen: the SAE clock runs from the first time."""
    actor, site_id = _at_site()
    with g.db.atomic():
        alerts.see(g.db, actor, site_id, sorted(set(body["ids"])), g.now)
    return None


@zone.operation(
    "/alerts/<alert_id>/acknowledge", "POST", "acknowledgeAlert", "acknowledge_alert", statuses=(404, 409)
)
@zone.response(200, AlertAnswer)
def acknowledge_alert(alert_id: str) -> Any:
    """Take charge of an alert; it is not paged any more."""
    actor, site_id = _at_site()
    with g.db.atomic():
        return alerts.acknowledge(g.db, actor, site_id, alert_id, g.now)


@zone.operation("/alerts/<alert_id>/resolve", "POST", "resolveAlert", "resolve_alert", statuses=(404, 409))
@zone.arguments(ResolutionDocument)
@zone.response(200, AlertAnswer)
def resolve_alert(body: dict[str, str], alert_id: str) -> Any:
    """Close an alert: a name, a time and a sentence."""
    actor, site_id = _at_site()
    with g.db.atomic():
        return alerts.resolve(
            g.db, actor, site_id, alert_id, g.now, resolution=body["resolution"], sae=body.get("sae")
        )


def _at_site() -> tuple[Actor, str]:
    actor = current_actor()
    if actor.site_id is None:
        raise ForbiddenError
    return actor, actor.site_id
