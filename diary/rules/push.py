"""What a phone's push subscription may be: a known push service, and keys that can be encrypted to."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, urlsplit

MAX_ENDPOINT_CHARS: Final = 1000
POINT_BYTES, AUTH_BYTES = 65, 16
TOPIC_CHARS: Final = 32
# The curve P-256 (FIPS 186-5): y^2 = x^3 - 3x + b modulo p.
_P: Final = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
# Characters that every reader of an address takes for the same: no space, no backslash, no control.
_PLAIN: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9._~:/?@!$&'()*+,;=%-]*")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")
_HOST: Final = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True)
class Keys:
    """What a browser gave for encrypting to it: its public point (65 bytes) and its secret (16 bytes)."""

    p256dh: bytes
    auth: bytes


def encode64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode64(text: str) -> bytes:
    """ValueError for what is no base64url, with or without its padding."""
    bare = text.rstrip("=")
    if not _BASE64URL.fullmatch(bare):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def read_keys(p256dh: str, auth: str) -> Keys:
    """A browser's keys from their base64url texts; ValueError for what nothing can be encrypted to."""
    keys = stored_keys(p256dh, auth)
    point = keys.p256dh
    if len(point) != POINT_BYTES or len(keys.auth) != AUTH_BYTES:
        raise ValueError("keys of a wrong length")
    x, y = int.from_bytes(point[1:33], "big"), int.from_bytes(point[33:], "big")
    if point[0] != 4 or max(x, y) >= _P or (y * y - (x * x * x - 3 * x + _B)) % _P:
        raise ValueError("no point of P-256")
    return keys


@lru_cache(maxsize=4096)
def stored_keys(p256dh: str, auth: str) -> Keys:
    """The same for keys that were checked when the phone subscribed."""
    return Keys(decode64(p256dh), decode64(auth))


@lru_cache(maxsize=4096)
def known_host(endpoint: str, allowed: tuple[str, ...]) -> str | None:
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


def origin_at(endpoint: str) -> str:
    """The origin of a known endpoint."""
    return _origin(endpoint[: endpoint.index("/", len("https://"))])


@lru_cache(maxsize=256)
def _origin(start: str) -> str:
    return origin_of(urlsplit(start))


def origin_of(parts: SplitResult) -> str:
    """Scheme, host and a port that is not the usual one, as an audience names a push service."""
    host = (parts.hostname or "").lower()
    usual = 443 if parts.scheme == "https" else 80
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{parts.port}" if parts.port not in (None, usual) else "")


def topic_of(group_id: str) -> str:
    """Tag and topic of a group: a hash, so that it says nothing, of 32 characters, so that all take it."""
    return encode64(hashlib.sha256(group_id.encode()).digest())[:TOPIC_CHARS]
