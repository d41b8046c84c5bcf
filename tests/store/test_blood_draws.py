"""A dose that waits for the blood draw: its reminder, its latest hour, the page when none came."""

import pytest

from diary import clock
from diary.db import Database, Row
from diary.store import outbox
from diary.store.schedules import Hold
from tests.people import People
from tests.store.prescribing import (
    HOUR,
    MINUTE,
    MONDAY,
    SEVEN,
    alert_kinds,
    dose,
    prescribe,
    row_of,
    tick,
    told,
    write,
)
from tests.store.telling import phone


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
