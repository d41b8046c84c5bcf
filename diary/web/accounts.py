"""Signing in and out, opening an account with a code, and what the signed-in person may know of it."""

import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

import marshmallow as ma
from flask import current_app, g, request, session
from flask_login import current_user, login_user, logout_user
from marshmallow import fields, validate

from diary import hashing
from diary.db import Row
from diary.errors import DiaryError
from diary.rules import pins
from diary.store import accounts, activation, attempts, audit, second_factor, sessions
from diary.store.actors import Actor
from diary.study import Study
from diary.web.login import SignedIn
from diary.web.me import MeAnswer, me
from diary.web.person_fields import Email, LanguageCode, Line, Secret, Totp
from diary.web.zones import Zone, current_actor

log = logging.getLogger(__name__)
zone = Zone("public", "accounts")
WRONG: Final = frozenset({"wrong_secret", "wrong_code", "totp_needed"})


class CodeBody(ma.Schema):
    code = fields.String(
        required=True, load_only=True, validate=validate.Length(min=1, max=40, error="field_length"),
        metadata={"example": "ABCDE-23456"},
    )  # fmt: skip


class ActivateBody(CodeBody):
    pin = Secret(metadata={"description": "Participants and guardians: 4 to 12 digits."})
    password = Secret(metadata={"description": "Staff: 12 to 200 characters."})
    language = LanguageCode()
    totp = Totp(metadata={"description": "Only where a second factor is on."})


class SetUpBody(CodeBody):
    name = Line(required=True)
    email = Email(required=True)
    password = Secret(required=True)
    language = LanguageCode(load_default="zh-CN")


class SignInBody(ma.Schema):
    login = fields.String(
        required=True, validate=validate.Length(min=1, max=254, error="field_length"),
        metadata={"example": "S007", "description": "Subject number, S007-G1 of a guardian, staff e-mail."},
    )  # fmt: skip
    secret = Secret(required=True)
    totp = Totp()


def _study() -> Study:
    study: Study = current_app.extensions["study"]
    return study


def _secret_key() -> str:
    return str(current_app.extensions["diary"].secret_key)


def _address() -> str:
    """Where the request came from; of an IPv6 address the network, which is what one household gets."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address), 64), strict=False))
    return str(address)


@contextmanager
def _counted(account_key: str | None, totp: str | None = None) -> Iterator[None]:
    """Try a secret: counted as failed before it is looked at, and cleared unless it was wrong.

    A missing second factor is no failure (the person learns here that one is needed), a wrong one is.
    """
    try:
        attempt = attempts.reserve(g.db, _study(), g.now, account_key=account_key, address=_address())
    except DiaryError:
        # Whom it concerns stands in the rows; a log holds no logins.
        log.warning("too many failed secrets for one login or from one address")
        raise
    try:
        yield
    except DiaryError as error:
        if error.code not in WRONG or (error.code == "totp_needed" and totp is None):
            attempts.clear(g.db, attempt)
        raise
    attempts.clear(g.db, attempt)


def _begin_session(account: Row, action: str) -> Any:
    """A new session for every sign-in; the one this browser had, if any, ends. Answers like getMe."""
    with g.db.atomic():
        if current_user.is_authenticated:
            sessions.revoke(g.db, g.now, current_user.session_id)
        session_id = sessions.open_new(g.db, _study(), g.now, account, request.user_agent.string)
        holder = Actor(id=account["id"], role=account["role"], site_id=account["site_id"])
        audit.happened(g.db, audit.ACCOUNTS_STREAM, holder, g.now, action, "account", account["id"])
    actor = sessions.find_actor(g.db, session_id, g.now, _study())
    if actor is None:
        raise DiaryError("wrong_secret", 401)
    session.clear()
    session.permanent = account["role"] in sessions.OWN_ROLES
    login_user(SignedIn(session_id, actor))
    return me(actor)


@zone.operation("/sign-in", "POST", "signIn", None, statuses=(401, 429))
@zone.arguments(SignInBody)
@zone.response(200, MeAnswer)
def sign_in(body: dict[str, str]) -> Any:
    """Open a session. Five wrong secrets for one login, known or not, close the door for a while."""
    key = pins.normal_login(body["login"])
    with _counted(key, body.get("totp")):
        account = _check_secret(key, body["secret"])
        if account["totp_secret"] is not None:
            totp = body.get("totp")
            if totp is None or not second_factor.use(g.db, account, totp, g.now):
                raise DiaryError("totp_needed", 401)
        with g.db.atomic():
            if accounts.get(g.db, account["id"])["secret_hash"] != account["secret_hash"]:
                raise DiaryError("wrong_secret", 401)
            attempts.clear_account(g.db, key)
            return _begin_session(account, "sign_in")


def _check_secret(login: str, typed: str) -> Row:
    """The open account of this login and secret; DiaryError `wrong_secret`, after the same time for all."""
    found = accounts.find_by_login(g.db, login)
    account = found if found and found["state"] == "open" else None
    is_staff = account is not None and account["role"] in accounts.STAFF_ROLES
    secret = pins.normal_password(typed) if is_staff else pins.normal_pin(typed)
    if not hashing.is_secret(account["secret_hash"] if account else None, secret) or account is None:
        raise DiaryError("wrong_secret", 401)
    return account


@zone.operation("/sign-out", "POST", "signOut", None)
@zone.response(204)
def sign_out() -> None:
    """End this session; without one there is nothing to do."""
    if current_user.is_authenticated:
        actor = current_actor()
        with g.db.atomic():
            sessions.revoke(g.db, g.now, current_user.session_id)
            audit.happened(g.db, audit.ACCOUNTS_STREAM, actor, g.now, "sign_out", "account", str(actor.id))
    logout_user()
    session.clear()


@zone.operation("/activate", "POST", "activate", None, statuses=(401, 409, 429))
@zone.arguments(ActivateBody)
@zone.response(200, MeAnswer)
def activate(body: dict[str, str]) -> Any:
    """Open an account, or get back in after a forgotten secret, with a code from the site; signs in."""
    kind, secret = _chosen_secret(body)
    with _counted(None, body.get("totp")):
        # Hashing takes its time, so not while the transaction keeps other writers waiting.
        secret_hash = hashing.hash_secret(secret)
        with g.db.atomic():
            account = activation.open_account(
                g.db, _study(), g.now, _secret_key(), body["code"], secret_hash=secret_hash,
                secret_kind=kind, language=body.get("language"), totp=body.get("totp"),
            )  # fmt: skip
            attempts.clear_account(g.db, account["login"])
            return _begin_session(account, "activate")


def _chosen_secret(body: dict[str, str]) -> tuple[Literal["pin", "password"], str]:
    """The one of pin and password that was sent, normalised, and good enough."""
    if ("pin" in body) == ("password" in body):
        raise DiaryError("fields", 422, {"pin": "pin_or_password"})
    if "pin" in body:
        pin = pins.normal_pin(body["pin"])
        fault: str | None = pins.pin_fault(pin)
        if fault:
            raise DiaryError("fields", 422, {"pin": fault})
        return "pin", pin
    password = pins.normal_password(body["password"])
    fault = pins.password_fault(password)
    if fault:
        raise DiaryError("fields", 422, {"password": fault})
    return "password", password


@zone.operation("/setup", "POST", "setUp", None, statuses=(401, 409, 429))
@zone.arguments(SetUpBody)
@zone.response(200, MeAnswer)
def set_up(body: dict[str, str]) -> Any:
    """The first start: the one-time link makes the administrator, who makes everybody else; signs in."""
    _, secret = _chosen_secret({"password": body["password"]})
    with _counted(None):
        secret_hash = hashing.hash_secret(secret)
        with g.db.atomic():
            account = accounts.add_first_administrator(
                g.db, g.now, _secret_key(), body["code"], name=body["name"], email=body["email"],
                secret_hash=secret_hash, language=body["language"],
            )  # fmt: skip
            if account is None:
                raise DiaryError("wrong_code", 401)
            return _begin_session(account, "set_up")
