"""What was sent to a participant's people, what arrived, what was answered."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.rules import roles
from diary.store import pages, reach
from diary.web.entry_answers import one_of
from diary.web.push_fields import CHANNELS, STATES
from diary.web.site.entries import PageQuery
from diary.web.site.participant_answers import sees_names
from diary.web.site.participants import of_site, study
from diary.web.zones import Zone

zone = Zone("site", "reach")


class ChannelReach(ma.Schema):
    channel = one_of(*CHANNELS)
    planned = fields.Integer(required=True)
    handed_over = fields.Integer(required=True)
    received = fields.Integer(required=True)
    shown = fields.Integer(required=True)
    opened = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    last_received_at = fields.String(required=True, allow_none=True)


class Reachability(ma.Schema):
    days = fields.Integer(required=True)
    channels = fields.List(fields.Nested(ChannelReach), required=True)


class DeliveryAnswer(ma.Schema):
    id = fields.String(required=True)
    about = fields.String(required=True)
    kinds = fields.List(fields.String(), required=True)
    channel = one_of(*CHANNELS)
    account_id = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)
    login = fields.String(required=True, allow_none=True, metadata={"description": "Null for a monitor."})
    round = fields.Integer(required=True)
    state = one_of(*STATES)
    due_at = fields.String(required=True)
    handed_over_at = fields.String(required=True, allow_none=True)
    received_at = fields.String(required=True, allow_none=True)
    shown_at = fields.String(required=True, allow_none=True)
    opened_at = fields.String(required=True, allow_none=True)
    answered_at = fields.String(required=True, allow_none=True)
    ended_at = fields.String(required=True, allow_none=True)


class DeliveryPage(ma.Schema):
    deliveries = fields.List(fields.Nested(DeliveryAnswer), required=True)
    next = fields.String(required=True, allow_none=True)


@zone.operation(
    "/participants/<uuid:participant_id>/reachability", "GET", "getReachability", "see_participants",
    statuses=(404,),
)  # fmt: skip
@zone.response(200, Reachability)
def get_reachability(participant_id: UUID) -> Any:
    """How far reminders came by each channel in the last days."""
    actor, participant = of_site(participant_id)
    days = study().reminders.reach_days
    rows = reach.by_channel(
        g.db, participant["id"], g.now - timedelta(days=days), g.now,
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    return {"days": days, "channels": rows}


@zone.operation(
    "/participants/<uuid:participant_id>/deliveries", "GET", "listDeliveries", "see_participants",
    statuses=(404,),
)  # fmt: skip
@zone.arguments(PageQuery, location="query")
@zone.response(200, DeliveryPage)
def list_deliveries(query: dict[str, Any], participant_id: UUID) -> Any:
    """What was sent to the participant and the guardians, newest first."""
    actor, participant = of_site(participant_id)
    rows = reach.list_deliveries(
        g.db, participant["id"], before=query.get("before"), limit=query["limit"],
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    more = pages.cursor(rows[-1]["due_at"], rows[-1]["id"]) if len(rows) == query["limit"] else None
    hidden = {} if sees_names(actor) else {"login": None}
    return {"deliveries": [{**row, **hidden} for row in rows], "next": more}
