"""Each day's row stays what its entries come to, whatever is added, corrected, withdrawn, held or accepted."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from diary.db import Database
from diary.rules.summaries import DaySummary, combine
from diary.store import adherence, days, entries, holding, intake, participants, schedules
from diary.store.entries import Draft
from diary.store.schedules import NewSchedule
from tests.people import NOW, STUDY, THEN, People
from tests.phone import SHANGHAI

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 5)


def receive(
    db: Database, who: People, kind: str, data: dict[str, Any] | None, at: datetime, *, origin: str = "file",
    replaces: str | None = None, now: datetime = NOW,
) -> tuple[str, str]:  # fmt: skip
    """One entry of Lin by the road; its id and status."""
    participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
    raw = {"id": str(uuid4()), "data": data, "replaces": replaces}
    draft = Draft(
        id=str(raw["id"]), participant_id=participant["id"], kind=kind, occurred_at=at,
        occurred_text=at.isoformat(), zone="Asia/Shanghai", local_day=at.astimezone(SHANGHAI).date().isoformat(),
        recorded_at=now, recorded_text=now.isoformat(), data=data, replaces=replaces,
        reason="it was so" if replaces else None, proxy_reason=None, source_note=None, origin=origin,
        app_version=None, body_hash=entries.body_hash(raw),
    )  # fmt: skip
    with db.atomic():
        participants.lock(db, participant["id"])
        result = intake.receive(db, who.lin.actor, participant, draft, raw, now, STUDY)
    return draft.id, result.status


def same_as_fresh(db: Database, who: People) -> None:
    """The kept rows and a count from the entries themselves agree to 1e-9."""
    lin = str(who.lin.participant_id)
    kept = {day: one.summary for day, one in days.list_days(db, lin, FIRST, LAST, STUDY).items()}
    fresh = {day: one.summary for day, one in days.fresh_days(db, lin, FIRST, LAST, STUDY).items()}
    one, other = combine(kept, FIRST, LAST), combine(fresh, FIRST, LAST)
    for name in vars(one):
        wanted = getattr(other, name)
        assert getattr(one, name) == (wanted if wanted is None else pytest.approx(wanted, rel=1e-9)), name
    rest = {
        day: replace(row, summary=DaySummary())
        for day, row in days.list_days(db, lin, FIRST, LAST, STUDY).items()
    }
    counted = days.fresh_days(db, lin, FIRST, LAST, STUDY)
    assert rest == {
        day: replace(row, summary=DaySummary()) for day, row in counted.items() if row != days.NOTHING
    }


def glucose(value: str) -> dict[str, Any]:
    unit = {} if value in ("LO", "HI") else {"unit": "mmol/L"}
    return {"value": value, "device": "meter", **unit}


def prescribe(db: Database, who: People, kind: Any, times: list[str], **more: Any) -> str:
    participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
    new = NewSchedule(kind, "as told", times, "Asia/Shanghai", FIRST, None, 60, 120, **more)
    return str(schedules.add(db, who.chen.actor, STUDY, THEN, participant, new)["id"])


@pytest.mark.parametrize("seed", range(2))
def test_after_random_changes_the_rows_are_what_the_entries_come_to(
    db: Database, who: People, seed: int
) -> None:
    dice = random.Random(seed)
    dose = prescribe(db, who, "dose", ["08:00", "20:00"], drug="tacrolimus")
    prescribe(db, who, "reading", ["07:00", "12:00", "23:30"])
    participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
    tips: list[tuple[str, str]] = []
    for step in range(60):
        at = NOW - timedelta(minutes=dice.randrange(60 * 24 * 40))
        act = dice.random()
        if act < 0.5 or not tips:
            value = dice.choice(["LO", "HI", "2.8", f"{dice.uniform(1.2, 27):.1f}"])
            origin = dice.choice(["file", "typed"])
            tips.append((receive(db, who, "reading", glucose(value), at, origin=origin)[0], "reading"))
        elif act < 0.6:
            kind = dice.choice(["bolus", "basal", "day_total"])
            made = receive(db, who, "insulin", {"units": f"{dice.uniform(1, 30):.1f}", "type": kind}, at)
            tips.append((made[0], "insulin"))
        elif act < 0.7:
            day = at.astimezone(SHANGHAI).date().isoformat()
            slot = dice.choice(["08:00", "20:00"])
            said = {"schedule_id": dose, "due_day": day, "slot": slot, "status": "taken"}
            receive(db, who, "dose", said, at + timedelta(days=dice.randrange(20)))
            if dice.random() < 0.3:
                tips.append((receive(db, who, "day_complete", {"day": day}, at)[0], "day_complete"))
        elif act < 0.85:
            tip, kind = tips.pop(dice.randrange(len(tips)))
            data = (
                glucose(f"{dice.uniform(1.2, 27):.1f}")
                if kind == "reading"
                else {"units": "5", "type": "bolus"}
            )
            changed, status = receive(db, who, kind, data, at, replaces=tip)
            tips.append((changed if status in ("stored", "held") else tip, kind))
        elif act < 0.93:
            tip, kind = tips.pop(dice.randrange(len(tips)))
            receive(db, who, kind, None, NOW, replaces=tip)
        else:
            held = list(db.query("select pending_id from entry_heads where pending_id is not null"))
            if held:
                with db.atomic():
                    holding.accept(
                        db, who.chen.actor, participant, dice.choice(held)["pending_id"], "seen", NOW, STUDY
                    )
        if step % 20 == 0:
            with db.atomic():
                adherence.close_days(db, participant, FIRST, LAST, NOW)
        if step % 6 == 0:
            same_as_fresh(db, who)
    kept = adherence.list_judged(db, participant, FIRST, LAST, NOW, hide_contraception=False)
    db.execute("update day_rows set windows = null")
    assert kept == adherence.list_judged(db, participant, FIRST, LAST, NOW, hide_contraception=False)
    assert any(one.outcome == "done" for one in kept)


def test_days_from_before_the_rows_are_counted_when_they_are_looked_at(db: Database, who: People) -> None:
    receive(db, who, "reading", glucose("5.5"), NOW - timedelta(days=3))
    db.execute("update day_rows set readings = null, log = null")
    same_as_fresh(db, who)
    assert days.fill(db, str(who.lin.participant_id), STUDY) > 0
    assert days.fill(db, str(who.lin.participant_id), STUDY) == 0
    same_as_fresh(db, who)


def test_a_total_of_the_day_stands_for_its_single_doses(db: Database, who: People) -> None:
    at = NOW - timedelta(days=2)
    for units, kind in (("6", "bolus"), ("10", "basal"), ("18.5", "day_total")):
        receive(db, who, "insulin", {"units": units, "type": kind}, at)
    kept = days.list_days(db, str(who.lin.participant_id), FIRST, LAST, STUDY)
    insulin = kept[at.astimezone(SHANGHAI).date()].insulin
    assert insulin is not None
    assert (str(insulin.units), insulin.is_total) == ("18.5", True)


def test_a_closed_day_is_judged_anew_when_its_dose_is_answered_weeks_later(db: Database, who: People) -> None:
    dose = prescribe(db, who, "dose", ["08:00"], drug="sirolimus")
    participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
    with db.atomic():
        assert adherence.close_days(db, participant, FIRST, LAST, NOW) > 30
    day = date(2026, 2, 1)

    def outcome() -> str:
        found = adherence.list_judged(db, participant, day, day, NOW, hide_contraception=False)
        return found[0].outcome

    assert outcome() == "missed"
    said = {"schedule_id": dose, "due_day": day.isoformat(), "slot": "08:00", "status": "taken",
            "taken_at": "2026-02-01T08:10:00+08:00"}  # fmt: skip
    answer, _ = receive(db, who, "dose", said, NOW)
    assert outcome() == "done"
    with db.atomic():
        adherence.close_days(db, participant, FIRST, LAST, NOW)
    receive(db, who, "dose", None, NOW, replaces=answer)
    assert outcome() == "missed"


def test_a_schedule_that_ends_or_begins_in_the_past_has_its_days_judged_anew(
    db: Database, who: People
) -> None:
    dose = prescribe(db, who, "dose", ["08:00"], drug="sirolimus")
    participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
    with db.atomic():
        adherence.close_days(db, participant, FIRST, LAST, NOW)
    schedules.end(
        db, who.chen.actor, STUDY, NOW, participant, dose, to_day=date(2026, 2, 10), reason="stopped then"
    )
    found = adherence.list_judged(db, participant, FIRST, LAST, NOW, hide_contraception=False)
    assert max(one.window.day for one in found) == date(2026, 2, 10)
