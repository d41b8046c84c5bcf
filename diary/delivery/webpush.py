"""Web Push: what is sent to a push service, and what its answer means (RFC 8030, 8291, 8292).

The one-call sender of pywebpush is not used: it parses the key and opens a connection for each message.
Here a signature is made once per push service and half day, and only the encryption is done per message.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from diary.delivery.outcomes import Result, retry_after_s

# 4096 bytes of a record, less header (86), delimiter (1) and tag (16).
MAX_PAYLOAD_BYTES: Final = 3993
MAX_ENDPOINT_CHARS: Final = 1000
POINT_BYTES, AUTH_BYTES = 65, 16
TOPIC_CHARS: Final = 32
# RFC 8292 allows a day; a clock that is off by hours must not make a signature invalid.
SIGNED_FOR: Final = timedelta(hours=12)
SIGNED_ANEW_AFTER: Final = timedelta(hours=6)
_CURVE: Final = ec.SECP256R1()
# Characters that every reader of an address takes for the same: no space, no backslash, no control.
_PLAIN: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*")
_HOST: Final = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True)
class Keys:
    """What a browser gave for encrypting to it: its public point (65 bytes) and its secret (16 bytes)."""

    p256dh: bytes
    auth: bytes


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
        origin = origin_of(urlsplit(endpoint))
        header, made_at = self._made.get(origin, ("", None))
        if made_at is None or not timedelta(0) <= now - made_at < SIGNED_ANEW_AFTER:
            # Claims of its own for each signature: a shared dict would keep another service's audience.
            claims = {"aud": origin, "exp": int((now + SIGNED_FOR).timestamp()), "sub": self.subject}
            header = self._vapid.sign(claims)["Authorization"]
            self._made[origin] = (header, now)
        return header


def public_key(private_key: str) -> str:
    """What phones subscribe with (`applicationServerKey`): the public point as base64url."""
    point = ec.derive_private_key(int(private_key, 16), _CURVE).public_key()
    return encode64(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def encode64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode64(text: str) -> bytes:
    """ValueError for what is no base64url, with or without its padding."""
    bare = text.rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", bare):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def read_keys(p256dh: str, auth: str) -> Keys:
    """A browser's keys from their base64url texts; ValueError for what nothing can be encrypted to."""
    point, secret = decode64(p256dh), decode64(auth)
    if len(point) != POINT_BYTES or len(secret) != AUTH_BYTES:
        raise ValueError("keys of a wrong length")
    ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
    return Keys(point, secret)


def known_host(endpoint: str, allowed: Sequence[str]) -> str | None:
    """The push service this endpoint stands at, if it is one of the allowed ones, else None.

    The endpoint is what a phone says, so the parsed host decides, never how the text begins. `*.` before
    an allowed name is one label; plain http only for an origin that is allowed as a whole (tests).
    """
    if len(endpoint) > MAX_ENDPOINT_CHARS or not _PLAIN.fullmatch(endpoint):
        return None
    try:
        parts = urlsplit(endpoint)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme == "http":
        origin = origin_of(parts)
        return origin.removeprefix("http://") if origin in allowed else None
    if port not in (None, 443) or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    return host if host in allowed or f"*.{host.partition('.')[2]}" in allowed else None


def origin_of(parts: SplitResult) -> str:
    """Scheme, host and a port that is not the usual one, as an audience names a push service."""
    host = (parts.hostname or "").lower()
    usual = 443 if parts.scheme == "https" else 80
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{parts.port}" if parts.port not in (None, usual) else "")


def topic_of(group_id: str) -> str:
    """Tag and topic of a group: a hash, so that it says nothing, of 32 characters, so that all take it."""
    return encode64(hashlib.sha256(group_id.encode()).digest())[:TOPIC_CHARS]


def payload(
    *, title: str, body: str, navigate: str, lang: str, tag: str, delivery_id: str, token: str
) -> bytes:
    """The declarative shape (CONTRACT.md), which iOS shows even when the worker fails; or ValueError."""
    notification = {
        "title": title, "body": body, "navigate": navigate, "lang": lang, "tag": tag,
        "data": {"delivery_id": delivery_id, "token": token},
    }  # fmt: skip
    whole = {"web_push": 8030, "notification": notification}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
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
    if (urlsplit(endpoint).hostname or "").endswith(".notify.windows.com"):
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
