"""How a schedule looks in answers, for phones and desks alike."""

import marshmallow as ma
from marshmallow import fields

from diary.web.entry_answers import one_of

SCHEDULE_KINDS = ("dose", "reading", "contraception", "diary")


class HoldAnswer(ma.Schema):
    day = fields.String(required=True)
    latest_at = fields.String(required=True)
    reason = fields.String(required=True)


class KeptSlotAnswer(ma.Schema):
    """A slot that stays at the instant it had before a journey."""

    day = fields.String(required=True)
    slot = fields.String(required=True)
    due_at = fields.String(required=True)


class ScheduleAnswer(ma.Schema):
    id = fields.UUID(required=True)
    participant_id = fields.UUID(required=True)
    kind = one_of(*SCHEDULE_KINDS)
    title = fields.String(required=True)
    times = fields.List(fields.String(), required=True)
    rrule = fields.String(required=True, allow_none=True)
    zone = fields.String(required=True)
    from_day = fields.String(required=True)
    to_day = fields.String(required=True, allow_none=True)
    drug = fields.String(required=True, allow_none=True)
    amount = fields.String(required=True, allow_none=True)
    window_before_min = fields.Integer(required=True)
    window_after_min = fields.Integer(required=True)
    hold = fields.Nested(HoldAnswer, required=True, allow_none=True)
    replaces = fields.UUID(required=True, allow_none=True)
    created_at = fields.String(required=True, metadata={"description": "Nothing before it is due."})
    ended_at = fields.String(required=True, allow_none=True)
    end_reason = fields.String(required=True, allow_none=True)


class PhoneScheduleAnswer(ScheduleAnswer):
    kept = fields.List(
        fields.Nested(KeptSlotAnswer), required=True,
        metadata={"description": "Slots of these days that do not go by the clock of `zone`."},
    )  # fmt: skip
