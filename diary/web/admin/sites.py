"""The administrator's sites."""

from typing import Any

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.store import sites
from diary.web.me import SiteAnswer
from diary.web.person_fields import Line, ZoneName
from diary.web.zones import Zone, current_actor

zone = Zone("admin", "sites")


class SiteBody(ma.Schema):
    name = Line(required=True)
    zone = ZoneName(required=True)


class SiteList(ma.Schema):
    sites = fields.List(fields.Nested(SiteAnswer), required=True)


@zone.operation("/sites", "GET", "listSites", "manage_accounts")
@zone.response(200, SiteList)
def list_sites() -> Any:
    """The hospitals that take part."""
    return {"sites": sites.list_all(g.db)}


@zone.operation("/sites", "POST", "createSite", "manage_accounts", statuses=(409,))
@zone.arguments(SiteBody)
@zone.response(201, SiteAnswer)
def create_site(body: dict[str, str]) -> Any:
    """Add a hospital."""
    return sites.add(g.db, current_actor(), g.now, name=body["name"], zone=body["zone"])
