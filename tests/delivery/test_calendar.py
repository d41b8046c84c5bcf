"""The calendar file, read back with a calendar library: it rings when the diary would, and says nothing."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from dateutil.rrule import rrulestr
from icalendar import Calendar

from diary.delivery.calendar import AHEAD, build
from diary.delivery.timezones import timezone_of
from diary.rules.calendars import Series
from diary.rules.schedules import Schedule, occurrences

NOW = datetime(2026, 2, 10, 3, 5, tzinfo=UTC)
LONG_AGO = datetime(2025, 11, 3, tzinfo=UTC)
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
         "America/Santiago", "Asia/Kathmandu"]  # fmt: skip
TITLE = "Time for your diary"


def schedule(*times: str, rrule: str | None = None, first: str = "2025-11-03", last: str | None = None,
             ended_at: datetime | None = None, created_at: datetime = LONG_AGO) -> Schedule:  # fmt: skip
    return Schedule(
        times=times or ("08:00", "20:00"), rrule=rrule, from_day=date.fromisoformat(first),
        to_day=date.fromisoformat(last) if last else None, window_before_min=60, window_after_min=120,
        created_at=created_at, ended_at=ended_at,
    )  # fmt: skip


def read(*series: Series, title: str = TITLE, now: datetime = NOW) -> Any:
    return Calendar.from_ical(build(series, title, now))


def rings(event: Any, until: datetime) -> list[datetime]:
    """When this event begins, expanded by dateutil as RFC 5545 says."""
    start = event["DTSTART"].dt
    if "RRULE" not in event:
        return [start.astimezone(UTC)] if start.astimezone(UTC) <= until else []
    rule = rrulestr(event["RRULE"].to_ical().decode(), dtstart=start)
    out = {moment.dt for moment in event["EXDATE"].dts} if "EXDATE" in event else set()
    found = []
    for moment in rule:
        if moment.astimezone(UTC) > until:
            break
        if moment not in out:
            found.append(moment.astimezone(UTC))
    return found


def all_rings(calendar: Any, until: datetime) -> list[datetime]:
    return sorted(moment for event in calendar.events for moment in rings(event, until))


def due(one: Series, until: datetime, now: datetime = NOW) -> list[datetime]:
    """The same by the diary's own rules."""
    found = occurrences(one.schedule, one.zone, now.date() - timedelta(2), until.date() + timedelta(2))
    return sorted(
        occurrence.due_at
        for occurrence in found
        if now <= occurrence.due_at <= until and (occurrence.day, occurrence.slot) not in one.held
    )


SCHEDULES = {
    "twice a day": schedule("08:00", "20:00"),
    "at night, when clocks change": schedule("01:30", "02:00", "02:15", "02:30", "03:00", "00:00", "23:59"),
    "every other day": schedule("07:30", rrule="FREQ=DAILY;INTERVAL=2"),
    "two weekdays every other week": schedule("02:30", rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SA", first="2025-11-06"),
    "weekly by its first day": schedule("09:00", rrule="FREQ=WEEKLY", first="2025-11-07"),
    "on days of the month": schedule("02:30", rrule="FREQ=MONTHLY;BYMONTHDAY=1,29,31"),
    "monthly by a day that some lack": schedule("21:00", rrule="FREQ=MONTHLY", first="2025-12-31"),
    "quarterly": schedule("21:00", rrule="FREQ=MONTHLY;INTERVAL=3", first="2025-11-15"),
    "a limited time": schedule("02:30", "12:00", last="2026-10-25"),
    "a rule with its end": schedule("02:30", rrule="FREQ=DAILY;INTERVAL=3;UNTIL=20260501"),
    "still to begin": schedule("10:00", first="2026-06-01"),
    "ended tomorrow": schedule("10:00", last="2026-02-11", ended_at=NOW - timedelta(days=1)),
}  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_calendar_rings_exactly_when_something_is_due_for_a_year(name: str, zone: str) -> None:
    series = Series("k", SCHEDULES[name], zone)
    until = NOW + AHEAD - timedelta(days=3)
    assert due(series, until)
    assert all_rings(read(series), until) == due(series, until)


def test_a_held_dose_does_not_ring_on_its_day_and_the_evening_one_does() -> None:
    held = frozenset({(date(2026, 3, 1), "08:00")})
    series = Series("k", schedule(), "Asia/Shanghai", held)
    until = NOW + timedelta(days=40)
    found = all_rings(read(series), until)
    assert found == due(series, until)
    assert datetime(2026, 3, 1, 0, 0, tzinfo=UTC) not in found
    assert datetime(2026, 3, 1, 12, 0, tzinfo=UTC) in found


def test_a_dose_left_at_its_old_time_rings_then_and_not_at_its_own() -> None:
    at = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
    past = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)
    kept = frozenset({(date(2026, 3, 1), "08:00", at), (date(2026, 2, 10), "20:00", past)})
    series = Series("k", schedule(), "Asia/Shanghai", kept=kept)
    until = NOW + timedelta(days=40)
    found = all_rings(read(series), until)
    silent = {datetime(2026, 3, 1, 0, 0, tzinfo=UTC), datetime(2026, 2, 10, 12, 0, tzinfo=UTC)}
    assert set(found) == {*due(series, until), at} - silent
    assert len(found) == len(set(found)) and past not in found


def test_a_dose_left_at_its_old_time_is_all_that_is_left_of_a_schedule() -> None:
    at = NOW + timedelta(hours=1)
    kept = frozenset({(date(2026, 2, 10), "08:00", at)})
    over = Series("k", schedule("08:00", last="2026-02-10"), "Asia/Shanghai", kept=kept)
    assert all_rings(read(over), NOW + timedelta(days=9)) == [at]


def test_a_hold_on_the_day_that_the_clock_skips_leaves_no_single_event() -> None:
    held = frozenset({(date(2026, 3, 29), "02:30")})
    series = Series("k", schedule("02:30"), "Europe/Berlin", held)
    until = NOW + timedelta(days=60)
    assert all_rings(read(series), until) == due(series, until)


def test_what_has_ended_is_not_in_the_file() -> None:
    over = Series("k", schedule(last="2026-02-09"), "Asia/Shanghai")
    # Ended this morning: nothing of today is due any more.
    today = Series("k", schedule(last="2026-02-10", ended_at=NOW - timedelta(hours=1)), "Asia/Shanghai")
    assert read(over, today).events == []


def test_only_a_held_day_left_is_no_event() -> None:
    held = frozenset({(date(2026, 2, 11), "08:00")})
    series = Series("k", schedule("08:00", last="2026-02-11"), "Asia/Shanghai", held)
    assert read(series).events == []


def test_every_event_has_an_alarm_at_its_time_and_a_neutral_title() -> None:
    calendar = read(Series("k", schedule("02:30", "20:00"), "Europe/Berlin"), title="该写日记了")
    # The night on which the clock skips 02:30 has an event of its own.
    assert len(calendar.events) == 3
    for event in calendar.events:
        [alarm] = event.walk("VALARM")
        assert alarm["TRIGGER"].dt == timedelta(0)
        assert (alarm["ACTION"], alarm["DESCRIPTION"], event["SUMMARY"]) == (
            "DISPLAY", "该写日记了", "该写日记了",
        )  # fmt: skip
        assert set(event) == {"SUMMARY", "DTSTART", "DURATION", "DTSTAMP", "UID", "CLASS", "TRANSP"} | (
            set(event) & {"RRULE", "EXDATE"}
        )


def test_ids_stay_the_same_from_day_to_day_and_tell_nothing() -> None:
    def uids(now: datetime, key: str = "a schedule's id") -> set[str]:
        calendar = read(Series(key, schedule(), "Asia/Shanghai"), now=now)
        return {str(event["UID"]) for event in calendar.events}

    assert uids(NOW) == uids(NOW + timedelta(days=30))
    assert uids(NOW).isdisjoint(uids(NOW, "another"))
    assert all(re.fullmatch(r"[0-9a-f]{32}@diary", uid) for uid in uids(NOW))


def test_the_bytes_are_as_the_standard_wants_them() -> None:
    title = "记日记, 好; 一\\二 " * 9
    raw = build([Series("k", schedule(), "Europe/Berlin")], title, NOW)
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"") and lines[-1] == b""
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    unfolded = raw.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:" + title.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;") in unfolded
    calendar: Any = Calendar.from_ical(raw)
    assert calendar.events[0]["SUMMARY"] == title
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Berlin"]


def test_a_calendar_without_anything_due_is_a_calendar() -> None:
    assert read().events == []


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_in_the_file_changes_its_clock_when_the_zone_does(zone: str) -> None:
    component = timezone_of(zone, date(2025, 1, 1), date(2030, 1, 1))
    text = "BEGIN:VCALENDAR\r\n" + component.to_ical().decode() + "END:VCALENDAR\r\n"
    told = tz.tzical(io.StringIO(text.replace("\r\n ", ""))).get(zone)
    real = ZoneInfo(zone)
    assert told is not None
    at = datetime(2025, 6, 1, tzinfo=UTC)
    while at < datetime(2027, 6, 1, tzinfo=UTC):
        wall = at.astimezone(real)
        # An hour that comes twice is one hour on the wall: dateutil takes the first.
        if not wall.fold:
            assert wall.replace(tzinfo=None, fold=0).replace(tzinfo=told).utcoffset() == wall.utcoffset(), at
        at += timedelta(minutes=30)
