"""What time does to the days: their windows close. All else is counted in the transaction of its change."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from diary.db import Database, Row
from diary.store import adherence, days, participants
from diary.study import Study

# In steps, so that others wait for one of them only.
STEP: Final = timedelta(days=35)
OLDEST: Final = timedelta(days=400)


def keep_days(db: Database, settings: Study, now: datetime) -> int:
    """Close the windows that time has closed, and count days that never were; how many days."""
    people = participants.list_all(db)
    done = 0
    # What the overview shows comes first, for everybody.
    for participant in people:
        with db.atomic():
            participants.lock(db, participant["id"])
            done += days.fill(db, participant["id"], settings)
        done += sum(_keep(db, participant, adherence.RECENT, now))
    return done + sum(sum(_keep(db, participant, OLDEST, now)) for participant in people)


def _keep(db: Database, participant: Row, back: timedelta, now: datetime) -> Iterator[int]:
    """Judge what is missing since then, a step at a time."""
    since = participants.today(participant, now) - back
    while (first := adherence.oldest_unsettled_day(db, participant, since, now)) is not None:
        with db.atomic():
            participants.lock(db, participant["id"])
            yield adherence.close_days(db, participant, first, first + STEP, now)
        since = first + STEP + timedelta(days=1)
