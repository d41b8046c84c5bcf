"""Entries on the desk: what counts, its history, what waits or was set aside, and what staff record."""

from typing import Any

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields, validate

from diary.db import Row
from diary.errors import DiaryError, ForbiddenError, NotFoundError
from diary.rules import roles
from diary.rules.entries import PARTICIPANT_KINDS, field_changes, is_contraception
from diary.store import entry_views, holding, intake, pages, participants, refusals
from diary.store.actors import Actor
from diary.store.refusals import SetAside
from diary.web import entry_answers
from diary.web.entry_answers import EntryAnswer, RefusalAnswer, ResultAnswer
from diary.web.entry_bodies import ENTRY_KINDS, Day, OneWord, Words
from diary.web.entry_documents import ENTRY
from diary.web.entry_reading import read_entry
from diary.web.reading import Form
from diary.web.zones import Zone, current_actor

zone = Zone("site", "entries")


class PageQuery(ma.Schema):
    before = fields.String(
        validate=Form(pages.CURSOR, error="cursor_wrong"),
        metadata={"description": "`next` of the page before."},
    )
    limit = fields.Integer(load_default=200, validate=validate.Range(1, 500, error="field_range"))


class EntriesQuery(PageQuery):
    first_day = Day(data_key="from")
    last_day = Day(data_key="to")
    kind = OneWord(*ENTRY_KINDS)
    held = fields.Boolean(load_default=False, metadata={"description": "Only what waits for the site."})


class EntryPage(ma.Schema):
    entries = fields.List(fields.Nested(EntryAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class RefusalPage(ma.Schema):
    refusals = fields.List(fields.Nested(RefusalAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


class ChangeAnswer(ma.Schema):
    field_ = fields.String(required=True, data_key="field", attribute="field")
    old = fields.Raw(required=True, allow_none=True)
    new = fields.Raw(required=True, allow_none=True)


class VersionAnswer(EntryAnswer):
    author_name = fields.String(required=True, allow_none=True)
    changes = fields.List(fields.Nested(ChangeAnswer), required=True)
    decision = fields.String(required=True, allow_none=True)
    decision_note = fields.String(required=True, allow_none=True)
    decided_at = fields.String(required=True, allow_none=True)
    decided_by_name = fields.String(required=True, allow_none=True)


class HistoryAnswer(ma.Schema):
    versions = fields.List(fields.Nested(VersionAnswer), required=True)


class SourceNote(ma.Schema):
    source_note = Words(1000, least=1, required=True, metadata={"description": "Where this was checked."})


_NOTE_NEEDED = "Needed for paper, for corrections and for the kinds that participants log."


class StaffEntryDocument(ma.Schema):
    entry = fields.Raw(required=True, metadata=ENTRY)
    source_note = Words(1000, least=1, metadata={"description": _NOTE_NEEDED})


@zone.operation(
    "/participants/<participant_id>/entries", "GET", "listEntries", "see_participants", statuses=(404,)
)
@zone.arguments(EntriesQuery, location="query")
@zone.response(200, EntryPage)
def list_entries(query: dict[str, Any], participant_id: str) -> Any:
    """A participant's entries, newest first; `held` lists what waits for acceptance instead."""
    actor, participant = _participant(participant_id)
    rows = entry_views.list_current(
        g.db, participant["id"], first_day=query.get("first_day"), last_day=query.get("last_day"),
        kind=query.get("kind"), held=query["held"], before=query.get("before"), limit=query["limit"],
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    more = pages.cursor(rows[-1]["occurred_at"], rows[-1]["id"]) if len(rows) == query["limit"] else None
    return {"entries": [entry_answers.entry(row, actor.role) for row in rows], "next": more}


@zone.operation(
    "/participants/<participant_id>/refusals", "GET", "listRefusals", "see_participants", statuses=(404,)
)
@zone.arguments(PageQuery, location="query")
@zone.response(200, RefusalPage)
def list_refusals(query: dict[str, Any], participant_id: str) -> Any:
    """What the participant's phones sent and could not become an entry, as it came, newest first."""
    actor, participant = _participant(participant_id)
    rows = refusals.list_for_participant(
        g.db, participant["id"], before=query.get("before"), limit=query["limit"],
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    more = pages.cursor(rows[-1]["received_at"], rows[-1]["id"]) if len(rows) == query["limit"] else None
    return {"refusals": [entry_answers.refusal(row, actor.language) for row in rows], "next": more}


@zone.operation(
    "/participants/<participant_id>/entries/<entry_id>/history", "GET", "getEntryHistory", "see_participants",
    statuses=(404,),
)  # fmt: skip
@zone.response(200, HistoryAnswer)
def get_entry_history(participant_id: str, entry_id: str) -> Any:
    """Every version of an entry: who, in which role, when, why, and what it changed."""
    return _history(*_participant(participant_id), entry_id)


def _history(actor: Actor, participant: Row, entry_id: str) -> Any:
    rows = entry_views.list_chain(g.db, participant["id"], entry_id)
    if not rows or (is_contraception(rows[0]["kind"]) and roles.hides_contraception(actor.role)):
        raise NotFoundError
    names = _names(actor, rows)
    versions, older = [], None
    for row in rows:
        version = entry_answers.entry(row, actor.role)
        version["changes"] = [
            {"field": name, "old": old, "new": new} for name, old, new in _changes(older, version)
        ]
        version["author_name"] = names.get(row["author_id"])
        version["decided_by_name"] = names.get(row["decided_by"])
        version |= {name: row[name] for name in ("decision", "decision_note", "decided_at")}
        versions.append(version)
        older = version
    return {"versions": versions}


def _changes(older: dict[str, Any] | None, newer: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    if older is None:
        return []
    return field_changes(*({"occurred_at": v["occurred_at"], "data": v["data"]} for v in (older, newer)))


def _names(actor: Actor, rows: list[Row]) -> dict[str, str]:
    """Names of those who wrote or decided, for readers who may see names."""
    if not roles.is_allowed(actor.role, "see_names"):
        return {}
    ids = {row["author_id"] for row in rows} | {row["decided_by"] for row in rows if row["decided_by"]}
    return entry_views.names_of(g.db, sorted(ids))


@zone.operation(
    "/participants/<participant_id>/entries",
    "POST",
    "addStaffEntry",
    "record_staff_entry",
    statuses=(404, 409),
)
@zone.arguments(StaffEntryDocument)
@zone.response(200, ResultAnswer)
def add_staff_entry(body: dict[str, Any], participant_id: str) -> Any:
    """Record what staff know; what is the participant's to log needs its source, on paper or not."""
    raw = body["entry"]
    if isinstance(raw, dict):
        theirs = raw.get("origin") == "paper" or str(raw.get("kind")) in PARTICIPANT_KINDS
        if theirs and "source_note" not in body:
            raise DiaryError("source_note_needed", 422, {"source_note": "field_required"})
        if raw.get("replaces") is not None:
            raise DiaryError("correct_instead", 422, {"replaces": "field_wrong"})
    return _receive(participant_id, raw, body.get("source_note"))


@zone.operation(
    "/participants/<participant_id>/entries/<entry_id>/correct", "POST", "correctEntry", "correct_entry",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(StaffEntryDocument)
@zone.response(200, ResultAnswer)
def correct_entry(body: dict[str, Any], participant_id: str, entry_id: str) -> Any:
    """Correct or withdraw on the participant's request: a new version, with a reason and a source note."""
    if "source_note" not in body:
        raise DiaryError("source_note_needed", 422, {"source_note": "field_required"})
    raw = body["entry"]
    if not isinstance(raw, dict) or raw.get("replaces") != entry_id:
        raise DiaryError("ids_differ", 422, {"replaces": "ids_differ"})
    return _receive(participant_id, raw, body["source_note"])


@zone.operation(
    "/participants/<participant_id>/entries/<entry_id>/accept", "POST", "acceptHeldEntry",
    "accept_held_entry", statuses=(404, 409),
)  # fmt: skip
@zone.arguments(SourceNote)
@zone.response(200, HistoryAnswer)
def accept_held_entry(body: dict[str, str], participant_id: str, entry_id: str) -> Any:
    """Take a held version into the summaries, with a note where it was checked."""
    actor, participant = _participant(participant_id)
    with g.db.atomic():
        participants.lock(g.db, participant["id"])
        holding.accept(
            g.db, actor, participant, entry_id, body["source_note"], g.now, current_app.extensions["study"]
        )
    return _history(actor, participant, entry_id)


def _participant(participant_id: str) -> tuple[Actor, Row]:
    actor = current_actor()
    if actor.site_id is None:
        raise ForbiddenError
    return actor, participants.get(g.db, actor.site_id, participant_id)


def _receive(participant_id: str, raw: Any, source_note: str | None) -> Any:
    actor, participant = _participant(participant_id)
    study = current_app.extensions["study"]

    def whose(named: str | None) -> Row:
        if named not in (None, participant["id"]):
            raise NotFoundError
        return participant

    read, _ = read_entry(raw, actor, whose, study, source_note=source_note)
    if isinstance(read, SetAside):
        # Staff sit before the answer and mend it at once: what they mistyped is told, not kept as a record.
        raise DiaryError(read.code, 422, dict(read.fields))
    with g.db.atomic():
        participants.lock(g.db, participant["id"])
        found = intake.receive(g.db, actor, participant, read, raw, g.now, study)
    if found.status in ("conflict", "refused"):
        raise DiaryError(
            found.code or "entry_unreadable", 409 if found.status == "conflict" else 422, found.fields
        )
    return entry_answers.result(found, actor.language)
