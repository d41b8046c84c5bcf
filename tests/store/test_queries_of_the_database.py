"""Rows come through `query`; a write that answers rows is done when it returns, and a failed one left nothing."""

from datetime import timedelta

import pytest

from diary import clock
from diary.db import UNAVAILABLE, Database
from tests.people import NOW, People
from tests.store.telling import phone

LATER = clock.to_text(NOW + timedelta(hours=1))


def test_a_write_that_answers_rows_is_done_whether_or_not_they_are_read(db: Database, who: People) -> None:
    key = phone(db, who.lin)
    db.query("update subscriptions set device = 'B' where id = :id returning id", {"id": key})
    [row] = db.query("select device from subscriptions")
    assert row["device"] == "B"


def test_a_write_that_fails_in_a_transaction_takes_nothing_else_with_it(db: Database, who: People) -> None:
    key = phone(db, who.lin)
    with db.atomic():
        db.execute("update subscriptions set device = 'B' where id = :id", {"id": key})
        with pytest.raises(Exception) as failed, db.atomic():
            db.query(
                "update subscriptions set end_reason = 'no such reason' where id = :id returning id",
                {"id": key},
            )
        assert not isinstance(failed.value, UNAVAILABLE)
        with db.atomic():
            db.execute("update subscriptions set seen_at = :at where id = :id", {"id": key, "at": LATER})
    [row] = db.query("select device, end_reason, seen_at from subscriptions")
    assert (row["device"], row["end_reason"], row["seen_at"]) == ("B", None, LATER)
