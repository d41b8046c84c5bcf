"""Runs of missed immunosuppressant doses: closed windows and skipped doses of one medicine, by time."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from diary import clock
from diary.db import Database, Row
from diary.rules import alerts as alert_rules
from diary.rules.alerts import Opening
from diary.rules.reminders import begins_run
from diary.store import alerts, contraception
from diary.study import Study

# Doses left out because the site said so may stand between two missed ones.
LOOK_AT: Final = 20
# A run that ended longer ago than this was found when the worker came back; adherence shows it.
TOLD_WITHIN_H: Final = 72


def look(
    db: Database, participant: Row, reminder: Row, drug: str | None, now: datetime, study: Study
) -> None:
    """A dose window closed without an answer: alert where that makes a run, once for each run."""
    hours = (now - clock.from_text(reminder["closes_at"])).total_seconds() / 3600
    if hours > TOLD_WITHIN_H or not is_immunosuppressant(drug, study):
        return
    key = f"{reminder['schedule_id']}/{reminder['local_day']}/{reminder['slot']}"
    if makes_run(db, participant["id"], drug, key, reminder["due_at"], study, closes=True):
        alerts.raise_for(db, participant, Opening("desk", "missed_doses"), [], now)


def is_immunosuppressant(drug: str | None, study: Study) -> bool:
    """Whether the medicine keeps the graft; where a schedule does not say which, it may well do."""
    return drug is None or contraception.agent_name(drug, study) is not None


def makes_run(
    db: Database, participant_id: str, drug: str | None, key: str, at: str, study: Study, *,
    closes: bool = False,
) -> bool:  # fmt: skip
    """Whether the missed dose `key` (schedule/day/slot), due at `at`, makes a run where there was none.

    Windows close in order of time: when one `closes`, those after it that closed in the same breath are
    looked at in their turn.
    """
    ids = _schedules_of(db, participant_id, drug, key.partition("/")[0], study)
    before = _marks(db, participant_id, ids, key, at, "<")
    if not begins_run(before, [True] * (study.red_flags.missed_doses - 1), study.red_flags.missed_doses):
        # Whatever comes after it: the run is there already. Most doses end here or just below.
        return False
    after = _marks(db, participant_id, ids, key, at, ">", windows=not closes)
    return begins_run(before, after, study.red_flags.missed_doses)


def due_at(db: Database, participant_id: str, key: str, otherwise: str) -> tuple[str, str | None]:
    """When a slot was due and how its reminder stood; `otherwise` and None where there is no reminder."""
    schedule_id, day, slot = key.split("/")
    for row in db.query(
        "select due_at, state from reminders where schedule_id = :s and local_day = :d and slot = :t"
        " and participant_id = :p",
        {"s": schedule_id, "d": day, "t": slot, "p": participant_id},
    ):
        return row["due_at"], row["state"]
    return otherwise, None


def _schedules_of(
    db: Database, participant_id: str, drug: str | None, schedule_id: str, study: Study
) -> list[str]:
    """Every schedule of the same medicine: a changed one was ended and started anew."""
    agent = contraception.agent_name(drug, study)
    if agent is None:
        return [schedule_id]
    rows = db.query(
        "select id, drug from schedules where participant_id = :p and kind = 'dose'", {"p": participant_id}
    )
    return [row["id"] for row in rows if contraception.agent_name(row["drug"], study) == agent]


def _marks(
    db: Database, participant_id: str, schedule_ids: Sequence[str], key: str, at: str,
    side: Literal["<", ">"], *, windows: bool = True,
) -> list[bool]:  # fmt: skip
    """Missed or not, of the doses on one side, nearest first; a window still open is no missed one."""
    found: dict[str, tuple[str, bool | None]] = {}
    for schedule_id in schedule_ids:
        found |= _entries(db, participant_id, schedule_id, at, side)
        found |= _windows(db, participant_id, schedule_id, at, side, windows)
    found.pop(key, None)
    ordered = sorted(found.values(), key=lambda one: one[0], reverse=side == "<")
    return [mark for _, mark in ordered if mark is not None]


def _entries(
    db: Database, participant_id: str, schedule_id: str, at: str, side: str
) -> dict[str, tuple[str, bool | None]]:
    """By slot: answers as they were written down, for slots from before there were reminders.

    What names no schedule is of the schedule "None".
    """
    rows = db.query(
        "select coalesce(h.slot_key, h.root_id) as key, h.occurred_at, e.data from entry_heads h"
        " join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'dose' and h.state <> 'withdrawn'"
        f" and coalesce(h.slot_key, 'None/') like :slots and h.occurred_at {side} :at"
        f" order by h.occurred_at {'desc' if side == '<' else 'asc'} limit :most",
        {"p": participant_id, "slots": f"{schedule_id}/%", "at": at, "most": LOOK_AT},
    )
    return {row["key"]: (row["occurred_at"], _mark(row["data"])) for row in rows}


def _windows(
    db: Database, participant_id: str, schedule_id: str, at: str, side: str, windows: bool
) -> dict[str, tuple[str, bool | None]]:
    """By slot: how its reminder stands; without `windows` only what somebody answered counts."""
    rows = db.query(
        "select r.local_day, r.slot, r.due_at, r.state, e.data from reminders r"
        " left join entry_heads h on h.root_id = r.answer_root_id left join entries e on e.id = h.entry_id"
        f" where r.participant_id = :p and r.due_at {side} :at and r.schedule_id = :s"
        " and r.state <> 'cancelled'"
        f" order by r.due_at {'desc' if side == '<' else 'asc'} limit :most",
        {"p": participant_id, "s": schedule_id, "at": at, "most": LOOK_AT},
    )
    return {
        f"{schedule_id}/{row['local_day']}/{row['slot']}": (
            row["due_at"],
            _mark(row["data"]) if row["data"] else windows and row["state"] == "missed",
        )
        for row in rows
    }


def _mark(data: str) -> bool | None:
    answer = json.loads(data)
    return alert_rules.dose_is_missed(answer.get("status"), answer.get("skip_reason"))
