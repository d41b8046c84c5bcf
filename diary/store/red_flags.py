"""Red flags of an entry: its own, and those that need its neighbours in time."""

import json
from typing import Any

from diary import clock
from diary.db import Database, one
from diary.rules import alerts as alert_rules
from diary.rules import glucose
from diary.rules.hypoglycaemia import Reading
from diary.store import episodes, missed
from diary.store.entries import Draft
from diary.study import Study

# So many neighbours are looked at on each side: a sensor may stand between two readings many times over.
LOOK_AT = 50


def of(
    db: Database, draft: Draft, root_id: str, study: Study, *, counted: bool = False
) -> list[alert_rules.RedFlag]:
    """The red flags that this entry raises, alone or with those before and after it.

    A dose that was `counted` as missed already makes no run that was not there before.
    """
    data = draft.data or {}
    if draft.kind == "dose":
        return ["missed_doses"] if not counted and _makes_run(db, draft, study) else []
    mark, before, after = _running(db, draft, root_id, study)
    return alert_rules.red_flags(draft.kind, data, study.red_flags, mark=mark, before=before, after=after)


def _makes_run(db: Database, draft: Draft, study: Study) -> bool:
    """Whether this skipped dose is one too many running, whatever schedule of the medicine it is of."""
    data = draft.data or {}
    if alert_rules.dose_is_missed(data.get("status"), data.get("skip_reason")) is not True:
        return False
    drug = _drug(db, draft.participant_id, data.get("schedule_id"))
    if not missed.is_immunosuppressant(drug, study):
        return False
    key = f"{data.get('schedule_id')}/{data.get('due_day')}/{data.get('slot')}"
    at, _ = missed.due_at(db, draft.participant_id, key, clock.to_text(draft.occurred_at))
    return missed.makes_run(db, draft.participant_id, drug, key, at, study)


def _drug(db: Database, participant_id: str, schedule_id: str | None) -> str | None:
    """The medicine of a schedule; None where the schedule or its medicine is not known here."""
    schedule = one(
        db,
        "select drug from schedules where id = :id and participant_id = :p",
        {"id": schedule_id, "p": participant_id},
    )
    return schedule["drug"] if schedule else None


def _running(db: Database, draft: Draft, root_id: str, study: Study) -> tuple[bool, list[bool], list[bool]]:
    """Whether this reading counts towards a run of high ones, and so its neighbours."""
    mark = _mark(draft.kind, draft.data or {}, study)
    if not mark:
        return False, [], []
    where = {"kind": draft.kind, "at": clock.to_text(draft.occurred_at), "root": root_id}
    return True, _neighbours(db, draft, where, "<", study), _neighbours(db, draft, where, ">", study)


def _neighbours(db: Database, draft: Draft, where: dict[str, str], side: str, study: Study) -> list[bool]:
    """Marks of the next entries on one side, nearest first; those that say nothing are left out."""
    order = "desc" if side == "<" else "asc"
    rows = db.query(
        "select e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = :kind and h.state <> 'withdrawn'"
        f" and (h.occurred_at, h.root_id) {side} (:at, :root)"
        f" order by h.occurred_at {order}, h.root_id {order} limit :most",
        {
            **where,
            "p": draft.participant_id,
            "most": LOOK_AT,
        },
    )
    marks = [_mark(draft.kind, json.loads(row["data"]), study) for row in rows]
    return [mark for mark in marks if mark is not None]


def _speaks(reading: Reading, study: Study) -> bool:
    """Whether the value is this person's blood glucose beyond doubt: the others make and break no run."""
    doubtful = not reading.confirmed and glucose.needs_confirmation(reading.glucose, study.glucose)
    return not (reading.is_excluded or reading.device == "cgm" or doubtful)


def _mark(kind: str, data: dict[str, Any], study: Study) -> bool | None:
    if kind != "reading":
        return False
    reading = episodes.reading_of(data, study)
    if reading is None or not _speaks(reading, study):
        return None
    return alert_rules.is_high(reading, study.red_flags, study.glucose)
