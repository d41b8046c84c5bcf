"""The ladder of ways to a person: push, messages, SMS, and at last somebody of the site who telephones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from diary.db import Database, marks

Channel = Literal["push", "message", "sms", "call"]
CHANNELS: Final[tuple[Channel, ...]] = ("push", "message", "sms", "call")
# The call list stands for an address: there is one for everybody.
CALL_LIST: Final = "call_list"
CALLED_ABOUT: Final = frozenset({"reminder", "recheck"})


@dataclass(frozen=True)
class Addresses:
    """Live address ids of some accounts, by account and channel."""

    by_account: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def of(self, account_id: str, channel: Channel) -> list[str]:
        return self.by_account.get(account_id, {}).get(channel, [])

    def add(self, account_id: str, channel: str, address_id: str) -> None:
        self.by_account.setdefault(account_id, {}).setdefault(channel, []).append(address_id)


def addresses_of(db: Database, account_ids: Sequence[str]) -> Addresses:
    """Where these people can be told now; push services that are stopped and phones set aside are left out.

    Of staff only tested addresses count, unless none is tested: then an untested one beats silence.
    """
    found = Addresses()
    holders, names = marks(sorted(set(account_ids)))
    if not names:
        return found
    for row in db.query(
        "select s.id, s.account_id from subscriptions s join accounts a on a.id = s.account_id"
        " left join push_hosts h on h.host = s.host"
        " where s.ended_at is null and s.set_aside_at is null and h.stopped_at is null"
        f" and a.state <> 'closed' and s.account_id in ({holders}) order by s.created_at, s.id",
        names,
    ):
        found.add(row["account_id"], "push", row["id"])
    untested: list[tuple[str, str, str]] = []
    for row in db.query(
        "select c.id, c.account_id, c.kind, c.tested_at, a.role from channels c"
        " join accounts a on a.id = c.account_id"
        f" where c.ended_at is null and a.state <> 'closed' and c.account_id in ({holders})"
        " order by c.created_at, c.id",
        names,
    ):
        address = (row["account_id"], row["kind"], row["id"])
        if row["tested_at"] or row["role"] in ("participant", "guardian"):
            found.add(*address)
        else:
            untested.append(address)
    tested = {account_id for account_id, ways in found.by_account.items() if set(ways) - {"push"}}
    for account_id, kind, channel_id in untested:
        if account_id not in tested:
            found.add(account_id, kind, channel_id)
    return found


def next_rung(
    addresses: Addresses, account_id: str, about: str, *, after: Channel | None
) -> tuple[Channel, list[str]]:
    """The first channel above `after` (None: from the bottom) that leads somewhere, and its addresses."""
    start = CHANNELS.index(after) + 1 if after else 0
    for channel in CHANNELS[start:]:
        ids = addresses.of(account_id, channel)
        if channel == "call" and about in CALLED_ABOUT:
            ids = [CALL_LIST]
        if ids:
            return channel, ids
    return "call", []
