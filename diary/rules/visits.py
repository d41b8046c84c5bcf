"""Visits: the study's plan counted from its anchors, what the site plans for one person, and what is due.

The product has no plan of its own: what the protocol asks for stands in the study's settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Anchor = Literal["consent", "enrolment", "first_transplant", "last_transplant"]
ANCHORS: Final[tuple[Anchor, ...]] = ("consent", "enrolment", "first_transplant", "last_transplant")
# later: its window is to come; in_window: it may be now; due: its day is here or past; overdue: too late.
State = Literal["later", "in_window", "due", "overdue", "done"]
STATES: Final[tuple[State, ...]] = ("later", "in_window", "due", "overdue", "done")
OPEN: Final[frozenset[State]] = frozenset({"in_window", "due", "overdue"})


@dataclass(frozen=True)
class StudyVisit:
    """One visit of the study's plan: `day` days after its anchor (before it: negative)."""

    id: str
    names: Mapping[str, str]
    anchor: Anchor
    day: int
    before_days: int
    after_days: int


@dataclass(frozen=True)
class Planned:
    """A visit of one participant; `key` is what a recorded visit names, `names` by language."""

    key: str
    names: Mapping[str, str]
    day: date
    first_day: date
    last_day: date
    purpose: str | None = None
    planned_id: str | None = None


@dataclass(frozen=True)
class Held:
    """A visit that took place; `reviewed`: fertility was looked at (STUDY.md 7: at each visit)."""

    entry_id: str
    day: date
    plan: str | None
    reviewed: bool


@dataclass(frozen=True)
class Visit:
    planned: Planned
    state: State
    held: Held | None = None


def of_study(visits: Iterable[StudyVisit], anchors: Mapping[Anchor, date]) -> list[Planned]:
    """The study's visits whose anchor is known, each with its day and window."""
    return [
        window(f"study:{one.id}", one.names, anchors[one.anchor] + timedelta(days=one.day),
               one.before_days, one.after_days)
        for one in visits
        if one.anchor in anchors
    ]  # fmt: skip


def window(
    key: str, names: Mapping[str, str], day: date, before_days: int, after_days: int, *,
    purpose: str | None = None, planned_id: str | None = None,
) -> Planned:  # fmt: skip
    first, last = day - timedelta(days=before_days), day + timedelta(days=after_days)
    return Planned(key, names, day, first, last, purpose, planned_id)


def judge(
    planned: Iterable[Planned], held: Sequence[Held], today: date, *, asked: bool = True
) -> list[Visit]:
    """Every planned visit by day with its state; a recorded visit fills the one it names.

    Not `asked` of who left or completed the study: then nothing that was not done is due.
    """
    filled = {one.plan: one for one in sorted(held, key=lambda one: one.day, reverse=True) if one.plan}
    judged = [Visit(one, _state(one, filled.get(one.key), today), filled.get(one.key)) for one in planned]
    shown = (one for one in judged if asked or one.state == "done")
    return sorted(shown, key=lambda one: (one.planned.day, one.planned.key))


def _state(one: Planned, held: Held | None, today: date) -> State:
    if held is not None:
        return "done"
    if today < one.first_day:
        return "later"
    if today > one.last_day:
        return "overdue"
    return "in_window" if today < one.day else "due"


def next_open(visits: Iterable[Visit]) -> Visit | None:
    """What the desk has to do something about first: the oldest that may be held now or was not."""
    return next((one for one in visits if one.state in OPEN), None)


def review_missing(held: Sequence[Held]) -> bool:
    """Whether the newest visit went by without a look at fertility."""
    newest = max(held, key=lambda one: (one.day, one.entry_id), default=None)
    return newest is not None and not newest.reviewed
