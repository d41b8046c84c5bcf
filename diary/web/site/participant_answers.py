"""How a participant looks to the site: named for those who may see names, pseudonymous for a monitor."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields

from diary.db import Row
from diary.errors import LANGUAGES
from diary.rules import participation, roles
from diary.rules.adherence import KINDS, Kind
from diary.rules.days import age_years
from diary.rules.entries import CONTRACEPTION_COLUMNS
from diary.rules.participation import Consent
from diary.store import accounts, consents, guardians, identities, meters, participants
from diary.store.actors import Actor
from diary.store.overview import Glance
from diary.study import Study
from diary.web.entry_answers import Bit, one_of
from diary.web.site.figure_answers import ShareAnswer, share
from diary.web.site.participant_forms import GIVERS, UNITS
from diary.web.site.visit_answers import DueVisit, due


class IdentityAnswer(ma.Schema):
    name = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    birth_day = fields.String(required=True)


class ParticipantAnswer(ma.Schema):
    id = fields.UUID(required=True)
    subject_no = fields.String(required=True)
    identity = fields.Nested(
        IdentityAnswer, required=True, allow_none=True, metadata={"description": "Null for a monitor."}
    )
    state = one_of(*participation.STATES)
    age_years = fields.Integer(required=True)
    is_child = Bit(required=True)
    sex = one_of("female", "male")
    treated_by_carer = Bit(required=True)
    display_unit = one_of(*UNITS)
    zone = fields.String(required=True)
    language = one_of(*LANGUAGES)
    consented_day = fields.String(required=True)
    transplant_days = fields.List(fields.Date(), required=True)
    reconsent_due = Bit(required=True)
    created_at = fields.String(required=True)


class OpenAlerts(ma.Schema):
    page = fields.Integer(required=True)
    desk = fields.Integer(required=True)


class GlanceDay(ma.Schema):
    """One local day of the sparkline; days without a reading are left out. `mean` in mmol/L."""

    day = fields.String(required=True)
    readings = fields.Integer(required=True)
    severe = fields.Integer(required=True)
    mean = fields.Float(required=True, allow_none=True)


class GlanceShare(ShareAnswer):
    """Done of due in closed windows of the last 14 days, and in percent of the 14 before (null: none due)."""

    before_pct = fields.Float(required=True, allow_none=True)


class GlanceAdherence(ma.Schema):
    reading = fields.Nested(GlanceShare, required=True)
    dose = fields.Nested(GlanceShare, required=True)
    diary = fields.Nested(GlanceShare, required=True)
    contraception = fields.Nested(
        GlanceShare, required=True, allow_none=True, metadata={"description": "Null for who may not see it."}
    )


class OverviewRow(ParticipantAnswer):
    last_contact_at = fields.String(required=True, allow_none=True)
    last_reading_at = fields.String(required=True, allow_none=True)
    open_alerts = fields.Nested(OpenAlerts, required=True)
    held_entries = fields.Integer(required=True)
    refused_entries = fields.Integer(required=True, metadata={"description": "Of the last 7 days."})
    open_calls = fields.Integer(required=True, metadata={"description": "Somebody could not be reached."})
    open_queries = fields.Integer(required=True)
    overdue_queries = fields.Integer(required=True)
    attestation_overdue = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Null for who may not see it."}
    )
    visit = fields.Nested(
        DueVisit, required=True, allow_none=True,
        metadata={"description": "The oldest planned visit that may be held now, or was not held in time."},
    )  # fmt: skip
    review_missing = fields.Boolean(
        required=True, allow_none=True,
        metadata={"description": "Fertility was not reviewed at the newest visit; null for a monitor."},
    )  # fmt: skip
    adherence = fields.Nested(GlanceAdherence, required=True)
    days = fields.List(
        fields.Nested(GlanceDay), required=True, metadata={"description": "The last 14 local days."}
    )


class Overview(ma.Schema):
    participants = fields.List(fields.Nested(OverviewRow), required=True)


class ConsentAnswer(ma.Schema):
    id = fields.UUID(required=True)
    giver = one_of(*GIVERS)
    guardian_id = fields.UUID(required=True, allow_none=True)
    version = fields.String(required=True)
    day = fields.String(required=True)
    recorded_at = fields.String(required=True)


class AccountState(ma.Schema):
    id = fields.UUID(required=True)
    login = fields.String(required=True)
    state = one_of("invited", "open", "closed")


class GuardianAnswer(ma.Schema):
    account_id = fields.UUID(required=True)
    login = fields.String(required=True)
    state = one_of("invited", "open", "closed")
    relation = fields.String(required=True)
    started_at = fields.String(required=True)
    ended_at = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)


class MeterAnswer(ma.Schema):
    id = fields.UUID(required=True)
    serial = fields.String(required=True)
    model = fields.String(required=True, allow_none=True)
    given_day = fields.String(required=True)
    returned_day = fields.String(required=True, allow_none=True)


_HIDDEN = {"description": "Null for a monitor."}


class ParticipantDetail(ParticipantAnswer):
    fertile = Bit(required=True, allow_none=True, metadata=_HIDDEN)
    premenopausal = Bit(required=True, allow_none=True, metadata=_HIDDEN)
    minor_contraception_approved = Bit(required=True, allow_none=True, metadata=_HIDDEN)
    account = fields.Nested(AccountState, required=True, allow_none=True)
    consents = fields.List(fields.Nested(ConsentAnswer), required=True)
    guardians = fields.List(fields.Nested(GuardianAnswer), required=True)
    meters = fields.List(fields.Nested(MeterAnswer), required=True)


def sees_names(actor: Actor) -> bool:
    return actor.role != "system" and roles.is_allowed(actor.role, "see_names")


def overview_rows(actor: Actor, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows of the reader's site; names and consents of all at once, because they may be a thousand."""
    site_id = str(actor.site_id)
    people = identities.of_site(g.db, site_id) if sees_names(actor) else {}
    agreed = consents.given_at(g.db, site_id)
    return [_overview_row(actor, row, people.get(row["id"]), agreed.get(row["id"], [])) for row in rows]


def _overview_row(actor: Actor, row: Row, person: Row | None, agreed: Sequence[Consent]) -> dict[str, Any]:
    glance: Glance = row["glance"]
    hidden = roles.hides_contraception(actor.role)
    return {
        **_participant(row, person, agreed),
        "visit": due(row["visit"]) if row["visit"] else None,
        "open_alerts": {"page": row["open_pages"], "desk": row["open_desk_alerts"]},
        "adherence": {
            kind: None if hidden and kind == "contraception" else _glance_share(glance, kind)
            for kind in KINDS
        },
        "days": [
            {"day": day, "readings": readings, "severe": severe, "mean": mean}
            for day, (readings, severe, mean) in sorted(glance.days.items())
        ],
    }


def _glance_share(glance: Glance, kind: Kind) -> dict[str, Any]:
    return {**share(glance.shares[kind]), "before_pct": glance.before[kind].pct}


def detail(actor: Actor, row: Row) -> dict[str, Any]:
    if roles.hides_contraception(actor.role):
        row = {**row, **dict.fromkeys(CONTRACEPTION_COLUMNS)}
    linked = guardians.list_for(g.db, row["id"])
    if not sees_names(actor):
        linked = [{**one, "name": None, "phone": None, "email": None} for one in linked]
    person = identities.get(g.db, row["id"]) if sees_names(actor) else None
    return {
        **_participant(row, person, consents.given(g.db, row["id"])),
        "account": accounts.find_of_participant(g.db, row["id"]),
        "consents": consents.list_for(g.db, row["id"]),
        "guardians": linked,
        "meters": meters.list_for(g.db, row["id"]),
    }


def _participant(row: Mapping[str, Any], person: Row | None, agreed: Sequence[Consent]) -> dict[str, Any]:
    study: Study = current_app.extensions["study"]
    birth_day, today = date.fromisoformat(row["birth_day"]), participants.today(row, g.now)
    adult_age = study.accounts.adult_age
    return {
        **row,
        "identity": {**person, "birth_day": row["birth_day"]} if person else None,
        "age_years": age_years(birth_day, today),
        "is_child": age_years(birth_day, today) < adult_age,
        "transplant_days": participants.transplant_days(row),
        "reconsent_due": participation.reconsent_due(birth_day, today, adult_age, agreed),
    }
