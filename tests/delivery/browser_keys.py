"""A phone's half of Web Push: its keys, and reading what was encrypted to it."""

import json
from dataclasses import dataclass
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from diary.rules.push import Keys, encode64

AUTH = b"sixteen bytes ok"


@dataclass(frozen=True)
class BrowserKeys:
    private: ec.EllipticCurvePrivateKey
    auth: bytes = AUTH

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def keys(self) -> Keys:
        return Keys(self.point, self.auth)

    @property
    def texts(self) -> dict[str, str]:
        """As the browser's PushSubscription gives them."""
        return {"p256dh": encode64(self.point), "auth": encode64(self.auth)}

    def read(self, body: bytes) -> dict[str, Any]:
        plain = http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
        read: dict[str, Any] = json.loads(plain)
        return read


def browser_keys() -> BrowserKeys:
    return BrowserKeys(ec.generate_private_key(ec.SECP256R1()))
