"""Tampering is found: whoever goes round the triggers leaves a trace in chain, seal or table."""

import json
from collections.abc import Callable
from uuid import uuid4

import pytest

from diary import clock
from diary.db import Database
from diary.store import audit, entries, intake, participants, verify
from diary.store.entries import Draft
from tests.people import NOW, STUDY, People

KEY = b"kept outside the database"


def stored(db: Database, who: People, value: str) -> str:
    """Lin's reading, by the road; its id."""
    participant = participants.list_by_ids(db, [str(who.lin.participant_id)])[0]
    raw = {"id": str(uuid4()), "value": value}
    draft = Draft(
        id=raw["id"], participant_id=participant["id"], kind="reading", occurred_at=NOW,
        occurred_text=NOW.isoformat(), zone="Asia/Shanghai", local_day="2026-03-02", recorded_at=NOW,
        recorded_text=NOW.isoformat(), data={"value": value, "unit": "mmol/L"}, replaces=None, reason=None,
        proxy_reason=None, source_note=None, origin="typed", app_version=None,
        body_hash=entries.body_hash(raw),
    )  # fmt: skip
    with db.atomic():
        intake.receive(db, who.lin.actor, participant, draft, raw, NOW, STUDY)
    return raw["id"]


@pytest.fixture
def kept(db: Database, who: People) -> tuple[str, str]:
    """A diary with some readings and a seal; the seal's copy outside the database, and one entry's id."""
    for value in ("5.0", "2.8", "6.1"):
        entry_id = stored(db, who, value)
    line = json.dumps(verify.seal(db, KEY, NOW))
    stored(db, who, "7.7")
    return line, entry_id


def findings(db: Database, line: str) -> list[str]:
    report = verify.verify(db, KEY, iter([line]))
    return [f"{finding.where} {finding.what}" for finding in report.findings]


def open_the_back_door(db: Database) -> None:
    """What somebody with the database's own password can do."""
    if db.engine == "postgresql":
        for table in ("audit", "entries", "audit_seals"):
            db.execute(f"alter table {table} disable trigger user")
        return
    for table in ("audit", "entries", "audit_seals"):
        for verb in ("update", "delete"):
            db.execute(f"drop trigger {table}_no_{verb}")
    db.execute("pragma foreign_keys = off")


def test_an_untouched_diary_has_no_findings(db: Database, kept: tuple[str, str]) -> None:
    report = verify.verify(db, KEY, iter([kept[0]]))
    assert report.findings == ()
    assert report.seals == 1
    assert report.rows > 4


Tamper = Callable[[Database, str], None]


def change_a_value(db: Database, entry_id: str) -> None:
    db.execute("update entries set data = replace(data, '6.1', '6.2') where id = :id", {"id": entry_id})


def delete_an_entry(db: Database, entry_id: str) -> None:
    if db.engine == "postgresql":
        db.execute("alter table entry_heads drop constraint entry_heads_root_id_fkey")
        db.execute("alter table entry_heads drop constraint entry_heads_entry_id_fkey")
        db.execute("alter table entry_heads drop constraint entry_heads_tip_id_fkey")
    db.execute("delete from entries where id = :id", {"id": entry_id})


def change_the_trail(db: Database, entry_id: str) -> None:
    db.execute("update audit set actor_role = 'guardian' where object_id = :id", {"id": entry_id})


def delete_from_the_trail(db: Database, entry_id: str) -> None:
    db.execute("delete from audit where object_id = :id", {"id": entry_id})


def change_trail_and_its_hash(db: Database, entry_id: str) -> None:
    """The row is made consistent with itself, not with the one after it."""
    [row] = db.query("select * from audit where object_id = :id", {"id": entry_id})
    row["actor_role"] = "guardian"
    db.execute(
        "update audit set actor_role = :actor_role, hash = :hash where stream = :stream and seq = :seq",
        {**row, "hash": audit.row_hash(row)},
    )


def insert_an_entry_past_the_road(db: Database, entry_id: str) -> None:
    [row] = db.query("select * from entries where id = :id", {"id": entry_id})
    row["id"] = row["root_id"] = str(uuid4())
    db.execute(
        f"insert into entries ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
    )


def rewrite_everything(db: Database, entry_id: str) -> None:
    """Value, trail and every hash after it: consistent from end to end, and yet not what was sealed."""
    change_a_value(db, entry_id)
    [changed] = db.query("select stream from audit where object_id = :id", {"id": entry_id})
    prev_hash = audit.GENESIS
    for row in list(db.query("select * from audit where stream = :stream order by seq", changed)):
        if row["object_id"] == entry_id:
            row["new"] = row["new"].replace("6.1", "6.2")
        row["prev_hash"] = prev_hash
        row["hash"] = prev_hash = audit.row_hash(row)
        db.execute(
            "update audit set new = :new, prev_hash = :prev_hash, hash = :hash"
            " where stream = :stream and seq = :seq",
            row,
        )


def rewrite_everything_and_seal_anew(db: Database, entry_id: str) -> None:
    """Even with the sealing key: the copy outside the database tells."""
    rewrite_everything(db, entry_id)
    db.execute("delete from audit_seals")
    verify.seal(db, KEY, NOW)


def seal_with_another_key(db: Database, entry_id: str) -> None:
    db.execute("delete from audit_seals")
    verify.seal(db, b"guessed", NOW)


@pytest.mark.parametrize(
    "tamper",
    [change_a_value, delete_an_entry, change_the_trail, delete_from_the_trail, change_trail_and_its_hash,
     insert_an_entry_past_the_road, rewrite_everything, rewrite_everything_and_seal_anew, seal_with_another_key],
)  # fmt: skip
def test_tampering_is_found(db: Database, kept: tuple[str, str], tamper: Tamper) -> None:
    line, entry_id = kept
    open_the_back_door(db)
    tamper(db, entry_id)
    assert findings(db, line)


def test_a_trail_cut_off_at_its_end_is_found_by_the_seal(db: Database, kept: tuple[str, str]) -> None:
    open_the_back_door(db)
    [last] = db.query(
        "select max(seq) as seq from audit where stream like 'participant:%' and object = 'entry'"
    )
    db.execute("delete from audit where stream like 'participant:%' and seq >= :seq - 1", last)
    assert any(
        "sealed" in finding or "gone" in finding or "trail" in finding for finding in findings(db, kept[0])
    )


def test_seals_follow_one_another(db: Database, kept: tuple[str, str]) -> None:
    second = verify.seal(db, KEY, NOW)
    assert second["seq"] == 2
    assert second["sealed_at"] == clock.to_text(NOW)
    assert findings(db, kept[0]) == []
