"""How entries, their judgement and what was set aside look in answers, for phones and desks alike."""

import json
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from diary.db import Row
from diary.errors import field_names, sentence
from diary.rules import roles
from diary.rules.entries import without_contraception
from diary.store.intake import Result
from diary.web.entry_bodies import ENTRY_KINDS, ORIGINS

STATUSES = ("stored", "held", "duplicate", "conflict", "refused")
BASES = ("none", "value", "assistance", "both", "review")


def one_of(*words: str, nullable: bool = False) -> fields.String:
    """A closed set of words in an answer."""
    allowed = [*words, None] if nullable else list(words)
    return fields.String(required=True, allow_none=nullable, validate=validate.OneOf(allowed))


class Bit(fields.Boolean):
    """A 0 or 1 of the database, answered as false or true."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_: Any) -> bool | None:
        return None if value is None else bool(value)


class ResultAnswer(ma.Schema):
    """What became of one entry."""

    id = fields.String(required=True, allow_none=True)
    status = one_of(*STATUSES)
    severe = fields.Boolean(required=True, allow_none=True)
    basis = one_of(*BASES, nullable=True)
    episode_id = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    message = fields.String(required=True, allow_none=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields", attribute="fields")


class EntryAnswer(ma.Schema):
    """One version of an entry, with what the server made of it."""

    id = fields.String(required=True)
    root_id = fields.String(required=True)
    version = fields.Integer(required=True)
    replaces = fields.String(required=True, allow_none=True)
    participant_id = fields.String(required=True)
    kind = one_of(*ENTRY_KINDS)
    occurred_at = fields.String(required=True)
    zone = fields.String(required=True)
    local_day = fields.String(required=True)
    recorded_at = fields.String(required=True)
    received_at = fields.String(required=True)
    skew_s = fields.Integer(required=True, allow_none=True)
    author_role = fields.String(required=True)
    author_id = fields.String(required=True)
    proxy_reason = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    source_note = fields.String(required=True, allow_none=True)
    origin = one_of(*ORIGINS)
    app_version = fields.String(required=True, allow_none=True)
    data = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    state = one_of("stored", "held", "accepted")
    late = fields.Boolean(required=True)
    is_current = fields.Boolean(
        required=True, metadata={"description": "Whether this version is the one that counts."}
    )
    severe = fields.Boolean(required=True, allow_none=True)
    basis = one_of(*BASES)
    ada_level = fields.Integer(required=True, allow_none=True)
    in_summaries = fields.Boolean(required=True)
    episode_id = fields.String(required=True, allow_none=True)


# Making a schema copies every field of it: once, not for each of hundreds of entries in an answer.
_NAMES = tuple(EntryAnswer().fields)


class RefusalAnswer(ma.Schema):
    """What was sent and could not become an entry, as it came."""

    id = fields.String(required=True)
    participant_id = fields.String(required=True, allow_none=True)
    entry_id = fields.String(required=True, allow_none=True)
    status = one_of("refused", "conflict")
    kind = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    message = fields.String(required=True)
    raw = fields.String(required=True, metadata={"description": "The text as it was sent, as JSON."})
    received_at = fields.String(required=True)


def result(found: Result, language: str) -> dict[str, Any]:
    """A result with its sentence."""
    values = found.fields or {}
    named = {**values, "names": field_names(values, language)}
    return {
        "id": found.id,
        "status": found.status,
        "severe": found.severe,
        "basis": found.basis,
        "episode_id": found.episode_id,
        "code": found.code,
        "message": sentence(found.code, language, named) if found.code else None,
        "fields": values,
    }


def entry(row: Mapping[str, Any], reader: roles.Role | roles.System) -> dict[str, Any]:
    """A row of `entry_views`; the version that counts has the head's verdict, others their own.

    `reader` may see this kind; what in it belongs to the contraception section is left out for whoever
    does not see that.
    """
    current = bool(row["is_current"])
    judged = {
        name: row[f"head_{name}"] if current else row[name] for name in ("severe", "basis", "ada_level")
    }
    data = json.loads(row["data"]) if row["data"] is not None else None
    return {
        **{name: row[name] for name in _NAMES if name in row},
        **judged,
        "severe": None if judged["severe"] is None else bool(judged["severe"]),
        "occurred_at": row["occurred_text"],
        "recorded_at": row["recorded_text"],
        "data": without_contraception(row["kind"], data) if roles.hides_contraception(reader) else data,
        "state": "accepted" if row["decision"] else row["state"],
        "late": bool(row["late"]),
        "is_current": current,
        "in_summaries": current and bool(row["head_in_summaries"]),
        "episode_id": row["head_episode_id"] if current else None,
    }


def refusal(row: Row, language: str) -> dict[str, Any]:
    values = json.loads(row["fields"])
    names = field_names(values, language)
    return {**row, "message": sentence(row["code"], language, {**values, "names": names})}
