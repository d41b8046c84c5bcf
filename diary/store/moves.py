"""Planned reminders in another zone: the same days and slots, other instants."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, marks, one
from diary.rules.reminders import STOPPED_STATES, STUDY_KINDS
from diary.rules.schedules import Occurrence, occurrences, of_row
from diary.store import plans
from diary.store.deliveries import chunks

# What a zone may have left behind, or a pause have stopped, and the next one has still to come.
LOOK_BACK: Final = timedelta(days=2)


def move(db: Database, schedule: Row, zone: str, now: datetime) -> None:
    """Re-plan what is still to come of a schedule; what had its time already keeps it.

    What the new zone leaves behind (window over) is cancelled, and planned again on the way back; a dose
    stays at the time it had, since nobody may go without it unasked. What a pause stopped moves too, for
    the day on which it goes on.
    """
    db.execute("update plans set zone = :z where schedule_id = :s", {"z": zone, "s": schedule["id"]})
    since = (now - LOOK_BACK).astimezone(ZoneInfo(zone)).date().isoformat()
    rows = list(
        db.query(
            "select * from reminders where schedule_id = :s and state in ('planned', 'cancelled')"
            " and local_day >= :since",
            {"s": schedule["id"], "since": since},
        )
    )
    if not rows:
        return
    days = [date.fromisoformat(row["local_day"]) for row in rows]
    found = occurrences(of_row(schedule), zone, min(days), max(days))
    there = {(slot.day.isoformat(), slot.slot): slot for slot in found}
    goes_on = _goes_on(db, schedule)
    gone: list[str] = []
    moved: list[Row] = []
    for row in rows:
        slot = there.get((row["local_day"], row["slot"]))
        if _is_behind(row, slot, now):
            gone.append(row["id"])
        elif slot is not None and _follows(row, slot, now):
            moved.append(_moved(schedule, row, slot, now, goes_on=goes_on))
    for batch in chunks(gone):
        holders, names = marks(batch)
        plans.cancel(db, f"id in ({holders})", names, "travel", now)
    db.execute_many(
        "update reminders set due_at = :due_at, opens_at = :opens_at, closes_at = :closes_at,"
        " next_at = :next_at, state = :state, ended_at = :ended_at, why = :why where id = :id",
        moved,
    )


def kept(db: Database, participant_id: str, schedules: Sequence[Row], now: datetime) -> dict[str, list[Row]]:
    """By schedule the slots about now that stay at the instant they had in a zone before: `day`, `slot` and
    `due_at`; the clock of the schedule's zone would say another. Slots with a hold have times of their own.
    """
    at = {
        "p": participant_id, "since": clock.to_text(now - LOOK_BACK),
        "until": clock.to_text(now + LOOK_BACK),
    }  # fmt: skip
    # Nearly nobody has travelled in these days.
    travelled = "select id from participant_zones where participant_id = :p and from_at >= :since limit 1"
    if not schedules or one(db, travelled, at) is None:
        return {}
    rows: dict[str, list[Row]] = {}
    for row in db.query(
        "select schedule_id, local_day as day, slot, due_at from reminders where participant_id = :p"
        " and due_at between :since and :until and schedule_id is not null and hold is null"
        " and state <> 'cancelled' order by due_at",
        at,
    ):
        rows.setdefault(row.pop("schedule_id"), []).append(row)
    there = {schedule["id"]: list(_kept(schedule, rows.get(schedule["id"], []))) for schedule in schedules}
    return {schedule_id: slots for schedule_id, slots in there.items() if slots}


def _kept(schedule: Row, rows: Sequence[Row]) -> Iterator[Row]:
    if not rows:
        return
    days = [date.fromisoformat(row["day"]) for row in rows]
    found = occurrences(of_row(schedule), schedule["zone"], min(days), max(days))
    by_clock = {(slot.day.isoformat(), slot.slot): clock.to_text(slot.due_at) for slot in found}
    yield from (row for row in rows if by_clock.get((row["day"], row["slot"])) != row["due_at"])


def _is_over(slot: Occurrence | None, now: datetime) -> bool:
    return slot is None or slot.closes_at < now


def _is_behind(row: Row, slot: Occurrence | None, now: datetime) -> bool:
    is_ahead = row["state"] == "planned" and row["due_at"] > clock.to_text(now)
    return is_ahead and row["kind"] != "dose" and _is_over(slot, now)


def _follows(row: Row, slot: Occurrence, now: datetime) -> bool:
    """Whether the row takes the new zone's instants; a dose whose time has come is not put off."""
    if _is_over(slot, now):
        return False
    if row["state"] == "cancelled" or row["due_at"] > clock.to_text(now):
        return True
    return row["kind"] != "dose" and slot.due_at > now


def _goes_on(db: Database, schedule: Row) -> bool:
    """Whether a slot that travel cancelled may be planned again: nothing else stops it meanwhile."""
    if schedule["kind"] in STUDY_KINDS:
        person = one(db, "select state from participants where id = :id", {"id": schedule["participant_id"]})
        return person is not None and person["state"] not in STOPPED_STATES
    stopped = one(
        db,
        "select id from reminders where schedule_id = :s and state = 'cancelled'"
        " and why in ('not_asked', 'contraception_ended') limit 1",
        {"s": schedule["id"]},
    )
    return stopped is None


def _moved(schedule: Row, row: Row, slot: Occurrence, now: datetime, *, goes_on: bool) -> Row:
    new: Row = {
        "id": row["id"], "due_at": clock.to_text(slot.due_at), "opens_at": clock.to_text(slot.opens_at),
        "closes_at": clock.to_text(slot.closes_at), "next_at": clock.to_text(slot.due_at),
        "state": "planned", "ended_at": None, "why": None,
    }  # fmt: skip
    held = plans.hold_of(schedule, row["local_day"], row["slot"])
    if held is not None and row["hold"] == "waiting":
        new |= plans.waiting(new, held, schedule["window_after_min"])
    if row["state"] == "planned" or (row["why"] == "travel" and goes_on):
        return new
    return {**new, **{name: row[name] for name in ("state", "ended_at", "why")}, "next_at": None}
