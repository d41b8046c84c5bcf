"""The web application: settings, database per request, zones, errors."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, jsonify, request
from flask_compress import Compress
from flask_smorest import Api, Blueprint
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

import migrations
from diary import __version__, clock, static, study_file
from diary.config import Config, load
from diary.db import UNAVAILABLE, Database, open_database
from diary.errors import ConflictError, DiaryError, NotFoundError, field_names, places, sentence, words
from diary.rules.calendars import Series
from diary.web import entry_documents, login
from diary.web.reading import unstorable
from diary.web.zones import SESSION, ErrorAnswer, language

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 4 * 1024 * 1024
COOKIE = "diary"
HEALTH = "public_study.getHealth"


class DiaryApi(Api):
    """OpenAPI 3.1 that documents only the answers an operation can really give."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ErrorAnswer

    def handle_http_exception(self, error: HTTPException) -> Any:
        return http_answer(error)


def create_app(config: Config | None = None, *, now: Callable[[], datetime] = clock.now) -> Flask:
    """The WSGI application; refuses to start on a database whose schema is behind."""
    config = config or load()
    app = Flask(__name__, static_folder=None)
    app.extensions["diary"] = config
    app.extensions["study"] = study_file.load(config.study_path)
    _refuse_old_schema(config)
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=config.base_url.startswith("https://"),
        # Its length tells nobody a secret: those stand only in answers to a POST, whose origin is checked.
        COMPRESS_MIMETYPES=["application/json"],
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=app.extensions["study"].sessions.participant_days),
        API_TITLE="Islet Diary",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "The diary's phones, desks and scripts talk through this."},
            "components": {"securitySchemes": {SESSION: {"type": "apiKey", "in": "cookie", "name": COOKIE}}},
        },
    )
    if config.proxies:
        hops = config.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = static.Apps(app.wsgi_app)  # type: ignore[method-assign]
    app.extensions["clock"] = now
    app.extensions["tell"] = _tell
    app.extensions["leaflet"] = _leaflet
    app.extensions["calendar"] = _calendar
    Compress(app)
    _per_request(app)
    login.init(app)
    app.register_error_handler(DiaryError, _diary_answer)
    app.register_error_handler(Exception, _unexpected_answer)
    api = DiaryApi(app)
    entry_documents.register(api.spec)
    for blueprint in blueprints():
        api.register_blueprint(blueprint)
    return app


def blueprints() -> list[Blueprint]:
    """The parts of every zone; the first call reads their modules."""
    from diary.web import accounts, own_account, public, receipts
    from diary.web.admin import accounts as admin_accounts
    from diary.web.admin import channels as admin_channels
    from diary.web.admin import problems
    from diary.web.admin import sites as admin_sites
    from diary.web.patient import calendar, changes, entries, push
    from diary.web.patient import queries as own_queries
    from diary.web.patient import reminders as own_reminders
    from diary.web.site import (
        alerts,
        audit,
        calls,
        channels,
        contraception,
        figures,
        participants,
        queries,
        reach,
        roster,
        schedules,
        travel,
        visits,
    )
    from diary.web.site import entries as site_entries

    return [
        public.zone, accounts.zone, own_account.zone, entries.zone, changes.zone, participants.zone,
        schedules.zone, site_entries.zone, alerts.zone, audit.zone, roster.zone,
        channels.zone, calls.zone, reach.zone, figures.zone, queries.zone, own_queries.zone, visits.zone,
        admin_accounts.zone, admin_sites.zone, admin_channels.zone,
        own_reminders.zone, contraception.zone, travel.zone,
        calendar.zone, calendar.public_zone,
        push.zone, receipts.zone, problems.zone,
    ]  # fmt: skip


def _tell(config: Config, name: str, address: str, title: str, body: str) -> bool:
    """Hand one message over at once, by the way of this name; whether it was taken."""
    # Apprise is large, and only the test of a channel needs it here.
    from diary.delivery import messages
    from diary.delivery.texts import Words

    words = Words(title, body, f"{config.base_url}/site/")
    result = messages.send(name, config.channels[name], address, words, message_id=f"test-{uuid4()}")
    return result.outcome == "handed_over"


def _calendar(series: Sequence[Series], title: str, now: datetime) -> bytes:
    """These times as a calendar file."""
    # Its library is for this alone, so most processes never need it.
    from diary.delivery.calendar import build

    return build(series, title, now)


def _leaflet(language: str, **values: str) -> bytes:
    """The printed page for a participant, in this language first."""
    # It pulls in fonts and pictures, which nothing else needs.
    from diary.export import leaflet

    try:
        return leaflet.render(leaflet.Leaflet(**values), language)
    except leaflet.FontMissingError as error:
        raise ConflictError("leaflet_unready") from error


def _refuse_old_schema(config: Config) -> None:
    db = open_database(config.database)
    try:
        behind = migrations.pending(db)
    finally:
        db.close()
    if behind:
        raise SystemExit(f"The database lacks {len(behind)} schema change(s). Run: diary migrate")


def _open(config: Config) -> Database:
    try:
        return open_database(config.database)
    except UNAVAILABLE as error:
        log.exception("the database does not answer")
        raise DiaryError("unavailable", 503) from error


def _per_request(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        config: Config = app.extensions["diary"]
        g.now = app.extensions["clock"]()
        # Health opens a connection of its own: a database that does not answer is its answer.
        if request.endpoint != HEALTH:
            g.db = _open(config)
        if (
            request.method not in ("GET", "HEAD", "OPTIONS")
            and request.headers.get("Origin") != config.base_url
        ):
            raise DiaryError("wrong_origin", 403)
        # An address can hold what no database keeps (NUL): nothing can be there.
        if unstorable(request.view_args or {}):
            raise NotFoundError

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        db = g.pop("db", None)
        if db is not None:
            db.close()

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        return response


def _answer(
    code: str, status: int, fields: dict[str, str], headers: dict[str, str] | None = None
) -> Response:
    reader = language()
    # What the sentence quotes is somebody's own text, even where it spells one of our codes.
    quoted = places(code)
    named = {
        name: sentence(said, reader, fields) if name not in quoted and said in words() else said
        for name, said in fields.items()
    }
    message = sentence(code, reader, {**fields, "names": field_names(fields, reader)})
    response = jsonify({"code": code, "message": message, "fields": named})
    response.status_code = status
    response.headers.update(headers or {})
    return response


def _diary_answer(error: DiaryError) -> Response:
    retry = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s else None
    return _answer(error.code, error.status, error.fields, retry)


_HTTP_CODES = {400: "unreadable", 404: "not_found", 405: "wrong_method", 413: "too_large", 415: "unreadable"}


def http_answer(error: HTTPException) -> Response:
    """Flask's own refusals (no such address, wrong method, too large) in the diary's words."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    # The exception's own headers (Allow, Retry-After) say what the caller may do instead.
    kept = {
        name: value
        for name, value in error.get_headers(None)
        if name not in ("Content-Type", "Content-Length")
    }
    return _answer(_HTTP_CODES.get(status, "unexpected"), status, {}, kept)


def _unexpected_answer(error: Exception) -> Response:
    if isinstance(error, UNAVAILABLE):
        log.error("database not available in %s: %s", request.endpoint, error)
        return _answer("unavailable", 503, {}, {"Retry-After": "5"})
    log.exception("unexpected error in %s", request.endpoint)
    return _answer("unexpected", 500, {})
