"""The two places where the engines' schema language differs."""

from diary.db import Database


def create_table(db: Database, name: str, columns: str) -> None:
    """Create a table; on SQLite a STRICT one, so that a column holds what it says."""
    db.execute(f"create table {name} ({columns}){' strict' if db.engine == 'sqlite' else ''}")


def append_only(db: Database, table: str) -> None:
    """Let the database itself refuse every update and delete of the table's rows."""
    if db.engine == "sqlite":
        for verb in ("update", "delete"):
            db.execute(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, '{table} is append-only'); end"
            )
        return
    db.execute(
        "create or replace function refuse_change() returns trigger language plpgsql as $$"
        " begin raise exception '% is append-only', tg_table_name; end $$"
    )
    db.execute(
        f"create trigger {table}_no_change before update or delete on {table}"
        " for each row execute function refuse_change()"
    )
    db.execute(
        f"create trigger {table}_no_truncate before truncate on {table}"
        " for each statement execute function refuse_change()"
    )
