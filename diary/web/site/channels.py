"""Ways to tell people, at a site: a staff member's own; and those of participants and guardians."""

from typing import Any
from uuid import UUID

from flask import g

from diary.db import Row
from diary.errors import NotFoundError
from diary.store import accounts, audit, channels, guardians
from diary.web import own_channels
from diary.web.entry_bodies import Id
from diary.web.own_channels import ChannelAnswer, ChannelBody, ChannelList
from diary.web.site.participants import of_site
from diary.web.zones import Zone

zone = Zone("site", "channels")
own_channels.declare(zone, "My")


class ContactChannelBody(ChannelBody):
    account_id = Id(required=True, metadata={"description": "The participant's own, or a guardian's."})


@zone.operation(
    "/participants/<uuid:participant_id>/channels", "GET", "listContactChannels", "keep_contact_channels",
    statuses=(404,),
)  # fmt: skip
@zone.response(200, ChannelList)
def list_contact_channels(participant_id: UUID) -> Any:
    """Where the participant and the guardians are told when no phone answers."""
    _, participant = of_site(participant_id)
    found = channels.list_live(g.db, sorted(_accounts_of(participant)))
    return {"names": own_channels.settings().contact_names, "channels": found}


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
    checked = own_channels.checked(own_channels.settings().contact_names, body)
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
