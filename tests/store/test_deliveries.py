"""What is told, by which way, and how it ends: the part that other rooms call."""

from datetime import timedelta

import pytest

from diary import clock
from diary.db import Database
from diary.store import deliveries
from diary.store.deliveries import Notice
from tests.people import NOW, STUDY, People
from tests.store.telling import address, page_alert, phone, reminder, rows, set_state, told

LATER = NOW + timedelta(minutes=5)


def plan(db: Database, *notices: Notice) -> int:
    with db.atomic():
        return deliveries.plan(db, notices, NOW, study=STUDY)


def settle(db: Database, *reminder_ids: str, state: deliveries.End = "answered") -> None:
    with db.atomic():
        deliveries.settle(db, reminder_ids, state, LATER)


def test_every_phone_of_the_person_gets_a_row_and_no_other_channel_does(db: Database, who: People) -> None:
    phones = {phone(db, who.lin), phone(db, who.lin)}
    phone(db, who.olsen)
    address(db, who.lin, "lin@example.org")
    assert plan(db, told(who.lin, reminder(db, who.lin))) == 2
    planned = rows(db)
    assert {row["address_id"] for row in planned} == phones
    assert {row["channel"] for row in planned} == {"push"}
    assert len({row["token"] for row in planned}) == 2
    assert planned[0]["fallback_at"] == clock.to_text(NOW + timedelta(minutes=10))
    assert planned[0]["next_at"] == clock.to_text(NOW)


def test_the_same_notice_again_adds_nothing_and_a_further_round_does(db: Database, who: People) -> None:
    phone(db, who.lin)
    due = reminder(db, who.lin)
    assert plan(db, told(who.lin, due)) == 1
    assert plan(db, told(who.lin, due)) == 0
    assert plan(db, told(who.lin, due, round=1)) == 1


def test_a_stopped_push_service_and_an_ended_phone_are_passed_over(db: Database, who: People) -> None:
    phone(db, who.lin, host="web.push.apple.com")
    gone = phone(db, who.lin)
    db.execute("update subscriptions set ended_at = :at, end_reason = 'gone' where id = :id",
               {"at": clock.to_text(NOW), "id": gone})  # fmt: skip
    db.execute("insert into push_hosts (host, stopped_at) values ('web.push.apple.com', :at)",
               {"at": clock.to_text(NOW)})  # fmt: skip
    mail = address(db, who.lin, "lin@example.org")
    address(db, who.lin, "13800000000", kind="sms", name="sms")
    plan(db, told(who.lin, reminder(db, who.lin)))
    assert [(row["channel"], row["address_id"]) for row in rows(db)] == [("message", mail)]


def test_without_any_address_a_participant_goes_to_the_call_list_and_a_page_nowhere(
    db: Database, who: People
) -> None:
    assert plan(db, told(who.lin, reminder(db, who.lin))) == 1
    assert [(row["channel"], row["next_at"]) for row in rows(db)] == [("call", None)]
    assert plan(db, told(who.chen, about="page", kind="page", alert_id=page_alert(db, who.lin))) == 0


def test_staff_are_paged_where_it_was_tested_and_untested_only_when_nothing_is(
    db: Database, who: People
) -> None:
    alert = page_alert(db, who.lin)
    untested = address(db, who.chen, "chen@example.org")
    plan(db, told(who.chen, about="page", kind="page", alert_id=alert, group_id="p:1"))
    tested = address(db, who.chen, "pager@example.org", tested=True)
    plan(db, told(who.chen, about="page", kind="page", alert_id=alert, group_id="p:2"))
    assert {(row["group_id"], row["address_id"]) for row in rows(db)} == {
        ("p:1", untested), ("p:2", tested)
    }  # fmt: skip


def test_a_closed_account_is_told_nothing(db: Database, who: People) -> None:
    phone(db, who.chen)
    address(db, who.chen, "chen@example.org", tested=True)
    db.execute("update accounts set state = 'closed' where id = :id", {"id": who.chen.account_id})
    assert plan(db, told(who.chen, about="page", kind="page", alert_id=page_alert(db, who.lin))) == 0


def set_delivery(db: Database, state: str) -> None:
    db.execute("update deliveries set state = :s", {"s": state})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("planned", "cancelled"), ("claimed", "cancelled"), ("handed_over", "answered"),
        ("received", "answered"), ("shown", "answered"), ("opened", "answered"),
    ],
)  # fmt: skip
def test_an_answer_ends_what_was_told_and_stops_what_was_not(
    db: Database, who: People, before: str, after: str
) -> None:
    phone(db, who.lin)
    due = reminder(db, who.lin)
    plan(db, told(who.lin, due))
    set_delivery(db, before)
    set_state(db, due, "answered")
    settle(db, due)
    [row] = rows(db)
    assert (row["state"], row["ended_at"]) == (after, clock.to_text(LATER))
    assert (row["answered_at"] is not None) == (after == "answered")
    assert row["next_at"] is None and row["fallback_at"] is None


def test_a_bundle_ends_with_its_last_reminder_and_was_answered_if_one_was(db: Database, who: People) -> None:
    phone(db, who.lin)
    first, second = reminder(db, who.lin, kind="dose"), reminder(db, who.lin, kind="diary")
    plan(db, told(who.lin, first, second))
    set_delivery(db, "handed_over")
    set_state(db, first, "answered")
    settle(db, first)
    assert rows(db)[0]["state"] == "handed_over"
    set_state(db, second, "missed")
    settle(db, second, state="missed")
    assert rows(db)[0]["state"] == "answered"


def test_what_failed_stays_failed(db: Database, who: People) -> None:
    phone(db, who.lin)
    due = reminder(db, who.lin)
    plan(db, told(who.lin, due))
    db.execute("update deliveries set state = 'failed', ended_at = :at", {"at": clock.to_text(NOW)})
    set_state(db, due, "missed")
    settle(db, due, state="missed")
    assert (rows(db)[0]["state"], rows(db)[0]["ended_at"]) == ("failed", clock.to_text(NOW))


def test_hundreds_of_reminders_are_settled_at_once(db: Database, who: People) -> None:
    phone(db, who.lin)
    ids = [reminder(db, who.lin) for _ in range(2 * deliveries.BATCH + 10)]
    plan(db, *(told(who.lin, one, group_id=f"g{one}") for one in ids))
    db.execute("update reminders set state = 'missed'")
    settle(db, *ids, state="missed")
    assert {row["state"] for row in rows(db)} == {"cancelled"} and len(rows(db)) == len(ids)


def test_no_page_goes_out_once_somebody_took_charge(db: Database, who: People) -> None:
    alert, other = page_alert(db, who.lin), page_alert(db, who.an)
    phone(db, who.chen)
    plan(db, told(who.chen, about="page", kind="page", alert_id=alert, group_id="p:1"))
    set_delivery(db, "shown")
    plan(db, told(who.chen, about="page", kind="page", alert_id=alert, group_id="p:2"))
    plan(db, told(who.chen, about="page", kind="page", alert_id=other, group_id="p:3"))
    with db.atomic():
        deliveries.settle_alert(db, alert, LATER)
    ended = {row["group_id"]: row["state"] for row in rows(db)}
    assert ended == {"p:1": "answered", "p:2": "cancelled", "p:3": "planned"}


def test_the_database_keeps_no_end_without_its_time_and_no_time_without_an_end(
    db: Database, who: People
) -> None:
    phone(db, who.lin)
    plan(db, told(who.lin, reminder(db, who.lin)))
    for wrong in ("state = 'failed'", f"ended_at = '{clock.to_text(NOW)}'"):
        with pytest.raises(Exception, match=r"(?i)check"), db.atomic():
            db.execute(f"update deliveries set {wrong}")


def test_the_pages_of_an_alert_are_found_without_reading_every_delivery(db: Database, who: People) -> None:
    if db.engine != "sqlite":
        pytest.skip("how SQLite reads it by its own statistics")
    for _ in range(20):
        phone(db, who.lin)
    plan(db, *[told(who.lin, reminder(db, who.lin)) for _ in range(20)])
    db.execute("analyze")
    ways = db.query("explain query plan update deliveries set round = 0 where alert_id = :a", {"a": "x"})
    assert ["deliveries_by_alert" in row["detail"] for row in ways] == [True]
