"""What is new since a phone last asked."""

from typing import Any

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.errors import DiaryError
from diary.rules import roles
from diary.store import alerts, entry_views, feed, moves, participants, queries, refusals, schedules
from diary.store.actors import Actor
from diary.web import entry_answers, query_answers
from diary.web.entry_answers import EntryAnswer, RefusalAnswer, one_of
from diary.web.entry_bodies import Id
from diary.web.query_answers import QueryAnswer
from diary.web.reading import Form
from diary.web.schedule_answers import PhoneScheduleAnswer
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "changes")


class ChangesQuery(ma.Schema):
    since = fields.String(
        load_default="0", validate=Form(r"^[0-9]{1,15}$", error="cursor_wrong"),
        metadata={"description": "The cursor of the answer before; nothing or 0 for all."},
    )  # fmt: skip
    participant_id = Id(metadata={"description": "Needed from a guardian."})


class PhoneAlertAnswer(ma.Schema):
    """How far an alert has come: whether somebody at the site has read it."""

    id = fields.String(required=True)
    entry_ids = fields.List(fields.String(), required=True)
    level = one_of("page", "desk")
    kind = fields.String(required=True)
    state = one_of("open", "acknowledged", "resolved")
    at = fields.String(required=True)
    seen_at = fields.String(required=True, allow_none=True)
    seen_by_role = fields.String(required=True, allow_none=True)


class ChangesAnswer(ma.Schema):
    entries = fields.List(fields.Nested(EntryAnswer), required=True)
    refusals = fields.List(fields.Nested(RefusalAnswer), required=True)
    schedules = fields.List(fields.Nested(PhoneScheduleAnswer), required=True)
    queries = fields.List(fields.Nested(QueryAnswer), required=True)
    alerts = fields.List(fields.Nested(PhoneAlertAnswer), required=True)
    cursor = fields.String(required=True, metadata={"description": "Unchanged when there is no more."})


@zone.operation("/changes", "GET", "listChanges", "see_own_data", statuses=(404,))
@zone.arguments(ChangesQuery, location="query")
@zone.response(200, ChangesAnswer)
def list_changes(query: dict[str, str]) -> Any:
    """Everything of the participant that changed after the cursor, this session's own entries included."""
    actor = current_actor()
    participant_id = _whose(actor, query.get("participant_id"))
    changes, cursor = feed.since(
        g.db, participant_id, int(query["since"]), as_guardian=roles.hides_contraception(actor.role)
    )
    kept = refusals.list_by_ids(g.db, participant_id, feed.ids(changes, "refusal"))
    found = entry_views.list_by_ids(g.db, participant_id, feed.ids(changes, "entry"))
    return {
        "entries": [entry_answers.entry(row, actor.role) for row in found],
        "refusals": [entry_answers.refusal(row, actor.language) for row in kept],
        "schedules": _schedules(participant_id, feed.ids(changes, "schedule")),
        "queries": [
            query_answers.query(row, actor.id)
            for row in queries.list_by_ids(g.db, participant_id, feed.ids(changes, "query"))
        ],
        "alerts": [
            _alert(row) for row in alerts.list_by_ids(g.db, participant_id, feed.ids(changes, "alert"))
        ],
        "cursor": str(cursor),
    }


def _schedules(participant_id: str, ids: list[str]) -> list[dict[str, Any]]:
    found = schedules.list_by_ids(g.db, participant_id, ids)
    kept = moves.kept(g.db, participant_id, found, g.now)
    return [{**row, "kept": kept.get(row["id"], [])} for row in found]


def _whose(actor: Actor, participant_id: str | None) -> str:
    if participant_id is None and actor.role == "guardian":
        raise DiaryError("participant_needed", 422, {"participant_id": "field_required"})
    return str(participants.get_own(g.db, actor, participant_id or actor.participant_ids[0])["id"])


def _alert(row: dict[str, Any]) -> dict[str, Any]:
    stamps = ("resolved_at", "acknowledged_at", "seen_at", "opened_at")
    return {**row, "at": next(row[stamp] for stamp in stamps if row[stamp])}
