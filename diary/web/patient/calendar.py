"""The calendar of an account: a file to import once, and a feed behind a secret address."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app, g
from marshmallow import fields

from diary.config import Config
from diary.errors import NotFoundError
from diary.store import calendar_feeds, calendar_secrets
from diary.store.actors import Actor
from diary.study import Study
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "calendar")
public_zone = Zone("public", "calendar")
CALENDAR = "text/calendar; charset=utf-8"
FILE = "diary.ics"


class FeedAnswer(ma.Schema):
    url = fields.String(required=True, metadata={"description": "A secret, told this once."})


class FeedState(ma.Schema):
    created_at = fields.String(required=True, allow_none=True, metadata={"description": "Null: no feed."})
    read_at = fields.String(required=True, allow_none=True, metadata={"description": "Kept to the hour."})


def _study() -> Study:
    study: Study = current_app.extensions["study"]
    return study


def _file(actor: Actor) -> Response:
    own = actor.role == "participant"
    series = calendar_feeds.series(g.db, _study(), actor.participant_ids, g.now, own=own)
    title = _study().text("reminder_title", "en" if actor.language == "en" else "zh-CN")
    response = Response(current_app.extensions["calendar"](series, title, g.now), content_type=CALENDAR)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@zone.operation("/calendar.ics", "GET", "getCalendar", "see_own_data")
@zone.response(200, {"type": "string"}, content_type="text/calendar")
def get_calendar() -> Any:
    """The times of today and after as a file with alarms, to import once: it rings with no network."""
    response = _file(current_actor())
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


@zone.operation("/calendar-feed", "GET", "getCalendarFeed", "see_own_data")
@zone.response(200, FeedState)
def get_calendar_feed() -> Any:
    """Whether there is a feed, and whether a calendar asks for it."""
    return calendar_secrets.live(g.db, str(current_actor().id)) or {"created_at": None, "read_at": None}


@zone.operation("/calendar-feed", "POST", "createCalendarFeed", "see_own_data")
@zone.response(201, FeedAnswer)
def create_calendar_feed() -> Any:
    """A secret address that a calendar can follow; the one before it no longer works."""
    config: Config = current_app.extensions["diary"]
    token = calendar_secrets.create(g.db, current_actor(), g.now)
    return {"url": f"{config.base_url}/api/calendar/{token}.ics"}


@zone.operation("/calendar-feed/revoke", "POST", "revokeCalendarFeed", "see_own_data")
@zone.response(204)
def revoke_calendar_feed() -> None:
    """The secret address answers nobody any more."""
    calendar_secrets.revoke(g.db, current_actor(), g.now)


@public_zone.operation("/calendar/<token>.ics", "GET", "readCalendarFeed", None, statuses=(404,))
@public_zone.response(200, {"type": "string"}, content_type="text/calendar")
def read_calendar_feed(token: str) -> Any:
    """What a calendar reads that follows the secret address; no session is asked for."""
    actor = calendar_feeds.whose(g.db, _study(), token, g.now)
    if actor is None:
        raise NotFoundError
    return _file(actor)
