"""Reminders on the phone: what is due, put off for a while; and the zone that the person is in."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import current_app, g
from marshmallow import fields

from diary.db import Row
from diary.errors import DiaryError
from diary.rules import roles
from diary.store import participants, reminders, travel
from diary.store.actors import Actor
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import Id
from diary.web.person_fields import ZoneName
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "reminders")
KINDS = ("dose", "reading", "contraception", "diary", "recheck")
STATES = ("planned", "due", "answered", "missed", "cancelled")


class WhoseQuery(ma.Schema):
    participant_id = Id(metadata={"description": "Needed from a guardian."})


class ReminderAnswer(ma.Schema):
    id = fields.UUID(required=True)
    participant_id = fields.UUID(required=True)
    schedule_id = fields.UUID(required=True, allow_none=True)
    kind = one_of(*KINDS)
    local_day = fields.String(required=True)
    slot = fields.String(required=True)
    due_at = fields.String(required=True)
    opens_at = fields.String(required=True)
    closes_at = fields.String(required=True)
    state = one_of(*STATES)
    hold = one_of("waiting", "drawn", "overdue", nullable=True)
    snoozed_until = fields.String(required=True, allow_none=True)
    answer_entry_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The entry version that answered it."}
    )
    ended_at = fields.String(required=True, allow_none=True)


class ReminderList(ma.Schema):
    reminders = fields.List(fields.Nested(ReminderAnswer), required=True)


class SnoozeBody(WhoseQuery):
    minutes = fields.Integer(strict=True, required=True, metadata={"description": "One of the study's."})


class ZoneBody(WhoseQuery):
    zone = ZoneName(required=True)


class ZoneChangeAnswer(ma.Schema):
    """Applied at once, or waiting for staff because two doses would come too close or too far apart."""

    id = fields.UUID(required=True)
    from_zone = fields.String(required=True)
    to_zone = fields.String(required=True)
    state = one_of("applied", "waiting", "refused")
    asked_at = fields.String(required=True)


@zone.operation("/reminders", "GET", "listReminders", "see_own_data", statuses=(404,))
@zone.arguments(WhoseQuery, location="query")
@zone.response(200, ReminderList)
def list_reminders(query: dict[str, Any]) -> Any:
    """What is due, was due and was answered: yesterday, today and the next 24 hours."""
    actor = current_actor()
    whose = _whose(actor, query.get("participant_id"))
    hidden = roles.hides_contraception(actor.role)
    return {"reminders": reminders.list_near(g.db, whose, g.now, hide_contraception=hidden)}


@zone.operation(
    "/reminders/<uuid:reminder_id>/snooze", "POST", "snoozeReminder", "write_own_entries", statuses=(404, 409)
)
@zone.arguments(SnoozeBody)
@zone.response(200, ReminderAnswer)
def snooze_reminder(body: dict[str, Any], reminder_id: UUID) -> Any:
    """Remind again in 10 or 30 minutes, while the window is open."""
    actor = current_actor()
    whose = _whose(actor, body.get("participant_id"))
    if str(body["minutes"]) not in current_app.extensions["study"].reminders.snooze_min:
        raise DiaryError("fields", 422, {"minutes": "field_choice"})
    hidden = roles.hides_contraception(actor.role)
    return reminders.snooze(g.db, whose, str(reminder_id), body["minutes"], g.now, hide_contraception=hidden)


@zone.operation("/zone", "POST", "confirmZone", "write_own_entries", statuses=(404,))
@zone.arguments(ZoneBody)
@zone.response(200, ZoneChangeAnswer)
def confirm_zone(body: dict[str, Any]) -> Any:
    """Say in which zone the person is now: reminders follow, or wait for staff."""
    actor = current_actor()
    whose = _whose(actor, body.get("participant_id"))
    return travel.confirm(g.db, actor, current_app.extensions["study"], g.now, whose, body["zone"])


def _whose(actor: Actor, participant_id: str | None) -> Row:
    if participant_id is None and actor.role == "guardian":
        raise DiaryError("participant_needed", 422, {"participant_id": "field_required"})
    if participant_id is None and not actor.participant_ids:
        raise DiaryError("access_ended", 403)
    return participants.get_own(g.db, actor, participant_id or actor.participant_ids[0])
