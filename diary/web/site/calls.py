"""The call list at the desk: who could not be reached, and what came of the call."""

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields

from diary.db import Row
from diary.errors import ConflictError
from diary.rules import roles
from diary.store import accounts, calls, intake, participants
from diary.store.actors import Actor
from diary.store.refusals import SetAside
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import OneWord, Words
from diary.web.entry_reading import read_entry
from diary.web.site.participant_answers import sees_names
from diary.web.zones import Zone, current_actor

zone = Zone("site", "calls")
_NAMES = {"description": "Null for a monitor."}
_HIDDEN = ("login", "name", "phone")


class CallAnswer(ma.Schema):
    id = fields.String(required=True)
    participant_id = fields.String(required=True)
    subject_no = fields.String(required=True)
    account_id = fields.String(required=True)
    role = one_of("participant", "guardian")
    login = fields.String(required=True, allow_none=True, metadata=_NAMES)
    name = fields.String(required=True, allow_none=True, metadata=_NAMES)
    phone = fields.String(required=True, allow_none=True, metadata=_NAMES)
    about = one_of(*calls.ABOUTS)
    since_at = fields.String(required=True, metadata={"description": "Not reached since then."})
    opened_at = fields.String(required=True)
    last_contact_at = fields.String(required=True, allow_none=True)


class CallList(ma.Schema):
    calls = fields.List(fields.Nested(CallAnswer), required=True)


class CallOutcome(ma.Schema):
    outcome = OneWord(*calls.OUTCOMES, required=True)
    note = Words(2000)


@zone.operation("/calls", "GET", "listCalls", "see_participants")
@zone.response(200, CallList)
def list_calls() -> Any:
    """Who is to be telephoned, the longest unreached first."""
    actor = current_actor()
    rows = calls.list_open(
        g.db, str(actor.site_id), hide_contraception=roles.hides_contraception(actor.role)
    )  # fmt: skip
    hidden = {} if sees_names(actor) else dict.fromkeys(_HIDDEN)
    return {"calls": [{**row, **hidden} for row in rows]}


@zone.operation("/calls/<uuid:call_id>/close", "POST", "closeCall", "close_call", statuses=(404, 409))
@zone.arguments(CallOutcome)
@zone.response(204)
def close_call(body: dict[str, Any], call_id: UUID) -> None:
    """Say what came of the call; somebody who was spoken to is a contact in the diary as well."""
    actor = current_actor()
    note = (body.get("note") or "").strip() or None
    with g.db.atomic():
        call = calls.close(
            g.db, actor, g.now, str(actor.site_id), str(call_id), outcome=body["outcome"], note=note
        )  # fmt: skip
        if body["outcome"] == "spoke":
            _leave_contact(actor, call, note)


def _leave_contact(actor: Actor, call: Row, note: str | None) -> None:
    participant = participants.get(g.db, str(actor.site_id), call["participant_id"])
    study = current_app.extensions["study"]
    at = g.now.astimezone(ZoneInfo(participant["zone"])).isoformat(timespec="seconds")
    spoke_to = accounts.get(g.db, call["account_id"])["role"]
    raw = {
        "id": str(uuid4()), "kind": "contact", "occurred_at": at, "recorded_at": at, "origin": "staff",
        "zone": participant["zone"],
        "data": {"how": "call", "reached": "yes", "spoke_to": spoke_to, **({"text": note} if note else {})},
    }  # fmt: skip
    read, _ = read_entry(raw, actor, lambda _: participant, study, source_note=None)
    if isinstance(read, SetAside):
        raise ConflictError(read.code)
    intake.receive(g.db, actor, participant, read, raw, g.now, study)
