"""Travel: reminders follow the zone that a person confirms, and wait where doses would come out of step."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from diary import clock
from diary.db import Database, Row
from diary.errors import ConflictError, NotFoundError
from diary.store import enrolment, moves, schedules, travel
from tests.people import STUDY, People
from tests.shared import cases
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
)

AT = SEVEN + 2 * HOUR


def confirm(db: Database, who: People, zone: str, now: datetime = AT) -> Row:
    return travel.confirm(db, who.lin.actor, STUDY, now, person(db, who.lin), zone)


def zones(db: Database, who: People) -> set[str]:
    rows = schedules.list_for(db, str(who.lin.participant_id), hide_contraception=False)
    return {row["zone"] for row in rows} | {person(db, who.lin)["zone"]}


def test_two_hours_are_followed_at_once_by_what_is_still_to_come(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    before = row_of(db, made, "20:00")
    assert confirm(db, who, "Asia/Dhaka")["state"] == "applied"
    after = row_of(db, made, "20:00")
    assert (after["id"], after["due_at"]) == (before["id"], clock.to_text(SEVEN + 15 * HOUR))
    assert row_of(db, made, "08:00")["due_at"] == clock.to_text(SEVEN + HOUR), "what was due stays as it was"
    assert zones(db, who) == {"Asia/Dhaka"}
    tick(db, SEVEN + 15 * HOUR)
    assert states(db, made)["02 20:00"] == "due"
    keys = list(states(db, made))
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def test_what_puts_a_dose_out_of_step_waits_for_staff(db: Database, who: People, zone: str) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    change = confirm(db, who, zone)
    assert change["state"] == "waiting" and zones(db, who) == {"Asia/Shanghai"}
    told = db.query("select level, kind from alerts where participant_id = :p", {"p": who.lin.participant_id})
    assert [(row["level"], row["kind"]) for row in told] == [("desk", "zone_waits")]
    site = str(who.chen.site_id)
    assert [row["id"] for row in travel.list_for_site(db, site, state="waiting")] == [change["id"]]
    with pytest.raises(NotFoundError):
        travel.decide(db, who.weber.actor, AT, str(who.weber.site_id), change["id"], "applied", "mine")
    done = travel.decide(db, who.chen.actor, AT, site, change["id"], "applied", "a dose between, as agreed")
    assert done["state"] == "applied" and zones(db, who) == {zone}
    with pytest.raises(ConflictError):
        travel.decide(db, who.chen.actor, AT, site, change["id"], "refused", "too late")
    tick(db, SEVEN + 80 * HOUR)
    assert "planned" in states(db, made).values()


def test_who_asks_anew_takes_back_what_waited(db: Database, who: People) -> None:
    prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    first = confirm(db, who, "Europe/Berlin")
    assert confirm(db, who, "Asia/Shanghai", AT + MINUTE)["state"] == "applied"
    rows = {row["id"]: row["state"] for row in travel.list_for_site(db, str(who.chen.site_id), state=None)}
    assert rows[first["id"]] == "refused"


def test_a_medicine_taken_once_a_day_has_a_wider_interval(db: Database, who: People) -> None:
    prescribe(db, who, who.lin, title="Sirolimus", drug="sirolimus", times=["08:00"])
    tick(db, SEVEN + HOUR)
    assert confirm(db, who, "Asia/Dubai")["state"] == "applied", "24 h become 28 h"
    assert confirm(db, who, "America/New_York", AT + MINUTE)["state"] == "waiting"


def test_other_reminders_wait_for_nobody_and_what_the_new_zone_left_behind_is_cancelled(
    db: Database, who: People
) -> None:
    made = prescribe(db, who, who.lin, kind="reading", title="Glucose", times=["10:00", "20:00"])
    tick(db, SEVEN + HOUR)
    assert confirm(db, who, "Pacific/Auckland")["state"] == "applied"
    assert states(db, made)["02 10:00"] == "cancelled"
    assert row_of(db, made, "20:00")["due_at"] == clock.to_text(SEVEN + 8 * HOUR)


def test_the_desk_may_set_the_zone_and_reminders_follow(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN)
    new: dict[str, Any] = {"zone": "Asia/Tokyo"}
    enrolment.update(
        db,
        who.chen.actor,
        STUDY,
        SEVEN,
        str(who.chen.site_id),
        str(who.lin.participant_id),
        new,
        reason="moved",
    )
    assert row_of(db, made, "20:00")["due_at"] == clock.to_text(SEVEN + 12 * HOUR)
    assert zones(db, who) == {"Asia/Tokyo"}


def test_a_day_that_the_new_zone_has_later_is_planned_there(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="diary", title="Diary", times=["21:00"])
    tick(db, SEVEN)
    confirm(db, who, "Pacific/Honolulu", SEVEN)
    tick(db, SEVEN + 2 * timedelta(days=1))
    assert row_of(db, made, "21:00", date(2026, 3, 3))["due_at"] == "2026-03-04T07:00:00.000Z"
    assert MONDAY.isoformat() == "2026-03-02"


def test_there_and_back_leaves_every_reminder_as_it_was(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="reading", title="Glucose", times=["08:00", "12:00"])
    tick(db, SEVEN)
    before = {slot: row_of(db, made, slot) for slot in made["times"]}
    confirm(db, who, "Pacific/Auckland", SEVEN + MINUTE)
    assert row_of(db, made, "08:00")["state"] == "cancelled"
    confirm(db, who, "Asia/Shanghai", SEVEN + 2 * MINUTE)
    assert {slot: row_of(db, made, slot) for slot in made["times"]} == before


def test_a_slot_of_travel_stays_cancelled_while_the_study_is_paused(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="reading", title="Glucose", times=["08:00"])
    tick(db, SEVEN)
    confirm(db, who, "Pacific/Auckland", SEVEN + MINUTE)
    step(db, who, "paused")
    confirm(db, who, "Asia/Shanghai", SEVEN + 2 * MINUTE)
    assert states(db, made) == {"02 08:00": "cancelled", "03 08:00": "cancelled"}


def test_what_goes_on_after_a_pause_goes_by_the_zone_of_now(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin, kind="reading", title="Glucose", times=["12:00", "18:00"])
    tick(db, SEVEN)
    step(db, who, "paused")
    confirm(db, who, "Asia/Tokyo", SEVEN + MINUTE)
    step(db, who, "transplanted")
    row = row_of(db, made, "12:00")
    assert (row["state"], row["due_at"], row["next_at"]) == (
        "planned",
        *[clock.to_text(SEVEN + 4 * HOUR)] * 2,
    )


def test_a_dose_whose_window_the_new_zone_has_behind_it_waits_for_staff_and_is_not_lost(
    db: Database, who: People
) -> None:
    made = prescribe(db, who, who.lin, SEVEN - DAY, from_day=MONDAY - DAY)
    for hours in (-24, -23, -11, 0):
        tick(db, SEVEN + hours * HOUR)
    change = confirm(db, who, "Pacific/Guadalcanal", SEVEN + 30 * MINUTE)
    assert change["state"] == "waiting", "the next dose would come 21 h after the last"
    site = str(who.chen.site_id)
    travel.decide(db, who.chen.actor, SEVEN + 31 * MINUTE, site, change["id"], "applied", "as agreed")
    row = row_of(db, made, "08:00")
    assert (row["state"], row["due_at"]) == ("planned", clock.to_text(SEVEN + HOUR))
    assert row_of(db, made, "20:00")["due_at"] == clock.to_text(SEVEN + 10 * HOUR)
    tick(db, SEVEN + HOUR)
    assert row_of(db, made, "08:00")["state"] == "due"


def test_a_daily_dose_left_behind_is_not_skipped_for_two_days(db: Database, who: People) -> None:
    prescribe(
        db,
        who,
        who.lin,
        SEVEN - DAY,
        from_day=MONDAY - DAY,
        drug="sirolimus",
        title="Sirolimus",
        times=["08:00"],
    )
    for hours in (-24, -23, 0):
        tick(db, SEVEN + hours * HOUR)
    assert confirm(db, who, "Pacific/Auckland", SEVEN)["state"] == "waiting"


def test_morning_and_evening_in_two_schedules_are_one_medicine(db: Database, who: People) -> None:
    for slot in ("08:00", "20:00"):
        prescribe(db, who, who.lin, title=f"Tacrolimus {slot}", times=[slot])
    tick(db, SEVEN + HOUR)
    assert confirm(db, who, "Asia/Dhaka")["state"] == "applied", "14 h"
    assert confirm(db, who, "Europe/Moscow", AT + MINUTE)["state"] == "waiting", "17 h"


def test_the_interval_reaches_over_a_change_of_schedule(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    prescribe(db, who, who.lin, AT, amount="3 mg", replaces=made["id"])
    tick(db, AT)
    assert confirm(db, who, "Europe/Berlin", AT + MINUTE)["state"] == "waiting", "19 h"


@pytest.mark.parametrize("drug", ["他克莫司", "Prograf"])
def test_a_medicine_under_another_name_waits_as_well(db: Database, who: People, drug: str) -> None:
    prescribe(db, who, who.lin, drug=drug)
    tick(db, SEVEN + HOUR)
    assert confirm(db, who, "America/New_York")["state"] == "waiting"


@pytest.mark.parametrize("case", cases("travel.json"), ids=lambda case: str(case["name"]))
def test_cases_shared_with_the_phone(db: Database, who: People, case: dict[str, Any]) -> None:
    now = clock.from_text(case["confirmed_at"])
    made = prescribe(
        db, who, who.lin, now - DAY, kind=case["kind"], times=case["times"], zone=case["from_zone"]
    )
    tick(db, now - MINUTE)
    assert kept(db, who, now) == {}, "nobody has travelled yet"
    change = confirm(db, who, case["to_zone"], now)
    if change["state"] == "waiting":
        travel.decide(db, who.chen.actor, now, str(who.chen.site_id), change["id"], "applied", "as agreed")
    tick(db, now)
    assert kept(db, who, now).get(made["id"], []) == case["kept"]
    for slot in case["expect"]:
        row = row_of(db, made, slot["slot"], date.fromisoformat(slot["day"]))
        assert row["due_at"] == slot["due_at"]


def kept(db: Database, who: People, now: datetime) -> dict[str, list[Row]]:
    participant_id = str(who.lin.participant_id)
    prescribed = schedules.list_for(db, participant_id, hide_contraception=False)
    return moves.kept(db, participant_id, prescribed, now)


def test_what_was_kept_is_forgotten_days_later_and_on_the_way_back(db: Database, who: People) -> None:
    prescribe(db, who, who.lin)
    tick(db, SEVEN + HOUR)
    confirm(db, who, "Asia/Dhaka")
    assert kept(db, who, AT)
    assert kept(db, who, AT + 3 * DAY) == {}
    confirm(db, who, "Asia/Shanghai", AT + MINUTE)
    assert kept(db, who, AT + MINUTE) == {}
