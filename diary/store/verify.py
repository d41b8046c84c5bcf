"""Is the record what it was? Chains and seals here; rows against the trail, and what follows from them."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from diary import clock
from diary.db import Database, Row, one
from diary.store import audit, verify_rows
from diary.store.verify_derived import Derived
from diary.store.verify_rows import Finding, read_object
from diary.study import Study

# The worker seals once a day: beyond this the newest seal says too little to go without a word.
SEAL_OLD_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """`findings` are what is not as it was written; `notes` what the reader should know all the same."""

    streams: int
    rows: int
    seals: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


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


def verify(db: Database, key: bytes, study: Study, now: datetime, kept_seals: Iterable[str] = ()) -> Report:
    """Check everything; `kept_seals` are the JSON lines of the seals' copy outside the database.

    The verdicts are made anew with the limits of `study`.
    """
    findings: list[Finding] = []
    streams: set[str] = set()
    rows = 0
    for row_stream, finding in _chains(db):
        rows += 1
        streams.add(row_stream)
        if finding:
            findings.append(finding)
    seals = list(db.query("select * from audit_seals order by seq"))
    kept, notes = _read_kept(kept_seals)
    findings += _seals(db, key, seals)
    findings += _kept(seals, kept)
    for table in verify_rows.WRITTEN_ONCE:
        findings += verify_rows.written_once(db, table)
    for table in verify_rows.REPLAYED:
        findings += verify_rows.replayed(db, table)
    findings += Derived(db, study).findings()
    notes += [*_unsealed(seals, rows, now), *_uncopied(seals, kept)]
    return Report(len(streams), rows, len(seals), tuple(findings), tuple(notes))


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


def _seals(db: Database, key: bytes, seals: Iterable[Row]) -> Iterator[Finding]:
    prev_mac = audit.GENESIS
    for count, row in enumerate(seals, 1):
        where = f"seal #{row['seq']}"
        if row["seq"] != count or row["prev_mac"] != prev_mac:
            yield Finding(where, "a seal before it is missing")
        if not hmac.compare_digest(row["mac"], _mac(key, row)):
            yield Finding(where, "was not made with this diary's key")
        yield from _heads(db, where, read_object(row["heads"]))
        prev_mac = row["mac"]


def _heads(db: Database, where: str, heads: dict[str, list[object]]) -> Iterator[Finding]:
    for stream, (seq, hash_) in heads.items():
        found = one(db, "select hash from audit where stream = :s and seq = :q", {"s": stream, "q": seq})
        if found is None or found["hash"] != hash_:
            yield Finding(where, f"the chain {stream} is not the one that was sealed at #{seq}")


def _read_kept(lines: Iterable[str]) -> tuple[list[Row], list[str]]:
    """The seals of the copy outside the database, and a note for each line that cannot be read."""
    kept: list[Row] = []
    notes: list[str] = []
    for number, line in enumerate(lines, 1):
        row = read_object(line)
        if {"seq", "mac"} <= row.keys():
            kept.append(row)
        elif line.strip():
            notes.append(
                f"Line {number} of the seals' copy outside the database cannot be read:"
                " writing it was broken off, or somebody changed it."
            )
    return kept, notes


def _kept(seals: Iterable[Row], kept: Iterable[Row]) -> Iterator[Finding]:
    """The copy outside the database finds a chain that was rewritten together with its seals."""
    macs = {row["seq"]: row["mac"] for row in seals}
    for row in kept:
        if macs.get(row["seq"]) != row["mac"]:
            yield Finding(f"seal #{row['seq']}", "differs from its copy outside the database")


def _unsealed(seals: list[Row], rows: int, now: datetime) -> Iterator[str]:
    """Whoever has the database's password can write a chain anew from its last sealed row on."""
    if not seals:
        yield f"There is no seal yet: {rows} rows are chained but not yet sealed."
        return
    sealed = sum(seq for seq, _hash in read_object(seals[-1]["heads"]).values())
    if rows > sealed and now - clock.from_text(seals[-1]["sealed_at"]) > SEAL_OLD_AFTER:
        yield (
            f"{rows - sealed} rows since the last seal ({seals[-1]['sealed_at']}) are chained but not yet"
            " sealed. The worker seals once a day: does it run?"
        )


def _uncopied(seals: Iterable[Row], kept: Iterable[Row]) -> Iterator[str]:
    copied = {row["seq"] for row in kept}
    missing = [f"#{row['seq']}" for row in seals if row["seq"] not in copied]
    if missing:
        yield (
            f"In the database, not in the copy outside it: seal {', '.join(missing)}."
            " The worker's next housekeeping adds what is missing."
        )
