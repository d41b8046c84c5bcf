"""Web Push: what is sent to a push service, and what its answer means (RFC 8030, 8291, 8292).

The one-call sender of pywebpush is not used: it parses the key and opens a connection for each message.
Here a signature is made once per push service and half day, and only the encryption is done per message.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from diary.rules.outcomes import Result, retry_after_s
from diary.rules.push import Keys, origin_at

# 4096 bytes of a record, less header (86), delimiter (1) and tag (16).
MAX_PAYLOAD_BYTES: Final = 3993
# RFC 8292 allows a day; a clock that is off by hours must not make a signature invalid.
SIGNED_FOR: Final = timedelta(hours=12)
SIGNED_ANEW_AFTER: Final = timedelta(hours=6)
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_CURVE: Final = ec.SECP256R1()


@dataclass(frozen=True)
class Request:
    """One POST to a push service."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Signer:
    """Makes VAPID headers with one private key (64 hex digits), one header per push service."""

    private_key: str = field(repr=False)
    subject: str
    _made: dict[str, tuple[str, datetime]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._vapid = Vapid02(ec.derive_private_key(int(self.private_key, 16), _CURVE))

    def authorization(self, endpoint: str, now: datetime) -> str:
        """`vapid t=…, k=…` for the push service of this endpoint."""
        origin = origin_at(endpoint)
        header, made_at = self._made.get(origin, ("", None))
        if made_at is None or not timedelta(0) <= now - made_at < SIGNED_ANEW_AFTER:
            # Claims of its own for each signature: a shared dict would keep another service's audience.
            claims = {"aud": origin, "exp": int((now + SIGNED_FOR).timestamp()), "sub": self.subject}
            header = self._vapid.sign(claims)["Authorization"]
            self._made[origin] = (header, now)
        return header


def payload(
    *, title: str, body: str, navigate: str, lang: str, tag: str, delivery_id: str, token: str
) -> bytes:
    """The declarative shape (CONTRACT.md), which iOS shows even when the worker fails; or ValueError."""
    notification = {
        "title": title, "body": body, "navigate": navigate, "lang": lang, "tag": tag,
        "data": {"delivery_id": delivery_id, "token": token},
    }  # fmt: skip
    whole = {"web_push": 8030, "notification": notification}
    text = _JSON.encode(whole).encode()
    if len(text) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"a push message of {len(text)} bytes, more than {MAX_PAYLOAD_BYTES}")
    return text


def encrypt(
    plain: bytes,
    keys: Keys,
    *,
    salt: bytes | None = None,
    private_key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """One aes128gcm record (RFC 8291); salt and key are fresh, unless a test gives them."""
    body: bytes = http_ece.encrypt(
        plain, salt=salt or os.urandom(16), private_key=private_key or ec.generate_private_key(_CURVE),
        dh=keys.p256dh, auth_secret=keys.auth, version="aes128gcm",
    )  # fmt: skip
    return body


def request(
    endpoint: str,
    keys: Keys,
    plain: bytes,
    *,
    signer: Signer,
    topic: str,
    expires_at: datetime,
    now: datetime,
) -> Request:
    """The encrypted, signed message; the push service drops it when its window is over."""
    ttl_s = max(int((expires_at - now) / timedelta(seconds=1)), 0)
    headers = {
        "Authorization": signer.authorization(endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl_s),
        "Topic": topic,
        "Urgency": "high",
    }
    if origin_at(endpoint).endswith(".notify.windows.com"):
        # Windows answers 400 when this and the TTL disagree.
        headers["X-WNS-Cache-Policy"] = "cache" if ttl_s else "no-cache"
    return Request(endpoint, headers, encrypt(plain, keys))


def judge(status: int, headers: Mapping[str, str], now: datetime) -> Result:
    """What a push service's answer means; accepting a message says nothing about its arrival."""
    if 200 <= status < 300:
        return Result("handed_over", status)
    if status in (404, 410):
        return Result("gone", status, "the push service no longer knows this phone")
    if status in (401, 403):
        return Result("stopped", status, "the push service does not accept our signature")
    if status in (408, 425, 429) or status >= 500:
        return Result("later", status, "the push service asks for patience", retry_after_s(headers, now))
    return Result("refused", status, "the push service does not understand our message")
