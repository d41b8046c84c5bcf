"""Whatever happens in whatever order: every delivery ends once, in one final state, and never lives again."""

import random
from datetime import timedelta
from typing import Any

import pytest

from diary import clock
from diary.db import Database, Row
from diary.jobs import sending
from diary.rules.outcomes import Result
from diary.store import deliveries, outbox, receipts, subscriptions
from diary.store.outbox import Sent
from tests.people import NOW, STUDY, People
from tests.store.telling import address, page_alert, phone, reminder, rows, set_state, told

FINAL = {"answered", "missed", "cancelled", "failed"}
STAMPS = ("handed_over_at", "received_at", "shown_at", "opened_at", "answered_at", "ended_at")
RESULTS = (
    Result("handed_over", 201), Result("gone", 410), Result("refused", 400), Result("stopped", 403),
    Result("later", 503), Result("later", 429, retry_after_s=600),
)  # fmt: skip


class Life:
    """One person's deliveries, and everything that can happen to them, drawn by chance."""

    def __init__(self, db: Database, who: People, chance: random.Random) -> None:
        self.db, self.who, self.chance, self.now = db, who, chance, NOW
        self.held: list[Row] = []
        self.seen: dict[str, Row] = {}
        for _ in range(chance.randint(0, 2)):
            phone(db, who.lin)
        if chance.random() < 0.5:
            address(db, who.lin, "lin@example.org")
        if chance.random() < 0.3:
            address(db, who.lin, "138", kind="sms", name="sms")
        phone(db, who.chen)
        self.alert = page_alert(db, who.lin)
        self.reminders = [reminder(db, who.lin) for _ in range(chance.randint(1, 3))]
        self.plan(0)

    def plan(self, round_: int) -> None:
        notices = [
            told(self.who.lin, *self.reminders, group_id="r:1", round=round_),
            told(self.who.chen, about="page", kind="page", alert_id=self.alert, group_id="p:1", round=round_),
            told(self.who.lin, about="test", kind="recheck", group_id="t:1", round=round_, open_h=0.2),
        ]
        with self.db.atomic():
            deliveries.plan(self.db, notices, self.now, study=STUDY)

    def claim(self) -> None:
        claimed, _ = outbox.claim(self.db, ("push", "message", "sms"), self.chance.randint(1, 4), self.now)
        self.held += claimed

    def finish(self) -> None:
        """Some of what is held, in any order, also long after the lease lapsed; the rest dies with its worker."""
        self.chance.shuffle(self.held)
        some = [self.held.pop() for _ in range(self.chance.randint(0, len(self.held)))]
        sent = [Sent(row, self.chance.choice(RESULTS), self.now, self.chance.random()) for row in some]
        outbox.finish(self.db, sent, self.now)

    def receipt(self) -> None:
        row = self.chance.choice(rows(self.db))
        event: Any = self.chance.choice(("received", "shown", "opened", "dismissed"))
        receipts.add(self.db, row["token"], event, self.now)

    def time(self) -> None:
        self.now += timedelta(seconds=self.chance.choice((1, 30, 61, 300, 900)))

    def fall_back(self) -> None:
        sending.fall_back(self.db, STUDY, self.now)

    def repeat(self) -> None:
        if self.now < NOW + timedelta(hours=1):
            self.plan(self.chance.randint(0, 2))

    def resume(self) -> None:
        for host in subscriptions.stopped_hosts(self.db):
            subscriptions.resume_host(self.db, self.who.ada.actor, host["host"], self.now)

    def answer(self) -> None:
        self.end_reminder("answered")

    def end_reminder(self, state: deliveries.End) -> None:
        one = self.chance.choice(self.reminders)
        with self.db.atomic():
            set_state(self.db, one, state)
            deliveries.settle(self.db, [one], state, self.now)

    def close(self) -> None:
        """The day is over: windows close, the alert is acknowledged, and the worker looks once more."""
        self.now += timedelta(days=1)
        for one in self.reminders:
            [row] = self.db.query("select state from reminders where id = :id", {"id": one})
            with self.db.atomic():
                if row["state"] == "due":
                    set_state(self.db, one, "missed")
                deliveries.settle(self.db, [one], "missed", self.now)
        self.db.execute("update alerts set state = 'acknowledged'")
        with self.db.atomic():
            deliveries.settle_alert(self.db, self.alert, self.now)
        self.fall_back()
        self.claim()
        self.finish()

    def check(self) -> None:
        for row in rows(self.db):
            before = self.seen.get(row["id"])
            assert (row["state"] in FINAL) == (row["ended_at"] is not None)
            if row["state"] in FINAL:
                assert row["next_at"] is None and row["claimed_by"] is None
            if before:
                for stamp in STAMPS:
                    assert before[stamp] in (None, row[stamp]), f"{stamp} was rewritten"
                if before["state"] in FINAL:
                    assert row["state"] == before["state"]
            self.seen[row["id"]] = row


@pytest.mark.parametrize("seed", range(20))
def test_every_delivery_ends_once_in_one_final_state(db: Database, who: People, seed: int) -> None:
    if db.engine == "postgresql" and seed >= 4:
        pytest.skip("fewer lives on the second engine")
    life = Life(db, who, random.Random(seed))
    acts = [life.claim, life.finish, life.receipt, life.time, life.time, life.fall_back, life.repeat,
            life.resume]  # fmt: skip
    life.check()
    for _ in range(40):
        act = life.answer if life.chance.random() < 0.02 else life.chance.choice(acts)
        act()
        life.check()
    life.close()
    life.check()
    assert {row["state"] for row in rows(db)} <= FINAL
    assert all(
        row["fallback_at"] is None or row["fallback_at"] <= clock.to_text(life.now) for row in rows(db)
    )
    assert sending.fall_back(db, STUDY, life.now + timedelta(days=1)) == 0, "nothing is left to look at"
