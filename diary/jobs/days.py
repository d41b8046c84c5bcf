"""What each day adds up to, for days that nobody has looked at since they were over."""

from datetime import datetime

from diary.db import Database
from diary.store import adherence, days, participants
from diary.study import Study


def keep_days(db: Database, settings: Study, now: datetime) -> int:
    """Count days that were never counted and judge the windows of closed ones; how many days."""
    done = 0
    for participant in participants.list_all(db):
        with db.atomic():
            participants.lock(db, participant["id"])
            done += days.fill(db, participant["id"], settings)
            done += adherence.keep_closed_days(db, participant, now)
    return done
