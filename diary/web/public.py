"""What anybody may ask: is the diary well, and what does the study say."""

import logging
from typing import Any

import marshmallow as ma
from flask import current_app, g, jsonify
from marshmallow import fields, validate

import migrations
from diary import __version__, clock
from diary.config import Config
from diary.db import Database, open_database
from diary.errors import sentence
from diary.store import problems, roster, ticks
from diary.store.roster import PAGE_UNHEARD
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
    roster = fields.String(
        required=True, validate=validate.OneOf(WORDS),
        metadata={"description": "Once somebody is enrolled: whether a page reaches somebody today."},
    )  # fmt: skip
    version = fields.String(required=True)


class UnwellAnswer(HealthAnswer, ErrorAnswer):
    """What is not well, in the form of every other error."""


@zone.operation("/health", "GET", "getHealth", None)
@zone.response(200, HealthAnswer)
@zone.alt_response(503, schema=UnwellAnswer)  # type: ignore[untyped-decorator]
def get_health() -> Any:
    """Whether database, schema, the worker's clock and the on-call roster are well; else 503."""
    health, fault = _health()
    if health["status"] == "ok":
        return health
    fields_ = {name: "not_ok" for name in ("database", "schema") if health[name] != "ok"}
    if not _ticks_on(health):
        fields_["worker"] = "not_ok"
    # Without a database nobody knows how the roster stands: what is told is what can be mended.
    if fault:
        fields_["roster"] = "not_ok"
    message = sentence("unwell", asked_language(), {"names": ", ".join(fields_)})
    if fault:
        message = f"{message} {sentence(fault, asked_language())}"
    answer = jsonify({**health, "code": "unwell", "message": message, "fields": fields_})
    answer.status_code = 503
    return answer


def _ticks_on(health: dict[str, Any]) -> bool:
    age_s = health["worker"]["age_s"]
    return age_s is not None and age_s <= WORKER_SILENT_S


def _health() -> tuple[dict[str, Any], str | None]:
    """How everything is, and the code of what is wrong with the roster.

    Asks the database itself, on a connection of its own: the one of the request may be what fails.
    """
    health: dict[str, Any] = {
        "status": "not_ok", "database": "not_ok", "schema": "not_ok",
        "worker": {"last_tick_at": None, "age_s": None}, "roster": "not_ok", "version": __version__,
    }  # fmt: skip
    fault: str | None = None
    try:
        db = open_database(current_app.extensions["diary"].database)
        try:
            health["schema"] = "not_ok" if migrations.pending(db) else "ok"
            health["database"] = "ok"
            tick_at = None
            if health["schema"] == "ok":
                tick_at = ticks.oldest(db)
                fault = _roster_fault(db)
                health["roster"] = "not_ok" if fault else "ok"
        finally:
            db.close()
    # Whatever a driver raises, the answer is the same: not well.
    except Exception:
        log.exception("the database does not answer")
        return health, None
    if tick_at:
        age_s = max(0, int((g.now - tick_at).total_seconds()))
        health["worker"] = {"last_tick_at": clock.to_text(tick_at), "age_s": age_s}
    if health["schema"] == "ok" and _ticks_on(health) and not fault:
        health["status"] = "ok"
    return health, fault


def _roster_fault(db: Database) -> str | None:
    """The code of the sentence that says what to do; None when a page reaches somebody at every site."""
    if problems.list_open(db, PAGE_UNHEARD):
        return PAGE_UNHEARD
    config: Config = current_app.extensions["diary"]
    kinds = {fault.kind for fault in roster.faults(db, g.now, config.channels)}
    return next((kind for kind in ("roster_empty", "roster_untested") if kind in kinds), None)


@zone.operation("/study", "GET", "getStudy", None)
@zone.response(200, StudyAnswer)
def get_study() -> Any:
    """The numbers and texts of the study that a phone needs."""
    return current_app.extensions["study"].for_phone()
