"""The reminders' part of a tick: plan what comes into sight, tell what is due, give up what is over."""

import logging
from datetime import datetime

from diary.db import UNAVAILABLE, Database
from diary.store import plans, reminders
from diary.study import Study

log = logging.getLogger(__name__)


def run(db: Database, study: Study, now: datetime) -> tuple[int, int, int]:
    """How many were planned, told and given up.

    Planned first, so that a worker that was away tells what is still open before it gives up the rest. A
    step that fails for somebody holds up no other; RuntimeError tells of it after all were done.
    """
    counts, failed = [], []
    for step in (plans.plan, reminders.fire, reminders.sweep):
        try:
            counts.append(step(db, study, now))
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("reminders: %s failed", step.__name__)
            failed.append(step.__name__)
    if failed:
        raise RuntimeError(f"reminders: {', '.join(failed)} failed")
    planned, told, given_up = counts
    return planned, told, given_up
