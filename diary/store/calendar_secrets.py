"""Secret addresses of calendar feeds: one per account, of which only a hash is kept; they can be revoked."""

import hashlib
import secrets
from datetime import datetime
from typing import Final
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.store import audit
from diary.store.actors import Actor

TOKEN_BYTES: Final = 32


def create(db: Database, actor: Actor, now: datetime) -> str:
    """A fresh secret for the actor's feed, told once; the address before it no longer works."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = {
        "id": str(uuid4()), "account_id": actor.id, "token_hash": hash_of(token),
        "created_at": clock.to_text(now),
    }  # fmt: skip
    with db.atomic():
        revoke(db, actor, now)
        db.execute(
            "insert into calendar_feeds (id, account_id, token_hash, created_at)"
            " values (:id, :account_id, :token_hash, :created_at)",
            feed,
        )
        audit.happened(
            db, audit.ACCOUNTS_STREAM, actor, now, "create_calendar_feed", "calendar_feed", str(feed["id"])
        )  # fmt: skip
    return token


def revoke(db: Database, actor: Actor, now: datetime) -> int:
    """The actor's feed answers nobody any more; how many were live."""
    return end_of_account(db, actor, now, str(actor.id))


def end_of_account(db: Database, actor: Actor, now: datetime, account_id: str) -> int:
    """The account's feed answers nobody any more, by whoever ends it; how many were live."""
    at = clock.to_text(now)
    with db.atomic():
        db.lock(f"calendar_feeds:{account_id}")
        live = list(
            db.query(
                "select id from calendar_feeds where account_id = :a and revoked_at is null",
                {"a": account_id},
            )
        )
        for feed in live:
            db.execute(
                "update calendar_feeds set revoked_at = :at where id = :id", {"at": at, "id": feed["id"]}
            )
            changes = [("revoked_at", None, at)]
            audit.changed(db, audit.ACCOUNTS_STREAM, actor, now, "calendar_feed", feed["id"], changes)
    return len(live)


def live(db: Database, account_id: str) -> Row | None:
    """Since when the account has a feed, and when it was last asked for."""
    return one(
        db,
        "select created_at, read_at from calendar_feeds where account_id = :a and revoked_at is null",
        {"a": account_id},
    )


def hash_of(token: str) -> str:
    """What is kept of a token: it cannot be read back."""
    return hashlib.sha256(token.encode()).hexdigest()
