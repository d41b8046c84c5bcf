"""Activation codes: single use, short-lived, kept as keyed hashes."""

from datetime import datetime, timedelta
from uuid import uuid4

from diary import clock, hashing
from diary.db import Database, Row, one
from diary.store.actors import Actor
from diary.study import Study


def issue(
    db: Database, actor: Actor, study: Study, now: datetime, secret_key: str, account_id: str | None
) -> tuple[str, datetime]:
    """A fresh code for the account (None: for the first administrator) and when it ends.

    Older codes of the account no longer work. The caller writes the trail, without the code.
    """
    code = hashing.new_code()
    expires_at = now + timedelta(hours=study.accounts.code_valid_h)
    revoke(db, now, account_id)
    db.execute(
        "insert into activation_codes (id, code_hash, account_id, issued_by, issued_at, expires_at)"
        " values (:id, :hash, :account, :by, :at, :expires)",
        {"id": str(uuid4()), "hash": hashing.hash_code(secret_key, code), "account": account_id,
         "by": actor.id, "at": clock.to_text(now), "expires": clock.to_text(expires_at)},
    )  # fmt: skip
    return code, expires_at


def take(db: Database, now: datetime, secret_key: str, code: str) -> Row | None:
    """Use the code up: `{account_id}`, which is None for the set-up code; no row for any wrong code.

    Of two who use it at once, one gets it: the update is conditional.
    """
    rows = list(
        db.query(
            "update activation_codes set used_at = :now where code_hash = :hash"
            " and used_at is null and revoked_at is null and expires_at > :now returning account_id",
            {"now": clock.to_text(now), "hash": hashing.hash_code(secret_key, code)},
        )
    )
    return rows[0] if rows else None


def revoke(db: Database, now: datetime, account_id: str | None) -> None:
    """End what is still open of the account's codes."""
    which = "account_id is null" if account_id is None else "account_id = :account"
    db.execute(
        f"update activation_codes set revoked_at = :now where {which}"
        " and used_at is null and revoked_at is null",
        {"now": clock.to_text(now), "account": account_id},
    )


def find_open(db: Database, now: datetime, secret_key: str, code: str) -> Row | None:
    """The account and end of a code that still opens it: `{account_id, expires_at}`; nothing is used up."""
    return one(
        db,
        "select account_id, expires_at from activation_codes where code_hash = :hash"
        " and used_at is null and revoked_at is null and expires_at > :now",
        {"now": clock.to_text(now), "hash": hashing.hash_code(secret_key, code)},
    )
