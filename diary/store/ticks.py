"""When each clock of the worker last ticked."""

from datetime import datetime

from diary import clock
from diary.db import Database, one


def record(db: Database, job: str, now: datetime) -> None:
    db.execute(
        "insert into ticks (job, at) values (:job, :at) on conflict (job) do update set at = excluded.at",
        {"job": job, "at": clock.to_text(now)},
    )


def last(db: Database, job: str) -> datetime | None:
    row = one(db, "select at from ticks where job = :job", {"job": job})
    return clock.from_text(row["at"]) if row else None
