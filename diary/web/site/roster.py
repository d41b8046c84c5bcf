"""The on-call roster at the desk: who is called on which day."""

from datetime import date, timedelta
from typing import Any

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields, validate

from diary.errors import DiaryError
from diary.store import channels, roster
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import Id, OneWord
from diary.web.person_fields import CalendarDay
from diary.web.site.participant_answers import sees_names
from diary.web.zones import Zone, current_actor

zone = Zone("site", "roster")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_DAYS = 366
SHOWN_DAYS = 28


class RosterQuery(ma.Schema):
    from_day = CalendarDay(data_key="from", metadata={"description": "Today when left out."})
    to_day = CalendarDay(data_key="to", metadata={"description": "Four weeks on when left out."})


class RosterBody(ma.Schema):
    """Who is on call on each day of the range that is one of the weekdays, whoever stood there before."""

    from_day = CalendarDay(required=True)
    to_day = CalendarDay(required=True)
    weekdays = fields.List(
        OneWord(*WEEKDAYS), load_default=list(WEEKDAYS),
        validate=validate.Length(min=1, max=7, error="field_length"),
    )  # fmt: skip
    people = fields.List(
        Id(), required=True, validate=validate.Length(max=50, error="field_length"),
        metadata={"description": "Account ids; nobody when empty."},
    )  # fmt: skip
    version = fields.Integer(
        strict=True, validate=validate.Range(min=0, error="field_range"),
        metadata={"description": "Of getRoster: a conflict when it changed since. Not asked when left out."},
    )  # fmt: skip


class StaffWay(ma.Schema):
    name = fields.String(required=True)
    tested = fields.Boolean(required=True)


class RosterPerson(ma.Schema):
    account_id = fields.String(required=True)
    role = one_of("coordinator", "investigator")
    login = fields.String(required=True, allow_none=True, metadata={"description": "Null for a monitor."})
    name = fields.String(required=True, allow_none=True, metadata={"description": "Null for a monitor."})
    channels = fields.List(fields.Nested(StaffWay), required=True)


class RosterDay(ma.Schema):
    day = fields.String(required=True)
    people = fields.List(fields.String(), required=True)


class RosterAnswer(ma.Schema):
    today = fields.String(required=True, metadata={"description": "The day it is at the site."})
    version = fields.Integer(required=True)
    days = fields.List(fields.Nested(RosterDay), required=True)
    people = fields.List(fields.Nested(RosterPerson), required=True)
    faults = fields.List(
        one_of("roster_empty", "roster_untested"), required=True,
        metadata={"description": "Why health is not well today."},
    )  # fmt: skip


@zone.operation("/roster", "GET", "getRoster", "see_participants")
@zone.arguments(RosterQuery, location="query")
@zone.response(200, RosterAnswer)
def get_roster(query: dict[str, date]) -> Any:
    """Who is on call on which day, and whom the roster may name, with their channels."""
    site_id = str(current_actor().site_id)
    first = query.get("from_day") or roster.today(g.db, site_id, g.now)
    last = query.get("to_day") or min(first, date.max - timedelta(SHOWN_DAYS)) + timedelta(SHOWN_DAYS - 1)
    _check(first, last, "to")
    return _answer(site_id, first, last)


@zone.operation("/roster", "PUT", "setRoster", "set_roster", statuses=(409,))
@zone.arguments(RosterBody)
@zone.response(200, RosterAnswer)
def set_roster(body: dict[str, Any]) -> Any:
    """Put these people on call on these days, in place of whoever stood there."""
    actor = current_actor()
    first, last = body["from_day"], body["to_day"]
    _check(first, last, "to_day")
    wanted = {WEEKDAYS.index(word) for word in body["weekdays"]}
    days = [day for day in _days(first, last) if day.weekday() in wanted]
    roster.set_days(
        g.db, actor, g.now, str(actor.site_id), days, body["people"], stood=body.get("version")
    )  # fmt: skip
    return _answer(str(actor.site_id), first, last)


def _check(first: date, last: date, field: str) -> None:
    if not timedelta(0) <= last - first <= timedelta(MAX_DAYS):
        raise DiaryError("fields", 422, {field: "roster_days"})


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def _answer(site_id: str, first: date, last: date) -> dict[str, Any]:
    named = sees_names(current_actor())
    people = roster.staff(g.db, site_id)
    ways: dict[str, list[dict[str, Any]]] = {}
    for way in channels.list_live(g.db, [person["account_id"] for person in people]):
        ways.setdefault(way["account_id"], []).append({"name": way["name"], "tested": bool(way["tested_at"])})
    days = roster.list_days(g.db, site_id, first, last)
    names = current_app.extensions["diary"].channels
    return {
        "today": roster.today(g.db, site_id, g.now).isoformat(),
        "version": roster.version(g.db, site_id),
        "days": [
            {"day": day.isoformat(), "people": days.get(day.isoformat(), [])} for day in _days(first, last)
        ],
        "people": [
            {
                **person, "channels": ways.get(person["account_id"], []),
                **({} if named else {"name": None, "login": None}),
            }
            for person in people
        ],
        "faults": [fault.kind for fault in roster.faults(g.db, g.now, names) if fault.site_id == site_id],
    }  # fmt: skip
