"""Rows of an older schema are carried through every later change of it, on both engines."""

from pathlib import Path
from typing import Any

import pytest

import migrations
from diary.db import Database, open_database

AT = "2026-01-01T00:00:00.000Z"
LATER = "2026-02-01T00:00:00.000Z"


@pytest.fixture
def old(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A database with the first schema only, in which somebody has been transplanted and writes a diary."""
    names = migrations.NAMES
    monkeypatch.setattr(migrations, "NAMES", names[:1])
    db = open_database(empty_database)
    assert migrations.apply(db) == ["m0001_the_road"]
    _fill(db)
    monkeypatch.setattr(migrations, "NAMES", names)
    yield db
    db.close()


def _fill(db: Database) -> None:
    rows: list[tuple[str, dict[str, object]]] = [
        ("sites", {"id": "site", "name": "Here", "zone": "Asia/Shanghai", "created_at": AT}),
        ("participants", {
            "id": "p", "site_id": "site", "subject_no": "S001", "state": "transplanted",
            "birth_day": "1990-01-01", "sex": "male", "fertile": 1, "premenopausal": None,
            "treated_by_carer": 0, "minor_contraception_approved": 0, "display_unit": "mmol/L",
            "zone": "Asia/Shanghai", "language": "en", "consented_day": "2025-12-01",
            "transplant_days": "[]", "created_at": AT,
        }),
        ("accounts", {
            "id": "a", "role": "participant", "site_id": "site", "participant_id": "p", "login": "S001",
            "language": "en", "state": "open", "created_at": AT,
        }),
        ("schedules", {
            "id": "s", "participant_id": "p", "kind": "dose", "title": "Tacrolimus", "times": '["08:00"]',
            "zone": "Asia/Shanghai", "from_day": "2026-01-01", "window_before_min": 60,
            "window_after_min": 120, "created_by": "a", "created_at": AT,
        }),
        ("entries", {
            "id": "e", "root_id": "e", "version": 1, "participant_id": "p", "kind": "reading",
            "occurred_at": LATER, "occurred_text": LATER, "zone": "Asia/Shanghai", "local_day": "2026-02-01",
            "recorded_at": LATER, "recorded_text": LATER, "received_at": LATER, "author_id": "a",
            "author_role": "participant", "origin": "typed", "data": '{"value":"5.5","unit":"mmol/L"}',
            "body_hash": "h", "state": "stored", "late": 0, "severe": 0, "basis": "none", "in_summaries": 1,
        }),
        ("entry_heads", {
            "root_id": "e", "entry_id": "e", "tip_id": "e", "participant_id": "p", "kind": "reading",
            "occurred_at": LATER, "local_day": "2026-02-01", "state": "stored", "band": "in_range",
            "severe": 0, "basis": "none", "in_summaries": 1,
        }),
    ]  # fmt: skip
    for seq, (field, old, new, at) in enumerate(
        [("state", "screening", "enrolled", AT), ("language", "zh-CN", "en", AT),
         ("state", "enrolled", "transplanted", LATER)], start=1
    ):  # fmt: skip
        rows.append(
            ("audit", {
                "stream": "participant:p", "seq": seq, "at": at, "actor_role": "coordinator",
                "action": "update", "object": "participant", "object_id": "p", "field": field, "old": old,
                "new": new, "reason": "as planned", "prev_hash": "x", "hash": "y",
            })
        )  # fmt: skip
    for table, row in rows:
        db.execute(
            f"insert into {table} ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
        )


def counts(db: Database) -> dict[str, int]:
    tables = ("sites", "participants", "accounts", "schedules", "entries", "entry_heads", "audit")
    return {table: next(iter(db.query(f"select count(*) as n from {table}")))["n"] for table in tables}


def test_a_diary_of_the_first_schema_goes_on_under_the_newest(old: Database) -> None:
    before = counts(old)
    assert migrations.apply(old) == list(migrations.NAMES[1:])
    assert counts(old) == before
    assert migrations.pending(old) == []


def test_its_schedules_are_planned_from_the_change_on(old: Database) -> None:
    migrations.apply(old)
    (plan,) = old.query("select schedule_id, zone, planned_to_day from plans")
    assert (plan["schedule_id"], plan["zone"]) == ("s", "Asia/Shanghai")
    assert plan["planned_to_day"] > "2026-01-01"


def test_its_states_are_known_since_when_and_its_days_are_counted_when_looked_at(old: Database) -> None:
    migrations.apply(old)
    states = old.query("select state, from_at, reason from participant_states order by from_at, state desc")
    assert [(row["state"], row["from_at"]) for row in states] == [
        ("screening", AT), ("enrolled", AT), ("transplanted", LATER),
    ]  # fmt: skip
    (day,) = old.query("select participant_id, local_day, readings, windows from day_rows")
    assert day == {"participant_id": "p", "local_day": "2026-02-01", "readings": None, "windows": None}


def test_its_zones_are_known_since_when(old: Database) -> None:
    row: dict[str, object] = {
        "stream": "participant:p", "seq": 9, "at": LATER, "actor_role": "participant", "action": "update",
        "object": "participant", "object_id": "p", "field": "zone", "old": "Europe/Berlin",
        "new": "Asia/Shanghai", "reason": "confirmed", "prev_hash": "x", "hash": "y",
    }  # fmt: skip
    old.execute(f"insert into audit ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row)
    migrations.apply(old)
    zones = old.query("select zone, from_at from participant_zones order by from_at")
    assert [(one["zone"], one["from_at"]) for one in zones] == [
        ("Europe/Berlin", AT), ("Asia/Shanghai", LATER),
    ]  # fmt: skip


def test_a_push_service_that_was_stopped_stays_so_and_has_taken_nothing_in_vain(
    old: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = migrations.NAMES
    monkeypatch.setattr(migrations, "NAMES", names[: names.index("m0008_push_services")])
    migrations.apply(old)
    old.execute("insert into push_hosts (host, stopped_at, status) values ('h', :at, 403)", {"at": AT})
    monkeypatch.setattr(migrations, "NAMES", names)
    assert migrations.apply(old)[0] == "m0008_push_services"
    assert list(old.query("select * from push_hosts")) == [
        {"host": "h", "stopped_at": AT, "status": 403, "detail": None, "in_vain_since": None, "in_vain": 0}
    ]


def test_every_change_of_the_schema_is_named_in_this_file() -> None:
    folder = Path(migrations.__file__).parent
    assert sorted(path.stem for path in folder.glob("m[0-9]*.py")) == list(migrations.NAMES)
