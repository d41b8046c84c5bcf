"""Reminders as rows: planned once, told to the right people, ended by answers, windows, ends and states."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from diary import clock
from diary.db import Database, Row
from diary.jobs import reminders as job
from diary.store import enrolment, intake, outbox, participants, plans, reminders, schedules
from diary.store.entries import Draft
from diary.store.intake import Result
from diary.store.schedules import Hold, NewSchedule
from tests.people import NOW, STUDY, People, Person
from tests.store.telling import phone

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Monday 2 March 2026, 07:00 in Shanghai.
SEVEN = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


def person(db: Database, who: Person) -> Row:
    return participants.list_by_ids(db, [str(who.participant_id)])[0]


def prescribe(db: Database, who: People, whose: Person, now: datetime = SEVEN, **more: Any) -> Row:
    new: dict[str, Any] = {
        "kind": "dose", "title": "Tacrolimus", "times": ["08:00", "20:00"], "zone": "Asia/Shanghai",
        "from_day": MONDAY, "to_day": None, "window_before_min": 60, "window_after_min": 120,
        "drug": "tacrolimus", **more,
    }  # fmt: skip
    if new["kind"] != "dose":
        new["drug"] = None
    by = who.chen if whose is not who.olsen else who.weber
    return schedules.add(db, by.actor, STUDY, now, person(db, whose), NewSchedule(**new))


def write(
    db: Database, whose: Person, kind: str, data: Row | None, now: datetime, *, at: datetime | None = None,
    by: Person | None = None, **more: Any,
) -> Result:  # fmt: skip
    happened = at or now
    draft = Draft(
        **{
            "id": str(uuid4()), "participant_id": str(whose.participant_id), "kind": kind,
            "occurred_at": happened, "occurred_text": happened.isoformat(), "zone": "Asia/Shanghai",
            "local_day": (happened + 8 * HOUR).date().isoformat(), "recorded_at": now,
            "recorded_text": now.isoformat(), "data": data, "replaces": None, "reason": None,
            "proxy_reason": None, "source_note": None, "origin": "typed", "app_version": "test",
            "body_hash": str(uuid4()), **more,
        }
    )  # fmt: skip
    with db.atomic():
        participants.lock(db, draft.participant_id)
        return intake.receive(db, (by or whose).actor, person(db, whose), draft, {}, now, STUDY)


def dose(schedule: Row, slot: str, day: date = MONDAY, **more: Any) -> Row:
    return {
        "schedule_id": schedule["id"],
        "due_day": day.isoformat(),
        "slot": slot,
        "status": "taken",
        **more,
    }


def tick(db: Database, now: datetime) -> tuple[int, int, int]:
    return job.run(db, STUDY, now)


def states(db: Database, schedule: Row) -> dict[str, str]:
    rows = db.query(
        "select local_day, slot, state from reminders where schedule_id = :s order by due_at",
        {"s": schedule["id"]},
    )
    return {f"{row['local_day'][-2:]} {row['slot']}": row["state"] for row in rows}


def row_of(db: Database, schedule: Row, slot: str, day: date = MONDAY) -> Row:
    [row] = db.query(
        "select * from reminders where schedule_id = :s and local_day = :d and slot = :t",
        {"s": schedule["id"], "d": day.isoformat(), "t": slot},
    )
    return row


def told(db: Database) -> list[Row]:
    return list(
        db.query(
            "select group_id, account_id, round, due_at, state, kind from deliveries"
            " where about <> 'page' order by due_at, account_id, round"
        )
    )


def alert_kinds(db: Database, whose: Person) -> list[str]:
    rows = db.query(
        "select kind from alerts where participant_id = :p order by opened_at, kind",
        {"p": whose.participant_id},
    )
    return [row["kind"] for row in rows]


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


def test_a_replaced_schedule_is_cancelled_from_now_on(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    new = prescribe(db, who, who.lin, SEVEN + HOUR + MINUTE, replaces=made["id"], times=["09:00", "21:00"])
    tick(db, SEVEN + HOUR + 2 * MINUTE)
    assert states(db, made) == {
        "02 08:00": "cancelled", "02 20:00": "cancelled", "03 08:00": "cancelled", "03 20:00": "cancelled"
    }  # fmt: skip
    assert set(states(db, new).values()) == {"planned"}


def test_a_schedule_that_ends_ahead_goes_on_until_then(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN)
    schedules.end(
        db, who.chen.actor, STUDY, SEVEN, person(db, who.lin), made["id"], to_day=MONDAY, reason="done"
    )
    assert list(states(db, made).values()) == ["cancelled"] * 4, "ended today: nothing later counts"
    other = prescribe(db, who, who.lin)
    tick(db, SEVEN)
    tuesday = MONDAY + DAY
    schedules.end(
        db, who.chen.actor, STUDY, SEVEN, person(db, who.lin), other["id"], to_day=tuesday, reason="done"
    )
    tick(db, SEVEN + 2 * DAY)
    assert list(states(db, other)) == ["02 08:00", "02 20:00", "03 08:00", "03 20:00"]


def test_a_pause_stops_measuring_and_the_diary_but_no_medicine(db: Database, who: People) -> None:
    tablets = prescribe(db, who, who.lin)
    strips = prescribe(db, who, who.lin, kind="reading", title="Breakfast", times=["09:00"])
    tick(db, SEVEN)
    step(db, who, "paused")
    tick(db, SEVEN + DAY)
    assert set(states(db, strips).values()) == {"cancelled"}
    assert "planned" in states(db, tablets).values()
    step(db, who, "transplanted", SEVEN + DAY)
    assert states(db, strips)["02 09:00"] == "cancelled" and states(db, strips)["03 09:00"] == "planned"


def step(db: Database, who: People, state: str, now: datetime = SEVEN) -> None:
    enrolment.update(
        db, who.chen.actor, STUDY, now, str(who.chen.site_id), str(who.lin.participant_id),
        {"state": state}, reason="for the test",
    )  # fmt: skip


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


def test_a_fresh_low_is_to_be_checked_again_and_the_next_reading_does(db: Database, who: People) -> None:
    low = write(db, who.lin, "reading", {"value": "2.4", "unit": "mmol/L", "device": "meter"}, NOW)
    [row] = db.query("select * from reminders where kind = 'recheck'")
    assert (row["entry_root_id"], row["due_at"]) == (low.id, clock.to_text(NOW + 15 * MINUTE))
    tick(db, NOW + 15 * MINUTE)
    [sent] = told(db)
    assert sent["kind"] == "recheck"
    write(db, who.lin, "reading", {"value": "5.4", "unit": "mmol/L", "device": "meter"}, NOW + 16 * MINUTE)
    [row] = db.query("select * from reminders where kind = 'recheck'")
    assert row["state"] == "answered"


@pytest.mark.parametrize(
    ("more", "age"), [({"device": "cgm"}, 0), ({}, 61), ({"other_person": True}, 0), ({"value": "3.9"}, 0)]
)
def test_no_recheck_of_what_is_old_or_not_low_or_not_theirs(
    db: Database, who: People, more: Row, age: int
) -> None:
    data = {"value": "2.4", "unit": "mmol/L", "device": "meter", **more}
    write(db, who.lin, "reading", data, NOW, at=NOW - age * MINUTE)
    assert list(db.query("select * from reminders")) == []


def test_quiet_hours_hold_a_repeat_back_but_not_what_the_schedule_sets(db: Database, who: People) -> None:
    prescribe(db, who, who.lin, times=["22:30"], window_after_min=600)
    due = SEVEN + 15 * HOUR + 30 * MINUTE
    tick(db, due)
    for minute in range(0, 10 * 60, 5):
        tick(db, due + minute * MINUTE)
    times = [row["due_at"] for row in told(db)]
    assert times[:2] == [clock.to_text(due), clock.to_text(SEVEN + DAY)], "the repeat waits for 07:00"


@pytest.fixture
def held(db: Database, who: People) -> Row:
    hold = Hold(MONDAY, "2026-03-02T10:30:00+08:00", "trough")
    made = prescribe(db, who, who.lin, hold=hold)
    tick(db, SEVEN + HOUR)
    return made


def test_a_dose_waits_for_the_blood_draw(db: Database, who: People, held: Row) -> None:
    assert row_of(db, held, "08:00")["hold"] == "waiting" and row_of(db, held, "20:00")["hold"] is None
    now = SEVEN + 2 * HOUR + 5 * MINUTE
    tick(db, now)
    draw = {"schedule_id": held["id"], "due_day": "2026-03-02", "slot": "08:00"}
    write(db, who.lin, "blood_draw", draw, now)
    row = row_of(db, held, "08:00")
    assert (row["hold"], row["state"], row["due_at"]) == ("drawn", "due", clock.to_text(now))
    assert row["closes_at"] == clock.to_text(now + 2 * HOUR), "the window starts at the draw"
    tick(db, now + MINUTE)
    assert len(told(db)) == 2
    write(db, who.lin, "dose", dose(held, "08:00"), now + 5 * MINUTE)
    assert row_of(db, held, "08:00")["state"] == "answered"
    tick(db, SEVEN + 4 * HOUR)
    assert alert_kinds(db, who.lin) == []


def test_no_draw_by_the_latest_hour_pages_the_site_and_tells_the_person(
    db: Database, who: People, held: Row
) -> None:
    tick(db, SEVEN + 3 * HOUR + 29 * MINUTE)
    assert alert_kinds(db, who.lin) == []
    tick(db, SEVEN + 3 * HOUR + 30 * MINUTE)
    assert alert_kinds(db, who.lin) == ["no_blood_draw"]
    assert row_of(db, held, "08:00")["hold"] == "overdue" and len(told(db)) == 2
    tick(db, SEVEN + 3 * HOUR + 31 * MINUTE)
    assert alert_kinds(db, who.lin) == ["no_blood_draw"]
    draw = {"schedule_id": held["id"], "due_day": "2026-03-02", "slot": "08:00"}
    write(db, who.lin, "blood_draw", draw, SEVEN + 4 * HOUR)
    assert row_of(db, held, "08:00")["hold"] == "drawn"


def test_what_rings_already_is_silent_when_its_schedule_ends(db: Database, who: People) -> None:
    phone(db, who.lin)
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    outbox.claim(db, ("push",), 10, SEVEN + HOUR)
    now = SEVEN + HOUR + 10 * MINUTE
    schedules.end(
        db, who.chen.actor, STUDY, now, person(db, who.lin), made["id"], to_day=None, reason="changed drug"
    )
    row = row_of(db, made, "08:00")
    assert (row["state"], row["why"], row["next_at"]) == ("cancelled", "schedule_ended", None)
    assert {one["state"] for one in told(db)} == {"cancelled"}
    tick(db, SEVEN + 2 * HOUR)
    assert outbox.claim(db, ("push",), 10, SEVEN + 2 * HOUR) == ([], False)


def test_what_is_due_on_a_last_day_still_to_come_goes_on_ringing(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    schedules.end(
        db, who.chen.actor, STUDY, SEVEN + HOUR, person(db, who.lin), made["id"], to_day=MONDAY + DAY,
        reason="from Wednesday another",
    )  # fmt: skip
    assert states(db, made)["02 08:00"] == "due" and states(db, made)["03 20:00"] == "planned"


def test_what_rings_already_is_silent_when_the_participant_withdraws(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="reading", times=["08:00"])
    tick(db, SEVEN + HOUR)
    withdrawn = {**person(db, who.lin), "state": "withdrawn"}
    with db.atomic():
        plans.follow_participant(db, withdrawn, SEVEN + HOUR + MINUTE, STUDY)
    row = row_of(db, made, "08:00")
    assert (row["state"], row["why"]) == ("cancelled", "study_state")


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


def test_a_draw_that_is_withdrawn_lets_the_dose_wait_again(db: Database, who: People, held: Row) -> None:
    before = row_of(db, held, "08:00")
    now = SEVEN + 2 * HOUR
    draw = {"schedule_id": held["id"], "due_day": "2026-03-02", "slot": "08:00"}
    made = write(db, who.lin, "blood_draw", draw, now)
    tick(db, now)
    assert row_of(db, held, "08:00")["hold"] == "drawn"
    write(db, who.lin, "blood_draw", None, now + MINUTE, replaces=made.id, reason="not drawn")
    row = row_of(db, held, "08:00")
    assert row["hold"] == "waiting"
    assert [row[name] for name in ("due_at", "closes_at")] == [before["due_at"], before["closes_at"]]
    tick(db, SEVEN + 3 * HOUR + 29 * MINUTE)
    assert alert_kinds(db, who.lin) == []
    tick(db, SEVEN + 3 * HOUR + 30 * MINUTE)
    assert alert_kinds(db, who.lin) == ["no_blood_draw"]
    assert row_of(db, held, "08:00")["hold"] == "overdue"


def test_an_event_without_a_reading_is_checked_again_in_15_minutes(db: Database, who: People) -> None:
    event = {"symptoms": ["shaking"], "consciousness": "awake", "help": "self"}
    made = write(db, who.lin, "hypo_event", event, NOW)
    [row] = db.query("select * from reminders where kind = 'recheck'")
    assert (row["due_at"], row["entry_root_id"]) == (clock.to_text(NOW + 15 * MINUTE), made.id)
    write(db, who.lin, "hypo_event", None, NOW + MINUTE, replaces=made.id, reason="by mistake")
    assert [one["state"] for one in db.query("select state from reminders")] == ["cancelled"]


def test_several_medicines_that_wait_for_one_draw_are_one_page(db: Database, who: People, held: Row) -> None:
    hold = Hold(MONDAY, "2026-03-02T10:30:00+08:00", "trough")
    other = prescribe(db, who, who.lin, drug="sirolimus", times=["08:00"], hold=hold)
    tick(db, SEVEN + 3 * HOUR + 30 * MINUTE)
    assert alert_kinds(db, who.lin) == ["no_blood_draw"]
    assert row_of(db, held, "08:00")["hold"] == row_of(db, other, "08:00")["hold"] == "overdue"


def test_the_word_to_call_the_site_goes_out_though_the_dose_is_not_due_yet(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    early = '{"day": "2026-03-02", "latest_at": "2026-03-02T07:30:00+08:00", "reason": "x"}'
    db.execute("update schedules set hold = :hold where id = :id", {"hold": early, "id": made["id"]})
    phone(db, who.lin)
    tick(db, SEVEN)
    now = SEVEN + 30 * MINUTE
    tick(db, now)
    claimed, _ = outbox.claim(db, ("push",), 10, now)
    assert [row["about"] for row in claimed] == ["reminder"]


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
