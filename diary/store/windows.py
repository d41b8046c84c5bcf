"""What was prescribed on which local day, what answers it, and what is left out: as adherence judges it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from diary import clock
from diary.db import Database, Row
from diary.rules import adherence as rules
from diary.rules import schedules as schedule_rules
from diary.rules.adherence import Answer, LeftOut, Window
from diary.rules.days import Since, local_day_in
from diary.rules.schedules import Occurrence
from diary.store import participants

# A local day and a time of it, as text.
Slot = tuple[str, str]
DAY = timedelta(days=1)
SLOTS_AT_ONCE = 500
# Windows reach into neighbouring days, and zones lie up to a day apart.
REACH = timedelta(days=2)
# What is not asked in which state: the graft needs its medicines in all of them (STUDY.md 6).
NOT_ASKED: dict[str, frozenset[rules.Kind]] = {
    "screening": frozenset(),
    "paused": frozenset({"reading", "diary"}),
    "withdrawn": frozenset({"reading", "diary"}),
    "completed": frozenset({"reading", "diary"}),
}


@dataclass(frozen=True)
class Prescribed:
    """Windows in no order; `cancelled`: those not asked for any more, and why (contraception ended ...)."""

    windows: list[Window]
    cancelled: dict[Window, str]


def prescribed(
    db: Database, participant_id: str, first: date, last: date, *, around: timedelta = timedelta(0),
    kind: rules.Kind | None = None,
) -> Prescribed:  # fmt: skip
    """Every window of the local days `first` to `last`, both included, and of one kind when it is named.

    `around`: also those of readings so far before and after, which want the same answers.
    """
    begin, end = first - around, last + around
    planned = _planned(db, participant_id, begin, end)
    zones = participants.list_zones(db, participant_id)
    windows: list[Window] = []
    cancelled: dict[Window, str] = {}
    for row in _schedules(db, participant_id, begin, end):
        if kind not in (None, row["kind"]):
            continue
        intervals = _intervals(row)
        days = (begin, end) if row["kind"] == "reading" else (first, last)
        own = planned.get(row["id"], {})
        for one in _occurrences(row, zones, list(own.values()), *days):
            there = own.get((one.day.isoformat(), one.slot))
            window = _window(row, one, there, intervals.get(one.slot))
            windows.append(window)
            if there and there["state"] == "cancelled" and there["why"] is not None:
                cancelled[window] = there["why"]
    return Prescribed(windows, cancelled)


def _occurrences(
    schedule: Row, zones: Sequence[Since], planned: Sequence[Row], first: date, last: date
) -> list[Occurrence]:
    """What was due by the clock of the place where somebody was then, and what travel left at its time."""
    rule = schedule_rules.of_row(schedule)
    if len(zones) == 1:
        return schedule_rules.occurrences(rule, schedule["zone"], first, last)
    found: dict[tuple[date, str], Occurrence] = {}
    for place, after in zip(zones, [*zones[1:], None], strict=True):
        zone = place.zone if after else schedule["zone"]
        for one in schedule_rules.occurrences(rule, zone, first, last):
            begun = place is zones[0] or one.due_at >= place.at
            if begun and (after is None or one.due_at < after.at):
                found.setdefault((one.day, one.slot), one)
    for row in planned:
        one = Occurrence(
            date.fromisoformat(row["local_day"]), row["slot"],
            *(clock.from_text(row[name]) for name in ("due_at", "opens_at", "closes_at")),
        )  # fmt: skip
        if first <= one.day <= last and _was_asked(rule, one, row):
            found.setdefault((one.day, one.slot), one)
    return list(found.values())


def _was_asked(rule: schedule_rules.Schedule, one: Occurrence, planned: Row) -> bool:
    """Whether the schedule was running then, and nothing but travel took the slot away."""
    in_days = rule.from_day <= one.day and (rule.to_day is None or one.day <= rule.to_day)
    stands = planned["state"] != "cancelled" or planned["why"] == "travel"
    return in_days and stands and (rule.ended_at is None or one.due_at < rule.ended_at)


def _planned(db: Database, participant_id: str, first: date, last: date) -> dict[str, dict[Slot, Row]]:
    """The reminders of these days by schedule, then by local day and time."""
    found: dict[str, dict[Slot, Row]] = {}
    for row in db.query(
        "select schedule_id, local_day, slot, due_at, opens_at, closes_at, state, hold, why"
        " from reminders where participant_id = :p and due_at between :first and :last"
        " and schedule_id is not null",
        {"p": participant_id, "first": _midnight(first - REACH), "last": _midnight(last + REACH)},
    ):
        found.setdefault(row["schedule_id"], {})[row["local_day"], row["slot"]] = row
    return found


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _schedules(db: Database, participant_id: str, first: date, last: date) -> Iterator[Row]:
    rows = db.query(
        "select * from schedules where participant_id = :p and from_day <= :last"
        " and (to_day is null or to_day >= :first) order by from_day, created_at, id",
        {"p": participant_id, "first": first.isoformat(), "last": last.isoformat()},
    )
    return ({**row, "times": json.loads(row["times"])} for row in rows)


def _window(schedule: Row, one: Occurrence, there: Row | None, interval_h: float | None) -> Window:
    """As it was planned: the zone may have been another then, and a blood draw moves the window."""
    due_at, opens_at, closes_at = one.due_at, one.opens_at, one.closes_at
    if there:
        due_at, opens_at, closes_at = (
            clock.from_text(there[name]) for name in ("due_at", "opens_at", "closes_at")
        )
    return Window(
        schedule["id"], schedule["kind"], one.day, one.slot, due_at, opens_at, closes_at, schedule["drug"],
        interval_h, bool(there and there["hold"] == "drawn"),
    )  # fmt: skip


def _intervals(schedule: Row) -> dict[str, float]:
    """Hours from the slot before to each slot of a dose that is taken every day."""
    if schedule["kind"] != "dose" or schedule["rrule"] not in (None, "FREQ=DAILY"):
        return {}
    times = sorted(schedule["times"])
    minutes = [60 * time.fromisoformat(slot).hour + time.fromisoformat(slot).minute for slot in times]
    return {slot: ((minutes[n] - minutes[n - 1]) % 1440 or 1440) / 60 for n, slot in enumerate(times)}


_HEADS = """
    select h.root_id, h.kind, h.occurred_at, h.local_day, e.data from entry_heads h
    join entries e on e.id = h.entry_id where h.participant_id = :p and h.state = 'stored' and
"""


def answers(
    db: Database, participant_id: str, windows: Sequence[Window], first: date, last: date
) -> list[Answer]:
    """Readings by when they were taken; doses, attestations and signed days by what they answer for.

    `windows` are those of the local days `first` to `last` and their neighbours.
    """
    rows: list[Row] = []
    wanted = [w for w in windows if first <= w.day <= last]
    if any(w.kind == "reading" for w in wanted):
        # By the instant: so the index finds these days without reading years.
        rows += db.query(
            f"{_HEADS} h.kind = 'reading' and h.occurred_at between :first and :last",
            {"p": participant_id, "first": _midnight(first - REACH), "last": _midnight(last + 2 * REACH)},
        )
    if any(w.kind == "diary" for w in wanted):
        # A day may be signed off at any time after it.
        rows += db.query(
            f"{_HEADS} h.kind = 'day_complete' and h.occurred_at >= :first",
            {"p": participant_id, "first": _midnight(first - DAY)},
        )
    slots = [f"{w.schedule_id}/{w.day}/{w.slot}" for w in wanted if w.kind in ("dose", "contraception")]
    for start in range(0, len(slots), SLOTS_AT_ONCE):
        names: dict[str, object] = {
            f"s{n}": slot for n, slot in enumerate(slots[start : start + SLOTS_AT_ONCE])
        }
        marks = ", ".join(":" + name for name in names)
        rows += db.query(f"{_HEADS} h.slot_key in ({marks})", {"p": participant_id, **names})
    return [found for row in rows if (found := _answer(row))]


def _answer(row: Row) -> Answer | None:
    data = json.loads(row["data"] or "{}")
    at = clock.from_text(row["occurred_at"])
    if row["kind"] == "reading":
        foreign = data.get("sample") == "control" or data.get("other_person") or data.get("relabelled")
        by_meter = data.get("device", "meter") == "meter"
        return Answer(row["root_id"], "reading", at) if by_meter and not foreign else None
    if row["kind"] == "day_complete":
        # A day that has not come cannot be signed off.
        signed = data["day"] <= row["local_day"]
        return Answer(row["root_id"], "day_complete", at, day=_day(data["day"])) if signed else None
    taken_at = data.get("taken_at")
    done_at = datetime.fromisoformat(taken_at).astimezone(UTC) if taken_at else at
    skip = (data.get("skip_reason") or "other") if data.get("status") == "skipped" else None
    return Answer(
        row["root_id"], row["kind"], done_at, data.get("schedule_id"), _day(data.get("due_day")),
        data.get("slot"), skip,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def left_out(db: Database, participant_id: str) -> list[LeftOut]:
    """Hospital stays, and the states in which something is not asked, by the days where somebody was then."""
    rows = db.query(
        "select e.data from entry_heads h join entries e on e.id = h.entry_id where h.participant_id = :p"
        " and h.kind = 'hospital_stay' and h.state = 'stored'",
        {"p": participant_id},
    )
    spans = []
    for row in rows:
        data = json.loads(row["data"])
        spans.append(LeftOut(date.fromisoformat(data["from_day"]), _day(data.get("to_day")), "hospital"))
    states = participants.list_states(db, participant_id)
    zones = participants.list_zones(db, participant_id)
    for state, after in zip(states, [*states[1:], None], strict=True):
        kinds = NOT_ASKED.get(state["state"])
        if kinds:
            since = local_day_in(zones, clock.from_text(state["from_at"]))
            until = local_day_in(zones, clock.from_text(after["from_at"])) - DAY if after else None
            spans.append(LeftOut(since, until, state["state"], kinds))
    return spans
