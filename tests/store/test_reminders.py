"""Reminders as rows: planned once, told to the right people in time, and again until their window ends."""

from datetime import timedelta

import pytest

from diary import clock
from diary.db import Database
from diary.store import outbox, reminders
from tests.people import People
from tests.store.prescribing import (
    DAY,
    HOUR,
    MINUTE,
    SEVEN,
    alert_kinds,
    dose,
    person,
    prescribe,
    row_of,
    states,
    tick,
    told,
    write,
)
from tests.store.telling import phone


def test_days_are_planned_once_36_hours_ahead(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    assert tick(db, SEVEN)[0] == 4
    assert states(db, made) == dict.fromkeys(["02 08:00", "02 20:00", "03 08:00", "03 20:00"], "planned")
    assert tick(db, SEVEN + MINUTE)[0] == 0
    assert tick(db, SEVEN + DAY)[0] == 2


def test_it_is_due_at_its_time_and_told_once_until_it_is_repeated(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    for minute in range(60):
        tick(db, SEVEN + minute * MINUTE)
    assert row_of(db, made, "08:00")["state"] == "planned"
    [ready] = told(db)
    assert ready["due_at"] == clock.to_text(SEVEN + HOUR), "put down ahead, for its own time"
    tick(db, SEVEN + HOUR)
    assert row_of(db, made, "08:00")["state"] == "due" and len(told(db)) == 1
    for minute in range(61, 179):
        tick(db, SEVEN + minute * MINUTE)
    rounds = [(row["group_id"], row["round"], row["due_at"]) for row in told(db)]
    first = rounds[0][0]
    assert rounds == [
        (first, number, clock.to_text(SEVEN + HOUR + number * 30 * MINUTE)) for number in (0, 1, 2)
    ], "two repeats under the same tag, and no more"


def test_of_two_told_together_the_later_one_has_all_its_repeats(db: Database, who: People) -> None:
    prescribe(db, who, who.lin, times=["08:00"])
    glucose = prescribe(db, who, who.lin, kind="reading", times=["08:30"])
    for minute in range(55, 211):
        tick(db, SEVEN + minute * MINUTE)
    # The medicine is told at 8:00, both at 8:30 and 9:00; the measuring alone is left to repeat at 9:30.
    assert [row["due_at"] for row in told(db)] == [
        clock.to_text(SEVEN + HOUR + half * 30 * MINUTE) for half in (0, 1, 2, 3)
    ]
    assert row_of(db, glucose, "08:30")["told"] == 3
    rounds = [(row["group_id"], row["round"]) for row in told(db)]
    assert len(set(rounds)) == 4


def test_two_told_together_and_again_within_a_minute_are_two_rounds(db: Database, who: People) -> None:
    dose = prescribe(db, who, who.lin, times=["08:00"])
    glucose = prescribe(db, who, who.lin, kind="reading", times=["08:00"])
    tick(db, SEVEN + HOUR)
    at = SEVEN + HOUR + 20 * MINUTE - timedelta(seconds=20)
    reminders.snooze(
        db, person(db, who.lin), row_of(db, dose, "08:00")["id"], 10, at, hide_contraception=False
    )
    # The medicine was put off to twenty seconds before the measuring is told again: one look finds both.
    tick(db, SEVEN + HOUR + 29 * MINUTE)
    assert [(row["round"], row["due_at"]) for row in told(db)][1:] == [
        (1, clock.to_text(at + 10 * MINUTE)), (2, clock.to_text(SEVEN + HOUR + 30 * MINUTE)),
    ]  # fmt: skip
    assert row_of(db, glucose, "08:00")["told"] == 2


def test_a_worker_that_was_away_tells_what_is_open_and_marks_what_is_over(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    back = SEVEN + DAY + 2 * HOUR
    tick(db, back)
    assert states(db, made) == {
        "02 08:00": "missed", "02 20:00": "missed", "03 08:00": "planned", "03 20:00": "planned",
        "04 08:00": "planned", "04 20:00": "planned",
    } | {"03 08:00": "due"}  # fmt: skip
    assert row_of(db, made, "20:00")["why"] == "worker_down"
    [row] = told(db)
    assert row["due_at"] == clock.to_text(back)
    assert alert_kinds(db, who.lin) == ["missed_doses"]


def test_what_falls_due_together_is_one_notification(db: Database, who: People) -> None:
    prescribe(db, who, who.lin)
    prescribe(db, who, who.lin, title="Sirolimus", drug="sirolimus", times=["08:00"])
    prescribe(db, who, who.lin, kind="reading", title="Before breakfast", times=["08:00"])
    tick(db, SEVEN + HOUR)
    [row] = told(db)
    linked = list(db.query("select * from delivery_reminders where group_id = :g", {"g": row["group_id"]}))
    assert len(linked) == 3 and row["kind"] == "dose"


def test_a_childs_guardian_is_told_too_but_never_of_contraception(db: Database, who: People) -> None:
    prescribe(db, who, who.yu)
    tick(db, SEVEN + HOUR)
    assert {row["account_id"] for row in told(db)} == {who.yu.account_id, who.bo.account_id}
    prescribe(db, who, who.yu, SEVEN + HOUR, kind="contraception", title="Pill", times=["09:10"])
    tick(db, SEVEN + 2 * HOUR)
    tick(db, SEVEN + 2 * HOUR + 10 * MINUTE)
    later = [row for row in told(db) if row["kind"] == "contraception"]
    assert {row["account_id"] for row in later} == {who.yu.account_id}


def test_quiet_hours_hold_a_repeat_back_but_not_what_the_schedule_sets(db: Database, who: People) -> None:
    prescribe(db, who, who.lin, times=["22:30"], window_after_min=600)
    due = SEVEN + 15 * HOUR + 30 * MINUTE
    tick(db, due)
    for minute in range(0, 10 * 60, 5):
        tick(db, due + minute * MINUTE)
    times = [row["due_at"] for row in told(db)]
    assert times[:2] == [clock.to_text(due), clock.to_text(SEVEN + DAY)], "the repeat waits for 07:00"


def test_what_is_found_later_at_the_same_time_is_told_as_well(db: Database, who: People) -> None:
    phone(db, who.lin)
    prescribe(db, who, who.lin)
    tick(db, SEVEN)
    tick(db, SEVEN + 59 * MINUTE)
    other = prescribe(db, who, who.lin, SEVEN + 59 * MINUTE, drug="sirolimus", times=["08:00"])
    tick(db, SEVEN + 59 * MINUTE + timedelta(seconds=30))
    assert len({one["group_id"] for one in told(db)}) == len(told(db)) == 2
    assert row_of(db, other, "08:00")["told"] == 1


def test_what_was_over_before_anybody_could_be_told_was_not_left_unanswered(
    db: Database, who: People
) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN)
    tick(db, SEVEN + 5 * HOUR)
    row = row_of(db, made, "08:00")
    assert (row["state"], row["why"], row["told"]) == ("missed", "worker_down", 0) and told(db) == []
    write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + 6 * HOUR)
    row = row_of(db, made, "08:00")
    assert (row["state"], row["why"]) == ("answered", None)


def test_who_puts_a_reminder_off_is_not_sought_by_other_ways_until_then(db: Database, who: People) -> None:
    phone(db, who.lin)
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    now = SEVEN + HOUR + MINUTE
    reminders.snooze(
        db, person(db, who.lin), row_of(db, made, "08:00")["id"], 10, now, hide_contraception=False
    )
    assert outbox.claim(db, ("push",), 10, now) == ([], False)
    assert [row["id"] for row in db.query("select id from deliveries where fallback_at is not null")] == []
    tick(db, now + 10 * MINUTE)
    claimed, _ = outbox.claim(db, ("push",), 10, now + 10 * MINUTE)
    assert len(claimed) == 1


def test_a_reminder_can_be_put_off_within_its_window(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    lin = person(db, who.lin)
    now = SEVEN + HOUR + MINUTE
    row = reminders.snooze(db, lin, row_of(db, made, "08:00")["id"], 10, now, hide_contraception=False)
    assert row["next_at"] == row["snoozed_until"] == clock.to_text(now + 10 * MINUTE)
    tick(db, now + 10 * MINUTE)
    assert [one["round"] for one in told(db)] == [0, 1]


def test_a_schedule_that_cannot_be_planned_holds_up_nobody_else(db: Database, who: People) -> None:
    bad, good = prescribe(db, who, who.lin), prescribe(db, who, who.olsen)
    never = '{"day": "2026-03-02", "latest_at": "9999-12-31T23:59:00+00:00", "reason": "x"}'
    db.execute("update schedules set hold = :hold where id = :id", {"hold": never, "id": bad["id"]})
    for now in (SEVEN, SEVEN + HOUR, SEVEN + 4 * HOUR):
        with pytest.raises(RuntimeError, match="plan failed"):
            tick(db, now)
    assert states(db, bad) == {}
    row = row_of(db, good, "08:00")
    assert (row["told"] > 0, row["state"], row["why"]) == (True, "missed", "unanswered")


def test_somebody_whose_reminder_cannot_be_told_holds_up_nobody_else(db: Database, who: People) -> None:
    bad, good = prescribe(db, who, who.lin), prescribe(db, who, who.olsen)
    tick(db, SEVEN)
    db.execute(
        "update reminders set hold = 'waiting' where schedule_id = :id and slot = '08:00'", {"id": bad["id"]}
    )
    with pytest.raises(RuntimeError, match="fire failed"):
        tick(db, SEVEN + HOUR)
    assert (row_of(db, bad, "08:00")["told"], row_of(db, good, "08:00")["told"]) == (0, 1)
