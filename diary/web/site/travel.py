"""Changes of zone at the desk: those that wait are decided by staff."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.store import travel
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import OneWord
from diary.web.person_fields import Reason
from diary.web.zones import Zone, current_actor

zone = Zone("site", "travel")
STATES = ("applied", "waiting", "refused")


class ZoneChangesQuery(ma.Schema):
    state = OneWord(*STATES)


class SiteZoneChange(ma.Schema):
    id = fields.UUID(required=True)
    participant_id = fields.UUID(required=True)
    subject_no = fields.String(required=True)
    from_zone = fields.String(required=True)
    to_zone = fields.String(required=True)
    state = one_of(*STATES)
    asked_at = fields.String(required=True)
    decided_at = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class ZoneChangeList(ma.Schema):
    zone_changes = fields.List(fields.Nested(SiteZoneChange), required=True)


class ZoneDecisionBody(ma.Schema):
    decision = OneWord("applied", "refused", required=True)
    reason = Reason()


@zone.operation("/zone-changes", "GET", "listZoneChanges", "see_participants")
@zone.arguments(ZoneChangesQuery, location="query")
@zone.response(200, ZoneChangeList)
def list_zone_changes(query: dict[str, str]) -> Any:
    """Where participants said they are, newest first."""
    site_id = str(current_actor().site_id)
    return {"zone_changes": travel.list_for_site(g.db, site_id, state=query.get("state"))}


@zone.operation(
    "/zone-changes/<uuid:zone_change_id>/decide", "POST", "decideZoneChange", "decide_zone_change",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(ZoneDecisionBody)
@zone.response(200, SiteZoneChange)
def decide_zone_change(body: dict[str, Any], zone_change_id: UUID) -> Any:
    """Apply or refuse a change that waits, with a reason."""
    actor = current_actor()
    return travel.decide(
        g.db, actor, g.now, str(actor.site_id), str(zone_change_id), body["decision"], body["reason"]
    )
