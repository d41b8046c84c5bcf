"""Along the roster: coordinators, investigators, everyone; never a silent step."""

from datetime import UTC, datetime, timedelta

import pytest

from diary.rules.paging import Staff, called, round_of, starts_at

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
C1, C2 = Staff("c1", "coordinator", True), Staff("c2", "coordinator", False)
I1, I2 = Staff("i1", "investigator", True), Staff("i2", "investigator", False)
TEAM = [C1, C2, I1, I2]
ALL = {"c1", "c2", "i1", "i2"}


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-5, 0), (0, 0), (14.99, 0), (15, 1), (29.99, 1), (30, 2), (1440, 96)]
)
def test_a_round_begins_every_quarter_of_an_hour(minutes: float, expected: int) -> None:
    assert round_of(START, START + timedelta(minutes=minutes), 15) == expected


def test_a_round_starts_where_the_one_before_ends() -> None:
    assert starts_at(START, 3, 15) == START + timedelta(minutes=45)


def test_a_page_goes_to_coordinators_then_investigators_on_call_then_everyone() -> None:
    assert [called(TEAM, ALL, n) for n in range(4)] == [
        ["c1"], ["i1"], ["c1", "c2", "i1", "i2"], ["c1", "c2", "i1", "i2"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reachable", "expected"),
    [({"i1", "c2"}, ["i1"]), ({"c2", "i2"}, ["c2", "i2"]), ({"c1"}, ["c1"]), (set(), [])],
)
def test_who_cannot_be_reached_is_passed_over_at_once(reachable: set[str], expected: list[str]) -> None:
    assert called(TEAM, reachable, 0) == expected


def test_a_later_step_without_anybody_falls_to_everyone_who_can_be_reached() -> None:
    assert called(TEAM, {"c1"}, 1) == ["c1"]


def test_without_a_roster_everyone_with_an_address_is_told_at_once() -> None:
    off = [Staff("c", "coordinator", False), Staff("i", "investigator", False)]
    assert called(off, {"c", "i"}, 0) == ["c", "i"]
