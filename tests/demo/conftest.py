"""A demo of twenty days, built once for the tests that only look at it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from diary import config, demo
from diary.config import Config
from diary.db import Database, open_database

NOW = datetime(2026, 3, 18, 8, 20, tzinfo=UTC)
DAYS = 20


def settings(folder: Path) -> Config:
    return config.load({"DIARY_DATABASE": f"sqlite:///{folder}/instance/demo.db"}, None)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, _quick_hashes: None) -> Config:
    """The settings of a demo that is there; nobody changes it."""
    made = settings(tmp_path_factory.mktemp("demo"))
    demo.ensure(made, days=DAYS, now=NOW)
    return made


@pytest.fixture
def told(built: Config) -> Iterator[Database]:
    """Its database, to look at."""
    db = open_database(built.database)
    db.execute("pragma query_only = on")
    yield db
    db.close()


@pytest.fixture
def logins(built: Config) -> list[dict[str, Any]]:
    """What demo-accounts.json says."""
    content: list[dict[str, Any]] = json.loads((built.instance_dir / "demo-accounts.json").read_text("utf-8"))
    return content
