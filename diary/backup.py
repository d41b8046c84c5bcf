"""Copies of the whole database into one file, and back: SQLite's own online backup, or pg_dump."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import migrations
from diary import backup_postgres
from diary.backup_postgres import BackupError
from diary.config import Config
from diary.db import BUSY_TIMEOUT_S, SqliteDatabase, sqlite_path

__all__ = ["BackupError", "restore", "save"]


def save(config: Config, to: Path | None, now: datetime) -> Path:
    """Write a checked copy while the diary goes on working; answers its path; BackupError."""
    is_sqlite = config.database.startswith("sqlite:")
    ending = "db" if is_sqlite else "dump"
    target = to or config.instance_dir / "backups" / f"{config.name}-{_stamp(now)}.{ending}"
    if target.exists():
        raise BackupError(f"{target} is there already: name another file.")
    with _draft(target) as draft:
        if is_sqlite:
            _copy_sqlite(_existing(sqlite_path(config.database)), draft)
        else:
            backup_postgres.save(config.database, draft)
        os.replace(draft, target)
    return target


def restore(config: Config, source: Path, *, replace: bool, now: datetime) -> Path | None:
    """Put a copy in the database's place, at the present schema; answers where the old one was kept.

    BackupError when the copy is damaged or newer than this program, when the diary is running, or when
    the database holds something and `replace` was not said.
    """
    if not source.is_file():
        raise BackupError(f"{source} is no file: name a copy that diary backup has made.")
    aside = config.instance_dir / "backups" / f"{config.name}-before-restore-{_stamp(now)}"
    if config.database.startswith("sqlite:"):
        return _restore_sqlite(source, sqlite_path(config.database), replace, aside.with_suffix(".db"))
    return backup_postgres.restore(config.database, source, replace, aside.with_suffix(".dump"))


def _restore_sqlite(source: Path, target: Path, replace: bool, aside: Path) -> Path | None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _draft(target) as draft:
        _copy_sqlite(source, draft)
        _bring_up_to_date(draft)
        held = _is_filled(target)
        if held and not replace:
            raise BackupError(f"{target} is not empty: say --replace, and it is kept aside as {aside}.")
        if target.exists():
            _claim(target)
        if held:
            aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # A second name first, then the swap: at no moment is there no database.
            os.link(target, aside)
        os.replace(draft, target)
    return aside if held else None


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """An empty private file beside the target, gone again if it is not renamed."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f"{target.name}.{os.getpid()}.draft")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield draft
    finally:
        for leftover in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
            leftover.unlink(missing_ok=True)


def _copy_sqlite(source: Path, draft: Path) -> None:
    """A whole, checked copy as one file, without a write-ahead log beside it, safely on disk."""
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as origin,
            closing(sqlite3.connect(draft, isolation_level=None)) as copy,
        ):
            origin.backup(copy)
            copy.execute("pragma journal_mode = delete")
            faults = [row[0] for row in copy.execute("pragma integrity_check") if row[0] != "ok"]
            faults += [
                f"a row of {row[0]} points nowhere" for row in copy.execute("pragma foreign_key_check")
            ]
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{source} cannot be copied: {error}.") from error
    if faults:
        raise BackupError(f"{source} is damaged ({len(faults)} faults; the first: {faults[0]}).")
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


def _bring_up_to_date(draft: Path) -> None:
    with closing(sqlite3.connect(draft, isolation_level=None)) as conn:
        backup_postgres.refuse_unknown(_applied(conn))
        conn.execute("pragma foreign_keys = on")
        migrations.apply(SqliteDatabase(conn, execute_plugins=False))  # type: ignore[arg-type]


def _applied(conn: sqlite3.Connection) -> set[str]:
    try:
        return {row[0] for row in conn.execute("select name from schema_migrations")}
    except sqlite3.OperationalError:
        raise BackupError("This file is no copy of a diary.") from None


def _is_filled(target: Path) -> bool:
    if not target.exists():
        return False
    with closing(sqlite3.connect(target, timeout=BUSY_TIMEOUT_S)) as conn:
        return conn.execute("select 1 from sqlite_master limit 1").fetchone() is not None


def _claim(target: Path) -> None:
    """Refuse while anybody else has the file open: they would go on writing into the one put aside."""
    try:
        with closing(sqlite3.connect(target, timeout=0.5, isolation_level=None)) as conn:
            # Leaving WAL needs the file alone; it also folds the log into the file.
            conn.execute("pragma journal_mode = delete")
    except sqlite3.OperationalError:
        raise BackupError(f"{target} is in use: stop the diary first.") from None


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BackupError(f"{path} is not there: nothing to copy. Is DIARY_DATABASE right?")
    return path


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}"
