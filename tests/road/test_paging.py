"""Pages along the roster, on both engines: who is told when, once each, until somebody takes charge."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from diary import clock, worker
from diary.db import Database, Row, one
from diary.jobs import paging
from diary.store import accounts, problems, roster
from diary.store.actors import SYSTEM
from tests.people import NOW, STUDY, People
from tests.phone import Desk, Phone, reading
from tests.road.conftest import Clock
from tests.rosters import add_channel, put_on_call

Page = Callable[[], int]


@pytest.fixture
def alert(db: Database, phone: Phone, desk: Desk, server_clock: Clock) -> Row:
    """Lin's LO, which is a page at once."""
    assert phone.put(reading(server_clock(), "LO")).json["severe"] is True
    [row] = db.query("select * from alerts")
    assert (row["level"], row["state"]) == ("page", "open")
    return row


@pytest.fixture
def tick(db: Database, server_clock: Clock) -> Page:
    """One tick of the worker: how many deliveries it planned."""
    return lambda: paging.page_staff(db, STUDY, server_clock())


def told(db: Database) -> list[tuple[str, int]]:
    """(login, round) of every page, in the order of planning."""
    rows = db.query(
        "select a.login, d.round from deliveries d join accounts a on a.id = d.account_id"
        " where d.about = 'page' order by d.round, a.login"
    )
    return [(row["login"].partition("@")[0], row["round"]) for row in rows]


def test_a_page_goes_along_the_roster_every_quarter_of_an_hour_until_somebody_takes_charge(
    db: Database, who: People, alert: Row, tick: Page, desk: Desk, server_clock: Clock
) -> None:
    for person in (who.chen, who.zhao):
        add_channel(db, person)
    put_on_call(db, who.chen, who.zhao)
    seen = []
    for _ in range(4):
        tick()
        seen.append(told(db))
        server_clock.forward(minutes=7.5)
        assert tick() == 0
        server_clock.forward(minutes=7.5)
    assert seen[0] == [("chen", 0)]
    assert seen[1] == [("chen", 0), ("zhao", 1)]
    assert seen[3][2:] == [("chen", 2), ("zhao", 2), ("chen", 3), ("zhao", 3)]
    assert desk.post(f"/alerts/{alert['id']}/acknowledge").status_code == 200
    server_clock.forward(minutes=15)
    assert tick() == 0
    states = {row["state"] for row in db.query("select state from deliveries")}
    assert states == {"cancelled"}, "nothing goes out any more"


def test_a_worker_that_was_away_tells_the_present_round_only(
    db: Database, who: People, alert: Row, tick: Page, server_clock: Clock
) -> None:
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    server_clock.forward(hours=3, minutes=5)
    assert [tick(), tick()] == [1, 0]
    assert told(db) == [("chen", 12)]


def test_each_round_is_for_its_own_quarter_of_an_hour(
    db: Database, who: People, alert: Row, tick: Page, server_clock: Clock
) -> None:
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    server_clock.forward(minutes=20)
    tick()
    row = one(db, "select * from deliveries")
    assert row and row["expires_at"] == clock.to_text(
        clock.from_text(alert["paged_at"]) + timedelta(minutes=30)
    )
    assert row["group_id"] == f"p:{alert['id']}:{alert['paged_at']}:{who.chen.account_id}"
    assert (row["participant_id"], row["site_id"]) == (None, who.chen.site_id)


def test_two_workers_tell_nobody_twice(db: Database, who: People, alert: Row, tick: Page) -> None:
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    assert [tick(), tick(), tick()] == [1, 0, 0]


def test_without_a_coordinator_on_call_the_investigator_is_told_at_once(
    db: Database, who: People, alert: Row, tick: Page
) -> None:
    for person in (who.chen, who.zhao):
        add_channel(db, person)
    put_on_call(db, who.zhao)
    tick()
    assert told(db) == [("zhao", 0)]


def test_an_empty_roster_pages_everyone_of_the_site_who_has_a_channel_and_nobody_elsewhere(
    db: Database, who: People, alert: Row, tick: Page
) -> None:
    for person in (who.chen, who.zhao, who.weber, who.park):
        add_channel(db, person)
    tick()
    assert told(db) == [("chen", 0), ("zhao", 0)]


def test_an_untested_channel_is_used_only_by_who_has_no_tested_one(
    db: Database, who: People, alert: Row, tick: Page, server_clock: Clock
) -> None:
    untested = add_channel(db, who.chen, tested=False)
    tested = add_channel(db, who.zhao)
    add_channel(db, who.zhao, tested=False, name="wecom")
    put_on_call(db, who.chen, who.zhao)
    tick()
    server_clock.forward(minutes=15)
    tick()
    rows = db.query("select address_id from deliveries where about = 'page' order by round")
    assert [row["address_id"] for row in rows] == [untested, tested]


def test_a_page_that_reaches_nobody_is_a_problem_until_it_does(
    db: Database, who: People, alert: Row, tick: Page, server_clock: Clock
) -> None:
    assert [tick(), tick()] == [0, 0]
    [problem] = problems.list_open(db, roster.PAGE_UNHEARD)
    assert problem["subject"] == who.chen.site_id
    add_channel(db, who.chen)
    assert tick() == 1
    assert problems.list_open(db, roster.PAGE_UNHEARD) == []
    # Whoever left is not paged any more: the next round finds nobody again.
    accounts.close(db, SYSTEM, NOW, who.chen.account_id, reason="left")
    server_clock.forward(minutes=15)
    assert tick() == 0
    assert len(problems.list_open(db, roster.PAGE_UNHEARD)) == 1


def test_a_page_that_is_taken_charge_of_while_it_reaches_nobody_is_no_problem_any_more(
    db: Database, who: People, alert: Row, tick: Page, desk: Desk
) -> None:
    tick()
    desk.post(f"/alerts/{alert['id']}/acknowledge")
    tick()
    assert problems.list_open(db, roster.PAGE_UNHEARD) == []


def test_an_alert_opened_again_is_paged_from_the_beginning(
    db: Database, who: People, alert: Row, tick: Page, desk: Desk, phone: Phone, server_clock: Clock
) -> None:
    for person in (who.chen, who.zhao):
        add_channel(db, person)
    put_on_call(db, who.chen, who.zhao)
    tick()
    desk.post(f"/alerts/{alert['id']}/resolve", {"resolution": "well again"})
    server_clock.forward(minutes=20)
    phone.put(reading(server_clock(), "LO"))
    assert one(db, "select count(*) as n from alerts") == {"n": 1}
    assert tick() == 1
    assert told(db) == [("chen", 0), ("chen", 0)]


def test_a_desk_alert_is_no_page_before_it_becomes_one(
    db: Database, who: People, phone: Phone, tick: Page, server_clock: Clock
) -> None:
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    # Old enough to be of the past: it waits on the desk for a day.
    phone.put(reading(server_clock(), "2.4", 300))
    assert tick() == 0
    server_clock.forward(hours=24)
    assert worker.escalate(db, STUDY, server_clock()) == 1
    assert tick() == 1


def test_one_page_that_cannot_be_planned_holds_up_no_other(
    db: Database, who: People, alert: Row, tick: Page, other_phone: Phone, server_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    add_channel(db, who.weber)
    server_clock.forward(minutes=1)
    other_phone.put(reading(server_clock(), "LO"))
    real = roster.staff

    def broken(db: Database, site_id: str) -> list[Row]:
        if site_id == who.chen.site_id:
            raise ValueError("a broken row")
        return real(db, site_id)

    monkeypatch.setattr(roster, "staff", broken)
    with pytest.raises(RuntimeError):
        tick()
    assert told(db) == [("weber", 0)]
