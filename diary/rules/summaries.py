"""Glucose summaries of meter readings (STUDY.md 9): one value per local day, combined over any span.

A day holds what a span needs (counts, Welford's mean and sum of squares, risks, the pairs of the Lability
Index), so that no page reads a year of readings. Values are judged in their own unit before they come here;
converting is for formulas only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from diary.rules.glucose import Band

ADRR_DAYS: Final = 14
ADRR_READINGS: Final = 3
LI_WEEK_DAYS: Final = 7
LI_READINGS: Final = 14
LI_WEEKS: Final = 4
LI_GAP_H: Final = (1.0, 12.0)

_SEVERE: Final[tuple[Band, ...]] = ("lo", "severe")
_LEVEL2: Final[tuple[Band, ...]] = (*_SEVERE, "level2")
_BELOW: Final[tuple[Band, ...]] = (*_LEVEL2, "level1")
_VERY_HIGH: Final[tuple[Band, ...]] = ("very_high", "hi")
_ABOVE: Final[tuple[Band, ...]] = (*_VERY_HIGH, "high")


@dataclass(frozen=True)
class Point:
    """One reading that counts: its band in its own unit, and the value in both; None for LO and HI."""

    at: datetime
    band: Band
    mmol: float | None = None
    mgdl: float | None = None


@dataclass(frozen=True)
class DaySummary:
    """One local day. `numbers` readings have a value (mean, min, max in mmol/L); LO and HI only a band.

    `squares`: sum of squared distances from the mean. `low_sum`, `high_sum`: risks of all readings;
    `low_most`, `high_most`: the largest of the day. `pairs`: sum of dG^2/dt within the day. `first`,
    `last`: instant (epoch seconds) and value of the first and last number, for the pairs across midnight.
    """

    bands: Mapping[Band, int] = field(default_factory=dict)
    numbers: int = 0
    mean: float = 0.0
    squares: float = 0.0
    min: float | None = None
    max: float | None = None
    low_sum: float = 0.0
    high_sum: float = 0.0
    low_most: float = 0.0
    high_most: float = 0.0
    pairs: float = 0.0
    first: tuple[float, float] | None = None
    last: tuple[float, float] | None = None

    @property
    def readings(self) -> int:
        return sum(self.bands.values())


@dataclass(frozen=True)
class Summary:
    """A span of local days, in mmol/L; None where a figure is not defined (STUDY.md 9).

    `n` counts LO and HI, `numbers` does not. `days` have readings; `span_days` are all of the span.
    """

    n: int
    numbers: int
    days: int
    days_with_3: int
    span_days: int
    per_day: float | None
    mean: float | None
    sd: float | None
    cv: float | None
    min: float | None
    max: float | None
    in_range_pct: float | None
    below_pct: float | None
    level2_pct: float | None
    above_pct: float | None
    very_high_pct: float | None
    count_below: int
    count_level2: int
    count_severe: int
    count_lo: int
    count_hi: int
    lbgi: float | None
    hbgi: float | None
    adrr: float | None
    li: float | None
    li_weeks: int


def risk(mgdl: float) -> tuple[float, float]:
    """Low and high blood glucose risk of one value (Kovatchev 1997): `f = 1.509[(ln x)^1.084 - 5.381]`."""
    f = 1.509 * (math.log(mgdl) ** 1.084 - 5.381)
    return (10 * f * f, 0.0) if f < 0 else (0.0, 10 * f * f)


def day_summary(points: Iterable[Point]) -> DaySummary:
    """The readings of one local day, in any order."""
    ordered = sorted(points, key=lambda point: (point.at, point.mmol or 0.0))
    bands: dict[Band, int] = {}
    for point in ordered:
        bands[point.band] = bands.get(point.band, 0) + 1
    values = [
        (p.at.timestamp(), p.mmol, p.mgdl) for p in ordered if p.mmol is not None and p.mgdl is not None
    ]
    if not values:
        return DaySummary(bands)
    mmol = [value for _, value, _ in values]
    mean = math.fsum(mmol) / len(mmol)
    risks = [risk(mgdl) for _, _, mgdl in values]
    series = [(at, value) for at, value, _ in values]
    return DaySummary(
        bands=bands,
        numbers=len(mmol),
        mean=mean,
        squares=math.fsum((value - mean) ** 2 for value in mmol),
        min=min(mmol),
        max=max(mmol),
        low_sum=math.fsum(low for low, _ in risks),
        high_sum=math.fsum(high for _, high in risks),
        low_most=max(low for low, _ in risks),
        high_most=max(high for _, high in risks),
        pairs=math.fsum(_lability(one, other) for one, other in pairwise(series)),
        first=series[0],
        last=series[-1],
    )


def _lability(one: tuple[float, float], other: tuple[float, float]) -> float:
    """`dG^2/dt` of two consecutive readings 1 to 12 h apart, mmol^2/L^2 per h; 0 for other distances."""
    hours = (other[0] - one[0]) / 3600
    return (other[1] - one[1]) ** 2 / hours if LI_GAP_H[0] <= hours <= LI_GAP_H[1] else 0.0


def combine(days: Mapping[date, DaySummary], first_day: date, last_day: date) -> Summary:
    """The summary of the span, both ends included; days without readings may be missing."""
    kept = sorted((day, one) for day, one in days.items() if first_day <= day <= last_day and one.readings)
    parts = [one for _, one in kept]
    n = sum(one.readings for one in parts)
    span_days = max(0, (last_day - first_day).days + 1)
    with_3 = [one for one in parts if one.readings >= ADRR_READINGS]
    numbers, mean, sd = _spread(parts)
    weeks = _weeks(kept, last_day)

    def count(bands: Sequence[Band]) -> int:
        return sum(one.bands.get(band, 0) for one in parts for band in bands)

    def share(bands: Sequence[Band]) -> float | None:
        return 100 * count(bands) / n if n else None

    return Summary(
        n=n,
        numbers=numbers,
        days=len(parts),
        days_with_3=len(with_3),
        span_days=span_days,
        per_day=n / span_days if span_days else None,
        mean=mean,
        sd=sd,
        cv=100 * sd / mean if sd is not None and mean else None,
        min=min((one.min for one in parts if one.min is not None), default=None),
        max=max((one.max for one in parts if one.max is not None), default=None),
        in_range_pct=share(("in_range",)),
        below_pct=share(_BELOW),
        level2_pct=share(_LEVEL2),
        above_pct=share(_ABOVE),
        very_high_pct=share(_VERY_HIGH),
        count_below=count(_BELOW),
        count_level2=count(_LEVEL2),
        count_severe=count(_SEVERE),
        count_lo=count(("lo",)),
        count_hi=count(("hi",)),
        lbgi=math.fsum(one.low_sum for one in parts) / numbers if numbers else None,
        hbgi=math.fsum(one.high_sum for one in parts) / numbers if numbers else None,
        adrr=_adrr(parts),
        li=math.fsum(weeks) / len(weeks) if len(weeks) >= LI_WEEKS else None,
        li_weeks=len(weeks),
    )


def _spread(parts: Sequence[DaySummary]) -> tuple[int, float | None, float | None]:
    """Number, mean and standard deviation (n-1) of all values, from each day's own (Chan 1979)."""
    numbers = sum(one.numbers for one in parts)
    if not numbers:
        return 0, None, None
    mean = math.fsum(one.numbers * one.mean for one in parts) / numbers
    squares = math.fsum(one.squares + one.numbers * (one.mean - mean) ** 2 for one in parts)
    return numbers, mean, math.sqrt(squares / (numbers - 1)) if numbers > 1 else None


def _adrr(parts: Sequence[DaySummary]) -> float | None:
    """Average daily risk range (Kovatchev 2006), from 14 days with 3 readings on."""
    days = [one for one in parts if one.numbers >= ADRR_READINGS]
    if len(days) < ADRR_DAYS:
        return None
    return math.fsum(one.low_most + one.high_most for one in days) / len(days)


def _weeks(kept: Sequence[tuple[date, DaySummary]], last_day: date) -> list[float]:
    """Lability Index (Ryan 2004) of each full 7-day block with 14 readings, from the first one's day on."""
    if not kept:
        return []
    blocks: dict[int, list[DaySummary]] = {}
    start = kept[0][0]
    for day, one in kept:
        blocks.setdefault((day - start).days // LI_WEEK_DAYS, []).append(one)
    weeks = []
    for number, parts in sorted(blocks.items()):
        ends = start + timedelta(days=LI_WEEK_DAYS * (number + 1) - 1)
        if ends <= last_day and sum(one.numbers for one in parts) >= LI_READINGS:
            numbered = [one for one in parts if one.first and one.last]
            across = (_lability(a.last, b.first) for a, b in pairwise(numbered) if a.last and b.first)
            weeks.append(math.fsum([*(one.pairs for one in numbered), *across]))
    return weeks


def to_plain(one: DaySummary) -> dict[str, Any]:
    """As JSON keeps it; `from_plain` reads it back without a change."""
    return {name: getattr(one, name) for name in _NAMES if getattr(one, name) not in (None, 0, 0.0)}


def from_plain(plain: Mapping[str, Any]) -> DaySummary:
    ends = {name: tuple(plain[name]) for name in ("first", "last") if plain.get(name)}
    return DaySummary(**{**plain, **ends})


_NAMES: Final = tuple(DaySummary.__dataclass_fields__)
