"""What phones say about a delivery: received, shown, opened, dismissed. By the server's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from diary import clock
from diary.db import Database, Row, marks
from diary.errors import NotFoundError
from diary.store import alerts, deliveries

Event = Literal["received", "shown", "opened", "dismissed"]
# Each says all that stands before it: what was shown was received.
_SAYS: Final[dict[Event, tuple[str, ...]]] = {
    "received": ("received_at",),
    "shown": ("received_at", "shown_at"),
    "opened": ("received_at", "shown_at", "opened_at"),
    "dismissed": ("received_at", "shown_at", "dismissed_at"),
}
_BEFORE: Final[dict[str, str]] = {
    "received": "('planned', 'claimed', 'handed_over')",
    "shown": "('planned', 'claimed', 'handed_over', 'received')",
    "opened": "('planned', 'claimed', 'handed_over', 'received', 'shown')",
}


@dataclass(frozen=True)
class Said:
    """One word of a phone, and when it came."""

    token: str
    event: Event
    at: datetime


def add(db: Database, token: str, event: Event, now: datetime) -> None:
    """Keep the earliest time of each; the same again changes nothing; NotFoundError for an unknown token.

    A late receipt of something that has ended is kept as well, and does not open it again.
    """
    if not add_all(db, [Said(token, event, now)]):
        raise NotFoundError


def add_all(db: Database, said: Sequence[Said]) -> int:
    """The same for what many phones said, in order of time; how many of the tokens are known."""
    found = _told(db, said)
    known = [(one, found[one.token]) for one in said if one.token in found]
    if not known:
        return 0
    with db.atomic():
        for batch in deliveries.chunks(sorted({row["group_id"] for _, row in known})):
            deliveries.lock_groups(db, batch)
        for event in _SAYS:
            _stamp(db, event, [(one, row["id"]) for one, row in known if one.event == event])
        # One sign of life is enough for the whole round: no other way is tried.
        rounds = sorted({(row["group_id"], row["round"]) for _, row in known})
        db.execute_many(
            "update deliveries set fallback_at = null"
            " where group_id = :g and round = :r and fallback_at is not null",
            [{"g": group_id, "r": round_} for group_id, round_ in rounds],
        )
    for one, row in known:
        if row["about"] == "page":
            alerts.stamp(db, row["alert_id"], "delivered_at", one.at)
    return len(known)


def _told(db: Database, said: Sequence[Said]) -> dict[str, Row]:
    """The deliveries that these tokens belong to, by token."""
    found: dict[str, Row] = {}
    for batch in deliveries.chunks(list({one.token for one in said})):
        holders, names = marks(batch)
        columns = "token, id, group_id, round, about, alert_id"
        for row in db.query(f"select {columns} from deliveries where token in ({holders})", names):
            found[row["token"]] = row
    return found


def _stamp(db: Database, event: Event, said: Sequence[tuple[Said, str]]) -> None:
    stamps = ", ".join(f"{name} = coalesce({name}, :at)" for name in _SAYS[event])
    state = "shown" if event == "dismissed" else event
    db.execute_many(
        # What arrived need not be sent once more, whatever the sender has heard of it.
        f"update deliveries set {stamps}, next_at = null, lease_until = null, claimed_by = null,"
        f" state = case when state in {_BEFORE[state]} then :state else state end where id = :id",
        [{"id": delivery_id, "state": state, "at": clock.to_text(one.at)} for one, delivery_id in said],
    )
