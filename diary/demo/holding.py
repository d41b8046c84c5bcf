"""Held entries: staff compare them with the meter or the page and take them in; the newest still wait."""

import random
from datetime import datetime, timedelta

from diary.demo import words
from diary.demo.alerting import working
from diary.demo.opening import SEED, Desk
from diary.demo.stage import Life, Stage, Written
from diary.store import entries, holding
from diary.store.intake import Result

# Of what came in during this last part of the span, most has not been looked at.
STILL_WAITING = 0.025


class Holding:
    """One look at a participant's held entries for all that came in a batch."""

    def __init__(self, stage: Stage, desk: Desk) -> None:
        self.stage = stage
        self.desk = desk
        self.rng = random.Random(f"{SEED} holding")
        self.waiting: dict[str, list[str]] = {}

    def watch(self, life: Life, written: Written, result: Result, now: datetime) -> None:
        """After every entry: a first held one calls for a look at it and at those that follow."""
        if result.status != "held":
            return
        subject = life.person.subject
        if subject in self.waiting:
            self.waiting[subject].append(written.id)
            return
        self.waiting[subject] = [written.id]
        if now < self.stage.share(1 - STILL_WAITING) or self.rng.random() < 0.2:
            at = working(now + timedelta(days=self.rng.uniform(1, 6)), self.desk.zone, self.rng)
            self.stage.at(at, lambda then: self._accept(life, then))

    def _accept(self, life: Life, now: datetime) -> None:
        who = self.rng.choice(self.desk.coordinators)
        note = self.rng.choice(words.ACCEPTED[who.language])
        for entry_id in self.waiting.pop(life.person.subject):
            head = entries.find_head(self.stage.db, life.row["id"], entry_id)
            if head and head["pending_id"] == entry_id:
                holding.accept(self.stage.db, who, life.row, entry_id, note, now, self.stage.study)
