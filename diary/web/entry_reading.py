"""From what a sender wrote to a draft that the store can take, or to a refusal that keeps it."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import marshmallow as ma

from diary.db import Row
from diary.errors import DiaryError
from diary.rules import days, glucose
from diary.rules import entries as entry_rules
from diary.rules.refusals import Refusal
from diary.store import entries
from diary.store.actors import Actor
from diary.store.entries import Draft
from diary.store.refusals import SetAside
from diary.study import Study
from diary.web.entry_bodies import BODIES, EntryEnvelope
from diary.web.reading import field_codes, unstorable

FindParticipant = Callable[[str | None], Row]
_ENVELOPE = EntryEnvelope()
_BODIES = {kind: body() for kind, body in BODIES.items()}
PHONE_ORIGINS = frozenset({"typed", "bluetooth", "file", "api"})
STAFF_ORIGINS = frozenset({"staff", "paper"})


class _RefusedError(Exception):
    def __init__(self, code: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields or {}


def read_entry(
    raw: object,
    actor: Actor,
    find_participant: FindParticipant,
    study: Study,
    *,
    source_note: str | None = None,
) -> tuple[Draft | SetAside, Row | None]:
    """Read one entry as sent, and whose it is; never raises for what it holds.

    `find_participant` answers the participant this sender may write for, or raises DiaryError.
    """
    participant: Row | None = None
    try:
        if not isinstance(raw, dict):
            raise _RefusedError("entry_unreadable")
        participant = find_participant(_text(raw.get("participant_id")))
        return _draft(raw, actor, participant, study, source_note), participant
    except _RefusedError as refused:
        return _set_aside(raw, participant, refused.code, refused.fields, study), participant
    except DiaryError as error:
        return _set_aside(raw, participant, error.code, error.fields, study), participant


def _draft(
    raw: dict[str, Any], actor: Actor, participant: Row, study: Study, source_note: str | None
) -> Draft:
    if unstorable(raw):
        raise _RefusedError("entry_unreadable")
    envelope = _load(_ENVELOPE, {key: value for key, value in raw.items() if key != "data"}, "")
    kind = envelope["kind"]
    _may_write(actor, kind, envelope)
    occurred, recorded = _instant(envelope, "occurred_at"), _instant(envelope, "recorded_at")
    _zone(envelope["zone"])
    return Draft(
        id=envelope["id"],
        participant_id=participant["id"],
        kind=kind,
        occurred_at=occurred,
        occurred_text=envelope["occurred_at"],
        zone=envelope["zone"],
        local_day=days.local_day(occurred).isoformat(),
        recorded_at=recorded,
        recorded_text=envelope["recorded_at"],
        data=_data(raw, kind, envelope, study),
        replaces=envelope.get("replaces"),
        reason=envelope.get("reason"),
        proxy_reason=envelope.get("proxy_reason"),
        source_note=source_note,
        origin=envelope["origin"],
        app_version=envelope.get("app_version"),
        body_hash=entries.body_hash(raw),
    )


def _load(schema: ma.Schema, body: object, prefix: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(body)  # type: ignore[arg-type]
    except ma.ValidationError as error:
        codes = field_codes(error.messages, prefix)
        raise _RefusedError("fields", codes) from error
    return loaded


def _may_write(actor: Actor, kind: str, envelope: dict[str, Any]) -> None:
    if actor.role in ("participant", "guardian"):
        if envelope["origin"] not in PHONE_ORIGINS:
            raise _RefusedError("origin_is_staff", {"origin": "field_choice"})
        if actor.role == "guardian" and "proxy_reason" not in envelope:
            raise _RefusedError("proxy_reason_needed", {"proxy_reason": "field_required"})
    elif envelope["origin"] not in STAFF_ORIGINS:
        raise _RefusedError("origin_is_phone", {"origin": "field_choice"})
    if actor.role == "system" or not entry_rules.may_write(actor.role, kind):
        raise _RefusedError("kind_not_yours", {"kind": "field_choice"})
    if "replaces" in envelope and "reason" not in envelope:
        raise _RefusedError("reason_needed", {"reason": "field_required"})


def _instant(values: dict[str, Any], name: str, prefix: str = "") -> Any:
    instant = days.parse_instant(values[name])
    if isinstance(instant, Refusal):
        raise _RefusedError(instant.code, {prefix + name: instant.code, **instant.fields})
    return instant


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _RefusedError("zone_unknown", {"zone": "zone_unknown"}) from error


def _data(raw: dict[str, Any], kind: str, envelope: dict[str, Any], study: Study) -> dict[str, Any] | None:
    if raw.get("data") is None:
        if "data" in raw and "replaces" in envelope:
            return None
        raise _RefusedError("fields", {"data": "field_required"})
    if kind == "reading":
        _glucose(raw["data"], study)
    data = _load(_BODIES[kind], raw["data"], "data")
    for name in ("taken_at", "ended_at", "drawn_at", "last_dose_at", "given_at"):
        if name in data:
            _instant(data, name, "data.")
    return data


def _glucose(data: object, study: Study) -> None:
    """The value speaks first: its sentence says more than a list of fields."""
    if not isinstance(data, dict):
        return
    value = glucose.parse_glucose(data.get("value"), data.get("unit"), study.glucose)
    if isinstance(value, Refusal):
        raise _RefusedError(value.code, {"data.value": value.code, **value.fields})


def _set_aside(
    raw: object, participant: Row | None, code: str, fields: dict[str, str], study: Study
) -> SetAside:
    body = raw if isinstance(raw, dict) else {}
    data = body.get("data")
    kind = _text(body.get("kind"))
    severe = (
        isinstance(data, dict)
        and kind in ("reading", None)
        and glucose.looks_severe(str(data.get("value")), _text(data.get("unit")), study.glucose)
    )
    return SetAside(
        status="refused",
        entry_id=_id(body.get("id")),
        kind=kind if kind in BODIES else None,
        raw=raw,
        code=code,
        fields=fields,
        looks_severe=severe,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= 64 and not unstorable(value) else None


def _id(value: object) -> str | None:
    return (
        value
        if isinstance(value, str) and len(value) <= 64 and value.isascii() and value.isprintable()
        else None
    )
