"""The demo's logins: secrets that follow from the installation's key, so that none stands in the source."""

import base64
import hashlib
import hmac
from datetime import datetime

from diary import hashing
from diary.db import Database, Row
from diary.rules.pins import pin_fault
from diary.store import accounts

Login = dict[str, str | None]
_PIN_DIGITS = 6
_ORDER = ("participant", "guardian", "coordinator", "investigator", "monitor", "administrator")


def secret_of(secret_key: str, role: str, login: str) -> str:
    """A PIN for participants and guardians, a password of 24 characters for staff."""
    for attempt in range(1000):
        seed = hmac.new(secret_key.encode(), f"demo\0{login}\0{attempt}".encode(), hashlib.sha256).digest()
        if role in accounts.STAFF_ROLES:
            letters = base64.b32encode(seed).decode().lower()
            return "-".join(letters[start : start + 4] for start in range(0, 20, 4))
        pin = str(int.from_bytes(seed[:8], "big") % 10**_PIN_DIGITS).zfill(_PIN_DIGITS)
        if pin_fault(pin) is None:
            return pin
    raise RuntimeError("no PIN without a fault in a thousand")


def list_all(db: Database, secret_key: str) -> list[Login]:
    """Every open account as `demo-accounts.json` holds it; the first participant is an active adult."""
    rows = sorted(_open_accounts(db), key=_place)
    return [
        {
            "role": row["role"],
            "login": row["login"],
            "secret": secret_of(secret_key, row["role"], row["login"]),
            "totp_secret": row["totp_secret"],
            "subject": row["subject_no"],
        }
        for row in rows
    ]


def read_again(db: Database, secret_key: str, now: datetime) -> list[Login]:
    """The same later on: an account whose secret is another one by now gets the demo's back."""
    for row in _open_accounts(db):
        secret = secret_of(secret_key, row["role"], row["login"])
        if not hashing.is_secret(row["secret_hash"], secret):
            with db.atomic():
                accounts.set_secret(db, now, row, hashing.hash_secret(secret), row["language"])
    return list_all(db, secret_key)


def _place(row: Row) -> tuple[int, str, str, str]:
    return _ORDER.index(row["role"]), row["subject_no"] or "", row["created_at"], row["login"]


def _open_accounts(db: Database) -> list[Row]:
    rows = db.query(
        "select a.*, coalesce(p.subject_no, (select min(q.subject_no) from guardianships w"
        "   join participants q on q.id = w.participant_id where w.account_id = a.id)) as subject_no"
        " from accounts a left join participants p on p.id = a.participant_id where a.state = 'open'"
    )
    return list(rows)
