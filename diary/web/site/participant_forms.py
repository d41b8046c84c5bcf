"""What the site sends about participants."""

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from diary.rules import participation
from diary.store.guardians import NewGuardian
from diary.web.entry_bodies import Id, OneWord
from diary.web.person_fields import (
    CalendarDay,
    Email,
    Flag,
    LanguageCode,
    Line,
    Phone,
    Reason,
    Subject,
    ZoneName,
)

UNITS = ("mmol/L", "mg/dL")
GIVERS = ("participant", "guardian", "child_assent")


class AgreementBody(ma.Schema):
    """Which version was agreed to, and on which day."""

    version = Line(50, required=True)
    day = CalendarDay(required=True)


class GuardianBody(ma.Schema):
    """Somebody new (name), or a guardian of another child of this site already (account_id)."""

    account_id = Id()
    name = Line()
    phone = Phone(allow_none=True)
    email = Email(allow_none=True)
    language = LanguageCode()
    relation = Line(50, required=True, metadata={"example": "mother"})
    consent = fields.Nested(AgreementBody, required=True)

    @ma.validates_schema
    def _one_person(self, data: dict[str, Any], **_: Any) -> None:
        if ("account_id" in data) == ("name" in data):
            raise ma.ValidationError("name_or_account", "name")


def guardian(body: dict[str, Any]) -> NewGuardian:
    return NewGuardian(
        relation=body["relation"], consent_version=body["consent"]["version"],
        consent_day=body["consent"]["day"], name=body.get("name"), phone=body.get("phone"),
        email=body.get("email"), language=body.get("language"), account_id=body.get("account_id"),
    )  # fmt: skip


class MeterBody(ma.Schema):
    serial = Line(64, required=True)
    model = Line(100, allow_none=True)


class EnrolParticipantBody(ma.Schema):
    """A new participant: an adult with `consent`; a child with `assent` and its guardians' consent."""

    subject_no = Subject(required=True)
    name = Line(required=True)
    phone = Phone(allow_none=True, load_default=None)
    email = Email(allow_none=True, load_default=None)
    birth_day = CalendarDay(required=True)
    sex = OneWord("female", "male", required=True)
    fertile = Flag(allow_none=True, load_default=None)
    premenopausal = Flag(allow_none=True, load_default=None)
    treated_by_carer = Flag(load_default=False)
    minor_contraception_approved = Flag(load_default=False)
    display_unit = OneWord(*UNITS, load_default="mmol/L")
    zone = ZoneName(metadata={"description": "The study site's when left out."})
    language = LanguageCode(load_default="zh-CN")
    consent = fields.Nested(AgreementBody)
    assent = fields.Nested(AgreementBody)
    guardians = fields.List(
        fields.Nested(GuardianBody), load_default=list, validate=validate.Length(max=6, error="field_length")
    )
    meter = fields.Nested(MeterBody)

    @ma.validates_schema
    def _one_agreement(self, data: dict[str, Any], **_: Any) -> None:
        if ("consent" in data) == ("assent" in data):
            raise ma.ValidationError("consent_or_assent", "consent")


class UpdateParticipantBody(ma.Schema):
    """What changes, and why; what is left out stays as it is."""

    reason = Reason()
    state = OneWord(*participation.STATES)
    transplant_days = fields.List(CalendarDay(), validate=validate.Length(max=20, error="field_length"))
    birth_day = CalendarDay()
    sex = OneWord("female", "male")
    fertile = Flag(allow_none=True)
    premenopausal = Flag(allow_none=True)
    treated_by_carer = Flag()
    minor_contraception_approved = Flag()
    display_unit = OneWord(*UNITS)
    zone = ZoneName()
    language = LanguageCode()
    name = Line()
    phone = Phone(allow_none=True)
    email = Email(allow_none=True)

    @ma.post_load
    def _each_day_once(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        days: list[date] | None = data.get("transplant_days")
        return data if days is None else {**data, "transplant_days": sorted(set(days))}


class ConsentBody(AgreementBody):
    giver = OneWord(*GIVERS, required=True)
    guardian_id = Id(metadata={"description": "The account of the guardian who gave it."})


class CodeFor(ma.Schema):
    guardian_id = Id(metadata={"description": "A guardian's account; the participant's own when left out."})
