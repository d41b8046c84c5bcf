"""A push service that only says "later" is a problem of the operator's, until it takes a message again."""

from datetime import datetime, timedelta

from diary import clock
from diary.db import Database
from diary.jobs import sending
from diary.rules.outcomes import Result
from diary.store import outbox, problems, push_hosts
from diary.store.outbox import Sent
from tests.people import NOW, STUDY, People
from tests.store.telling import HOST, phone, reminder, rows, told
from tests.store.test_deliveries import plan

LATER = Result("later", 503, "the push service asks for patience")
TAKEN = Result("handed_over", 201)
PATIENCE = timedelta(minutes=STUDY.reminders.push_silent_min)
OTHER = "web.push.apple.com"


def one_due(db: Database, who: People, host: str = HOST) -> None:
    phone(db, who.lin, host=host)
    due = reminder(db, who.lin)
    plan(db, told(who.lin, due, group_id=f"r:{due}"))


def try_all(db: Database, now: datetime, result: Result) -> None:
    """Every push that waits is tried now, whenever its next try was to be."""
    db.execute(
        "update deliveries set next_at = :now where channel = 'push' and ended_at is null"
        " and handed_over_at is null",
        {"now": clock.to_text(now)},
    )
    claimed, _ = outbox.claim(db, ("push",), 10, now)
    assert claimed
    outbox.finish(db, [Sent(row, result, now) for row in claimed], now)


def told_of(db: Database, now: datetime) -> list[str]:
    push_hosts.tell(db, STUDY, now)
    return [row["subject"] for row in problems.list_open(db, push_hosts.SILENT)]


def tried_in_vain(db: Database, who: People) -> None:
    one_due(db, who)
    for minute in (0, 10, 20):
        try_all(db, NOW + timedelta(minutes=minute), LATER)


def test_the_operator_is_told_after_half_an_hour_of_tries_in_vain_and_no_sooner(
    db: Database, who: People
) -> None:
    tried_in_vain(db, who)
    assert told_of(db, NOW + PATIENCE - timedelta(milliseconds=1)) == []
    assert told_of(db, NOW + PATIENCE) == [HOST]
    [problem] = problems.list_open(db, push_hosts.SILENT)
    assert problem["opened_at"] == clock.to_text(NOW + PATIENCE)
    assert problem["detail"] == f"nothing taken since {clock.to_text(NOW)}, 3 tries"
    assert push_hosts.tell(db, STUDY, NOW + 2 * PATIENCE) == 0, "once for each such time"
    [live] = db.query("select ended_at, set_aside_at from subscriptions")
    assert set(live.values()) == {None}, "no phone is forgotten"


def test_the_workers_tick_looks_at_it(db: Database, who: People) -> None:
    tried_in_vain(db, who)
    sending.go_on(db, STUDY, NOW + PATIENCE)
    assert [row["kind"] for row in problems.list_open(db)] == [push_hosts.SILENT]


def test_one_message_that_waits_long_is_no_silence(db: Database, who: People) -> None:
    one_due(db, who)
    try_all(db, NOW, LATER)
    assert told_of(db, NOW + 2 * PATIENCE) == []


def test_it_ends_by_itself_when_the_service_takes_a_message_and_may_begin_anew(
    db: Database, who: People
) -> None:
    tried_in_vain(db, who)
    assert told_of(db, NOW + PATIENCE) == [HOST]
    again_at = NOW + PATIENCE + timedelta(minutes=5)
    try_all(db, again_at, TAKEN)
    assert rows(db)[0]["state"] == "handed_over"
    [problem] = problems.list_all(db, 10)
    assert (problem["closed_at"], problem["closed_by"]) == (clock.to_text(again_at), None)
    one_due(db, who)
    for minute in (10, 20, 30):
        try_all(db, NOW + PATIENCE + timedelta(minutes=minute), LATER)
    assert told_of(db, NOW + 2 * PATIENCE) == [], "counted from its last message on"
    assert told_of(db, NOW + 2 * PATIENCE + timedelta(minutes=10)) == [HOST]


def test_a_service_that_takes_one_of_many_is_not_silent_and_each_is_judged_alone(
    db: Database, who: People
) -> None:
    phone(db, who.lin)
    phone(db, who.lin, host=OTHER)
    one_due(db, who, host=OTHER)
    for minute in (0, 10):
        try_all(db, NOW + timedelta(minutes=minute), LATER)
    now = NOW + timedelta(minutes=20)
    db.execute("update deliveries set next_at = :now", {"now": clock.to_text(now)})
    claimed, _ = outbox.claim(db, ("push",), 10, now)
    assert sorted(row["host"] for row in claimed) == sorted([HOST, OTHER, OTHER])
    taken = next(row for row in claimed if row["host"] == OTHER)
    outbox.finish(db, [Sent(row, TAKEN if row is taken else LATER, now) for row in claimed], now)
    assert told_of(db, NOW + PATIENCE) == [HOST]


def test_what_the_operator_closed_comes_back_when_the_silence_goes_on_for_as_long_again(
    db: Database, who: People
) -> None:
    tried_in_vain(db, who)
    assert told_of(db, NOW + PATIENCE) == [HOST]
    [problem] = problems.list_open(db)
    problems.close(db, who.ada.actor, NOW + PATIENCE, problem["id"])
    try_all(db, NOW + PATIENCE + timedelta(minutes=1), LATER)
    assert told_of(db, NOW + 2 * PATIENCE - timedelta(minutes=1)) == []
    assert told_of(db, NOW + 2 * PATIENCE + timedelta(minutes=1)) == [HOST]
