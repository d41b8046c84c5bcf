"""One parent for web server and worker: starts both, and ends both when it is told to or one ends."""

import contextlib
import ctypes
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# Together with the time it takes to start and to be told, all is over within 10 seconds.
STOP_TIMEOUT_S = 8.0
PORT_TIMEOUT_S = 3.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """A child: `name` as it stands in sentences, `command` as it is executed."""

    name: str
    command: Sequence[str]


def supervise(programs: Sequence[Program], environ: Mapping[str, str]) -> int:
    """Run all until a stop signal (answers 0) or until one ends by itself (answers 1); leaves none behind."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    for number in STOP_SIGNALS:
        signal.signal(number, note)
    children: list[tuple[Program, subprocess.Popen[bytes]]] = []
    try:
        for program in programs:
            children.append((program, _start(program, environ)))
        while not asked and all(child.poll() is None for _program, child in children):
            select.select([reader], [], [])
            with contextlib.suppress(BlockingIOError):
                reader.recv(4096)
        return 0 if asked else _report(children)
    finally:
        _stop([child for _program, child in children])


def die_with_parent(parent_pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel (Linux) for this signal when the parent ends, however it ends."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent_pid:
        # It ended before the kernel was asked.
        os.kill(os.getpid(), number)


def port_problem(host: str, port: int, timeout_s: float = PORT_TIMEOUT_S) -> str | None:
    """A sentence when this port cannot be listened on; waits a moment for one that is just being given up."""
    deadline = time.monotonic() + timeout_s
    while (error := _listen_error(host, port)) is not None:
        if error.errno != errno.EADDRINUSE:
            return f"Cannot listen on {host}, port {port}: {error.strerror}; check DIARY_HOST and DIARY_PORT."
        if time.monotonic() >= deadline:
            return (
                f"Port {port} on {host} is taken by another program: stop it or set DIARY_PORT to a free one."
            )
        time.sleep(0.1)
    return None


def _listen_error(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error
    return None


def _start(program: Program, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    parent_pid = os.getpid()
    # The parent has one thread, so running Python between fork and exec is safe.
    return subprocess.Popen(program.command, env=environ, preexec_fn=lambda: die_with_parent(parent_pid))


def _report(children: Sequence[tuple[Program, subprocess.Popen[bytes]]]) -> int:
    for program, child in children:
        if child.poll() is not None:
            how = f"was killed by signal {-child.returncode}" if child.returncode < 0 else "ended"
            status = "" if child.returncode < 0 else f" with exit status {child.returncode}"
            print(f"The {program.name} {how}{status}; stopping the rest.", file=sys.stderr, flush=True)
    return 1


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT_S
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
