"""Red flags of an entry: its own, and those that need its neighbours in time."""

import json
from typing import Any

from diary import clock
from diary.db import Database, one
from diary.rules import alerts as alert_rules
from diary.store import episodes
from diary.store.entries import Draft
from diary.study import Study


def of(db: Database, draft: Draft, study: Study) -> list[alert_rules.RedFlag]:
    """The red flags that this entry raises, alone or with those before and after it."""
    data = draft.data or {}
    mark, before, after = _running(db, draft, study)
    return alert_rules.red_flags(draft.kind, data, study.red_flags, mark=mark, before=before, after=after)


def _running(db: Database, draft: Draft, study: Study) -> tuple[bool, list[bool], list[bool]]:
    """Whether this entry counts towards a run (high readings, missed doses), and so its neighbours."""
    mark = _mark(db, draft.participant_id, draft.kind, draft.data or {}, study)
    if not mark:
        return False, [], []
    where = {"kind": draft.kind, "at": clock.to_text(draft.occurred_at), "slots": None}
    schedule_id = (draft.data or {}).get("schedule_id")
    if schedule_id:
        where["slots"] = f"{schedule_id}/%"
    return True, _neighbours(db, draft, where, "<", study), _neighbours(db, draft, where, ">", study)


def _neighbours(
    db: Database, draft: Draft, where: dict[str, str | None], side: str, study: Study
) -> list[bool]:
    """Marks of the next entries on one side, nearest first; those that say nothing are left out."""
    rows = db.query(
        "select e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = :kind and h.state <> 'withdrawn'"
        f" and h.occurred_at {side} :at and (cast(:slots as text) is null or h.slot_key like :slots)"
        f" order by h.occurred_at {'desc' if side == '<' else 'asc'} limit :most",
        {
            **where,
            "p": draft.participant_id,
            "most": 2 * study.red_flags.missed_doses + study.red_flags.high_running,
        },
    )
    marks = [_mark(db, draft.participant_id, draft.kind, json.loads(row["data"]), study) for row in rows]
    return [mark for mark in marks if mark is not None]


def _mark(db: Database, participant_id: str, kind: str, data: dict[str, Any], study: Study) -> bool | None:
    if kind == "reading":
        reading = episodes.reading_of(data, study)
        return reading is not None and alert_rules.is_high(reading, study.red_flags, study.glucose)
    if kind != "dose" or not _immunosuppressant(db, participant_id, data.get("schedule_id"), study):
        return False
    return alert_rules.dose_is_missed(data.get("status"), data.get("skip_reason"))


def _immunosuppressant(db: Database, participant_id: str, schedule_id: str | None, study: Study) -> bool:
    """Whether the schedule's drug keeps the graft; one that is not known here may well be."""
    schedule = one(
        db,
        "select drug from schedules where id = :id and participant_id = :p",
        {"id": schedule_id, "p": participant_id},
    )
    if schedule is None or schedule["drug"] is None:
        return True
    drug = schedule["drug"].casefold()
    return any(known.casefold() in drug for known in study.medicines.immunosuppressants)
