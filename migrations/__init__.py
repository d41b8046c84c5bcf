"""One append-only list of schema changes, as SQL text that runs on both engines."""

import importlib
from typing import Any

from sqlite_utils.migrations import Migrations

from diary import clock
from diary.db import Database, one

# Append only: a name that has shipped is never edited, renamed or moved.
NAMES = (
    "m0001_the_road", "m0002_reminders", "m0003_desk", "m0004_alerts_open", "m0005_phones_set_aside",
    "m0006_desk_in_time", "m0007_waiting", "m0008_push_services",
)  # fmt: skip


class SqlMigrations(Migrations):
    """sqlite-utils' migrations with their bookkeeping in SQL, so that they run on PostgreSQL too."""

    def applied(self, db: Any) -> list[Migrations._AppliedMigration]:
        if not _has_bookkeeping(db):
            return []
        rows = db.query(
            "select name, applied_at from schema_migrations where migration_set = :set order by name",
            {"set": self.name},
        )
        return [self._AppliedMigration(name=row["name"], applied_at=row["applied_at"]) for row in rows]

    def ensure_migrations_table(self, db: Any) -> None:
        db.execute(
            "create table if not exists schema_migrations ("
            " migration_set text not null, name text not null, applied_at text not null,"
            " primary key (migration_set, name))"
        )

    def _record_applied(self, db: Any, name: str) -> None:
        db.execute(
            "insert into schema_migrations (migration_set, name, applied_at) values (:set, :name, :at)",
            {"set": self.name, "name": name, "at": clock.to_text(clock.now())},
        )


def _has_bookkeeping(db: Database) -> bool:
    catalogue = "sqlite_master where type = 'table' and name" if db.engine == "sqlite" else _PG_CATALOGUE
    return one(db, f"select 1 as found from {catalogue} = :name", {"name": "schema_migrations"}) is not None


_PG_CATALOGUE = "information_schema.tables where table_schema = current_schema() and table_name"


def _all() -> SqlMigrations:
    migrations = SqlMigrations("diary")
    for name in NAMES:
        module = importlib.import_module(f"migrations.{name}")
        migrations(name=name)(module.up)
    return migrations


def pending(db: Database) -> list[str]:
    """Names of the migrations this database still lacks; reads only."""
    return [migration.name for migration in _all().pending(db)]  # type: ignore[arg-type]


def apply(db: Database) -> list[str]:
    """Apply what is pending inside one write transaction; processes that come together wait their turn."""
    with db.atomic():
        db.lock("migrations")
        names = pending(db)
        _all().apply(db)  # type: ignore[arg-type]
    return names
