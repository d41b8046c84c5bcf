"""Request bodies in: strict JSON, and field errors as codes that become sentences."""

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import marshmallow as ma
from flask import Request
from marshmallow import validate
from webargs.flaskparser import FlaskParser

from diary.errors import DiaryError

MAX_DEPTH = 12
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
# marshmallow's own messages, by the code whose sentence says the same in the reader's language.
_MARSHMALLOW = {
    "Missing data for required field.": "field_required",
    "Field may not be null.": "field_required",
    "Unknown field.": "field_unknown",
    "Invalid input type.": "field_type",
    "Not a valid string.": "field_type",
    "Not a valid boolean.": "field_type",
    "Not a valid integer.": "field_type",
    "Not a valid list.": "field_type",
    "Not a valid mapping type.": "field_type",
    "Not a valid UUID.": "field_id",
    "Not a valid date.": "field_day",
}


def parse_json(body: bytes) -> Any:
    """JSON as the standard has it: UTF-8, no NaN, no name twice in an object, numbers as Decimal or int.

    Raises DiaryError `unreadable` (400).
    """
    try:
        value = json.loads(
            body.decode("utf-8"), parse_float=_decimal, parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )  # fmt: skip
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise DiaryError("unreadable", 400) from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name the second would silently win: nobody knows which one was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class Form(validate.Regexp):
    """The whole text has this form; `^...$` alone lets a line break at the end through."""

    def __call__(self, value: Any) -> Any:
        if not self.regex.fullmatch(value):
            raise ma.ValidationError(self._format_error(value))
        return value


def is_blank(text: str) -> bool:
    """Whether nothing in it can be seen: blanks, line breaks, characters of no width."""
    return not any(char.isprintable() and not char.isspace() for char in text)


def unstorable(value: object, depth: int = 0) -> bool:
    """True when a text in it cannot be kept in a database: NUL, half a surrogate pair, or nested too deep."""
    if depth > MAX_DEPTH:
        return True
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    if isinstance(value, Mapping):
        return any(unstorable(key, depth + 1) or unstorable(item, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return any(unstorable(item, depth + 1) for item in value)
    return False


def field_codes(messages: object, path: str = "") -> dict[str, str]:
    """marshmallow's nested messages as `{dotted.path: code}`, one code a field."""
    if isinstance(messages, Mapping):
        flat: dict[str, str] = {}
        for key, inner in messages.items():
            deeper = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            flat.update(field_codes(inner, deeper))
        return flat
    first = messages[0] if isinstance(messages, list) and messages else messages
    code = _MARSHMALLOW.get(str(first), str(first))
    return {path or "body": code if code.isidentifier() and code.islower() else "field_wrong"}


class DiaryParser(FlaskParser):
    """webargs, with our JSON reading and our errors."""

    def use_args(self, argmap: Any, req: Any = None, **more: Any) -> Any:
        """A schema is made once, not for every request: making one copies every field of it."""
        return super().use_args(argmap() if isinstance(argmap, type) else argmap, req, **more)

    def load_json(self, req: Request, schema: Any) -> Any:
        value = parse_json(req.get_data(cache=True))
        if unstorable(value):
            raise DiaryError("unreadable", 400)
        return value

    def load_querystring(self, req: Request, schema: Any) -> Any:
        wrong = {name: "field_wrong" for name, text in req.args.items(multi=True) if unstorable(text)}
        if wrong:
            raise DiaryError("fields", 422, wrong)
        return super().load_querystring(req, schema)

    def handle_error(self, error: Any, req: Any, schema: Any, **_: Any) -> Any:
        codes = field_codes(error.messages)
        # webargs wraps the messages in their location ("json", "query"); people know only the field.
        codes = {name.partition(".")[2] or name: code for name, code in codes.items()}
        raise DiaryError("fields", 422, codes)
