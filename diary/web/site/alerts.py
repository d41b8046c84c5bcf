"""Alerts on the desk: seen, taken charge of, closed by a person with a sentence."""

import json
from collections.abc import Sequence
from typing import Any

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.db import Row
from diary.errors import ForbiddenError
from diary.rules import roles
from diary.store import alert_entries, alerts, entry_views, pages
from diary.store.actors import Actor
from diary.web import entry_answers
from diary.web.entry_answers import BASES, one_of
from diary.web.entry_bodies import ENTRY_KINDS, Id, OneWord, Words
from diary.web.site.entries import PageQuery
from diary.web.zones import Zone, current_actor

zone = Zone("site", "alerts")
STATES = ("open", "acknowledged", "resolved")
TYPED_CHARS = 80
_ACTS = ("seen_by", "acknowledged_by", "resolved_by", "sae_by")
SAES = ("yes", "no", "undecided")


class AlertsQuery(PageQuery):
    state = OneWord(*STATES)
    sae = OneWord(*SAES, metadata={"description": "Only resolved ones of which this was said."})
    participant_id = Id()


class AlertEntryAnswer(ma.Schema):
    """One of the entries behind an alert, with what its sentence needs."""

    id = fields.String(required=True)
    root_id = fields.String(required=True)
    kind = one_of(*ENTRY_KINDS)
    occurred_at = fields.String(required=True)
    zone = fields.String(required=True)
    data = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    basis = one_of(*BASES)
    state = one_of("stored", "held", "accepted")
    is_current = fields.Boolean(required=True)


class PageRound(ma.Schema):
    round = fields.Integer(required=True)
    sent_at = fields.String(required=True, allow_none=True)
    delivered_at = fields.String(
        required=True, allow_none=True, metadata={"description": "Where the channel tells of it."}
    )


_NAMES = {"description": "Null for a monitor."}


class AlertAnswer(ma.Schema):
    id = fields.String(required=True)
    participant_id = fields.String(required=True)
    subject_no = fields.String(required=True)
    entry_ids = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Entry versions; for refused_text, refusals."},
    )
    entries = fields.List(
        fields.Nested(AlertEntryAnswer),
        required=True,
        metadata={"description": "The newest of them, and the readings that answers among them belong to."},
    )
    typed = fields.List(
        fields.String(), required=True, metadata={"description": "Of refused_text: what was typed."}
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
    seen_by_name = fields.String(required=True, allow_none=True, metadata=_NAMES)
    acknowledged_by_name = fields.String(required=True, allow_none=True, metadata=_NAMES)
    resolved_by_name = fields.String(required=True, allow_none=True, metadata=_NAMES)
    rounds = fields.List(
        fields.Nested(PageRound),
        required=True,
        metadata={"description": "How often people on call were paged."},
    )
    resolution = fields.String(required=True, allow_none=True)
    sae = one_of(*SAES, nullable=True)
    sae_at = fields.String(
        required=True, allow_none=True,
        metadata={"description": "When it was decided after the alert was closed."},
    )  # fmt: skip
    sae_by_name = fields.String(required=True, allow_none=True, metadata=_NAMES)
    sae_reason = fields.String(required=True, allow_none=True)


class AlertPage(ma.Schema):
    alerts = fields.List(fields.Nested(AlertAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class SeenDocument(ma.Schema):
    ids = fields.List(Id(), required=True, validate=ma.validate.Length(max=500, error="field_length"))


class ResolutionDocument(ma.Schema):
    resolution = Words(
        2000, least=1, required=True, metadata={"description": "What happened, in a sentence."}
    )
    sae = OneWord(*SAES)


class SaeDocument(ma.Schema):
    sae = OneWord(*SAES, required=True)
    reason = Words(2000, least=1, required=True, metadata={"description": "Why, in a sentence."})


@zone.operation("/alerts", "GET", "listAlerts", "see_participants")
@zone.arguments(AlertsQuery, location="query")
@zone.response(200, AlertPage)
def list_alerts(query: dict[str, Any]) -> Any:
    """The site's alerts, newest first."""
    actor, site_id = _at_site()
    rows = alerts.list_for_site(
        g.db, site_id, state=query.get("state"), sae=query.get("sae"),
        participant_id=query.get("participant_id"), before=query.get("before"), limit=query["limit"],
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    more = pages.cursor(rows[-1]["opened_at"], rows[-1]["id"]) if len(rows) == query["limit"] else None
    return {"alerts": _answers(actor, site_id, rows), "next": more}


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
        row = alerts.acknowledge(g.db, actor, site_id, alert_id, g.now)
    return _answers(actor, site_id, [row])[0]


@zone.operation("/alerts/<alert_id>/resolve", "POST", "resolveAlert", "resolve_alert", statuses=(404, 409))
@zone.arguments(ResolutionDocument)
@zone.response(200, AlertAnswer)
def resolve_alert(body: dict[str, str], alert_id: str) -> Any:
    """Close an alert: a name, a time and a sentence."""
    actor, site_id = _at_site()
    with g.db.atomic():
        row = alerts.resolve(
            g.db, actor, site_id, alert_id, g.now, resolution=body["resolution"], sae=body.get("sae")
        )
    return _answers(actor, site_id, [row])[0]


@zone.operation("/alerts/<alert_id>/sae", "POST", "decideSae", "decide_sae", statuses=(404, 409))
@zone.arguments(SaeDocument)
@zone.response(200, AlertAnswer)
def decide_sae(body: dict[str, str], alert_id: str) -> Any:
    """Say of a closed alert whether it was an adverse event: a name, a time and a sentence."""
    actor, site_id = _at_site()
    with g.db.atomic():
        row = alerts.decide_sae(g.db, actor, site_id, alert_id, g.now, sae=body["sae"], reason=body["reason"])
    return _answers(actor, site_id, [row])[0]


def _answers(actor: Actor, site_id: str, rows: Sequence[Row]) -> list[dict[str, Any]]:
    found = alert_entries.behind(g.db, site_id, rows)
    names = _names(actor, rows)
    rounds = alerts.rounds(g.db, [row["id"] for row in rows if row["sent_at"]])
    return [
        {
            **row,
            **{f"{what}_name": names.get(row[what] or "") for what in _ACTS},
            "rounds": rounds.get(row["id"], []),
            "entries": [entry_answers.entry(one, actor.role) for one in found[row["id"]].entries],
            "typed": [typed_value(raw) for raw in found[row["id"]].raws],
        }
        for row in rows
    ]


def _names(actor: Actor, rows: Sequence[Row]) -> dict[str, str]:
    """Who saw, took and closed them, for readers who may see names."""
    if not roles.is_allowed(actor.role, "see_names"):
        return {}
    ids = sorted({row[what] for row in rows for what in _ACTS if row[what]})
    return entry_views.names_of(g.db, ids) if ids else {}


def typed_value(raw: str) -> str:
    """The value inside what a phone sent, or the beginning of the text where there is none."""
    try:
        data = json.loads(raw)["data"]
        parts = [data[name] for name in ("value", "unit") if isinstance(data.get(name), str | int | float)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        parts = []
    return (" ".join(map(str, parts)) or raw)[:TYPED_CHARS]


def _at_site() -> tuple[Actor, str]:
    actor = current_actor()
    if actor.site_id is None:
        raise ForbiddenError
    return actor, actor.site_id
