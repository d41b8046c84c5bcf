"""An invented body: blood glucose as an AR(1) walk around the day's curve, with sudden lows."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from diary.study import GlucoseLimits

# mmol/L by context: brittle diabetes, and a graft that does all the work.
_CURVES: Final[dict[str, tuple[float, float]]] = {
    "before_breakfast": (9.2, 5.7),
    "after_breakfast": (12.4, 7.8),
    "before_lunch": (8.8, 5.6),
    "after_lunch": (11.0, 7.4),
    "before_supper": (9.0, 5.6),
    "after_supper": (11.2, 7.5),
    "bedtime": (9.4, 6.5),
    "night": (8.2, 5.6),
}
_SPREAD: Final = (0.40, 0.13)
_LOWS_PER_READING: Final = (0.055, 0.003)
_MEMORY: Final = timedelta(hours=5)
# Lows: mild, below the trial's limit, below what the meter prints.
_LOW_RANGES: Final = ((2.9, 3.85), (1.5, 2.88), (0.6, 1.08))
_LOW_WEIGHTS: Final = (0.66, 0.315, 0.025)
METER_TO_MMOL: Final = 33.3


@dataclass(frozen=True)
class Graft:
    """From which moment, and towards which share of a healthy pancreas, grafts work."""

    at: datetime
    function: float


@dataclass(frozen=True)
class Shown:
    """What stands on the meter: decimal text, LO or HI; no unit is needed for those two."""

    value: str
    unit: str | None
    mmol: float


class Body:
    """Answers what the blood glucose is, later and later; `settling` is how long a graft takes to work."""

    def __init__(self, rng: random.Random, grafts: Sequence[Graft], settling: timedelta) -> None:
        self.rng = rng
        self.grafts = grafts
        self.settling = settling
        self.drift = 0.0
        self.at: datetime | None = None
        self.ill_until: datetime | None = None

    def function_at(self, at: datetime) -> float:
        """The share of a healthy pancreas that the grafts do together now, 0 to 1."""
        function = 0.0
        for graft in self.grafts:
            if at > graft.at:
                function += (graft.function - function) * (1 - math.exp(-(at - graft.at) / self.settling))
        return function

    def glucose(self, at: datetime, context: str, *, calm: bool = False) -> float:
        """mmol/L at this moment of the day; without a sudden low when `calm`."""
        self._drift_to(at)
        function = self.function_at(at)
        brittle, healthy = _CURVES[context]
        middle = brittle * (1 - function) + healthy * function
        value = middle * math.exp(_between(_SPREAD, function) * self.drift)
        if self.ill_until and at < self.ill_until:
            value *= 1.35
        if not calm and self.rng.random() < _between(_LOWS_PER_READING, function):
            return self.low()
        return max(value, 3.95) if calm else value

    def low(self) -> float:
        first, last = self.rng.choices(_LOW_RANGES, _LOW_WEIGHTS)[0]
        return self.rng.uniform(first, last)

    def after_sugar(self, low: float) -> float:
        """A quarter of an hour after treatment: mostly up again."""
        if self.rng.random() < 0.78:
            return self.rng.uniform(4.2, 7.8)
        return min(low + self.rng.uniform(0.2, 1.2), 3.8)

    def _drift_to(self, at: datetime) -> None:
        kept = math.exp(-max(at - self.at, timedelta()) / _MEMORY) if self.at else 0.0
        self.drift = kept * self.drift + math.sqrt(1 - kept * kept) * self.rng.gauss(0, 1)
        self.at = at


def _between(ends: tuple[float, float], function: float) -> float:
    return ends[0] * (1 - function) + ends[1] * function


def shown(mmol: float, unit: str, limits: GlucoseLimits) -> Shown:
    """As the meter of this unit shows it: one decimal or whole mg/dL, LO and HI beyond its range."""
    if mmol < float(limits.mmol.meter_prints_from):
        return Shown("LO", None, mmol)
    if mmol > METER_TO_MMOL:
        return Shown("HI", None, mmol)
    if unit == "mg/dL":
        return Shown(str(round(mmol * float(limits.mgdl_per_mmol))), unit, mmol)
    return Shown(f"{mmol:.1f}", unit, round(mmol, 1))
