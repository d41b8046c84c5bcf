"""The push services and message gates of the simulated year: they accept, refuse, hang and lie."""

import base64
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final, Literal

from diary.db import Row
from diary.rules.outcomes import Result

What = Literal["201", "404", "410", "429", "500", "hang", "hang after taking", "lie"]
# Of a thousand messages, on an ordinary day.
MOODS: Final[dict[What, int]] = {
    "201": 914, "lie": 40, "429": 12, "500": 12, "hang": 8, "hang after taking": 8, "404": 3, "410": 3,
}  # fmt: skip
KEPT: Final = timedelta(days=2)


@dataclass(frozen=True)
class Answer:
    """`status` None: no answer comes; `is_taken`: the service has the message, whatever it says."""

    what: What | Literal["403", "outage"]
    status: int | None
    is_taken: bool
    retry_after_s: int | None = None


@dataclass(frozen=True)
class Arrived:
    """A message that reached a phone or mailbox."""

    delivery_id: str
    token: str
    address: str
    at: datetime
    expires_at: str
    channel: str


@dataclass(frozen=True)
class _Post:
    endpoint: str
    topic: str
    at: datetime
    is_taken: bool


@dataclass(eq=False)
class Services:
    """Every push service and gate; keeps what it was sent long enough to recognise a repeat."""

    rng: Random
    counts: Counter[str] = field(default_factory=Counter)
    arrived: list[Arrived] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    newly_gone: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    troubles: dict[str, tuple[datetime, Literal["403", "outage"]]] = field(default_factory=dict)
    _posts: dict[str, _Post] = field(default_factory=dict)

    def push(self, row: Row, url: str, note: Row, topic: str, now: datetime) -> Answer:
        """One POST with this notification for the delivery `row` (group_id, endpoint, host, token ...)."""
        if (row["endpoint"], row["token"]) != (url, note["data"]["token"]):
            self.faults.append(f"delivery {row['id']} went to another phone")
        self._look(row, topic, note["tag"])
        answer = self._answer(row["endpoint"], row["host"], now)
        self.counts[f"push {answer.what}"] += 1
        if answer.is_taken and answer.what != "lie":
            self._arrives(row, now)
        before = self._posts.get(row["id"])
        taken = answer.is_taken or bool(before and before.is_taken)
        self._posts[row["id"]] = _Post(row["endpoint"], topic, now, taken)
        return answer

    def _look(self, row: Row, topic: str, tag: str) -> None:
        """The same thing told twice must look the same to service and phone."""
        wanted = base64.urlsafe_b64encode(hashlib.sha256(row["group_id"].encode()).digest())[:32].decode()
        if {topic, tag} != {wanted}:
            self.faults.append(f"delivery {row['id']}: topic {topic} and tag {tag} instead of {wanted}")
        before = self._posts.get(row["id"])
        if before is None:
            return
        self.counts["tried again"] += 1
        self.counts["taken and sent once more"] += before.is_taken
        if (before.endpoint, before.topic) != (row["endpoint"], topic):
            self.faults.append(f"delivery {row['id']}: sent again under another topic or to another phone")

    def _answer(self, endpoint: str, host: str, now: datetime) -> Answer:
        if endpoint in self.gone:
            return Answer("410", 410, False)
        until, trouble = self.troubles.get(host, (now, "outage"))
        if now < until:
            return Answer("403", 403, False) if trouble == "403" else Answer("outage", 503, False)
        [what] = self.rng.choices(list(MOODS), list(MOODS.values()))
        if what in ("404", "410"):
            self.gone.add(endpoint)
            self.newly_gone.append(endpoint)
        if what == "429":
            return Answer(what, 429, False, retry_after_s=self.rng.choice((1, 30, 120, 900)))
        if what.startswith("hang"):
            return Answer(what, None, what == "hang after taking")
        status = 201 if what == "lie" else int(what)
        return Answer(what, status, status == 201)

    def _arrives(self, row: Row, now: datetime) -> None:
        [wait_s] = self.rng.choices((2, 40, 900, 6 * 3600), (80, 12, 5, 3))
        at = now + timedelta(seconds=self.rng.random() * wait_s)
        address = row["endpoint"] if row["channel"] == "push" else row["address"]
        self.arrived.append(Arrived(row["id"], row["token"], address, at, row["expires_at"], row["channel"]))

    def message(self, row: Row, now: datetime) -> Result:
        """A mail or short message; its gate says less than a push service, and nothing of the arrival."""
        [what] = self.rng.choices(("taken", "lost", "later", "gone", "refused"), (930, 30, 30, 2, 8))
        self.counts[f"{row['channel']} {what}"] += 1
        if what == "taken":
            self._arrives(row, now)
        if what in ("taken", "lost"):
            return Result("handed_over")
        return Result("later" if what == "later" else "gone" if what == "gone" else "refused", error=what)

    def trouble(self, host: str, until: datetime, what: Literal["403", "outage"]) -> None:
        self.troubles[host] = (until, what)

    def forget_before(self, now: datetime) -> None:
        self._posts = {key: post for key, post in self._posts.items() if post.at > now - KEPT}
