"""The PostgreSQL side of `diary backup` and `diary restore`: pg_dump, pg_restore and psql do the work."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

import migrations
from diary.db import open_database

# How libpq names the parts of an address in the environment, where `ps` does not show the password.
_LIBPQ = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}
_EMPTY = "drop schema public cascade; create schema public;\n"


class BackupError(Exception):
    """A copy that cannot be made or put back; the text is the sentence for the operator."""


def refuse_unknown(applied: Iterable[str]) -> None:
    """BackupError when a copy carries migrations that this program does not know."""
    if unknown := sorted(set(applied) - set(migrations.NAMES)):
        raise BackupError(f"This copy was made by a newer diary ({unknown[-1]}): install that version first.")


def save(url: str, draft: Path) -> None:
    """Write a dump in pg_dump's own format and read its table of contents back."""
    _run(["pg_dump", "--format=custom", "--no-owner", f"--file={draft}"], url)
    _run(["pg_restore", "--list", str(draft)], url)


def restore(url: str, source: Path, replace: bool, aside: Path) -> Path | None:
    """Replace the schema in one transaction; what was there is dumped to `aside` first."""
    refuse_unknown(_applied(source, url))
    held = _is_filled(url)
    if held and not replace:
        raise BackupError(f"The database is not empty: say --replace, and it is kept aside as {aside}.")
    if held:
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        save(url, aside)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "restore.sql")
        script.touch(mode=0o600)
        _run(["pg_restore", "--no-owner", f"--file={script}", str(source)], url)
        quietly = ["psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1"]
        _run([*quietly, "--single-transaction", f"--command={_EMPTY}", f"--file={script}"], url)
    with closing(open_database(url)) as db:
        migrations.apply(db)
    return aside if held else None


def _applied(source: Path, url: str) -> list[str]:
    """The names of the migrations in a dump, from the COPY lines of their table."""
    text = _run(["pg_restore", "--data-only", "--table=schema_migrations", "--file=-", str(source)], url)
    _before, _copy, rows = text.partition("FROM stdin;\n")
    if not rows:
        raise BackupError(f"{source} is no copy of a diary.")
    return [line.split("\t")[1] for line in rows.partition("\\.\n")[0].splitlines()]


def _is_filled(url: str) -> bool:
    """Whether there are tables; BackupError while somebody else is connected."""
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as conn:
        others = conn.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        ).fetchone()
        if others and others[0]:
            raise BackupError("The database is in use: stop the diary first.")
        tables = conn.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        return bool(tables and tables[0])


def _run(command: list[str], url: str) -> str:
    program = shutil.which(command[0])
    if program is None:
        raise BackupError(
            f"{command[0]} is needed and was not found: install the client of your PostgreSQL server "
            "(Debian: apt-get install postgresql-client)."
        )
    done = subprocess.run(
        [program, *command[1:]], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BackupError(f"{command[0]} failed: {reason}")
    return done.stdout


def _environment(url: str) -> Mapping[str, str]:
    parts = conninfo_to_dict(url)
    given = {_LIBPQ[name]: str(value) for name, value in parts.items() if name in _LIBPQ and value}
    return {**os.environ, **given}
