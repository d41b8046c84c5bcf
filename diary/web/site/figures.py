"""A participant in figures: glucose summary, adherence, meter against log, severe events."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g

from diary import clock
from diary.db import Row
from diary.errors import DiaryError
from diary.rules import adherence as adherence_rules
from diary.rules import roles, summaries
from diary.rules.adherence import Judged
from diary.store import adherence, days, figures, participants
from diary.store.actors import Actor
from diary.web.entry_bodies import OneWord
from diary.web.person_fields import CalendarDay
from diary.web.site.figure_answers import (
    AdherenceAnswer,
    ConcordanceAnswer,
    DaysAnswer,
    SevereAnswer,
    SummaryAnswer,
    share,
)
from diary.web.site.participants import of_site, study
from diary.web.zones import Zone

zone = Zone("site", "figures")
DEFAULT_DAYS = 28
# Nobody's diary is longer; a page of a thousand years would be work without an end.
MOST_DAYS = 20 * 366


class SpanQuery(ma.Schema):
    from_ = CalendarDay(data_key="from", metadata={"description": "First local day; 28 days before `to`."})
    to = CalendarDay(metadata={"description": "Last local day; today when left out."})


class AdherenceQuery(SpanQuery):
    detail = OneWord("windows", metadata={"description": "Also every window that was counted."})
    kind = OneWord(*adherence_rules.KINDS, metadata={"description": "Only windows of this kind."})


def span_of(query: dict[str, Any], participant: Row) -> tuple[date, date]:
    """The asked local days; DiaryError `fields` when they stand the wrong way round or too far apart."""
    last = query.get("to") or participants.today(participant, g.now)
    first = query.get("from_")
    if first is None:
        back = min((last - date.min).days, DEFAULT_DAYS - 1)
        first = max(last - timedelta(days=back), min(last, date.fromisoformat(participant["consented_day"])))
    if first > last:
        raise DiaryError("fields", 422, {"to": "day_order"})
    if (last - first).days > MOST_DAYS:
        raise DiaryError("fields", 422, {"from": "span_too_long"})
    return first, last


def _hides(actor: Actor) -> bool:
    return actor.role == "system" or roles.hides_contraception(actor.role)


@zone.operation(
    "/participants/<uuid:participant_id>/summary", "GET", "getSummary", "see_participants", statuses=(404,)
)
@zone.arguments(SpanQuery, location="query")
@zone.response(200, SummaryAnswer)
def get_summary(query: dict[str, Any], participant_id: UUID) -> Any:
    """Glucose of a span from what its days add up to; from and to are local days, both included."""
    _, participant = of_site(participant_id)
    first, last = span_of(query, participant)
    of_days = days.list_days(g.db, participant["id"], first, last, study())
    # Days that have not come yet were not lived without a reading.
    lived = max(min(last, participants.today(participant, g.now)), max(of_days, default=first))
    events = figures.list_severe(g.db, participant, first, last)
    return {
        **asdict(summaries.combine({day: one.summary for day, one in of_days.items()}, first, lived)),
        "from_": first,
        "to": last,
        "severe_events": {
            basis: sum(one.basis == basis and one.source is None for one in events)
            for basis in ("value", "assistance", "both")
        },
        "insulin": asdict(figures.insulin_use(g.db, participant["id"], of_days)),
    }


@zone.operation(
    "/participants/<uuid:participant_id>/days", "GET", "listDays", "see_participants", statuses=(404,)
)
@zone.arguments(SpanQuery, location="query")
@zone.response(200, DaysAnswer)
def list_days(query: dict[str, Any], participant_id: UUID) -> Any:
    """Each local day of the span on which something was written, oldest first."""
    _, participant = of_site(participant_id)
    first, last = span_of(query, participant)
    of_days = days.list_days(g.db, participant["id"], first, last, study())
    return {
        "days": [
            {
                **asdict(summaries.combine({day: one.summary}, day, day)), "day": day,
                "insulin_units": float(one.insulin.units) if one.insulin else None,
                "is_signed": one.is_signed,
            }
            for day, one in sorted(of_days.items())
        ]
    }  # fmt: skip


@zone.operation(
    "/participants/<uuid:participant_id>/adherence", "GET", "getAdherence", "see_participants",
    statuses=(404,),
)  # fmt: skip
@zone.arguments(AdherenceQuery, location="query")
@zone.response(200, AdherenceAnswer)
def get_adherence(query: dict[str, Any], participant_id: UUID) -> Any:
    """Adherence of a span (STUDY.md 8), with the windows behind each figure when they are asked for."""
    actor, participant = of_site(participant_id)
    first, last = span_of(query, participant)
    hidden = _hides(actor)
    judged = adherence.list_judged(g.db, participant, first, last, g.now, hide_contraception=hidden)
    found = adherence_rules.combine(judged)
    of_days = days.list_days(g.db, participant["id"], first, last, study())
    delays = [delay for one in of_days.values() for delay in one.delays]
    wanted = query.get("kind")
    return {
        "from_": first, "to": last,
        "monitoring": share(found.monitoring),
        "by_slot": [{"slot": slot, **share(one)} for slot, one in found.by_slot.items()],
        "medication": [_medication(one) for one in found.medication],
        "diary": share(found.diary),
        "contraception": None if hidden else share(found.contraception),
        "saved_after_min": _delay([saved for saved, _ in delays]),
        "received_after_min": _delay([received for _, received in delays]),
        "left_out": found.left_out, "open": found.open,
        "days": _by_day(judged, hidden),
        "windows": [_window(one) for one in judged if wanted in (None, one.window.kind)]
        if "detail" in query else [],
    }  # fmt: skip


def _medication(one: adherence_rules.Medication) -> dict[str, Any]:
    runs = [
        {"length": run.length, "first_at": clock.to_text(run.first_at), "last_at": clock.to_text(run.last_at)}
        for run in one.runs
    ]
    parts = ("taking", "in_window", "intervals", "right_days")
    return {"drug": one.drug, "runs": runs, **{part: share(getattr(one, part)) for part in parts}}


def _delay(minutes: Sequence[int]) -> dict[str, Any]:
    if not minutes:
        return {"n": 0, "median": None, "p90": None}
    tenths = quantiles(minutes, n=10, method="inclusive") if len(minutes) > 1 else [minutes[0]] * 9
    return {"n": len(minutes), "median": tenths[4], "p90": tenths[8]}


def _by_day(judged: Sequence[Judged], hidden: bool) -> list[dict[str, Any]]:
    of_day: dict[date, dict[str, list[Judged]]] = {}
    for one in judged:
        of_day.setdefault(one.window.day, {}).setdefault(one.window.kind, []).append(one)
    return [
        {
            "day": day,
            **{kind: _day_share(kinds.get(kind, []), kind) for kind in adherence_rules.KINDS},
            **({"contraception": None} if hidden else {}),
        }
        for day, kinds in sorted(of_day.items())
    ]


def _day_share(judged: Sequence[Judged], kind: adherence_rules.Kind) -> dict[str, Any]:
    return {
        **share(adherence_rules.share(judged, kind)),
        "open": sum(one.outcome == "open" for one in judged),
        "left_out": next((one.reason for one in judged if one.outcome == "left_out"), None),
    }


def _window(one: Judged) -> dict[str, Any]:
    window = one.window
    return {
        **asdict(window),
        "due_at": clock.to_text(window.due_at), "opens_at": clock.to_text(window.opens_at),
        "closes_at": clock.to_text(window.closes_at), "outcome": one.outcome,
        "at": clock.to_text(one.at) if one.at else None, "entry_root_id": one.root_id, "reason": one.reason,
    }  # fmt: skip


@zone.operation(
    "/participants/<uuid:participant_id>/concordance", "GET", "getConcordance", "see_participants",
    statuses=(404,),
)  # fmt: skip
@zone.arguments(SpanQuery, location="query")
@zone.response(200, ConcordanceAnswer)
def get_concordance(query: dict[str, Any], participant_id: UUID) -> Any:
    """What the meter remembers beside what was typed: omitted, phantom, altered."""
    _, participant = of_site(participant_id)
    first, last = span_of(query, participant)
    pairs = figures.compare_with_meter(g.db, participant["id"], first, last)
    counts = {
        name: sum(pair.finding == name for pair in pairs)
        for name in ("agrees", "altered", "omitted", "phantom")
    }
    written = counts["agrees"] + counts["altered"] + counts["phantom"]
    return {
        "from_": first, "to": last, **counts,
        "precision_pct": 100 * counts["agrees"] / written if written else None,
        "differences": [
            {"finding": pair.finding, "meter": _value(pair.meter), "log": _value(pair.log)}
            for pair in pairs
            if pair.finding != "agrees"
        ],
    }  # fmt: skip


def _value(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    at = clock.to_text(value.at)
    return {"entry_root_id": value.root_id, "at": at, "value": value.text, "unit": value.unit}


@zone.operation(
    "/participants/<uuid:participant_id>/severe-events", "GET", "listSevereEvents", "see_participants",
    statuses=(404,),
)  # fmt: skip
@zone.response(200, SevereAnswer)
def list_severe_events(participant_id: UUID) -> Any:
    """Severe events of the last 12 and 3 months, and the check of inclusion 5 back from consent."""
    _, participant = of_site(participant_id)
    today = participants.today(participant, g.now)
    consented = date.fromisoformat(participant["consented_day"])
    first = min(months_before(consented, 12), months_before(today, 12))
    events = figures.list_severe(g.db, participant, first, today)

    def within(until: date, months: int) -> int:
        return sum(months_before(until, months) < one.day <= until for one in events)

    before = {"in_12_months": within(consented, 12), "in_3_months": within(consented, 3)}
    return {
        "in_12_months": within(today, 12), "in_3_months": within(today, 3),
        "inclusion_5": {
            "until": consented, **before,
            "is_met": before["in_12_months"] >= 2 and before["in_3_months"] >= 1,
        },
        "events": [asdict(one) for one in events],
    }  # fmt: skip


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months before; the month's last where it has no such day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError("every month has a first day")
