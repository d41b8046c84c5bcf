"""What goes to a push service over the wire, and what of its answers comes back."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from diary.delivery.http import Posts

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Said:
    """Answers in order, each in pieces; an empty one closes the connection, None says nothing at all."""

    answers: list[list[bytes] | None]
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                self.asked.append(head + await reader.readexactly(length))
                pieces = self.answers.pop(0)
                if pieces is None:
                    await reader.read()
                for piece in pieces or ():
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.005)
                if pieces == []:
                    break
        writer.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/push/a?x=1"


def with_server(
    answers: list[list[bytes] | None] | Said, act: Callable[[Said, Posts], Awaitable[None]], *,
    timeout_s: float = 30.0, tls: ssl.SSLContext | None = None,
) -> Said:  # fmt: skip
    said = answers if isinstance(answers, Said) else Said(answers)

    async def whole() -> None:
        server = await asyncio.start_server(said.serve, "127.0.0.1", 0, ssl=tls)
        said.port = server.sockets[0].getsockname()[1]
        posts = Posts(timeout_s, 40)
        try:
            await act(said, posts)
        finally:
            await posts.close()
            server.close()
            await server.wait_closed()
            await asyncio.sleep(0.1)

    asyncio.run(whole())
    return said


async def statuses(said: Said, posts: Posts, count: int) -> list[int]:
    return [(await posts.post(said.url, {"TTL": "60"}, b"body")).status for _ in range(count)]


def test_what_is_sent_is_a_plain_post() -> None:
    async def act(said: Said, posts: Posts) -> None:
        answer = await posts.post(said.url, {"TTL": "60", "Urgency": "high"}, b"\x00\xff")
        assert answer.status == 201

    said = with_server([[CREATED]], act)
    head, _, body = said.asked[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert (first, body) == ("POST /push/a?x=1 HTTP/1.1", b"\x00\xff")
    assert sorted(line.partition(":")[0].lower() + line[line.index(":") :] for line in lines) == [
        "accept: */*", "content-length: 2", f"host: 127.0.0.1:{said.port}", "ttl: 60", "urgency: high",
        "user-agent: diary",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ([CREATED], 201),
        ([CREATED[:9], CREATED[9:30], CREATED[30:]], 201),
        ([b"HTTP/1.1 410 Gone\r\ncontent-length: 4\r\n\r\n", b"go", b"ne"], 410),
        (
            [b"HTTP/1.1 429 \r\nTransfer-Encoding: chunked\r\n\r\n", b"4;x=y\r\nwa", b"it\r\n0", b"\r\n\r\n"],
            429,
        ),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204),
        ([b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", CREATED], 201),
    ],
    ids=["whole", "in pieces", "with a body", "in chunks", "without a body", "after others"],
)
def test_an_answer_is_read_to_its_end_and_the_connection_kept(answer: list[bytes], status: int) -> None:
    async def act(said: Said, posts: Posts) -> None:
        assert await statuses(said, posts, 3) == [status, status, 201]

    assert with_server([list(answer), list(answer), [CREATED]], act).connections == 1


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async def act(said: Said, posts: Posts) -> None:
        assert await statuses(said, posts, 1) == [307]

    elsewhere = b"HTTP/1.1 307 x\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    assert len(with_server([[elsewhere], [CREATED]], act).asked) == 1


def test_retry_after_is_found_however_it_is_written() -> None:
    async def act(said: Said, posts: Posts) -> None:
        answer = await posts.post(said.url, {}, b"body")
        assert answer.headers["Retry-After"] == "30"

    with_server([[b"HTTP/1.1 429 x\r\nretry-AFTER:  30 \r\nContent-Length: 0\r\n\r\n"]], act)


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n\r\n", b"x" * 100_000], ids=["no HTTP", "no end"])
def test_what_is_no_http_is_an_error_of_the_connection(answer: bytes) -> None:
    async def act(said: Said, posts: Posts) -> None:
        with pytest.raises(ConnectionError):
            await posts.post(said.url, {}, b"body")
        assert await statuses(said, posts, 1) == [201]

    assert with_server([[answer], [CREATED]], act).connections == 2


def test_a_connection_that_ends_without_an_answer_is_an_error_and_the_next_takes_a_new_one() -> None:
    async def act(said: Said, posts: Posts) -> None:
        with pytest.raises(ConnectionError):
            await posts.post(said.url, {}, b"body")
        assert await statuses(said, posts, 1) == [201]

    assert with_server([[], [CREATED]], act).connections == 2


def test_nobody_is_waited_for_longer_than_agreed() -> None:
    async def act(said: Said, posts: Posts) -> None:
        with pytest.raises(TimeoutError):
            await posts.post(said.url, {}, b"body")
        assert await statuses(said, posts, 1) == [201]

    assert with_server([None, [CREATED]], act, timeout_s=2.0).connections == 2


def test_many_at_once_each_get_their_own_answer() -> None:
    said = _Together(40)

    async def act(_: Said, posts: Posts) -> None:
        for _round in range(2):
            urls = [f"http://127.0.0.1:{said.port}/{n}" for n in range(40)]
            found = await asyncio.gather(*(posts.post(url, {}, b"body") for url in urls))
            assert [answer.body for answer in found] == [f"/{n}".encode() for n in range(40)]

    with_server(said, act)
    assert len(said.asked) == 80 and said.connections == 40


class _Together(Said):
    """Answers each with the path it asked for, once so many ask that nobody's connection can be another's."""

    def __init__(self, at_once: int) -> None:
        super().__init__([])
        self._all_here = asyncio.Barrier(at_once)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\nbody"))
                path = self.asked[-1].split(b" ", 2)[1]
                async with asyncio.timeout(60):
                    await self._all_here.wait()
                writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path))
                await writer.drain()
        writer.close()


def test_a_header_of_two_lines_is_not_sent() -> None:
    async def act(said: Said, posts: Posts) -> None:
        with pytest.raises(ValueError, match="header"):
            await posts.post(said.url, {"Topic": "a\r\nHost: elsewhere"}, b"body")

    assert with_server([[CREATED]], act).asked == []


def test_a_server_that_cannot_prove_its_name_gets_nothing(tmp_path: Path) -> None:
    async def act(said: Said, posts: Posts) -> None:
        with pytest.raises(ConnectionError):
            await posts.post(said.url.replace("http:", "https:"), {}, b"secret")

    assert with_server([[CREATED]], act, tls=_self_signed(tmp_path)).asked == []


def _self_signed(folder: Path) -> ssl.SSLContext:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, secret)
    return context
