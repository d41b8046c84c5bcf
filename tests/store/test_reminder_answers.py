"""What answers a reminder, what is taken back, and what was never answered."""

from diary.db import Database
from tests.people import People
from tests.store.prescribing import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SEVEN,
    alert_kinds,
    dose,
    prescribe,
    row_of,
    states,
    tick,
    told,
    write,
)


def test_an_answer_stops_it(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    stored = write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + HOUR + 5 * MINUTE)
    row = row_of(db, made, "08:00")
    assert (row["state"], row["answer_root_id"], row["next_at"]) == ("answered", stored.id, None)
    tick(db, SEVEN + 4 * HOUR)
    assert {row["state"] for row in told(db)} <= {"cancelled", "answered"}
    assert states(db, made)["02 08:00"] == "answered"


def test_a_window_that_closes_unanswered_is_missed(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    tick(db, SEVEN + 3 * HOUR)
    assert states(db, made)["02 08:00"] == "due", "the last minute of the window is still open"
    tick(db, SEVEN + 3 * HOUR + MINUTE)
    row = row_of(db, made, "08:00")
    assert (row["state"], row["why"]) == ("missed", "unanswered")
    assert {one["state"] for one in told(db)} <= {"cancelled", "missed", "failed"}


def test_a_late_answer_still_counts(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    tick(db, SEVEN + 6 * HOUR)
    write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + 7 * HOUR, at=SEVEN + HOUR)
    assert states(db, made)["02 08:00"] == "answered"


def test_an_answer_before_the_row_is_planned_counts(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + HOUR)
    tick(db, SEVEN + HOUR)
    assert states(db, made)["02 08:00"] == "answered"
    assert told(db) == []


def test_what_is_taken_back_is_open_again_while_its_window_is(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    stored = write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + HOUR + MINUTE)
    write(
        db, who.lin, "dose", None, SEVEN + HOUR + 2 * MINUTE, replaces=stored.id, reason="pressed by mistake"
    )
    assert states(db, made)["02 08:00"] == "due"
    again = write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + HOUR + 3 * MINUTE)
    write(db, who.lin, "dose", None, SEVEN + 5 * HOUR, replaces=again.id, reason="pressed by mistake")
    assert row_of(db, made, "08:00")["why"] == "answer_withdrawn"


def test_a_correction_to_another_slot_moves_the_answer(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    wrong = write(db, who.lin, "dose", dose(made, "20:00"), SEVEN + HOUR + MINUTE)
    write(
        db, who.lin, "dose", dose(made, "08:00"), SEVEN + HOUR + 2 * MINUTE, replaces=wrong.id, reason="wrong"
    )
    assert states(db, made)["02 08:00"] == "answered" and states(db, made)["02 20:00"] == "planned"


def test_two_missed_windows_alert_once_for_each_run(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    for hour in range(60):
        tick(db, SEVEN + hour * HOUR)
    assert alert_kinds(db, who.lin) == ["missed_doses"]
    now = SEVEN + 61 * HOUR
    tick(db, now)
    write(db, who.lin, "dose", dose(made, "20:00", MONDAY + 2 * DAY), now)
    for hour in range(62, 100):
        tick(db, SEVEN + hour * HOUR)
    assert alert_kinds(db, who.lin) == ["missed_doses"] * 2


def test_a_skipped_dose_and_a_missed_window_of_another_schedule_make_a_run(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    tick(db, SEVEN + 4 * HOUR)
    new = prescribe(db, who, who.lin, SEVEN + 4 * HOUR, replaces=made["id"], times=["09:00", "21:00"])
    tick(db, SEVEN + 14 * HOUR)
    assert alert_kinds(db, who.lin) == []
    skipped = dose(new, "21:00", status="skipped", skip_reason="vomiting")
    write(db, who.lin, "dose", skipped, SEVEN + 14 * HOUR + MINUTE)
    assert alert_kinds(db, who.lin) == ["missed_doses"]


def test_a_reading_answers_the_nearest_open_time(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="reading", title="Glucose", times=["08:00", "09:30"])
    tick(db, SEVEN + HOUR)
    value = {"value": "6.1", "unit": "mmol/L", "device": "meter"}
    write(db, who.lin, "reading", value, SEVEN + 2 * HOUR + 10 * MINUTE)
    assert states(db, made)["02 08:00"] == "due" and states(db, made)["02 09:30"] == "answered"
    write(db, who.lin, "reading", {**value, "sample": "control"}, SEVEN + 2 * HOUR + 11 * MINUTE)
    assert states(db, made)["02 08:00"] == "due", "control solution measures nobody"


def test_the_day_signed_off_answers_its_diary(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="diary", title="Diary", times=["21:00"])
    now = SEVEN + 14 * HOUR
    tick(db, now)
    write(db, who.lin, "day_complete", {"day": "2026-03-02"}, now + MINUTE)
    assert states(db, made)["02 21:00"] == "answered"
