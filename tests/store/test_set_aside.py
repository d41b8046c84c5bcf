"""A phone that was judged stays judged, whatever happens to its row or is on its way at the time."""

from datetime import timedelta

import pytest

from diary.db import Database, Row, one
from diary.errors import NotFoundError
from diary.rules.outcomes import Result
from diary.store import outbox, subscriptions
from diary.store.outbox import Sent
from tests.people import NOW, People
from tests.store.telling import phone
from tests.store.test_unreached import tell

HOUR = timedelta(hours=1)


def only(db: Database) -> Row:
    return next(iter(db.query("select * from subscriptions")))


def judged(db: Database, who: People) -> Row:
    """A phone whose refusal stopped its service, and which the operator set aside."""
    phone(db, who.lin)
    row = only(db)
    assert subscriptions.refused(db, row, 403, "no", NOW)
    subscriptions.set_aside(db, who.ada.actor, row["host"], [row["id"]], NOW)
    return row


def posted(db: Database, account_id: str, row: Row) -> Row:
    return subscriptions.add(
        db, account_id, None, NOW + HOUR, endpoint=row["endpoint"], host=row["host"], p256dh="p", auth="a",
        device="d",
    )  # fmt: skip


def test_signing_out_and_in_again_does_not_undo_the_judgement(db: Database, who: People) -> None:
    row = judged(db, who)
    subscriptions.unsubscribe(db, who.lin.account_id, row["endpoint"], NOW)
    again = posted(db, who.lin.account_id, row)
    assert not subscriptions.refused(db, again, 403, "no", NOW + HOUR)
    assert subscriptions.stopped_hosts(db) == []


def test_nor_does_another_account_on_the_same_phone(db: Database, who: People) -> None:
    again = posted(db, who.mei.account_id, judged(db, who))
    assert not subscriptions.refused(db, again, 403, "no", NOW + HOUR)


def test_a_refusal_that_was_on_its_way_when_it_was_judged_stops_nothing(db: Database, who: People) -> None:
    phone(db, who.lin)
    row = only(db)
    tell(db, who.lin, NOW, result=None)
    claimed, _ = outbox.claim(db, ("push",), 100, NOW)
    assert subscriptions.refused(db, row, 403, "no", NOW)
    subscriptions.set_aside(db, who.ada.actor, row["host"], [row["id"]], NOW)
    outbox.finish(db, [Sent(one, Result("stopped", 403), NOW) for one in claimed], NOW)
    assert subscriptions.stopped_hosts(db) == []


def test_the_problem_of_a_phone_ends_with_the_phone(db: Database, who: People) -> None:
    row = judged(db, who)
    subscriptions.refused(db, row, 403, "no", NOW)
    problem = "select closed_at from problems where kind = 'phone_set_aside'"
    assert (one(db, problem) or {})["closed_at"] is None
    subscriptions.unsubscribe(db, who.lin.account_id, row["endpoint"], NOW)
    assert (one(db, problem) or {})["closed_at"] is not None


def test_a_phone_is_set_aside_for_this_stop_alone(db: Database, who: People) -> None:
    phone(db, who.lin)
    row = only(db)
    assert subscriptions.refused(db, row, 403, "no", NOW)
    subscriptions.resume_host(db, who.ada.actor, row["host"], NOW)
    subscriptions.stop_host(db, row["host"], 403, "another", NOW + HOUR)
    with pytest.raises(NotFoundError):
        subscriptions.set_aside(db, who.ada.actor, row["host"], [row["id"]], NOW + HOUR)
