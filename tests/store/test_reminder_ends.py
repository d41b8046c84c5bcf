"""Reminders end with their schedule and with what the participant is in: from then on nothing rings."""

from diary.db import Database
from diary.store import outbox, plans, schedules
from tests.people import STUDY, People
from tests.store.prescribing import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    SEVEN,
    person,
    prescribe,
    row_of,
    states,
    step,
    tick,
    told,
)
from tests.store.telling import phone


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
