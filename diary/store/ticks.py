"""The worker's clocks: when each job last ran, and the small house-keeping that goes by them."""

from datetime import datetime, timedelta
from typing import Final

from diary import clock
from diary.db import Database, one

# Alerts, reminders and the ladder: where one of these stands still, somebody is not told.
WATCHED: Final = ("worker", "remind", "fall_back")


def beat(db: Database, job: str, now: datetime) -> None:
    """This job ran now."""
    db.execute(
        "insert into ticks (job, at) values (:job, :at) on conflict (job) do update set at = excluded.at",
        {"job": job, "at": clock.to_text(now)},
    )


def last(db: Database, job: str) -> datetime | None:
    """When this job ran last; None: never."""
    row = one(db, "select at from ticks where job = :job", {"job": job})
    return clock.from_text(row["at"]) if row else None


def oldest(db: Database) -> datetime | None:
    """When the one of the watched jobs that is furthest behind last ran; None: one of them never did."""
    found = [last(db, job) for job in WATCHED]
    ran = [at for at in found if at is not None]
    return min(ran) if len(ran) == len(found) else None


def is_due(db: Database, job: str, every: timedelta, now: datetime) -> bool:
    """Whether this job never ran or ran `every` ago or earlier."""
    at = last(db, job)
    return at is None or now - at >= every


def prune_attempts(db: Database, before: datetime) -> int:
    """Forget failed sign-ins that no longer lock anybody out (they hold people's addresses); how many."""
    done = db.execute("delete from attempts where at < :before", {"before": clock.to_text(before)})
    return int(done.rowcount)
