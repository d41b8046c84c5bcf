"""Entries from phones: one at a time, or a queue."""

from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import current_app, g, request
from marshmallow import fields

from diary.db import Row
from diary.errors import DiaryError
from diary.rules import days
from diary.rules.refusals import Refusal
from diary.store import intake, participants
from diary.store.actors import Actor
from diary.store.refusals import SetAside
from diary.web import entry_answers
from diary.web.entry_answers import ResultAnswer
from diary.web.entry_documents import BATCH, ENTRY, ENTRY_BATCH
from diary.web.entry_reading import read_entry
from diary.web.reading import parse_json
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "entries")


class BatchAnswer(ma.Schema):
    results = fields.List(fields.Nested(ResultAnswer), required=True)


@zone.operation("/entries/<entry_id>", "PUT", "putEntry", "write_own_entries", statuses=(409, 429))
@zone.json_body(ENTRY)
@zone.response(200, ResultAnswer)
def put_entry(entry_id: str) -> Any:
    """Send one entry; sending it again changes nothing and is answered alike."""
    actor = current_actor()
    raw = _read_or_keep(actor)
    if isinstance(raw, dict) and raw.get("id") != entry_id:
        raise DiaryError("ids_differ", 422, {"id": "ids_differ"})
    found = _receive(actor, [raw], _clock(request.headers.get("Sent-At")))[0]
    answer = entry_answers.result(found, actor.language)
    if found.status in ("conflict", "refused"):
        raise DiaryError(
            found.code or "entry_unreadable", 409 if found.status == "conflict" else 422, found.fields
        )
    return answer


@zone.operation("/entries/sync", "POST", "syncEntries", "write_own_entries")
@zone.json_body(ENTRY_BATCH)
@zone.response(200, BatchAnswer)
def sync_entries() -> Any:
    """Send a queue of up to 500 entries; each is answered in its place, and none blocks another."""
    actor = current_actor()
    batch = _read_or_keep(actor)
    if not isinstance(batch, dict) or not isinstance(batch.get("entries"), list):
        raise DiaryError("fields", 422, {"entries": "field_type"})
    if len(batch["entries"]) > BATCH:
        raise DiaryError("too_large", 413)
    results = _receive(actor, batch["entries"], _clock(batch.get("sent_at")))
    return {"results": [entry_answers.result(found, actor.language) for found in results]}


def _read_or_keep(actor: Actor) -> Any:
    """The body as JSON; one that is none is kept as it came before it is refused."""
    body = request.get_data(cache=True)
    try:
        return parse_json(body)
    except DiaryError:
        text = body.decode("utf-8", "backslashreplace").replace("\0", "\\x00")
        aside = SetAside("refused", None, None, text, "entry_unreadable", {}, False)
        with g.db.atomic():
            intake.put_aside(g.db, actor, _all_of(actor), aside, g.now, current_app.extensions["study"])
        raise


def _all_of(actor: Actor) -> list[Row]:
    """Whose it may be, where the entry itself does not say."""
    for participant_id in sorted(actor.participant_ids):
        participants.lock(g.db, participant_id)
    return participants.list_by_ids(g.db, actor.participant_ids)


def _clock(text: object) -> datetime | None:
    """The sender's clock; one that cannot be read measures no skew and refuses nothing."""
    instant = days.parse_instant(text) if isinstance(text, str) else None
    return None if instant is None or isinstance(instant, Refusal) else instant


def _receive(actor: Actor, raws: list[object], sent_at: datetime | None) -> list[intake.Result]:
    """One transaction for all, a savepoint for each; every participant's lock first, in one order."""
    study = current_app.extensions["study"]
    known: dict[str, Row] = {}

    def whose(participant_id: str | None) -> Row:
        if participant_id is None and actor.role == "guardian":
            raise DiaryError("participant_needed", 422, {"participant_id": "field_required"})
        wanted = participant_id or actor.participant_ids[0]
        if wanted not in known:
            known[wanted] = participants.get_own(g.db, actor, wanted)
        return known[wanted]

    results = []
    with g.db.atomic():
        for participant_id in sorted(actor.participant_ids):
            participants.lock(g.db, participant_id)
        for raw in raws:
            with g.db.atomic():
                results.append(_receive_one(actor, raw, whose, sent_at, study))
    return results


def _receive_one(
    actor: Actor, raw: object, whose: Any, sent_at: datetime | None, study: Any
) -> intake.Result:
    read, participant = read_entry(raw, actor, whose, study)
    if isinstance(read, SetAside):
        return intake.put_aside(
            g.db, actor, [participant] if participant else _all_of(actor), read, g.now, study
        )
    if participant is None:
        raise RuntimeError("a draft without its participant")
    return intake.receive(g.db, actor, participant, read, raw, g.now, study, sent_at=sent_at)
