"""Keys that are made at the first start and kept in files of their own beside the database."""

import base64
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SECRET_FILE = "secret.key"
SEAL_FILE = "audit-seal.key"
VAPID_FILE = "vapid.key"
KEY_BYTES = 32


def read_or_make(path: Path) -> str:
    """The key of this file as 64 hex digits; made with mode 0600 when missing; OSError, ValueError."""
    if not path.exists():
        _make(path)
    text = path.read_text(encoding="ascii").strip()
    if len(bytes.fromhex(text)) < KEY_BYTES:
        raise ValueError(f"{path} holds no key of {KEY_BYTES} bytes, put the one from your backup back")
    return text


def _make(path: Path) -> None:
    """Write a draft whole, then link it: the link fails if another process was first, and its key counts."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def vapid_public(private_key: str) -> str:
    """What phones subscribe with (`applicationServerKey`): the public point as base64url."""
    point = ec.derive_private_key(int(private_key, 16), ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
