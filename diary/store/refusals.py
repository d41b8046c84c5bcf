"""What was sent and could not become an entry: kept as it came, shown, and alerted on."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.rules import entries as entry_rules
from diary.rules.alerts import Opening
from diary.store import alerts, audit, feed, pages
from diary.store.actors import Actor
from diary.study import Study


@dataclass(frozen=True)
class SetAside:
    """What could not become an entry, kept as it came: refused, or in conflict with what is there."""

    status: Literal["refused", "conflict"]
    entry_id: str | None
    kind: str | None
    raw: object
    code: str
    fields: Mapping[str, str]
    looks_severe: bool
    # Beyond what `kind` says: it touches something that guardians and monitors do not see.
    hidden: bool = False


def keep(
    db: Database, actor: Actor, participants: Sequence[Row], aside: SetAside, now: datetime, study: Study
) -> None:
    """Keep it once, whose it may be, and alert the desk when it may say that somebody is severely low.

    `participants` is the one it is for; where that could not be read, all whom the sender writes for.
    """
    participant_id = participants[0]["id"] if len(participants) == 1 else None
    refusal_id = _add(db, actor, aside, participant_id, now)
    if refusal_id is None:
        return
    # What nobody could read may hold anything, so another account than the sender's does not see it.
    unread = aside.kind is None and actor.role == "participant"
    hidden = aside.hidden or unread or entry_rules.is_contraception(aside.kind)
    for participant in participants:
        feed.record(db, participant["id"], "refusal", refusal_id, hidden=hidden)
        if aside.looks_severe:
            alerts.raise_for(
                db, participant, Opening("desk", "refused_text"), [(refusal_id, refusal_id)], now,
                group_min=study.alerts.late_group_min,
            )  # fmt: skip


def _add(
    db: Database, actor: Actor, aside: SetAside, participant_id: str | None, now: datetime
) -> str | None:
    """Insert it; None when this very thing is kept already.

    `raw` becomes ASCII JSON, so that NUL, half surrogates and broken bytes survive in any database.
    """
    raw = aside.raw if isinstance(aside.raw, str) else json.dumps(aside.raw, sort_keys=True, default=str)
    row: Row = {
        "id": str(uuid4()), "status": aside.status, "participant_id": participant_id,
        "site_id": actor.site_id, "account_id": actor.id, "entry_id": aside.entry_id, "raw": raw,
        "raw_hash": hashlib.sha256(raw.encode()).hexdigest(), "code": aside.code,
        "fields": audit.canonical(dict(aside.fields)), "kind": aside.kind, "received_at": clock.to_text(now),
    }  # fmt: skip
    kept = one(
        db,
        f"insert into refusals ({', '.join(row)}) values ({', '.join(':' + name for name in row)})"
        " on conflict (account_id, raw_hash, code) do nothing returning id",
        row,
    )
    if kept is None:
        return None
    stream = audit.participant_stream(participant_id) if participant_id else audit.ACCOUNTS_STREAM
    audit.created(db, stream, actor, now, "refusal", row["id"], row)
    return str(row["id"])


# The changes say whose a refusal may be: one participant's, or each of a guardian's children.
_VIEW = """
    select r.*, c.participant_id from refusals r
    join changes c on c.object_id = r.id and c.object = 'refusal' and c.participant_id = :p
"""


def list_by_ids(db: Database, participant_id: str, refusal_ids: Sequence[str]) -> list[Row]:
    """These of the participant's, oldest first, for a phone."""
    if not refusal_ids:
        return []
    names = {f"id{i}": refusal_id for i, refusal_id in enumerate(refusal_ids)}
    holders = ", ".join(f":{name}" for name in names)
    return list(
        db.query(
            f"{_VIEW} where r.id in ({holders}) order by r.received_at, r.id", {"p": participant_id, **names}
        )
    )


def list_for_participant(
    db: Database, participant_id: str, *, hide_contraception: bool, before: str | None, limit: int
) -> list[Row]:
    """What a participant's phones sent and could not be taken, newest first."""
    return list(
        db.query(
            f"{_VIEW} where (:hide = 0 or c.guardian_seq is not null)"
            " and (r.received_at, r.id) < (:at, :key)"
            " order by r.received_at desc, r.id desc limit :limit",
            {"p": participant_id, "hide": int(hide_contraception), "limit": limit, **pages.place(before)},
        )
    )
