"""Episodes: which lows and events are one, and the one verdict they have together (STUDY.md 4)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from diary.rules import glucose

if TYPE_CHECKING:
    from diary.rules.hypoglycaemia import Basis, HypoEvent, Reading, Verdict, Why
    from diary.study import GlucoseLimits

PointKind = Literal["low", "event", "recovered"]


@dataclass(frozen=True)
class Point:
    """A reading or event on the time line; `linked_to` is an event's reading, `answered` a yes or no given.

    `basis` and `why` are the member's own verdict (an event's is judged with its reading).
    """

    key: str
    at: datetime
    kind: PointKind
    linked_to: str | None = None
    basis: Basis = "none"
    why: Why | None = None
    answered: bool = False


@dataclass(frozen=True)
class Episode:
    """Members in order of time (then key); never empty."""

    members: tuple[Point, ...]

    @property
    def from_at(self) -> datetime:
        return self.members[0].at

    @property
    def to_at(self) -> datetime:
        return self.members[-1].at


def kind_of(reading: Reading, limits: GlucoseLimits) -> Literal["low", "recovered"] | None:
    """What a reading does on the time line; None where it says nothing about this person's recovery.

    Control, another's and re-labelled readings are nothing. An unconfirmed 28 may be a 2.8, and a sensor
    is no blood glucose: neither shows that a low is over.
    """
    if reading.is_excluded:
        return None
    if glucose.is_low(reading.glucose, limits):
        return "low"
    if reading.device == "cgm":
        return None
    unsure = not reading.confirmed and glucose.needs_confirmation(reading.glucose, limits)
    return None if unsure else "recovered"


def reading_point(
    key: str, at: datetime, reading: Reading, verdict: Verdict, limits: GlucoseLimits
) -> Point | None:
    """A reading on the time line with its own verdict; None if it has no place there."""
    kind = kind_of(reading, limits)
    return None if kind is None else Point(key, at, kind, None, verdict.basis, verdict.why)


def event_point(key: str, at: datetime, linked_to: str | None, event: HypoEvent, verdict: Verdict) -> Point:
    return Point(key, at, "event", linked_to, verdict.basis, verdict.why, event.is_answered)


def group(points: Iterable[Point], gap_min: int) -> list[Episode]:
    """Episodes in order of time, the same for any order of `points`.

    Lows and events at most `gap_min` apart (included) without a reading >= 3.9 strictly between them are
    one; an event always shares the episode of its reading, whenever either was entered.
    """
    ordered = sorted(points, key=_by_time)
    together = _Groups(point.key for point in ordered)
    recovered = [point.at for point in ordered if point.kind == "recovered"]
    qualifying = [point for point in ordered if point.kind != "recovered"]
    for earlier, later in pairwise(qualifying):
        near = later.at - earlier.at <= timedelta(minutes=gap_min)
        between = bisect_left(recovered, later.at) - bisect_right(recovered, earlier.at)
        if near and between <= 0:
            together.join(earlier.key, later.key)
    for point in qualifying:
        if point.linked_to is not None and point.linked_to in together.parent:
            together.join(point.key, point.linked_to)
    members: dict[str, list[Point]] = {}
    for point in ordered:
        members.setdefault(together.of(point.key), []).append(point)
    return [Episode(tuple(m)) for m in members.values() if any(point.kind != "recovered" for point in m)]


def joint_verdict(members: Sequence[Point]) -> tuple[bool | None, Basis]:
    """The one verdict of an episode: either limb of any member, else review while a question is open."""
    by_value = any(member.basis in ("value", "both") for member in members)
    by_help = any(member.basis in ("assistance", "both") for member in members)
    if by_value or by_help:
        return True, "both" if by_value and by_help else "value" if by_value else "assistance"
    answered = any(member.answered for member in members)
    if any(_is_open(member, answered) for member in members):
        return None, "review"
    return False, "none"


def _is_open(member: Point, answered: bool) -> bool:
    """A low reading's question is settled by an answer anywhere in the episode; every other doubt stays."""
    return member.basis == "review" and not (member.why == "unanswered" and answered)


def _by_time(point: Point) -> tuple[datetime, str]:
    return point.at, point.key


class _Groups:
    """Disjoint sets of keys: joining is in any order, the outcome the same."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.parent = {key: key for key in keys}

    def of(self, key: str) -> str:
        while self.parent[key] != key:
            self.parent[key] = key = self.parent[self.parent[key]]
        return key

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self.parent[second] = first
