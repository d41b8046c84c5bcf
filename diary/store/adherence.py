"""Adherence of a participant: each day's windows judged, and kept beside what the day adds up to.

A day's `shares` count its closed windows, as of the last thing that happened to it; `closes_at` is when the
next of its windows closes. Once all are over, its `windows` are kept as well.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from diary import clock
from diary.db import Database, Row
from diary.rules import adherence as rules
from diary.rules.adherence import Judged, Window
from diary.store import participants, windows
from diary.store.windows import DAY, REACH, Prescribed

# What the overview may look at is judged in the transaction of the change, older days when looked at.
RECENT: Final = timedelta(days=35)
# A reading may answer a window of a day so far from its own: windows are long, zones apart.
NEAR: Final = timedelta(days=3)


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
        judged += _judge(db, participant["id"], first, last, now)
    shown = (one for one in judged if not (hide_contraception and one.window.kind == "contraception"))
    return sorted(shown, key=lambda one: (one.window.due_at, one.window.schedule_id, one.window.slot))


def judge_anew(db: Database, participant: Row, first_day: date, last_day: date | None, now: datetime) -> None:
    """What was prescribed or left out on these days (None: on all after) changed; judge them again.

    In the transaction of the change, which holds the participant's lock. Days that the overview does not
    look at are forgotten, and judged when somebody looks at them.
    """
    today = participants.today(participant, now)
    _forget(db, participant["id"], first_day, last_day)
    _judge_days(db, participant, _span(max(first_day, today - RECENT), min(last_day or today, today)), now)


def answered_anew(
    db: Database, participant: Row, days: Collection[date], readings: Collection[datetime], now: datetime
) -> None:
    """Answers of these local days came or went, and readings at these instants; judge what they touch."""
    today = participants.today(participant, now)
    consented = date.fromisoformat(participant["consented_day"])
    wanted = set(days)
    near = {
        day
        for at in readings
        if consented - NEAR <= at.date() <= today + NEAR
        for day in _span(at.date() - NEAR, at.date() + NEAR)
    }
    for first, last in _stretches(near):
        found = windows.prescribed(db, participant["id"], first, last, kind="reading")
        wanted |= {
            one.day for one in found.windows if any(one.opens_at <= at <= one.closes_at for at in readings)
        }
    recent = {day for day in wanted if today - RECENT <= day <= today}
    for day in wanted - recent:
        _forget(db, participant["id"], day, day)
    _judge_days(db, participant, recent, now)


def close_days(db: Database, participant: Row, first_day: date, last_day: date, now: datetime) -> int:
    """Judge the span's days that were never judged, or of which a window closed since; how many it were.

    In the caller's transaction, which holds the participant's lock.
    """
    return _judge_days(db, participant, _unsettled(db, participant, first_day, last_day, now), now)


def oldest_unsettled_day(db: Database, participant: Row, first_day: date, now: datetime) -> date | None:
    """The first day since `first_day` that time has something to close of, or that was never judged."""
    today = participants.today(participant, now)
    return next(iter(_unsettled(db, participant, first_day, today, now)), None)


def _unsettled(db: Database, participant: Row, first_day: date, last_day: date, now: datetime) -> list[date]:
    last_day = min(last_day, participants.today(participant, now))
    first_day = max(first_day, date.fromisoformat(participant["consented_day"]))
    rows = db.query(
        "select local_day from day_rows where participant_id = :p and local_day between :first and :last"
        " and (windows is not null or closes_at > :now)",
        {"p": participant["id"], "first": first_day.isoformat(), "last": last_day.isoformat(),
         "now": clock.to_text(now)},
    )  # fmt: skip
    settled = {row["local_day"] for row in rows}
    return [day for day in _span(first_day, last_day) if day.isoformat() not in settled]


def _forget(db: Database, participant_id: str, first_day: date, last_day: date | None) -> None:
    db.execute(
        "update day_rows set windows = null, shares = null, closes_at = null where participant_id = :p"
        " and local_day >= :first and (cast(:last as text) is null or local_day <= :last)"
        " and (windows is not null or shares is not null)",
        {"p": participant_id, "first": first_day.isoformat(),
         "last": last_day.isoformat() if last_day else None},
    )  # fmt: skip


def _judge_days(db: Database, participant: Row, days: Iterable[date], now: datetime) -> int:
    consented = date.fromisoformat(participant["consented_day"])
    done = 0
    for first, last in _stretches(day for day in days if day >= consented):
        by_day: dict[date, list[Judged]] = {day: [] for day in _span(first, last)}
        for one in _judge(db, participant["id"], first, last, now):
            by_day[one.window.day].append(one)
        for day, judged in by_day.items():
            _keep(db, participant["id"], day, judged, now)
        done += len(by_day)
    return done


def _keep(db: Database, participant_id: str, day: date, judged: Sequence[Judged], now: datetime) -> None:
    shares = (rules.share(judged, kind) for kind in rules.KINDS)
    # Whatever stops a window that is not over may let it go on again.
    closes_at = min((one.window.closes_at for one in judged if one.window.closes_at > now), default=None)
    db.execute(
        "insert into day_rows (participant_id, local_day, windows, shares, closes_at)"
        " values (:p, :day, :windows, :shares, :closes) on conflict (participant_id, local_day)"
        " do update set windows = excluded.windows, shares = excluded.shares,"
        " closes_at = excluded.closes_at",
        {"p": participant_id, "day": day.isoformat(),
         "windows": None if closes_at else json.dumps([_plain(one) for one in judged]),
         "shares": " ".join(f"{share.done}/{share.due}" for share in shares),
         "closes": clock.to_text(closes_at) if closes_at else None},
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


def _judge(db: Database, participant_id: str, first: date, last: date, now: datetime) -> list[Judged]:
    """From schedules and entries themselves, with the neighbouring days, whose windows want answers too."""
    asked = windows.prescribed(db, participant_id, first, last, around=REACH)
    answers = windows.answers(db, participant_id, asked.windows, first, last)
    judged = rules.judge(asked.windows, answers, windows.left_out(db, participant_id), now)
    return [_without(one, asked) for one in judged if first <= one.window.day <= last]


def _without(one: Judged, asked: Prescribed) -> Judged:
    """What is not asked for any more was not missed."""
    why = asked.cancelled.get(one.window)
    if why is None or one.outcome not in ("missed", "open"):
        return one
    return Judged(one.window, "left_out", reason=why)


def _span(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Neighbouring days as (first, last)."""
    found = []
    for _, group in groupby(enumerate(sorted(days)), key=lambda pair: pair[1].toordinal() - pair[0]):
        of = [day for _, day in group]
        found.append((of[0], of[-1]))
    return found
