"""Reachability: counted by channel over the last days; contraception only for those who see it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from diary import clock
from diary.db import Database, Row
from diary.store import deliveries, reach
from diary.store.deliveries import Notice
from tests.people import NOW, STUDY, People, Person

SINCE = NOW - timedelta(days=STUDY.reminders.reach_days)


def _reminder(db: Database, person: Person, kind: str, due_at: datetime) -> str:
    row: dict[str, Any] = {
        "id": str(uuid4()), "participant_id": person.participant_id, "kind": kind, "entry_root_id": None,
        "schedule_id": None, "local_day": due_at.date().isoformat(), "slot": "08:00", "state": "due",
        "due_at": clock.to_text(due_at), "opens_at": clock.to_text(due_at),
        "closes_at": clock.to_text(due_at + timedelta(hours=2)), "told": 1,
        "planned_at": clock.to_text(due_at),
    }  # fmt: skip
    schedule = str(uuid4())
    db.execute(
        "insert into schedules (id, participant_id, kind, title, times, zone, from_day, window_before_min,"
        " window_after_min, created_by, created_at) values"
        " (:id, :p, :kind, 'x', '[\"08:00\"]', 'Asia/Shanghai', '2026-01-01', 60, 120, :by, :at)",
        {"id": schedule, "p": person.participant_id, "kind": kind, "by": person.account_id,
         "at": clock.to_text(due_at)},
    )  # fmt: skip
    row["schedule_id"] = schedule
    db.execute(
        f"insert into reminders ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
    )
    return str(row["id"])


def _told(db: Database, person: Person, kinds: list[str], due_at: datetime, state: str = "received") -> None:
    """One push about these kinds that came as far as `state`."""
    ids = tuple(_reminder(db, person, kind, due_at) for kind in kinds)
    notice = Notice(
        group_id=f"r:{uuid4()}", about="reminder", kind=kinds[0], account_id=person.account_id,
        site_id=person.site_id, participant_id=person.participant_id, alert_id=None, round=0, due_at=due_at,
        expires_at=due_at + timedelta(hours=2), reminder_ids=ids,
    )  # fmt: skip
    with db.atomic():
        assert deliveries.add(db, [(notice, "push", str(uuid4()))], due_at, study=STUDY)
        for reminder_id in ids:
            db.execute(
                "insert into delivery_reminders (group_id, reminder_id) values (:g, :r)",
                {"g": notice.group_id, "r": reminder_id},
            )
    steps = ["handed_over", "received", "shown", "opened", "answered"]
    reached = steps[: steps.index(state) + 1] if state in steps else ["handed_over"]
    sets = ", ".join(f"{step}_at = :at" for step in reached)
    if state in ("answered", "failed"):
        sets += ", ended_at = :at, next_at = null, fallback_at = null"
    db.execute(
        f"update deliveries set state = :state, {sets} where group_id = :g",
        {"state": state, "at": clock.to_text(due_at), "g": notice.group_id},
    )


def _push(db: Database, person: Person, *, hide: bool = False) -> Row | None:
    rows = reach.by_channel(db, str(person.participant_id), SINCE, NOW, hide_contraception=hide)
    return {row["channel"]: row for row in rows}.get("push")


def test_what_was_sent_received_shown_opened_and_answered_is_counted(db: Database, who: People) -> None:
    for n, state in enumerate(("handed_over", "received", "shown", "opened", "answered", "failed")):
        _told(db, who.lin, ["dose"], NOW - timedelta(days=n), state)
    _told(db, who.lin, ["dose"], SINCE - timedelta(minutes=1))
    _told(db, who.an, ["dose"], NOW)
    push = _push(db, who.lin)
    assert push and [push[name] for name in ("planned", "handed_over", "received", "shown")] == [6, 6, 4, 3]
    assert [push[name] for name in ("opened", "answered", "failed")] == [2, 1, 1]
    assert push["last_received_at"] == clock.to_text(NOW - timedelta(days=1))


def test_contraception_alone_is_not_counted_for_whoever_may_not_know_of_it(db: Database, who: People) -> None:
    _told(db, who.yu, ["contraception"], NOW)
    assert _push(db, who.yu, hide=True) is None
    _told(db, who.yu, ["contraception", "dose"], NOW - timedelta(hours=1))
    seen, hidden = _push(db, who.yu), _push(db, who.yu, hide=True)
    assert seen and hidden and (seen["planned"], hidden["planned"]) == (2, 1)


def test_a_bundle_is_listed_without_the_kind_that_is_hidden(db: Database, who: People) -> None:
    _told(db, who.yu, ["contraception", "dose"], NOW - timedelta(hours=1))
    _told(db, who.yu, ["contraception"], NOW)

    def kinds(*, hide: bool) -> list[list[str]]:
        rows = reach.list_deliveries(
            db, str(who.yu.participant_id), before=None, limit=10, hide_contraception=hide
        )  # fmt: skip
        return [row["kinds"] for row in rows]

    assert kinds(hide=False) == [["contraception"], ["contraception", "dose"]]
    assert kinds(hide=True) == [["dose"]]
