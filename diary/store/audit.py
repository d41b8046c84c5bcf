"""The audit trail: append-only rows in hash chains, one chain (stream) per participant.

Creating something is one row with its canonical JSON; changing it is one row per field.
One chain for everybody would make PostgreSQL's writers queue behind each other.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from diary import clock
from diary.db import Database, Row, one
from diary.rules.entries import CONTRACEPTION_COLUMNS, CONTRACEPTION_FIELDS, without_contraception
from diary.store import pages
from diary.store.actors import Actor

GENESIS = "0" * 64
HASHED = ("stream", "seq", "at", "actor_id", "actor_role", "site_id", "action", "object", "object_id",
          "field", "old", "new", "reason", "prev_hash")  # fmt: skip
ACCOUNTS_STREAM = "accounts"
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def participant_stream(participant_id: str) -> str:
    return f"participant:{participant_id}"


def site_stream(site_id: str) -> str:
    return f"site:{site_id}"


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same bytes for the same thing, whoever writes it."""
    return _CANONICAL.encode(value)


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the row without its own hash; `prev_hash` inside makes the chain."""
    return hashlib.sha256(canonical([row[name] for name in HASHED]).encode()).hexdigest()


def created(
    db: Database, stream: str, actor: Actor, now: datetime, object_: str, object_id: str,
    body: Mapping[str, Any], *, action: str = "create", reason: str | None = None,
) -> None:  # fmt: skip
    """One row: this thing now exists, and this is all of it."""
    _append(db, stream, actor, now, action, object_, object_id, [(None, None, canonical(body))], reason)


def changed(
    db: Database, stream: str, actor: Actor, now: datetime, object_: str, object_id: str,
    changes: Iterable[tuple[str, object, object]], *, action: str = "change", reason: str | None = None,
) -> None:  # fmt: skip
    """One row per changed field, with old and new value; nothing for a field that stayed as it was."""
    rows = [(field, _text(old), _text(new)) for field, old, new in changes if old != new]
    _append(db, stream, actor, now, action, object_, object_id, rows, reason)


def happened(
    db: Database, stream: str, actor: Actor, now: datetime, action: str, object_: str, object_id: str,
    *, reason: str | None = None,
) -> None:  # fmt: skip
    """One row for an act that changes no field: a sign-in, an export, a code issued."""
    _append(db, stream, actor, now, action, object_, object_id, [(None, None, None)], reason)


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else canonical(value)


def _append(
    db: Database, stream: str, actor: Actor, now: datetime, action: str, object_: str, object_id: str,
    fields: Sequence[tuple[str | None, str | None, str | None]], reason: str | None,
) -> None:  # fmt: skip
    db.lock(f"audit:{stream}")
    head = one(db, "select seq, hash from audit where stream = :s order by seq desc limit 1", {"s": stream})
    seq, prev_hash = (head["seq"], head["hash"]) if head else (0, GENESIS)
    for field, old, new in fields:
        seq += 1
        row: Row = {
            "stream": stream, "seq": seq, "at": clock.to_text(now), "actor_id": actor.id,
            "actor_role": actor.role, "site_id": actor.site_id, "action": action, "object": object_,
            "object_id": object_id, "field": field, "old": old, "new": new, "reason": reason,
            "prev_hash": prev_hash,
        }  # fmt: skip
        row["hash"] = prev_hash = row_hash(row)
        db.execute(_INSERT, row)


_COLUMNS = (*HASHED, "hash")
_INSERT = f"insert into audit ({', '.join(_COLUMNS)}) values ({', '.join(':' + name for name in _COLUMNS)})"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_HIDDEN_COLUMNS: Mapping[str, Sequence[str]] = {
    "participant": CONTRACEPTION_COLUMNS, "alert": ("is_contraception",), "entry": (),
    "planned_visit": ("purpose",),
}  # fmt: skip
_FIELDS = tuple(CONTRACEPTION_FIELDS.values())
# What a guardian's numbering left out is the section itself; a decision stands for its entry, a message
# for its query.
_CONTRACEPTION = f"""
    exists (select 1 from changes c where c.guardian_seq is null
        and c.object_id = coalesce(
            (select d.entry_id from entry_decisions d where d.id = a.object_id),
            (select m.query_id from query_messages m where m.id = a.object_id), a.object_id))
    or (a.object = 'participant' and coalesce(a.field, '') in ({_names(CONTRACEPTION_COLUMNS)}))
    or (a.object = 'entry' and coalesce(a.field, '') in ({_names(f"data.{name}" for name in _FIELDS)}))
"""


def list_for_site(
    db: Database,
    site_id: str,
    *,
    object_id: str | None,
    before: str | None,
    limit: int,
    hide_contraception: bool,
) -> list[Row]:
    """Newest first: the rows of this site's own stream and of its participants' streams.

    A row of which `hide_contraception` left something out has no hash: it would not fit what is shown.
    """
    rows = list(
        db.query(
            f"""
            select a.* from audit a
            where (a.stream = :own or exists (
                select 1 from participants p
                where p.site_id = :site and a.stream = 'participant:' || p.id))
              and (cast(:object_id as text) is null or a.object_id = :object_id)
              and (:hide = 0 or not ({_CONTRACEPTION}))
              and (a.at, a.stream, a.seq) < (:at, :key, :seq)
            order by a.at desc, a.stream desc, a.seq desc limit :limit
            """,
            {"own": site_stream(site_id), "site": site_id, "object_id": object_id, "limit": limit,
             "hide": int(hide_contraception), **pages.place(before)},
        )
    )  # fmt: skip
    return [_without_contraception(row) for row in rows] if hide_contraception else rows


def _without_contraception(row: Row) -> Row:
    hidden = _HIDDEN_COLUMNS.get(row["object"])
    if hidden is None or row["field"] is not None or not row["new"]:
        return row
    body = json.loads(row["new"])
    kept = {name: value for name, value in body.items() if name not in hidden}
    if row["object"] == "entry":
        data = without_contraception(body["kind"], json.loads(body["data"] or "null"))
        kept["data"] = None if data is None else canonical(data)
    return row if kept == body else {**row, "new": canonical(kept), "hash": None}
