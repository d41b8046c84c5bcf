"""Calendar feeds: who may read one, and what stands in a calendar."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from diary import clock
from diary.db import Database, Row, one
from diary.rules.calendars import Series
from diary.rules.reminders import STOPPED_STATES, STUDY_KINDS
from diary.rules.schedules import Schedule, of_row
from diary.store import calendar_secrets, contraception, moves, participants, schedules, sessions
from diary.store.actors import Actor
from diary.study import Study

# When a calendar last asked is kept to the hour: they ask often.
READ_EVERY: Final = timedelta(hours=1)


def whose(db: Database, study: Study, token: str, now: datetime) -> Actor | None:
    """The account behind a live feed, as far as it may see today; None for any other token."""
    row = one(
        db,
        "select f.id, f.read_at, a.id as account_id, a.role, a.site_id, a.language, a.participant_id"
        " from calendar_feeds f join accounts a on a.id = f.account_id"
        " where f.token_hash = :hash and f.revoked_at is null and a.state = 'open'",
        {"hash": calendar_secrets.hash_of(token)},
    )
    if row is None:
        return None
    if row["read_at"] is None or now - clock.from_text(row["read_at"]) >= READ_EVERY:
        db.execute(
            "update calendar_feeds set read_at = :at where id = :id",
            {"at": clock.to_text(now), "id": row["id"]},
        )  # fmt: skip
    if row["role"] == "guardian":
        mine = tuple(sessions.children(db, row["account_id"], now, study))
    else:
        mine = (row["participant_id"],)
    return Actor(row["account_id"], row["role"], row["site_id"], row["language"], mine)


def series(
    db: Database, study: Study, participant_ids: Iterable[str], now: datetime, *, own: bool
) -> list[Series]:
    """What rings for these participants from today on; contraception on the `own` account's only."""
    found = []
    for participant in participants.list_by_ids(db, participant_ids):
        rows = schedules.list_for(db, participant["id"], hide_contraception=not own)
        kept = moves.kept(db, participant["id"], rows, now)
        for row in rows:
            schedule = _counting(db, study, participant, row, now)
            if schedule is not None:
                found.append(
                    Series(row["id"], schedule, row["zone"], _held(row), _kept(kept.get(row["id"], [])))
                )
    return found


def _counting(db: Database, study: Study, participant: Row, row: Row, now: datetime) -> Schedule | None:
    """The schedule as far as reminders go out for it; None when none does."""
    yesterday = (participants.today(participant, now) - timedelta(days=1)).isoformat()
    if row["to_day"] and row["to_day"] < yesterday:
        return None
    if row["kind"] in STUDY_KINDS and participant["state"] in STOPPED_STATES:
        return None
    schedule = of_row(row)
    if row["kind"] != "contraception":
        return schedule
    if not contraception.is_asked(study, now, participant):
        return None
    end = contraception.ending(db, participant, now, study).day
    days = [day for day in (schedule.to_day, end) if day]
    return replace(schedule, to_day=min(days, default=None))


def _kept(slots: Iterable[Row]) -> frozenset[tuple[date, str, datetime]]:
    """What a journey left at the instant it had."""
    return frozenset(
        (date.fromisoformat(slot["day"]), slot["slot"], clock.from_text(slot["due_at"])) for slot in slots
    )


def _held(row: Row) -> frozenset[tuple[date, str]]:
    """The first dose of a day on which blood is drawn waits for that."""
    hold = row["hold"]
    return frozenset({(date.fromisoformat(hold["day"]), min(row["times"]))} if hold else ())
