"""The real program as a process of its own, and a phone that speaks HTTP to it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.proof.load import PIN

START_TIMEOUT_S = 60.0
# Whatever a dying server does to a call: no answer came.
UNANSWERED = (OSError, HTTPException)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One `diary` command in a folder of its own, with its port and its own process group."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.folder, self.command, self.port = folder, command, free_port()
        self.origin = f"http://localhost:{self.port}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DIARY_")},
            "DIARY_DATABASE": f"sqlite:///{folder / 'diary.db'}", "DIARY_PORT": str(self.port),
            "DIARY_HOST": "127.0.0.1",
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start and wait until it answers; the seconds that took."""
        began = time.monotonic()
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environ, stdout=log, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > began + START_TIMEOUT_S:
                raise RuntimeError(f"the server did not come up:\n{self.log()[-3000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/me")
            return connection.getresponse().status < 500
        except UNANSWERED:
            return False
        finally:
            connection.close()

    def log(self) -> str:
        return (self.folder / "server.log").read_text(errors="replace")

    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError("not started")
        return self.process.pid

    def wait_until_gone(self, timeout_s: float = 60.0) -> None:
        """Until the program has ended and nothing of its group is left."""
        deadline = time.monotonic() + timeout_s
        if self.process is not None:
            self.process.wait(timeout_s)
        while is_group_alive(self.pid()):
            if time.monotonic() > deadline:
                raise RuntimeError("something of the program lives on")
            time.sleep(0.01)

    def stop(self) -> int:
        """Ask it to stop; its exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.wait_until_gone()
        return self.process.returncode

    def end(self) -> None:
        """Leave nothing behind, whatever happened."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid(), signal.SIGKILL)
            self.process.wait(60)


def diary_command(word: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "diary.cli", word)


def is_group_alive(pgid: int) -> bool:
    """Whether any process of the group runs; one that ended and waits to be reaped does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(group) == pgid and state != "Z":
                return True
    return False


def children(pid: int) -> list[int]:
    """Process ids whose parent is `pid`, oldest first."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


def command_line(pid: int) -> str:
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "cmdline").read_text().replace("\0", " ")
    return ""


@dataclass
class Answer:
    status: int
    body: Any


class Caller:
    """A keep-alive connection with a session cookie; an error leaves it ready for the next call."""

    def __init__(self, port: int, origin: str, timeout_s: float = 60.0) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=timeout_s)
        self.headers = {"Origin": origin, "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: object = None) -> Answer:
        """One call; raises UNANSWERED when the connection broke before the whole answer came."""
        data = None if body is None else json.dumps(body).encode()
        try:
            self.connection.request(method, path, data, self.headers)
            response = self.connection.getresponse()
            text = response.read()
        except BaseException:
            self.connection.close()
            raise
        cookie = response.getheader("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.partition(";")[0]
        is_json = response.getheader("Content-Type", "").startswith("application/json")
        return Answer(response.status, json.loads(text) if text and is_json else None)

    def sign_in(self, login: str, secret: str = PIN) -> None:
        answer = self.call("POST", "/api/sign-in", {"login": login, "secret": secret})
        if answer.status != 200:
            raise RuntimeError(f"{login} could not sign in: {answer.status} {answer.body}")

    def renew(self) -> None:
        """A fresh connection, in use already: a server drops one that nobody spoke on for two seconds."""
        self.connection.close()
        self.call("GET", "/api/me")

    def close(self) -> None:
        self.connection.close()
