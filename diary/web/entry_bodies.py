"""What an entry looks like on the wire: one schema per kind, the same for checking and for OpenAPI."""

from datetime import date
from decimal import Decimal
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from diary.web.reading import Form, is_blank

TEXT_CHARS = 4000
ANSWERS = ("yes", "no", "unknown")
CONTEXTS = ("fasting", "before_breakfast", "after_breakfast", "before_lunch", "after_lunch", "before_supper",
            "after_supper", "bedtime", "night", "exercise", "symptoms", "other")  # fmt: skip
SKIP_REASONS = ("forgot", "ran_out", "side_effects", "vomiting", "told_by_site", "other")
METHODS = ("hormonal", "barrier", "abstinence")
# As the OpenAPI document says them, and in digits that every reader of them takes for digits: 0 to 9.
_DECIMAL = r"^[0-9]{1,6}(\.[0-9]{1,4})?$"
_SLOT = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


class Words(fields.String):
    """Text of at most `chars` characters; where at least one is asked for, blanks alone are none."""

    def __init__(self, chars: int = TEXT_CHARS, *, least: int = 0, **more: Any) -> None:
        super().__init__(validate=validate.Length(min=least, max=chars, error="field_length"), **more)
        self.least = least

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **more))
        if self.least and is_blank(text):
            raise ma.ValidationError("field_required")
        return text


class OneWord(fields.String):
    """One of a closed set of lower-case words."""

    def __init__(self, *words: str, **more: Any) -> None:
        super().__init__(validate=validate.OneOf(words, error="field_choice"), **more)


class SomeWords(fields.List[str]):
    """Each at most once from a closed set."""

    def __init__(self, *words: str, **more: Any) -> None:
        super().__init__(
            OneWord(*words), validate=validate.Length(max=len(words), error="field_length"), **more
        )


class Number(fields.Field[str]):
    """A clinical number as decimal text ("6.0"), kept as written; a JSON number is read as its digits."""

    def __init__(self, low: str, high: str, **more: Any) -> None:
        super().__init__(
            metadata={
                "type": ["string", "number"],
                "pattern": _DECIMAL,
                "minimum": float(low),
                "maximum": float(high),
            },
            **more,
        )
        self.low, self.high = Decimal(low), Decimal(high)
        self.form = Form(_DECIMAL, error="field_number")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise ma.ValidationError("field_number")
        text = str(self.form(str(value)))
        if not self.low <= Decimal(text) <= self.high:
            raise ma.ValidationError("field_range")
        return text


class Day(fields.String):
    """A local calendar day, `2026-03-14`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=Form(_DAY, error="field_day"), metadata={"format": "date"}, **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        try:
            date.fromisoformat(str(text))
        except ValueError as error:
            raise ma.ValidationError("field_day") from error
        return text


class Id(fields.UUID):
    """A UUID; kept as the text that was sent, in lower case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, str) or len(value) != 36:
            raise ma.ValidationError("field_id")
        return str(super()._deserialize(value, attr, data, **more))


class Moment(fields.String):
    """An instant with its offset, `2026-03-01T07:10:00+08:00`; read by diary/rules/days.py."""

    def __init__(self, **more: Any) -> None:
        super().__init__(metadata={"format": "date-time", "maxLength": 40}, **more)


class Body(ma.Schema):
    """A field that is null says as little as one that is missing."""

    class Meta:
        unknown = ma.RAISE

    @ma.pre_load
    def _without_nulls(self, data: Any, **_: Any) -> Any:
        return {k: v for k, v in data.items() if v is not None} if isinstance(data, dict) else data


class ReadingBody(Body):
    value = fields.String(
        required=True,
        metadata={"description": "As the meter showed it: decimal text, LO or HI.", "maxLength": 40},
    )
    unit = fields.String(
        metadata={"enum": ["mmol/L", "mg/dL"], "description": "None is needed for LO and HI."}
    )
    context = OneWord(*CONTEXTS)
    sample = OneWord("capillary", "venous", "control")
    device = OneWord("meter", "cgm", "lab")
    confirmed = fields.Boolean(truthy={True}, falsy={False})
    other_person = fields.Boolean(truthy={True}, falsy={False})
    relabelled = fields.Boolean(
        truthy={True}, falsy={False},
        metadata={"description": "Found not to be what it was marked as: kept, counts for nothing."},
    )  # fmt: skip
    meter_serial = Words(64, least=1)
    sequence = fields.Integer(strict=True, validate=validate.Range(0, 2**31 - 1, error="field_range"))
    raw = fields.String(validate=Form(r"^([0-9a-fA-F]{2} ?){1,64}$", error="field_wrong"))
    text = Words()


class HypoEventBody(Body):
    reading_id = Id()
    could_self_treat = OneWord(*ANSWERS)
    helped_by = OneWord("nobody", "family", "other", "paramedic", "hospital")
    symptoms = fields.List(Words(80, least=1), validate=validate.Length(max=40, error="field_length"))
    lost_consciousness = OneWord(*ANSWERS)
    seizure = OneWord(*ANSWERS)
    treatment = SomeWords("food", "glucose_gel", "glucagon", "iv_glucose", "other")
    ended_at = Moment()
    text = Words()


class InsulinBody(Body):
    units = Number("0", "500", required=True)
    type = OneWord("basal", "bolus", "correction", "day_total")
    product = Words(120)


class MealBody(Body):
    meal = OneWord("breakfast", "lunch", "supper", "snack")
    carbs_g = Number("0", "2000")
    text = Words()


class ExerciseBody(Body):
    minutes = Number("0", "1440")
    intensity = OneWord("light", "moderate", "hard")
    text = Words()


class SlotBody(Body):
    """What answers one occurrence of a schedule."""

    schedule_id = Id()
    due_day = Day()
    slot = fields.String(validate=Form(_SLOT, error="field_slot"))


class DoseBody(SlotBody):
    status = OneWord("taken", "skipped", required=True)
    taken_at = Moment()
    skip_reason = OneWord(*SKIP_REASONS)
    text = Words()


class BloodDrawBody(SlotBody):
    """Blood was drawn before the dose that waits for it; both times are kept for the trough."""

    schedule_id = Id(required=True)
    due_day = Day(required=True)
    slot = fields.String(validate=Form(_SLOT, error="field_slot"), required=True)
    drawn_at = Moment()
    last_dose_at = Moment()


class OtherMedicineBody(Body):
    name = Words(200, least=1, required=True)
    amount = Words(120)
    asked_site = OneWord("yes", "no")
    text = Words()


class ContraceptionBody(SlotBody):
    method = SomeWords(*METHODS)
    form = Words(60)
    used_as_agreed = OneWord(*ANSWERS, required=True)
    text = Words()


class IllnessBody(Body):
    symptoms = fields.List(Words(80, least=1), validate=validate.Length(max=40, error="field_length"))
    temperature_c = Number("30", "45")
    persistent_vomiting = OneWord("yes", "no")
    text = Words()


class HospitalStayBody(Body):
    from_day = Day(required=True)
    to_day = Day()
    why = Words()

    @ma.validates_schema(skip_on_field_errors=True)
    def _in_order(self, data: dict[str, str], **_: Any) -> None:
        if "to_day" in data and data["to_day"] < data["from_day"]:
            raise ma.ValidationError("field_days_order", "to_day")


class KetoneBody(Body):
    value = Number("0", "30", required=True)
    unit = OneWord("mmol/L", "mg/dL", required=True)


class NoteBody(Body):
    text = Words(least=1, required=True)


class CallMeBody(Body):
    text = Words()


class DayCompleteBody(Body):
    day = Day(required=True)


class LabBody(Body):
    test = Words(40, least=1, required=True)
    value = Words(40, least=1, required=True)
    unit = Words(40)
    drawn_at = Moment()
    last_dose_at = Moment()
    text = Words()


class PregnancyTestBody(Body):
    result = OneWord("negative", "positive", "unclear", required=True)
    specimen = OneWord("urine", "serum")
    day = Day(required=True)


class VisitBody(Body):
    visit = Words(60, least=1, required=True)
    day = Day(required=True)
    fertility = OneWord("fertile", "not_fertile", "unknown")
    plan = Words(80, metadata={"description": "The `key` of the planned visit that this one fills."})
    text = Words()


class AdministeredDoseBody(Body):
    agent = Words(80, least=1, required=True)
    amount = Number("0", "100000")
    unit = Words(20)
    route = Words(40)
    given_at = Moment()


class WeightBody(Body):
    kg = Number("1", "400", required=True)


class SevereHistoryBody(Body):
    day = Day(required=True)
    basis = OneWord("value", "assistance", "both", required=True)
    source = Words(400, least=1, required=True)
    value = Words(20)
    unit = OneWord("mmol/L", "mg/dL")


class ContactBody(Body):
    how = OneWord("call", "message", "visit", "other", required=True)
    reached = OneWord("yes", "no", required=True)
    # A relation and never a name: the monitor reads contacts too.
    spoke_to = OneWord("participant", "guardian", "relative", "other")
    text = Words()


BODIES: dict[str, type[Body]] = {
    "reading": ReadingBody, "insulin": InsulinBody, "meal": MealBody, "exercise": ExerciseBody,
    "hypo_event": HypoEventBody, "dose": DoseBody,
    "blood_draw": BloodDrawBody, "other_medicine": OtherMedicineBody,
    "contraception": ContraceptionBody, "illness": IllnessBody, "hospital_stay": HospitalStayBody,
    "ketone": KetoneBody, "note": NoteBody, "day_complete": DayCompleteBody, "call_me": CallMeBody,
    "lab": LabBody, "pregnancy_test": PregnancyTestBody, "visit": VisitBody,
    "administered_dose": AdministeredDoseBody, "weight": WeightBody,
    "severe_history": SevereHistoryBody, "contact": ContactBody,
}  # fmt: skip

ENTRY_KINDS = tuple(BODIES)
_AS_GOOD_AS_NONE = "Of blanks only it is as good as none."
ORIGINS = ("typed", "bluetooth", "file", "api", "staff", "paper")


class EntryEnvelope(Body):
    """Everything of an entry but its data, which is read by kind."""

    id = Id(required=True)
    participant_id = Id()
    kind = OneWord(*ENTRY_KINDS, required=True)
    occurred_at = Moment(required=True)
    zone = Words(64, least=1, required=True)
    recorded_at = Moment(required=True)
    data = fields.Dict(keys=fields.String(), metadata={"description": "By kind; null withdraws `replaces`."})
    replaces = Id()
    reason = Words(1000, metadata={"description": _AS_GOOD_AS_NONE})
    proxy_reason = Words(200, metadata={"description": _AS_GOOD_AS_NONE})
    origin = OneWord(*ORIGINS, required=True)
    app_version = Words(64)

    @ma.pre_load
    def _without_blank_reasons(self, data: Any, **_: Any) -> Any:
        """A blank reason is none: the entry is not refused for it, only asked for it where it is needed."""
        if not isinstance(data, dict):
            return data
        blank = {name for name in ("reason", "proxy_reason") if _is_blank_text(data.get(name))}
        return {name: value for name, value in data.items() if name not in blank}


def _is_blank_text(value: object) -> bool:
    return isinstance(value, str) and is_blank(value)
