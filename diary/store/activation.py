"""How an account opens: a code that the site gives out once consent is recorded, and a secret of its own."""

from datetime import date, datetime
from typing import Literal

from diary.db import Database, Row
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.rules import participation
from diary.store import (
    accounts,
    audit,
    codes,
    consents,
    guardians,
    participants,
    second_factor,
    sessions,
)
from diary.store.actors import Actor
from diary.study import Study


def account_fault(db: Database, study: Study, now: datetime, account: Row) -> str | None:
    """Why this account may not open today, for want of consent: a code, or None. Staff need none."""
    if account["role"] == "participant":
        return own_account_fault(db, study, now, participants.list_by_ids(db, [account["participant_id"]])[0])
    if account["role"] == "guardian":
        children = sessions.children(db, account["id"], now, study)
        faults = [_guardian_fault(db, account["id"], child) for child in children]
        return None if None in faults else (faults or ["guardianship_ended"])[0]
    return None


def own_account_fault(db: Database, study: Study, now: datetime, participant: Row) -> str | None:
    return participation.own_account_fault(
        date.fromisoformat(participant["birth_day"]), participants.today(participant, now),
        study.accounts.adult_age, consents.given(db, participant["id"]),
        guardians.present(db, participant["id"]),
    )  # fmt: skip


def _guardian_fault(db: Database, account_id: str, participant_id: str) -> str | None:
    given = consents.given(db, participant_id)
    if not any(consent.guardian_id == account_id for consent in given):
        return "guardian_consent_missing"
    return None if any(consent.giver == "child_assent" for consent in given) else "assent_missing"


def issue_code(
    db: Database, actor: Actor, study: Study, now: datetime, secret_key: str, participant: Row,
    guardian_id: str | None,
) -> tuple[Row, str, datetime]:  # fmt: skip
    """A code for the participant's own account, or for one of its guardians: (account, code, expires_at).

    Also the way back after a forgotten PIN. ConflictError names the missing consent; NotFoundError for an
    account that is none of this participant's.
    """
    stream = audit.participant_stream(participant["id"])
    with db.atomic():
        participants.lock(db, participant["id"])
        account = _account_of(db, study, now, participant, guardian_id)
        if account["state"] == "closed":
            raise ConflictError("account_closed")
        if guardian_id is None:
            fault = own_account_fault(db, study, now, participant)
        else:
            fault = _guardian_fault(db, guardian_id, participant["id"])
        if fault:
            raise ConflictError(fault)
        code, expires_at = accounts.issue_code(db, actor, study, now, secret_key, account["id"], stream)
    return account, code, expires_at


def _account_of(db: Database, study: Study, now: datetime, participant: Row, guardian_id: str | None) -> Row:
    if guardian_id is None:
        account = accounts.find_of_participant(db, participant["id"])
        if account is None:
            raise NotFoundError
        return account
    if guardians.find(db, participant["id"], guardian_id) is None:
        raise NotFoundError
    if participant["id"] not in sessions.children(db, guardian_id, now, study):
        raise ConflictError("guardianship_ended")
    return accounts.get(db, guardian_id)


def open_account(
    db: Database, study: Study, now: datetime, secret_key: str, code: str, *, secret_hash: str,
    secret_kind: Literal["pin", "password"], language: str | None, totp: str | None,
) -> Row:  # fmt: skip
    """Use a code up and set the secret: a first activation, or the way back in. Answers the account.

    DiaryError `wrong_code` (401) for every wrong code alike. With the right code: `fields` when the
    account needs the other kind of secret, `totp_needed` (401) when a second factor is on, ConflictError
    for want of consent; the code then stays good.
    """
    with db.atomic():
        taken = codes.take(db, now, secret_key, code)
        if taken is None or taken["account_id"] is None:
            raise DiaryError("wrong_code", 401)
        account = accounts.get(db, taken["account_id"])
        if account["state"] == "closed":
            raise DiaryError("wrong_code", 401)
        wanted = "password" if account["role"] in accounts.STAFF_ROLES else "pin"
        if secret_kind != wanted:
            raise DiaryError("fields", 422, {wanted: f"{wanted}_needed"})
        if account["totp_secret"] and not (totp and second_factor.use(db, account, totp, now)):
            raise DiaryError("totp_needed", 401)
        fault = account_fault(db, study, now, account)
        if fault:
            raise ConflictError(fault)
        accounts.set_secret(db, now, account, secret_hash, language or account["language"])
        return accounts.get(db, account["id"])
