"""Where else somebody can be told: addresses behind the channels that the operator set up.

The trail says that a channel was added, tested or ended, by whom and through which service; the address
itself is personal and stands in its row only.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import uuid4

from diary import clock, hashing
from diary.db import Database, Row, one
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.store import attempts, audit
from diary.store.actors import Actor
from diary.study import Study

Kind = Literal["message", "sms"]
CODE_DIGITS: Final = 6
CODE_VALID: Final = timedelta(minutes=30)
# A test costs a message: not one after the other.
TEST_EVERY: Final = timedelta(minutes=1)
_KEPT_OUT_OF_TRAIL = ("address",)


def list_live(db: Database, account_ids: Sequence[str]) -> list[Row]:
    """The channels of these accounts that have not ended, oldest first."""
    names = {f"id{i}": account_id for i, account_id in enumerate(account_ids)}
    if not names:
        return []
    marks = ", ".join(":" + name for name in names)
    return list(
        db.query(
            f"select * from channels where account_id in ({marks}) and ended_at is null"
            " order by created_at, id",
            names,
        )
    )


def get(db: Database, account_id: str, channel_id: str) -> Row:
    """One live channel of the account; NotFoundError for anybody else's, or one that has ended."""
    row = one(
        db,
        "select * from channels where id = :id and account_id = :a and ended_at is null",
        {"id": channel_id, "a": account_id},
    )
    if row is None:
        raise NotFoundError
    return row


def add(
    db: Database, actor: Actor, now: datetime, stream: str, account_id: str, *, kind: Kind, name: str,
    address: str,
) -> Row:  # fmt: skip
    """A further address of the account; ConflictError `channel_known` when it is there already."""
    row: Row = {
        "id": str(uuid4()), "account_id": account_id, "kind": kind, "name": name, "address": address,
        "created_at": clock.to_text(now), "created_by": actor.id,
    }  # fmt: skip
    with db.atomic():
        db.lock(f"channels:{account_id}")
        if any((c["name"], c["address"]) == (name, address) for c in list_live(db, [account_id])):
            raise ConflictError("channel_known")
        db.execute(
            f"insert into channels ({', '.join(row)}) values ({', '.join(':' + column for column in row)})",
            row,
        )
        body = {column: value for column, value in row.items() if column not in _KEPT_OUT_OF_TRAIL}
        audit.created(db, stream, actor, now, "channel", row["id"], body)
    return get(db, account_id, row["id"])


def end(db: Database, actor: Actor, now: datetime, stream: str, account_id: str, channel_id: str) -> None:
    """Nothing goes to this address any more; NotFoundError."""
    with db.atomic():
        db.lock(f"channels:{account_id}")
        channel = get(db, account_id, channel_id)
        at = clock.to_text(now)
        db.execute(
            "update channels set ended_at = :at, test_code_hash = null where id = :id",
            {"at": at, "id": channel["id"]},
        )
        audit.changed(db, stream, actor, now, "channel", channel["id"], [("ended_at", None, at)])


def start_test(
    db: Database, now: datetime, secret_key: str, account_id: str, channel_id: str
) -> tuple[Row, str]:
    """The channel and a fresh code to send through it; only a keyed hash of the code is kept.

    DiaryError `too_many_tries` (429) within a minute of the test before; NotFoundError.
    """
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    with db.atomic():
        db.lock(f"channels:{account_id}")
        channel = get(db, account_id, channel_id)
        if channel["test_sent_at"] and now - clock.from_text(channel["test_sent_at"]) < TEST_EVERY:
            raise DiaryError("too_many_tries", 429, {"minutes": "1"}, int(TEST_EVERY.total_seconds()))
        db.execute(
            "update channels set test_code_hash = :hash, test_sent_at = :at where id = :id",
            {"hash": _hash(secret_key, channel_id, code), "at": clock.to_text(now), "id": channel_id},
        )
    return channel, code


def confirm(
    db: Database, actor: Actor, study: Study, now: datetime, secret_key: str, stream: str,
    channel_id: str, code: str, *, address: str,
) -> Row:  # fmt: skip
    """The actor read the code where it was sent: the channel is tested.

    `address` is where the try comes from. DiaryError `channel_code_wrong`, `too_many_tries`; NotFoundError.
    """
    account_id = str(actor.id)
    get(db, account_id, channel_id)
    # So many tries within so many minutes as a secret has: ten in the life of one code.
    attempt_id = attempts.reserve(db, study, now, account_key=f"channel:{channel_id}", address=address)
    with db.atomic():
        db.lock(f"channels:{account_id}")
        channel = get(db, account_id, channel_id)
        if not _fits(channel, secret_key, code, now):
            raise DiaryError("fields", 422, {"code": "channel_code_wrong"})
        attempts.clear(db, attempt_id)
        at = clock.to_text(now)
        db.execute(
            "update channels set tested_at = :at, test_code_hash = null where id = :id",
            {"at": at, "id": channel_id},
        )
        changes = [("tested_at", channel["tested_at"], at)]
        audit.changed(db, stream, actor, now, "channel", channel_id, changes)
    return get(db, account_id, channel_id)


def _fits(channel: Row, secret_key: str, code: str, now: datetime) -> bool:
    if not channel["test_code_hash"] or now - clock.from_text(channel["test_sent_at"]) > CODE_VALID:
        return False
    return hmac.compare_digest(channel["test_code_hash"], _hash(secret_key, channel["id"], code))


def _hash(secret_key: str, channel_id: str, code: str) -> str:
    return hashing.hash_code(secret_key, f"{channel_id}{code}")
