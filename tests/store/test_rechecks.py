"""A low is to be checked again: a reminder of its own, which no schedule sets."""

import pytest

from diary import clock
from diary.db import Database, Row
from tests.people import NOW, People
from tests.store.prescribing import MINUTE, tick, told, write


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


def test_an_event_without_a_reading_is_checked_again_in_15_minutes(db: Database, who: People) -> None:
    event = {"symptoms": ["shaking"], "consciousness": "awake", "help": "self"}
    made = write(db, who.lin, "hypo_event", event, NOW)
    [row] = db.query("select * from reminders where kind = 'recheck'")
    assert (row["due_at"], row["entry_root_id"]) == (clock.to_text(NOW + 15 * MINUTE), made.id)
    write(db, who.lin, "hypo_event", None, NOW + MINUTE, replaces=made.id, reason="by mistake")
    assert [one["state"] for one in db.query("select state from reminders")] == ["cancelled"]
