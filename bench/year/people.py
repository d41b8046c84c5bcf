"""What people do in the simulated year: phones say what arrived, they answer, staff look at the desk."""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bench.year.service import Arrived, Services
from bench.year.world import START, STUDY, Person, World, subscribe
from diary import clock
from diary.db import Database, Row, marks
from diary.store import (
    alerts,
    answers,
    calls,
    deliveries,
    intake,
    participants,
    problems,
    receipts,
    subscriptions,
)
from diary.store.deliveries import chunks
from diary.store.entries import Draft
from diary.store.receipts import Said

HOUR: Final = timedelta(hours=1)
# This share of the answers goes the whole road of an entry; the others through the part that reminders see.
WHOLE_ROAD: Final = 0.01
ANSWER_WITHIN: Final = timedelta(minutes=50)
_OF_DELIVERIES: Final = (
    "select d.id as delivery_id, r.* from deliveries d join delivery_reminders l on l.group_id = d.group_id"
    " join reminders r on r.id = l.reminder_id where r.state in ('planned', 'due')"
)
_OPEN: Final = (
    "select * from reminders where participant_id = :p and state in ('planned', 'due')"
    " and opens_at <= :now and closes_at >= :now and due_at between :first and :last order by due_at"
)
Act = Callable[[datetime], None]


def whole_ms(at: datetime) -> datetime:
    """As the product's clock says it, and its database keeps it."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


@dataclass(eq=False)
class Life:
    """Everybody's next doings, in order of time."""

    db: Database
    world: World
    services: Services
    counts: Counter[str] = field(default_factory=Counter)
    _next: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: Any = field(default_factory=itertools.count)
    # What people say until the next tick reaches the server in batches.
    _said: list[Said] = field(default_factory=list)
    _answers: list[tuple[datetime, Person, str | None]] = field(default_factory=list)
    now: datetime = START

    def __post_init__(self) -> None:
        self.rng = self.world.rng
        self.by_address = {one: person for person in self.world.people for one in person.addresses}

    def at(self, when: datetime, act: Act) -> None:
        heapq.heappush(self._next, (when, next(self._order), act))

    def until(self, now: datetime, *, not_before: datetime | None = None) -> None:
        """All that falls due by `now`; with `not_before` the server was away and hears of it only then."""
        self.now = now
        self._take_in()
        # One commit for all of them, which nobody could tell from many: nothing else happens meanwhile.
        with self.db.atomic():
            while self._next and self._next[0][0] <= now:
                at, _, act = heapq.heappop(self._next)
                act(whole_ms(max(at, not_before) if not_before else at))
            receipts.add_all(self.db, self._said)
            self.counts["receipts"] += len(self._said)
            self._said.clear()
            self._take_answers()
            self._answers.clear()

    def begin(self, first: datetime, last: datetime) -> None:
        """Everybody opens the app now and then, whatever they are told; staff look every hour."""
        for person in self.world.people:
            self._open_alone(person, first, last)
        for number in range(int((last - first) / HOUR) + 96):
            self.at(first + number * HOUR, self._look_at_desk)

    def _take_in(self) -> None:
        for one in self.services.arrived:
            self._arrived(one)
        self.services.arrived.clear()
        for endpoint in self.services.newly_gone:
            person = self.by_address.get(endpoint)
            if person:
                self.at(self._soon(3 * 24 * HOUR), self._subscribing(person))
        self.services.newly_gone.clear()

    def _soon(self, within: timedelta) -> datetime:
        return self.now + self.rng.random() * within

    def _arrived(self, one: Arrived) -> None:
        if clock.to_text(one.at) >= one.expires_at or (person := self.by_address.get(one.address)) is None:
            return
        self.counts["arrived"] += 1
        if one.channel == "push":
            self._will_say(one, "received", one.at)
            if self.rng.random() < 0.8:
                self._will_say(one, "shown", one.at + timedelta(seconds=self.rng.random() * 3))
        chance = person.answers_push if one.channel == "push" else person.reads_mail
        if self.rng.random() < chance:
            opened_at = one.at + self.rng.random() * ANSWER_WITHIN
            self.at(opened_at, lambda now: self._answer_told(one, person, now))

    def _will_say(self, one: Arrived, event: receipts.Event, at: datetime) -> None:
        self.at(at, lambda now: self._said.append(Said(one.token, event, now)))

    def _answer_told(self, one: Arrived, person: Person, now: datetime) -> None:
        if self.rng.random() < 0.3:
            self._said.append(Said(one.token, "opened", now))
        self._answers.append((now, person, one.delivery_id))

    def _open_alone(self, person: Person, after: datetime, last: datetime) -> None:
        # Rarely those who like to be told, never at the same hour.
        at = after + timedelta(hours=self.rng.uniform(2, 16) / max(person.opens_alone, 0.1))
        if at < last:
            self.at(at, lambda now: self._opens_alone(person, at, now, last))

    def _opens_alone(self, person: Person, at: datetime, now: datetime, last: datetime) -> None:
        self._answers.append((now, person, None))
        self._open_alone(person, at, last)

    def _open_to(self, person: Person, now: datetime) -> list[Row]:
        """What the person's app shows as open, whatever they were told."""
        window = {"first": clock.to_text(now - 72 * HOUR), "last": clock.to_text(now + 24 * HOUR)}
        due = list(self.db.query(_OPEN, {**window, "p": person.participant_id, "now": clock.to_text(now)}))
        if person.role == "guardian":
            due = [row for row in due if row["kind"] != "contraception"]
        return due

    def _take_answers(self) -> None:
        """Everybody's answers since the last tick, in order of time; what they were told of ends at once."""
        told = self._told_of([delivery_id for _, _, delivery_id in self._answers if delivery_id])
        answered: dict[str, None] = {}
        for now, person, delivery_id in self._answers:
            due = told.get(delivery_id, []) if delivery_id else self._open_to(person, now)
            self._answer_all(person, [row for row in due if row["id"] not in answered], now, answered)
        deliveries.settle(self.db, list(answered), "answered", self.now)

    def _told_of(self, delivery_ids: list[str]) -> dict[str, list[Row]]:
        """What is still open of what these deliveries tell, by delivery."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for batch in chunks(list(dict.fromkeys(delivery_ids))):
            holders, names = marks(batch)
            for row in self.db.query(f"{_OF_DELIVERIES} and d.id in ({holders})", names):
                found[row["delivery_id"]].append(row)
        return found

    def _answer_all(self, person: Person, due: list[Row], now: datetime, answered: dict[str, None]) -> None:
        for row in due:
            if self.rng.random() < 0.93:
                if self.rng.random() < 0.01:
                    # A phone without a network: what was answered in time comes a day late.
                    self.at(now + 24 * HOUR, self._answering_late(person, row, now))
                else:
                    answered |= dict.fromkeys(self._answer(person, row, now, now))

    def _answering_late(self, person: Person, row: Row, at: datetime) -> Act:
        return lambda now: deliveries.settle(self.db, self._answer(person, row, at, now), "answered", now)

    def _answer(self, person: Person, row: Row, at: datetime, now: datetime) -> list[str]:
        """The entry that answers a reminder, written at `at`, arriving at `now`; the reminders that ended."""
        kind: str = {"diary": "day_complete", "recheck": "reading"}.get(row["kind"]) or row["kind"]
        draft = self._draft(person, kind, self._data(row, kind, at), at)
        participant = self.world.by_participant[person.participant_id]
        participants.lock(self.db, person.participant_id)
        if self.rng.random() < WHOLE_ROAD or row["kind"] == "recheck":
            self.counts["answers by the whole road"] += 1
            with self.db.atomic():
                intake.receive(self.db, person.actor, participant, draft, {}, now, STUDY, sent_at=now)
            return []
        self.counts["answers by the reminders' part of it"] += 1
        return answers.answer(
            self.db, participant, draft, draft.id, "in_range" if kind == "reading" else None, now, STUDY,
            is_change=False, value_at=at,
        )  # fmt: skip

    def _data(self, row: Row, kind: str, at: datetime) -> dict[str, Any]:
        slot: dict[str, Any] = {
            "schedule_id": row["schedule_id"],
            "due_day": row["local_day"],
            "slot": row["slot"],
        }
        if kind == "dose":
            if self.rng.random() < 0.04:
                return {**slot, "status": "skipped", "skip_reason": self.rng.choice(("forgot", "vomiting"))}
            return {**slot, "status": "taken", "taken_at": at.isoformat()}
        if kind == "contraception":
            return {
                **slot,
                "method": ["hormonal", "barrier"],
                "form": "weekly patch",
                "used_as_agreed": "yes",
            }
        if kind == "day_complete":
            return {"day": row["local_day"]}
        value = self.rng.choices(("7.4", "3.4", "2.6", "17.9"), (93, 4, 1, 2))[0]
        return {"value": value, "unit": "mmol/L", "device": "meter", "context": "other",
                "sample": "capillary"}  # fmt: skip

    def _draft(self, person: Person, kind: str, data: dict[str, Any], at: datetime) -> Draft:
        local = at.astimezone(ZoneInfo(person.zone))
        entry_id, text = self.world.uuid(), local.isoformat()
        return Draft(
            id=entry_id, participant_id=person.participant_id, kind=kind, occurred_at=at, occurred_text=text,
            zone=person.zone, local_day=local.date().isoformat(), recorded_at=at, recorded_text=text,
            data=data, replaces=None, reason=None, source_note=None, origin="typed", app_version="simulated",
            proxy_reason="too young" if person.role == "guardian" else None, body_hash=entry_id,
        )  # fmt: skip

    def _subscribing(self, person: Person) -> Act:
        def act(now: datetime) -> None:
            endpoint = subscribe(self.db, self.world, person, now)
            self.by_address[endpoint] = person
            self.counts["phones subscribed anew"] += 1

        return act

    def _look_at_desk(self, now: datetime) -> None:
        """Staff resolve what is older than half an hour, telephone, and the operator mends what stopped."""
        by, site_id, older = self.world.staff[0], self.world.site_id, clock.to_text(now - HOUR / 2)
        rows = self.db.query(
            "select id, participant_id from alerts where state <> 'resolved' and opened_at < :older",
            {"older": older},
        )
        for row in list(rows):
            with self.db.atomic():
                participants.lock(self.db, row["participant_id"])
                alerts.resolve(self.db, by, site_id, row["id"], now, resolution="looked at", sae="no")
            self.counts["alerts resolved"] += 1
        for row in list(self.db.query("select id from calls where closed_at is null")):
            calls.close(self.db, by, now, site_id, row["id"], outcome="spoke", note=None)
            self.counts["calls made"] += 1
        for row in subscriptions.stopped_hosts(self.db):
            subscriptions.resume_host(self.db, self.world.staff[3], row["host"], now)
            self.counts["push services let go on"] += 1
        for row in problems.list_open(self.db):
            problems.close(self.db, self.world.staff[3], now, row["id"])
            self.counts["problems the operator looked at"] += 1
