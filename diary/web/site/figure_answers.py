"""How figures look in answers: summaries, shares of windows, meter against log, severe events."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from diary.rules import adherence, summaries
from diary.rules.adherence import Share
from diary.web.entry_answers import one_of


def _number() -> fields.Float:
    return fields.Float(required=True, allow_none=True)


def _count() -> fields.Integer:
    return fields.Integer(required=True)


class BasisAnswer(ma.Schema):
    value = _count()
    assistance = _count()
    both = _count()


class InsulinAnswer(ma.Schema):
    days = _count()
    units_per_day = _number()
    units_per_kg_day = _number()
    free_days = _count()


_COUNTS = ("n", "numbers", "days", "days_with_3", "span_days", "count_below", "count_level2", "count_severe",
           "count_lo", "count_hi", "li_weeks")  # fmt: skip
SummaryFigures = ma.Schema.from_dict(
    {name: _count() if name in _COUNTS else _number() for name in summaries.Summary.__dataclass_fields__},
    name="SummaryFigures",
)


class SummaryAnswer(SummaryFigures):  # type: ignore[misc,valid-type]
    """Meter readings of a span, in mmol/L; null where a figure is not defined."""

    from_ = fields.Date(required=True, data_key="from", attribute="from_")
    to = fields.Date(required=True)
    severe_events = fields.Nested(BasisAnswer, required=True)
    insulin = fields.Nested(InsulinAnswer, required=True)


class DaySummaryAnswer(SummaryFigures):  # type: ignore[misc,valid-type]
    day = fields.Date(required=True)
    insulin_units = _number()
    is_signed = fields.Boolean(required=True)


class DaysAnswer(ma.Schema):
    days = fields.List(fields.Nested(DaySummaryAnswer), required=True)


class ShareAnswer(ma.Schema):
    done = _count()
    due = _count()
    pct = _number()


class SlotAnswer(ShareAnswer):
    slot = fields.String(required=True)


class RunAnswer(ma.Schema):
    length = _count()
    first_at = fields.String(required=True)
    last_at = fields.String(required=True)


class MedicationAnswer(ma.Schema):
    drug = fields.String(required=True)
    taking = fields.Nested(ShareAnswer, required=True)
    in_window = fields.Nested(ShareAnswer, required=True)
    intervals = fields.Nested(ShareAnswer, required=True)
    right_days = fields.Nested(ShareAnswer, required=True)
    runs = fields.List(fields.Nested(RunAnswer), required=True)


class DelayAnswer(ma.Schema):
    """Minutes, over entries typed at home: half of them within `median`, nine in ten within `p90`."""

    n = _count()
    median = _number()
    p90 = _number()


class DayShare(ShareAnswer):
    """Closed windows of one kind on one day; `left_out` says why others of that kind do not count."""

    open = _count()
    left_out = fields.String(required=True, allow_none=True)


class DayShares(ma.Schema):
    day = fields.Date(required=True)
    reading = fields.Nested(DayShare, required=True)
    dose = fields.Nested(DayShare, required=True)
    diary = fields.Nested(DayShare, required=True)
    contraception = fields.Nested(
        DayShare, required=True, allow_none=True, metadata={"description": "Null for who may not see it."}
    )


class WindowAnswer(ma.Schema):
    schedule_id = fields.String(required=True)
    kind = one_of(*adherence.KINDS)
    day = fields.Date(required=True)
    slot = fields.String(required=True)
    due_at = fields.String(required=True)
    opens_at = fields.String(required=True)
    closes_at = fields.String(required=True)
    drug = fields.String(required=True, allow_none=True)
    outcome = one_of("done", "skipped", "missed", "left_out", "open")
    at = fields.String(required=True, allow_none=True)
    entry_root_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class AdherenceAnswer(ma.Schema):
    """What was done of what was prescribed; windows that are still open are in no denominator."""

    from_ = fields.Date(required=True, data_key="from", attribute="from_")
    to = fields.Date(required=True)
    monitoring = fields.Nested(ShareAnswer, required=True)
    by_slot = fields.List(fields.Nested(SlotAnswer), required=True)
    medication = fields.List(fields.Nested(MedicationAnswer), required=True)
    diary = fields.Nested(ShareAnswer, required=True)
    contraception = fields.Nested(
        ShareAnswer, required=True, allow_none=True, metadata={"description": "Null for who may not see it."}
    )
    saved_after_min = fields.Nested(DelayAnswer, required=True)
    received_after_min = fields.Nested(DelayAnswer, required=True)
    left_out = _count()
    open = _count()
    days = fields.List(fields.Nested(DayShares), required=True)
    windows = fields.List(fields.Nested(WindowAnswer), required=True)


class ValueAnswer(ma.Schema):
    entry_root_id = fields.String(required=True)
    at = fields.String(required=True)
    value = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)


class PairAnswer(ma.Schema):
    finding = one_of("agrees", "altered", "omitted", "phantom")
    meter = fields.Nested(ValueAnswer, required=True, allow_none=True)
    log = fields.Nested(ValueAnswer, required=True, allow_none=True)


class ConcordanceAnswer(ma.Schema):
    """`precision_pct`: of the log's readings, those that agree; null without any."""

    from_ = fields.Date(required=True, data_key="from", attribute="from_")
    to = fields.Date(required=True)
    agrees = _count()
    altered = _count()
    omitted = _count()
    phantom = _count()
    precision_pct = _number()
    differences = fields.List(fields.Nested(PairAnswer), required=True)


class SevereEventAnswer(ma.Schema):
    day = fields.Date(required=True)
    at = fields.String(required=True, allow_none=True)
    basis = one_of("value", "assistance", "both")
    episode_id = fields.String(required=True, allow_none=True)
    entry_id = fields.String(required=True)
    source = fields.String(required=True, allow_none=True)


class Inclusion5Answer(ma.Schema):
    """Inclusion 5, counted back from consent: at least 2 in 12 months, 1 of them in the last 3."""

    until = fields.Date(required=True)
    in_12_months = _count()
    in_3_months = _count()
    is_met = fields.Boolean(required=True)


class SevereAnswer(ma.Schema):
    in_12_months = _count()
    in_3_months = _count()
    inclusion_5 = fields.Nested(Inclusion5Answer, required=True)
    events = fields.List(fields.Nested(SevereEventAnswer), required=True)


def share(of: Share) -> dict[str, Any]:
    return {"done": of.done, "due": of.due, "pct": of.pct}
