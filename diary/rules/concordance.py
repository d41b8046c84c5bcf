"""Meter against log: what the meter remembers beside what was written down (STUDY.md 8; Mazze 1984)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

Finding = Literal["agrees", "altered", "omitted", "phantom"]
# People write the time of a meal, meters the minute of the drop.
TOLERANCE: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Value:
    """One reading of either side: decimal text or LO / HI, with its unit (None for those two)."""

    root_id: str
    at: datetime
    text: str
    unit: str | None


@dataclass(frozen=True)
class Pair:
    finding: Finding
    meter: Value | None
    log: Value | None


def compare(meter: Iterable[Value], log: Iterable[Value], tolerance: timedelta = TOLERANCE) -> list[Pair]:
    """Each value of either side once, in order of time.

    A written value belongs to the nearest free one of the meter within the tolerance, equal values first.
    Written values outside the time that the meter's memory covers say nothing, and are left out.
    """
    remembered = sorted(meter, key=lambda v: (v.at, v.root_id))
    if not remembered:
        return []
    first, last = remembered[0].at - tolerance, remembered[-1].at + tolerance
    written = sorted((v for v in log if first <= v.at <= last), key=lambda v: (v.at, v.root_id))
    pairs: list[Pair] = []
    paired: set[str] = set()
    for one, other in _nearest(remembered, written, tolerance):
        if one.root_id not in paired and other.root_id not in paired:
            paired |= {one.root_id, other.root_id}
            pairs.append(Pair("agrees" if _same(one, other) else "altered", one, other))
    pairs += [Pair("omitted", one, None) for one in remembered if one.root_id not in paired]
    pairs += [Pair("phantom", None, other) for other in written if other.root_id not in paired]
    return sorted(pairs, key=lambda pair: (_at(pair), _id(pair)))


def _nearest(
    meter: Sequence[Value], log: Sequence[Value], tolerance: timedelta
) -> Iterable[tuple[Value, Value]]:
    """Candidate pairs, those of equal value first, then by distance in time; both sides in order of time."""
    times = [m.at for m in meter]
    near = [
        (m, w)
        for w in log
        for m in meter[bisect_left(times, w.at - tolerance) : bisect_right(times, w.at + tolerance)]
    ]
    near.sort(key=lambda pair: (not _same(*pair), abs(pair[0].at - pair[1].at), pair[0].at, pair[1].root_id))
    return near


def _same(one: Value, other: Value) -> bool:
    """The same number in the same unit; 5.0 is 5, LO is LO, 52 mg/dL is not 2.9 mmol/L."""
    if one.text.isalpha() or other.text.isalpha():
        return one.text == other.text
    return one.unit == other.unit and Decimal(one.text) == Decimal(other.text)


def _at(pair: Pair) -> datetime:
    side = pair.meter or pair.log
    if side is None:
        raise ValueError("a pair has at least one side")
    return side.at


def _id(pair: Pair) -> str:
    return (pair.meter or pair.log or Value("", _at(pair), "", None)).root_id
