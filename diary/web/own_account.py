"""One's own account: who am I, which language, a second factor."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import marshmallow as ma
from flask import g, request
from marshmallow import fields

from diary.errors import ForbiddenError
from diary.store import accounts, second_factor
from diary.web.me import MeAnswer, me
from diary.web.person_fields import LanguageCode, Totp
from diary.web.zones import SESSION, Zone, current_actor

zone = Zone("public", "own_account")
View = TypeVar("View", bound=Callable[..., Any])
STAFF_ONLY: Final = frozenset({"startSecondFactor", "confirmSecondFactor"})


class UpdateMeBody(ma.Schema):
    language = LanguageCode(required=True)


class TotpBody(ma.Schema):
    totp = Totp(required=True)


class SecondFactorAnswer(ma.Schema):
    secret = fields.String(required=True)
    uri = fields.String(required=True, metadata={"description": "otpauth address, to be shown as a QR code."})


def _signed_in() -> None:
    """This part of the public zone is for those who are signed in, and its second factor for staff."""
    actor = current_actor()
    operation_id = (request.endpoint or "").rpartition(".")[2]
    if operation_id in STAFF_ONLY and actor.role not in accounts.STAFF_ROLES:
        raise ForbiddenError


zone.before_request(_signed_in)


def _needs_session(view: View) -> View:
    """Document that the session cookie is asked for, as the other zones do by themselves."""
    documented: View = zone.doc(security=[{SESSION: []}])(view)
    return documented


@zone.operation("/me", "GET", "getMe", None, statuses=(401,))
@_needs_session
@zone.response(200, MeAnswer)
def get_me() -> Any:
    """The signed-in account, and the participants it may write for."""
    return me(current_actor())


@zone.operation("/me", "PATCH", "updateMe", None, statuses=(401,))
@_needs_session
@zone.arguments(UpdateMeBody)
@zone.response(200, MeAnswer)
def update_me(body: dict[str, str]) -> Any:
    """Choose the language that the diary speaks with this account."""
    actor = current_actor()
    accounts.set_language(g.db, actor, g.now, body["language"])
    return me(actor)


@zone.operation("/me/second-factor", "POST", "startSecondFactor", None, statuses=(401, 409))
@_needs_session
@zone.response(200, SecondFactorAnswer)
def start_second_factor() -> Any:
    """Staff: a secret for an authenticator; it counts once confirmSecondFactor took a first code."""
    secret, uri = second_factor.start(g.db, current_actor(), g.now)
    return {"secret": secret, "uri": uri}


@zone.operation("/me/second-factor/confirm", "POST", "confirmSecondFactor", None, statuses=(401, 409))
@_needs_session
@zone.arguments(TotpBody)
@zone.response(200, MeAnswer)
def confirm_second_factor(body: dict[str, str]) -> Any:
    """Staff: from now on signing in asks for a code as well."""
    actor = current_actor()
    second_factor.confirm(g.db, actor, g.now, body["totp"])
    return me(actor)
