"""The call list, and the times a page keeps."""

from datetime import datetime, timedelta

import pytest

from diary import clock
from diary.db import Database, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.alerts import Opening
from diary.store import alerts, calls
from tests.people import People, db_row

NOW = clock.from_text("2026-03-02T04:00:00.000Z")
HOUR = timedelta(hours=1)


def _open(db: Database, who: People, about: calls.About = "reminder", now: datetime = NOW) -> str:
    return calls.open(db, who.lin.account_id, str(who.lin.participant_id), about, now - HOUR, now)


def test_somebody_who_cannot_be_reached_stands_on_the_list_once(db: Database, who: People) -> None:
    first = _open(db, who)
    assert _open(db, who, now=NOW + HOUR) == first
    [call] = calls.list_open(db, str(who.chen.site_id), hide_contraception=False)
    assert (call["since_at"], call["name"], call["phone"]) == (
        clock.to_text(NOW - HOUR), who.lin.name, "+86 138 0000 0000",
    )  # fmt: skip
    assert calls.list_open(db, str(who.weber.site_id), hide_contraception=False) == []


def test_a_more_urgent_reason_takes_the_place_of_the_one_before_and_never_the_other_way(
    db: Database, who: People
) -> None:
    call_id = _open(db, who)
    _open(db, who, "recheck")
    _open(db, who, "blood_draw")
    assert db_row(db, "calls", call_id)["about"] == "recheck"


def test_a_guardian_without_a_number_is_called_by_the_childs(db: Database, who: People) -> None:
    db.execute("update identities set phone = null where holder_id = :id", {"id": who.mei.account_id})
    db.execute("update identities set phone = '120' where holder_id = :id", {"id": who.an.participant_id})
    calls.open(db, who.mei.account_id, str(who.an.participant_id), "reminder", NOW, NOW)
    [call] = calls.list_open(db, str(who.chen.site_id), hide_contraception=False)
    assert (call["name"], call["phone"]) == (who.mei.name, "120")


def test_a_call_is_closed_once_with_its_outcome_in_the_trail(db: Database, who: People) -> None:
    call_id = _open(db, who)
    site_id = str(who.chen.site_id)
    with pytest.raises(NotFoundError):
        calls.close(db, who.weber.actor, NOW, str(who.weber.site_id), call_id, outcome="spoke", note=None)
    closed = calls.close(db, who.chen.actor, NOW, site_id, call_id, outcome="no_answer", note="rang twice")
    assert (closed["outcome"], closed["closed_by"]) == ("no_answer", who.chen.account_id)
    with pytest.raises(ConflictError):
        calls.close(db, who.chen.actor, NOW, site_id, call_id, outcome="spoke", note=None)
    told = {row["field"]: row["new"] for row in db.query("select * from audit where object = 'call'")}
    assert (told["outcome"], told["note"]) == ("no_answer", "rang twice")
    assert _open(db, who) != call_id


def test_an_alert_keeps_only_the_first_time_it_was_sent_and_received(db: Database, who: People) -> None:
    opening = Opening(level="page", kind="lo")
    with db.atomic():
        alert_id = alerts.raise_for(
            db, db_row(db, "participants", str(who.lin.participant_id)), opening, [], NOW
        )
    for minutes in (1, 5):
        alerts.stamp(db, alert_id, "sent_at", NOW + timedelta(minutes=minutes))
    alerts.stamp(db, alert_id, "delivered_at", NOW + timedelta(minutes=2))
    alert = db_row(db, "alerts", alert_id)
    assert alert["sent_at"] == clock.to_text(NOW + timedelta(minutes=1))
    assert alert["delivered_at"] == clock.to_text(NOW + timedelta(minutes=2))
    told = one(
        db, "select count(*) as n from audit where object = 'alert' and field in ('sent_at', 'delivered_at')"
    )
    assert told == {"n": 2}
