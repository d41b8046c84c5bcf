"""Rows that the tests of deliveries begin with: phones, addresses, reminders, pages."""

from datetime import datetime, timedelta
from uuid import uuid4

from diary import clock
from diary.db import Database, Row
from diary.store.deliveries import Notice
from tests.people import NOW, Person

HOST = "updates.push.services.mozilla.com"


def phone(db: Database, person: Person, *, host: str = HOST, session_id: str | None = None) -> str:
    """A subscription of this person; its keys are no real ones."""
    row: Row = {
        "id": str(uuid4()), "account_id": person.account_id, "session_id": session_id,
        "endpoint": f"https://{host}/wpush/{uuid4()}", "host": host, "p256dh": "p", "auth": "a",
        "device": "Firefox", "created_at": clock.to_text(NOW), "seen_at": clock.to_text(NOW),
    }  # fmt: skip
    insert(db, "subscriptions", row)
    return str(row["id"])


def address(
    db: Database, person: Person, text: str, *, kind: str = "message", name: str = "email",
    tested: bool = False,
) -> str:  # fmt: skip
    row: Row = {
        "id": str(uuid4()), "account_id": person.account_id, "kind": kind, "name": name, "address": text,
        "created_at": clock.to_text(NOW), "created_by": person.account_id,
        "tested_at": clock.to_text(NOW) if tested else None,
    }  # fmt: skip
    insert(db, "channels", row)
    return str(row["id"])


def reminder(
    db: Database, person: Person, *, due_at: datetime = NOW, kind: str = "recheck", state: str = "due"
) -> str:
    """A reminder of the person's participant; with kind recheck it needs no schedule."""
    row: Row = {
        "id": str(uuid4()), "participant_id": person.participant_id, "kind": kind,
        "local_day": "2026-03-02", "slot": str(uuid4()), "due_at": clock.to_text(due_at),
        "opens_at": clock.to_text(due_at), "closes_at": clock.to_text(due_at + timedelta(hours=2)),
        "state": state, "told": 0, "planned_at": clock.to_text(due_at),
    }  # fmt: skip
    if kind != "recheck":
        row["schedule_id"] = schedule(db, person, kind)
    insert(db, "reminders", row)
    return str(row["id"])


def schedule(db: Database, person: Person, kind: str) -> str:
    row: Row = {
        "id": str(uuid4()), "participant_id": person.participant_id, "kind": kind,
        "title": "Tacrolimus in the morning", "times": '["08:00"]', "zone": "Asia/Shanghai",
        "from_day": "2026-01-01", "drug": "tacrolimus", "amount": "1 mg", "window_before_min": 60,
        "window_after_min": 120, "created_by": person.account_id, "created_at": clock.to_text(NOW),
    }  # fmt: skip
    insert(db, "schedules", row)
    return str(row["id"])


def page_alert(db: Database, person: Person) -> str:
    row: Row = {
        "id": str(uuid4()), "participant_id": person.participant_id, "site_id": person.site_id,
        "level": "page", "kind": "severe_value", "state": "open", "is_contraception": 0,
        "opened_at": clock.to_text(NOW), "paged_at": clock.to_text(NOW),
    }  # fmt: skip
    insert(db, "alerts", row)
    return str(row["id"])


def insert(db: Database, table: str, row: Row) -> None:
    db.execute(
        f"insert into {table} ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
    )


def set_state(db: Database, reminder_id: str, state: str) -> None:
    db.execute("update reminders set state = :s where id = :id", {"s": state, "id": reminder_id})


def told(
    person: Person, *reminder_ids: str, group_id: str = "", round: int = 0, kind: str = "dose",
    about: str = "reminder", alert_id: str | None = None, due_at: datetime = NOW, open_h: float = 2,
) -> Notice:  # fmt: skip
    """A notice to this person."""
    return Notice(
        group_id=group_id or f"r:{person.account_id}:{clock.to_text(due_at)}", about=about, kind=kind,  # type: ignore[arg-type]
        account_id=person.account_id, site_id=person.site_id, participant_id=person.participant_id,
        alert_id=alert_id, round=round, due_at=due_at, expires_at=due_at + timedelta(hours=open_h),
        reminder_ids=reminder_ids,
    )  # fmt: skip


def rows(db: Database) -> list[Row]:
    return list(db.query("select * from deliveries order by planned_at, channel, round, id"))
