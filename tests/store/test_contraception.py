"""Contraception of a participant: its agents as they were prescribed, taken and given, and its reminders."""

from datetime import date, datetime, timedelta

from diary.db import Database
from diary.store import contraception, schedules
from diary.store.contraception import Standing
from tests.people import STUDY, People
from tests.store.prescribing import (
    DAY,
    HOUR,
    MONDAY,
    SEVEN,
    dose,
    person,
    prescribe,
    states,
    step,
    tick,
    write,
)
from tests.store.prescribing import alert_kinds as kinds


def standing(db: Database, who: People, now: datetime = SEVEN) -> Standing:
    return contraception.standing(db, person(db, who.lin), now, STUDY)


def finish(db: Database, who: People, schedule_id: str, now: datetime) -> None:
    schedules.end(
        db, who.zhao.actor, STUDY, now, person(db, who.lin), schedule_id, to_day=None, reason="stopped"
    )


def test_it_goes_on_while_the_trial_or_an_agent_does(db: Database, who: People) -> None:
    assert standing(db, who).end.why == "in_trial"
    made = prescribe(db, who, who.lin)
    step(db, who, "completed")
    assert standing(db, who).end.why == "agent_running"
    finish(db, who, made["id"], SEVEN + 2 * HOUR)
    assert standing(db, who, SEVEN + 3 * HOUR).end.why == "last_dose_unknown"
    write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + 3 * HOUR, at=SEVEN + HOUR)
    assert standing(db, who, SEVEN + 3 * HOUR).end.day == MONDAY + timedelta(days=90)


def test_a_slot_that_nobody_answered_after_the_last_known_dose_may_have_been_one(
    db: Database, who: People
) -> None:
    made = prescribe(db, who, who.lin)
    write(db, who.lin, "dose", dose(made, "08:00"), SEVEN + 2 * HOUR, at=SEVEN + HOUR)
    changed = prescribe(db, who, who.lin, SEVEN + DAY, from_day=MONDAY + DAY, replaces=made["id"])
    finish(db, who, changed["id"], SEVEN + 2 * DAY + 2 * HOUR)
    step(db, who, "completed")
    end_at = SEVEN + 3 * DAY
    assert standing(db, who, end_at).end.why == "last_dose_unknown"
    for number, slot in ((1, "08:00"), (1, "20:00")):
        day, skipped = MONDAY + number * DAY, {"status": "skipped", "skip_reason": "forgot"}
        write(db, who.lin, "dose", dose(changed, slot, day, **skipped), end_at)
    assert standing(db, who, end_at).end.why == "last_dose_unknown", "one slot is still open"
    write(db, who.lin, "dose", dose(changed, "08:00", MONDAY + 2 * DAY), end_at, at=SEVEN + 2 * DAY + HOUR)
    assert standing(db, who, end_at).end.day == MONDAY + timedelta(days=92)


def test_what_staff_gave_later_makes_the_last_dose_known(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    finish(db, who, made["id"], SEVEN + 2 * HOUR)
    step(db, who, "completed")
    assert standing(db, who, SEVEN + DAY).end.why == "last_dose_unknown"
    given = {"agent": "Tacrolimus", "given_at": "2026-03-03T09:00:00+08:00"}
    write(db, who.lin, "administered_dose", given, SEVEN + DAY + 3 * HOUR, by=who.chen, origin="staff")
    assert standing(db, who, SEVEN + 2 * DAY).end.day == MONDAY + timedelta(days=91)


def test_induction_counts_with_its_own_days(db: Database, who: People) -> None:
    step(db, who, "completed")
    given = {"agent": "Basiliximab 20 mg", "given_at": "2026-02-20T09:00:00+08:00"}
    write(db, who.lin, "administered_dose", given, SEVEN, by=who.chen, origin="staff")
    assert standing(db, who).end.day == date(2026, 2, 20) + timedelta(days=120)


def test_a_schedule_set_by_mistake_and_ended_before_a_dose_is_no_agent(db: Database, who: People) -> None:
    made = prescribe(db, who, who.lin)
    finish(db, who, made["id"], SEVEN)
    step(db, who, "completed")
    assert standing(db, who).end.day == MONDAY and standing(db, who).agents == ()


def test_its_reminders_end_with_it_and_a_restart_opens_them(db: Database, who: People) -> None:
    pill = prescribe(db, who, who.lin, kind="contraception", title="Pill", times=["09:00"])
    step(db, who, "completed")
    tick(db, SEVEN)
    assert states(db, pill) == {"02 09:00": "planned", "03 09:00": "cancelled"}, "the last day is included"
    prescribe(db, who, who.lin)
    assert states(db, pill) == {"02 09:00": "planned", "03 09:00": "planned"}


def test_withdrawal_ends_no_medicine_and_no_contraception_that_is_needed(db: Database, who: People) -> None:
    tablets = prescribe(db, who, who.lin)
    pill = prescribe(db, who, who.lin, kind="contraception", title="Pill", times=["09:00"])
    step(db, who, "withdrawn")
    tick(db, SEVEN + 5 * DAY)
    assert "planned" in states(db, tablets).values() and "planned" in states(db, pill).values()
    assert "cancelled" not in {*states(db, tablets).values(), *states(db, pill).values()}


def test_hormones_alone_beside_mycophenolate_are_one_task(db: Database, who: People) -> None:
    answer = {"method": ["hormonal"], "used_as_agreed": "yes"}
    write(db, who.lin, "contraception", answer, SEVEN)
    assert kinds(db, who.lin) == []
    prescribe(db, who, who.lin, title="Mycophenolate", drug="mycophenolate mofetil")
    assert kinds(db, who.lin) == ["contraception_review"]
    write(db, who.lin, "contraception", answer, SEVEN + HOUR)
    assert kinds(db, who.lin) == ["contraception_review"]
    [row] = db.query("select is_contraception, level from alerts")
    assert row == {"is_contraception": 1, "level": "desk"}
    assert standing(db, who).needs_second_method
    write(db, who.lin, "contraception", {**answer, "method": ["hormonal", "barrier"]}, SEVEN + 2 * HOUR)
    assert not standing(db, who).needs_second_method
