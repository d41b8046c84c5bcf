"""Every route with an outsider and with others' ids: nobody finds what is not theirs."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from diary.db import Database, one
from tests.people import NOW, People
from tests.phone import entry, reading
from tests.web.conftest import ClientFor
from tests.web.operations import OPERATIONS, READERS, method_of, rules
from tests.web.things import Things, body_for, call, things

# Lists that hold nobody's login, or nothing at the other site.
EMPTY_ELSEWHERE = {
    "listAlerts",
    "listQueries",
    "listCalls",
    "listMyChannels",
    "getRoster",
    "listZoneChanges",
    "listScheduleTemplates",
}


def names_with(app: Flask, *arguments: str) -> list[str]:
    return [name for name, rule in rules(app).items() if set(arguments) <= rule.arguments]


@pytest.mark.parametrize(
    "name", [name for name, op in OPERATIONS.items() if op.roles and op.roles <= READERS]
)
def test_an_outsider_from_another_site_finds_nothing_of_ours(
    app: Flask, client_for: ClientFor, who: People, ours: Things, db: Database, name: str
) -> None:
    rule, weber = rules(app)[name], client_for(who.weber)
    assert "coordinator" in (OPERATIONS[name].roles or set()), "let an outsider of this role move in as well"
    before = one(db, "select count(*) as n from audit")
    answer = call(app, weber, name, ours.ids, body_for(name, ours.ids))
    if rule.arguments:
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), answer.json
    elif method_of(rule) == "GET":
        text = answer.get_data(as_text=True)
        for value in (*ours.ids.values(), "S002", str(who.an.site_id)):
            assert value not in text
        assert who.olsen.login in text or name in EMPTY_ELSEWHERE
        return
    elif name == "seeAlerts":
        answer = call(app, weber, name, {}, {"ids": [ours.ids["alert_id"]]})
        assert answer.status_code == 404
    elif name == "setRoster":
        named = {**(OPERATIONS[name].body or {}), "people": [who.zhao.account_id]}
        answer = call(app, weber, name, {}, named)
        assert (answer.status_code, answer.json["fields"].keys()) == (422, {"people"})
    elif name == "addMyChannel":
        assert answer.json["account_id"] == who.weber.account_id
        return
    else:
        assert name == "enrolParticipant", "say here how an outsider is kept out"
    assert one(db, "select count(*) as n from audit") == before


def test_ids_of_the_other_site_are_not_there_for_us(
    app: Flask, client_for: ClientFor, who: People, db: Database
) -> None:
    theirs = things(client_for, db, who.olsen, who.weber, None)
    asked = [name for name, rule in rules(app).items() if rule.arguments and "/site/" in rule.rule]
    assert len(asked) > 15
    for name in asked:
        answer = call(app, client_for(who.chen), name, theirs.ids, body_for(name, theirs.ids))
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), name


PAIRS = ("entry_id", "schedule_id", "session_id", "account_id", "channel_id")


@pytest.mark.parametrize("part", PAIRS)
def test_one_participants_things_are_not_found_under_another(
    app: Flask, client_for: ClientFor, who: People, ours: Things, part: str
) -> None:
    ids = {**ours.ids, "participant_id": str(who.lin.participant_id)}
    found = names_with(app, "participant_id", part)
    assert found
    for name in found:
        # A correction that names another's entry is answered like any entry that replaces nothing.
        expected = (404, 422) if name == "correctEntry" else (404,)
        answer = call(app, client_for(who.chen), name, ids, body_for(name, ids))
        assert answer.status_code in expected, (name, answer.json)


@pytest.mark.parametrize("odd", ["unknown", "nul", "word", "half", "long"])
def test_ids_that_are_nobodys_are_not_found_and_break_nothing(
    app: Flask, client_for: ClientFor, who: People, ours: Things, odd: str
) -> None:
    value = {"unknown": str(uuid4()), "nul": "%00", "word": "x", "half": "%ed%a0%80", "long": "a" * 900}[odd]
    for name, rule in rules(app).items():
        for argument in rule.arguments:
            if name in ("putEntry", "getReminderTest"):
                continue
            path = rule.rule
            for other in rule.arguments:
                real = value if other == argument else ours.ids[other]
                path = path.replace(f"<uuid:{other}>", real).replace(f"<{other}>", real)
            zone = path.split("/")[2]
            client = client_for({"admin": who.ada, "patient": who.an}.get(zone, who.chen))
            method = method_of(rule)
            ids = {**ours.ids, argument: value}
            body = None if method == "GET" else body_for(name, ids) or {}
            answer = client.open(path, method=method, json=body)
            expected = (404, 422) if name == "correctEntry" else (404,)
            assert answer.status_code in expected, (name, argument, answer.json)
            assert answer.json["message"]


def test_nobody_writes_or_reads_for_somebody_elses_child(
    app: Flask, client_for: ClientFor, who: People, db: Database
) -> None:
    for person, other in ((who.lin, who.an), (who.mei, who.yu), (who.mei, who.lin), (who.olsen, who.lin)):
        client = client_for(person)
        seen = client.get(f"/api/patient/changes?participant_id={other.participant_id}")
        assert (seen.status_code, seen.json["code"]) == (404, "not_found")
        more: dict[str, Any] = {"participant_id": other.participant_id, "proxy_reason": "too young"}
        body = reading(NOW, "6.1", 5, **more)
        put = client.put(f"/api/patient/entries/{body['id']}", json=body)
        assert put.status_code in (404, 422), put.json
        synced = client.post("/api/patient/entries/sync", json={"entries": [reading(NOW, "6.2", 5, **more)]})
        statuses = [result["status"] for result in synced.json.get("results", [])]
        assert statuses == ["refused"] or synced.status_code == 404
        row = one(
            db, "select count(*) as n from entries where participant_id = :p", {"p": other.participant_id}
        )
        assert row == {"n": 0}


def test_nobody_replaces_or_links_somebody_elses_entry(
    client_for: ClientFor, who: People, ours: Things, db: Database
) -> None:
    lin = client_for(who.lin)
    body = reading(NOW, "6.1", 5, replaces=ours.ids["entry_id"], reason="not mine")
    answer = lin.put(f"/api/patient/entries/{body['id']}", json=body)
    assert answer.status_code == 422
    event = entry(NOW, "hypo_event", {"reading_id": ours.ids["entry_id"], "could_self_treat": "no"}, 5)
    lin.put(f"/api/patient/entries/{event['id']}", json=event)
    alerts = list(
        db.query("select id from alerts where participant_id = :p", {"p": ours.ids["participant_id"]})
    )
    joined = db.query("select entry_id from alert_entries where alert_id = :a", {"a": alerts[0]["id"]})
    assert len(alerts) == 1 and [row["entry_id"] for row in joined] == [ours.ids["entry_id"]]
