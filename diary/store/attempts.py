"""Failed secrets as rows, so that several processes count together.

An attempt is reserved before the secret is checked and cleared when it was right. Twenty tries at once
over several processes therefore never get more than the limit through.
"""

import math
from datetime import datetime, timedelta
from uuid import uuid4

from diary import clock
from diary.db import Database, one
from diary.errors import DiaryError
from diary.study import Study


def reserve(db: Database, study: Study, now: datetime, *, account_key: str | None, address: str) -> str:
    """Count this try as failed until it is cleared; answers the attempt's id.

    `account_key` is the normalised login, whether it exists or not; None where only the address is known.
    Raises DiaryError `too_many_tries` (429), which is not counted itself: whoever keeps trying is let
    in again when the earlier failures have aged.
    """
    limits = study.accounts
    attempt = {"id": str(uuid4()), "key": account_key or "", "address": address, "at": clock.to_text(now)}
    with db.atomic():
        # Accounts before addresses in every process: no two can wait for each other.
        if account_key:
            db.lock(f"attempts:account:{account_key}")
        db.lock(f"attempts:address:{address}")
        waits = [_wait_s(db, study, now, "address", address, limits.failures_per_address)]
        if account_key:
            waits.append(_wait_s(db, study, now, "account_key", account_key, limits.failures_per_account))
        if max(waits):
            raise DiaryError("too_many_tries", 429, {"minutes": str(-(-max(waits) // 60))}, max(waits))
        db.execute(
            "insert into attempts (id, account_key, address, at, cleared)"
            " values (:id, :key, :address, :at, 0)",
            attempt,
        )
    return attempt["id"]


def _wait_s(db: Database, study: Study, now: datetime, column: str, value: str, limit: int) -> int:
    """Seconds until one more try is allowed; 0: now."""
    window = timedelta(minutes=study.accounts.failures_within_min)
    row = one(
        db,
        f"select at from attempts where {column} = :value and cleared = 0 and at > :after"
        " order by at desc limit 1 offset :offset",
        {"value": value, "after": clock.to_text(now - window), "offset": limit - 1},
    )
    if row is None:
        return 0
    return math.ceil((clock.from_text(row["at"]) + window - now).total_seconds())


def clear(db: Database, attempt_id: str) -> None:
    """This one was no failure after all."""
    db.execute("update attempts set cleared = 1 where id = :id", {"id": attempt_id})


def clear_account(db: Database, account_key: str) -> None:
    """The right secret was given: earlier slips of this account no longer count."""
    db.execute(
        "update attempts set cleared = 1 where account_key = :key and cleared = 0", {"key": account_key}
    )
