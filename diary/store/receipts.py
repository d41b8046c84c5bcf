"""What phones say about a delivery: received, shown, opened, dismissed. By the server's clock."""

from datetime import datetime
from typing import Final, Literal

from diary import clock
from diary.db import Database, one
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


def add(db: Database, token: str, event: Event, now: datetime) -> None:
    """Keep the earliest time of each; the same again changes nothing; NotFoundError for an unknown token.

    A late receipt of something that has ended is kept as well, and does not open it again.
    """
    found = one(
        db, "select id, group_id, round, about, alert_id from deliveries where token = :t", {"t": token}
    )
    if found is None:
        raise NotFoundError
    with db.atomic():
        deliveries.lock_groups(db, [found["group_id"]])
        _stamp(db, found["id"], event, now)
        # One sign of life is enough for the whole round: no other way is tried.
        db.execute(
            "update deliveries set fallback_at = null"
            " where group_id = :g and round = :r and fallback_at is not null",
            {"g": found["group_id"], "r": found["round"]},
        )
    if found["about"] == "page":
        alerts.stamp(db, found["alert_id"], "delivered_at", now)


def _stamp(db: Database, delivery_id: str, event: Event, now: datetime) -> None:
    stamps = ", ".join(f"{name} = coalesce({name}, :now)" for name in _SAYS[event])
    state = "shown" if event == "dismissed" else event
    db.execute(
        # What arrived need not be sent once more, whatever the sender has heard of it.
        f"update deliveries set {stamps}, next_at = null, lease_until = null, claimed_by = null,"
        f" state = case when state in {_BEFORE[state]} then :state else state end where id = :id",
        {"id": delivery_id, "state": state, "now": clock.to_text(now)},
    )
