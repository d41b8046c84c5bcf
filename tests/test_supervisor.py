"""The supervisor with small programs of our own; tests/test_running.py starts the real thing."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from diary import supervisor

UP = "import os, signal, sys, time; print('up', os.getpid(), flush=True); time.sleep(600)"
ON_TERM = "import signal, sys, time; signal.signal(signal.SIGTERM, {}); "
STUBBORN = ON_TERM.format("signal.SIG_IGN") + UP
POLITE = ON_TERM.format("lambda *_: (time.sleep(0.3), print('bye', flush=True), sys.exit(0))") + UP
FAILS_WHEN_TOLD = "import signal, sys; signal.signal(signal.SIGUSR1, lambda *_: sys.exit(3)); " + UP
PARENT = """
import os, sys
from diary import supervisor
supervisor.STOP_TIMEOUT_S = 1.0
python = (sys.executable, "-c")
programs = [supervisor.Program(f"program {n}", [*python, code]) for n, code in enumerate(sys.argv[1:])]
sys.exit(supervisor.supervise(programs, dict(os.environ)))
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a supervisor over programs given as Python text, in a process group of its own."""
    started: list[subprocess.Popen[str]] = []

    def begin(*programs: str) -> subprocess.Popen[str]:
        with (tmp_path / "out").open("w") as out, (tmp_path / "err").open("w") as err:
            process = subprocess.Popen(
                [sys.executable, "-c", PARENT, *programs],
                stdout=out,
                stderr=err,
                text=True,
                start_new_session=True,
            )
        started.append(process)
        until(lambda: (tmp_path / "out").read_text().count("up") == len(programs))
        return process

    yield begin
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)


def until(is_so: Callable[[], bool], timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_group_gone(pgid: int) -> bool:
    try:
        os.killpg(pgid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_signal_ends_all_politely(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: int
) -> None:
    process = start(POLITE, POLITE)
    process.send_signal(number)
    assert process.wait(60) == 0
    assert is_group_gone(process.pid)
    assert (tmp_path / "out").read_text().count("bye") == 2


def test_a_signal_to_the_whole_group_ends_all_too(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start(POLITE, POLITE)
    os.killpg(process.pid, signal.SIGTERM)
    assert process.wait(60) == 0
    assert is_group_gone(process.pid)


def test_a_program_that_does_not_listen_is_killed_in_time(
    start: Callable[..., subprocess.Popen[str]],
) -> None:
    process = start(STUBBORN, POLITE)
    begun = time.monotonic()
    process.terminate()
    assert process.wait(60) == 0
    assert 1.0 <= time.monotonic() - begun < 30.0
    assert is_group_gone(process.pid)


def test_the_patience_with_such_a_program_keeps_the_whole_stop_within_10_seconds() -> None:
    assert supervisor.STOP_TIMEOUT_S <= 9.0


def pids(out: str) -> list[int]:
    return [int(line.split()[1]) for line in out.splitlines() if line.startswith("up")]


def test_all_ends_when_one_ends_and_the_sentence_names_it(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start(FAILS_WHEN_TOLD, FAILS_WHEN_TOLD)
    os.kill(pids((tmp_path / "out").read_text())[0], signal.SIGUSR1)
    assert process.wait(60) == 1
    assert is_group_gone(process.pid)
    sentence = (tmp_path / "err").read_text()
    assert re.fullmatch(r"The program [01] ended with exit status 3; stopping the rest\.\n", sentence)


def test_a_killed_child_ends_all_too(start: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    process = start(POLITE, POLITE)
    os.kill(pids((tmp_path / "out").read_text())[0], signal.SIGKILL)
    assert process.wait(60) == 1
    assert is_group_gone(process.pid)
    assert "was killed by signal 9; stopping the rest." in (tmp_path / "err").read_text()
    assert (tmp_path / "out").read_text().count("bye") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_the_children_die_with_a_killed_supervisor(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start(STUBBORN, STUBBORN)
    process.kill()
    process.wait(60)
    until(lambda: is_group_gone(process.pid), timeout_s=60)


def test_a_program_that_cannot_be_started_leaves_none_behind(tmp_path: Path) -> None:
    code = (
        "import os, sys; from diary.supervisor import Program, supervise; "
        "supervise([Program('first', [sys.executable, '-c', 'import time; time.sleep(600)']), "
        "Program('second', ['/does/not/exist'])], dict(os.environ))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert process.wait(60) == 1
    assert is_group_gone(process.pid)


def test_a_free_port_is_no_problem() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert supervisor.port_problem("127.0.0.1", port) is None


@pytest.mark.parametrize("listener", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_named_in_one_sentence(listener: str) -> None:
    with socket.socket() as taken:
        taken.bind((listener, 0))
        taken.listen()
        port = taken.getsockname()[1]
        problem = supervisor.port_problem("127.0.0.1", port, timeout_s=0.2)
    assert (
        problem
        == f"Port {port} on 127.0.0.1 is taken by another program: stop it or set DIARY_PORT to a free one."
    )


def test_a_port_that_is_just_being_given_up_is_waited_for() -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import socket, time; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); "
            "print(s.getsockname()[1], flush=True); time.sleep(0.5)",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    port = int(holder.stdout.readline())
    assert supervisor.port_problem("127.0.0.1", port, timeout_s=10.0) is None
    holder.communicate(timeout=60)


def test_an_address_that_is_not_ours_is_named() -> None:
    problem = supervisor.port_problem("192.0.2.1", 8000)
    assert problem is not None and problem.startswith("Cannot listen on 192.0.2.1, port 8000")
