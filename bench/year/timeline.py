"""How the simulated year goes by: ticks, kills, outages, a clock put back, trouble at push services."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import migrations
from bench.year import world as worlds
from bench.year.people import Life
from bench.year.service import Services
from bench.year.workers import Killed, Ran, Worker, in_memory, quick_database
from bench.year.world import HOSTS, START, STUDY, World
from diary.config import Config, load
from diary.db import Database
from diary.jobs.sending import collect_seldom
from diary.store import enrolment, participants, schedules

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# After the last day, so that the longest window closes and whatever was told about it expires.
TAIL: Final = timedelta(days=4)
TICK_MIN: Final = (1, 2, 5, 5, 5, 5, 8, 10)
# Nothing of the size of a day may pass unseen: so long no tick of either worker at most.
LONGEST_OUTAGE: Final = timedelta(hours=40)


@dataclass(frozen=True)
class Size:
    """How much is simulated, and how rough it is: happenings a simulated day."""

    participants: int
    days: int
    seed: int
    kills: float = 24.0
    outages: float = 0.15
    set_back: float = 0.5
    troubles: float = 0.5


@dataclass(eq=False)
class Year:
    """One run: its database, its people, its workers, and what happened on the way."""

    size: Size
    config: Config
    progress: Callable[[str], None] = lambda _: None
    counts: Counter[str] = field(default_factory=Counter)
    ran: Ran = field(default_factory=Ran)
    took: Counter[str] = field(default_factory=Counter)
    days_done: int = 0

    def __post_init__(self) -> None:
        self.rng = Random(self.size.seed)
        url = self.config.database
        self.db: Database = in_memory(url) if url.startswith("sqlite") else quick_database(url)
        self.services = Services(Random(self.size.seed + 1))
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(_not_of_the_killed)
        self.workers: list[Worker] = []
        self.last = START + self.size.days * DAY

    def run(self, minutes: float | None = None) -> None:
        """The whole of it, or as many days as fit into so many real minutes: then everything is ended."""
        began = time.perf_counter()
        self.world: World = worlds.build(self.db, self.size.participants, self._last_day(), self.rng)
        collect_seldom()  # as the worker does
        self.life = Life(self.db, self.world, self.services)
        self.took["moving in"] += int(1000 * (time.perf_counter() - began))
        self.workers = [
            Worker(
                self.config,
                self.db,
                self.services,
                Random(self.size.seed + 2 + n),
                self.loop,
                self.ran,
                START,
            )
            for n in range(2)
        ]
        self.life.begin(START, self.last)
        self._plan_changes()
        now, day = START, START
        while now < self.last + TAIL:
            if now >= day + DAY:
                day += DAY
                self.days_done = (min(day, self.last) - START).days
                self._each_day(day)
                spent = (time.perf_counter() - began) / 60
                self.progress(f"day {self.days_done} of {self.size.days}, {spent:.1f} min")
                if minutes and spent > minutes and day < self.last:
                    self.last = day
            if now >= self.last and not self.counts["the end"]:
                self.counts["the end"] = 1
                self._end_schedules(now)
            now = self._step(now)

    def close(self) -> None:
        self.loop.close()
        self.db.close()

    def _last_day(self) -> date:
        return (self.last - DAY).date()

    def _step(self, now: datetime) -> datetime:
        """One tick of one worker or both, after what people did until then."""
        not_before = None
        before, now = now, now + (self.rng.choice(TICK_MIN) if now < self.last + HOUR else 30) * MINUTE
        per_tick = 5 / 1440
        draw = self.rng.random()
        if draw < self.size.outages * per_tick:
            now = before + timedelta(minutes=int(60 ** (1 + 0.9 * self.rng.random())))
            now = min(now, before + LONGEST_OUTAGE)
            self.counts["outages: no worker for hours"] += 1
            if self.rng.random() < 0.5:
                # The clock jumped: the whole machine was away.
                not_before = now
                self.counts["of these the whole machine, whose clock jumped"] += 1
        elif draw < (self.size.outages + self.size.set_back) * per_tick and now > START + DAY:
            now = before - self.rng.randrange(1, 25) * MINUTE
            self.ran.put_back(before, now)
            self.counts["times the clock was put back"] += 1
        if self.rng.random() < self.size.troubles * per_tick:
            what = self.rng.choice(("403", "outage", "outage"))
            until = now + HOUR * self.rng.choice((0.2, 1, 5))
            self.services.trouble(self.rng.choice(HOSTS), until, what)  # type: ignore[arg-type]
            self.counts[f"push service: {what} for a while"] += 1
        self._timed("people", lambda: self.life.until(now, not_before=not_before))
        workers = self.rng.sample(self.workers, 2)
        for worker in workers if self.rng.random() < 0.25 else workers[:1]:
            dies = self.rng.random() < self.size.kills * per_tick
            self._timed("workers", lambda worker=worker, dies=dies: worker.tick(now, dies=dies))  # type: ignore[misc]
        return now

    def _timed(self, what: str, act: Callable[[], Any]) -> None:
        began = time.perf_counter_ns()
        act()
        self.took[what] += (time.perf_counter_ns() - began) // 1000

    def _each_day(self, day: datetime) -> None:
        self.services.forget_before(day)
        if self.db.engine == "sqlite":
            self.db.execute("pragma optimize")

    def _plan_changes(self) -> None:
        """What the site changes in the course of it: medicines replaced, measuring paused, a diary ended."""
        length = self.last - START
        for number, participant_id in enumerate(list(self.world.by_participant)):
            at = START + (0.15 + 0.6 * self.rng.random()) * length
            if number % 12 == 5:
                self._will(at, lambda now, p=participant_id: self._replace(p, now))  # type: ignore[misc]
            if number % 20 == 7:
                until = at + min(3 * DAY, length * 0.15)
                self.world.pauses[participant_id] = (at, until)
                self._will(at, lambda now, p=participant_id: self._set_state(p, "paused", now))  # type: ignore[misc]
                self._will(until, lambda now, p=participant_id: self._set_state(p, "enrolled", now))  # type: ignore[misc]
            if number % 15 == 3:
                self._will(at, lambda now, p=participant_id: self._end_diary(p, now))  # type: ignore[misc]

    def _will(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """The site changes something at that time, unless the year has ended before."""

        def changing(now: datetime) -> None:
            if now < self.last:
                act(now)

        self.life.at(at, changing)

    def _of(self, participant_id: str, kind: str) -> list[Any]:
        return [
            row for row in self.world.prescribed
            if row["participant_id"] == participant_id and row["kind"] == kind and not row["ended_at"]
        ]  # fmt: skip

    def _replace(self, participant_id: str, now: datetime) -> None:
        """Mycophenolate for sirolimus, twice a day, from today on."""
        old = next(row for row in self._of(participant_id, "dose") if row["drug"] == "sirolimus")
        person = self.world.by_participant[participant_id]
        worlds.prescribe(
            self.db, self.world, participant_id,
            {
                "kind": "dose", "title": "dose", "times": ["09:00", "21:00"], "zone": old["zone"],
                "from_day": participants.today(person, now), "to_day": None, "window_before_min": 60,
                "window_after_min": 120, "drug": "mycophenolate", "amount": "500 mg", "replaces": old["id"],
            },
            now,
        )  # fmt: skip
        self._read_again(old)
        self.counts["medicines replaced"] += 1

    def _end_diary(self, participant_id: str, now: datetime) -> None:
        """Told a week ahead, as far as there is a week."""
        [row] = self._of(participant_id, "diary")
        person = self.world.by_participant[participant_id]
        today = participants.today(person, now)
        to_day = max(today, min(today + timedelta(days=self.rng.choice((0, 1, 7))), self._last_day()))
        schedules.end(
            self.db, self.world.staff[0], STUDY, now, person, row["id"], to_day=to_day, reason="enough"
        )
        self._read_again(row)
        self.counts["schedules ended by the site"] += 1

    def _set_state(self, participant_id: str, state: str, now: datetime) -> None:
        after = enrolment.update(
            self.db, self.world.staff[0], STUDY, now, self.world.site_id, participant_id, {"state": state},
            reason="on holiday",
        )  # fmt: skip
        self.world.by_participant[participant_id] = after
        begun, until = self.world.pauses[participant_id]
        self.world.pauses[participant_id] = (now, until) if state == "paused" else (begun, now)
        self.counts[f"participants {state}"] += 1

    def _end_schedules(self, now: datetime) -> None:
        for row in list(self.world.prescribed):
            if not row["ended_at"] and (
                row["to_day"] is None or row["to_day"] > self._last_day().isoformat()
            ):
                person = self.world.by_participant[row["participant_id"]]
                schedules.end(
                    self.db, self.world.staff[2], STUDY, now, person, row["id"], to_day=None, reason="the end"
                )
                self._read_again(row)

    def _read_again(self, row: dict[str, Any]) -> None:
        row |= schedules.get(self.db, row["participant_id"], row["id"])


def _not_of_the_killed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a killed worker leaves behind in the loop is nobody's concern."""
    if not isinstance(context.get("exception"), (Killed, asyncio.CancelledError)):
        loop.default_exception_handler(context)


def sqlite_config(folder: Path) -> Config:
    """Settings of a database in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return load(
        {
            "DIARY_DATABASE": f"sqlite:///{folder / 'year.db'}",
            "DIARY_VAPID_SUBJECT": "mailto:op@islets.health",
        },
        None,
    )


def prepare(config: Config) -> None:
    """An empty database with the product's schema, and a note of every end that did not last."""
    db = quick_database(config.database)
    migrations.apply(db)
    watch(db)
    db.close()


def watch(db: Database) -> None:
    """Triggers of the simulation alone: they keep each change of a state that was final."""
    db.execute("create table broken_ends (what text, id text, was text, became text, at text)")
    for table in ("reminders", "deliveries"):
        values = f"values ('{table}', old.id, old.state, new.state, new.ended_at)"
        condition = "old.ended_at is not null and new.state <> old.state"
        if db.engine == "sqlite":
            db.execute(
                f"create trigger watch_{table} after update of state on {table} when {condition}"
                f" begin insert into broken_ends {values}; end"
            )
        else:
            db.execute(
                f"create function watch_{table}() returns trigger language plpgsql as"
                f" $$ begin insert into broken_ends {values}; return null; end $$"
            )
            db.execute(
                f"create trigger watch_{table} after update of state on {table} for each row"
                f" when ({condition}) execute function watch_{table}()"
            )
