"""What was due, counted in another way than the product does: by walking through every minute of the period.

No RRULE library, no conversion of wall times to instants: each minute of UTC is asked what the clock on the
wall shows in each zone, and what is written there for the first time is when something is due.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Due:
    """One thing that was due, and whether the site's own doing may have taken it back."""

    day: str
    slot: str
    at: datetime


@cache
def shown(zone: str, day: date) -> Mapping[str, datetime]:
    """By wall time (HH:MM) the first minute of UTC at which that zone's clock shows it, or has passed it."""
    place, found = ZoneInfo(zone), {}
    minute = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    seen = -1
    for _ in range((24 + 30) * 60):
        local = minute.astimezone(place)
        if local.date() == day:
            number = local.hour * 60 + local.minute
            # A clock that leaps shows all that it leapt over at once.
            for passed in range(seen + 1, number + 1):
                found[f"{passed // 60:02d}:{passed % 60:02d}"] = minute
            seen = max(seen, number)
        minute += MINUTE
    return found


def is_on(schedule: Mapping[str, Any], day: date) -> bool:
    """Whether the schedule's rule names the day; only the rules that the simulation prescribes."""
    rule: str | None = schedule["rrule"]
    if rule is None:
        return True
    first = date.fromisoformat(schedule["from_day"])
    if rule == "FREQ=WEEKLY":
        return (day - first).days % 7 == 0
    name, _, value = rule.rpartition(";")[2].partition("=")
    if name == "BYDAY":
        return _WEEKDAYS[day.weekday()] in value.split(",")
    if name == "BYMONTHDAY":
        return str(day.day) == value
    raise ValueError(f"the oracle does not know {rule}")


def due(schedule: Mapping[str, Any], until: date) -> Iterator[Due]:
    """Everything that was due of a schedule, in order of days; `schedule` as it stood in the end."""
    day = date.fromisoformat(schedule["from_day"])
    last = min(date.fromisoformat(schedule["to_day"]), until) if schedule["to_day"] else until
    created = datetime.fromisoformat(schedule["created_at"])
    ended = datetime.fromisoformat(schedule["ended_at"]) if schedule["ended_at"] else None
    ended_day = ended.astimezone(ZoneInfo(schedule["zone"])).date() if ended else None
    while day <= last:
        if is_on(schedule, day):
            clocks = shown(schedule["zone"], day)
            for slot in schedule["times"]:
                at = clocks[slot]
                # Ended for the same day: what is due after that moment does not count.
                if at >= created and not (ended and day == last and ended_day == last and at >= ended):
                    yield Due(day.isoformat(), slot, at)
        day += timedelta(days=1)
