"""The real application with the named people, served to a real browser."""

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

import migrations
from diary import clock
from diary.app import create_app
from diary.config import Config
from diary.db import Database, open_database
from tests import people
from tests.browser import marionette
from tests.people import People, Person

ROOT = Path(__file__).resolve().parents[2]
NODE = next(
    (p for p in (ROOT / ".venv" / "node" / "bin" / "node", shutil.which("node")) if p and Path(p).exists()),
    None,
)
CHROMIUM = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
SCENE_TIMEOUT_S = 400
VAPID_KEY = "5c" * 32


def missing_parts() -> str | None:
    if CHROMIUM is None:
        return "no Chromium (Debian: apt-get install chromium)"
    if NODE is None or not (ROOT / "pwa" / "node_modules" / "playwright-core").exists():
        return "the apps' npm packages are not installed (make setup does it)"
    return (
        None
        if (ROOT / "pwa" / "dist" / "index.html").exists()
        else "the apps are not built (make run does it)"
    )


def skip_without(missing: str | None) -> None:
    """Where browsers are promised, a missing one is a failure and no skip."""
    if missing is not None and os.environ.get("DIARY_REQUIRE_BROWSERS"):
        pytest.fail(missing)
    if missing is not None:
        pytest.skip(missing)


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Callable[..., marionette.Firefox]]:
    """Open Firefox by the name of its phone, with preferences, language and size; all end with the test."""
    skip_without(None if marionette.FIREFOX else "no Firefox (Debian: apt-get install firefox-esr)")
    opened: list[marionette.Firefox] = []

    def phone(
        name: str, prefs: Mapping[str, marionette.Pref] | None = None, **more: Any
    ) -> marionette.Firefox:
        opened.append(marionette.Firefox(tmp_path / f"firefox-{name}", prefs, **more))
        return opened[-1].open()

    yield phone
    for one in opened:
        one.close()


@dataclass(frozen=True)
class Served:
    """The application at `origin`, its people, and the database to look into afterwards."""

    origin: str
    people: People
    db: Database
    config: Config

    def code_for(self, person: Person) -> str:
        """A fresh activation code for a participant or a guardian."""
        return people.code_for(self.db, person, clock.now())

    def rows(self, sql: str) -> list[dict[str, object]]:
        return [dict(row) for row in self.db.query(sql, {})]

    def holds_one_severe_low(self, person: Person, resolution: str) -> None:
        """Assert that one reading, one answer and one alert came of it, each by this person, and who closed it."""
        entries = self.rows("select kind, participant_id, author_id from entries order by kind")
        by = {"participant_id": person.participant_id, "author_id": person.account_id}
        assert entries == [{"kind": "hypo_event", **by}, {"kind": "reading", **by}]
        chen = self.people.chen.account_id
        assert self.rows("select level, kind, state, acknowledged_by, resolved_by, resolution from alerts") == [
            {"level": "desk", "kind": "severe_value", "state": "resolved", "acknowledged_by": chen,
             "resolved_by": chen, "resolution": resolution}
        ]  # fmt: skip


class _Handler(WSGIRequestHandler):
    """Gives up a connection that a browser opened and never used."""

    timeout = 5


class _Server(ThreadedWSGIServer):
    """Closing it waits for every answer that is being given, so that no connection is left behind."""

    daemon_threads = False


@contextmanager
def serving(config: Callable[[int], Config]) -> Iterator[Config]:
    """The application on a free port, with the settings that `config` makes of the port."""
    server = _Server("127.0.0.1", 0, lambda *_: [], _Handler)
    made = config(server.server_port)
    server.app = create_app(made)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def further() -> Mapping[str, Any]:
    """Settings of the application besides the usual; a test file that needs some has a fixture of this name."""
    return {}


@pytest.fixture
def served(tmp_path: Path, further: Mapping[str, Any]) -> Iterator[Served]:
    skip_without(missing_parts())
    people.hash_quickly()
    url = f"sqlite:///{tmp_path / 'diary.db'}"
    db = open_database(url)
    migrations.apply(db)
    here = people.settle(db)

    def config(port: int) -> Config:
        return Config(
            database=url, host="127.0.0.1", port=port, base_url=f"http://localhost:{port}",
            secret_key=people.SECRET_KEY, seal_key=b"for tests only, long enough to be", instance_dir=tmp_path,
            vapid_private_key=VAPID_KEY, **further,
        )  # fmt: skip

    with serving(config) as served_by:
        yield Served(served_by.base_url, here, db, served_by)
    db.close()


@pytest.fixture
def play(served: Served, tmp_path: Path) -> Callable[..., dict[str, object]]:
    """Run a scene with what it needs to know; what it reports comes back."""

    def run(scene: str, script: str = "journeys.mjs", **known: object) -> dict[str, object]:
        told = {"origin": served.origin, "folder": str(tmp_path), "chromium": CHROMIUM, **known}
        done = subprocess.run(
            [str(NODE), str(Path(__file__).with_name(script)), scene, json.dumps(told)],
            capture_output=True, text=True, timeout=SCENE_TIMEOUT_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
        report: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
        return report

    return run
