"""Reminders: when something is told again, when it waits for the morning, when doses run out of step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from diary.rules.quiet_hours import quiet_until

if TYPE_CHECKING:
    from diary.study import Reminders

Kind = Literal["dose", "reading", "contraception", "diary", "recheck"]
State = Literal["planned", "due", "answered", "missed", "cancelled"]
Hold = Literal["waiting", "drawn", "overdue"]
# Withdrawal or completion does not end medication reminders (STUDY.md 6); measuring and the diary stop.
STOPPED_STATES = frozenset({"paused", "withdrawn", "completed"})
STUDY_KINDS: frozenset[Kind] = frozenset({"reading", "diary"})


def next_telling(
    kind: Kind, told: int, told_at: datetime, closes_at: datetime, zone: str, settings: Reminders
) -> datetime | None:
    """When it is told once more after it was told `told` times; None when that was the last.

    At most `repeats` repeats, within the window; a re-check after a low does not wait for the morning.
    """
    if told > settings.repeats:
        return None
    at = told_at + timedelta(minutes=settings.repeat_every_min)
    if kind != "recheck":
        at = quiet_until(at, zone, settings.quiet_from, settings.quiet_to) or at
    return at if at < closes_at else None


def begins_run(before: Sequence[bool], after: Sequence[bool], length: int) -> bool:
    """Whether one more mark makes a run of `length` where there was none; neighbours nearest first."""
    left, right = _leading(before), _leading(after)
    return max(left, right) < length <= left + 1 + right


def _leading(marks: Sequence[bool]) -> int:
    return next((place for place, mark in enumerate(marks) if not mark), len(marks))


def interval_is_kept(
    last_before: datetime | None, first_after: datetime | None, times_a_day: int, settings: Reminders
) -> bool:
    """Whether two doses stay 9 to 15 h apart where the medicine is taken every 12 h (STUDY.md 6).

    Other rhythms keep the same share: within 25 % of the nominal interval.
    """
    if last_before is None or first_after is None:
        return True
    share = (first_after - last_before) / (timedelta(hours=24) / times_a_day)
    return settings.interval_from_h / 12 <= share <= settings.interval_to_h / 12
