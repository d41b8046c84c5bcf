"""Adherence of a participant: windows and answers gathered, closed days kept beside their day's row."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from diary import clock
from diary.db import Database, Row
from diary.rules import adherence as rules
from diary.rules import schedules as schedule_rules
from diary.rules.adherence import Answer, Judged, LeftOut, Window
from diary.store import participants, schedules

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


def list_judged(
    db: Database,
    participant: Row,
    first_day: date,
    last_day: date,
    now: datetime,
    *,
    hide_contraception: bool,
) -> list[Judged]:
    """Every window of the span (local days, both included) with its outcome, in order of time."""
    last_day = min(last_day, participants.today(participant, now) + DAY)
    # Nothing was prescribed before; and the calendar has an end to look around it.
    first_day = max(first_day, date.fromisoformat(participant["consented_day"]) - DAY)
    kept = _kept(db, participant["id"], first_day, last_day)
    missing = [day for day in _span(first_day, last_day) if day not in kept]
    judged = [one for of_day in kept.values() for one in of_day]
    for first, last in _stretches(missing):
        judged += _judge(db, participant, first, last, now)
    shown = (one for one in judged if not (hide_contraception and one.window.kind == "contraception"))
    return sorted(shown, key=lambda one: (one.window.due_at, one.window.schedule_id, one.window.slot))


def keep_closed_days(db: Database, participant: Row, first_day: date, last_day: date, now: datetime) -> int:
    """Keep the windows of the span's days that are wholly over; how many days it were.

    In the caller's transaction, which holds the participant's lock.
    """
    last_day = min(last_day, participants.today(participant, now) - DAY)
    first_day = max(first_day, date.fromisoformat(participant["consented_day"]))
    missing = _days_not_kept(db, participant["id"], first_day, last_day)
    done = 0
    for first, last in _stretches(missing):
        by_day: dict[date, list[Judged]] = {day: [] for day in _span(first, last)}
        for one in _judge(db, participant, first, last, now):
            by_day[one.window.day].append(one)
        for day, judged in by_day.items():
            if not any(one.outcome == "open" for one in judged):
                _keep(db, participant["id"], day, judged)
                done += 1
    return done


def oldest_day_not_kept(db: Database, participant: Row, first_day: date, now: datetime) -> date | None:
    """The first day over since `first_day` whose windows are not kept."""
    last_day = participants.today(participant, now) - DAY
    first_day = max(first_day, date.fromisoformat(participant["consented_day"]))
    return next(iter(_days_not_kept(db, participant["id"], first_day, last_day)), None)


def _days_not_kept(db: Database, participant_id: str, first_day: date, last_day: date) -> list[date]:
    rows = db.query(
        "select local_day from day_rows where participant_id = :p and windows is not null"
        " and local_day between :first and :last",
        {"p": participant_id, "first": first_day.isoformat(), "last": last_day.isoformat()},
    )
    kept = {row["local_day"] for row in rows}
    return [day for day in _span(first_day, last_day) if day.isoformat() not in kept]


def _keep(db: Database, participant_id: str, day: date, judged: Sequence[Judged]) -> None:
    shares = (rules.share(judged, kind) for kind in rules.KINDS)
    db.execute(
        "insert into day_rows (participant_id, local_day, windows, shares)"
        " values (:p, :day, :windows, :shares) on conflict (participant_id, local_day)"
        " do update set windows = excluded.windows, shares = excluded.shares",
        {"p": participant_id, "day": day.isoformat(), "windows": json.dumps([_plain(one) for one in judged]),
         "shares": " ".join(f"{share.done}/{share.due}" for share in shares)},
    )  # fmt: skip


def _kept(db: Database, participant_id: str, first_day: date, last_day: date) -> dict[date, list[Judged]]:
    rows = db.query(
        "select local_day, windows from day_rows where participant_id = :p"
        " and local_day between :first and :last and windows is not null",
        {"p": participant_id, "first": first_day.isoformat(), "last": last_day.isoformat()},
    )
    return {
        (day := date.fromisoformat(row["local_day"])): [
            _judged(day, plain) for plain in json.loads(row["windows"])
        ]
        for row in rows
    }


def _plain(one: Judged) -> list[Any]:
    window = one.window
    return [
        window.schedule_id, window.kind, window.slot, clock.to_text(window.due_at),
        clock.to_text(window.opens_at), clock.to_text(window.closes_at), window.drug, window.interval_h,
        one.outcome, clock.to_text(one.at) if one.at else None, one.root_id, one.reason, window.is_drawn,
    ]  # fmt: skip


def _judged(day: date, plain: list[Any]) -> Judged:
    schedule_id, kind, slot, due_at, opens_at, closes_at, drug, interval_h = plain[:8]
    outcome, at, root_id, reason, is_drawn = plain[8:]
    window = Window(
        schedule_id, kind, day, slot, clock.from_text(due_at), clock.from_text(opens_at),
        clock.from_text(closes_at), drug, interval_h, is_drawn,
    )  # fmt: skip
    return Judged(window, outcome, clock.from_text(at) if at else None, root_id, reason)


def _judge(db: Database, participant: Row, first: date, last: date, now: datetime) -> list[Judged]:
    """From schedules and entries themselves, with the neighbouring days, whose windows want answers too."""
    windows = _windows(db, participant, first - REACH, last + REACH)
    cancelled = _cancelled(db, participant["id"], first, last)
    answers = _answers(db, participant["id"], windows, first - 2 * REACH, last + 2 * REACH)
    judged = rules.judge(windows, answers, _left_out(db, participant, now), now)
    return [_without(one, cancelled) for one in judged if first <= one.window.day <= last]


def _cancelled(db: Database, participant_id: str, first: date, last: date) -> dict[object, str]:
    """Why a window is not asked for any more, by slot: contraception has ended, is not asked about ..."""
    rows = db.query(
        "select schedule_id, local_day, slot, why from reminders where participant_id = :p"
        " and local_day between :first and :last and state = 'cancelled' and why is not null",
        {"p": participant_id, "first": first.isoformat(), "last": last.isoformat()},
    )
    return {(row["schedule_id"], row["local_day"], row["slot"]): row["why"] for row in rows}


def _without(one: Judged, cancelled: dict[object, str]) -> Judged:
    window = one.window
    why = cancelled.get((window.schedule_id, window.day.isoformat(), window.slot))
    if why is None or one.outcome not in ("missed", "open"):
        return one
    return Judged(window, "left_out", reason=why)


def _windows(db: Database, participant: Row, first: date, last: date) -> list[Window]:
    planned = {
        (row["schedule_id"], row["local_day"], row["slot"]): row
        for row in db.query(
            "select schedule_id, local_day, slot, due_at, opens_at, closes_at, state, hold from reminders"
            " where participant_id = :p and local_day between :first and :last and schedule_id is not null",
            {"p": participant["id"], "first": first.isoformat(), "last": last.isoformat()},
        )
    }
    found = []
    for row in schedules.list_for(db, participant["id"], hide_contraception=False):
        schedule = schedule_rules.of_row(row)
        intervals = _intervals(row)
        for one in schedule_rules.occurrences(schedule, row["zone"], first, last):
            there = planned.get((row["id"], one.day.isoformat(), one.slot))
            # As it was planned: the zone may have been another then, and a blood draw moves the window.
            due_at, opens_at, closes_at = one.due_at, one.opens_at, one.closes_at
            if there:
                due_at, opens_at, closes_at = (
                    clock.from_text(there[name]) for name in ("due_at", "opens_at", "closes_at")
                )
            found.append(
                Window(row["id"], row["kind"], one.day, one.slot, due_at, opens_at, closes_at, row["drug"],
                       intervals.get(one.slot), bool(there and there["hold"] == "drawn"))
            )  # fmt: skip
    return found


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


def _answers(
    db: Database, participant_id: str, windows: Sequence[Window], first: date, last: date
) -> list[Answer]:
    """Readings by when they were taken; doses, attestations and signed days by what they answer for."""
    span: dict[str, object] = {"p": participant_id, "first": first.isoformat(), "last": last.isoformat()}
    rows = list(db.query(f"{_HEADS} h.kind = 'reading' and h.local_day between :first and :last", span))
    # A day may be signed off at any time after it.
    rows += db.query(f"{_HEADS} h.kind = 'day_complete' and h.local_day >= :first", span)
    slots = [f"{w.schedule_id}/{w.day}/{w.slot}" for w in windows if w.kind in ("dose", "contraception")]
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


def _left_out(db: Database, participant: Row, now: datetime) -> list[LeftOut]:
    """Hospital stays, and the states in which something is not asked."""
    rows = db.query(
        "select e.data from entry_heads h join entries e on e.id = h.entry_id where h.participant_id = :p"
        " and h.kind = 'hospital_stay' and h.state = 'stored'",
        {"p": participant["id"]},
    )
    spans = []
    for row in rows:
        data = json.loads(row["data"])
        spans.append(LeftOut(date.fromisoformat(data["from_day"]), _day(data.get("to_day")), "hospital"))
    states = participants.list_states(db, participant["id"])
    for state, after in zip(states, [*states[1:], None], strict=True):
        kinds = NOT_ASKED.get(state["state"])
        if kinds:
            until = _local(participant, after["from_at"]) - DAY if after else None
            spans.append(LeftOut(_local(participant, state["from_at"]), until, state["state"], kinds))
    return spans


def _local(participant: Row, instant: str) -> date:
    return participants.today(participant, clock.from_text(instant))


def _span(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Neighbouring days as (first, last)."""
    found = []
    for _, group in groupby(enumerate(sorted(days)), key=lambda pair: pair[1].toordinal() - pair[0]):
        of = [day for _, day in group]
        found.append((of[0], of[-1]))
    return found
