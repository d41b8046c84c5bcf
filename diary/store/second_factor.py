"""The second factor of staff: time-based codes (RFC 6238), each accepted once."""

import hmac
from datetime import datetime
from typing import Final

import pyotp

from diary.db import Database, Row, one
from diary.errors import ConflictError, DiaryError
from diary.store import accounts, audit, sessions
from diary.store.actors import Actor

STEP_S: Final = 30
# One step to each side: phones' clocks are rarely exact.
TOLERATED_STEPS: Final = 1
ISSUER: Final = "Islet Diary"


def start(db: Database, actor: Actor, now: datetime) -> tuple[str, str]:
    """A new secret for the signed-in person's authenticator, and its otpauth address.

    It counts only once a first code was right. ConflictError `second_factor_on`: replacing one in use
    goes by way of the administrator, so that a stolen session cannot do it.
    """
    account = accounts.get(db, str(actor.id))
    if account["totp_secret"] is not None:
        raise ConflictError("second_factor_on")
    secret = pyotp.random_base32()
    with db.atomic():
        db.execute("update accounts set totp_pending = :s where id = :id", {"s": secret, "id": actor.id})
        audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "start_second_factor", "account", account["id"])
    return secret, pyotp.TOTP(secret).provisioning_uri(name=account["login"], issuer_name=ISSUER)


def confirm(db: Database, actor: Actor, now: datetime, totp: str) -> None:
    """Take the pending secret into use; DiaryError `fields`, ConflictError `second_factor_not_started`."""
    with db.atomic():
        row = one(db, "select totp_pending from accounts where id = :id", {"id": actor.id})
        if row is None or row["totp_pending"] is None:
            raise ConflictError("second_factor_not_started")
        step = _matching_step(row["totp_pending"], totp, now)
        if step is None:
            raise DiaryError("fields", 422, {"totp": "totp_wrong"})
        db.execute(
            "update accounts set totp_secret = totp_pending, totp_pending = null, totp_last_step = :step"
            " where id = :id",
            {"step": step, "id": actor.id},
        )
        audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "second_factor_on", "account", str(actor.id))


def use(db: Database, account: Row, totp: str, now: datetime) -> bool:
    """Accept a code once: of two who send the same one, or an older one, only the first gets in."""
    step = _matching_step(account["totp_secret"], totp, now)
    if step is None:
        return False
    done = db.execute(
        "update accounts set totp_last_step = :step where id = :id"
        " and (totp_last_step is null or totp_last_step < :step)",
        {"step": step, "id": account["id"]},
    )
    return bool(done.rowcount)


def reset(db: Database, actor: Actor, now: datetime, account_id: str, *, reason: str) -> None:
    """Take somebody's second factor away and end their sessions; ConflictError `second_factor_off`."""
    with db.atomic():
        account = accounts.get(db, account_id)
        if account["totp_secret"] is None and account["totp_pending"] is None:
            raise ConflictError("second_factor_off")
        db.execute(
            "update accounts set totp_secret = null, totp_pending = null, totp_last_step = null"
            " where id = :id",
            {"id": account_id},
        )
        sessions.revoke_all(db, actor, now, account_id)
        audit.happened(
            db, audit.ACCOUNTS_STREAM, actor, now, "reset_second_factor", "account", account_id, reason=reason
        )


def _matching_step(secret: str, totp: str, now: datetime) -> int | None:
    current = int(now.timestamp()) // STEP_S
    generator = pyotp.TOTP(secret, interval=STEP_S)
    typed = totp.encode()
    for step in range(current - TOLERATED_STEPS, current + TOLERATED_STEPS + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), typed):
            return step
    return None
