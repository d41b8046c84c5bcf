"""What each local day of a participant adds up to, kept current in the entry's own transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from diary import clock
from diary.db import Database, Row
from diary.rules import glucose, summaries
from diary.rules.entries import is_contraception
from diary.rules.summaries import DaySummary, Point
from diary.store import adherence, entries, episodes
from diary.study import Study


@dataclass(frozen=True)
class Insulin:
    """Insulin of a local day in units: the day's total where one was written down, else the single doses."""

    units: Decimal
    is_total: bool


@dataclass(frozen=True)
class Day:
    """`delays`: minutes from event to saved and from saved to received, of each entry typed at home."""

    summary: DaySummary
    insulin: Insulin | None = None
    is_signed: bool = False
    delays: tuple[tuple[int, int], ...] = ()


NOTHING = Day(DaySummary())


@dataclass
class Changed:
    """What the entries of one transaction changed, by participant: `settle` it once, at its end.

    `written`: the local days to count; `days` by what they answer for, `readings` by when they were taken,
    `since` a stay in hospital began.
    """

    participants: dict[str, Row] = field(default_factory=dict)
    written: dict[str, set[str]] = field(default_factory=dict)
    days: dict[str, set[date]] = field(default_factory=dict)
    readings: dict[str, set[datetime]] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)

    def settle(self, db: Database, now: datetime, study: Study) -> None:
        """Count these days and judge their windows anew; the transaction holds the participants' locks."""
        for participant_id, participant in self.participants.items():
            for day in sorted(self.written.get(participant_id, ())):
                counted = _count(db, participant_id, day, day, study).get(day) or NOTHING
                _put(db, participant_id, day, counted)
            since = self.since.get(participant_id)
            if since:
                adherence.judge_anew(db, participant, since, None, now)
            days = {day for day in self.days.get(participant_id, ()) if not since or day < since}
            readings = self.readings.get(participant_id, set())
            if days or readings:
                adherence.answered_anew(db, participant, days, readings, now)


def follow(
    db: Database, participant: Row, row: Row, before: Row | None, now: datetime, study: Study,
    changed: Changed | None = None,
) -> None:  # fmt: skip
    """A version counts from now on instead of what stood `before`: the days of both are counted anew.

    That, and the judging of their windows, happens at once; with `changed` when whoever gathers settles it.
    """
    stood = entries.find(db, before["entry_id"]) if before else None
    local_days = {row["local_day"], *([before["local_day"]] if before else [])}
    said = [json.loads(text) for text in (row["data"], stood and stood["data"]) if text]
    if row["kind"] == "day_complete":
        local_days |= {data["day"] for data in said}
    gathered = changed or Changed()
    gathered.written.setdefault(participant["id"], set()).update(local_days)
    instants = [row["occurred_at"], *([before["occurred_at"]] if before else [])]
    _gather(gathered, participant, row["kind"], said, instants)
    if changed is None:
        gathered.settle(db, now, study)


def _gather(
    changed: Changed, participant: Row, kind: str, said: Iterable[dict[str, Any]], instants: Iterable[str]
) -> None:
    """Which windows these versions of an entry of this kind answer, or leave out."""
    person = participant["id"]
    changed.participants[person] = participant
    if kind == "reading":
        changed.readings.setdefault(person, set()).update(clock.from_text(at) for at in instants)
    names = {"day_complete": "day"}.get(kind, "due_day")
    named = {date.fromisoformat(data[names]) for data in said if data.get(names)}
    changed.days.setdefault(person, set()).update(named)
    stays = [date.fromisoformat(data["from_day"]) for data in said] if kind == "hospital_stay" else []
    if stays:
        changed.since[person] = min(*stays, changed.since.get(person, date.max))


def fill(db: Database, participant_id: str, study: Study) -> int:
    """Count the days that were never counted; how many."""
    rows = db.query(
        "select local_day from day_rows where participant_id = :p and readings is null", {"p": participant_id}
    )
    days = [row["local_day"] for row in rows]
    if days:
        counted = _count(db, participant_id, min(days), max(days), study)
        for day in days:
            _put(db, participant_id, day, counted.get(day) or NOTHING)
    return len(days)


def list_days(
    db: Database, participant_id: str, first_day: date, last_day: date, study: Study
) -> dict[date, Day]:
    """The counted days of the span, both ends included; days on which nothing was written are left out."""
    span = {"p": participant_id, "first": first_day.isoformat(), "last": last_day.isoformat()}
    rows = list(
        db.query(
            "select local_day, readings, log from day_rows where participant_id = :p"
            " and local_day between :first and :last",
            span,
        )
    )
    days = {row["local_day"]: _read(row) for row in rows if row["readings"] is not None}
    never = [row["local_day"] for row in rows if row["readings"] is None]
    if never:
        counted = _count(db, participant_id, min(never), max(never), study)
        days |= {day: counted[day] for day in never if day in counted}
    return {date.fromisoformat(day): one for day, one in days.items() if one != NOTHING}


def fresh_days(
    db: Database, participant_id: str, first_day: date, last_day: date, study: Study
) -> dict[date, Day]:
    """The same counted from the entries themselves: for the verification of the kept rows."""
    counted = _count(db, participant_id, first_day.isoformat(), last_day.isoformat(), study)
    return {date.fromisoformat(day): one for day, one in counted.items()}


def _put(db: Database, participant_id: str, day: str, counted: Day) -> None:
    insulin = counted.insulin
    log: dict[str, Any] = {"units": str(insulin.units), "is_total": insulin.is_total} if insulin else {}
    log |= {"signed": True} if counted.is_signed else {}
    log |= {"delays": counted.delays} if counted.delays else {}
    db.execute(
        "insert into day_rows (participant_id, local_day, readings, log, glance)"
        " values (:p, :day, :readings, :log, :glance) on conflict (participant_id, local_day)"
        " do update set readings = excluded.readings, log = excluded.log, glance = excluded.glance",
        {"p": participant_id, "day": day, "readings": json.dumps(summaries.to_plain(counted.summary)),
         "log": json.dumps(log), "glance": _glance(counted.summary)},
    )  # fmt: skip


def _glance(summary: DaySummary) -> str | None:
    """`readings severe mean`, the mean in mmol/L or a dash: all that a sparkline draws."""
    if not summary.readings:
        return None
    severe = summary.bands.get("lo", 0) + summary.bands.get("severe", 0)
    return f"{summary.readings} {severe} {f'{summary.mean:.2f}' if summary.numbers else '-'}"


def _read(row: Row) -> Day:
    log = json.loads(row["log"])
    return Day(
        summary=summaries.from_plain(json.loads(row["readings"])),
        insulin=Insulin(Decimal(log["units"]), log["is_total"]) if "units" in log else None,
        is_signed="signed" in log,
        delays=tuple((saved, received) for saved, received in log.get("delays", ())),
    )


def _count(db: Database, participant_id: str, first: str, last: str, study: Study) -> dict[str, Day]:
    rows = db.query(
        "select h.local_day, h.kind, h.occurred_at, h.band, h.in_summaries, e.data, e.origin, e.version,"
        " e.author_role, e.recorded_at, e.received_at from entry_heads h"
        " join entries e on e.id = h.entry_id where h.participant_id = :p and h.state = 'stored'"
        " and h.local_day between :first and :last",
        {"p": participant_id, "first": first, "last": last},
    )
    by_day: dict[str, list[Row]] = {}
    for row in rows:
        by_day.setdefault(row["local_day"], []).append(row)
    # A day is signed off by an entry that names it, whenever that was written.
    signed = {
        day
        for row in db.query(
            "select h.local_day, e.data from entry_heads h join entries e on e.id = h.entry_id"
            " where h.participant_id = :p and h.kind = 'day_complete' and h.state = 'stored'"
            " and h.local_day >= :first and h.occurred_at >= :since",
            {"p": participant_id, "first": first, "since": _day_before(first)},
        )
        # A day that has not come cannot be signed off.
        if (day := json.loads(row["data"])["day"]) <= row["local_day"]
    }
    days = {day for day in signed if day and first <= day <= last} | by_day.keys()
    return {day: _day(by_day.get(day, []), day in signed, study) for day in days}


def _day(rows: list[Row], is_signed: bool, study: Study) -> Day:
    readings = [row for row in rows if row["kind"] == "reading" and row["in_summaries"]]
    return Day(
        summary=summaries.day_summary(point for row in readings if (point := _point(row, study))),
        insulin=_insulin([json.loads(row["data"]) for row in rows if row["kind"] == "insulin"]),
        is_signed=is_signed,
        delays=tuple(sorted(_delay(row) for row in rows if _is_typed_at_home(row))),
    )


def _is_typed_at_home(row: Row) -> bool:
    """A first version in the participant's or a guardian's own hand: what contemporaneity speaks of.

    Not of contraception: whoever may not see it must not count it either.
    """
    if is_contraception(row["kind"]):
        return False
    return (
        row["origin"] == "typed" and row["version"] == 1 and row["author_role"] in ("participant", "guardian")
    )


def _delay(row: Row) -> tuple[int, int]:
    happened, saved, received = (
        clock.from_text(row[name]) for name in ("occurred_at", "recorded_at", "received_at")
    )
    return round((saved - happened).total_seconds() / 60), round((received - saved).total_seconds() / 60)


def _point(row: Row, study: Study) -> Point | None:
    reading = episodes.reading_of(json.loads(row["data"]), study)
    if reading is None or row["band"] is None:
        return None
    mmol = glucose.to_mmol(reading.glucose, study.glucose)
    mgdl = glucose.to_mgdl(reading.glucose, study.glucose)
    if mmol is None or mgdl is None:
        return Point(clock.from_text(row["occurred_at"]), row["band"])
    return Point(clock.from_text(row["occurred_at"]), row["band"], float(mmol), float(mgdl))


def _day_before(day: str) -> str:
    """An instant before the day begins anywhere."""
    return clock.to_text(clock.shifted(datetime.fromisoformat(f"{day}T00:00:00+00:00"), -timedelta(days=1)))


def _insulin(doses: list[dict[str, Any]]) -> Insulin | None:
    units = {"day_total": [], "single": []}  # type: dict[str, list[Decimal]]
    for dose in doses:
        of = "day_total" if dose.get("type") == "day_total" else "single"
        units[of].append(Decimal(str(dose["units"]).replace(",", ".")))
    if units["day_total"]:
        return Insulin(max(units["day_total"]), is_total=True)
    return Insulin(sum(units["single"], Decimal(0)), is_total=False) if doses else None
