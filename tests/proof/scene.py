"""The diary with everybody in it and something of everything, and for each operation one call that succeeds.

The database is put back before every call, so that no call depends on the one before, and a call that ends a
session, closes an account or uses a code up spoils nothing.
"""

import json
import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
from flask.testing import FlaskClient

import migrations
from diary.app import create_app
from diary.config import Config
from diary.db import Database, open_database
from diary.rules import roles
from diary.store import accounts, second_factor, sessions, ticks
from tests import people
from tests.people import NOW, PASSWORD, PIN, SECRET_KEY, STUDY, Person
from tests.phone import ORIGIN, Phone, at, entry, reading

PERSONS = {"participant": "lin", "guardian": "mei", "coordinator": "chen", "investigator": "zhao",
           "monitor": "park", "administrator": "ada"}  # fmt: skip
ROLES = ("nobody", *PERSONS)
STAFF = ("coordinator", "investigator", "monitor", "administrator")
# Operations of the public zone that are not for everybody.
SIGNED_IN = ("getMe", "updateMe")
STAFF_ONLY = ("startSecondFactor", "confirmSecondFactor")


@dataclass(frozen=True)
class Call:
    """What goes into one call that succeeds; `on_empty` for the database of a first start."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    on_empty: bool = False


class Scene:
    """The application over a database that is put back before each call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.empty, self.full, self.live = folder / "empty.db", folder / "full.db", folder / "diary.db"
        self.setup_code = _first_start(self.empty)
        self.config = Config(
            database=f"sqlite:///{self.live}", host="127.0.0.1", port=8000, base_url=ORIGIN["Origin"],
            secret_key=SECRET_KEY, seal_key=b"a seal key for tests, 32 bytes..", instance_dir=folder,
        )  # fmt: skip
        db = open_database(self.config.database)
        migrations.apply(db)
        self.who = people.settle(db)
        self.app = create_app(self.config, now=lambda: NOW)
        self.sessions = {role: _session(db, getattr(self.who, name)) for role, name in PERSONS.items()}
        self.cookies = {role: self._cookie(session_id) for role, session_id in self.sessions.items()}
        self.ids = self._live_a_little(db)
        db.close()
        shutil.copyfile(self.live, self.full)

    def _cookie(self, session_id: str) -> str:
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({"_user_id": session_id, "_fresh": True}))

    def client(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie("diary", self.cookies[role])
        return client

    def put_back(self, *, empty: bool = False) -> None:
        """As if no call had been made: every connection is closed by now, so the file is all there is."""
        shutil.copyfile(self.empty if empty else self.full, self.live)
        for left in ("-wal", "-shm"):
            Path(f"{self.live}{left}").unlink(missing_ok=True)

    def _live_a_little(self, db: Database) -> dict[str, str]:
        """Readings, lows, an event, held and refused entries, alerts, schedules; the ids that calls need."""
        ids: dict[str, str] = {}
        lin, mei = Phone(self.client("participant")), Phone(self.client("guardian"), self.child())
        good, low = reading(NOW, "6.4", 90), reading(NOW, "2.5", 20)
        asked = {"reading_id": low["id"], "could_self_treat": "no", "helped_by": "family"}
        held = reading(NOW, "7.7", 4 * 24 * 60)
        lin.sync([good, low, entry(NOW, "hypo_event", asked, 18), held, reading(NOW, "0Lo"),
                  entry(NOW, "contraception", {"used_as_agreed": "no"}),
                  entry(NOW, "illness", {"temperature_c": "38.6"})])  # fmt: skip
        mei.sync([reading(NOW, "8.1", 30), reading(NOW, "LO", 10)])
        ids |= {"good": good["id"], "low": low["id"], "held": held["id"]}
        desk = self.client("coordinator")
        for name in ("schedule", "spare"):
            answer = desk.post(
                f"/api/site/participants/{self.who.lin.participant_id}/schedules",
                json=SCHEDULE,
                headers=ORIGIN,
            )
            assert answer.status_code == 201, answer.get_json()
            ids[name] = answer.get_json()["id"]
        alerts = desk.get("/api/site/alerts").get_json()["alerts"]
        ids["alert"] = next(alert["id"] for alert in alerts if alert["level"] == "page")
        for role in STAFF:
            person: Person = getattr(self.who, PERSONS[role])
            ids[f"totp {role}"], _ = second_factor.start(db, person.actor, NOW)
        ids["code"] = people.code_for(db, self.who.yu, NOW)
        ids["phone"] = _session(db, self.who.mei)
        for job in ticks.WATCHED:
            ticks.beat(db, job, NOW)
        return ids

    def child(self) -> dict[str, str]:
        return {"participant_id": str(self.who.an.participant_id), "proxy_reason": "too young"}

    def may(self, role: str, operation_id: str) -> bool:
        """Whether the table of roles lets this role do it."""
        if operation_id in STAFF_ONLY:
            return role in STAFF
        if operation_id in SIGNED_IN:
            return role != "nobody"
        for blueprint in self.app.blueprints.values():
            action = getattr(blueprint, "actions", {}).get(operation_id)
            if action:
                return role != "nobody" and roles.is_allowed(role, action)  # type: ignore[arg-type]
        return True

    def knows(self, operation_id: str) -> bool:
        """Whether a call of this operation that succeeds is described here.

        Not health: nobody of this scene is on call, so its 503 is right; tests/road tries it.
        """
        return operation_id != "getHealth" and operation_id in self._calls("participant")

    def call(self, operation_id: str, role: str) -> Call:
        """The call that succeeds for those who may; KeyError for an operation that nobody described here."""
        return self._calls(role)[operation_id]

    def _calls(self, role: str) -> dict[str, Call]:
        return {**self._public(role), **self._patient(role), **self._site(), **self._admin()}

    def _public(self, role: str) -> dict[str, Call]:
        pending = self.ids.get(f"totp {role}", "A" * 32)
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
        }  # fmt: skip

    def _patient(self, role: str) -> dict[str, Call]:
        fields = self.child() if role == "guardian" else {}
        one = {**reading(NOW, "5.6", 5), **fields}
        child = {name: value for name, value in fields.items() if name == "participant_id"}
        return {
            "putEntry": Call(path={"entry_id": one["id"]}, body=one),
            "syncEntries": Call(body={"entries": [one, {**one, "id": "no id"}], "sent_at": at(NOW)}),
            "listChanges": Call(query={"since": "0", **child}),
        }

    def _site(self) -> dict[str, Call]:
        lin, an = str(self.who.lin.participant_id), str(self.who.an.participant_id)
        mother = self.who.mei.account_id
        reason, consent = {"reason": "as agreed"}, {"version": "2.1", "day": "2026-02-20"}
        better = {
            **reading(NOW, "6.6", 90),
            "replaces": self.ids["good"],
            "reason": "misread",
            "origin": "staff",
        }
        weight = entry(NOW, "weight", {"kg": "61.5"}, origin="staff")
        alert = {"alert_id": self.ids["alert"]}
        return {
            "listParticipants": Call(),
            "enrolParticipant": Call(body={
                "subject_no": "S044", "name": "Wu Min", "birth_day": "1990-04-05", "sex": "female",
                "fertile": True, "premenopausal": True, "consent": consent, "meter": {"serial": "M-44"},
            }),
            "getParticipant": Call({"participant_id": lin}),
            "updateParticipant": Call({"participant_id": lin}, body={**reason, "display_unit": "mg/dL"}),
            "issueActivationCode": Call({"participant_id": an}, body={"guardian_id": mother}),
            "recordConsent": Call({"participant_id": lin}, body={**consent, "giver": "participant"}),
            "addGuardian": Call({"participant_id": an}, body={
                "name": "Chen Hao", "relation": "father", "consent": consent, "language": "en",
            }),
            "endGuardian": Call({"participant_id": an, "account_id": mother}, body=reason),
            "assignMeter": Call({"participant_id": lin}, body={"serial": "M-7", "model": "Contour"}),
            "listSessions": Call({"participant_id": lin}),
            "revokeSession": Call({"participant_id": an, "session_id": self.ids["phone"]}, body=reason),
            "listSchedules": Call({"participant_id": lin}),
            "setSchedule": Call({"participant_id": lin}, body={**SCHEDULE, "replaces": self.ids["spare"]}),
            "endSchedule": Call({"participant_id": lin, "schedule_id": self.ids["schedule"]}, body=reason),
            "listEntries": Call({"participant_id": lin}, {"from": "2026-01-01", "limit": 2}),
            "listRefusals": Call({"participant_id": lin}),
            "addStaffEntry": Call({"participant_id": lin}, body={"entry": weight, "source_note": "scales"}),
            "getEntryHistory": Call({"participant_id": lin, "entry_id": self.ids["low"]}),
            "correctEntry": Call(
                {"participant_id": lin, "entry_id": self.ids["good"]},
                body={"entry": better, "source_note": "the meter's own memory"},
            ),
            "acceptHeldEntry": Call(
                {"participant_id": lin, "entry_id": self.ids["held"]}, body={"source_note": "meter seen"}
            ),
            "listAlerts": Call(query={"state": "open"}),
            "seeAlerts": Call(body={"ids": [self.ids["alert"]]}),
            "acknowledgeAlert": Call(alert),
            "resolveAlert": Call(alert, body={"resolution": "spoke to him, is well", "sae": "no"}),
            "listAudit": Call(query={"object_id": self.ids["low"]}),
        }  # fmt: skip

    def _admin(self) -> dict[str, Call]:
        park, chen = {"account_id": self.who.park.account_id}, {"account_id": self.who.chen.account_id}
        reason = {"reason": "as agreed"}
        return {
            "listAccounts": Call(), "listSites": Call(),
            "createAccount": Call(body={
                "role": "monitor", "name": "Dr Sun", "email": "sun@example.org",
                "site_id": self.who.chen.site_id,
            }),
            "updateAccount": Call(park, body={**reason, "name": "Dr Parker"}),
            "issueAccountCode": Call(park),
            "closeAccount": Call(park, body=reason),
            "resetSecondFactor": Call(chen, body=reason),
            "createSite": Call(body={"name": "Second hospital", "zone": "Asia/Shanghai"}),
        }  # fmt: skip


SCHEDULE = {"kind": "dose", "title": "Tacrolimus", "times": ["08:00", "20:00"], "from_day": "2026-03-03",
            "drug": "tacrolimus", "amount": "1 mg"}  # fmt: skip


def _first_start(path: Path) -> str:
    """A database as `diary init` leaves it; answers the set-up code."""
    db = open_database(f"sqlite:///{path}")
    migrations.apply(db)
    link = accounts.setup_link(db, STUDY, NOW - timedelta(hours=1), ORIGIN["Origin"], SECRET_KEY)
    db.close()
    if link is None:
        raise RuntimeError("no set-up link on an empty database")
    return link.partition("code=")[2]


def _session(db: Database, person: Person) -> str:
    account = people.db_row(db, "accounts", person.account_id)
    return sessions.open_new(db, STUDY, NOW, account, "a test")


def as_json(value: Any) -> Any:
    """A copy that a strategy may change."""
    return json.loads(json.dumps(value))
