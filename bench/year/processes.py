"""The part with real processes: two workers killed by SIGKILL, real encryption, a push service on loopback.

The simulated clock is a file that the workers read. It goes on when every living worker has done its jobs,
or was killed; a killed one starts again a few ticks later.
"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from aiohttp import web

from bench.year import report, world
from bench.year.findings import look
from bench.year.people import Life
from bench.year.service import Services
from bench.year.timeline import HOUR, MINUTE, TAIL, prepare, sqlite_config
from bench.year.workers import Ran, quick_database
from bench.year.world import START
from diary import clock
from diary.config import Config
from diary.db import Database, Row, one
from diary.store import schedules
from tests.delivery.browser_keys import BrowserKeys, browser_keys

PEOPLE: Final = 20
KILL_SHARE: Final = 0.05
# Real time: longer than any tick of these few people takes.
PATIENCE_S: Final = 60.0


class PushService:
    """An HTTP server that decrypts like a phone and answers, refuses, hangs and lies like `Services`."""

    def __init__(
        self, services: Services, database: str, phone: BrowserKeys, now: Callable[[], datetime]
    ) -> None:
        self.services, self.database, self.phone, self.now = services, database, phone, now
        self.lock = threading.Lock()
        self.port = 0

    async def post(self, request: web.Request) -> web.Response:
        body = await request.read()
        note = self.phone.read(body)["notification"]
        with self.lock:
            row = self._delivery(note["data"]["delivery_id"])
            answer = self.services.push(row, str(request.url), note, request.headers["Topic"], self.now())
        if answer.status is None:
            await asyncio.sleep(3600)
        headers = {} if answer.retry_after_s is None else {"Retry-After": str(answer.retry_after_s)}
        return web.Response(status=answer.status or 500, headers=headers)

    def _delivery(self, delivery_id: str) -> Row:
        row = one(
            self.db,
            "select d.*, s.endpoint, s.host from deliveries d join subscriptions s on s.id = d.address_id"
            " where d.id = :id",
            {"id": delivery_id},
        )
        if row is None:
            self.services.faults.append(f"there is no delivery {delivery_id}")
            raise web.HTTPNotFound
        return row

    @contextmanager
    def running(self) -> Iterator[None]:
        """In a thread with a loop of its own."""
        ready, loop = threading.Event(), asyncio.new_event_loop()

        async def start() -> web.AppRunner:
            self.db = quick_database(self.database)
            app = web.Application()
            app.router.add_post("/push/{phone}", self.post)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            ready.set()
            return runner

        async def end(runner: web.AppRunner) -> None:
            await runner.cleanup()
            # Whoever was kept hanging hangs no more.
            hanging = asyncio.all_tasks() - {asyncio.current_task()}
            for task in hanging:
                task.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

        def run() -> None:
            runner = loop.run_until_complete(start())
            loop.run_forever()
            loop.run_until_complete(end(runner))
            self.db.close()
            loop.close()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)


@dataclass(eq=False)
class Process:
    """One worker process, and the tick it reached."""

    folder: Path
    number: int
    port: int
    running: "subprocess.Popen[bytes] | None" = None
    starts_at: int = 0

    def start(self) -> None:
        self.running = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.year.one_worker",
                str(self.folder),
                str(self.number),
                str(self.port),
            ]
        )

    def reached(self) -> int:
        path = self.folder / f"reached-{self.number}"
        return int(path.read_text()) if path.exists() else -1

    def kill(self) -> None:
        if self.running:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait()
            self.running = None


@dataclass(eq=False)
class Crew:
    """Two processes and the clock they read."""

    folder: Path
    port: int
    rng: Random
    ran: Ran
    counts: Counter[str]
    tick_no: int = 0

    def __post_init__(self) -> None:
        self.processes = [Process(self.folder, number, self.port) for number in range(2)]

    def tick(self, now: datetime, *, kills: bool) -> None:
        """Put the clock on, and wait until each living worker has done its jobs at this time."""
        self.tick_no += 1
        write(self.folder / "clock", f"{self.tick_no} {clock.to_text(now)}")
        for process in self.processes:
            if process.running is None and self.tick_no >= process.starts_at:
                process.start()
        doomed = [one for one in self.processes if kills and one.running and self.rng.random() < KILL_SHARE]
        for process in doomed:
            time.sleep(self.rng.random() * 0.08)
            if process.reached() < self.tick_no:
                self.counts["killed by SIGKILL at work"] += 1
            self.counts["killed by SIGKILL"] += 1
            process.kill()
            process.starts_at = self.tick_no + self.rng.randrange(1, 6)
        for process in self.processes:
            self._wait_for(process)
        if any(process.running for process in self.processes):
            self.ran.note("remind", now)
            self.ran.note("fall_back", now)

    def _wait_for(self, process: Process) -> None:
        until = time.monotonic() + PATIENCE_S
        while process.running and process.reached() < self.tick_no:
            if process.running.poll() is not None:
                raise RuntimeError("a worker ended by itself")
            if time.monotonic() > until:
                raise RuntimeError("a worker did not come to the end of a tick")
            time.sleep(0.004)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()


def write(path: Path, text: str) -> None:
    """At once, so that no reader sees half of it."""
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(text)
    aside.replace(path)


def simulate(
    folder: Path, days: int, seed: int, say: Callable[[str], None], people: int = PEOPLE
) -> report.Part:
    """So many days of a few people under two real processes."""
    config = replace(sqlite_config(folder), push_hosts=())
    prepare(config)
    began = time.perf_counter()
    db = quick_database(config.database)
    try:
        return _simulated(db, config, folder, days, seed, say, people, began)
    finally:
        db.close()


def _simulated(
    db: Database,
    config: Config,
    folder: Path,
    days: int,
    seed: int,
    say: Callable[[str], None],
    many: int,
    began: float,
) -> report.Part:
    rng, last, now = Random(seed), START + timedelta(days=days), START
    counts: Counter[str] = Counter()
    services, ran, phone = Services(Random(seed + 1)), Ran(), browser_keys()
    push = PushService(services, config.database, phone, lambda: now)
    with push.running():
        origin = f"http://127.0.0.1:{push.port}"
        people = world.build(
            db, many, (last - timedelta(days=1)).date(), rng, origin=origin, keys=phone.texts
        )
        life = Life(db, people, services)
        life.begin(START, last)
        crew = Crew(folder, push.port, rng, ran, counts)
        try:
            while now < last + TAIL:
                now += (rng.choice((5, 10, 20)) if now < last + HOUR else 180) * MINUTE
                if now >= last and not counts["the end"]:
                    counts["the end"] = 1
                    _end_schedules(db, people, now, (last - timedelta(days=1)).date().isoformat())
                with push.lock:
                    life.until(now)
                crew.tick(now, kills=now < last)
                if crew.tick_no % 50 == 0:
                    say(f"processes: {now:%d %B %H:%M}, {counts['killed by SIGKILL']} kills")
        finally:
            crew.stop()
    found = look(db, people, services, ran, last)
    took_s = time.perf_counter() - began
    rows = sum(n for name, n in found.counts.items() if name.startswith("reminders "))
    return report.Part(
        f"Two real processes: {many} participants, days: {days}, seed {seed}",
        [
            f"{rows:,} reminders in {took_s / 60:.1f} minutes; real encryption, read by the phone's key; a"
            f" push service on loopback; {counts['killed by SIGKILL']} times SIGKILL, of them"
            f" {counts['killed by SIGKILL at work']} in the middle of a tick",
        ],
        [
            ("what happened", counts), ("what people did", life.counts),
            ("what the push service answered", services.counts), ("what became of it", found.counts),
        ],
        found,
    )  # fmt: skip


def _end_schedules(db: Database, people: world.World, now: datetime, last_day: str) -> None:
    for row in people.prescribed:
        if row["to_day"] is None:
            person = people.by_participant[row["participant_id"]]
            schedules.end(
                db, people.staff[2], world.STUDY, now, person, row["id"], to_day=None, reason="the end"
            )
            row |= schedules.get(db, row["participant_id"], row["id"])
