"""The audit trail as the desk and the monitor read it."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.db import Row
from diary.errors import ForbiddenError
from diary.rules import roles
from diary.store import accounts, audit, pages
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import Words
from diary.web.site.entries import PageQuery
from diary.web.site.participant_answers import sees_names
from diary.web.zones import Zone, current_actor

zone = Zone("site", "audit")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AuditQuery(PageQuery):
    object_id = Words(64, metadata={"description": "Only what concerns this entry, alert, participant ..."})


class AuditRow(ma.Schema):
    stream = fields.String(required=True)
    seq = fields.Integer(required=True)
    at = fields.String(required=True)
    actor_id = fields.String(required=True, allow_none=True)
    actor_role = fields.String(required=True)
    site_id = fields.String(required=True, allow_none=True)
    action = fields.String(required=True)
    object = fields.String(required=True)
    object_id = fields.String(required=True)
    field_ = fields.String(required=True, allow_none=True, data_key="field", attribute="field")
    old = fields.String(required=True, allow_none=True)
    new = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    hash = fields.String(
        required=True, allow_none=True,
        metadata={"description": "Null where something was left out of the row for this reader."},
    )  # fmt: skip


class AuditPerson(ma.Schema):
    """Whose account an id in the rows is: a role and a login, never a name."""

    id = fields.String(required=True)
    role = one_of(*get_args(roles.Role))
    login = fields.String(
        required=True, allow_none=True,
        metadata={"description": "Null for staff where the reader sees no names: it is an e-mail address."},
    )  # fmt: skip


class AuditPage(ma.Schema):
    rows = fields.List(fields.Nested(AuditRow), required=True)
    people = fields.List(fields.Nested(AuditPerson), required=True)
    next = fields.String(required=True, allow_none=True)


def _named(row: Row) -> Iterator[str]:
    """The accounts that a row may name: who acted, a field that is an id, a day's list of the roster."""
    for name in ("actor_id", "old", "new"):
        value = row[name] or ""
        if row["object"] == "roster" and name != "actor_id":
            yield from _ID.findall(value)
        elif _ID.fullmatch(value):
            yield value


@zone.operation("/audit", "GET", "listAudit", "see_audit")
@zone.arguments(AuditQuery, location="query")
@zone.response(200, AuditPage)
def list_audit(query: dict[str, Any]) -> Any:
    """Who did what, when and why, field by field, newest first."""
    actor = current_actor()
    if actor.site_id is None:
        raise ForbiddenError
    rows = audit.list_for_site(
        g.db, actor.site_id, object_id=query.get("object_id"), before=query.get("before"),
        limit=query["limit"], hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    last = rows[-1] if len(rows) == query["limit"] else None
    people = accounts.list_by_ids(g.db, sorted({one for row in rows for one in _named(row)}))
    if not sees_names(actor):
        people = [{**one, "login": None} if one["role"] in accounts.STAFF_ROLES else one for one in people]
    following = pages.cursor(last["at"], last["stream"], last["seq"]) if last else None
    return {"rows": rows, "people": people, "next": following}
