"""What is due when: occurrences of a schedule, from wall-clock times, a zone and RFC 5545 days.

An occurrence is (schedule, local day, slot). A wall time that the clock skips is due at the first whole
minute after the gap, one that comes twice at the first; a day that a zone left out has no occurrences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
TWO_YEARS: Final = timedelta(days=731)
_NAMES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAYS: Final = rf"({'|'.join(_NAMES)})"
_MONTH_DAY: Final = r"([1-9]|[12][0-9]|3[01])"
_BY_DAY: Final = rf"(;BYDAY={_WEEKDAYS}(,{_WEEKDAYS}){{0,6}})?"
_BY_MONTH_DAY: Final = rf"(;BYMONTHDAY={_MONTH_DAY}(,{_MONTH_DAY}){{0,30}})?"
# The part of RFC 5545 that a medicine or a reading needs: every so many days, weeks or months. A weekly
# rule has no days of the month (RFC 5545, 3.3.10).
RRULE: Final = (
    rf"^FREQ=(WEEKLY(;INTERVAL=[1-9][0-9]?)?{_BY_DAY}"
    rf"|(DAILY|MONTHLY)(;INTERVAL=[1-9][0-9]?)?{_BY_DAY}{_BY_MONTH_DAY})(;UNTIL=[0-9]{{8}})?$"
)


@dataclass(frozen=True)
class Schedule:
    """Wall-clock `times` (HH:MM) on the days of `rrule` (None: every day) from `from_day` to `to_day`.

    Nothing before `created_at` is due. Ended ahead (`to_day` in the future) it counts through `to_day`; on
    the day on which it was ended, slots at or after `ended_at` do not count.
    """

    times: Sequence[str]
    rrule: str | None
    from_day: date
    to_day: date | None
    window_before_min: int
    window_after_min: int
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Occurrence:
    """One slot of one local day; it may be answered from `opens_at` to `closes_at`, both included."""

    day: date
    slot: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime


def of_row(row: Mapping[str, Any]) -> Schedule:
    """A schedule from its row: `times` already a list, days and instants as text."""
    return Schedule(
        times=row["times"],
        rrule=row["rrule"],
        from_day=date.fromisoformat(row["from_day"]),
        to_day=date.fromisoformat(row["to_day"]) if row["to_day"] else None,
        window_before_min=row["window_before_min"],
        window_after_min=row["window_after_min"],
        created_at=datetime.fromisoformat(row["created_at"]),
        ended_at=datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
    )


def rrule_is_readable(text: str) -> bool:
    """Whether the rule is one of ours and its end, if it has one, is a day of the calendar."""
    if not re.fullmatch(RRULE, text):
        return False
    try:
        return _split(text)[1] >= date.min
    except ValueError:
        return False


def has_a_day(rrule: str, from_day: date, to_day: date | None) -> bool:
    """Whether the rule falls on any day within two years: some that can be read never do."""
    last = min(to_day or date.max, from_day + min(date.max - from_day, TWO_YEARS))
    years = range(from_day.year, last.year + 1)
    return any(from_day <= day <= last for year in years for day in days_of_rule(rrule, from_day, year))


def _split(rrule: str) -> tuple[str, date]:
    """A rule without its end, and its last day."""
    rule, _, until = rrule.partition(";UNTIL=")
    return rule, date.fromisoformat(until) if until else date.max


def occurrences(schedule: Schedule, zone: str, first: date, last: date) -> list[Occurrence]:
    """What is due on the local days `first` to `last`, both included, in order of time."""
    place = ZoneInfo(zone)
    found = []
    for day in _days(schedule, first, last):
        if not day_exists(day, zone):
            continue
        for slot in sorted(schedule.times):
            due_at = instant_of(day, slot, zone)
            if due_at >= schedule.created_at and not _is_over(schedule, due_at, place):
                found.append(_occurrence(schedule, day, slot, due_at))
    return sorted(found, key=lambda one: (one.due_at, one.day, one.slot))


def _occurrence(schedule: Schedule, day: date, slot: str, due_at: datetime) -> Occurrence:
    before, after = schedule.window_before_min * MINUTE, schedule.window_after_min * MINUTE
    return Occurrence(day, slot, due_at, due_at - before, due_at + after)


def _is_over(schedule: Schedule, due_at: datetime, place: ZoneInfo) -> bool:
    ended_at = schedule.ended_at
    if ended_at is None or due_at < ended_at:
        return False
    ahead = schedule.to_day is not None and ended_at.astimezone(place).date() < schedule.to_day
    return not ahead


def _days(schedule: Schedule, first: date, last: date) -> Iterator[date]:
    first = max(first, schedule.from_day)
    last = min(last, schedule.to_day) if schedule.to_day else last
    if schedule.rrule is None:
        for number in range((last - first).days + 1):
            yield first + number * DAY
        return
    for year in range(first.year, last.year + 1):
        days = days_of_rule(schedule.rrule, schedule.from_day, year)
        yield from (day for day in days if first <= day <= last)


@lru_cache(maxsize=4096)
def days_of_rule(rrule: str, from_day: date, year: int) -> tuple[date, ...]:
    """Days of one year on which a rule that starts on `from_day` falls."""
    if from_day.year > year:
        return ()
    text, until = _split(rrule)
    if _misses_its_weekday(text, from_day):
        return ()
    rule = rrulestr(text, dtstart=datetime.combine(from_day, time(), UTC))
    found = rule.between(datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, tzinfo=UTC), inc=True)
    return tuple(instant.date() for instant in found if instant.date() <= until)


def _misses_its_weekday(rule: str, from_day: date) -> bool:
    """Whether steps of whole weeks never come to a day of the rule: dateutil looks until the year 9999."""
    parts = dict(part.split("=") for part in rule.split(";"))
    by_weeks = parts["FREQ"] == "DAILY" and int(parts.get("INTERVAL", 1)) % 7 == 0
    return by_weeks and "BYDAY" in parts and _NAMES[from_day.weekday()] not in parts["BYDAY"].split(",")


@lru_cache(maxsize=65536)
def instant_of(day: date, slot: str, zone: str) -> datetime:
    """The instant (UTC) at which the clock on the wall in `zone` shows `slot` on `day`, or first after it."""
    place = ZoneInfo(zone)
    wall = datetime.combine(day, time.fromisoformat(slot))
    early = _utc(wall, place, fold=0)
    if early.astimezone(place).replace(tzinfo=None) == wall:
        return early
    return _after_gap(_utc(wall, place, fold=1), early, place)


def _utc(wall: datetime, place: ZoneInfo, *, fold: int) -> datetime:
    return wall.replace(tzinfo=place, fold=fold).astimezone(UTC)


def _after_gap(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The first whole minute on the wall clock once the offset has changed between two instants."""
    old = before.astimezone(place).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(place).utcoffset() == old:
            low = middle
        else:
            high = middle
    first = before + timedelta(seconds=high)
    shown = first.astimezone(place)
    return first + timedelta(seconds=-shown.second % 60)


@lru_cache(maxsize=16384)
def day_exists(day: date, zone: str) -> bool:
    """Whether the zone's calendar has the day: Samoa had no 30 December 2011."""
    return instant_of(day, "00:00", zone).astimezone(ZoneInfo(zone)).date() == day
