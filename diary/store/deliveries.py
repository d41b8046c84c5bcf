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
from diary.db import Database, Row, marks
from diary.store import ladder
from diary.store.ladder import Channel
from diary.study import Study

About = Literal["reminder", "recheck", "page", "test", "operator"]
End = Literal["answered", "missed", "cancelled"]
BATCH: Final = 200
TOKEN_BYTES: Final = 24
# A test or a word to the operator is not carried on by another way: that it did not arrive is the answer.
PROVED: Final = frozenset({"reminder", "recheck", "page"})
_COLUMNS: Final = (
    "id", "group_id", "about", "kind", "site_id", "participant_id", "account_id", "alert_id", "channel",
    "address_id", "round", "state", "token", "due_at", "expires_at", "next_at", "fallback_at", "attempts",
    "planned_at",
)  # fmt: skip
_INSERT: Final = (
    f"insert into deliveries ({', '.join(_COLUMNS)}) values ({', '.join(':' + name for name in _COLUMNS)})"
    " on conflict (group_id, round, channel, address_id) do nothing"
)
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
        _link(db, batch)
        told = []
        for notice in batch:
            channel, ids = ladder.next_rung(addresses, notice.account_id, notice.about, after=None)
            told += [(notice, channel, address_id) for address_id in ids]
        added += add(db, told, now, study=study)
    return added


def chunks(things: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """In pieces that one statement can name."""
    return (things[start : start + BATCH] for start in range(0, len(things), BATCH))


def _link(db: Database, notices: Sequence[Notice]) -> None:
    links = [
        {"g": notice.group_id, "r": reminder_id} for notice in notices for reminder_id in notice.reminder_ids
    ]
    if links:
        db.execute_many(
            "insert into delivery_reminders (group_id, reminder_id) values (:g, :r)"
            " on conflict (group_id, reminder_id) do nothing",
            links,
        )


def add(db: Database, told: Sequence[tuple[Notice, Channel, str]], now: datetime, *, study: Study) -> int:
    """One delivery for each notice, channel and address, unless it is there already; how many are new."""
    added = 0
    for batch in chunks([_row(*one, now, study) for one in told]):
        added += db.execute_many(_INSERT, batch)
    return added


def _row(notice: Notice, channel: Channel, address_id: str, now: datetime, study: Study) -> Row:
    waits = timedelta(minutes=receipt_within_min(study, notice.kind))
    starts = max(now, notice.due_at)
    # The sender leaves the call list alone: `fallback` puts it there, as soon as it looks.
    is_call, is_proved = channel == "call", notice.about in PROVED
    fallback_at = starts if is_call else starts + waits
    return {
        "id": str(uuid4()), "group_id": notice.group_id, "about": notice.about, "kind": notice.kind,
        "site_id": notice.site_id, "participant_id": notice.participant_id,
        "account_id": notice.account_id, "alert_id": notice.alert_id, "channel": channel,
        "address_id": address_id, "round": notice.round, "state": "planned",
        "token": secrets.token_urlsafe(TOKEN_BYTES), "due_at": clock.to_text(notice.due_at),
        "expires_at": clock.to_text(notice.expires_at),
        "next_at": None if is_call else clock.to_text(starts),
        "fallback_at": clock.to_text(fallback_at) if is_call or is_proved else None,
        "attempts": 0, "planned_at": clock.to_text(now),
    }  # fmt: skip


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
        ends: dict[End, list[str]] = {}
        for row in rows:
            ends.setdefault("answered" if row["answered"] else state, []).append(row["group_id"])
        lock_groups(db, [group_id for groups in ends.values() for group_id in groups])
        for end, groups in ends.items():
            end_groups(db, groups, end, now)


def end_groups(db: Database, group_ids: Sequence[str], state: End, now: datetime) -> None:
    """End what is not ended of these groups: told already -> `state`, not told yet -> cancelled."""
    for batch in chunks(group_ids):
        holders, names = marks(batch)
        _end(db, f"group_id in ({holders})", names, state, now)


def lock_groups(db: Database, group_ids: Sequence[str]) -> None:
    """Rows of several groups are locked in one order, so that no two writers wait for each other."""
    if db.engine == "postgresql" and group_ids:
        holders, names = marks(group_ids)
        list(
            db.query(
                f"select id from deliveries where group_id in ({holders}) order by group_id, id for update",
                names,
            )
        )


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
    _end(db, "alert_id = :key and about = 'page'", {"key": alert_id}, "answered", now)


def _end(db: Database, where: str, key: Row, state: End, now: datetime) -> None:
    db.execute(
        "update deliveries set ended_at = :now, next_at = null, fallback_at = null, lease_until = null,"
        " claimed_by = null,"
        " state = case when state in ('planned', 'claimed') then 'cancelled' else :state end,"
        " answered_at = case when :state = 'answered' and state not in ('planned', 'claimed')"
        " then :now else answered_at end"
        f" where ended_at is null and {where}",
        {**key, "state": state, "now": clock.to_text(now)},
    )
