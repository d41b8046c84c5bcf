"""The reminders' part of a tick: plan what comes into sight, tell what is due, give up what is over."""

from datetime import datetime

from diary.db import Database
from diary.jobs.steps import run_each
from diary.store import plans, reminders
from diary.study import Study


def run(db: Database, study: Study, now: datetime) -> tuple[int, int, int]:
    """How many were planned, told and given up.

    Planned first, so that a worker that was away tells what is still open before it gives up the rest. A
    step that fails for somebody holds up no other; RuntimeError tells of it after all were done.
    """
    planned, told, given_up = run_each(
        "reminders", (plans.plan, reminders.fire, reminders.sweep), db, study, now
    )
    return planned, told, given_up
