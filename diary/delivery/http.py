"""POST to push services and gateways: one client with kept connections and threads of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError

# More than this nobody answers to a message; whoever does is not listened to any longer.
MAX_ANSWER_BYTES: Final = 65_536
KEPT: Final = timedelta(seconds=60)


class NoAnswer(ConnectionError):
    """The kind of what went wrong, which names no address."""


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers in any case, at most MAX_ANSWER_BYTES of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Posts:
    """A client for hundreds of requests at once; made by the first of them, in the loop that runs it."""

    def __init__(self, timeout_s: float, at_once: int) -> None:
        self._timeout, self._at_once = timedelta(seconds=timeout_s), at_once
        self._client: Client | None = None

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What was answered, whatever it is; NoAnswer where nothing was, TimeoutError when late.

        A redirect is an answer too: it is not followed.
        """
        try:
            asked = self._open().post(url).headers(headers).body_bytes(body).build_streamed()
            async with asked as answer:
                # Read to its end, so that the connection is kept.
                reader, said = answer.body_reader, b""
                while (left := MAX_ANSWER_BYTES - len(said)) > 0 and (piece := await reader.read(left)):
                    said += piece
                return Answer(answer.status, answer.headers, said)
        except RequestTimeoutError as error:
            raise TimeoutError(f"no answer within {self._timeout}") from error
        except PyreqwestError as error:
            raise NoAnswer(type(error).__name__) from error

    async def close(self) -> None:
        """Every connection, also one that waits for its answer."""
        # Idle connections are let go with the client itself.
        client, self._client = self._client, None
        if client:
            await client.close()

    def _open(self) -> Client:
        if self._client is None:
            self._client = (
                ClientBuilder().http1_only().follow_redirects(False).no_proxy().default_cookie_store(False)
                .gzip(False).brotli(False).deflate(False).zstd(False).user_agent("diary")
                .max_connections(self._at_once).pool_idle_timeout(KEPT).timeout(self._timeout)
                .build()
            )  # fmt: skip
        return self._client
