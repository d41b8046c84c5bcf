"""PINs and passwords as argon2id, activation codes as HMAC-SHA256."""

import hashlib
import hmac
import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Above the OWASP floor (19 MiB, 2 passes), and small enough for eight sign-ins at once on a small server.
HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
# Somebody who signs in with a login that does not exist waits as long as with a wrong secret.
NOBODY = HASHER.hash(secrets.token_hex(16))

# Without 0 O, 1 I L and U: nothing to misread, no words.
CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARS: Final = 10


def hash_secret(secret: str) -> str:
    return HASHER.hash(secret)


def is_secret(secret_hash: str | None, secret: str) -> bool:
    """Whether the secret fits; takes as long when there is no hash to fit."""
    try:
        return HASHER.verify(secret_hash or NOBODY, secret) and secret_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_code() -> str:
    """A fresh activation code as people read it: XXXXX-XXXXX, 49 bits."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))
    return f"{code[:5]}-{code[5:]}"


def hash_code(secret_key: str, code: str) -> str:
    """Keyed hash (hex) of a code as typed: any case, any width, with or without dashes and spaces.

    Keyed, because 49 bits are few enough to try all of them against a stolen database.
    """
    typed = unicodedata.normalize("NFKC", code).upper()
    bare = "".join(char for char in typed if char.isalnum())
    return hmac.new(secret_key.encode(), b"activation code\0" + bare.encode(), hashlib.sha256).hexdigest()
