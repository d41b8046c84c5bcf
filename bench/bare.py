"""The least that does the same: sqlite3 with the road's statements, and a Flask view with one commit."""

import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, Response, jsonify, request

from diary.config import Config, load
from diary.db import SqliteDatabase
from diary.serve import WebServer

Statement = tuple[str, Mapping[str, object]]
WRITES = ("insert", "update", "delete")


def connect(path: Path) -> sqlite3.Connection:
    """With the same pragmas as the diary's connections: a commit is on the disk when it returns."""
    conn = sqlite3.connect(path, timeout=10, isolation_level=None)
    conn.execute("pragma foreign_keys = on")
    conn.execute("pragma journal_mode = wal")
    conn.execute("pragma synchronous = full")
    return conn


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Every writing statement that goes through the diary's databases meanwhile, with its parameters."""
    log: list[Statement] = []
    execute, query = SqliteDatabase.execute, SqliteDatabase.query

    def note(sql: str, params: Any) -> None:
        if sql.lstrip()[:6].lower() in WRITES:
            log.append((sql, dict(params or {})))

    def noting_execute(self: SqliteDatabase, sql: str, params: Any = None) -> Any:
        note(sql, params)
        return execute(self, sql, params)

    def noting_query(self: SqliteDatabase, sql: str, params: Any = None) -> Any:
        note(sql, params)
        return query(self, sql, params)

    SqliteDatabase.execute, SqliteDatabase.query = noting_execute, noting_query  # type: ignore[assignment, method-assign]
    try:
        yield log
    finally:
        SqliteDatabase.execute, SqliteDatabase.query = execute, query  # type: ignore[method-assign]


def write(path: Path, batches: list[list[Statement]]) -> float:
    """Each batch in one durable transaction; the seconds it took."""
    conn = connect(path)
    began = time.perf_counter()
    for batch in batches:
        conn.execute("begin immediate")
        for sql, params in batch:
            conn.execute(sql, params)
        conn.execute("commit")
    took = time.perf_counter() - began
    conn.close()
    return took


def commit_ms(folder: Path, times: int = 200) -> float:
    """The median of one small durable commit on this disk, in milliseconds."""
    conn = connect(folder / "commit.db")
    conn.execute("create table notes (id text primary key, body text not null) strict")
    took = []
    for _ in range(times):
        began = time.perf_counter()
        conn.execute("insert into notes values (?, ?)", (str(uuid4()), "x" * 300))
        took.append(time.perf_counter() - began)
    conn.close()
    return statistics.median(took) * 1000


class BareServer(WebServer):
    """The diary's own gunicorn settings around the bare view."""

    def load(self) -> Flask:
        return bare_view(Path(self.config.database.removeprefix("sqlite:///")))


def bare_view(path: Path) -> Flask:
    """One view: the body as it came into one row, one durable commit, a connection kept per thread."""
    app = Flask(__name__, static_folder=None)
    kept = threading.local()

    @app.put("/entries/<entry_id>")
    def put(entry_id: str) -> Response:
        if not hasattr(kept, "conn"):
            kept.conn = connect(path)
        request.get_json()
        kept.conn.execute("insert into notes values (?, ?)", (entry_id, request.get_data(as_text=True)))
        return jsonify({"id": entry_id, "status": "stored"})

    return app


def main(config: Config) -> None:
    conn = connect(Path(config.database.removeprefix("sqlite:///")))
    conn.execute("create table if not exists notes (id text primary key, body text not null) strict")
    conn.close()
    BareServer(config).run()


if __name__ == "__main__":
    main(load())
