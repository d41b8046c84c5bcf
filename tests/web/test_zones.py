"""Every route of the application, with every role, with nobody, with an outsider and with others' ids.

A new route fails here until its operation is listed with the roles that may use it.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from diary import clock
from diary.app import create_app
from diary.config import Config
from diary.db import Database, one
from diary.rules.roles import ROLES
from diary.store import calendar_secrets, calls, channels
from diary.store.audit import participant_stream
from diary.web.zones import Zone
from tests.people import NOW, People, Person
from tests.phone import entry, reading
from tests.web.conftest import ClientFor, browser

OWN = {"participant", "guardian"}
DESK = {"coordinator", "investigator"}
READERS = DESK | {"monitor"}
STAFF = READERS | {"administrator"}
ALL = set(ROLES)


@dataclass(frozen=True)
class Operation:
    """Who may use it (None: nobody needs to sign in), and a body that passes, where it takes one."""

    roles: set[str] | None
    body: dict[str, Any] | None = None


REASON = {"reason": "for the test"}
CONSENT = {"version": "2.0", "day": "2026-03-01"}
SCHEDULE = {
    "kind": "dose", "title": "Tacrolimus", "drug": "tacrolimus", "times": ["08:00"], "from_day": "2026-03-02",
}  # fmt: skip
VISIT = {"entry": entry(NOW, "note", {"text": "told by telephone"}, origin="staff"), "source_note": "call"}
OPERATIONS = {
    "api-docs.openapi_json": Operation(None),
    "getHealth": Operation(None),
    "getStudy": Operation(None),
    "signIn": Operation(None, {"login": "S999", "secret": "2580"}),
    "signOut": Operation(None),
    "activate": Operation(None, {"code": "AAAAA-AAAAA", "pin": "2580"}),
    "setUp": Operation(
        None, {"code": "A", "name": "X", "email": "x@example.org", "password": "a long password"}
    ),
    "getMe": Operation(ALL),
    "updateMe": Operation(ALL, {"language": "en"}),
    "startSecondFactor": Operation(STAFF),
    "confirmSecondFactor": Operation(STAFF, {"totp": "123456"}),
    "putEntry": Operation(OWN),
    "syncEntries": Operation(OWN, {"entries": []}),
    "listChanges": Operation(OWN),
    "getPush": Operation(OWN),
    "subscribePush": Operation(OWN, {"endpoint": "https://example.org/", "keys": {}}),
    "unsubscribePush": Operation(OWN, {"endpoint": "https://web.push.apple.com/x"}),
    "testReminders": Operation(OWN),
    "getReminderTest": Operation(OWN),
    "postReceipt": Operation(None, {"token": "x", "event": "received", "at": "2026-03-02T12:00:00+08:00"}),
    "getCalendar": Operation(OWN),
    "getCalendarFeed": Operation(OWN),
    "createCalendarFeed": Operation(OWN),
    "revokeCalendarFeed": Operation(OWN),
    "readCalendarFeed": Operation(None),
    "listParticipants": Operation(READERS),
    "getParticipant": Operation(READERS),
    "enrolParticipant": Operation({"coordinator"}),
    "updateParticipant": Operation({"coordinator"}, {**REASON, "language": "en"}),
    "issueActivationCode": Operation({"coordinator"}, {}),
    "printLeaflet": Operation({"coordinator"}, {"code": "AAAAA-AAAAA"}),
    "recordConsent": Operation({"coordinator"}, {**CONSENT, "giver": "participant"}),
    "addGuardian": Operation({"coordinator"}, {"name": "X", "relation": "aunt", "consent": CONSENT}),
    "endGuardian": Operation({"coordinator"}, REASON),
    "assignMeter": Operation({"coordinator"}, {"serial": "GL-1"}),
    "listSessions": Operation({"coordinator"}),
    "revokeSession": Operation({"coordinator"}, REASON),
    "listSchedules": Operation(READERS),
    "setSchedule": Operation({"coordinator"}, SCHEDULE),
    "endSchedule": Operation(DESK, REASON),
    "listEntries": Operation(READERS),
    "listRefusals": Operation(READERS),
    "getEntryHistory": Operation(READERS),
    "addStaffEntry": Operation(DESK, VISIT),
    "correctEntry": Operation(DESK),
    "acceptHeldEntry": Operation(DESK, {"source_note": "seen on paper"}),
    "listAlerts": Operation(READERS),
    "seeAlerts": Operation(DESK),
    "acknowledgeAlert": Operation(DESK),
    "resolveAlert": Operation(DESK, {"resolution": "called, well again"}),
    "decideSae": Operation(DESK, {"sae": "no", "reason": "as the letter says"}),
    "listVisits": Operation(READERS),
    "planVisit": Operation(DESK, {"name": "Month 1", "day": "2026-04-01", "before_days": 3, "after_days": 7}),
    "cancelVisit": Operation(DESK, REASON),
    "getRoster": Operation(READERS),
    "setRoster": Operation(DESK, {"from_day": "2026-03-02", "to_day": "2026-03-03", "people": []}),
    "listMyChannels": Operation(DESK),
    "addMyChannel": Operation(DESK, {"name": "email", "address": "new@example.org"}),
    "testMyChannel": Operation(DESK),
    "confirmMyChannel": Operation(DESK, {"code": "000000"}),
    "endMyChannel": Operation(DESK),
    "listContactChannels": Operation(DESK),
    "addContactChannel": Operation(DESK, {"name": "email", "address": "new@example.org"}),
    "endContactChannel": Operation(DESK),
    "listCalls": Operation(READERS),
    "closeCall": Operation(DESK, {"outcome": "no_answer"}),
    "getReachability": Operation(READERS),
    "listDeliveries": Operation(READERS),
    "getSummary": Operation(READERS),
    "listDays": Operation(READERS),
    "getAdherence": Operation(READERS),
    "getConcordance": Operation(READERS),
    "listSevereEvents": Operation(READERS),
    "listReminders": Operation(OWN),
    "snoozeReminder": Operation(OWN, {"minutes": 10}),
    "confirmZone": Operation(OWN, {"zone": "Asia/Shanghai"}),
    "listScheduleTemplates": Operation({"coordinator"}),
    "listZoneChanges": Operation(READERS),
    "decideZoneChange": Operation(DESK, {**REASON, "decision": "refused"}),
    "getContraception": Operation(DESK),
    "listQueries": Operation(READERS),
    "raiseQuery": Operation(DESK),
    "answerQuery": Operation(DESK, {"text": "as in the paper log"}),
    "closeQuery": Operation(DESK, {"text": "settled", "seen": 1}),
    "answerOwnQuery": Operation(OWN, {"text": "I ate before"}),
    "listAudit": Operation(READERS),
    "listAccounts": Operation({"administrator"}),
    "createAccount": Operation({"administrator"}),
    "updateAccount": Operation({"administrator"}, {**REASON, "name": "Dr X"}),
    "issueAccountCode": Operation({"administrator"}),
    "closeAccount": Operation({"administrator"}, REASON),
    "resetSecondFactor": Operation({"administrator"}, REASON),
    "listProblems": Operation({"administrator"}),
    "closeProblem": Operation({"administrator"}),
    "resumePushHost": Operation({"administrator"}, {"host": "web.push.apple.com"}),
    "setPhonesAside": Operation(
        {"administrator"},
        {"host": "web.push.apple.com", "phone_ids": ["0198c0de-0000-7000-8000-000000000000"]},
    ),
    "listOperatorChannels": Operation({"administrator"}),
    "addOperatorChannel": Operation({"administrator"}, {"name": "email", "address": "new@example.org"}),
    "testOperatorChannel": Operation({"administrator"}),
    "confirmOperatorChannel": Operation({"administrator"}, {"code": "000000"}),
    "endOperatorChannel": Operation({"administrator"}),
    "listSites": Operation({"administrator"}),
    "createSite": Operation({"administrator"}, {"name": "X", "zone": "Europe/Berlin"}),
}
ZONES = {"patient": OWN, "site": READERS, "admin": {"administrator"}}


def name_of(rule: Rule) -> str:
    operation_id = rule.endpoint.rpartition(".")[2]
    return operation_id if operation_id in OPERATIONS or "api-docs" not in rule.endpoint else rule.endpoint


def rules(app: Flask) -> dict[str, Rule]:
    return {name_of(rule): rule for rule in app.url_map.iter_rules()}


def method_of(rule: Rule) -> str:
    [method] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method


@dataclass
class Things:
    """Something of everything that a path can name, of one participant."""

    ids: dict[str, str]
    client: FlaskClient = field(repr=False)


@pytest.fixture
def ours(client_for: ClientFor, who: People, db: Database) -> Things:
    """Of An, who has a guardian, an entry with its alert, a schedule and a session."""
    return things(client_for, db, who.an, who.chen, who.mei)


def things(
    client_for: ClientFor, db: Database, person: Person, coordinator: Person, guardian: Person | None
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


def call(app: Flask, client: FlaskClient, name: str, ids: dict[str, str], body: Any = None) -> TestResponse:
    rule = rules(app)[name]
    with app.test_request_context():
        url = app.url_map.bind("localhost").build(rule.endpoint, {a: ids[a] for a in rule.arguments})
    method = method_of(rule)
    return client.open(url, method=method, json=None if method == "GET" else (body or {}))


def test_every_route_is_listed_and_every_listed_operation_has_a_route(app: Flask) -> None:
    assert set(rules(app)) == set(OPERATIONS)
    assert len(list(app.url_map.iter_rules())) == len(OPERATIONS)


def test_a_route_stands_in_the_zone_that_its_address_says(app: Flask) -> None:
    document = app.test_client().get("/api/openapi.json").json
    found = set()
    for path, methods in document["paths"].items():
        zone = path.split("/")[2] if path.split("/")[2] in ZONES else "public"
        for operation in methods.values():
            if isinstance(operation, dict):
                found.add(operation["operationId"])
                assert operation["tags"][0] == zone
                allowed = OPERATIONS[operation["operationId"]].roles
                assert zone == "public" or (allowed and allowed <= ZONES[zone])
    assert found == set(OPERATIONS) - {"api-docs.openapi_json"}


def test_the_monitor_may_only_read(app: Flask) -> None:
    for name, rule in rules(app).items():
        if "monitor" in (OPERATIONS[name].roles or set()) and "/me" not in rule.rule:
            assert method_of(rule) == "GET", name


def test_a_zone_keeps_out_whoever_does_not_belong_there_whatever_they_may_do(
    config: Config, db: Database, who: People
) -> None:
    probe = Zone("site", "probe")

    @probe.operation("/probe", "GET", "probe", "see_own_data")
    def view() -> dict[str, str]:
        return {}

    app = create_app(config, now=lambda: NOW)
    app.register_blueprint(probe)
    client = browser(app)
    client.post("/api/sign-in", json={"login": who.lin.login, "secret": who.lin.secret})
    assert client.get("/api/me").status_code == 200
    assert client.get("/api/site/probe").status_code == 403


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_role_gets_through_the_guard_exactly_where_it_is_listed(
    app: Flask, client_for: ClientFor, who: People, ours: Things, name: str
) -> None:
    allowed = OPERATIONS[name].roles
    nobody = call(app, client_for(None), name, ours.ids)
    assert (nobody.status_code == 401) == (allowed is not None), nobody.json
    for person in (who.an, who.mei, who.chen, who.zhao, who.park, who.ada):
        answer = call(app, client_for(person), name, ours.ids)
        if allowed is None or person.role in allowed:
            assert (answer.status_code not in (401, 403, 405) and answer.status_code < 500) or (
                name == "getHealth"
            ), (person.role, answer.json)
        else:
            assert (answer.status_code, answer.json["code"]) == (403, "not_yours"), person.role
    assert {person.role for person in who} == set(ROLES)


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
        named = {**OPERATIONS[name].body, "people": [who.zhao.account_id]}
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
        more = {"participant_id": other.participant_id, "proxy_reason": "too young"}
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


def test_the_administrator_manages_staff_and_leaves_participants_to_their_site(
    client_for: ClientFor, who: People
) -> None:
    ada = client_for(who.ada)
    for path, method, body in (
        ("", "PATCH", {**REASON, "name": "X"}), ("/activation-codes", "POST", None)
    ):  # fmt: skip
        answer = ada.open(f"/api/admin/accounts/{who.lin.account_id}{path}", method=method, json=body)
        assert (answer.status_code, answer.json["code"]) == (409, "not_staff")
