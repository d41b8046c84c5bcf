"""Ways to tell people: bodies and checks of addresses, and whoever's own channels, tested by a code.

Staff keep their own at their site, administrators in their zone: the same operations, declared in both.
"""

import logging
from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID

import marshmallow as ma
from flask import current_app, g, request
from marshmallow import fields

from diary.config import SMS, Config
from diary.errors import DiaryError, sentence
from diary.rules.roles import Action
from diary.store import audit, channels
from diary.store.actors import Actor
from diary.web.person_fields import Email, Line, Phone
from diary.web.reading import Form
from diary.web.zones import Zone, current_actor

log = logging.getLogger(__name__)
# An Apprise address behind which stands a mailbox.
MAIL = ("mailto:", "mailtos:")
_MAY: Final[Action] = "keep_own_channels"


class ChannelBody(ma.Schema):
    """An address behind one of the channels that the operator set up."""

    name = Line(40, required=True, metadata={"example": "email"})
    address = Line(254, required=True)


class CodeBody(ma.Schema):
    code = fields.String(required=True, load_only=True, validate=Form(r"^[0-9]{6}$", error="totp_form"))


class ChannelAnswer(ma.Schema):
    id = fields.String(required=True)
    account_id = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    created_at = fields.String(required=True)
    tested_at = fields.String(required=True, allow_none=True)


class ChannelList(ma.Schema):
    names = fields.List(
        fields.String(), required=True, metadata={"description": "What the operator set up: choose of these."}
    )
    channels = fields.List(fields.Nested(ChannelAnswer), required=True)


def settings() -> Config:
    """What the operator set up."""
    config: Config = current_app.extensions["diary"]
    return config


def _own_names() -> tuple[str, ...]:
    """Not SMS: its one approved text has no place for a code, so nobody could prove it."""
    return settings().channel_names


def checked(names: Collection[str], body: dict[str, str]) -> dict[str, Any]:
    """kind, name and address as `channels.add` takes them; DiaryError `fields` for what does not fit."""
    name, address = body["name"], body["address"]
    config = settings()
    if name not in names:
        raise DiaryError("fields", 422, {"name": "channel_name"})
    kind: channels.Kind = "sms" if name == SMS else "message"
    form = Phone() if kind == "sms" else Email() if _is_mail(config.channels[name]) else None
    try:
        address = str(form.deserialize(address)) if form else address
    except ma.ValidationError as error:
        raise DiaryError("fields", 422, {"address": str(error.messages[0])}) from error
    if kind == "message" and any(char.isspace() for char in address):
        raise DiaryError("fields", 422, {"address": "channel_address"})
    return {"kind": kind, "name": name, "address": address}


def _is_mail(way: str) -> bool:
    return way.startswith(MAIL) and "{address}" in way


def _own_stream(actor: Actor) -> str:
    return audit.site_stream(actor.site_id) if actor.site_id else audit.ACCOUNTS_STREAM


def _list() -> Any:
    """By which ways I am told of a page or a fault, and which of them are proved."""
    return {"names": _own_names(), "channels": channels.list_live(g.db, [str(current_actor().id)])}


def _add(body: dict[str, str]) -> Any:
    """A further way to tell me; it counts once it is tested."""
    actor = current_actor()
    address = checked(_own_names(), body)
    return channels.add(g.db, actor, g.now, _own_stream(actor), str(actor.id), **address)


def _test(channel_id: UUID) -> None:
    """Send me a six-digit code this way; the code is good for half an hour."""
    actor = current_actor()
    channel, code = channels.start_test(
        g.db, g.now, settings().secret_key, str(actor.id), str(channel_id)
    )  # fmt: skip
    title = sentence("channel_test_title", actor.language)
    body = sentence("channel_test_body", actor.language, {"code": code})
    if channel["name"] not in _own_names():
        # The operator took the service away since.
        raise DiaryError("channel_test_failed")
    if not current_app.extensions["tell"](settings(), channel["name"], channel["address"], title, body):
        log.warning("the test of channel %s failed", channel["id"])
        raise DiaryError("channel_test_failed")


def _confirm(body: dict[str, str], channel_id: UUID) -> Any:
    """The code arrived: this way is proved."""
    actor = current_actor()
    return channels.confirm(
        g.db, actor, current_app.extensions["study"], g.now, settings().secret_key, _own_stream(actor),
        str(channel_id), body["code"], address=request.remote_addr or "",
    )  # fmt: skip


def _end(channel_id: UUID) -> None:
    """Nothing is sent to this address of mine any more."""
    actor = current_actor()
    channels.end(g.db, actor, g.now, _own_stream(actor), str(actor.id), str(channel_id))


def declare(zone: Zone, whose: str) -> None:
    """My own channels in this zone, as the operations `list{whose}Channels`, `add{whose}Channel` ..."""
    one = "/my-channels/<uuid:channel_id>"

    def post(rule: str, verb: str, statuses: tuple[int, ...], view: Callable[..., Any]) -> None:
        zone.operation(rule, "POST", f"{verb}{whose}Channel", _MAY, statuses=statuses)(view)

    shown = zone.response(200, ChannelList)(_list)
    zone.operation("/my-channels", "GET", f"list{whose}Channels", _MAY)(shown)
    added = zone.arguments(ChannelBody)(zone.response(201, ChannelAnswer)(_add))
    post("/my-channels", "add", (409,), added)
    post(f"{one}/test", "test", (404, 429), zone.response(204)(_test))
    confirmed = zone.arguments(CodeBody)(zone.response(200, ChannelAnswer)(_confirm))
    post(f"{one}/confirm", "confirm", (404, 429), confirmed)
    post(f"{one}/end", "end", (404,), zone.response(204)(_end))
