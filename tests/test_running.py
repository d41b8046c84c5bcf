"""`diary run` and `make run` as they are really started: nothing is left behind, whatever ends them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from diary.db import open_database, sqlite_path
from tests.proof.running import Caller, Server, children, command_line, diary_command, is_group_alive
from tests.shared import ROOT

STOP_LIMIT_S = 10.0
# Installing and building are not what is tried here, and must not begin in the middle of the tests.
MAKE_RUN = ("make", "-C", str(ROOT), "-o", ".venv/.runtime", "-o", "pwa/.built", "run")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a program that its parent died")
make = pytest.mark.skipif(
    not (ROOT / ".venv" / "bin" / "diary").exists() or shutil.which("make") is None, reason="needs make setup"
)


class Running(Server):
    """A server whose end is timed."""

    def __init__(self, folder: Path, *command: str) -> None:
        super().__init__(folder, *command)
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            self.environ.pop(name, None)

    def ends_within_the_limit(self) -> int:
        began = time.monotonic()
        self.wait_until_gone(STOP_LIMIT_S)
        assert time.monotonic() - began < STOP_LIMIT_S
        assert not self.answers()
        assert self.process is not None
        return self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, *diary_command("run"))
    yield running
    running.end()


@pytest.fixture
def under_make(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, *MAKE_RUN)
    yield running
    running.end()


def programs(supervisor: int) -> dict[str, int]:
    """Process ids of the supervisor's children by command."""
    return {command_line(pid).split()[-1]: pid for pid in children(supervisor)}


def integrity(server: Running) -> object:
    with closing(open_database(server.environ["DIARY_DATABASE"])) as db:
        return next(iter(db.query("pragma integrity_check")))["integrity_check"]


def test_run_starts_web_and_worker_and_ends_both_when_told(server: Running) -> None:
    server.start()
    assert programs(server.pid()).keys() == {"serve", "worker"}
    os.kill(server.pid(), signal.SIGTERM)
    assert server.ends_within_the_limit() == 0
    assert "setup?code=" in server.log()
    assert "Traceback" not in server.log()


def test_the_log_names_no_calendar_feed_by_its_secret(server: Running) -> None:
    server.start()
    phone = Caller(server.port, server.origin)
    for path in ("calendar/s3cret.ics", "calendar%2Fs3cret.ics?of=s3cret", "patient/calendar.ics"):
        phone.call("GET", f"/api/{path}")
    phone.close()
    assert server.stop() == 0
    log = server.log()
    assert "s3cret" not in log
    assert log.count("GET /api/calendar/... 404") == 2 and "GET /api/patient/calendar.ics 401" in log


def test_control_c_ends_all_without_a_traceback(server: Running) -> None:
    server.start()
    os.killpg(server.pid(), signal.SIGINT)
    assert server.ends_within_the_limit() == 0
    assert "Traceback" not in server.log()


@pytest.mark.parametrize("victim", ["serve", "worker"])
def test_all_ends_when_one_of_them_dies(server: Running, victim: str) -> None:
    server.start()
    os.kill(programs(server.pid())[victim], signal.SIGKILL)
    assert server.ends_within_the_limit() == 1
    name = {"serve": "web server", "worker": "worker"}[victim]
    assert f"The {name} was killed by signal 9; stopping the rest." in server.log()


@linux
def test_after_a_killed_supervisor_the_next_start_finds_port_and_database_well(server: Running) -> None:
    server.start()
    os.kill(server.pid(), signal.SIGKILL)
    server.wait_until_gone(5)
    server.start()
    assert integrity(server) == "ok"
    assert server.stop() == 0


def test_a_taken_port_ends_it_before_anything_starts(server: Running) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            server.command, env={**server.environ, "DIARY_PORT": str(port)}, cwd=server.folder,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {port} ") and done.stderr.count("\n") == 1
    assert not sqlite_path(server.environ["DIARY_DATABASE"]).exists()


@make
def test_a_signal_to_make_ends_all_and_the_group_is_makes_own(under_make: Running) -> None:
    under_make.start()
    [supervisor] = children(under_make.pid())
    assert command_line(supervisor).split()[-2:] == ["run", "--with-parent"]
    members = [supervisor, *programs(supervisor).values()]
    assert {os.getpgid(pid) for pid in members} == {under_make.pid()}
    os.kill(under_make.pid(), signal.SIGTERM)
    assert under_make.ends_within_the_limit() != 0


@make
@linux
def test_a_killed_make_leaves_none_behind(under_make: Running) -> None:
    under_make.start()
    os.kill(under_make.pid(), signal.SIGKILL)
    under_make.ends_within_the_limit()
    assert not is_group_alive(under_make.pid())


@make
def test_make_fails_when_the_port_is_taken(under_make: Running) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", under_make.port))
        taken.listen()
        done = subprocess.run(
            under_make.command,
            env=under_make.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode != 0
    assert f"Port {under_make.port} on 127.0.0.1 is taken" in done.stderr
