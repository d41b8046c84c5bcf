"""Ways to tell people: a staff member's own, tested by a code; and those of participants and guardians."""

import logging
from collections.abc import Collection
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import current_app, g, request
from marshmallow import fields

from diary.config import SMS, Config
from diary.db import Row
from diary.errors import DiaryError, NotFoundError, sentence
from diary.store import accounts, audit, channels, guardians
from diary.store.actors import Actor
from diary.web.entry_bodies import Id
from diary.web.person_fields import Email, Line, Phone
from diary.web.reading import Form
from diary.web.site.participants import of_site, study
from diary.web.zones import Zone, current_actor

log = logging.getLogger(__name__)
zone = Zone("site", "channels")
# An Apprise address behind which stands a mailbox.
MAIL = ("mailto:", "mailtos:")


class ChannelBody(ma.Schema):
    """An address behind one of the channels that the operator set up."""

    name = Line(40, required=True, metadata={"example": "email"})
    address = Line(254, required=True)


class ContactChannelBody(ChannelBody):
    account_id = Id(required=True, metadata={"description": "The participant's own, or a guardian's."})


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


def _config() -> Config:
    config: Config = current_app.extensions["diary"]
    return config


def _own_names() -> tuple[str, ...]:
    """Not SMS: its one approved text has no place for a code, so nobody could prove it."""
    return _config().channel_names


def _checked(names: Collection[str], body: dict[str, str]) -> dict[str, Any]:
    """kind, name and address as `channels.add` takes them; DiaryError `fields` for what does not fit."""
    name, address = body["name"], body["address"]
    config = _config()
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
    return audit.site_stream(str(actor.site_id))


@zone.operation("/my-channels", "GET", "listMyChannels", "keep_own_channels")
@zone.response(200, ChannelList)
def list_my_channels() -> Any:
    """By which ways I am told of a page, and which of them are proved."""
    return {"names": _own_names(), "channels": channels.list_live(g.db, [str(current_actor().id)])}


@zone.operation("/my-channels", "POST", "addMyChannel", "keep_own_channels", statuses=(409,))
@zone.arguments(ChannelBody)
@zone.response(201, ChannelAnswer)
def add_my_channel(body: dict[str, str]) -> Any:
    """A further way to tell me; it counts once it is tested."""
    actor = current_actor()
    checked = _checked(_own_names(), body)
    return channels.add(g.db, actor, g.now, _own_stream(actor), str(actor.id), **checked)


@zone.operation(
    "/my-channels/<uuid:channel_id>/test", "POST", "testMyChannel", "keep_own_channels",
    statuses=(404, 429),
)  # fmt: skip
@zone.response(204)
def test_my_channel(channel_id: UUID) -> None:
    """Send me a six-digit code this way; the code is good for half an hour."""
    actor = current_actor()
    channel, code = channels.start_test(
        g.db, g.now, _config().secret_key, str(actor.id), str(channel_id)
    )  # fmt: skip
    title = sentence("channel_test_title", actor.language)
    body = sentence("channel_test_body", actor.language, {"code": code})
    if channel["name"] not in _own_names():
        # The operator took the service away since.
        raise DiaryError("channel_test_failed")
    if not current_app.extensions["tell"](_config(), channel["name"], channel["address"], title, body):
        log.warning("the test of channel %s failed", channel["id"])
        raise DiaryError("channel_test_failed")


@zone.operation(
    "/my-channels/<uuid:channel_id>/confirm", "POST", "confirmMyChannel", "keep_own_channels",
    statuses=(404, 429),
)  # fmt: skip
@zone.arguments(CodeBody)
@zone.response(200, ChannelAnswer)
def confirm_my_channel(body: dict[str, str], channel_id: UUID) -> Any:
    """The code arrived: this way is proved."""
    actor = current_actor()
    return channels.confirm(
        g.db, actor, study(), g.now, _config().secret_key, _own_stream(actor), str(channel_id), body["code"],
        address=request.remote_addr or "",
    )  # fmt: skip


@zone.operation(
    "/my-channels/<uuid:channel_id>/end", "POST", "endMyChannel", "keep_own_channels", statuses=(404,)
)
@zone.response(204)
def end_my_channel(channel_id: UUID) -> None:
    """Nothing is sent to this address of mine any more."""
    actor = current_actor()
    channels.end(g.db, actor, g.now, _own_stream(actor), str(actor.id), str(channel_id))


@zone.operation(
    "/participants/<uuid:participant_id>/channels", "GET", "listContactChannels", "keep_contact_channels",
    statuses=(404,),
)  # fmt: skip
@zone.response(200, ChannelList)
def list_contact_channels(participant_id: UUID) -> Any:
    """Where the participant and the guardians are told when no phone answers."""
    _, participant = of_site(participant_id)
    found = channels.list_live(g.db, sorted(_accounts_of(participant)))
    return {"names": _config().contact_names, "channels": found}


@zone.operation(
    "/participants/<uuid:participant_id>/channels", "POST", "addContactChannel", "keep_contact_channels",
    statuses=(404, 409),
)  # fmt: skip
@zone.arguments(ContactChannelBody)
@zone.response(201, ChannelAnswer)
def add_contact_channel(body: dict[str, str], participant_id: UUID) -> Any:
    """A further address of the participant or a guardian."""
    actor, participant = of_site(participant_id)
    if body["account_id"] not in _accounts_of(participant):
        raise NotFoundError
    stream = audit.participant_stream(participant["id"])
    checked = _checked(_config().contact_names, body)
    return channels.add(g.db, actor, g.now, stream, body["account_id"], **checked)


@zone.operation(
    "/participants/<uuid:participant_id>/channels/<uuid:channel_id>/end", "POST", "endContactChannel",
    "keep_contact_channels", statuses=(404,),
)  # fmt: skip
@zone.response(204)
def end_contact_channel(participant_id: UUID, channel_id: UUID) -> None:
    """Nothing is sent to this address any more."""
    actor, participant = of_site(participant_id)
    mine = channels.list_live(g.db, sorted(_accounts_of(participant)))
    owner = next((row["account_id"] for row in mine if row["id"] == str(channel_id)), None)
    if owner is None:
        raise NotFoundError
    channels.end(g.db, actor, g.now, audit.participant_stream(participant["id"]), owner, str(channel_id))


def _accounts_of(participant: Row) -> set[str]:
    """The participant's own account, and those of the guardians who are linked now."""
    own = accounts.find_of_participant(g.db, participant["id"])
    return {*guardians.present(g.db, participant["id"]), *([own["id"]] if own else [])}
