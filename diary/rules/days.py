"""Instants and local days: strict RFC 3339 in, the day as the participant lived it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from diary.rules.refusals import Refusal, shown

_INSTANT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:[0-5]\d)?", re.ASCII
)


def parse_instant(text: object) -> datetime | Refusal:
    """An RFC 3339 instant with its own offset kept; or time_unreadable, _without_offset or _impossible.

    Impossible are 31 June, 24:00, a leap second (no phone or meter writes either) and an instant whose UTC
    lies outside the years 1 to 9999. -00:00 says that the local time is not known: it counts as no offset.
    """
    match = _INSTANT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return Refusal("time_unreadable", {"value": shown(str(text))})
    day, clock, fraction, offset = match.groups()
    if offset is None or offset == "-00:00":
        return Refusal("time_without_offset", {"value": shown(match[0])})
    zone = "+00:00" if offset in "Zz" else offset
    try:
        instant = datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{zone}")
        instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return Refusal("time_impossible", {"value": shown(match[0])})
    return instant


def local_day(instant: datetime) -> date:
    """The day on the wall calendar where it happened: in the instant's own offset, not in UTC."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant.date()


@dataclass(frozen=True)
class Since:
    """From this instant on somebody lived by the clock of `zone`."""

    at: datetime
    zone: str


def local_day_in(zones: Sequence[Since], instant: datetime) -> date:
    """The day it was where somebody was then; `zones` oldest first, the first also for all before it."""
    zone = next((one.zone for one in reversed(zones) if one.at <= instant), zones[0].zone)
    return instant.astimezone(ZoneInfo(zone)).date()


def age_years(born_day: date, on_day: date) -> int:
    """Full years lived; somebody born on 29 February has the birthday on 1 March in other years."""
    had_birthday = (on_day.month, on_day.day) >= (born_day.month, born_day.day)
    return on_day.year - born_day.year - (0 if had_birthday else 1)
