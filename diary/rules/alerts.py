"""Alerts: what opens one at which level, and what turns a desk alert into a page (STUDY.md 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final, Literal

from diary.rules import glucose

if TYPE_CHECKING:
    from diary.rules.glucose import Band
    from diary.rules.hypoglycaemia import Basis, Reading, Why
    from diary.study import AlertRules, GlucoseLimits, RedFlags

Level = Literal["desk", "page"]
State = Literal["open", "acknowledged", "resolved"]
RedFlag = Literal[
    "fever", "persistent_vomiting", "high_running", "missed_doses", "contraception_no", "pregnancy_positive"
]
Kind = (
    RedFlag
    | Literal[
        "assistance",
        "lo",
        "severe_value",
        "late_lows",
        "review",
        "call_me",
        "refused_text",
        "no_blood_draw",
        "contraception_review",
        "zone_waits",
    ]
)
Escalation = Literal["unanswered", "no_recheck", "not_acknowledged"]

# A guardian may neither see nor infer these (STUDY.md 2): their alerts stay off the guardian's lists.
CONTRACEPTION_KINDS: Final[frozenset[Kind]] = frozenset(
    {"contraception_no", "pregnancy_positive", "contraception_review"}
)

_DOUBTFUL_READING: Final[frozenset[Why]] = frozenset({"implausible", "sensor", "unconfirmed"})


@dataclass(frozen=True)
class Opening:
    """An alert to open; a grouped one joins the open grouped alert of its import or hour, if there is one."""

    level: Level
    kind: Kind
    is_grouped: bool = False


@dataclass(frozen=True)
class AlertFacts:
    """What the escalation rules look at.

    `first_severe_at`, `last_severe_at`: first and last value below 2.9 or LO among the alert's readings (an
    implausible one too, a sensor's not), each the *earlier* of occurred_at and received_at, so that a phone
    whose clock runs ahead delays nothing. `is_answered`: a yes or no in the episode, unknown is none.
    `recovered_at`: the first meter or laboratory value of 3.9 or more after `last_severe_at`.
    """

    level: Level
    kind: Kind
    state: State
    opened_at: datetime
    first_severe_at: datetime | None = None
    last_severe_at: datetime | None = None
    is_answered: bool = False
    recovered_at: datetime | None = None


def on_arrival(basis: Basis, band: Band | None, why: Why | None, *, is_late: bool) -> Opening | None:
    """The alert a judged entry opens, if any; `band` is its reading's (None for an event alone).

    Needed help pages at any age of the entry. A late low, its doubtful readings included, is one of a
    group. A plain low whose question is merely unanswered opens nothing, and neither does history.
    """
    if basis in ("assistance", "both"):
        return Opening("page", "assistance")
    if basis == "value":
        if is_late:
            return Opening("desk", "late_lows", is_grouped=True)
        return Opening("page", "lo") if band == "lo" else Opening("desk", "severe_value")
    if basis != "review" or why in (None, "unanswered", "before_enrolment"):
        return None
    if is_late and why in _DOUBTFUL_READING:
        return Opening("desk", "late_lows", is_grouped=True)
    return Opening("desk", "review")


def escalation(alert: AlertFacts, now: datetime, settings: AlertRules) -> Escalation | None:
    """Why a desk alert becomes a page at `now`; None while it may wait, and once somebody has it."""
    if alert.level != "desk" or alert.state != "open":
        return None
    if alert.kind != "late_lows":
        if _is_unanswered(alert, now, settings):
            return "unanswered"
        if _is_without_recheck(alert, now, settings):
            return "no_recheck"
    waited = now - alert.opened_at
    return "not_acknowledged" if waited >= timedelta(hours=settings.acknowledge_h) else None


def _is_unanswered(alert: AlertFacts, now: datetime, settings: AlertRules) -> bool:
    if alert.first_severe_at is None or alert.is_answered:
        return False
    return now - alert.first_severe_at >= timedelta(minutes=settings.unanswered_min)


def _is_without_recheck(alert: AlertFacts, now: datetime, settings: AlertRules) -> bool:
    if alert.last_severe_at is None:
        return False
    until = alert.last_severe_at + timedelta(minutes=settings.recheck_min)
    recovered = alert.recovered_at is not None and alert.last_severe_at < alert.recovered_at <= until
    return now >= until and not recovered


def is_high(reading: Reading, flags: RedFlags, limits: GlucoseLimits) -> bool:
    """HI or above 16.7 mmol/L (300 mg/dL), by this person's meter or laboratory and without a doubt."""
    value = reading.glucose
    unsure = not reading.confirmed and glucose.needs_confirmation(value, limits)
    if reading.is_excluded or reading.device == "cgm" or unsure:
        return False
    if value.number is None or value.unit is None:
        return value.censored == "HI"
    return value.number > flags.high_above(value.unit)


def dose_is_missed(status: str | None, skip_reason: str | None) -> bool | None:
    """Whether a closed dose window counts as missed; None leaves it out, as the site told so."""
    if status == "taken":
        return False
    return None if skip_reason == "told_by_site" else True


def is_in_run(before: Sequence[bool], mark: bool, after: Sequence[bool], length: int) -> bool:
    """Whether a marked entry stands in a run of at least `length`; neighbours nearest first, either side.

    Both sides, because entries arrive in any order.
    """
    return mark and 1 + _leading(before) + _leading(after) >= length


def red_flags(
    kind: str,
    data: Mapping[str, Any],
    flags: RedFlags,
    *,
    mark: bool = False,
    before: Sequence[bool] = (),
    after: Sequence[bool] = (),
) -> list[RedFlag]:
    """The red flags of one entry and its neighbours.

    `mark` is `is_high` of a reading or `dose_is_missed` of an immunosuppressant dose (others: False);
    `before` and `after` are the same of its neighbours in time, nearest first, those left out not among them.
    """
    found: list[RedFlag] = []
    if kind == "illness" and _number(data.get("temperature_c")) >= flags.fever_c:
        found.append("fever")
    if kind == "illness" and data.get("persistent_vomiting") == "yes":
        found.append("persistent_vomiting")
    if kind == "reading" and is_in_run(before, mark, after, flags.high_running):
        found.append("high_running")
    if kind == "dose" and is_in_run(before, mark, after, flags.missed_doses):
        found.append("missed_doses")
    if kind == "contraception" and data.get("used_as_agreed") == "no":
        found.append("contraception_no")
    if kind == "pregnancy_test" and data.get("result") == "positive":
        found.append("pregnancy_positive")
    return found


def on_entry(kind: str, flags: Sequence[RedFlag], *, is_late_import: bool = False) -> list[Opening]:
    """The desk alerts for red flags, and for somebody who asks to be called.

    High runs in an import of the past open nothing: the past makes one grouped alert, for its lows.
    """
    kinds: list[Kind] = ["call_me"] if kind == "call_me" else []
    kinds += [flag for flag in flags if not (is_late_import and flag == "high_running")]
    return [Opening("desk", name) for name in kinds]


def _leading(marks: Sequence[bool]) -> int:
    return next((place for place, mark in enumerate(marks) if not mark), len(marks))


def _number(text: object) -> Decimal:
    """A decimal text as a number, a comma as its point; 0 where there is none, which flags nothing."""
    try:
        number = Decimal(str(text).strip().replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
