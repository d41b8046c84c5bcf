"""A person's own test of the reminders: one notice to every phone, or to one, and how far it came."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import DiaryError, NotFoundError
from diary.store import deliveries
from diary.store.deliveries import Notice
from diary.study import Study

OPEN_FOR: Final = timedelta(minutes=10)
# A test rings a phone: not one after the other.
TEST_EVERY: Final = timedelta(seconds=20)


def start(db: Database, account_id: str, now: datetime, *, study: Study) -> str:
    """Plan a test for this account; answers its id. DiaryError `test_too_soon` (429).

    Without any address there is nothing to plan, and the answer of `steps` is empty: that is the break.
    """
    test_id = str(uuid4())
    with db.atomic():
        db.lock(f"account:{account_id}")
        last = one(
            db,
            "select planned_at from deliveries where account_id = :a and about = 'test'"
            " order by planned_at desc limit 1",
            {"a": account_id},
        )
        if last and now - clock.from_text(last["planned_at"]) < TEST_EVERY:
            wait = TEST_EVERY - (now - clock.from_text(last["planned_at"]))
            raise DiaryError("test_too_soon", 429, retry_after_s=max(int(wait.total_seconds()), 1))
        notice = Notice(
            group_id=group_of(test_id), about="test", kind="recheck", account_id=account_id, site_id=None,
            participant_id=None, alert_id=None, round=0, due_at=now, expires_at=now + OPEN_FOR,
        )  # fmt: skip
        deliveries.plan(db, [notice], now, study=study)
    return test_id


def group_of(test_id: str) -> str:
    return f"t:{test_id}"


def steps(db: Database, account_id: str, test_id: str) -> list[Row]:
    """The test's deliveries with the time of each step; NotFoundError for nobody's or another's test."""
    found = list(
        db.query(
            "select d.*, s.device from deliveries d"
            " left join subscriptions s on d.channel = 'push' and s.id = d.address_id"
            " where d.group_id = :g and d.account_id = :a order by d.channel, d.id",
            {"g": group_of(test_id), "a": account_id},
        )
    )
    if not found:
        raise NotFoundError
    return found
