"""What a calendar file is made of: schedules in their zones, and the slots that do not ring."""

from dataclasses import dataclass
from datetime import date, datetime

from diary.rules.schedules import Schedule


@dataclass(frozen=True)
class Series:
    """One schedule in its zone; `key` is what its ids are made of; `held` are (day, slot) that wait.

    `kept` are (day, slot, instant) that stay where a zone before had them: that instant rings, the slot's own
    does not.
    """

    key: str
    schedule: Schedule
    zone: str
    held: frozenset[tuple[date, str]] = frozenset()
    kept: frozenset[tuple[date, str, datetime]] = frozenset()

    @property
    def silent(self) -> frozenset[tuple[date, str]]:
        """(day, slot) that do not ring at their own time."""
        return self.held | {(day, slot) for day, slot, _ in self.kept}
