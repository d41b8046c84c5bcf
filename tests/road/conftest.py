"""The whole server on a database of its own, on both engines, and people with phones and desks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from diary.config import Config
from diary.db import Database
from diary.store import sessions
from tests.apps import app_on
from tests.people import NOW, SECRET_KEY, STUDY, People, Person, db_row
from tests.phone import Desk, Phone


@dataclass
class Clock:
    """The server's clock in a test: stands still until it is moved."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def server_clock() -> Clock:
    return Clock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, server_clock: Clock) -> Flask:
    config = Config(
        database=database_url, host="127.0.0.1", port=8000, base_url="http://localhost:8000",
        secret_key=SECRET_KEY, seal_key=b"for tests", instance_dir=tmp_path,
    )  # fmt: skip
    return app_on(config, server_clock)


@pytest.fixture
def client_for(app: Flask, db: Database, server_clock: Clock) -> Callable[[Person], FlaskClient]:
    """A browser in which this person is signed in."""

    def signed_in(person: Person) -> FlaskClient:
        session_id = sessions.open_new(
            db, STUDY, server_clock(), db_row(db, "accounts", person.account_id), "a test"
        )
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = session_id
        return client

    return signed_in


@pytest.fixture
def phone(client_for: Any, who: People) -> Phone:
    """Lin's, an adult."""
    return Phone(client_for(who.lin))


@pytest.fixture
def other_phone(client_for: Any, who: People) -> Phone:
    """Olsen's, of another site."""
    return Phone(client_for(who.olsen))


@pytest.fixture
def mother(client_for: Any, who: People) -> Phone:
    """Mei's, who writes for An, 7, whom a carer always treats."""
    return Phone(client_for(who.mei), {"participant_id": who.an.participant_id, "proxy_reason": "too young"})


@pytest.fixture
def desk(client_for: Any, who: People) -> Desk:
    """The coordinator looks at Lin."""
    return Desk(client_for(who.chen), str(who.lin.participant_id))
