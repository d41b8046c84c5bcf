"""POST to push services: one aiohttp client with kept connections, without what push has no use for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import aiohttp
from yarl import URL

# More than this nobody answers to a push message; whoever does is not listened to any longer.
MAX_ANSWER_BYTES: Final = 65_536
# Neither is of use here, and each costs time for every message.
_LEFT_OUT: Final = ("Accept", "Accept-Encoding", "Content-Type")


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers in any case."""

    status: int
    headers: Mapping[str, str]


class Posts:
    """A client for hundreds of requests at once; made by the first of them, in the loop that runs it."""

    def __init__(self, timeout_s: float, at_once: int) -> None:
        self._timeout_s, self._at_once = timeout_s, at_once
        self._client: aiohttp.ClientSession | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What was answered, whatever it is; aiohttp.ClientError where nothing was, TimeoutError when late.

        A redirect is an answer too: it is not followed.
        """
        async with asyncio.timeout(self._timeout_s):
            sent = self._session().post(_place(url), data=body, headers=headers, allow_redirects=False)
            async with sent as answer:
                # Read to its end, so that the connection is kept.
                left = MAX_ANSWER_BYTES
                while left > 0 and (piece := await answer.content.read(left)):
                    left -= len(piece)
                return Answer(answer.status, answer.headers)

    async def close(self) -> None:
        """Every connection, also one that waits for its answer."""
        if self._client:
            await self._client.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None:
            self._client = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._at_once, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "diary"},
                skip_auto_headers=_LEFT_OUT, auto_decompress=False,
                # Ours is around the whole of a request and costs less.
                timeout=aiohttp.ClientTimeout(),
            )  # fmt: skip
        return self._client


@lru_cache(maxsize=4096)
def _place(url: str) -> URL:
    return URL(url, encoded=True)
