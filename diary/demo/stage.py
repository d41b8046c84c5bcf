"""The demo's time: acts in order, each at its own moment, written by the road that real entries take."""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from diary.db import Database, Row
from diary.demo.body import Body
from diary.demo.cast import Person
from diary.store import intake, participants
from diary.store.actors import Actor
from diary.store.intake import Result
from diary.store.refusals import SetAside
from diary.study import Study
from diary.web.entry_reading import read_entry

Act = Callable[[datetime], None]
APP_VERSION = "0.1.0"
# One transaction for as much, so that building takes a minute and not an hour.
_COMMIT_EVERY = timedelta(days=3)


@dataclass
class Life:
    """A participant while the demo is told: rows and actors, what is prescribed, the body, the habits."""

    person: Person
    row: Row
    own: Actor
    guardians: Sequence[Actor]
    rng: random.Random
    body: Body
    begins_at: datetime
    ends_at: datetime
    meter_serial: str
    sequence: int = 0
    schedules: dict[str, Row] = field(default_factory=dict)
    dose_answers: dict[tuple[str, str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """An entry as somebody wrote it down; instants are aware, `occurred_at` in the zone they live in."""

    kind: str
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any] | None
    id: str
    origin: str = "typed"
    reason: str | None = None
    replaces: str | None = None
    by: Actor | None = None
    proxy_reason: str | None = None
    source_note: str | None = None
    expected: tuple[str, ...] = ("stored",)


class Stage:
    """Clock, queue of acts, database and everybody's rows."""

    def __init__(self, db: Database, study: Study, start: datetime, end: datetime) -> None:
        self.db = db
        self.study = study
        self.start = start
        self.end = end
        self.lives: dict[str, Life] = {}
        self.watchers: list[Callable[[Life, Written, Result, datetime], None]] = []
        self._queue: list[tuple[datetime, int, Act]] = []
        self._count = 0

    def share(self, share: float) -> datetime:
        """The moment at this share of the span; 0 is its first, 1 the present, less than 0 before it."""
        return self.start + share * (self.end - self.start)

    def at(self, when: datetime, act: Act) -> None:
        """Do this at that moment, unless that is still to come when the demo ends."""
        if when <= self.end:
            self._count += 1
            heapq.heappush(self._queue, (when, self._count, act))

    def play(self) -> None:
        """All acts in order of time, those included that acts ask for."""
        while self._queue:
            until = self._queue[0][0] + _COMMIT_EVERY
            with self.db.atomic():
                while self._queue and self._queue[0][0] < until:
                    when, _, act = heapq.heappop(self._queue)
                    act(when)

    def send_at(self, arrives_at: datetime, life: Life, written: Written) -> None:
        def send(now: datetime) -> None:
            self.send(life, written, now)

        self.at(arrives_at, send)

    def send(self, life: Life, written: Written, now: datetime) -> Result:
        """Through the same reading and the same intake as from a phone or the desk."""
        actor = written.by or life.own
        raw = _as_sent(written, life, actor)
        skew = timedelta(seconds=life.person.skew_s)
        by_phone = written.origin not in ("staff", "paper")
        read, _ = read_entry(raw, actor, lambda _: life.row, self.study, source_note=written.source_note)
        participants.lock(self.db, life.row["id"])
        if isinstance(read, SetAside):
            result = intake.put_aside(self.db, actor, [life.row], read, now, self.study)
        else:
            result = intake.receive(
                self.db, actor, life.row, read, raw, now, self.study,
                sent_at=now + skew if by_phone else None,
            )  # fmt: skip
        if result.status not in written.expected:
            raise RuntimeError(f"{life.person.subject} at {now}: {written} became {result}")
        for watch in self.watchers:
            watch(life, written, result, now)
        return result

    def refresh(self, life: Life) -> None:
        """Read the participant's row again after staff changed it."""
        life.row = participants.get(self.db, life.row["site_id"], life.row["id"])


def entry_id(rng: random.Random, at: datetime) -> str:
    """A UUIDv7, as a phone makes one at this moment."""
    milliseconds = int(at.timestamp() * 1000)
    return str(
        UUID(int=milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62))
    )


def _as_sent(written: Written, life: Life, actor: Actor) -> dict[str, Any]:
    skew = timedelta(seconds=life.person.skew_s if written.origin not in ("staff", "paper") else 0)
    raw: dict[str, Any] = {
        "id": written.id, "kind": written.kind, "origin": written.origin,
        "occurred_at": (written.occurred_at + skew).isoformat(timespec="seconds"),
        "zone": getattr(written.occurred_at.tzinfo, "key", "UTC"),
        "recorded_at": (written.recorded_at + skew).isoformat(timespec="milliseconds"),
        "data": written.data,
    }  # fmt: skip
    extra = {
        "participant_id": life.row["id"] if actor.role == "guardian" else None,
        "replaces": written.replaces, "reason": written.reason, "proxy_reason": written.proxy_reason,
        "app_version": None if written.origin in ("staff", "paper") else APP_VERSION,
    }  # fmt: skip
    return raw | {name: value for name, value in extra.items() if value is not None}
