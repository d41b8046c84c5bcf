"""The schema as it is: a lost trigger, check or column shows here before it shows in a trial record."""

from pathlib import Path

import pytest

import migrations
from diary.db import Database, open_database
from migrations import m0001_the_road, m0003_desk, m0006_desk_in_time

APPEND_ONLY = (
    *m0001_the_road.APPEND_ONLY,
    *m0003_desk.APPEND_ONLY,
    *m0006_desk_in_time.APPEND_ONLY,
)
GOLDEN = Path(__file__).with_name("schema.sql")


def test_the_schema_is_the_one_on_file(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    migrations.apply(db)
    rows = db.query("select sql from sqlite_master where sql is not null order by type, name")
    schema = "".join(row["sql"] + ";\n" for row in rows)
    (tmp_path / "schema.sql").write_text(schema, encoding="utf-8")
    assert schema == GOLDEN.read_text(encoding="utf-8"), (
        f"if this is meant: cp {tmp_path}/schema.sql {GOLDEN}"
    )


def test_every_migration_is_applied_once_by_however_many_processes(database_url: str) -> None:
    db = open_database(database_url)
    assert migrations.pending(db) == []
    assert migrations.apply(db) == []
    db.close()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_itself_refuses_change(db: Database, table: str, verb: str) -> None:
    _one_row_in_each(db)
    [column] = [row["name"] for row in db.query(_A_COLUMN[db.engine], {"table": table})][:1]
    statement = f"update {table} set {column} = {column}" if verb == "update" else f"delete from {table}"
    with pytest.raises(Exception, match="append-only"), db.atomic():
        db.execute(statement)


_A_COLUMN = {
    "sqlite": "select name from pragma_table_info(:table) order by cid",
    "postgresql": "select column_name as name from information_schema.columns where table_name = :table"
    " order by ordinal_position",
}


def _one_row_in_each(db: Database) -> None:
    """A trigger for each row fires only where there is a row."""
    at = "2026-01-01T00:00:00.000Z"
    [participant] = db.query("select id from participants order by subject_no limit 1")
    [account] = db.query("select id from accounts where participant_id = :p", {"p": participant["id"]})
    with db.atomic():
        db.execute(
            "insert into entries (id, root_id, version, participant_id, kind, occurred_at, occurred_text, zone,"
            " local_day, recorded_at, recorded_text, received_at, author_id, author_role, origin, data,"
            " body_hash, state, late, basis, in_summaries) values ('e', 'e', 1, :p, 'note', :at, '', '',"
            " '2026-01-01', :at, '', :at, :a, 'participant', 'typed', '{}', '', 'stored', 0, 'none', 0)",
            {"p": participant["id"], "a": account["id"], "at": at},
        )
        db.execute(
            "insert into entry_decisions (id, entry_id, decision, source_note, decided_by, decided_at)"
            " values ('d', 'e', 'accepted', '', :a, :at)",
            {"a": account["id"], "at": at},
        )
        db.execute(
            "insert into same_records values ('s', 'e', :p, :a, '{}', :at)",
            {"p": participant["id"], "a": account["id"], "at": at},
        )
        db.execute(
            "insert into refusals (id, status, account_id, raw, raw_hash, code, fields, received_at)"
            " values ('r', 'refused', :a, '', '', '', '{}', :at)",
            {"a": account["id"], "at": at},
        )
        db.execute("insert into changes values (:p, 1000, null, 'entry', 'e')", {"p": participant["id"]})
        db.execute(
            "insert into alerts (id, participant_id, site_id, level, kind, state, is_contraception, opened_at)"
            " select 'l', p.id, p.site_id, 'desk', 'review', 'open', 0, :at from participants p where p.id = :p",
            {"p": participant["id"], "at": at},
        )
        db.execute("insert into alert_entries values ('l', 'e', 'e', :at)", {"at": at})
        db.execute(
            "insert into queries (id, participant_id, site_id, root_id, entry_id, is_contraception, state,"
            " raised_by, raised_at, due_day) select 'q', p.id, p.site_id, 'e', 'e', 0, 'open', :a, :at,"
            " '2026-01-08' from participants p where p.id = :p",
            {"p": participant["id"], "a": account["id"], "at": at},
        )
        db.execute(
            "insert into query_messages values ('m', 'q', 1, :p, :a, 'coordinator', 'Sure?', :at)",
            {"p": participant["id"], "a": account["id"], "at": at},
        )
        db.execute("insert into audit_seals values (1, :at, '{}', '', '')", {"at": at})


def test_a_truncate_is_refused_too(db: Database) -> None:
    if db.engine == "sqlite":
        pytest.skip("SQLite has no truncate")
    with pytest.raises(Exception, match="append-only"), db.atomic():
        db.execute("truncate audit")


def test_replacing_a_row_is_refused_too(db: Database) -> None:
    if db.engine == "postgresql":
        pytest.skip("PostgreSQL has no insert or replace")
    _one_row_in_each(db)
    with pytest.raises(Exception, match="append-only"), db.atomic():
        db.execute("insert or replace into audit_seals values (1, '2027-01-01T00:00:00.000Z', '', '', '')")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("alerts", "level", "'urgent'"), ("participants", "state", "'dead'")],
)
def test_words_outside_their_closed_set_are_refused_by_the_schema(
    db: Database, table: str, column: str, value: str
) -> None:
    _one_row_in_each(db)
    with pytest.raises(Exception, match=r"(?i)check"), db.atomic():
        db.execute(f"update {table} set {column} = {value}")
