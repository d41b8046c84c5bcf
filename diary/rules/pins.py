"""What people sign in with: logins, PINs and passwords, in the one form that is stored and compared."""

import re
import unicodedata
from itertools import pairwise
from typing import Final, Literal

PIN_DIGITS: Final = (4, 12)
PASSWORD_CHARS: Final = (12, 200)
_SUBJECT_LOGIN = re.compile(r"s\d{3,}(-g\d+)?", re.IGNORECASE | re.ASCII)

PinFault = Literal["pin_digits", "pin_length", "pin_same", "pin_run"]
PasswordFault = Literal["password_short", "password_long", "password_same"]


def normal_login(text: str) -> str:
    """Subject and guardian logins in capitals (S007, S007-G1), e-mail in small letters; trimmed."""
    login = unicodedata.normalize("NFKC", text).strip()
    if _SUBJECT_LOGIN.fullmatch(login):
        return login.upper()
    # Small letters can compose where capitals did not (J with caron).
    return unicodedata.normalize("NFKC", login.lower())


def normal_pin(text: str) -> str:
    """`１２３４` and ` 1234 ` are 1234."""
    return unicodedata.normalize("NFKC", text).strip()


def normal_password(text: str) -> str:
    """Composed characters: keyboards differ in how they send é. Spaces count as typed."""
    return unicodedata.normalize("NFC", text)


def pin_fault(pin: str) -> PinFault | None:
    """What is wrong with a new, normalised PIN; None when it will do."""
    if not pin.isascii() or not pin.isdigit():
        return "pin_digits"
    if not PIN_DIGITS[0] <= len(pin) <= PIN_DIGITS[1]:
        return "pin_length"
    if len(set(pin)) == 1:
        return "pin_same"
    # 7890 runs on over the 9, as the keys do.
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return "pin_run" if steps in ({1}, {9}) else None


def password_fault(password: str) -> PasswordFault | None:
    """What is wrong with a new, normalised password; length is what counts (NIST SP 800-63B 3.1.1)."""
    if len(password) < PASSWORD_CHARS[0]:
        return "password_short"
    if len(password) > PASSWORD_CHARS[1]:
        return "password_long"
    return "password_same" if len(set(password)) == 1 else None
