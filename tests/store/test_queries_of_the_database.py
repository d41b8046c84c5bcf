"""Rows come through `query`; a write that answers rows is done when it returns, and a failed one left nothing."""

from datetime import timedelta

import pytest

from diary import clock
from diary.db import UNAVAILABLE, Database, marks
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


@pytest.mark.parametrize("count", [1, 2, 3, 5, 200])
def test_a_list_of_any_length_finds_its_own_and_nothing_else(db: Database, count: int) -> None:
    jobs = [f"job-{number}" for number in range(count + 1)]
    new = "insert into ticks (job, at) values (:job, :at)"
    assert db.execute_many(new, [{"job": job, "at": LATER} for job in jobs]) == len(jobs)
    holders, names = marks(jobs[:count])
    found = db.query(f"select job from ticks where job in ({holders})", names)
    assert sorted(row["job"] for row in found) == sorted(jobs[:count])


def test_lists_of_like_lengths_are_one_text() -> None:
    assert marks(["a", "b", "c"])[0] == marks(["a", "b", "c", "d"])[0] == ":id0, :id1, :id2, :id3"
    assert marks([]) == ("", {})


def test_what_was_there_already_is_not_counted_as_written(db: Database) -> None:
    new = "insert into ticks (job, at) values (:job, :at) on conflict (job) do nothing"
    assert db.execute_many(new, [{"job": "a", "at": LATER}]) == 1
    assert db.execute_many(new, [{"job": job, "at": LATER} for job in "abc"]) == 2
    assert db.execute_many(new, []) == 0
