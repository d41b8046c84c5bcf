"""When somebody writes down what happened, when it arrives, and who types it."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from diary.demo import words
from diary.demo.stage import Life, Stage, Written, entry_id
from diary.store.actors import Actor

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Pace:
    """How a day is written down: `recorded` and `arrives` follow from when it happened."""

    recorded: Callable[[datetime], datetime]
    arrives: Callable[[datetime], datetime]
    origin: str = "typed"
    reason: str | None = None
    expected: tuple[str, ...] = ("stored",)
    prompt: bool = True


class Keeper:
    """One participant's phone, or phones: turns what happened into entries on their way."""

    def __init__(self, stage: Stage, life: Life) -> None:
        self.stage = stage
        self.life = life
        self.rng: random.Random = life.rng
        self.person = life.person
        self.home = ZoneInfo(life.row["zone"])
        self.offline_until: datetime | None = None

    def zone_on(self, day: date) -> ZoneInfo:
        """Where the participant lives on this day: at home, or away on the one long journey."""
        if self.person.abroad:
            first, last, zone = self.person.abroad
            if self.stage.share(first).date() <= day <= self.stage.share(last).date():
                return ZoneInfo(zone)
        return self.home

    def moment(self, day: date, hour: int, minute: int, spread_min: float = 0) -> datetime:
        """About that time on the wall of where they are, to the second."""
        at = datetime.combine(day, time(hour, minute), self.zone_on(day))
        minutes = self.rng.gauss(0, spread_min) if spread_min else 0.0
        return at + timedelta(seconds=round(minutes * 60 + self.rng.uniform(0, 59)))

    def pace(self, day: date) -> Pace:
        """How this day is written down: mostly at once, at times offline, in the evening or days later."""
        chance = self.rng.random()
        if self.offline_until and self.moment(day, 0, 0) > self.offline_until:
            self.offline_until = None
        if read_out_at := self._phone_lost_until(day):
            return Pace(self._after(read_out_at), lambda at: read_out_at + 8 * MINUTE, "file", prompt=False)
        if chance < self.person.sloppiness:
            return self._held(day) if self.rng.random() < 0.6 else self._late(day)
        if self.person.pace == "meter":
            return Pace(lambda at: at + 2 * MINUTE, self._arrival, origin="bluetooth")
        if self.person.pace == "evening" and chance < 0.5:
            return self._evening(day)
        if chance > 0.99 and self.offline_until is None:
            back = self.moment(day + timedelta(days=self.rng.randint(1, 3)), 9, 30, 40)
            self.offline_until = back
        return self.at_once()

    def _phone_lost_until(self, day: date) -> datetime | None:
        """While the phone was lost the meter remembered: the evening on which it was read out."""
        if self.person.phone_lost is None:
            return None
        first = self.stage.share(self.person.phone_lost[0]).date()
        last = first + timedelta(days=self.person.phone_lost[1])
        return self.moment(last, 23, 50) if first <= day <= last else None

    def at_once(self) -> Pace:
        return Pace(lambda at: at + timedelta(seconds=self.rng.uniform(15, 90)), self._arrival)

    def _arrival(self, recorded: datetime) -> datetime:
        back = self.offline_until
        if back is None or recorded >= back:
            return recorded + timedelta(seconds=self.rng.uniform(0.8, 4))
        # What waited goes out in the order in which it was written.
        return back + (recorded - back + timedelta(days=5)) / 10_000

    def _after(self, moment: datetime) -> Callable[[datetime], datetime]:
        return lambda at: max(at, moment) + timedelta(seconds=self.rng.uniform(20, 300))

    def _evening(self, day: date) -> Pace:
        return Pace(self._after(self.moment(day, 21, 40, 20)), self._arrival, prompt=False)

    def _late(self, day: date) -> Pace:
        later = self.moment(day + timedelta(days=2), 20, 30, 40)
        reason = self.rng.choice(words.LATE[self.person.language])
        return Pace(self._after(later), self._arrival, reason=reason, prompt=False)

    def _held(self, day: date) -> Pace:
        later = self.moment(day + timedelta(days=self.rng.randint(4, 6)), 20, 30, 40)
        return Pace(self._after(later), self._arrival, expected=("held",), prompt=False)

    def write(
        self, kind: str, occurred_at: datetime, data: dict[str, Any] | None, pace: Pace, *,
        by: Actor | None = None, **more: Any,
    ) -> str:  # fmt: skip
        """Write it down at this pace and send it; answers the entry's id."""
        recorded_at = pace.recorded(occurred_at)
        origin = pace.origin if kind == "reading" else "typed"
        typist, proxy_reason = (by, None) if by else self._typist(kind, occurred_at)
        written = Written(
            kind, occurred_at, recorded_at, data, entry_id(self.rng, recorded_at), origin=origin, by=typist,
            **{"reason": pace.reason, "expected": pace.expected, "proxy_reason": proxy_reason} | more,
        )  # fmt: skip
        arrives_at = pace.arrives(recorded_at)
        if self.person.silent_days:
            # Who has gone silent gives no word any more; what waited had gone by then.
            if recorded_at >= self.life.ends_at:
                return written.id
            arrives_at = min(arrives_at, self.life.ends_at)
        self.stage.send_at(arrives_at, self.life, written)
        if self.rng.random() < 0.0015 and written.expected == ("stored",):
            # The answer got lost on the way, so the phone sends it again.
            again = replace(written, expected=("duplicate",))
            self.stage.send_at(arrives_at + timedelta(seconds=9), self.life, again)
        return written.id

    def _typist(self, kind: str, at: datetime) -> tuple[Actor, str | None]:
        """The participant, or a child's guardian and why; contraception is nobody else's."""
        if not self.life.guardians or kind == "contraception" or self.rng.random() < self.person.types_own:
            return self.life.own, None
        young, asleep, at_school, unwell = words.PROXY[self.person.language]
        reasons = [young, young, unwell]
        if at.hour < 6 or at.hour >= 22:
            reasons = [asleep]
        elif at.weekday() < 5 and 8 <= at.hour < 16:
            reasons = [young, at_school]
        return self.rng.choice(self.life.guardians), self.rng.choice(reasons)
