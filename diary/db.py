"""The database as a few verbs: `query`, `execute`, `atomic`, `lock`, the same on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Protocol, cast

import psycopg
import sqlite_utils
from sqlite_utils.utils import dedupe_keys

Row = dict[str, Any]
Params = Mapping[str, object]
BUSY_TIMEOUT_S = 10.0
# Texts of statements that a connection keeps prepared; the driver's own 128 are fewer than a tick of the
# worker has.
PREPARED = 1024
# The database is away, locked or full: trying again may help. Every other error of it is ours.
UNAVAILABLE = (sqlite3.OperationalError, psycopg.OperationalError)


class Database(Protocol):
    """One connection. SQL is portable text with `:name` parameters; values are str, int or None."""

    engine: str

    def query(self, sql: str, params: Params | None = None) -> Iterator[Row]:
        """Run one statement and yield its rows as dicts; also for `returning`."""

    def execute(self, sql: str, params: Params | None = None) -> Any:
        """Run one statement whose rows nobody wants; answers a cursor with `rowcount`."""

    def execute_many(self, sql: str, rows: Sequence[Params]) -> int:
        """Run one statement once for each row of parameters; how many rows it changed in all."""

    def atomic(self) -> AbstractContextManager[Any]:
        """A write transaction; inside another one, a savepoint."""

    def lock(self, key: str) -> None:
        """Make other writers of `key` wait until this transaction ends."""

    def close(self) -> None: ...


class SqliteDatabase(sqlite_utils.Database):
    """sqlite-utils' database whose outermost transaction takes the write lock at once.

    A deferred BEGIN that reads and then writes fails under a second writer within a millisecond,
    whatever the timeout says; BEGIN IMMEDIATE waits.
    """

    engine = "sqlite"

    @contextmanager
    def atomic(self) -> Iterator["SqliteDatabase"]:
        if self.conn.in_transaction:
            with self._savepoint():
                yield self
            return
        self.conn.execute("begin immediate")
        try:
            yield self
        except BaseException:
            self.conn.rollback()
            raise
        try:
            self.conn.execute("commit")
        except BaseException:
            self.conn.rollback()
            raise

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        # Names may repeat, the innermost is meant: one text, prepared once, for every entry of a batch.
        self.conn.execute("savepoint inner_part")
        try:
            yield
        except BaseException:
            # An error may have ended the whole transaction; to roll back once more would hide it.
            if self.conn.in_transaction:
                self.conn.execute("rollback to inner_part")
                self.conn.execute("release inner_part")
            raise
        self.conn.execute("release inner_part")

    def query(self, sql: str, params: Params | None = None) -> Iterator[Row]:  # type: ignore[override]
        """As sqlite-utils does, without its savepoint: a single statement that fails leaves nothing behind.

        A write is done when this returns; the rows of a select are fetched as they are asked for.
        """
        cursor = self.conn.execute(sql, params or {})
        if cursor.description is None:
            raise ValueError("query() is for statements that answer rows")
        names = [column[0] for column in cursor.description]
        if len(set(names)) < len(names):
            names = list(dedupe_keys(names))
        rows = cursor if sql.lstrip()[:6].lower() == "select" else cursor.fetchall()
        return map(dict, map(zip, repeat(names), rows))

    def execute_many(self, sql: str, rows: Sequence[Params]) -> int:
        return max(self.conn.executemany(sql, rows).rowcount, 0)

    def lock(self, key: str) -> None:
        """The transaction already holds SQLite's only write lock."""
        if not self.conn.in_transaction:
            raise RuntimeError(f"lock({key!r}) outside a transaction protects nothing")


def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…`; relative paths are taken from the working folder."""
    if url.startswith(("postgresql://", "postgres://")):
        from diary.postgres import PostgresDatabase

        return PostgresDatabase.open(url)
    return _open_sqlite(sqlite_path(url))


def sqlite_path(url: str) -> Path:
    """The file behind `sqlite:///relative` or `sqlite:////absolute`."""
    if not url.startswith("sqlite:///"):
        raise ValueError("A database address begins with sqlite:/// or postgresql://.")
    return Path(url.removeprefix("sqlite:///"))


def _open_sqlite(path: Path) -> Database:
    # Autocommit mode: transactions begin only where `atomic` says so. A connection never serves two
    # threads at once, but the one that opens it may hand it on (worker thread, test).
    conn = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False,
        cached_statements=PREPARED,
    )  # fmt: skip
    conn.execute("pragma foreign_keys = on")
    conn.execute("pragma journal_mode = wal")
    conn.execute("pragma synchronous = full")
    # Its query and execute take more kinds of parameters than ours; mypy sees only the other names.
    return cast(Database, SqliteDatabase(conn, execute_plugins=False))


def marks(values: Sequence[object]) -> tuple[str, dict[str, object]]:
    """`:id0, :id1 ...` and their values, for `in (...)`.

    The last value stands repeatedly, up to a power of two: few texts, so that they are found prepared.
    """
    if not values:
        return "", {}
    holders, names = _names(1 << (len(values) - 1).bit_length())
    return holders, dict(zip(names, chain(values, repeat(values[-1])), strict=False))


@lru_cache(maxsize=32)
def _names(size: int) -> tuple[str, tuple[str, ...]]:
    names = tuple(f"id{i}" for i in range(size))
    return ", ".join(f":{name}" for name in names), names


def one(db: Database, sql: str, params: Params | None = None) -> Row | None:
    """The first row, or None."""
    for row in db.query(sql, params):
        return row
    return None
