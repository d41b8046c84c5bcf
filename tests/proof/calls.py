"""For each operation of the diary one call that succeeds, in the scene in which it is made."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pyotp

from tests.people import NOW, PASSWORD, PIN, People
from tests.phone import at, entry, reading
from tests.proof.life import FOLDER, MAIL, SCHEDULE, STOPPED_HOST, Life, subscription

REASON = {"reason": "as agreed"}
CONSENT = {"version": "2.1", "day": "2026-02-20"}
SPAN = {"from": "2026-02-20", "to": "2026-03-02"}
# Stands where a role has nothing of its own, because it may not do the call anyway.
NOBODYS = str(uuid4())


@dataclass(frozen=True)
class Call:
    """What goes into one call that succeeds; `on_empty` for the database of a first start."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    on_empty: bool = False


@dataclass(frozen=True)
class Calls:
    """What `role` would call, by operationId."""

    life: Life
    role: str
    setup_code: str

    @property
    def who(self) -> People:
        return self.life.who

    @property
    def ids(self) -> dict[str, str]:
        return self.life.ids

    def own(self, name: str) -> str:
        return self.ids.get(f"{name} {self.role}", NOBODYS)

    def all(self) -> dict[str, Call]:
        parts = (
            self._public(), self._diary(), self._phone(), self._people(), self._entries(), self._alerts(),
            self._figures(), self._queries(), self._reach(), self._own_ways("My"), self._own_ways("Operator"), self._admin(),
        )  # fmt: skip
        return {name: call for part in parts for name, call in part.items()}

    def _public(self) -> dict[str, Call]:
        pending = self.ids.get(f"totp {self.role}", "A" * 32)
        return {
            "getHealth": Call(), "getStudy": Call(), "getMe": Call(), "signOut": Call(),
            "startSecondFactor": Call(),
            "signIn": Call(body={"login": self.who.lin.login, "secret": PIN}),
            "activate": Call(body={"code": self.ids["code"], "pin": "7391", "language": "en"}),
            "setUp": Call(body={
                "code": self.setup_code, "name": "Ada", "email": "ada@example.org", "password": PASSWORD,
            }, on_empty=True),
            "updateMe": Call(body={"language": "en"}),
            "confirmSecondFactor": Call(body={"totp": pyotp.TOTP(pending).at(NOW)}),
            "postReceipt": Call(body={"token": self.ids["receipt"], "event": "shown", "at": at(NOW)}),
            "readCalendarFeed": Call({"token": self.ids["calendar"]}),
        }  # fmt: skip

    def _child(self) -> dict[str, str]:
        """A guardian says for whom."""
        if self.role != "guardian":
            return {}
        return {"participant_id": str(self.who.an.participant_id)}

    def _diary(self) -> dict[str, Call]:
        more = self.life.child() if self.role == "guardian" else {}
        one = {**reading(NOW, "5.6", 5), **more}
        child = self._child()
        return {
            "putEntry": Call({"entry_id": one["id"]}, body=one),
            "syncEntries": Call(body={"entries": [one, {**one, "id": "no id"}], "sent_at": at(NOW)}),
            "listChanges": Call(query={"since": "0", **child}),
            "listReminders": Call(query=child),
            "snoozeReminder": Call({"reminder_id": self.own("reminder")}, body={"minutes": 10, **child}),
            "confirmZone": Call(body={"zone": "Asia/Tokyo", **child}),
            "answerOwnQuery": Call({"query_id": self.own("query")}, body={"text": "my mother's"}),
        }

    def _phone(self) -> dict[str, Call]:
        mine = subscription(self.role, self.life.push_keys)
        return {
            "getPush": Call(), "testReminders": Call(),
            "getReminderTest": Call({"test_id": self.own("test")}),
            "subscribePush": Call(body=subscription("another", self.life.push_keys)),
            "unsubscribePush": Call(body={"endpoint": mine["endpoint"]}),
            "getCalendar": Call(), "getCalendarFeed": Call(), "createCalendarFeed": Call(),
            "revokeCalendarFeed": Call(),
        }  # fmt: skip

    def _people(self) -> dict[str, Call]:
        lin, an = {"participant_id": self._lin}, {"participant_id": self._an}
        mother = self.who.mei.account_id
        return {
            "listParticipants": Call(),
            "enrolParticipant": Call(body={
                "subject_no": "S044", "name": "Wu Min", "birth_day": "1990-04-05", "sex": "female",
                "fertile": True, "premenopausal": True, "consent": CONSENT, "meter": {"serial": "M-44"},
            }),
            "getParticipant": Call(lin),
            "updateParticipant": Call(lin, body={**REASON, "display_unit": "mg/dL"}),
            "issueActivationCode": Call(an, body={"guardian_id": mother}),
            "printLeaflet": Call(
                {"participant_id": str(self.who.yu.participant_id)}, body={"code": self.ids["code"]}
            ),
            "recordConsent": Call(lin, body={**CONSENT, "giver": "participant"}),
            "addGuardian": Call(an, body={
                "name": "Chen Hao", "relation": "father", "consent": CONSENT, "language": "en",
            }),
            "endGuardian": Call({**an, "account_id": mother}, body=REASON),
            "assignMeter": Call(lin, body={"serial": "M-7", "model": "Contour"}),
            "listSessions": Call(lin),
            "revokeSession": Call({**an, "session_id": self.ids["phone"]}, body=REASON),
            "listScheduleTemplates": Call(),
            "listSchedules": Call(lin),
            "setSchedule": Call(lin, body={**SCHEDULE, "replaces": self.ids["spare"]}),
            "endSchedule": Call({**lin, "schedule_id": self.ids["schedule"]}, body=REASON),
        }  # fmt: skip

    def _entries(self) -> dict[str, Call]:
        lin, good = {"participant_id": self._lin}, self.ids["good"]
        better = {
            **reading(NOW, "6.6", 90), "replaces": good, "reason": "misread", "origin": "staff",
        }  # fmt: skip
        weight = entry(NOW, "weight", {"kg": "61.5"}, origin="staff")
        return {
            "listEntries": Call(lin, {"from": "2026-01-01", "limit": 2}),
            "listRefusals": Call(lin),
            "addStaffEntry": Call(lin, body={"entry": weight, "source_note": "scales"}),
            "getEntryHistory": Call({**lin, "entry_id": self.ids["low"]}),
            "correctEntry": Call(
                {**lin, "entry_id": good}, body={"entry": better, "source_note": "the meter's own memory"}
            ),
            "acceptHeldEntry": Call(
                {**lin, "entry_id": self.ids["held"]}, body={"source_note": "meter seen"}
            ),
            "listAudit": Call(query={"object_id": self.ids["low"]}),
        }

    def _alerts(self) -> dict[str, Call]:
        alert = {"alert_id": self.ids["alert"]}
        return {
            "listAlerts": Call(query={"state": "open"}),
            "seeAlerts": Call(body={"ids": [self.ids["alert"]]}),
            "acknowledgeAlert": Call(alert),
            "resolveAlert": Call(alert, body={"resolution": "spoke to him, is well", "sae": "no"}),
            "decideSae": Call({"alert_id": self.ids["resolved"]}, body={**REASON, "sae": "yes"}),
        }

    def _figures(self) -> dict[str, Call]:
        lin = {"participant_id": self._lin}
        return {
            "getSummary": Call(lin, SPAN), "listDays": Call(lin, SPAN),
            "getAdherence": Call(lin, {**SPAN, "detail": "windows"}), "getConcordance": Call(lin, SPAN),
            "listSevereEvents": Call(lin), "getContraception": Call(lin), "listVisits": Call(lin),
            "planVisit": Call(
                lin, body={"name": "Month 6", "day": "2026-06-01", "before_days": 7, "after_days": 0}
            ),
            "cancelVisit": Call({**lin, "visit_id": self.ids["visit"]}, body=REASON),
        }  # fmt: skip

    def _queries(self) -> dict[str, Call]:
        query = {"query_id": self.ids["query participant"]}
        asked = {"entry_id": self.ids["low"], "text": "Was this before lunch?", "due_day": "2026-03-20"}
        return {
            "listQueries": Call(query={"state": "open"}),
            "raiseQuery": Call({"participant_id": self._lin}, body=asked),
            "answerQuery": Call(query, body={"text": "as in the paper log"}),
            "closeQuery": Call(query, body={"text": "settled by telephone", "seen": 1}),
        }

    def _reach(self) -> dict[str, Call]:
        an, chen = {"participant_id": self._an}, self.who.chen.account_id
        week = {"from_day": "2026-03-02", "to_day": "2026-03-08"}
        return {
            "getRoster": Call(query={"from": "2026-03-01", "to": "2026-03-31"}),
            "setRoster": Call(body={**week, "weekdays": ["mon", "sun"], "people": [chen]}),
            "listContactChannels": Call(an),
            "addContactChannel": Call(
                an, body={"account_id": self.who.an.account_id, "name": MAIL, "address": "an@example.org"}
            ),
            "endContactChannel": Call({**an, "channel_id": self.ids["contact"]}),
            "listCalls": Call(),
            "closeCall": Call({"call_id": self.ids["call"]}, body={"outcome": "spoke", "note": "is well"}),
            "getReachability": Call(an),
            "listDeliveries": Call(an, {"limit": 2}),
            "listZoneChanges": Call(query={"state": "waiting"}),
            "decideZoneChange": Call(
                {"zone_change_id": self.ids["zone change"]}, body={**REASON, "decision": "applied"}
            ),
        }

    def _own_ways(self, whose: str) -> dict[str, Call]:
        """Staff's at their site and the administrators' are the same operations, under two names."""

        def way(name: str) -> dict[str, str]:
            return {"channel_id": self.own(name)}

        return {
            f"list{whose}Channels": Call(),
            f"add{whose}Channel": Call(body={"name": FOLDER, "address": "another-pager"}),
            f"test{whose}Channel": Call(way("new")),
            f"confirm{whose}Channel": Call(way("waiting"), body={"code": self.own("waiting code")}),
            f"end{whose}Channel": Call(way("proved")),
        }

    def _admin(self) -> dict[str, Call]:
        park, chen = {"account_id": self.who.park.account_id}, {"account_id": self.who.chen.account_id}
        return {
            "listAccounts": Call(), "listSites": Call(), "listProblems": Call(),
            "createAccount": Call(body={
                "role": "monitor", "name": "Dr Sun", "email": "sun@example.org",
                "site_id": self.who.chen.site_id,
            }),
            "updateAccount": Call(park, body={**REASON, "name": "Dr Parker"}),
            "issueAccountCode": Call(park),
            "closeAccount": Call(park, body=REASON),
            "resetSecondFactor": Call(chen, body=REASON),
            "createSite": Call(body={"name": "Second hospital", "zone": "Asia/Shanghai"}),
            "closeProblem": Call({"problem_id": self.ids["problem"]}),
            "resumePushHost": Call(body={"host": STOPPED_HOST}),
            "setPhonesAside": Call(body={
                "host": STOPPED_HOST, "phone_ids": [self.ids["refused phone"]],
            }),
        }  # fmt: skip

    @property
    def _lin(self) -> str:
        return str(self.who.lin.participant_id)

    @property
    def _an(self) -> str:
        return str(self.who.an.participant_id)
