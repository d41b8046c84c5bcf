"""Every operation of the application: who may use it, and a body that passes.

A new route fails in test_zones.py until it is listed here.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from diary.rules.roles import ROLES
from tests.people import NOW
from tests.phone import entry

OWN = {"participant", "guardian"}
DESK = {"coordinator", "investigator"}
READERS = DESK | {"monitor"}
STAFF = READERS | {"administrator"}
ALL: set[str] = set(ROLES)


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


def name_of(rule: Rule) -> str:
    operation_id = str(rule.endpoint).rpartition(".")[2]
    return (
        operation_id if operation_id in OPERATIONS or "api-docs" not in rule.endpoint else str(rule.endpoint)
    )


def rules(app: Flask) -> dict[str, Rule]:
    return {name_of(rule): rule for rule in app.url_map.iter_rules()}


def method_of(rule: Rule) -> str:
    [method] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
    return method
