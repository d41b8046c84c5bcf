"""Participants at the desk: taking them in, what is known of them, who may sign in for them."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import marshmallow as ma
from flask import Response, current_app, g
from marshmallow import fields

from diary import clock
from diary.db import Row
from diary.errors import NotFoundError
from diary.rules import roles
from diary.store import (
    accounts,
    activation,
    codes,
    enrolment,
    guardians,
    meters,
    overview,
    participants,
    sessions,
)
from diary.store.actors import Actor
from diary.store.enrolment import Enrolment
from diary.store.participants import NewParticipant
from diary.study import Study
from diary.web.entry_answers import one_of
from diary.web.person_fields import Line, ReasonBody
from diary.web.site.participant_answers import Overview, ParticipantDetail, detail, overview_rows
from diary.web.site.participant_forms import (
    CodeFor,
    ConsentBody,
    EnrolParticipantBody,
    GuardianBody,
    MeterBody,
    UpdateParticipantBody,
    guardian,
)
from diary.web.zones import Zone, current_actor

zone = Zone("site", "participants")


class CodeAnswer(ma.Schema):
    """Shown once: the diary keeps only a keyed hash of the code."""

    account_id = fields.UUID(required=True)
    login = fields.String(required=True)
    code = fields.String(required=True)
    link = fields.String(required=True, metadata={"description": "For a QR code."})
    expires_at = fields.String(required=True)


class SessionAnswer(ma.Schema):
    id = fields.String(required=True)
    account_id = fields.UUID(required=True)
    login = fields.String(required=True)
    role = one_of("participant", "guardian")
    device = fields.String(required=True)
    created_at = fields.String(required=True)
    last_seen_at = fields.String(required=True)
    expires_at = fields.String(required=True)


class SessionList(ma.Schema):
    sessions = fields.List(fields.Nested(SessionAnswer), required=True)


def study() -> Study:
    settings: Study = current_app.extensions["study"]
    return settings


def of_site(participant_id: UUID) -> tuple[Actor, Row]:
    """Who asks, and the participant of their site; NotFoundError for any other."""
    actor = current_actor()
    return actor, participants.get(g.db, str(actor.site_id), str(participant_id))


def _answer(actor: Actor, participant: Row) -> dict[str, Any]:
    return detail(actor, participants.get(g.db, participant["site_id"], participant["id"]))


@zone.operation("/participants", "GET", "listParticipants", "see_participants")
@zone.response(200, Overview)
def list_participants() -> Any:
    """The site's participants with what is open beside each, and their last 14 days at a glance."""
    actor = current_actor()
    hidden = roles.hides_contraception(actor.role)
    rows = overview.list_rows(g.db, str(actor.site_id), study(), g.now, hide_contraception=hidden)
    return {"participants": overview_rows(actor, rows)}


@zone.operation(
    "/participants/<uuid:participant_id>", "GET", "getParticipant", "see_participants", statuses=(404,)
)
@zone.response(200, ParticipantDetail)
def get_participant(participant_id: UUID) -> Any:
    """One participant: consent, guardians, meters, accounts; named for coordinator and investigator only."""
    return detail(*of_site(participant_id))


@zone.operation("/participants", "POST", "enrolParticipant", "enrol", statuses=(404, 409))
@zone.arguments(EnrolParticipantBody)
@zone.response(201, ParticipantDetail)
def enrol_participant(body: dict[str, Any]) -> Any:
    """Take somebody into screening, with identity, consent, accounts and meter in one step."""
    actor = current_actor()
    agreement = body.get("consent") or body["assent"]
    taken = ("subject_no", "birth_day", "sex", "fertile", "premenopausal", "treated_by_carer",
             "minor_contraception_approved", "display_unit", "language")  # fmt: skip
    new = Enrolment(
        participant=NewParticipant(
            **{name: body[name] for name in taken}, zone=body.get("zone") or study().site.zone,
            consented_day=agreement["day"],
        ),
        agreement_version=agreement["version"], gave_assent="assent" in body, name=body["name"],
        phone=body["phone"], email=body["email"],
        guardians=tuple(guardian(one) for one in body["guardians"]),
        meter_serial=body.get("meter", {}).get("serial"), meter_model=body.get("meter", {}).get("model"),
    )  # fmt: skip
    return _answer(actor, enrolment.enrol(g.db, actor, study(), g.now, str(actor.site_id), new))


@zone.operation(
    "/participants/<uuid:participant_id>", "PATCH", "updateParticipant", "enrol", statuses=(404, 409)
)
@zone.arguments(UpdateParticipantBody)
@zone.response(200, ParticipantDetail)
def update_participant(body: dict[str, Any], participant_id: UUID) -> Any:
    """Change what is known of a participant, with a reason."""
    actor = current_actor()
    reason = body.pop("reason")
    row = enrolment.update(
        g.db, actor, study(), g.now, str(actor.site_id), str(participant_id), body, reason=reason
    )
    return detail(actor, row)


@zone.operation(
    "/participants/<uuid:participant_id>/activation-codes", "POST", "issueActivationCode", "issue_code",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(CodeFor)
@zone.response(201, CodeAnswer)
def issue_activation_code(body: dict[str, str], participant_id: UUID) -> Any:
    """A single-use code for the participant or a guardian: first activation, or a forgotten PIN."""
    actor, participant = of_site(participant_id)
    config = current_app.extensions["diary"]
    account, code, expires_at = activation.issue_code(
        g.db, actor, study(), g.now, config.secret_key, participant, body.get("guardian_id")
    )
    return {
        "account_id": account["id"], "login": account["login"], "code": code,
        "link": f"{config.base_url}/#/activate?code={code}", "expires_at": clock.to_text(expires_at),
    }  # fmt: skip


class LeafletBody(ma.Schema):
    code = Line(40, required=True, metadata={"description": "As issueActivationCode answered it."})


@zone.operation(
    "/participants/<uuid:participant_id>/leaflet", "POST", "printLeaflet", "issue_code", statuses=(404, 409)
)
@zone.arguments(LeafletBody)
@zone.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def print_leaflet(body: dict[str, str], participant_id: UUID) -> Any:
    """The bilingual page to hand over with a code that is still open: QR picture and steps for each phone."""
    _, participant = of_site(participant_id)
    config = current_app.extensions["diary"]
    found = codes.find_open(g.db, g.now, config.secret_key, body["code"])
    account = _account_of(participant, found["account_id"]) if found else None
    if found is None or account is None:
        raise NotFoundError
    until = clock.from_text(found["expires_at"]).astimezone(ZoneInfo(participant["zone"]))
    page = current_app.extensions["leaflet"](
        account["language"], login=account["login"], code=body["code"], address=config.base_url,
        link=f"{config.base_url}/#/activate?code={body['code']}", until=until.strftime("%Y-%m-%d %H:%M"),
        phone=study().site.phone,
    )  # fmt: skip
    name = f"diary-{account['login']}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(page, mimetype="application/pdf", headers=headers)


def _account_of(participant: Row, account_id: str | None) -> Row | None:
    """The account if it is this participant's own or one of its guardians'."""
    own = accounts.find_of_participant(g.db, participant["id"])
    if own and own["id"] == account_id:
        return own
    linked = {one["account_id"] for one in guardians.list_for(g.db, participant["id"]) if not one["ended_at"]}
    return accounts.get(g.db, account_id) if account_id and account_id in linked else None


@zone.operation(
    "/participants/<uuid:participant_id>/consents", "POST", "recordConsent", "enrol", statuses=(404,)
)
@zone.arguments(ConsentBody)
@zone.response(201, ParticipantDetail)
def record_consent(body: dict[str, Any], participant_id: UUID) -> Any:
    """Keep a further consent: another version, or the participant's own on coming of age."""
    actor, participant = of_site(participant_id)
    enrolment.record_consent(
        g.db, actor, study(), g.now, participant, giver=body["giver"], guardian_id=body.get("guardian_id"),
        version=body["version"], day=body["day"],
    )  # fmt: skip
    return _answer(actor, participant)


@zone.operation(
    "/participants/<uuid:participant_id>/guardians", "POST", "addGuardian", "enrol", statuses=(404, 409)
)
@zone.arguments(GuardianBody)
@zone.response(201, ParticipantDetail)
def add_guardian(body: dict[str, Any], participant_id: UUID) -> Any:
    """Link one more guardian to a child, with the guardian's consent."""
    actor, participant = of_site(participant_id)
    guardians.add(g.db, actor, study(), g.now, participant, guardian(body))
    return _answer(actor, participant)


@zone.operation(
    "/participants/<uuid:participant_id>/guardians/<uuid:account_id>/end", "POST", "endGuardian", "enrol",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(ReasonBody)
@zone.response(200, ParticipantDetail)
def end_guardian(body: dict[str, str], participant_id: UUID, account_id: UUID) -> Any:
    """End a guardian's access to this child, from the next request on."""
    actor, participant = of_site(participant_id)
    guardians.end(g.db, actor, g.now, participant, str(account_id), reason=body["reason"])
    return _answer(actor, participant)


@zone.operation(
    "/participants/<uuid:participant_id>/meters", "POST", "assignMeter", "enrol", statuses=(404, 409)
)
@zone.arguments(MeterBody)
@zone.response(201, ParticipantDetail)
def assign_meter(body: dict[str, str], participant_id: UUID) -> Any:
    """Give the participant a meter; the one before counts as returned."""
    actor, participant = of_site(participant_id)
    with g.db.atomic():
        meters.assign(
            g.db, actor, g.now, participant["id"], serial=body["serial"], model=body.get("model"),
            day=participants.today(participant, g.now),
        )  # fmt: skip
    return _answer(actor, participant)


@zone.operation(
    "/participants/<uuid:participant_id>/sessions", "GET", "listSessions", "issue_code", statuses=(404,)
)
@zone.response(200, SessionList)
def list_sessions(participant_id: UUID) -> Any:
    """The phones that are signed in for this participant."""
    _, participant = of_site(participant_id)
    return {"sessions": sessions.list_for_participant(g.db, participant["id"], g.now)}


@zone.operation(
    "/participants/<uuid:participant_id>/sessions/<session_id>/revoke", "POST", "revokeSession", "issue_code",
    statuses=(404,),
)  # fmt: skip
@zone.arguments(ReasonBody)
@zone.response(204)
def revoke_session(body: dict[str, str], participant_id: UUID, session_id: str) -> None:
    """Sign a lost phone out."""
    actor, participant = of_site(participant_id)
    sessions.revoke_lost(g.db, actor, g.now, participant["id"], session_id, reason=body["reason"])
