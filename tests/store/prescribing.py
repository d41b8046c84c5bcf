"""What the tests of reminders begin with: something is prescribed, written, and the worker ticks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from diary.db import Database, Row
from diary.jobs import reminders as job
from diary.store import enrolment, intake, participants, schedules
from diary.store.entries import Draft
from diary.store.intake import Result
from diary.store.schedules import NewSchedule
from tests.people import STUDY, People, Person

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Monday 2 March 2026, 07:00 in Shanghai.
SEVEN = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


def person(db: Database, who: Person) -> Row:
    return participants.list_by_ids(db, [str(who.participant_id)])[0]


def prescribe(db: Database, who: People, whose: Person, now: datetime = SEVEN, **more: Any) -> Row:
    new: dict[str, Any] = {
        "kind": "dose", "title": "Tacrolimus", "times": ["08:00", "20:00"], "zone": "Asia/Shanghai",
        "from_day": MONDAY, "to_day": None, "window_before_min": 60, "window_after_min": 120,
        "drug": "tacrolimus", **more,
    }  # fmt: skip
    if new["kind"] != "dose":
        new["drug"] = None
    by = who.chen if whose is not who.olsen else who.weber
    return schedules.add(db, by.actor, STUDY, now, person(db, whose), NewSchedule(**new))


def write(
    db: Database, whose: Person, kind: str, data: Row | None, now: datetime, *, at: datetime | None = None,
    by: Person | None = None, **more: Any,
) -> Result:  # fmt: skip
    happened = at or now
    draft = Draft(
        **{
            "id": str(uuid4()), "participant_id": str(whose.participant_id), "kind": kind,
            "occurred_at": happened, "occurred_text": happened.isoformat(), "zone": "Asia/Shanghai",
            "local_day": (happened + 8 * HOUR).date().isoformat(), "recorded_at": now,
            "recorded_text": now.isoformat(), "data": data, "replaces": None, "reason": None,
            "proxy_reason": None, "source_note": None, "origin": "typed", "app_version": "test",
            "body_hash": str(uuid4()), **more,
        }
    )  # fmt: skip
    with db.atomic():
        participants.lock(db, draft.participant_id)
        return intake.receive(db, (by or whose).actor, person(db, whose), draft, {}, now, STUDY)


def dose(schedule: Row, slot: str, day: date = MONDAY, **more: Any) -> Row:
    return {
        "schedule_id": schedule["id"],
        "due_day": day.isoformat(),
        "slot": slot,
        "status": "taken",
        **more,
    }


def tick(db: Database, now: datetime) -> tuple[int, int, int]:
    return job.run(db, STUDY, now)


def states(db: Database, schedule: Row) -> dict[str, str]:
    rows = db.query(
        "select local_day, slot, state from reminders where schedule_id = :s order by due_at",
        {"s": schedule["id"]},
    )
    return {f"{row['local_day'][-2:]} {row['slot']}": row["state"] for row in rows}


def row_of(db: Database, schedule: Row, slot: str, day: date = MONDAY) -> Row:
    [row] = db.query(
        "select * from reminders where schedule_id = :s and local_day = :d and slot = :t",
        {"s": schedule["id"], "d": day.isoformat(), "t": slot},
    )
    return row


def told(db: Database) -> list[Row]:
    return list(
        db.query(
            "select group_id, account_id, round, due_at, state, kind from deliveries"
            " where about <> 'page' order by due_at, account_id, round"
        )
    )


def alert_kinds(db: Database, whose: Person) -> list[str]:
    rows = db.query(
        "select kind from alerts where participant_id = :p order by opened_at, kind",
        {"p": whose.participant_id},
    )
    return [row["kind"] for row in rows]


def step(db: Database, who: People, state: str, now: datetime = SEVEN) -> None:
    enrolment.update(
        db, who.chen.actor, STUDY, now, str(who.chen.site_id), str(who.lin.participant_id),
        {"state": state}, reason="for the test",
    )  # fmt: skip
