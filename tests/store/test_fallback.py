"""Up the ladder: what was not proved received, when, for whom, and what waits until the morning."""

from datetime import datetime, timedelta

import pytest

from diary import clock
from diary.db import Database, Row
from diary.jobs import sending
from diary.rules.outcomes import Result
from diary.rules.quiet_hours import quiet_until
from diary.store import deliveries, outbox, reach, receipts
from diary.store.deliveries import Notice
from diary.store.outbox import Sent
from tests.people import NOW, STUDY, People
from tests.store.telling import address, page_alert, phone, reminder, rows, set_state, told

# Shanghai is eight hours ahead: NOW is noon, this is 22:30.
EVENING = NOW + timedelta(hours=10, minutes=30)
MORNING = NOW + timedelta(hours=19)


def minutes(count: float, after: datetime = NOW) -> datetime:
    return after + timedelta(minutes=count)


def plan(db: Database, *notices: Notice, now: datetime = NOW) -> None:
    with db.atomic():
        deliveries.plan(db, notices, now, study=STUDY)


def hand_over(db: Database, now: datetime, *, result: Result = Result("handed_over", 201)) -> list[Row]:  # noqa: B008
    claimed, _ = outbox.claim(db, ("push", "message", "sms"), 100, now)
    outbox.finish(db, [Sent(row, result, now) for row in claimed], now)
    return claimed


def fall_back(db: Database, now: datetime) -> None:
    sending.fall_back(db, STUDY, now)


def told_by(db: Database) -> dict[str, str]:
    return {row["channel"]: row["state"] for row in rows(db)}


def calls(db: Database) -> list[Row]:
    return list(db.query("select * from calls"))


def test_without_a_receipt_the_ways_are_gone_through_to_the_call_list(db: Database, who: People) -> None:
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    address(db, who.lin, "13800000000", kind="sms", name="sms")
    plan(db, told(who.lin, reminder(db, who.lin), kind="dose", about="recheck"))
    expected = {"push": "handed_over"}
    hand_over(db, NOW)
    for step, channel in ((10, "message"), (20, "sms"), (30, "call")):
        fall_back(db, minutes(step) - timedelta(milliseconds=1))
        assert told_by(db) == expected, "not a moment before"
        fall_back(db, minutes(step))
        hand_over(db, minutes(step))
        expected |= {channel: "handed_over"}
        assert told_by(db) == expected
    [call] = calls(db)
    assert (call["account_id"], call["about"]) == (who.lin.account_id, "recheck")
    assert call["since_at"] == clock.to_text(NOW)
    fall_back(db, minutes(60))
    assert told_by(db) == expected and len(calls(db)) == 1


def test_a_receipt_of_any_phone_stops_the_climb(db: Database, who: People) -> None:
    phone(db, who.lin)
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    plan(db, told(who.lin, reminder(db, who.lin)))
    claimed = hand_over(db, NOW)
    receipts.add(db, claimed[1]["token"], "received", minutes(1))
    fall_back(db, minutes(11))
    assert {row["channel"] for row in rows(db)} == {"push"}


def test_while_one_phone_has_time_left_another_that_is_gone_changes_nothing(
    db: Database, who: People
) -> None:
    phone(db, who.lin)
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    plan(db, told(who.lin, reminder(db, who.lin)))
    claimed, _ = outbox.claim(db, ("push",), 10, NOW)
    outbox.finish(
        db,
        [Sent(claimed[0], Result("gone", 410), NOW), Sent(claimed[1], Result("handed_over", 201), NOW)],
        NOW,
    )
    fall_back(db, minutes(1))
    assert {row["channel"] for row in rows(db)} == {"push"}
    fall_back(db, minutes(10))
    assert told_by(db)["message"] == "planned"


def test_an_answer_or_an_end_of_the_window_stops_the_climb(db: Database, who: People) -> None:
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    due = reminder(db, who.lin)
    plan(db, told(who.lin, due))
    hand_over(db, NOW)
    set_state(db, due, "answered")
    fall_back(db, minutes(11))
    assert {row["channel"] for row in rows(db)} == {"push"}


def test_a_push_service_that_is_down_does_not_hold_up_the_next_way(db: Database, who: People) -> None:
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    plan(db, told(who.lin, reminder(db, who.lin)))
    hand_over(db, NOW, result=Result("later", 503, retry_after_s=3600))
    fall_back(db, minutes(10))
    assert told_by(db) == {"push": "planned", "message": "planned"}


def test_ordinary_reminders_wait_for_the_morning_with_the_next_way(db: Database, who: People) -> None:
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    due = reminder(db, who.lin, due_at=EVENING)
    plan(db, told(who.lin, due, due_at=EVENING, kind="diary", open_h=12), now=EVENING)
    hand_over(db, EVENING)
    assert told_by(db) == {"push": "handed_over"}, "what the schedule itself sets is not quiet"
    fall_back(db, minutes(61, EVENING))
    assert set(told_by(db)) == {"push"}
    assert rows(db)[0]["fallback_at"] == clock.to_text(MORNING)
    fall_back(db, MORNING)
    assert set(told_by(db)) == {"push", "message"}


def test_what_is_over_by_the_morning_rings_nobody_at_night(db: Database, who: People) -> None:
    phone(db, who.lin)
    address(db, who.lin, "lin@example.org")
    for evening in (EVENING, EVENING + timedelta(days=1)):
        due = reminder(db, who.lin, due_at=evening)
        plan(db, told(who.lin, due, due_at=evening), now=evening)
        hand_over(db, evening)
        fall_back(db, minutes(11, evening))
        assert "message" not in told_by(db)
    assert [call["about"] for call in calls(db)] == ["reminder"], "the list, once two in a row reached nobody"


@pytest.mark.parametrize("about", ["recheck", "page"])
def test_what_must_not_wait_goes_on_at_night(db: Database, who: People, about: str) -> None:
    person = who.lin if about == "recheck" else who.chen
    phone(db, person)
    address(db, person, "x@example.org")
    alert = page_alert(db, who.lin) if about == "page" else None
    reminders = [reminder(db, who.lin, due_at=EVENING)] if about == "recheck" else []
    plan(db, told(person, *reminders, about=about, kind=about, alert_id=alert, due_at=EVENING), now=EVENING)
    hand_over(db, EVENING)
    fall_back(db, minutes(2, EVENING))
    assert set(told_by(db)) == {"push", "message"}


def test_the_site_telephones_only_when_several_in_a_row_reached_nobody(db: Database, who: People) -> None:
    def unreached(hours: int, group: str) -> None:
        at = NOW + timedelta(hours=hours)
        plan(db, told(who.lin, reminder(db, who.lin, due_at=at), due_at=at, group_id=group), now=at)
        fall_back(db, at)

    unreached(0, "r:1")
    assert calls(db) == [] and told_by(db) == {"call": "cancelled"}
    unreached(3, "r:2")
    assert len(calls(db)) == 1 and calls(db)[0]["since_at"] == clock.to_text(NOW)


def test_a_notice_about_two_children_is_called_about_and_counted_for_each(db: Database, who: People) -> None:
    for hours in (0, 3):
        at = NOW + timedelta(hours=hours)
        ids = (reminder(db, who.an, due_at=at), reminder(db, who.yu, due_at=at, kind="dose"))
        plan(db, told(who.mei, *ids, due_at=at, group_id=f"r:{hours}"), now=at)
        fall_back(db, at)
    ours = {str(who.an.participant_id): ["recheck"], str(who.yu.participant_id): ["dose"]}
    assert {row["participant_id"] for row in calls(db)} == set(ours) and len(calls(db)) == 2
    assert {row["account_id"] for row in calls(db)} == {who.mei.account_id}
    for participant_id, kinds in ours.items():
        seen = reach.list_deliveries(db, participant_id, before=None, limit=9, hide_contraception=True)
        assert [row["kinds"] for row in seen] == [kinds] * 2
        until = NOW + timedelta(hours=4)
        [line] = reach.by_channel(db, participant_id, NOW - timedelta(1), until, hide_contraception=True)
        assert (line["channel"], line["planned"]) == ("call", 2)
    other = str(who.lin.participant_id)
    assert reach.list_deliveries(db, other, before=None, limit=9, hide_contraception=False) == []


def test_one_that_was_received_breaks_the_row(db: Database, who: People) -> None:
    for hours, received in ((0, False), (2, True), (4, False)):
        at = NOW + timedelta(hours=hours)
        group = f"r:{hours}"
        phone(db, who.lin)
        plan(db, told(who.lin, reminder(db, who.lin, due_at=at), due_at=at, group_id=group), now=at)
        claimed = hand_over(db, at)
        if received:
            receipts.add(db, claimed[0]["token"], "received", at)
        db.execute("update subscriptions set ended_at = created_at, end_reason = 'gone'")
        fall_back(db, at + timedelta(minutes=10))
    assert calls(db) == []


def test_pages_have_no_call_list(db: Database, who: People) -> None:
    phone(db, who.chen)
    plan(db, told(who.chen, about="page", kind="page", alert_id=page_alert(db, who.lin)))
    hand_over(db, NOW)
    fall_back(db, minutes(3))
    assert told_by(db) == {"push": "handed_over"} and calls(db) == []


def test_what_nobody_ended_is_ended_once_its_time_is_over(db: Database, who: People) -> None:
    for person in (who.lin, who.chen, who.an):
        phone(db, person)
    due, open_still = reminder(db, who.lin), reminder(db, who.lin)
    plan(
        db,
        told(who.lin, about="test", kind="page", group_id="t:1"),
        told(who.lin, about="test", kind="page", group_id="t:2"),
        told(who.chen, about="page", kind="page", alert_id=page_alert(db, who.lin), group_id="p:1"),
        told(who.chen, about="page", kind="page", alert_id=page_alert(db, who.an), group_id="p:2"),
        told(who.lin, due, group_id="r:1"),
        told(who.lin, open_still, group_id="r:2"),
    )
    hand_over(db, NOW)
    for row in rows(db):
        if row["group_id"] in ("t:2", "p:2"):
            receipts.add(db, row["token"], "received", minutes(1))
    set_state(db, due, "missed")
    fall_back(db, minutes(121))
    assert {row["group_id"]: row["state"] for row in rows(db)} == {
        "t:1": "missed", "t:2": "answered", "p:1": "missed", "p:2": "received", "r:1": "missed",
        "r:2": "handed_over",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-03-02T21:59:59+08:00", None),
        ("2026-03-02T22:00:00+08:00", "2026-03-03T07:00:00+08:00"),
        ("2026-03-03T00:00:00+08:00", "2026-03-03T07:00:00+08:00"),
        ("2026-03-03T06:59:59+08:00", "2026-03-03T07:00:00+08:00"),
        ("2026-03-03T07:00:00+08:00", None),
    ],
)
def test_quiet_hours_go_over_midnight_by_the_persons_clock(at: str, until: str | None) -> None:
    found = quiet_until(datetime.fromisoformat(at), "Asia/Shanghai", "22:00", "07:00")
    assert found == (datetime.fromisoformat(until) if until else None)


def test_quiet_hours_within_a_day_and_over_a_change_of_clocks() -> None:
    at = datetime.fromisoformat
    assert quiet_until(at("2026-03-02T13:30:00+01:00"), "Europe/Berlin", "13:00", "15:00") == at(
        "2026-03-02T15:00:00+01:00"
    )
    assert quiet_until(at("2026-03-02T15:00:00+01:00"), "Europe/Berlin", "13:00", "15:00") is None
    # The night to 29 March is an hour shorter.
    assert quiet_until(at("2026-03-28T23:00:00+01:00"), "Europe/Berlin", "22:00", "07:00") == at(
        "2026-03-29T07:00:00+02:00"
    )
