"""Adherence: what was done of what was prescribed, from windows that have closed (STUDY.md 8).

A window is one occurrence of a schedule. It is judged once, with its reason, and every figure can be opened
to the windows it was counted from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Final, Literal

Kind = Literal["dose", "reading", "contraception", "diary"]
Outcome = Literal["done", "skipped", "missed", "left_out", "open"]
KINDS: Final[tuple[Kind, ...]] = ("dose", "reading", "contraception", "diary")

# Two published definitions of taking a dose on time stand side by side.
BEFORE: Final = timedelta(hours=1)
AFTER: Final = timedelta(hours=2)
INTERVAL_SHARE: Final = 0.25
# The site told the participant to leave the dose out: it leaves the denominator (STUDY.md 6).
TOLD_BY_SITE: Final = "told_by_site"


@dataclass(frozen=True)
class Window:
    """One occurrence: due at an instant, open from `opens_at` (or the blood draw) to `closes_at`."""

    schedule_id: str
    kind: Kind
    day: date
    slot: str
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    drug: str | None = None
    # Hours between two doses as prescribed, None where there is only one a day or none.
    interval_h: float | None = None
    # A blood draw opened the window: no dose before it is in time.
    is_drawn: bool = False


@dataclass(frozen=True)
class Answer:
    """An entry that may answer a window; `at` is when it was done, `day` and `slot` what it names."""

    root_id: str
    kind: Literal["dose", "contraception", "reading", "day_complete"]
    at: datetime
    schedule_id: str | None = None
    day: date | None = None
    slot: str | None = None
    skip_reason: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """Local days, both included, whose windows are not counted; `kinds` None: all."""

    first_day: date
    last_day: date | None
    reason: str
    kinds: frozenset[Kind] | None = None

    def covers(self, window: Window) -> bool:
        after = self.last_day is not None and window.day > self.last_day
        return (
            self.first_day <= window.day and not after and (self.kinds is None or window.kind in self.kinds)
        )


@dataclass(frozen=True)
class Judged:
    """A window and what became of it; `at` and `root_id` of the answer, `reason` of a skip or leaving out."""

    window: Window
    outcome: Outcome
    at: datetime | None = None
    root_id: str | None = None
    reason: str | None = None

    @property
    def counts(self) -> bool:
        return self.outcome in ("done", "skipped", "missed")


def judge(
    windows: Iterable[Window], answers: Iterable[Answer], left_out: Sequence[LeftOut], now: datetime
) -> list[Judged]:
    """Every window with its outcome, in order of time; the order of answers does not matter.

    One answer serves one window: the first of several for the same slot. A reading belongs to the day of
    the window it is nearest to; within a day, windows that close first choose first. So a day is judged from
    itself and its two neighbours alone, and a year from its days.
    """
    ordered = sorted(windows, key=lambda w: (w.due_at, w.schedule_id, w.slot))
    given = sorted(answers, key=lambda a: (a.at, a.root_id))
    readings = _readings(ordered, [a for a in given if a.kind == "reading"])
    by_slot: dict[object, Answer] = {}
    for answer in given:
        if answer.kind != "reading":
            by_slot.setdefault(_slot_of_answer(answer), answer)
    return [_judge_one(w, readings.get(w) or by_slot.get(_slot_of(w)), left_out, now) for w in ordered]


def _slot_of(window: Window) -> object:
    if window.kind == "diary":
        return ("diary", window.day)
    return (window.kind, window.schedule_id, window.day, window.slot)


def _slot_of_answer(answer: Answer) -> object:
    if answer.kind == "day_complete":
        return ("diary", answer.day)
    return (answer.kind, answer.schedule_id, answer.day, answer.slot)


def _readings(windows: Sequence[Window], readings: Sequence[Answer]) -> dict[Window, Answer]:
    wanting = [w for w in windows if w.kind == "reading"]
    by_day: dict[date, list[Window]] = {}
    for window in wanting:
        by_day.setdefault(window.day, []).append(window)
    of_day: dict[date, list[Answer]] = {}
    for reading in readings:
        # No window is longer than two days, whatever the zone.
        near = (reading.at.date() + timedelta(days=off) for off in range(-3, 4))
        around = (w for day in near for w in by_day.get(day, ()))
        fitting = [w for w in around if w.opens_at <= reading.at <= w.closes_at]
        if fitting:
            home = min(fitting, key=lambda w: (abs(w.due_at - reading.at), w.due_at, w.schedule_id, w.slot))
            of_day.setdefault(home.day, []).append(reading)
    served: dict[Window, Answer] = {}
    for window in sorted(wanting, key=lambda w: (w.closes_at, w.opens_at, w.schedule_id, w.slot)):
        free = of_day.get(window.day, [])
        fits = next((a for a in free if window.opens_at <= a.at <= window.closes_at), None)
        if fits:
            free.remove(fits)
            served[window] = fits
    return served


def _judge_one(window: Window, answer: Answer | None, left_out: Sequence[LeftOut], now: datetime) -> Judged:
    at, root_id = (answer.at, answer.root_id) if answer else (None, None)
    for span in left_out:
        if span.covers(window):
            return Judged(window, "left_out", at, root_id, span.reason)
    if answer and answer.skip_reason == TOLD_BY_SITE:
        return Judged(window, "left_out", at, root_id, TOLD_BY_SITE)
    if now < window.closes_at:
        return Judged(window, "open", at, root_id)
    if answer is None:
        return Judged(window, "missed")
    return Judged(window, "skipped" if answer.skip_reason else "done", at, root_id, answer.skip_reason)


@dataclass(frozen=True)
class Share:
    """`done` of `due` windows; None where nothing was due."""

    done: int
    due: int

    @property
    def pct(self) -> float | None:
        return 100 * self.done / self.due if self.due else None


@dataclass(frozen=True)
class Run:
    """Doses missed or skipped one after the other, from the first to the last one's due time."""

    length: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Medication:
    """One drug, over all schedules that prescribed it in the span."""

    drug: str
    taking: Share
    in_window: Share
    intervals: Share
    right_days: Share
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Adherence:
    monitoring: Share
    by_slot: Mapping[str, Share]
    medication: tuple[Medication, ...]
    diary: Share
    contraception: Share
    left_out: int
    open: int


def share(judged: Iterable[Judged], kind: Kind) -> Share:
    counted = [one for one in judged if one.window.kind == kind and one.counts]
    return Share(sum(one.outcome == "done" for one in counted), len(counted))


def combine(judged: Sequence[Judged]) -> Adherence:
    """The figures of a span from its windows, in order of time."""
    readings = [one for one in judged if one.window.kind == "reading"]
    slots = sorted({one.window.slot for one in readings})
    doses = [one for one in judged if one.window.kind == "dose"]
    drugs = sorted({_drug(one) for one in doses})
    return Adherence(
        monitoring=share(readings, "reading"),
        by_slot={slot: share([r for r in readings if r.window.slot == slot], "reading") for slot in slots},
        medication=tuple(_medication(drug, [one for one in doses if _drug(one) == drug]) for drug in drugs),
        diary=share(judged, "diary"),
        contraception=share(judged, "contraception"),
        left_out=sum(one.outcome == "left_out" for one in judged),
        open=sum(one.outcome == "open" for one in judged),
    )


def _drug(one: Judged) -> str:
    return (one.window.drug or "").casefold()


def _medication(drug: str, doses: Sequence[Judged]) -> Medication:
    counted = [one for one in doses if one.counts]
    taken = [one for one in counted if one.outcome == "done"]
    return Medication(
        drug=drug,
        taking=Share(len(taken), len(counted)),
        in_window=Share(sum(_is_timely(one) for one in taken), len(counted)),
        intervals=_intervals(doses),
        right_days=_right_days(doses),
        runs=tuple(_runs(counted)),
    )


def _is_timely(one: Judged) -> bool:
    """From 1 h before (a blood draw: from the draw) to 2 h after the set time."""
    due = one.window.due_at
    first = due if one.window.is_drawn else due - BEFORE
    return one.at is not None and first <= one.at <= due + AFTER


def _intervals(doses: Sequence[Judged]) -> Share:
    """Neighbouring windows, both taken, at most 25 % off the hours prescribed between them."""
    within = pairs = 0
    for one, other in pairwise(doses):
        both = one.outcome == other.outcome == "done"
        nominal_h = other.window.interval_h
        if not both or nominal_h is None or one.at is None or other.at is None:
            continue
        pairs += 1
        hours = (other.at - one.at) / timedelta(hours=1)
        within += nominal_h * (1 - INTERVAL_SHARE) <= hours <= nominal_h * (1 + INTERVAL_SHARE)
    return Share(within, pairs)


def _right_days(doses: Sequence[Judged]) -> Share:
    """Days on which every counted dose was taken; a day with an open window is not over yet."""
    right = days = 0
    for _, group in groupby(sorted(doses, key=lambda d: d.window.day), key=lambda d: d.window.day):
        of_day = list(group)
        counted = [one for one in of_day if one.counts]
        if not counted or any(one.outcome == "open" for one in of_day):
            continue
        days += 1
        right += all(one.outcome == "done" for one in counted)
    return Share(right, days)


def _runs(counted: Sequence[Judged]) -> Iterable[Run]:
    for was_done, group in groupby(counted, key=lambda one: one.outcome == "done"):
        run = list(group)
        if not was_done:
            yield Run(len(run), run[0].window.due_at, run[-1].window.due_at)
