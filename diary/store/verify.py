"""Is the record what it was? Chains, seals, and every append-only row against its line in the trail."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from diary import clock
from diary.db import Database, one
from diary.store import audit

# Tables whose rows are written once, with the object name under which the trail holds all of them.
WRITTEN_ONCE = {"entries": "entry", "entry_decisions": "entry_decision", "refusals": "refusal"}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: where, and what is wrong with it."""

    where: str
    what: str


@dataclass(frozen=True)
class Report:
    streams: int
    rows: int
    seals: int
    findings: tuple[Finding, ...]


def seal(db: Database, key: bytes, now: datetime) -> dict[str, object]:
    """Write down every chain's head under a key that is not in the database; answers the seal."""
    with db.atomic():
        db.lock("seals")
        last = one(db, "select seq, mac from audit_seals order by seq desc limit 1")
        heads = {
            row["stream"]: [row["seq"], row["hash"]]
            for row in db.query(
                "select a.stream, a.seq, a.hash from audit a join"
                " (select stream, max(seq) as seq from audit group by stream) h"
                " on h.stream = a.stream and h.seq = a.seq"
            )
        }
        row: dict[str, object] = {
            "seq": last["seq"] + 1 if last else 1, "sealed_at": clock.to_text(now),
            "heads": audit.canonical(heads), "prev_mac": last["mac"] if last else audit.GENESIS,
        }  # fmt: skip
        row["mac"] = _mac(key, row)
        db.execute(
            "insert into audit_seals (seq, sealed_at, heads, prev_mac, mac)"
            " values (:seq, :sealed_at, :heads, :prev_mac, :mac)",
            row,
        )
    return row


def _mac(key: bytes, row: dict[str, object]) -> str:
    text = audit.canonical([row["seq"], row["sealed_at"], row["heads"], row["prev_mac"]])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def verify(db: Database, key: bytes, kept_seals: Iterable[str] = ()) -> Report:
    """Check everything; `kept_seals` are the JSON lines of the seals' copy outside the database."""
    findings: list[Finding] = []
    streams: set[str] = set()
    rows = 0
    for row_stream, finding in _chains(db):
        rows += 1
        streams.add(row_stream)
        if finding:
            findings.append(finding)
    seals, sealed = _seals(db, key)
    findings += sealed
    findings += _kept(db, kept_seals)
    for table, object_ in WRITTEN_ONCE.items():
        findings += _written_once(db, table, object_)
    return Report(len(streams), rows, seals, tuple(findings))


def _chains(db: Database) -> Iterator[tuple[str, Finding | None]]:
    stream, seq, prev_hash = None, 0, audit.GENESIS
    for row in db.query("select * from audit order by stream, seq"):
        if row["stream"] != stream:
            stream, seq, prev_hash = row["stream"], 0, audit.GENESIS
        where = f"audit {row['stream']} #{row['seq']}"
        finding = None
        if row["seq"] != seq + 1:
            finding = Finding(where, f"rows {seq + 1} to {row['seq'] - 1} are missing")
        elif row["prev_hash"] != prev_hash:
            finding = Finding(where, "does not follow from the row before it")
        elif row["hash"] != audit.row_hash(row):
            finding = Finding(where, "was changed after it was written")
        seq, prev_hash = row["seq"], row["hash"]
        yield row["stream"], finding


def _seals(db: Database, key: bytes) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    count, prev_mac = 0, audit.GENESIS
    for row in db.query("select * from audit_seals order by seq"):
        count += 1
        where = f"seal #{row['seq']}"
        if row["seq"] != count or row["prev_mac"] != prev_mac:
            findings.append(Finding(where, "a seal before it is missing"))
        if not hmac.compare_digest(row["mac"], _mac(key, row)):
            findings.append(Finding(where, "was not made with this diary's key"))
        findings += _heads(db, where, json.loads(row["heads"]))
        prev_mac = row["mac"]
    return count, findings


def _heads(db: Database, where: str, heads: dict[str, list[object]]) -> Iterator[Finding]:
    for stream, (seq, hash_) in heads.items():
        found = one(db, "select hash from audit where stream = :s and seq = :q", {"s": stream, "q": seq})
        if found is None or found["hash"] != hash_:
            yield Finding(where, f"the chain {stream} is not the one that was sealed at #{seq}")


def _kept(db: Database, lines: Iterable[str]) -> Iterator[Finding]:
    """The copy outside the database finds a chain that was rewritten together with its seals."""
    for line in lines:
        kept = json.loads(line)
        found = one(db, "select mac from audit_seals where seq = :q", {"q": kept["seq"]})
        if found is None or found["mac"] != kept["mac"]:
            yield Finding(f"seal #{kept['seq']}", "differs from its copy outside the database")


def _written_once(db: Database, table: str, object_: str) -> Iterator[Finding]:
    rows = db.query(
        f"select t.*, a.new as trail_new from {table} t left join audit a"
        " on a.object_id = t.id and a.object = :object and a.action = 'create'",
        {"object": object_},
    )
    for row in rows:
        new = row.pop("trail_new")
        if new is None:
            yield Finding(f"{table} {row['id']}", "is not in the trail")
        elif new != audit.canonical(row):
            yield Finding(f"{table} {row['id']}", "is not as the trail says it was written")
    gone = db.query(
        f"select a.object_id from audit a left join {table} t on t.id = a.object_id"
        " where a.object = :object and a.action = 'create' and t.id is null",
        {"object": object_},
    )
    for row in gone:
        yield Finding(f"{table} {row['object_id']}", "is in the trail and gone from the table")
