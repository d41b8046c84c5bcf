"""Rows against the trail: what is written once must be there as it came, what changes as it was changed."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from diary.db import Database
from diary.store import audit


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written: where, and what is wrong with it."""

    where: str
    what: str


# Tables whose rows are written once, with the object name under which the trail holds all of them.
WRITTEN_ONCE: Final = {
    "consents": "consent",
    "entries": "entry",
    "entry_decisions": "entry_decision",
    "same_records": "same_record",
    "refusals": "refusal",
    "query_messages": "query_message",
}

# Tables whose rows change: the trail holds each as it began and every later value, field by field.
REPLAYED: Final = {
    "sites": "site",
    "participants": "participant",
    "accounts": "account",
    "guardianships": "guardianship",
    "meters": "meter",
    "schedules": "schedule",
    "alerts": "alert",
    "queries": "query",
    "calls": "call",
    "channels": "channel",
    "zone_changes": "zone_change",
    "planned_visits": "planned_visit",
}

# Columns of those that are deliberately not in the trail, so that nothing can say what they should be.
NOT_IN_TRAIL: Final = {
    # Monitors read the trail and learn ages only.
    "participants": frozenset({"birth_day"}),
    # Secrets; and the last used step of a second factor, which moves with every sign-in.
    "accounts": frozenset({"secret_hash", "totp_secret", "totp_pending", "totp_last_step"}),
    # Addresses of people, so that they can be removed; and the code of a test, which ends within minutes.
    "channels": frozenset({"address", "test_code_hash", "test_sent_at"}),
}

# Whole tables that nothing is said about, and why.
UNCHECKED: Final = {
    "identities": "names and addresses: the trail names versions only, so that they can be removed",
    "identity_versions": "as identities",
    "activation_codes": "secrets that end within days",
    "sessions": "who is signed in at the moment",
    "attempts": "forgotten after two days",
    "alert_entries": "which entries an alert is about: the entries and the alert are checked themselves",
    "alert_episodes": "as alert_entries",
    "ticks": "the worker's clock",
    "reminders": "planned by a machine from schedules; what was answered stands in the entries",
    "plans": "as reminders",
    "deliveries": "written by a machine, each with its times",
    "delivery_reminders": "as deliveries",
    "subscriptions": "which browsers a person has at the moment",
    "push_hosts": "which push services answer at the moment",
    "problems": "what the operator has to look at",
    "calendar_feeds": "secrets that can be revoked",
    "roster_days": "days are set and cleared: the trail says by whom",
    "day_rows": "counted from the entries, and counted anew when in doubt",
    "participant_states": "since when: the trail of the participant holds each change",
    "participant_zones": "as participant_states",
}

Key = tuple[str, ...]
Fields = dict[str, str | None]


def written_once(db: Database, table: str) -> Iterator[Finding]:
    """Each row of the table is as the trail says it was written, and none is gone."""
    object_ = WRITTEN_ONCE[table]
    rows = db.query(
        f"select t.*, a.new as trail_new from {table} t left join audit a"
        " on a.object_id = t.id and a.object = :object and a.action = 'create'",
        {"object": object_},
    )
    for row in rows:
        new = row.pop("trail_new")
        if new is None:
            yield Finding(f"{table} {row['id']}", "is not in the trail")
        elif new != audit.canonical(row):
            yield Finding(f"{table} {row['id']}", "is not as the trail says it was written")
    gone = db.query(
        f"select a.object_id from audit a left join {table} t on t.id = a.object_id"
        " where a.object = :object and a.action = 'create' and t.id is null",
        {"object": object_},
    )
    for row in gone:
        yield Finding(f"{table} {row['object_id']}", "is in the trail and gone from the table")


def replayed(db: Database, table: str) -> Iterator[Finding]:
    """Each row of the table has the values that the trail comes to, and none is gone."""
    said = _replay(db, REPLAYED[table])
    kept_out = NOT_IN_TRAIL.get(table, frozenset())
    for row in db.query(f"select * from {table}"):
        key = _key(table, row)
        where = f"{table} {' of '.join(key)}"
        expected = said.pop(key, None)
        if expected is None:
            yield Finding(where, "is not in the trail")
            continue
        wrong = [name for name in row if name not in kept_out and _text(row[name]) != expected.get(name)]
        if wrong:
            yield Finding(where, f"is not as the trail says: {', '.join(wrong)}")
    for key in said:
        yield Finding(f"{table} {' of '.join(key)}", "is in the trail and gone from the table")


def _replay(db: Database, object_: str) -> dict[Key, Fields]:
    """Every thing of this name as the trail leaves it; created anew, it begins anew."""
    said: dict[Key, Fields] = {}
    rows = db.query(
        "select stream, action, object_id, field, new from audit"
        " where object = :object and (action = 'create' or field is not null) order by stream, seq",
        {"object": object_},
    )
    for row in rows:
        key: Key = (row["object_id"],)
        if object_ == "guardianship":
            # A guardian may have several children: whose it is says the chain.
            key = (row["object_id"], row["stream"].removeprefix("participant:"))
        if row["action"] == "create":
            said[key] = {name: _text(value) for name, value in read_object(row["new"]).items()}
        else:
            said.setdefault(key, {})[row["field"]] = row["new"]
    return said


def _key(table: str, row: dict[str, Any]) -> Key:
    return (row["account_id"], row["participant_id"]) if table == "guardianships" else (row["id"],)


def read_object(text: str | None) -> dict[str, Any]:
    """A JSON object, as the trail and the seals keep them; empty when the text was spoilt."""
    try:
        read = json.loads(text or "")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _text(value: object) -> str | None:
    """As the trail writes a field's value."""
    return value if value is None or isinstance(value, str) else audit.canonical(value)


@dataclass(frozen=True)
class Person:
    """What a verdict needs to know of a participant, from `since` on."""

    since: str
    treated_by_carer: int
    consented_day: str


def people(db: Database) -> dict[str, list[Person]]:
    """By the trail, for every participant: what was known at first and after each change, oldest first."""
    known: defaultdict[str, list[Person]] = defaultdict(list)
    rows = db.query(
        "select at, action, object_id, field, new from audit where object = 'participant'"
        " and (action = 'create' or field in ('treated_by_carer', 'consented_day')) order by stream, seq"
    )
    for row in rows:
        before = known[row["object_id"]]
        if row["action"] == "create":
            said = read_object(row["new"])
        else:
            last = before[-1] if before else Person("", 0, "")
            said = {"treated_by_carer": last.treated_by_carer, "consented_day": last.consented_day}
            said[row["field"]] = row["new"]
        carer = _text(said.get("treated_by_carer")) == "1"
        before.append(Person(row["at"], int(carer), str(said.get("consented_day", ""))))
    return known
