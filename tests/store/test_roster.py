"""The roster: whole days, conflicts, what health asks of it."""

from datetime import date, timedelta

import pytest

from diary import clock
from diary.db import Database
from diary.errors import ConflictError, DiaryError
from diary.store import accounts, audit, channels, roster
from diary.store.actors import SYSTEM
from tests.people import NOW, SECRET_KEY, STUDY, People

DAY = date(2026, 3, 2)


def _set(db: Database, who: People, days: list[date], *people: str, stood: int | None = None) -> int:
    return roster.set_days(db, who.chen.actor, NOW, str(who.chen.site_id), days, people, stood=stood)


def _tested(db: Database, account_id: str, who: People, name: str = "email") -> str:
    stream = audit.site_stream(str(who.chen.site_id))
    actor = next(one.actor for one in who if one.account_id == account_id)
    channel = channels.add(
        db, actor, NOW, stream, account_id, kind="message", name=name, address="a@example.org"
    )
    _, code = channels.start_test(db, NOW, SECRET_KEY, account_id, channel["id"])
    channels.confirm(
        db, actor, STUDY, NOW, SECRET_KEY, stream, channel["id"], code, address="127.0.0.1"
    )  # fmt: skip
    return str(channel["id"])


def test_setting_days_replaces_who_stood_there_and_leaves_the_other_days(db: Database, who: People) -> None:
    chen, zhao = who.chen.account_id, who.zhao.account_id
    days = [DAY + timedelta(days=n) for n in range(3)]
    _set(db, who, days, chen)
    _set(db, who, [days[1]], zhao)
    assert roster.list_days(db, str(who.chen.site_id), days[0], days[2]) == {
        "2026-03-02": [chen], "2026-03-03": [zhao], "2026-03-04": [chen],
    }  # fmt: skip
    _set(db, who, [days[2]])
    assert roster.on_call(db, str(who.chen.site_id), days[2]) == []
    assert [row["role"] for row in roster.on_call(db, str(who.chen.site_id), days[1])] == ["investigator"]


def test_the_trail_says_who_stood_on_each_changed_day_and_nothing_of_the_others(
    db: Database, who: People
) -> None:
    _set(db, who, [DAY, DAY + timedelta(days=1)], who.chen.account_id)
    _set(db, who, [DAY], who.zhao.account_id)
    rows = list(db.query("select field, old, new from audit where object = 'roster' order by seq"))
    assert [row["field"] for row in rows] == ["2026-03-02", "2026-03-03", "2026-03-02"]
    assert rows[2]["old"] == audit.canonical([who.chen.account_id])
    assert rows[2]["new"] == audit.canonical([who.zhao.account_id])


def test_a_roster_that_changed_meanwhile_is_not_overwritten(db: Database, who: People) -> None:
    stood = roster.version(db, str(who.chen.site_id))
    after = _set(db, who, [DAY], who.chen.account_id, stood=stood)
    assert after > stood
    with pytest.raises(ConflictError):
        _set(db, who, [DAY], who.zhao.account_id, stood=stood)
    assert roster.version(db, str(who.weber.site_id)) == 0


@pytest.mark.parametrize("name", ["park", "weber", "lin", "ada"])
def test_only_coordinators_and_investigators_of_the_site_can_be_on_call(
    db: Database, who: People, name: str
) -> None:
    with pytest.raises(DiaryError) as error:
        _set(db, who, [DAY], getattr(who, name).account_id)
    assert error.value.fields == {"people": "roster_person"}


def test_whoever_left_is_no_longer_on_call(db: Database, who: People) -> None:
    _set(db, who, [DAY], who.chen.account_id, who.zhao.account_id)
    accounts.close(db, SYSTEM, NOW, who.chen.account_id, reason="left")
    assert [row["account_id"] for row in roster.on_call(db, str(who.chen.site_id), DAY)] == [
        who.zhao.account_id
    ]


def test_a_site_with_somebody_enrolled_needs_a_roster_whose_people_have_tested_channels(
    db: Database, who: People
) -> None:
    # Only Lin is enrolled; the other site has nobody.
    site_id = str(who.chen.site_id)
    assert roster.faults(db, NOW, ["email"]) == [roster.Fault(site_id, "roster_empty")]
    _set(db, who, [DAY], who.chen.account_id)
    assert roster.faults(db, NOW, ["email"]) == [roster.Fault(site_id, "roster_untested")]
    channel_id = _tested(db, who.chen.account_id, who)
    assert roster.faults(db, NOW, ["email"]) == []
    # The day is the site's: half past midnight in Shanghai is the next one.
    assert roster.faults(db, clock.from_text("2026-03-02T16:30:00.000Z"), ["email"])[0].kind == "roster_empty"
    assert roster.faults(db, NOW, ["wecom"])[0].kind == "roster_untested"
    _set(db, who, [DAY], who.chen.account_id, who.zhao.account_id)
    assert roster.faults(db, NOW, ["email"])[0].kind == "roster_untested"
    _tested(db, who.zhao.account_id, who)
    assert roster.faults(db, NOW, ["email"]) == []
    stream = audit.site_stream(site_id)
    channels.end(db, who.chen.actor, NOW, stream, who.chen.account_id, channel_id)
    assert roster.faults(db, NOW, ["email"])[0].kind == "roster_untested"


def test_a_site_without_anybody_enrolled_needs_no_roster(db: Database, who: People) -> None:
    db.execute("update participants set state = 'withdrawn' where state <> 'screening'")
    assert roster.faults(db, NOW, []) == []
