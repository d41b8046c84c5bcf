"""Entries from phones: one at a time, or a queue."""

import json
import logging
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import marshmallow as ma
from flask import current_app, g, request
from marshmallow import fields

from diary.db import UNAVAILABLE, Row
from diary.errors import DiaryError
from diary.rules import days
from diary.rules.glucose import looks_severe
from diary.rules.refusals import Refusal
from diary.store import guardians, intake, participants
from diary.store.actors import Actor
from diary.store.days import Changed
from diary.store.refusals import SetAside
from diary.study import Study
from diary.web import entry_answers
from diary.web.entry_answers import ResultAnswer
from diary.web.entry_documents import BATCH, ENTRY, ENTRY_BATCH
from diary.web.entry_reading import read_entry
from diary.web.reading import parse_json
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "entries")
log = logging.getLogger(__name__)


class BatchAnswer(ma.Schema):
    results = fields.List(fields.Nested(ResultAnswer), required=True)


@zone.operation("/entries/<entry_id>", "PUT", "putEntry", "write_own_entries", statuses=(409, 429))
@zone.json_body(ENTRY)
@zone.response(200, ResultAnswer)
def put_entry(entry_id: str) -> Any:
    """Send one entry; sending it again changes nothing and is answered alike."""
    actor = current_actor()
    raw = _read_or_keep(actor)
    if isinstance(raw, dict) and str(raw.get("id")).lower() != entry_id.lower():
        _keep(actor, raw, "ids_differ")
        raise DiaryError("ids_differ", 422, {"id": "ids_differ"})
    found = _receive(actor, [raw], _clock(request.headers.get("Sent-At")))[0]
    answer = entry_answers.result(found, actor.language)
    if found.status in ("conflict", "refused"):
        status = 409 if found.status == "conflict" else 422
        raise DiaryError(found.code or "entry_unreadable", status, found.fields)
    return answer


@zone.operation("/entries/sync", "POST", "syncEntries", "write_own_entries")
@zone.json_body(ENTRY_BATCH)
@zone.response(200, BatchAnswer)
def sync_entries() -> Any:
    """Send a queue of up to 500 entries; each is answered in its place, and none blocks another."""
    actor = current_actor()
    batch = _read_or_keep(actor)
    if not isinstance(batch, dict) or not isinstance(batch.get("entries"), list):
        _keep(actor, batch, "entry_unreadable")
        raise DiaryError("fields", 422, {"entries": "field_type"})
    if len(batch["entries"]) > BATCH:
        _keep(actor, batch, "too_large")
        raise DiaryError("too_large", 413)
    results = _receive(actor, batch["entries"], _clock(batch.get("sent_at")))
    return {"results": [entry_answers.result(found, actor.language) for found in results]}


def _read_or_keep(actor: Actor) -> Any:
    """The body as JSON; one that is none is kept as it came before it is refused."""
    body = request.get_data(cache=True)
    try:
        return parse_json(body)
    except DiaryError:
        _keep(actor, body.decode("utf-8", "backslashreplace").replace("\0", "\\x00"), "entry_unreadable")
        raise


def _keep(actor: Actor, raw: Any, code: str) -> None:
    """Keep a body that is no entry; nobody knows what it holds, so a severe number in it alerts."""
    study = current_app.extensions["study"]
    aside = SetAside("refused", None, None, raw, code, {}, _says_severe(raw, study))
    with g.db.atomic():
        intake.put_aside(g.db, actor, _all_of(actor), aside, g.now, study)


def _says_severe(raw: Any, study: Study) -> bool:
    text = raw if isinstance(raw, str) else json.dumps(raw, default=str, ensure_ascii=False)
    return any(looks_severe(value, None, study.glucose) for value in _VALUES.findall(text))


# A value as it stands in an entry, also where the text breaks off behind it.
_VALUES = re.compile(r'"value"\s*:\s*"([^"]{1,40})')


def _all_of(actor: Actor) -> list[Row]:
    """Whose it may be, where the entry itself does not say; for a guardian without access, who they were."""
    for participant_id in sorted(actor.participant_ids):
        participants.lock(g.db, participant_id)
    if actor.participant_ids:
        return participants.list_by_ids(g.db, actor.participant_ids)
    return guardians.list_ever(g.db, str(actor.id))


def _clock(text: object) -> datetime | None:
    """The sender's clock; one that cannot be read measures no skew and refuses nothing."""
    instant = days.parse_instant(text) if isinstance(text, str) else None
    return None if instant is None or isinstance(instant, Refusal) else instant


def _receive(actor: Actor, raws: list[object], sent_at: datetime | None) -> list[intake.Result]:
    """One transaction for all, a savepoint for each; every participant's lock first, in one order."""
    with g.db.atomic():
        for participant_id in sorted(actor.participant_ids):
            participants.lock(g.db, participant_id)
        try:
            with g.db.atomic():
                return _take_all(actor, raws, sent_at, Changed())
        except UNAVAILABLE:
            raise
        except Exception:
            # A defect of ours came up only at the end: one by one, it keeps no other entry waiting.
            log.exception("the days of a queue could not be settled together")
            return _take_all(actor, raws, sent_at, None)


def _take_all(
    actor: Actor, raws: list[object], sent_at: datetime | None, changed: Changed | None
) -> list[intake.Result]:
    """Each in its place; the days of all are settled at the end (`changed`), or each entry's own."""
    study = current_app.extensions["study"]
    known: dict[str, Row] = {}

    def whose(participant_id: str | None) -> Row:
        if participant_id is None and actor.role == "guardian":
            raise DiaryError("participant_needed", 422, {"participant_id": "field_required"})
        if not actor.participant_ids:
            raise DiaryError("access_ended", 403)
        wanted = (participant_id or actor.participant_ids[0]).lower()
        if wanted not in known:
            known[wanted] = participants.get_own(g.db, actor, wanted)
        return known[wanted]

    results = [_receive_one(actor, raw, whose, sent_at, study, changed) for raw in raws]
    if changed is not None:
        changed.settle(g.db, g.now, study)
    return results


def _receive_one(
    actor: Actor, raw: object, whose: Any, sent_at: datetime | None, study: Study, changed: Changed | None
) -> intake.Result:
    """One entry in a savepoint of its own; a defect of ours is logged and keeps nothing else waiting."""
    try:
        with g.db.atomic():
            found = _take(actor, raw, whose, sent_at, study, changed)
    except UNAVAILABLE:
        raise
    except Exception:
        log.exception("an entry could not be taken")
        with g.db.atomic():
            severe = _says_severe(raw, study)
            aside = SetAside("refused", None, None, raw, "entry_defect", {}, severe)
            found = intake.put_aside(g.db, actor, _all_of(actor), aside, g.now, study)
    sent_id = raw.get("id") if isinstance(raw, dict) else None
    return replace(found, id=sent_id) if isinstance(sent_id, str) else found


def _take(
    actor: Actor, raw: object, whose: Any, sent_at: datetime | None, study: Study, changed: Changed | None
) -> intake.Result:
    read, participant = read_entry(raw, actor, whose, study)
    if isinstance(read, SetAside):
        owners = [participant] if participant else _all_of(actor)
        return intake.put_aside(g.db, actor, owners, read, g.now, study)
    if participant is None:
        raise RuntimeError("a draft without its participant")
    return intake.receive(g.db, actor, participant, read, raw, g.now, study, sent_at=sent_at, changed=changed)
