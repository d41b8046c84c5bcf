"""Entries as append-only versions, their heads (what counts now), and what could not be taken."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.rules.hypoglycaemia import Verdict
from diary.store import audit
from diary.store.actors import Actor


@dataclass(frozen=True)
class Draft:
    """An entry that could be read; `data` None withdraws what it replaces. Instants are aware."""

    id: str
    participant_id: str
    kind: str
    occurred_at: datetime
    occurred_text: str
    zone: str
    local_day: str
    recorded_at: datetime
    recorded_text: str
    data: dict[str, Any] | None
    replaces: str | None
    reason: str | None
    proxy_reason: str | None
    source_note: str | None
    origin: str
    app_version: str | None
    body_hash: str


# Some phones write ids in capitals: the same id all the same.
IDS = ("id", "participant_id", "replaces")


def body_hash(raw: Mapping[str, Any]) -> str:
    """SHA-256 over an entry as sent; null and missing are the same, and so are ids in either case."""
    said = {key: value for key, value in raw.items() if value is not None}
    said |= {key: said[key].lower() for key in IDS if isinstance(said.get(key), str)}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


_ENTRY_COLUMNS = (
    "id", "root_id", "version", "replaces", "participant_id", "kind", "occurred_at", "occurred_text",
    "zone", "local_day", "recorded_at", "recorded_text", "received_at", "skew_s", "author_id", "author_role",
    "proxy_reason", "reason", "source_note", "origin", "app_version", "data", "body_hash", "state", "late",
    "severe", "basis", "ada_level", "in_summaries",
)  # fmt: skip
_HEAD_COLUMNS = (
    "root_id", "entry_id", "tip_id", "participant_id", "kind", "occurred_at", "local_day", "state",
    "pending_id", "band", "linked_id", "meter_key", "slot_key", "severe", "basis", "ada_level",
    "in_summaries", "episode_id",
)  # fmt: skip


def _insert_sql(table: str, columns: Sequence[str]) -> str:
    return f"insert into {table} ({', '.join(columns)}) values ({', '.join(':' + name for name in columns)})"


_INSERT_ENTRY = _insert_sql("entries", _ENTRY_COLUMNS)
_UPSERT_HEAD = (
    _insert_sql("entry_heads", _HEAD_COLUMNS)
    + " on conflict (root_id) do update set "
    + ", ".join(f"{name} = excluded.{name}" for name in _HEAD_COLUMNS if name not in ("root_id", "meter_key"))
    # Whatever a later version says of it, the chain stays that record of that meter.
    + ", meter_key = coalesce(entry_heads.meter_key, excluded.meter_key)"
)


def add(
    db: Database, actor: Actor, draft: Draft, now: datetime, *, replaced: Row | None, state: str, late: bool,
    skew_s: int | None, verdict: Verdict,
) -> Row:  # fmt: skip
    """Insert one version; `replaced` is the version row it follows. Answers the row as stored."""
    row: Row = {
        "id": draft.id, "root_id": replaced["root_id"] if replaced else draft.id,
        "version": replaced["version"] + 1 if replaced else 1, "replaces": draft.replaces,
        "participant_id": draft.participant_id, "kind": draft.kind,
        "occurred_at": clock.to_text(draft.occurred_at), "occurred_text": draft.occurred_text,
        "zone": draft.zone, "local_day": draft.local_day, "recorded_at": clock.to_text(draft.recorded_at),
        "recorded_text": draft.recorded_text, "received_at": clock.to_text(now), "skew_s": skew_s,
        "author_id": actor.id, "author_role": actor.role, "proxy_reason": draft.proxy_reason,
        "reason": draft.reason, "source_note": draft.source_note, "origin": draft.origin,
        "app_version": draft.app_version,
        "data": None if draft.data is None else audit.canonical(draft.data), "body_hash": draft.body_hash,
        "state": state, "late": int(late), "severe": _bit(verdict.severe), "basis": verdict.basis,
        "ada_level": verdict.ada_level, "in_summaries": int(verdict.in_summaries and state == "stored"),
    }  # fmt: skip
    db.execute(_INSERT_ENTRY, row)
    return row


def _bit(value: bool | None) -> int | None:
    return None if value is None else int(value)


def put_head(
    db: Database, effective: Row, *, tip_id: str, state: str, pending_id: str | None, band: str | None,
    keys: Mapping[str, str | None], verdict: Verdict, episode_id: str | None,
) -> None:  # fmt: skip
    """Write what counts now for a chain of versions: `effective` is the version that does."""
    db.execute(
        _UPSERT_HEAD,
        {
            "root_id": effective["root_id"], "entry_id": effective["id"], "tip_id": tip_id,
            "participant_id": effective["participant_id"], "kind": effective["kind"],
            "occurred_at": effective["occurred_at"], "local_day": effective["local_day"], "state": state,
            "pending_id": pending_id, "band": band, "linked_id": keys.get("linked_id"),
            "meter_key": keys.get("meter_key"), "slot_key": keys.get("slot_key"),
            "severe": _bit(verdict.severe), "basis": verdict.basis, "ada_level": verdict.ada_level,
            "in_summaries": int(verdict.in_summaries and state == "stored"), "episode_id": episode_id,
        },
    )  # fmt: skip


def drop_pending(db: Database, row: Row) -> None:
    """The correction that waited is taken back: what counted goes on counting."""
    db.execute(
        "update entry_heads set tip_id = :tip, pending_id = null where root_id = :r",
        {"tip": row["id"], "r": row["root_id"]},
    )


def set_verdict(db: Database, root_id: str, verdict: Verdict) -> None:
    """The same version, judged anew because what it is linked to changed."""
    db.execute(
        "update entry_heads set severe = :severe, basis = :basis, ada_level = :ada,"
        " in_summaries = case when state = 'stored' then :sums else 0 end"
        " where root_id = :root",
        {"severe": _bit(verdict.severe), "basis": verdict.basis, "ada": verdict.ada_level,
         "sums": int(verdict.in_summaries), "root": root_id},
    )  # fmt: skip


def find(db: Database, entry_id: str) -> Row | None:
    """One version by its id, whoever's it is: for telling a repeat from a conflict only."""
    return one(db, "select * from entries where id = :id", {"id": entry_id})


def find_version(db: Database, participant_id: str, entry_id: str) -> Row | None:
    """One version of the participant's, also by the second id of a meter's record."""
    return one(
        db,
        "select * from entries where participant_id = :p"
        " and id = coalesce((select root_id from same_records where id = :id), :id)",
        {"id": entry_id, "p": participant_id},
    )


def find_head(db: Database, participant_id: str, root_id: str) -> Row | None:
    return one(
        db,
        "select h.*, e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.root_id = :r and h.participant_id = :p",
        {"r": root_id, "p": participant_id},
    )


def find_head_by_key(db: Database, participant_id: str, kind: str, column: str, key: str) -> Row | None:
    """The chain that already answers this schedule's slot, or holds this meter's record.

    A slot whose answer was withdrawn is free again; a record that was withdrawn is the same record.
    """
    if column not in ("slot_key", "meter_key"):
        raise ValueError(column)
    standing = "" if column == "meter_key" else " and h.state <> 'withdrawn'"
    return one(
        db,
        "select h.*, e.data from entry_heads h join entries e on e.id = h.entry_id"
        f" where h.participant_id = :p and h.{column} = :key and h.kind = :kind{standing}",
        {"p": participant_id, "key": key, "kind": kind},
    )


def list_linked_events(db: Database, participant_id: str, reading_ids: Sequence[str]) -> list[Row]:
    """Current hypo_events that name one of these versions as their reading."""
    names = {f"id{i}": reading_id for i, reading_id in enumerate(reading_ids)}
    return list(
        db.query(
            "select h.*, e.data from entry_heads h join entries e on e.id = h.entry_id"
            " where h.participant_id = :p and h.kind = 'hypo_event' and h.state <> 'withdrawn'"
            f" and h.linked_id in ({', '.join(':' + name for name in names)})",
            {"p": participant_id, **names},
        )
    )


def list_versions(db: Database, participant_id: str, root_id: str) -> list[Row]:
    """Every version of a chain, oldest first, with who wrote it and the decision on it, if any."""
    return list(
        db.query(
            "select e.*, d.decision, d.source_note as decision_note, d.decided_at, d.decided_by"
            " from entries e left join entry_decisions d on d.entry_id = e.id"
            " where e.root_id = :r and e.participant_id = :p order by e.version",
            {"r": root_id, "p": participant_id},
        )
    )


def add_same_record(
    db: Database, actor: Actor, draft: Draft, root_id: str, raw: object, now: datetime
) -> None:
    """Keep the second id of a meter's record, so that what names it finds the record; once."""
    row: Row = {
        "id": draft.id, "root_id": root_id, "participant_id": draft.participant_id, "account_id": actor.id,
        "raw": json.dumps(raw, sort_keys=True, default=str), "received_at": clock.to_text(now),
    }  # fmt: skip
    known = one(db, "select 1 as known from same_records where id = :id", {"id": draft.id})
    if known is None:
        db.execute(_insert_sql("same_records", tuple(row)), row)
        stream = audit.participant_stream(draft.participant_id)
        audit.created(db, stream, actor, now, "same_record", draft.id, row)


def names_of_reading(db: Database, participant_id: str, root_id: str) -> list[str]:
    """Every id by which an event may name this reading: its versions' and those of the same record."""
    rows = db.query(
        "select id from entries where root_id = :r and participant_id = :p"
        " union all select id from same_records where root_id = :r and participant_id = :p",
        {"r": root_id, "p": participant_id},
    )
    return [row["id"] for row in rows]


def accept(db: Database, actor: Actor, entry: Row, source_note: str, now: datetime) -> None:
    """Record that staff take a held version into the summaries."""
    decision = {
        "id": str(uuid4()), "entry_id": entry["id"], "decision": "accepted", "source_note": source_note,
        "decided_by": actor.id, "decided_at": clock.to_text(now),
    }  # fmt: skip
    db.execute(_insert_sql("entry_decisions", tuple(decision)), decision)
    stream = audit.participant_stream(entry["participant_id"])
    audit.created(db, stream, actor, now, "entry_decision", decision["id"], decision, reason=source_note)
