"""A zone's changes of the clock as VTIMEZONE (RFC 5545, 3.6.5), for readers without a zone database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDDDLists

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@lru_cache(maxsize=64)
def timezone_of(zone: str, first: date, last: date) -> Timezone:
    """The zone's offsets on these days, both included; each change at its own instant.

    Times stand in the offset that ends with them, as the standard has it.
    """
    place = ZoneInfo(zone)
    found = Timezone()
    found.add("tzid", zone)
    begin = datetime.combine(first, time(), UTC)
    found.add_component(_observance(begin.astimezone(place), begin.astimezone(place)))
    seen: dict[tuple[timedelta | None, timedelta | None, str | None, bool], list[datetime]] = {}
    for before, after in _changes(place, begin, datetime.combine(last, time(), UTC)):
        kind = (before.utcoffset(), after.utcoffset(), after.tzname(), bool(after.dst()))
        seen.setdefault(kind, []).append(before)
        if len(seen[kind]) == 1:
            found.add_component(_observance(before, after))
    for component, starts in zip(found.subcomponents[1:], seen.values(), strict=True):
        if len(starts) > 1:
            component.add("rdate", vDDDLists([_local(start) for start in starts[1:]]))
    return found


def _changes(place: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each change as the same instant in the offset before it and in the one after it."""
    at = begin
    while at < end:
        if _state(at, place) != _state(at + DAY, place):
            change = _between(at, at + DAY, place)
            old = (change - SECOND).astimezone(place)
            fixed = timezone(old.utcoffset() or timedelta(0))
            yield change.astimezone(fixed), change.astimezone(place)
        at += DAY


def _state(at: datetime, place: ZoneInfo) -> tuple[timedelta | None, str | None, bool]:
    local = at.astimezone(place)
    return local.utcoffset(), local.tzname(), bool(local.dst())


def _between(low: datetime, high: datetime, place: ZoneInfo) -> datetime:
    """The first second of the new state."""
    old = _state(low, place)
    while high - low > SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _state(middle, place) == old else (low, middle)
    return high


def _local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _observance(before: datetime, after: datetime) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if after.dst() else TimezoneStandard()
    component.add("dtstart", _local(before))
    component.add("tzoffsetfrom", before.utcoffset())
    component.add("tzoffsetto", after.utcoffset())
    component.add("tzname", after.tzname())
    return component
