"""What a version of an entry meets: the one it follows, its like under another id, what speaks against it."""

import json
from dataclasses import dataclass
from typing import Any, Literal

from diary import clock
from diary.db import Database, Row, one
from diary.rules import entries as entry_rules
from diary.rules.roles import hides_contraception
from diary.store import audit, entries
from diary.store.actors import Actor
from diary.store.entries import Draft

MACHINE_ORIGINS = frozenset({"bluetooth", "file", "api"})


@dataclass(frozen=True)
class Problem:
    """Why a readable entry cannot be taken; `about` is the kind of what it collides with."""

    code: str
    about: str | None = None
    status: Literal["refused", "conflict"] = "conflict"


def replaced_by(db: Database, actor: Actor, draft: Draft) -> tuple[Row | None, Problem | None]:
    """The version that this one follows, or why it cannot follow it."""
    if draft.replaces is None:
        return None, None
    replaced = entries.find_version(db, draft.participant_id, draft.replaces)
    if replaced is None:
        return None, Problem("replaces_unknown", status="refused")
    if replaced["kind"] != draft.kind:
        hidden = entry_rules.is_contraception(replaced["kind"]) and hides_contraception(actor.role)
        code = "replaces_unknown" if hidden else "replaces_other_kind"
        return None, Problem(code, replaced["kind"], status="refused")
    if not one(db, "select 1 as taken from entries where replaces = :id", {"id": replaced["id"]}):
        return replaced, None
    head = entries.find_head(db, draft.participant_id, replaced["root_id"])
    if head and head["entry_id"] == replaced["id"] and head["pending_id"] is None:
        # A correction of it was taken back: it is what the sender sees, and the chain goes on from its end.
        return entries.find_version(db, draft.participant_id, head["tip_id"]), None
    return None, Problem("already_changed")


def keys_of(draft: Draft) -> dict[str, str | None]:
    """What makes two entries the same thing, and what an event points at."""
    data = draft.data or {}
    keys: dict[str, str | None] = {"linked_id": data.get("reading_id")}
    if (
        draft.kind in ("dose", "contraception", "blood_draw")
        and {"schedule_id", "due_day", "slot"} <= data.keys()
    ):
        keys["slot_key"] = f"{data['schedule_id']}/{data['due_day']}/{data['slot']}"
    if draft.kind == "reading" and draft.origin in MACHINE_ORIGINS and "meter_serial" in data:
        # A meter's sequence may start again after a battery change; its own time beside it may not.
        keys["meter_key"] = audit.canonical(
            [data["meter_serial"], data.get("sequence"), clock.to_text(draft.occurred_at)]
        )
    return keys


def already_there(
    db: Database, draft: Draft, keys: dict[str, str | None]
) -> tuple[Row | None, Problem | None]:
    """Same meter, record and value under another id: the same thing. Another value or answer: a conflict."""
    meter_key, slot_key = keys.get("meter_key"), keys.get("slot_key")
    if meter_key and not draft.replaces:
        there = entries.find_head_by_key(db, draft.participant_id, draft.kind, "meter_key", meter_key)
        if there and _is_known(db, there, draft.data or {}):
            return there, None
        if there:
            return None, Problem("meter_record_differs")
    if slot_key:
        kind = "dose" if draft.kind == "blood_draw" else draft.kind
        if _schedule_kind(db, draft) not in (None, kind):
            return None, Problem("slot_of_other_kind", "contraception", status="refused")
        there = entries.find_head_by_key(db, draft.participant_id, draft.kind, "slot_key", slot_key)
        if there and there["tip_id"] != draft.replaces:
            return None, Problem("slot_answered")
    return None, None


def _is_known(db: Database, head: Row, data: dict[str, Any]) -> bool:
    """Whether any version of the chain shows this: a meter goes on saying what was corrected since."""
    if head["data"] and _shows(json.loads(head["data"])) == _shows(data):
        return True
    versions = entries.list_versions(db, head["participant_id"], head["root_id"])
    return any(_shows(json.loads(row["data"])) == _shows(data) for row in versions if row["data"])


def _schedule_kind(db: Database, draft: Draft) -> str | None:
    """What the named schedule is for; None where it is not known here."""
    schedule = one(
        db,
        "select kind from schedules where id = :id and participant_id = :p",
        {"id": (draft.data or {}).get("schedule_id"), "p": draft.participant_id},
    )
    return str(schedule["kind"]) if schedule else None


def _shows(data: dict[str, Any]) -> tuple[object, ...]:
    """What a record says and whose it is; notes and the way it came may differ."""
    return (
        data.get("value"),
        data.get("unit"),
        data.get("device", "meter"),
        data.get("sample") == "control",
        bool(data.get("other_person")),
        bool(data.get("relabelled")),
    )
