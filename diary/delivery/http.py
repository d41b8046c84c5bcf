"""The little of HTTP/1.1 that a push service needs: POST over kept connections, hundreds of them at once.

A general client costs more for each message than its encryption does (docs/figures.md).
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

# More than this nobody answers to a push message; whoever does is not listened to any longer.
MAX_HEAD_BYTES, MAX_BODY_BYTES = 32_768, 65_536
# Where one way to an address does not answer so long, the other (IPv4, IPv6) is tried beside it.
HAPPY_EYEBALLS_S: Final = 0.25
_BREAK: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers as `Title-Case`."""

    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True)
class _Place:
    """Where to connect to: one connection serves all that share it."""

    host: str
    port: int
    is_https: bool


class Unreadable(ConnectionError):
    """The other side does not speak HTTP/1.1, or says more than anybody needs."""


class Posts:
    """A client; every request takes an idle connection to its server, or opens one."""

    def __init__(self, timeout_s: float, idle_s: float = 60.0) -> None:
        self._timeout_s, self._idle_s = timeout_s, idle_s
        self._idle: defaultdict[_Place, list[_Connection]] = defaultdict(list)
        self._all: set[_Connection] = set()
        self._tls: ssl.SSLContext | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What was answered, whatever it is; OSError where nothing was, TimeoutError after `timeout_s`."""
        place, host, target = _parts(url)
        message = _message(host, target, headers, body)
        async with asyncio.timeout(self._timeout_s):
            connection = self._kept(place) or await self._connect(place)
            try:
                answer = await connection.ask(message)
            except BaseException:
                connection.close()
                raise
        if connection.is_open:
            self._idle[place].append(connection)
        return answer

    async def close(self) -> None:
        """Every connection, also one that waits for its answer."""
        for connection in list(self._all):
            connection.close()
        self._idle.clear()
        # The transports close with the loop's next turn.
        await asyncio.sleep(0)

    def _kept(self, place: _Place) -> "_Connection | None":
        idle, now = self._idle[place], asyncio.get_running_loop().time()
        while idle:
            connection = idle.pop()
            if connection.is_open and now - connection.used_at < self._idle_s:
                return connection
            connection.close()
        return None

    async def _connect(self, place: _Place) -> "_Connection":
        if place.is_https and self._tls is None:
            self._tls = ssl.create_default_context()
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self._all), place.host, place.port, ssl=self._tls if place.is_https else None,
            happy_eyeballs_delay=HAPPY_EYEBALLS_S,
        )  # fmt: skip
        return connection


@lru_cache(maxsize=4096)
def _parts(url: str) -> tuple[_Place, str, str]:
    """Where to, the Host header, and what is asked for there."""
    parts = urlsplit(url)
    is_https = parts.scheme == "https"
    place = _Place(parts.hostname or "", parts.port or (443 if is_https else 80), is_https)
    return place, parts.netloc, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _message(host: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"POST {target} HTTP/1.1", f"Host: {host}", "User-Agent: diary", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines)
    if head.count("\n") != len(lines) - 1 or head.count("\r") != len(lines) - 1:
        raise ValueError("a header of more than one line")
    return head.encode("latin-1") + _BREAK + body


@dataclass(eq=False)
class _Connection(asyncio.Protocol):
    """One request at a time; it stays open when the answer was read to its end."""

    everyone: set["_Connection"]
    used_at: float = 0.0
    is_open: bool = False
    _transport: asyncio.Transport | None = None
    _waiter: "asyncio.Future[Answer] | None" = None
    _came: bytearray = field(default_factory=bytearray)

    def ask(self, message: bytes) -> "asyncio.Future[Answer]":
        loop = asyncio.get_running_loop()
        self._waiter, self.used_at = loop.create_future(), loop.time()
        if self._transport is None or not self.is_open:
            raise ConnectionResetError("the connection was closed")
        self._transport.write(message)
        return self._waiter

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.is_open = transport, True
        self.everyone.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        self.everyone.discard(self)
        self._fail(exc or ConnectionResetError("closed before it answered"))

    def data_received(self, data: bytes) -> None:
        self._came += data
        if self._waiter is None or self._waiter.done():
            # Nobody asked: what it says belongs to no request of ours.
            self.close()
            return
        try:
            answer = self._read()
        except (ValueError, IndexError):
            self._fail(Unreadable("an answer that is no HTTP"))
            self.close()
            return
        if answer is not None:
            self._waiter.set_result(answer)

    def _fail(self, error: Exception) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)

    def _read(self) -> Answer | None:
        """The whole answer, or None while there is more to come."""
        while (end := self._came.find(_BREAK)) >= 0:
            version, status, headers = _head(bytes(self._came[:end]))
            start = end + len(_BREAK)
            if not 100 <= status < 200:
                return self._whole(version, Answer(status, headers), start)
            # Something before the answer, which follows.
            del self._came[:start]
        if len(self._came) > MAX_HEAD_BYTES:
            raise ValueError("no end of the head")
        return None

    def _whole(self, version: str, answer: Answer, start: int) -> Answer | None:
        length = _length(answer, self._came, start)
        if length is None:
            if len(self._came) - start > MAX_BODY_BYTES:
                raise ValueError("no end of the body")
            return None
        kept = version == "HTTP/1.1" and "close" not in answer.headers.get("Connection", "").lower()
        if not kept or length < 0 or len(self._came) != start + length:
            self.close()
        self._came.clear()
        return answer


@lru_cache(maxsize=64)
def _title(name: str) -> str:
    return name.strip().title()


def _head(head: bytes) -> tuple[str, int, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status = first.split(" ", 2)[:2]
    if version not in ("HTTP/1.1", "HTTP/1.0") or len(status) != 3:
        raise ValueError("no status line")
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise ValueError("no header")
        headers[_title(name)] = value.strip()
    return version, int(status), headers


def _length(answer: Answer, came: bytearray, start: int) -> int | None:
    """Bytes of the body; None while some are missing, -1 where only the end of the connection would tell.

    Nobody reads the body: it is only looked for its end, so that the next answer begins where it should.
    """
    if answer.status in (204, 304):
        return 0
    if "chunked" in answer.headers.get("Transfer-Encoding", "").lower():
        return _chunked(came, start)
    length = int(answer.headers.get("Content-Length", -1))
    if not 0 <= length <= MAX_BODY_BYTES:
        return -1
    return length if len(came) >= start + length else None


def _chunked(came: bytearray, start: int) -> int | None:
    at = start
    while (line := came.find(b"\r\n", at)) >= 0:
        size = int(came[at:line].partition(b";")[0], 16)
        if size < 0:
            raise ValueError("a chunk of less than nothing")
        at = line + 2 + size + 2
        if size == 0 and len(came) >= at:
            # With anything after the last chunk the connection is not used again.
            return at - start if came[line + 2 : at] == b"\r\n" else -1
    return None
