"""Who am I, and for whom may I write: what an app asks first."""

from datetime import date
from typing import Any

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields

from diary.db import Row
from diary.errors import LANGUAGES
from diary.rules import participation, roles
from diary.rules.days import age_years
from diary.store import accounts, consents, contraception, identities, participants, sites, travel
from diary.store.actors import Actor
from diary.study import Study
from diary.web.entry_answers import Bit, one_of


class AccountAnswer(ma.Schema):
    id = fields.UUID(required=True)
    role = one_of(*roles.ROLES)
    login = fields.String(required=True)
    language = one_of(*LANGUAGES)
    name = fields.String(required=True, allow_none=True)
    second_factor = Bit(required=True)
    may = fields.List(
        one_of(*roles.MAY), required=True,
        metadata={"description": "What the role may do: an app offers nothing else."},
    )  # fmt: skip


class SiteAnswer(ma.Schema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    zone = fields.String(required=True)


class AskedZone(ma.Schema):
    zone = fields.String(required=True)
    state = one_of("waiting", "applied", "refused")


class OwnParticipantAnswer(ma.Schema):
    """A participant this account may write for."""

    id = fields.UUID(required=True)
    subject_no = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    state = one_of(*participation.STATES)
    display_unit = one_of("mmol/L", "mg/dL")
    zone = fields.String(required=True)
    language = one_of(*LANGUAGES)
    treated_by_carer = Bit(required=True)
    age_years = fields.Integer(required=True)
    is_child = Bit(required=True)
    transplant_days = fields.List(fields.Date(), required=True)
    contraception = Bit(
        required=True, metadata={"description": "Whether the app may ask about it; false for every guardian."}
    )
    reconsent_due = Bit(
        required=True, metadata={"description": "Came of age: the site asks for a consent of its own."}
    )
    zone_change = fields.Nested(
        AskedZone, required=True, allow_none=True,
        metadata={"description": "Where the person last said to be, and what came of it."},
    )  # fmt: skip


class MeAnswer(ma.Schema):
    account = fields.Nested(AccountAnswer, required=True)
    participants = fields.List(fields.Nested(OwnParticipantAnswer), required=True)
    site = fields.Nested(SiteAnswer, required=True, allow_none=True)


def me(actor: Actor) -> dict[str, Any]:
    """What getMe answers for the account behind `actor`."""
    account = accounts.get(g.db, str(actor.id))
    person = identities.get(g.db, account["participant_id"] or account["id"])
    return {
        "account": {
            **account,
            "name": person["name"] if person else None,
            "second_factor": account["totp_secret"] is not None,
            "may": [action for action in roles.MAY if roles.is_allowed(actor.role, action)],
        },
        "participants": [_own(actor, row) for row in participants.list_by_ids(g.db, actor.participant_ids)],
        "site": sites.get(g.db, account["site_id"]) if account["site_id"] else None,
    }


def _own(actor: Actor, participant: Row) -> dict[str, Any]:
    study: Study = current_app.extensions["study"]
    birth_day, today = date.fromisoformat(participant["birth_day"]), participants.today(participant, g.now)
    person = identities.get(g.db, participant["id"])
    is_self = actor.role == "participant"
    adult_age = study.accounts.adult_age
    return {
        **participant,
        "name": person["name"] if person else None,
        "age_years": age_years(birth_day, today),
        "is_child": age_years(birth_day, today) < adult_age,
        "zone_change": travel.last_asked(g.db, participant["id"]),
        "transplant_days": participants.transplant_days(participant),
        "contraception": is_self and contraception.is_asked(study, g.now, participant),
        "reconsent_due": is_self
        and participation.reconsent_due(birth_day, today, adult_age, consents.given(g.db, participant["id"])),
    }
