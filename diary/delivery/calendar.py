"""Schedules as an iCalendar file (RFC 5545): it rings with no network, and its titles say nothing.

Strangers see a calendar: every event has the same title, whatever it is for, and ids that tell nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vRecur, vText

from diary.delivery.timezones import timezone_of
from diary.rules.calendars import Series
from diary.rules.schedules import Occurrence, Schedule, instant_of, occurrences

PRODID = "-//Diary//Diary//EN"
LASTS = timedelta(minutes=10)
REFRESH = timedelta(hours=6)
ZONE_YEARS = 20
# Occurrences that the clock moves are written one by one, so far ahead.
AHEAD = timedelta(days=400)
# The rarest rhythm comes every 99 months.
RAREST = timedelta(days=99 * 31)


def build(series: Sequence[Series], title: str, now: datetime) -> bytes:
    """The file: one event for each time of day of each schedule, from now on."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(title))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for one in series:
        for slot in sorted(one.schedule.times):
            for event in _events(one, slot, title, now):
                calendar.add_component(event)
    for zone in sorted({one.zone for one in series}):
        years = date(now.year - 1, 1, 1), date(now.year + ZONE_YEARS, 1, 1)
        calendar.subcomponents.insert(0, timezone_of(zone, *years))
    return bytes(calendar.to_ical())


def _events(series: Series, slot: str, title: str, now: datetime) -> list[Event]:
    """The event that repeats, and one for each time that the clock or a journey moves."""
    place = ZoneInfo(series.zone)
    today = now.astimezone(place).date()
    coming = _coming(series, slot, now, today + AHEAD) or _coming(series, slot, now, today + RAREST)[:1]
    moved = [one for one in coming if one.due_at.astimezone(place).strftime("%H:%M") != slot]
    left_out = {one.day for one in moved} | {day for day, silent in series.silent if silent == slot}
    last = _last_day(series.schedule)
    if not coming or (
        last is not None
        and coming[-1].day <= last <= today + AHEAD
        and not ({one.day for one in coming} - left_out)
    ):
        found = []
    else:
        found = [_repeating(series, slot, title, now, coming, sorted(left_out), last, today)]
    singles = [(one.day, one.due_at) for one in moved if (one.day, slot) not in series.silent]
    kept = [(day, at) for day, of, at in sorted(series.kept) if of == slot and at >= now]
    return found + [_single(series, slot, day, at, title, now) for day, at in singles + kept]


def _coming(series: Series, slot: str, now: datetime, until: date) -> list[Occurrence]:
    first = now.astimezone(ZoneInfo(series.zone)).date()
    found = occurrences(series.schedule, series.zone, first, until)
    return [one for one in found if one.slot == slot and one.due_at >= now]


def _last_day(schedule: Schedule) -> date | None:
    """The last day of the schedule or of its rule; None when it goes on."""
    _, _, until = (schedule.rrule or "").partition(";UNTIL=")
    days = [day for day in (schedule.to_day, date.fromisoformat(until) if until else None) if day]
    return min(days, default=None)


def _repeating(
    series: Series, slot: str, title: str, now: datetime, coming: Sequence[Occurrence],
    left_out: Sequence[date], last: date | None, today: date,
) -> Event:  # fmt: skip
    place = ZoneInfo(series.zone)

    def at(day: date) -> datetime:
        return datetime.combine(day, time.fromisoformat(slot), place)

    event = _event(series, slot, title, now)
    event.add("dtstart", at(coming[0].day))
    rule = vRecur.from_ical((series.schedule.rrule or "FREQ=DAILY").partition(";UNTIL=")[0])
    if last is not None:
        # A schedule that ended today may end before its last slot: the last that is due says it.
        near = last <= today + AHEAD
        rule["UNTIL"] = [coming[-1].due_at if near else instant_of(last, slot, series.zone)]
    event.add("rrule", rule)
    first, final = coming[0].day, coming[-1].day
    if exceptions := [at(day) for day in left_out if first <= day <= final]:
        event.add("exdate", exceptions)
    return event


def _single(series: Series, slot: str, day: date, at: datetime, title: str, now: datetime) -> Event:
    event = _event(series, f"{slot} {day}", title, now)
    event.add("dtstart", at.astimezone(ZoneInfo(series.zone)))
    return event


def _event(series: Series, part: str, title: str, now: datetime) -> Event:
    event = Event()
    digest = hashlib.sha256(f"{series.key}\0{part}".encode()).hexdigest()
    event.add("uid", f"{digest[:32]}@diary")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", title)
    event.add("duration", LASTS)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return event
