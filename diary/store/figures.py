"""What the figures of a participant's page are made of: severe events, insulin, concordance."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from diary import clock
from diary.db import Database, Row
from diary.rules import concordance
from diary.rules.concordance import Pair, Value
from diary.rules.days import local_day_in
from diary.rules.entries import Origin
from diary.store import participants
from diary.store.days import Day

# What the meter remembers came by one of these; the log is what was typed.
METER_ORIGINS: tuple[Origin, ...] = ("bluetooth", "file", "api")


@dataclass(frozen=True)
class SevereEvent:
    """One severe episode, or one that staff recorded from before enrolment (`source` says from where)."""

    day: date
    at: str | None
    basis: str
    episode_id: str | None
    entry_id: str
    source: str | None = None


@dataclass(frozen=True)
class InsulinUse:
    """`units_per_kg_day`: mean over the days with insulin written down, by the weight known on that day."""

    days: int
    units_per_day: float | None
    units_per_kg_day: float | None
    free_days: int


def list_severe(db: Database, participant: Row, first_day: date, last_day: date) -> list[SevereEvent]:
    """Severe episodes and recorded history of the span, oldest first; local days, both ends included."""
    zones = participants.list_zones(db, participant["id"])
    near = {"p": participant["id"], "first": _instant(first_day, -2), "last": _instant(last_day, 2)}
    rows = db.query(
        "select p.id, p.first_at, p.basis, min(h.entry_id) as entry_id from episodes p"
        " join entry_heads h on h.episode_id = p.id and h.participant_id = p.participant_id"
        " where p.participant_id = :p and p.severe = 1 and p.first_at between :first and :last"
        " group by p.id, p.first_at, p.basis",
        near,
    )
    found = []
    for row in rows:
        day = local_day_in(zones, clock.from_text(row["first_at"]))
        found.append(SevereEvent(day, row["first_at"], row["basis"], row["id"], row["entry_id"]))
    history = db.query(
        "select e.id, e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'severe_history' and h.state = 'stored'",
        {"p": participant["id"]},
    )
    for row in history:
        data = json.loads(row["data"])
        day = date.fromisoformat(data["day"])
        found.append(SevereEvent(day, None, data["basis"], None, row["id"], data["source"]))
    return sorted(
        (one for one in found if first_day <= one.day <= last_day), key=lambda one: (one.day, one.at or "")
    )


def _instant(day: date, days: int) -> str:
    at = datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")
    return clock.to_text(clock.shifted(at, timedelta(days=days)))


def insulin_use(db: Database, participant_id: str, days: Mapping[date, Day]) -> InsulinUse:
    """Insulin over the given days; a signed day without insulin, or with a total of 0, is a free one."""
    taken = {day: one.insulin.units for day, one in days.items() if one.insulin and one.insulin.units > 0}
    free = sum(
        1
        for one in days.values()
        if (one.insulin and one.insulin.units == 0) or (one.is_signed and not one.insulin)
    )
    if not taken:
        return InsulinUse(0, None, None, free)
    weights = _weights(db, participant_id)
    per_kg = [units / kg for day, units in taken.items() if (kg := _weight_on(weights, day))]
    return InsulinUse(
        days=len(taken),
        units_per_day=float(sum(taken.values()) / len(taken)),
        units_per_kg_day=float(sum(per_kg) / len(per_kg)) if len(per_kg) == len(taken) else None,
        free_days=free,
    )


def _weights(db: Database, participant_id: str) -> list[tuple[date, Decimal]]:
    rows = db.query(
        "select h.local_day, e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'weight' and h.state = 'stored'"
        " order by h.occurred_at, h.root_id",
        {"p": participant_id},
    )
    return [
        (date.fromisoformat(row["local_day"]), Decimal(str(json.loads(row["data"])["kg"]).replace(",", ".")))
        for row in rows
    ]


def _weight_on(weights: list[tuple[date, Decimal]], day: date) -> Decimal | None:
    """The last weight up to that day, else the first one after it."""
    before = [kg for on, kg in weights if on <= day]
    return before[-1] if before else next((kg for _, kg in weights), None)


def compare_with_meter(db: Database, participant_id: str, first_day: date, last_day: date) -> list[Pair]:
    """Every meter reading and every typed one of the span, paired (rules/concordance.py)."""
    rows = db.query(
        # What the meter remembers is its first version, whatever was made of it later.
        "select h.root_id, h.occurred_at, h.state, h.in_summaries, e.data, first.origin as first_origin,"
        " first.occurred_at as first_at, first.data as first_data, first.in_summaries as first_counts"
        " from entry_heads h join entries e on e.id = h.entry_id join entries first on first.id = h.root_id"
        " where h.participant_id = :p and h.kind = 'reading'"
        " and (h.local_day between :first and :last or first.local_day between :first and :last)",
        {"p": participant_id, "first": first_day.isoformat(), "last": last_day.isoformat()},
    )
    meter: list[Value] = []
    log: list[Value] = []
    for row in rows:
        if row["first_origin"] in METER_ORIGINS:
            if row["first_counts"]:
                meter.append(_value(row["root_id"], row["first_at"], row["first_data"]))
        elif row["state"] == "stored" and row["in_summaries"]:
            log.append(_value(row["root_id"], row["occurred_at"], row["data"]))
    return concordance.compare(meter, log)


def _value(root_id: str, at: str, data: str) -> Value:
    said = json.loads(data)
    return Value(root_id, clock.from_text(at), said["value"], said.get("unit"))
