"""Occurrences: the cases that the phone shares, and every zone against a clock that is walked minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules import schedules
from diary.rules.schedules import Schedule, instant_of, occurrences, rrule_is_readable
from tests.shared import cases

ZONES = sorted(available_timezones() - {"localtime", "posixrules"})
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Since 1973 every zone has been whole minutes away from UTC.
FIRST, LAST = date(1973, 1, 1), date(2037, 12, 1)


@pytest.mark.parametrize("case", cases("schedules.json"), ids=lambda case: str(case["name"]))
def test_cases_shared_with_the_phone(case: dict[str, Any]) -> None:
    schedule = schedules.of_row(case["schedule"])
    day = date.fromisoformat(case["day"])
    found = occurrences(schedule, case["schedule"]["zone"], day, day)
    assert [one.due_at.strftime("%Y-%m-%dT%H:%M:%SZ") for one in found] == case["expect"]
    for one in found:
        assert one.due_at - one.opens_at == schedule.window_before_min * MINUTE
        assert one.closes_at - one.due_at == schedule.window_after_min * MINUTE


@cache
def odd_days(zone: str) -> tuple[date, ...]:
    """Days in the week after the zone's offset changed."""
    place, found = ZoneInfo(zone), []
    at = datetime.combine(FIRST, time(), UTC)
    end = datetime.combine(LAST, time(), UTC)
    before = at.astimezone(place).utcoffset()
    while at < end:
        at += 7 * DAY
        offset = at.astimezone(place).utcoffset()
        if offset != before:
            found.append(at.astimezone(place).date())
        before = offset
    return tuple(found) or (FIRST + 3 * DAY,)


def walked(day: date, slot: str, zone: str) -> datetime | None:
    """The first minute at which the wall clock shows the day's slot or later; None if it never shows the day.

    Walks UTC minute by minute: the clock on the wall may jump either way, and is only ever read.
    """
    place = ZoneInfo(zone)
    wanted = datetime.combine(day, time.fromisoformat(slot))
    at = datetime.combine(day, time(), UTC) - timedelta(hours=27)
    due, seen = None, False
    for _ in range(27 * 60 + 51 * 60):
        shown = at.astimezone(place).replace(tzinfo=None, fold=0)
        seen = seen or shown.date() == day
        if due is None and shown >= wanted:
            due = at
        at += MINUTE
    return due if seen else None


@given(st.data())
def test_every_zone_and_day_against_a_clock_that_is_walked(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    odd = st.builds(lambda d, n: d + n * DAY, st.sampled_from(odd_days(zone)), st.integers(-8, 1))
    day = data.draw(odd | st.dates(FIRST, LAST))
    slots = st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59))
    slot = data.draw(slots)
    schedule = Schedule((slot,), None, day, day, 60, 120, datetime(1970, 1, 1, tzinfo=UTC))
    found = [one.due_at for one in occurrences(schedule, zone, day - 3 * DAY, day + 3 * DAY)]
    expected = walked(day, slot, zone)
    assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize("zone", ZONES)
def test_no_zone_has_an_occurrence_twice_or_out_of_order_around_its_changes(zone: str) -> None:
    schedule = Schedule(
        ("00:00", "02:30", "08:00", "23:45"), None, FIRST, None, 60, 120, datetime(1970, 1, 1, tzinfo=UTC)
    )
    for day in odd_days(zone)[-4:]:
        found = occurrences(schedule, zone, day - 8 * DAY, day + 2 * DAY)
        keys = [(one.day, one.slot) for one in found]
        assert len(set(keys)) == len(keys) >= 16
        assert keys == sorted(keys)
        assert [one.due_at for one in found] == sorted(one.due_at for one in found)


def test_a_zone_of_odd_seconds_is_due_on_a_whole_minute() -> None:
    # Until 7 January 1972 Monrovia was 44 minutes and 30 seconds behind; then its clock jumped ahead.
    due = instant_of(date(1972, 1, 7), "00:10", "Africa/Monrovia").astimezone(ZoneInfo("Africa/Monrovia"))
    assert (due.hour, due.minute, due.second) == (0, 45, 0)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=12", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,15;UNTIL=20270101"],
)
def test_a_rule_that_a_schedule_needs_is_readable(rule: str) -> None:
    assert rrule_is_readable(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "", "FREQ=HOURLY", "FREQ=DAILY\n", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=DAILY;UNTIL=20260231",
        "FREQ=DAILY;BYDAY=XX", "DTSTART:20260101\nRRULE:FREQ=DAILY",
    ],
)  # fmt: skip
def test_another_rule_is_not(rule: str) -> None:
    assert not rrule_is_readable(rule)


def test_a_year_of_days_is_worked_out_once() -> None:
    schedules.days_of_rule.cache_clear()
    schedule = Schedule(
        ("08:00",), "FREQ=DAILY;INTERVAL=2", date(2025, 1, 1), None, 0, 0, datetime(2024, 1, 1, tzinfo=UTC)
    )
    for number in range(365):
        day = date(2026, 1, 1) + number * DAY
        assert len(occurrences(schedule, "UTC", day, day)) == number % 2
    assert schedules.days_of_rule.cache_info().misses == 1


@pytest.mark.parametrize(
    ("rule", "from_day", "to_day", "expected"),
    [
        ("FREQ=DAILY", "2026-03-02", None, True),
        ("FREQ=DAILY", "9999-12-31", None, True),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "2026-03-02", None, False),
        ("FREQ=DAILY;INTERVAL=14;BYDAY=MO,WE", "2026-03-02", None, True),
        ("FREQ=DAILY;INTERVAL=8;BYDAY=TU", "2026-03-02", None, True),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-03-02", "2026-03-02", False),
        ("FREQ=WEEKLY;BYDAY=TU", "2026-03-02", "2026-03-03", True),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "2026-02-01", None, False),
        ("FREQ=DAILY;UNTIL=20260301", "2026-03-02", None, False),
    ],
)
def test_a_rule_without_a_day_is_known(rule: str, from_day: str, to_day: str | None, expected: bool) -> None:
    last = date.fromisoformat(to_day) if to_day else None
    assert schedules.has_a_day(rule, date.fromisoformat(from_day), last) is expected


def test_steps_of_whole_weeks_that_miss_their_weekday_are_not_walked_to_the_end_of_the_calendar() -> None:
    with patch.object(schedules, "rrulestr", side_effect=AssertionError("the library looks until 9999")):
        assert not schedules.has_a_day("FREQ=DAILY;INTERVAL=21;BYDAY=TU", date(2026, 3, 2), None)
