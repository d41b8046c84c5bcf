"""A small push service on loopback: it answers as told, and keeps every byte that came."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], "int | tuple[int, dict[str, str]]"]


# Less than the sender's patience: a sender that is never wide enough is still answered.
HOLD_S = 15.0


@dataclass
class Received:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class PushService:
    """`answers` by path, in order, the last one for all that follow; 0 hangs until the sender gives up."""

    origin: str
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    delay_s: float = 0.0
    # Answers wait until so many have been here at once, however slow the machine is.
    hold_until: int = 0
    at_once: int = 0
    most_at_once: int = 0
    connections: set[object] = field(default_factory=set)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def endpoint(self, name: str) -> str:
        return f"{self.origin}/push/{name}"

    @property
    def host(self) -> str:
        return self.origin.removeprefix("http://")

    async def take(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.at_once >= self.hold_until:
            self.enough.set()
        self.connections.add(request.transport)
        try:
            path = request.path.removeprefix("/push/")
            self.received.append(Received(path, request.headers.copy(), await request.read()))
            planned = self.answers.get(path, [(201, {})])
            status, headers = planned[min(self.counts[path], len(planned) - 1)]
            self.counts[path] += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self.enough.wait(), HOLD_S)
            await asyncio.sleep(self.delay_s)
            if status == 0:
                await asyncio.sleep(60)
            return web.Response(status=status, headers=headers)
        finally:
            self.at_once -= 1


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service = PushService("")
    app = web.Application()
    app.router.add_post("/push/{name}", service.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    service.origin = f"http://127.0.0.1:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
