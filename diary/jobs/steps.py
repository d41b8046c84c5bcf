"""Steps of a tick that stand for themselves: one that fails holds up no other."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from diary.db import UNAVAILABLE, Database
from diary.study import Study

log = logging.getLogger(__name__)
Step = Callable[[Database, Study, datetime], int]


def run_each(job: str, steps: Sequence[Step], db: Database, study: Study, now: datetime) -> list[int]:
    """What each step answered; RuntimeError names those that failed, after all were tried."""
    counts, failed = [], []
    for step in steps:
        try:
            counts.append(step(db, study, now))
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("%s: %s failed", job, step.__name__)
            failed.append(step.__name__)
    if failed:
        raise RuntimeError(f"{job}: {', '.join(failed)} failed")
    return counts
