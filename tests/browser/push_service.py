"""A push service for real browsers, on loopback: Firefox on one side, the diary's sender on the other.

Towards Firefox it speaks the websocket words hello, register, unregister, notification and ack; towards the
sender RFC 8030, and it looks at every signature as RFC 8292 asks.
"""

import asyncio
import base64
import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import http_ece
from aiohttp import WSMsgType, web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

ACKED = 100
LONGEST_S = 24 * 3600
MAX_BODY_BYTES = 4096


def encode64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Channel:
    """One subscription: where it is posted to, which key may sign for it, and whose it is."""

    channel_id: str
    browser: str
    token: str
    key: str | None
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Posted:
    """One message as the sender brought it, and what it was told: 201, or why not."""

    token: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    why: str | None


class OwnPhone:
    """A phone without a browser: it has keys of its own, so that the test itself can read what comes."""

    def __init__(self, service: "PushService") -> None:
        self._service = service
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"sixteen bytes ok"
        self.token = service.add(f"own-{uuid4()}", key=None).token

    def subscription(self) -> dict[str, Any]:
        """As a browser's `PushSubscription` says it."""
        point = self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": encode64(point), "auth": encode64(self._auth)}
        return {"endpoint": self._service.endpoint(self.token), "keys": keys}

    def read(self, posted: Posted) -> str:
        plain: bytes = http_ece.decrypt(
            posted.body, private_key=self._private, auth_secret=self._auth, version="aes128gcm"
        )
        return plain.decode()


def why_not_signed(header: str, origin: str, key: str | None) -> str | None:
    """What is wrong with an `Authorization: vapid t=..., k=...`; None for a good one (RFC 8292)."""
    match = re.fullmatch(r"vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), ?k=([\w-]+)", header)
    if match is None:
        return "no vapid header"
    head, claims, signature, signer = match.groups()
    if key is not None and decode64(signer) != decode64(key):
        return "signed by another key than the one subscribed with"
    raw = decode64(signature)
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode64(signer))
        public.verify(
            encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")),
            f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()),
        )  # fmt: skip
    except (InvalidSignature, ValueError):
        return "the signature does not fit"
    said = json.loads(decode64(claims))
    if json.loads(decode64(head))["alg"] != "ES256" or said["aud"] != origin:
        return f"for {said['aud']}, not for {origin}"
    if not 0 < said["exp"] - time.time() <= LONGEST_S:
        return "over, or valid for more than a day"
    return None if re.match(r"mailto:.+@.+|https://.+", said["sub"]) else "nobody to write to"


class PushService:
    """Its state is touched in its own loop only; what tests read are lists that grow."""

    def __init__(self) -> None:
        self.origin = ""
        self.posted: list[Posted] = []
        self.acks: list[dict[str, Any]] = []
        self._channels: dict[str, Channel] = {}
        self._sockets: dict[str, web.WebSocketResponse] = {}
        self.app = web.Application(client_max_size=MAX_BODY_BYTES * 2)
        self.app.add_routes([web.get("/", self._browser), web.post("/push/{token}", self._take)])

    def endpoint(self, token: str) -> str:
        return f"{self.origin}/push/{token}"

    def prefs(self) -> dict[str, bool | int | str]:
        """What Firefox needs to come here, and to show without asking the desktop."""
        return {
            "dom.push.serverURL": f"{self.origin.replace('http:', 'ws:')}/",
            "dom.push.testing.allowInsecureServerURL": True,
            "dom.push.retryBaseInterval": 300,
            "permissions.default.desktop-notification": 1,
            "alerts.useSystemBackend": False,
        }

    def add(self, browser: str, *, key: str | None, channel_id: str | None = None) -> Channel:
        """Firefox may ask for the same channel twice: it gets the same endpoint."""
        channel_id = channel_id or str(uuid4())
        token = hashlib.sha256(f"{browser} {channel_id}".encode()).hexdigest()[:32]
        return self._channels.setdefault(token, Channel(channel_id, browser, token, key))

    async def _browser(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("push-notification",))
        await socket.prepare(request)
        browser = ""
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            told = json.loads(frame.data)
            if told.get("messageType") == "hello":
                browser = told.get("uaid") or uuid4().hex
                self._sockets[browser] = socket
            await self._answer(socket, browser, told)
        if self._sockets.get(browser) is socket:
            del self._sockets[browser]
        return socket

    async def _answer(self, socket: web.WebSocketResponse, browser: str, told: dict[str, Any]) -> None:
        kind = told.get("messageType")
        if kind is None:
            await socket.send_str("{}")
        elif kind == "hello":
            await socket.send_json(
                {"messageType": kind, "uaid": browser, "status": 200, "use_webpush": True, "broadcasts": {}}
            )
            for channel in [c for c in self._channels.values() if c.browser == browser]:
                for message in channel.waiting.values():
                    await socket.send_json(message)
        elif kind == "register":
            channel = self.add(browser, key=told.get("key"), channel_id=told["channelID"])
            await socket.send_json(
                {"messageType": kind, "channelID": channel.channel_id, "status": 200,
                 "pushEndpoint": self.endpoint(channel.token)}
            )  # fmt: skip
        elif kind == "unregister":
            gone = [c.token for c in self._channels.values() if c.channel_id == told["channelID"]]
            for token in gone:
                del self._channels[token]
            await socket.send_json({"messageType": kind, "channelID": told["channelID"], "status": 200})
        elif kind in ("ack", "nack"):
            self._acked(told.get("updates", [told]))

    def _acked(self, updates: list[dict[str, Any]]) -> None:
        self.acks += updates
        for update in updates:
            for channel in self._channels.values():
                for topic, message in list(channel.waiting.items()):
                    if message["version"] == update["version"]:
                        del channel.waiting[topic]

    async def _take(self, request: web.Request) -> web.Response:
        token, body = request.match_info["token"], await request.read()
        status, why = self._judge(request, token, body)
        self.posted.append(Posted(token, dict(request.headers), body, status, why))
        if status == 201:
            channel, version = self._channels[token], str(uuid4())
            message = {
                "messageType": "notification", "channelID": channel.channel_id, "version": version,
                "ttl": int(request.headers["TTL"]), "data": encode64(body), "headers": {"encoding": "aes128gcm"},
            }  # fmt: skip
            # What has the same topic takes the place of what still waits.
            channel.waiting[request.headers.get("Topic", version)] = message
            socket = self._sockets.get(channel.browser)
            if socket is not None and not socket.closed:
                await socket.send_json(message)
        return web.Response(status=status, headers={"Location": f"{self.origin}/m/{uuid4()}"})

    def _judge(self, request: web.Request, token: str, body: bytes) -> tuple[int, str | None]:
        channel, sent = self._channels.get(token), request.headers
        if channel is None:
            return 410, "no such phone"
        if why := why_not_signed(sent.get("Authorization", ""), self.origin, channel.key):
            return 403, why
        if sent.get("Content-Encoding") != "aes128gcm" or not sent.get("TTL", "").isdigit():
            return 400, "no aes128gcm, or no TTL"
        if not re.fullmatch(r"[\w-]{1,32}", sent.get("Topic", "x")):
            return 400, "a topic that is no base64url of 32 characters at most"
        return (413, "too long") if len(body) > MAX_BODY_BYTES else (201, None)


@contextmanager
def push_service() -> Iterator[PushService]:
    """A service that runs in a thread of its own for as long as the test."""
    service, loop, ready = PushService(), asyncio.new_event_loop(), threading.Event()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(service.app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "localhost", 0)
        await site.start()
        port = next(address[1] for address in runner.addresses)
        service.origin = f"http://localhost:{port}"
        ready.set()
        return runner

    runner: list[web.AppRunner] = []

    def live() -> None:
        asyncio.set_event_loop(loop)
        runner.append(loop.run_until_complete(start()))
        loop.run_forever()

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield service
    finally:
        asyncio.run_coroutine_threadsafe(_end(service, runner[0]), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(service: PushService, runner: web.AppRunner) -> None:
    for socket in list(service._sockets.values()):
        await socket.close()
    await runner.cleanup()
