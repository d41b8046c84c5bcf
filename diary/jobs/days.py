"""What each day adds up to, for days that nobody has looked at since they were over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from diary.db import Database, Row
from diary.store import adherence, days, participants
from diary.study import Study

# What the overview shows comes first, for everybody; the rest in steps, so that others wait for one only.
RECENT: Final = timedelta(days=35)
STEP: Final = timedelta(days=35)
OLDEST: Final = timedelta(days=400)


def keep_days(db: Database, settings: Study, now: datetime) -> int:
    """Count days that were never counted and judge the windows of closed ones; how many days."""
    people = participants.list_all(db)
    done = 0
    for participant in people:
        with db.atomic():
            participants.lock(db, participant["id"])
            done += days.fill(db, participant["id"], settings)
        done += sum(_keep(db, participant, RECENT, now))
    return done + sum(sum(_keep(db, participant, OLDEST, now)) for participant in people)


def _keep(db: Database, participant: Row, back: timedelta, now: datetime) -> Iterator[int]:
    """Judge what is missing since then, a step at a time."""
    since = participants.today(participant, now) - back
    while (first := adherence.oldest_day_not_kept(db, participant, since, now)) is not None:
        with db.atomic():
            participants.lock(db, participant["id"])
            yield adherence.keep_closed_days(db, participant, first, first + STEP, now)
        since = first + STEP + timedelta(days=1)
