"""What each local day of a participant adds up to, kept current in the entry's own transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from diary import clock
from diary.db import Database, Row
from diary.rules import glucose, summaries
from diary.rules.summaries import DaySummary, Point
from diary.store import audit, episodes
from diary.study import Study


@dataclass(frozen=True)
class Insulin:
    """Insulin of a local day in units: the day's total where one was written down, else the single doses."""

    units: Decimal
    is_total: bool


@dataclass(frozen=True)
class Day:
    summary: DaySummary
    insulin: Insulin | None


def touch(db: Database, participant_id: str, local_days: Iterable[str], study: Study) -> None:
    """Something of these days changed: count them anew; what was prescribed around them is judged anew."""
    for day in sorted(set(local_days)):
        counted = _count(db, participant_id, day, day, study).get(day) or Day(DaySummary(), None)
        _put(db, participant_id, day, counted)
        forget_windows(db, participant_id, _shift(day, -1), _shift(day, 1))


def forget_windows(db: Database, participant_id: str, first_day: str, last_day: str | None) -> None:
    """The windows of these days (None: of all after) are judged anew when they are looked at."""
    db.execute(
        "update day_rows set windows = null, windows_until = null where participant_id = :p"
        " and local_day >= :first and (cast(:last as text) is null or local_day <= :last)"
        " and windows is not null",
        {"p": participant_id, "first": first_day, "last": last_day},
    )


def fill(db: Database, participant_id: str, study: Study) -> int:
    """Count the days that were never counted; how many."""
    rows = db.query(
        "select local_day from day_rows where participant_id = :p and readings is null", {"p": participant_id}
    )
    days = [row["local_day"] for row in rows]
    if days:
        counted = _count(db, participant_id, min(days), max(days), study)
        for day in days:
            _put(db, participant_id, day, counted.get(day) or Day(DaySummary(), None))
    return len(days)


def list_days(
    db: Database, participant_id: str, first_day: date, last_day: date, study: Study
) -> dict[date, Day]:
    """The counted days of the span, both ends included; days without a reading or insulin are left out."""
    span = {"p": participant_id, "first": first_day.isoformat(), "last": last_day.isoformat()}
    rows = list(
        db.query(
            "select local_day, readings, insulin from day_rows where participant_id = :p"
            " and local_day between :first and :last",
            span,
        )
    )
    days = {row["local_day"]: _read(row) for row in rows if row["readings"] is not None}
    never = [row["local_day"] for row in rows if row["readings"] is None]
    if never:
        counted = _count(db, participant_id, min(never), max(never), study)
        days |= {day: counted[day] for day in never if day in counted}
    return {date.fromisoformat(day): one for day, one in days.items() if one.summary.readings or one.insulin}


def fresh_days(
    db: Database, participant_id: str, first_day: date, last_day: date, study: Study
) -> dict[date, Day]:
    """The same counted from the entries themselves: for the verification of the kept rows."""
    counted = _count(db, participant_id, first_day.isoformat(), last_day.isoformat(), study)
    return {date.fromisoformat(day): one for day, one in counted.items()}


def _put(db: Database, participant_id: str, day: str, counted: Day) -> None:
    insulin = counted.insulin
    kept = {"units": str(insulin.units), "is_total": insulin.is_total} if insulin else None
    db.execute(
        "insert into day_rows (participant_id, local_day, readings, insulin)"
        " values (:p, :day, :readings, :insulin) on conflict (participant_id, local_day)"
        " do update set readings = excluded.readings, insulin = excluded.insulin",
        {"p": participant_id, "day": day, "readings": json.dumps(summaries.to_plain(counted.summary)),
         "insulin": audit.canonical(kept) if kept else None},
    )  # fmt: skip


def _read(row: Row) -> Day:
    kept = json.loads(row["insulin"]) if row["insulin"] else None
    insulin = Insulin(Decimal(kept["units"]), kept["is_total"]) if kept else None
    return Day(summaries.from_plain(json.loads(row["readings"])), insulin)


def _count(db: Database, participant_id: str, first: str, last: str, study: Study) -> dict[str, Day]:
    rows = db.query(
        "select h.local_day, h.kind, h.occurred_at, h.band, e.data from entry_heads h"
        " join entries e on e.id = h.entry_id where h.participant_id = :p and h.state = 'stored'"
        " and ((h.kind = 'reading' and h.in_summaries = 1) or h.kind = 'insulin')"
        " and h.local_day between :first and :last",
        {"p": participant_id, "first": first, "last": last},
    )
    points: dict[str, list[Point]] = {}
    doses: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["kind"] == "insulin":
            doses.setdefault(row["local_day"], []).append(json.loads(row["data"]))
        elif point := _point(row, study):
            points.setdefault(row["local_day"], []).append(point)
    return {
        day: Day(summaries.day_summary(points.get(day, ())), _insulin(doses.get(day, [])))
        for day in points.keys() | doses.keys()
    }


def _point(row: Row, study: Study) -> Point | None:
    reading = episodes.reading_of(json.loads(row["data"]), study)
    if reading is None or row["band"] is None:
        return None
    mmol = glucose.to_mmol(reading.glucose, study.glucose)
    mgdl = glucose.to_mgdl(reading.glucose, study.glucose)
    if mmol is None or mgdl is None:
        return Point(clock.from_text(row["occurred_at"]), row["band"])
    return Point(clock.from_text(row["occurred_at"]), row["band"], float(mmol), float(mgdl))


def _insulin(doses: list[dict[str, Any]]) -> Insulin | None:
    units = {"day_total": [], "single": []}  # type: dict[str, list[Decimal]]
    for dose in doses:
        of = "day_total" if dose.get("type") == "day_total" else "single"
        units[of].append(Decimal(str(dose["units"]).replace(",", ".")))
    if units["day_total"]:
        return Insulin(max(units["day_total"]), is_total=True)
    return Insulin(sum(units["single"], Decimal(0)), is_total=False) if doses else None


def _shift(day: str, by: int) -> str:
    at = date.fromisoformat(day)
    if (at == date.min and by < 0) or (at == date.max and by > 0):
        return day
    return (at + timedelta(days=by)).isoformat()
