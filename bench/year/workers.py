"""Workers of the simulated year: the real jobs and the real sender, which may be killed at any statement.

A kill is an exception that nothing catches: the open transaction is rolled back, what was claimed stays
claimed, what was in flight stays unknown. That is all that is left of a killed process.
"""

import asyncio
import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast
from unittest.mock import patch

from bench.year.service import Services
from bench.year.world import STUDY
from diary import clock
from diary import worker as product
from diary.config import Config
from diary.db import PREPARED, Database, Params, Row, SqliteDatabase, open_database, sqlite_path
from diary.delivery import webpush
from diary.delivery.http import Answer
from diary.jobs import paging, reminders, sending
from diary.jobs.sending import Sender
from diary.rules.outcomes import Result


class Killed(BaseException):
    """SIGKILL came here."""


class Mortal:
    """A connection whose process dies before statement number `left`."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.engine = db.engine
        self.left: int | None = None

    def _live(self) -> None:
        if self.left is not None:
            if self.left <= 0:
                raise Killed
            self.left -= 1

    def query(self, sql: str, params: Params | None = None) -> Iterator[Row]:
        self._live()
        return self.db.query(sql, params)

    def execute(self, sql: str, params: Params | None = None) -> Any:
        self._live()
        return self.db.execute(sql, params)

    def execute_many(self, sql: str, rows: Sequence[Params]) -> int:
        self._live()
        return self.db.execute_many(sql, rows)

    @contextmanager
    def atomic(self) -> Iterator["Mortal"]:
        self._live()
        with self.db.atomic():
            yield self
            # All was written and nothing is committed yet.
            self._live()

    def lock(self, key: str) -> None:
        self.db.lock(key)

    def close(self) -> None:
        self.db.close()


def quick_database(url: str) -> Database:
    """A connection that does not wait for the disk: a kill loses nothing by it, only a power cut would."""
    db = open_database(url)
    if db.engine == "sqlite":
        db.execute("pragma synchronous = off")
        db.execute("pragma cache_size = -800000")
        db.execute("pragma temp_store = memory")
        db.execute("pragma wal_autocheckpoint = 8000")
    else:
        db.execute("set synchronous_commit = off")
    return db


def in_memory(url: str) -> Database:
    """A copy of the prepared SQLite file that lives in this process alone and goes with it.

    Nobody else opens the simulated year, and what is open when a worker is killed is rolled back all the
    same; written to a file, a third of the time went into pages that nobody reads again.
    """
    file, copy = sqlite3.connect(sqlite_path(url)), sqlite3.connect(
        ":memory:", isolation_level=None, check_same_thread=False, cached_statements=PREPARED
    )  # fmt: skip
    file.backup(copy)
    file.close()
    copy.execute("pragma foreign_keys = on")
    return cast(Database, SqliteDatabase(copy, execute_plugins=False))


async def _inline(call: Callable[..., Any], *args: Any) -> Any:
    return call(*args)


def _has_failed(task: "asyncio.Future[Any]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


@dataclass
class SimulatedSender(Sender):
    """The product's sender on a kept connection, with simulated services in place of the network."""

    db: Database = field(kw_only=True)
    services: Services = field(kw_only=True)
    rng: Random = field(kw_only=True)
    dies_at_post: int = -1
    flying: dict[str, Row] = field(default_factory=dict)
    killed: asyncio.Event = field(default_factory=asyncio.Event)

    async def die(self) -> None:
        """This process does nothing any more."""
        self.killed.set()
        await asyncio.Event().wait()

    async def _drain(self, channels: Any, at_once: int, send: sending.Send) -> int:
        return await self._pump(self.db, channels, at_once, send)

    async def _push(self, row: Row) -> Result:
        self.flying[row["id"]] = row
        result = await super()._push(row)
        del self.flying[row["id"]]
        return result

    async def _message(self, row: Row) -> Result:
        self._words(row)
        return self.services.message(row, self.now())

    async def _post(self, made: webpush.Request) -> Answer:
        """Stands where the HTTP client stands: what is posted goes to the simulated services."""
        self.dies_at_post -= 1
        if self.dies_at_post == 0 and self.rng.random() < 0.5:
            await self.die()
        try:
            note = json.loads(made.body)["notification"]
            row = self.flying[note["data"]["delivery_id"]]
            answer = self.services.push(row, made.url, note, made.headers["Topic"], self.now())
        except Exception as error:
            # The sender goes on whatever happens; a defect of the simulation must not hide in that.
            self.services.faults.append(repr(error))
            raise
        if self.dies_at_post == 0:
            await self.die()
        if answer.status is None:
            raise TimeoutError
        wait = {} if answer.retry_after_s is None else {"Retry-After": str(answer.retry_after_s)}
        return Answer(answer.status, wait, b"")


@dataclass
class Ran:
    """When which job came to its end, by the simulated clock: what should have happened is judged by it."""

    at: dict[str, list[datetime]] = field(default_factory=lambda: {"remind": [], "fall_back": []})

    blurred: list[tuple[datetime, datetime]] = field(default_factory=list)

    def note(self, job: str, now: datetime) -> None:
        self.at[job].append(now)

    def put_back(self, before: datetime, now: datetime) -> None:
        """These minutes are lived twice: what a job did in them the first time is not counted upon."""
        self.blurred.append((now, before))
        for times in self.at.values():
            while times and times[-1] > now:
                times.pop()

    def between(self, job: str, after: datetime, before: datetime) -> datetime | None:
        """The first time the job came to its end after `after` and before `before`."""
        times = self.at[job]
        place = bisect_right(times, after)
        return times[place] if place < len(times) and times[place] < before else None

    def last_before(self, job: str, at: datetime) -> datetime | None:
        place = bisect_left(self.at[job], at)
        return self.at[job][place - 1] if place else None

    def is_blurred(self, at: datetime) -> bool:
        return any(first <= at <= last for first, last in self.blurred)


@dataclass(eq=False)
class Worker:
    """One process: its jobs, its sender, and until when it is down.

    All use one connection in turn, so that SQLite's cache stays warm; a kill rolls back what is open on it.
    """

    config: Config
    connection: Database
    services: Services
    rng: Random
    loop: asyncio.AbstractEventLoop
    ran: Ran
    now: datetime
    down_until: datetime | None = None
    kills: int = 0

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.db = Mortal(self.connection)
        self.sender = SimulatedSender(
            self.config, STUDY, lambda: self.now, db=self.db, services=self.services, rng=self.rng
        )

    def tick(self, now: datetime, *, dies: bool) -> None:
        """Every job once, in an order of its own; with `dies` it is killed somewhere on the way."""
        self.now = now
        if self.down_until is not None:
            if now < self.down_until:
                return
            self.down_until = None
        if dies and self.rng.random() < 0.5:
            self.db.left = int(400 ** self.rng.random())
        elif dies:
            self.sender.dies_at_post = int(60 ** self.rng.random())
        try:
            for job in self.rng.sample(self.jobs, len(self.jobs)):
                job()
        except Killed:
            self._die()
        if dies:
            self.db.left, self.sender.dies_at_post = None, -1

    @property
    def jobs(self) -> list[Callable[[], None]]:
        return [self._remind, self._fall_back, self._alert, self._send]

    def _remind(self) -> None:
        reminders.run(self.db, STUDY, self.now)
        self.ran.note("remind", self.now)

    def _fall_back(self) -> None:
        sending.go_on(self.db, STUDY, self.now)
        self.ran.note("fall_back", self.now)

    def _alert(self) -> None:
        product.escalate(self.db, STUDY, self.now)
        paging.page_staff(self.db, STUDY, self.now)

    def _send(self) -> None:
        if not self._has_something_to_send():
            return
        self.loop.run_until_complete(self._until_sent_or_killed())
        if self.sender.killed.is_set():
            raise Killed

    def _has_something_to_send(self) -> bool:
        """Asked here, because a loop that starts and ends for nothing costs most of an idle tick."""
        at = {"now": clock.to_text(self.now)}
        return any(self.db.query("select id from deliveries where next_at <= :now limit 1", at))

    async def _until_sent_or_killed(self) -> None:
        # What is sent is readable to the services: encryption has tests of its own. Threads would only let
        # a killed process write on.
        with patch.object(webpush, "encrypt", lambda plain, keys: plain), patch("asyncio.to_thread", _inline):
            sends = [
                asyncio.ensure_future(send()) for send in (self.sender.send_pushes, self.sender.send_messages)
            ]
            death = asyncio.ensure_future(self.sender.killed.wait())
            waiting = {*sends, death}
            while waiting - {death} and not death.done() and not any(_has_failed(send) for send in sends):
                _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            for task in left:
                task.cancel()
            ended = await asyncio.gather(*left, return_exceptions=True)
        for error in ended:
            if isinstance(error, BaseException) and not isinstance(error, asyncio.CancelledError):
                raise error
        for send in sends:
            if not send.cancelled():
                send.result()

    def _die(self) -> None:
        self.kills += 1
        self._start()
        self.down_until = self.now + timedelta(seconds=self.rng.random() ** 3 * 1800)
