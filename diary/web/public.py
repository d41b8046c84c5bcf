"""What anybody may ask: is the diary well, and what does the study say."""

import logging
from typing import Any

import marshmallow as ma
from flask import current_app, g, jsonify
from marshmallow import fields, validate

import migrations
from diary import __version__, clock
from diary.db import open_database
from diary.errors import sentence
from diary.store import ticks
from diary.web.study_answer import StudyAnswer
from diary.web.zones import ErrorAnswer, Zone, asked_language

log = logging.getLogger(__name__)
zone = Zone("public", "study")
# Two ticks may be missed before the worker counts as stopped.
WORKER_SILENT_S = 90
WORDS = ("ok", "not_ok")


class WorkerAnswer(ma.Schema):
    last_tick_at = fields.String(required=True, allow_none=True)
    age_s = fields.Integer(required=True, allow_none=True)


class HealthAnswer(ma.Schema):
    status = fields.String(required=True, validate=validate.OneOf(WORDS))
    database = fields.String(required=True, validate=validate.OneOf(WORDS))
    schema = fields.String(required=True, validate=validate.OneOf(WORDS))
    worker = fields.Nested(WorkerAnswer, required=True)
    version = fields.String(required=True)


class UnwellAnswer(HealthAnswer, ErrorAnswer):
    """What is not well, in the form of every other error."""


@zone.operation("/health", "GET", "getHealth", None)
@zone.response(200, HealthAnswer)
@zone.alt_response(503, schema=UnwellAnswer)  # type: ignore[untyped-decorator]
def get_health() -> Any:
    """Whether database, schema and the worker's clock are well; 503 when one of them is not."""
    health = _health()
    if health["status"] == "ok":
        return health
    fields_ = {name: "not_ok" for name in ("database", "schema") if health[name] != "ok"}
    if not _ticks_on(health):
        fields_["worker"] = "not_ok"
    message = sentence("unwell", asked_language(), {"names": ", ".join(fields_)})
    answer = jsonify({**health, "code": "unwell", "message": message, "fields": fields_})
    answer.status_code = 503
    return answer


def _ticks_on(health: dict[str, Any]) -> bool:
    age_s = health["worker"]["age_s"]
    return age_s is not None and age_s <= WORKER_SILENT_S


def _health() -> dict[str, Any]:
    """Asks the database itself, on a connection of its own: the one of the request may be what fails."""
    health: dict[str, Any] = {
        "status": "not_ok", "database": "not_ok", "schema": "not_ok",
        "worker": {"last_tick_at": None, "age_s": None}, "version": __version__,
    }  # fmt: skip
    try:
        db = open_database(current_app.extensions["diary"].database)
        try:
            health["schema"] = "not_ok" if migrations.pending(db) else "ok"
            health["database"] = "ok"
            tick_at = ticks.last(db, "worker") if health["schema"] == "ok" else None
        finally:
            db.close()
    # Whatever a driver raises, the answer is the same: not well.
    except Exception:
        log.exception("the database does not answer")
        return health
    if tick_at:
        age_s = max(0, int((g.now - tick_at).total_seconds()))
        health["worker"] = {"last_tick_at": clock.to_text(tick_at), "age_s": age_s}
    if health["schema"] == "ok" and _ticks_on(health):
        health["status"] = "ok"
    return health


@zone.operation("/study", "GET", "getStudy", None)
@zone.response(200, StudyAnswer)
def get_study() -> Any:
    """The numbers and texts of the study that a phone needs."""
    return current_app.extensions["study"].for_phone()
