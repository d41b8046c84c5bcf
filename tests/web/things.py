"""Something of everything that a path can name, and a call of any operation about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask import Flask

from diary import clock
from diary.db import Database, one
from diary.store import calendar_secrets, calls, channels
from diary.store.audit import participant_stream
from tests.people import NOW, Person
from tests.phone import reading
from tests.web.browsing import Answer, Browser
from tests.web.operations import OPERATIONS, SCHEDULE, method_of, rules


@dataclass
class Things:
    """Something of everything that a path can name, of one participant."""

    ids: dict[str, str]
    client: Browser = field(repr=False)


def things(
    client_for: Callable[[Person | None], Browser],
    db: Database,
    person: Person,
    coordinator: Person,
    guardian: Person | None,
) -> Things:
    phone, desk = client_for(person), client_for(coordinator)
    low = reading(NOW, "2.4", 5)
    assert phone.put(f"/api/patient/entries/{low['id']}", json=low).json["severe"] is True
    made = desk.post(f"/api/site/participants/{person.participant_id}/schedules", json=SCHEDULE)
    alert = one(db, "select id from alerts where participant_id = :p", {"p": person.participant_id})
    assert made.status_code == 201 and alert
    with phone.session_transaction() as cookie:
        session_id = cookie["_user_id"]
    stream = participant_stream(str(person.participant_id))
    channel = channels.add(
        db, coordinator.actor, NOW, stream, person.account_id, kind="message", name="email",
        address=f"{person.login}@example.org",
    )  # fmt: skip
    call_id = calls.open(db, person.account_id, str(person.participant_id), "reminder", NOW, NOW)
    query = desk.post(
        f"/api/site/participants/{person.participant_id}/queries",
        json={"entry_id": low["id"], "text": "Sure?"},
    )
    assert query.status_code == 201, query.json
    planned = desk.post(
        f"/api/site/participants/{person.participant_id}/visits", json=OPERATIONS["planVisit"].body
    )
    assert planned.status_code == 201, planned.json
    change_id, reminder = str(uuid4()), one(db, "select id from reminders where kind = 'recheck'")
    db.execute(
        "insert into zone_changes (id, participant_id, from_zone, to_zone, state, asked_by, asked_at)"
        " values (:id, :p, 'Asia/Shanghai', 'Europe/Berlin', 'waiting', :a, :at)",
        {"id": change_id, "p": person.participant_id, "a": person.account_id, "at": clock.to_text(NOW)},
    )
    assert reminder
    ids = {
        "zone_change_id": change_id, "reminder_id": reminder["id"],
        "test_id": str(uuid4()), "problem_id": str(uuid4()),
        "query_id": query.json["id"], "visit_id": planned.json["visits"][0]["planned_id"],
        "participant_id": str(person.participant_id), "entry_id": low["id"], "alert_id": alert["id"],
        "schedule_id": made.json["id"], "session_id": session_id,
        "account_id": guardian.account_id if guardian else str(uuid4()), "channel_id": channel["id"],
        "call_id": call_id, "token": calendar_secrets.create(db, person.actor, NOW),
    }  # fmt: skip
    return Things(ids, desk)


def call(app: Flask, client: Browser, name: str, ids: dict[str, str], body: Any = None) -> Answer:
    rule = rules(app)[name]
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(rule.endpoint, {a: ids[a] for a in rule.arguments})
    method = method_of(rule)
    return client.open(url, method=method, json=None if method == "GET" else (body or {}))


def body_for(name: str, ids: dict[str, str]) -> Any:
    """A body that gets past the checks of form, so that only the scope can refuse."""
    if name == "correctEntry":
        again = reading(NOW, "2.5", 5, replaces=ids["entry_id"], reason="misread", origin="staff")
        return {"entry": again, "source_note": "telephone"}
    if name == "raiseQuery":
        return {"entry_id": ids["entry_id"], "text": "Which meter was this?"}
    if name == "addContactChannel":
        return {**(OPERATIONS[name].body or {}), "account_id": ids["account_id"]}
    return OPERATIONS[name].body
