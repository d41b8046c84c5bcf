"""How the study's settings look to a phone: the schema follows the dataclasses of diary/study.py."""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_origin, get_type_hints

import marshmallow as ma
from marshmallow import fields

from diary import study
from diary.errors import LANGUAGES

Words = ma.Schema.from_dict(
    {language: fields.String(required=True) for language in LANGUAGES}, name="StudyTextAnswer"
)


def _field(kind: Any) -> fields.Field[Any]:
    """Decimals travel as strings: nothing clinical is ever a float."""
    if is_dataclass(kind) and isinstance(kind, type):
        return fields.Nested(_schema(kind), required=True)
    if kind is int:
        return fields.Integer(required=True)
    if get_origin(kind) in (Mapping, dict):
        return fields.Dict(fields.String(), fields.Nested(Words), required=True)
    if get_origin(kind) is tuple:
        return fields.List(fields.String(), required=True)
    return fields.String(required=True)


@cache
def _schema(kind: type, only: tuple[str, ...] = ()) -> type[ma.Schema]:
    hints = get_type_hints(kind)
    names = only or tuple(field.name for field in dataclass_fields(kind))
    return ma.Schema.from_dict(
        {name: _field(hints[name]) for name in names}, name=f"Study{kind.__name__}Answer"
    )


class StudyAnswer(_schema(study.Study, study.PHONE_PARTS)):  # type: ignore[misc]
    """The numbers and texts of study.toml that a phone needs."""

    adult_age = fields.Integer(required=True)
    contraception_min_age = fields.Integer(required=True)
