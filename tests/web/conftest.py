"""The application on a SQLite file of its own, with everybody in it, and a clock that the test moves."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

import migrations
from diary.config import Config
from diary.db import Database, open_database
from diary.store import sessions
from tests import people
from tests.apps import app_on
from tests.people import NOW, SECRET_KEY, STUDY, People, Person
from tests.web.browsing import BASE_URL, Browser, browser
from tests.web.things import Things, things

ClientFor = Callable[[Person | None], Browser]


@dataclass
class Clock:
    """What the application takes for the present instant."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> None:
    people.hash_quickly()


@pytest.fixture(scope="session")
def _moved_in(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, People]:
    path = tmp_path_factory.mktemp("template") / "diary.db"
    db = open_database(f"sqlite:///{path}")
    migrations.apply(db)
    who = people.settle(db)
    db.close()
    return path, who


@pytest.fixture
def who(_moved_in: tuple[Path, People]) -> People:
    return _moved_in[1]


@pytest.fixture
def config(_moved_in: tuple[Path, People], tmp_path: Path) -> Config:
    shutil.copy(_moved_in[0], tmp_path / "diary.db")
    return Config(
        database=f"sqlite:///{tmp_path / 'diary.db'}", host="127.0.0.1", port=8000, base_url=BASE_URL,
        secret_key=SECRET_KEY, seal_key=b"a seal key for tests, 32 bytes..", instance_dir=tmp_path, vapid_private_key="11" * 32,
        channels={"email": "mailtos://diary@smtp.example.org/?to={address}", "wecom": "wecombot://{address}"},
    )  # fmt: skip


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def app(config: Config, time: Clock) -> Flask:
    return app_on(config, time)


@pytest.fixture
def db(config: Config) -> Iterator[Database]:
    """The application's database on a connection of the test's own."""
    opened = open_database(config.database)
    yield opened
    opened.close()


@pytest.fixture
def nobody(app: Flask) -> Browser:
    """A browser that nobody has signed in with."""
    return browser(app)


@pytest.fixture
def client_for(app: Flask, db: Database, time: Clock) -> ClientFor:
    """A browser in which this person is signed in (None: nobody), without going through signIn."""

    def client(person: Person | None) -> Browser:
        opened = browser(app)
        if person:
            account = people.db_row(db, "accounts", person.account_id)
            session_id = sessions.open_new(db, STUDY, time(), account, "test")
            with opened.session_transaction() as cookie:
                cookie["_user_id"] = session_id
                cookie.permanent = person.role in sessions.OWN_ROLES
        return opened

    return client


@pytest.fixture
def ours(client_for: ClientFor, who: People, db: Database) -> Things:
    """Of An, who has a guardian, an entry with its alert, a schedule and a session."""
    return things(client_for, db, who.an, who.chen, who.mei)


@pytest.fixture
def chen(client_for: ClientFor, who: People) -> Browser:
    """The coordinator's browser."""
    return client_for(who.chen)
