"""The same verbs on psycopg 3."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.rows import dict_row

from diary.db import Params, Row

# A string literal, a `::cast`, or a `:name`; only the last is a parameter.
_TOKEN = re.compile(r"('(?:[^']|'')*')|(::)|:([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=1024)
def _translate(sql: str) -> str:
    """`:name` -> `%(name)s`, and every other percent sign doubled."""

    def swap(match: re.Match[str]) -> str:
        literal, cast, name = match.groups()
        return literal or cast or f"%({name})s"

    return _TOKEN.sub(swap, sql.replace("%", "%%"))


class PostgresDatabase:
    engine = "postgresql"

    def __init__(self, conn: psycopg.Connection[Row]) -> None:
        self.conn = conn

    @classmethod
    def open(cls, url: str) -> "PostgresDatabase":
        return cls(psycopg.connect(url, autocommit=True, row_factory=dict_row, connect_timeout=10))

    def query(self, sql: str, params: Params | None = None) -> Iterator[Row]:
        return iter(self._run(sql, params).fetchall())

    def execute(self, sql: str, params: Params | None = None) -> Any:
        return self._run(sql, params)

    def execute_many(self, sql: str, rows: Sequence[Params]) -> int:
        with self.conn.cursor() as cursor:
            cursor.executemany(_translate(sql).encode(), rows)
            return max(cursor.rowcount, 0)

    def _run(self, sql: str, params: Params | None) -> psycopg.Cursor[Row]:
        # Without parameters psycopg leaves percent signs alone, so the text goes as it is.
        if not params:
            return self.conn.execute(sql.encode())
        return self.conn.execute(_translate(sql).encode(), params)

    def atomic(self) -> AbstractContextManager[Any]:
        return self.conn.transaction()

    def lock(self, key: str) -> None:
        """An advisory lock, held until the transaction ends."""
        if self.conn.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
            raise RuntimeError(f"lock({key!r}) outside a transaction protects nothing")
        self.conn.execute("select pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": key})

    def close(self) -> None:
        self.conn.close()
