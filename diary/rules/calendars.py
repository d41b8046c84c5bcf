"""What a calendar file is made of: schedules in their zones, and the slots that do not ring."""

from dataclasses import dataclass
from datetime import date

from diary.rules.schedules import Schedule


@dataclass(frozen=True)
class Series:
    """One schedule in its zone; `key` is what its ids are made of; `held` are (day, slot) that wait."""

    key: str
    schedule: Schedule
    zone: str
    held: frozenset[tuple[date, str]] = frozenset()
