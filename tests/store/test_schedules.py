"""Schedules that follow one another: nobody is left without a dose between the two."""

import pytest

from diary.db import Database
from tests.people import People
from tests.store.prescribing import DAY, HOUR, MONDAY, SEVEN, prescribe, states, tick


@pytest.mark.parametrize("days", [1, 3])
def test_what_is_replaced_from_a_later_day_goes_on_until_then(db: Database, who: People, days: int) -> None:
    old = prescribe(db, who, who.lin)
    tick(db, SEVEN + 2 * HOUR)
    new = prescribe(
        db, who, who.lin, SEVEN + 2 * HOUR, from_day=MONDAY + days * DAY, replaces=old["id"], amount="3 mg"
    )
    for hour in range(2, 24 * 4):
        tick(db, SEVEN + hour * HOUR)
    before, after = states(db, old), states(db, new)
    counted = [slot for slot, state in before.items() if state != "cancelled"]
    assert counted == [f"0{2 + day} {slot}" for day in range(days) for slot in ("08:00", "20:00")]
    assert min(after) == f"0{2 + days} 08:00" and "cancelled" not in after.values()


def test_what_is_replaced_from_today_on_ends_now(db: Database, who: People) -> None:
    old = prescribe(db, who, who.lin)
    tick(db, SEVEN + 2 * HOUR)
    new = prescribe(db, who, who.lin, SEVEN + 2 * HOUR, replaces=old["id"], amount="3 mg")
    tick(db, SEVEN + 3 * HOUR)
    assert states(db, old)["02 20:00"] == "cancelled"
    assert list(states(db, new)) == ["02 20:00", "03 08:00", "03 20:00"]
