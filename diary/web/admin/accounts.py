"""The administrator's accounts: staff are invited, changed, closed; participants are logins only."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields

from diary import clock
from diary.db import Row
from diary.errors import LANGUAGES, ConflictError, DiaryError
from diary.rules import roles
from diary.store import accounts, audit, second_factor, sites
from diary.store.accounts import STAFF_ROLES
from diary.study import Study
from diary.web.entry_answers import Bit, one_of
from diary.web.entry_bodies import Id, OneWord
from diary.web.person_fields import Email, LanguageCode, Line, Phone, Reason, ReasonBody
from diary.web.zones import Zone, current_actor

zone = Zone("admin", "accounts")


class AccountRow(ma.Schema):
    id = fields.UUID(required=True)
    role = one_of(*roles.ROLES)
    site_id = fields.UUID(required=True, allow_none=True)
    login = fields.String(required=True)
    name = fields.String(
        required=True, allow_none=True,
        metadata={"description": "Of staff; null for participants and guardians."},
    )  # fmt: skip
    language = one_of(*LANGUAGES)
    state = one_of("invited", "open", "closed")
    second_factor = Bit(required=True)
    created_at = fields.String(required=True)
    closed_at = fields.String(required=True, allow_none=True)
    last_seen_at = fields.String(required=True, allow_none=True)


class AccountList(ma.Schema):
    accounts = fields.List(fields.Nested(AccountRow), required=True)


class CreateAccountBody(ma.Schema):
    role = OneWord(*STAFF_ROLES, required=True)
    name = Line(required=True)
    email = Email(required=True, metadata={"description": "Also the login."})
    phone = Phone(allow_none=True, load_default=None)
    site_id = Id(metadata={"description": "Needed for everybody but an administrator."})
    language = LanguageCode(load_default="zh-CN")


class UpdateAccountBody(ma.Schema):
    reason = Reason()
    role = OneWord(*STAFF_ROLES)
    site_id = Id()
    name = Line()
    phone = Phone(allow_none=True)


class InvitationAnswer(ma.Schema):
    """Shown once: the diary keeps only a keyed hash of the code."""

    account = fields.Nested(AccountRow, required=True)
    code = fields.String(required=True)
    link = fields.String(required=True)
    expires_at = fields.String(required=True)


def _row(account_id: str) -> Row:
    return next(row for row in accounts.list_all(g.db) if row["id"] == account_id)


def _invitation(account_id: str, code: str, expires_at: Any) -> dict[str, Any]:
    base_url = current_app.extensions["diary"].base_url
    return {
        "account": _row(account_id), "code": code, "link": f"{base_url}/site/#/activate?code={code}",
        "expires_at": clock.to_text(expires_at),
    }  # fmt: skip


def _check_site(role: str, site_id: str | None) -> None:
    if role == "administrator":
        if site_id is not None:
            raise DiaryError("fields", 422, {"site_id": "administrator_without_site"})
        return
    if site_id is None:
        raise DiaryError("fields", 422, {"site_id": "field_required"})
    sites.get(g.db, site_id)


@zone.operation("/accounts", "GET", "listAccounts", "manage_accounts")
@zone.response(200, AccountList)
def list_accounts() -> Any:
    """Every account."""
    return {"accounts": accounts.list_all(g.db)}


@zone.operation("/accounts", "POST", "createAccount", "manage_accounts", statuses=(404, 409))
@zone.arguments(CreateAccountBody)
@zone.response(201, InvitationAnswer)
def create_account(body: dict[str, Any]) -> Any:
    """Invite a member of staff; the code opens the account."""
    study: Study = current_app.extensions["study"]
    site_id = body.get("site_id")
    _check_site(body["role"], site_id)
    account, code, expires_at = accounts.add_staff(
        g.db, current_actor(), study, g.now, current_app.extensions["diary"].secret_key, role=body["role"],
        name=body["name"], email=body["email"], phone=body["phone"], language=body["language"],
        site_id=site_id,
    )  # fmt: skip
    return _invitation(account["id"], code, expires_at)


@zone.operation(
    "/accounts/<uuid:account_id>", "PATCH", "updateAccount", "manage_accounts", statuses=(404, 409)
)
@zone.arguments(UpdateAccountBody)
@zone.response(200, AccountRow)
def update_account(body: dict[str, Any], account_id: UUID) -> Any:
    """Change role, site or name of a member of staff; another role or site signs them out."""
    reason = body.pop("reason")
    before = accounts.get(g.db, str(account_id))
    role = body.get("role", before["role"])
    if role in STAFF_ROLES:
        kept = None if role == "administrator" else before["site_id"]
        _check_site(role, body.get("site_id", kept))
    accounts.change_staff(g.db, current_actor(), g.now, str(account_id), body, reason=reason)
    return _row(str(account_id))


@zone.operation(
    "/accounts/<uuid:account_id>/activation-codes", "POST", "issueAccountCode", "manage_accounts",
    statuses=(404, 409),
)  # fmt: skip
@zone.response(201, InvitationAnswer)
def issue_account_code(account_id: UUID) -> Any:
    """A fresh code for a member of staff who lost the first one or forgot the password."""
    study: Study = current_app.extensions["study"]
    with g.db.atomic():
        account = accounts.get(g.db, str(account_id))
        if account["role"] not in STAFF_ROLES:
            raise ConflictError("not_staff")
        if account["state"] == "closed":
            raise ConflictError("account_closed")
        code, expires_at = accounts.issue_code(
            g.db, current_actor(), study, g.now, current_app.extensions["diary"].secret_key, account["id"],
            audit.ACCOUNTS_STREAM,
        )  # fmt: skip
    return _invitation(account["id"], code, expires_at)


@zone.operation(
    "/accounts/<uuid:account_id>/close", "POST", "closeAccount", "manage_accounts", statuses=(404, 409)
)
@zone.arguments(ReasonBody)
@zone.response(200, AccountRow)
def close_account(body: dict[str, str], account_id: UUID) -> Any:
    """Close an account for good, from the next request on."""
    accounts.close(g.db, current_actor(), g.now, str(account_id), reason=body["reason"])
    return _row(str(account_id))


@zone.operation(
    "/accounts/<uuid:account_id>/second-factor/reset", "POST", "resetSecondFactor", "manage_accounts",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(ReasonBody)
@zone.response(200, AccountRow)
def reset_second_factor(body: dict[str, str], account_id: UUID) -> Any:
    """Take away a second factor that was lost with its phone, and end the sessions."""
    second_factor.reset(g.db, current_actor(), g.now, str(account_id), reason=body["reason"])
    return _row(str(account_id))
