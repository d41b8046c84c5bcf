"""What is said of people on the wire: names, logins, secrets, days, zones."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

import marshmallow as ma
from marshmallow import fields, validate

from diary.errors import LANGUAGES
from diary.rules.pins import PASSWORD_CHARS
from diary.web.reading import Form, is_blank

SUBJECT = r"^S[0-9]{3,8}$"


class Line(fields.String):
    """One line of text, trimmed, with something on it."""

    def __init__(self, chars: int = 200, **more: Any) -> None:
        self.chars = chars
        super().__init__(validate=validate.Length(min=1, max=chars, error="field_length"), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = str(super()._deserialize(value, attr, data, **more)).strip()
        if any(ord(char) < 32 or ord(char) == 127 for char in text):
            raise ma.ValidationError("line_only")
        return "" if is_blank(text) else text


class Reason(Line):
    """Why: kept in the trail."""

    def __init__(self, **more: Any) -> None:
        super().__init__(1000, required=True, **more)


class ReasonBody(ma.Schema):
    reason = Reason()


class Email(Line):
    """Something@host.domain; the document names no `format`, which would promise a stricter check."""

    def __init__(self, **more: Any) -> None:
        more["metadata"] = {"example": "zhao@example.org", **more.get("metadata", {})}
        super().__init__(254, **more)
        self.validators.append(Form(r"^[^@\s]+@[^@\s]+\.[^@\s.]+$", error="email_form"))


class Phone(Line):
    def __init__(self, **more: Any) -> None:
        super().__init__(40, **more)
        self.validators.append(Form(r"^[+0-9][0-9 ()./\-]{2,39}$", error="phone_form"))


class Flag(fields.Boolean):
    """true or false, nothing that only looks like them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, bool):
            raise ma.ValidationError("field_type")
        return value


class CalendarDay(fields.Date):
    """A local calendar day, `2026-03-14`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        if not isinstance(value, str) or len(value) != 10:
            raise ma.ValidationError("field_day")
        return super()._deserialize(value, attr, data, **more)


class LanguageCode(fields.String):
    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.OneOf(LANGUAGES, error="field_choice"), **more)


class ZoneName(fields.String):
    """An IANA zone, `Asia/Shanghai`."""

    def __init__(self, **more: Any) -> None:
        more["metadata"] = {"maxLength": 64, "example": "Asia/Shanghai", **more.get("metadata", {})}
        super().__init__(validate=_is_zone, **more)


def _is_zone(name: str) -> None:
    if name not in _zones():
        raise ma.ValidationError("zone_unknown")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Subject(fields.String):
    """A subject number, `S007`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=Form(SUBJECT, error="subject_form"), **more)


class Secret(fields.String):
    """A PIN or password as typed; never written to a log or answered."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            load_only=True,
            validate=validate.Length(min=1, max=PASSWORD_CHARS[1], error="secret_length"),
            **more,
        )


class Totp(fields.String):
    """Six digits of an authenticator."""

    def __init__(self, **more: Any) -> None:
        super().__init__(load_only=True, validate=Form(r"^[0-9]{6}$", error="totp_form"), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        text = super()._deserialize(value, attr, data, **more)
        return "".join(str(text).split()).translate(_HALF_WIDTH)


_HALF_WIDTH = {ord("０") + digit: ord("0") + digit for digit in range(10)}
