"""Deliveries: who is told what by which way, one row for one message to one address.

They are planned and ended here; `outbox` claims and finishes them, `fallback` goes on to the next way,
`receipts` keeps what phones say.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar
from uuid import uuid4

from diary import clock
from diary.db import Database, Row
from diary.store import ladder
from diary.store.ladder import Channel
from diary.study import Study

About = Literal["reminder", "recheck", "page", "test", "operator"]
End = Literal["answered", "missed", "cancelled"]
BATCH: Final = 200
TOKEN_BYTES: Final = 24
# A test or a word to the operator is not carried on by another way: that it did not arrive is the answer.
PROVED: Final = frozenset({"reminder", "recheck", "page"})
_T = TypeVar("_T")


@dataclass(frozen=True)
class Notice:
    """One thing told to one person: `group_id` gives its tag and topic, `kind` the patience for a receipt.

    `round` is 0 for the first time and counts repeats; `expires_at` is the end of the window, the TTL.
    """

    group_id: str
    about: About
    kind: str
    account_id: str
    site_id: str | None
    participant_id: str | None
    alert_id: str | None
    round: int
    due_at: datetime
    expires_at: datetime
    reminder_ids: tuple[str, ...] = ()


def plan(db: Database, notices: Sequence[Notice], now: datetime, *, study: Study) -> int:
    """Put down the deliveries of the first channel that each person has; how many are new.

    In the caller's transaction. The same notice again adds nothing. A page to somebody without any
    address adds nothing either; a participant without any goes to the call list.
    """
    added = 0
    for batch in chunks(notices):
        addresses = ladder.addresses_of(db, [notice.account_id for notice in batch])
        for notice in batch:
            _link(db, notice)
            channel, ids = ladder.next_rung(addresses, notice.account_id, notice.about, after=None)
            added += sum(add(db, notice, channel, address_id, now, study=study) for address_id in ids)
    return added


def chunks(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """In pieces that one statement can name."""
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def marks(ids: Sequence[str]) -> tuple[str, dict[str, object]]:
    """`:id0, :id1 ...` and their values, for `in (...)`."""
    names: dict[str, object] = {f"id{i}": value for i, value in enumerate(ids)}
    return ", ".join(f":{name}" for name in names), names


def _link(db: Database, notice: Notice) -> None:
    for reminder_id in notice.reminder_ids:
        db.execute(
            "insert into delivery_reminders (group_id, reminder_id) values (:g, :r)"
            " on conflict (group_id, reminder_id) do nothing",
            {"g": notice.group_id, "r": reminder_id},
        )


def add(
    db: Database, notice: Notice, channel: Channel, address_id: str, now: datetime, *, study: Study
) -> bool:
    """One delivery to one address, unless it is there already."""
    waits = timedelta(minutes=receipt_within_min(study, notice.kind))
    starts = max(now, notice.due_at)
    row: Row = {
        "id": str(uuid4()), "group_id": notice.group_id, "about": notice.about, "kind": notice.kind,
        "site_id": notice.site_id, "participant_id": notice.participant_id,
        "account_id": notice.account_id, "alert_id": notice.alert_id, "channel": channel,
        "address_id": address_id, "round": notice.round, "state": "planned",
        "token": secrets.token_urlsafe(TOKEN_BYTES), "due_at": clock.to_text(notice.due_at),
        "expires_at": clock.to_text(notice.expires_at), "next_at": clock.to_text(starts),
        "fallback_at": clock.to_text(starts + waits) if notice.about in PROVED else None,
        "attempts": 0, "planned_at": clock.to_text(now),
    }  # fmt: skip
    if channel == "call":
        # The sender leaves it alone: `fallback` puts it on the call list, as soon as it looks.
        row |= {"next_at": None, "fallback_at": clock.to_text(starts)}
    done = db.execute(
        f"insert into deliveries ({', '.join(row)}) values ({', '.join(':' + name for name in row)})"
        " on conflict (group_id, round, channel, address_id) do nothing",
        row,
    )
    return bool(done.rowcount)


def receipt_within_min(study: Study, kind: str) -> int:
    """Minutes until no sign from the phone means that another way must be tried."""
    return int(getattr(study.reminders.receipt_within_min, kind))


def settle(db: Database, reminder_ids: Sequence[str], state: End, now: datetime) -> None:
    """End the deliveries of groups none of whose reminders is still planned or due.

    What reached nobody yet is cancelled, what failed stays; a group with an answer was answered.
    """
    for batch in chunks(list(dict.fromkeys(reminder_ids))):
        holders, names = marks(batch)
        rows = db.query(
            "select distinct l.group_id, case when exists ("
            "   select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id"
            "   where m.group_id = l.group_id and r.state = 'answered') then 1 else 0 end as answered"
            f" from delivery_reminders l where l.reminder_id in ({holders}) and not exists ("
            "   select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id"
            "   where m.group_id = l.group_id and r.state in ('planned', 'due')) order by l.group_id",
            names,
        )
        for row in list(rows):
            end_group(db, row["group_id"], "answered" if row["answered"] else state, now)


def end_group(db: Database, group_id: str, state: End, now: datetime) -> None:
    """End what is not ended of one group: told already -> `state`, not told yet -> cancelled."""
    _end(db, "group_id = :key", group_id, state, now)


def put_off(db: Database, reminder_id: str, now: datetime) -> None:
    """Somebody wants to hear of it later: this round goes up the ladder no further and is sent no more.

    A round that tells of something else too, which nobody put off, goes on.
    """
    groups = "group_id in (select group_id from delivery_reminders where reminder_id = :id)"
    alone = (
        " and not exists (select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id"
        " where m.group_id = deliveries.group_id and r.id <> :id and r.state in ('planned', 'due')"
        " and r.snoozed_until is null)"
    )
    at = {"id": reminder_id, "now": clock.to_text(now)}
    db.execute(
        "update deliveries set state = 'cancelled', ended_at = :now, next_at = null, fallback_at = null,"
        f" lease_until = null, claimed_by = null where state in ('planned', 'claimed') and {groups}{alone}",
        at,
    )
    db.execute(
        f"update deliveries set fallback_at = null where fallback_at is not null and {groups}{alone}", at
    )


def settle_alert(db: Database, alert_id: str, now: datetime) -> None:
    """Somebody took charge of the alert: its pages count as answered, none goes out any more."""
    _end(db, "alert_id = :key and about = 'page'", alert_id, "answered", now)


def _end(db: Database, where: str, key: str, state: End, now: datetime) -> None:
    db.execute(
        "update deliveries set ended_at = :now, next_at = null, fallback_at = null, lease_until = null,"
        " claimed_by = null,"
        " state = case when state in ('planned', 'claimed') then 'cancelled' else :state end,"
        " answered_at = case when :state = 'answered' and state not in ('planned', 'claimed')"
        " then :now else answered_at end"
        f" where ended_at is null and {where}",
        {"key": key, "state": state, "now": clock.to_text(now)},
    )
