"""The ping to a watcher outside: only while the worker is well, and never in its way."""

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from diary.db import Database
from diary.jobs.heartbeat import TICK_FRESH, Heartbeat
from diary.store import ticks
from tests.people import NOW


class Watcher(ThreadingHTTPServer):
    """Counts pings and answers what it is told to."""

    pings = 0
    status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/ping"


class _Ping(BaseHTTPRequestHandler):
    server: Watcher

    def do_GET(self) -> None:
        self.server.pings += 1
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    server = Watcher(("127.0.0.1", 0), _Ping)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_watcher_hears_of_a_worker_whose_clock_goes_on(db: Database, watcher: Watcher) -> None:
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    assert Heartbeat(watcher.url).beat(db, NOW + TICK_FRESH)
    assert watcher.pings == 1


def test_a_worker_whose_tick_fails_is_silent(db: Database, watcher: Watcher) -> None:
    assert not Heartbeat(watcher.url).beat(db, NOW)
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    assert not Heartbeat(watcher.url).beat(db, NOW + TICK_FRESH + timedelta(seconds=1))
    assert watcher.pings == 0


def test_a_watcher_that_fails_stops_nothing_and_is_logged_once_for_each_change(
    db: Database, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "diary.jobs.heartbeat")
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    heart = Heartbeat(watcher.url)
    watcher.status = 500
    assert [heart.beat(db, NOW) for _ in range(3)] == [False] * 3
    watcher.status = 204
    assert [heart.beat(db, NOW) for _ in range(2)] == [True] * 2
    assert [record.getMessage() for record in caplog.records] == [
        "no heartbeat: HTTPError", "the heartbeat goes again",
    ]  # fmt: skip
    assert watcher.url not in caplog.text


def test_nobody_there_is_a_failure_like_another(db: Database, watcher: Watcher) -> None:
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    port = watcher.server_port
    watcher.server_close()
    assert not Heartbeat(f"http://127.0.0.1:{port}/").beat(db, NOW)
