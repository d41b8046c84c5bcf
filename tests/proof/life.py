"""What has happened in the scene before the first call: something of everything that a call can be about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from diary.db import Database, one
from diary.store import (
    calls,
    channels,
    plans,
    problems,
    reminders,
    second_factor,
    sessions,
    subscriptions,
    ticks,
    trials,
)
from tests import people
from tests.delivery.browser_keys import browser_keys
from tests.people import NOW, SECRET_KEY, STUDY, People, Person
from tests.phone import ORIGIN, Phone, entry, reading
from tests.rosters import put_on_call

PERSONS = {"participant": "lin", "guardian": "mei", "coordinator": "chen", "investigator": "zhao",
           "monitor": "park", "administrator": "ada"}  # fmt: skip
STAFF = ("coordinator", "investigator", "monitor", "administrator")
PUSH_HOST, STOPPED_HOST = "web.push.apple.com", "updates.push.services.mozilla.com"
# Under these names the scene's settings know two ways to tell people.
FOLDER, MAIL = "folder", "email"
SCHEDULE = {"kind": "dose", "title": "Tacrolimus", "times": ["08:00", "20:00"], "from_day": "2026-03-03",
            "drug": "tacrolimus", "amount": "1 mg"}  # fmt: skip
# Noon is NOW: this dose can be put off; in a zone far off the next one would come out of step.
RUNNING = {"kind": "dose", "title": "Mycophenolate", "times": ["00:00", "12:00"], "from_day": "2026-02-16",
           "drug": "mycophenolate mofetil", "amount": "500 mg"}  # fmt: skip
VISIT = {"name": "Month 3", "day": "2026-03-09", "before_days": 3, "after_days": 7}


def session_of(db: Database, person: Person) -> str:
    account = people.db_row(db, "accounts", person.account_id)
    return sessions.open_new(db, STUDY, NOW, account, "a test")


def subscription(name: str, keys: dict[str, str], host: str = PUSH_HOST) -> dict[str, Any]:
    """As a browser's PushSubscription says it."""
    return {"endpoint": f"https://{host}/{name}", "expirationTime": None, "keys": keys}


@dataclass
class Life:
    """Lives through the application as far as it goes, so that what stands there is what really comes about.

    `ids` names what the calls are about; a name with a role behind it is that role's own.
    """

    db: Database
    who: People
    client: Callable[[str], FlaskClient]
    ids: dict[str, str] = field(default_factory=dict)
    push_keys: dict[str, str] = field(default_factory=lambda: browser_keys().texts)

    def live(self) -> None:
        self._write_diaries()
        self._prescribe()
        self._ask()
        self._give_ways()
        self._remind()
        self._travel()
        self._let_in()
        self._operate()

    def person(self, role: str) -> Person:
        found: Person = getattr(self.who, PERSONS[role])
        return found

    def child(self) -> dict[str, str]:
        return {"participant_id": str(self.who.an.participant_id), "proxy_reason": "too young"}

    def _post(self, role: str, path: str, body: Any = None) -> Any:
        answer = self.client(role).post(path, json=body, headers=ORIGIN)
        assert answer.status_code in (200, 201), (path, answer.get_json())
        return answer.get_json()

    def _post_of(self, person: Person, part: str, body: Any) -> str:
        """The coordinator posts to a part of a participant's page; the id of what was made."""
        return str(
            self._post("coordinator", f"/api/site/participants/{person.participant_id}/{part}", body)["id"]
        )

    def _write_diaries(self) -> None:
        """Readings, lows, an event, held and refused entries, red flags."""
        lin, mei = Phone(self.client("participant")), Phone(self.client("guardian"), self.child())
        good, low = reading(NOW, "6.4", 90), reading(NOW, "2.5", 20)
        asked = {"reading_id": low["id"], "could_self_treat": "no", "helped_by": "family"}
        held, childs = reading(NOW, "7.7", 4 * 24 * 60), reading(NOW, "8.1", 30)
        lin.sync([good, low, entry(NOW, "hypo_event", asked, 18), held, reading(NOW, "0Lo"),
                  entry(NOW, "contraception", {"used_as_agreed": "no"}),
                  entry(NOW, "illness", {"temperature_c": "38.6"})])  # fmt: skip
        mei.sync([childs, reading(NOW, "LO", 10)])
        self.ids |= {"good": good["id"], "low": low["id"], "held": held["id"], "childs": childs["id"]}
        alerts = self.client("coordinator").get("/api/site/alerts").get_json()["alerts"]
        self.ids["alert"] = next(alert["id"] for alert in alerts if alert["level"] == "page")
        self.ids["resolved"] = next(alert["id"] for alert in alerts if alert["level"] == "desk")
        said = {"resolution": "rang, is well", "sae": "undecided"}
        self._post("coordinator", f"/api/site/alerts/{self.ids['resolved']}/resolve", said)

    def _prescribe(self) -> None:
        for name in ("schedule", "spare"):
            self.ids[name] = self._post_of(self.who.lin, "schedules", SCHEDULE)
        for person in (self.who.lin, self.who.an):
            self._post_of(person, "schedules", RUNNING)
        path = f"/api/site/participants/{self.who.lin.participant_id}/visits"
        [visit] = self._post("coordinator", path, VISIT)["visits"]
        self.ids["visit"] = visit["planned_id"]

    def _ask(self) -> None:
        for role, name in (("participant", "good"), ("guardian", "childs")):
            body = {"entry_id": self.ids[name], "field": "data.value", "text": "Which meter was this?"}
            self.ids[f"query {role}"] = self._post_of(self.person(role), "queries", body)

    def _give_ways(self) -> None:
        """Phones and addresses; of each keeper's own ways one is proved, one waits for its code, one is new."""
        for role in ("participant", "guardian"):
            self._post(role, "/api/patient/push/subscriptions", subscription(role, self.push_keys))
        body = {"account_id": self.who.mei.account_id, "name": MAIL, "address": "mei@example.org"}
        self.ids["contact"] = self._post_of(self.who.an, "channels", body)
        for role, zone in (("coordinator", "site"), ("investigator", "site"), ("administrator", "admin")):
            path, account_id = f"/api/{zone}/my-channels", self.person(role).account_id
            for name in ("proved", "waiting", "new"):
                made = self._post(role, path, {"name": FOLDER, "address": f"{name}-pager"})
                self.ids[f"{name} {role}"] = made["id"]
            for name in ("proved", "waiting"):
                channel_id = self.ids[f"{name} {role}"]
                _, code = channels.start_test(self.db, NOW, SECRET_KEY, account_id, channel_id)
                if name == "proved":
                    self._post(role, f"{path}/{channel_id}/confirm", {"code": code})
                self.ids[f"{name} code {role}"] = code
        put_on_call(self.db, self.who.chen, self.who.zhao)

    def _remind(self) -> None:
        """What is due is told to the phones; each tested its reminders before, and one has a calendar."""
        plans.plan(self.db, STUDY, NOW)
        reminders.fire(self.db, STUDY, NOW)
        for role in ("participant", "guardian"):
            account_id = self.person(role).account_id
            self.ids[f"test {role}"] = trials.start(
                self.db, account_id, NOW - timedelta(minutes=5), study=STUDY
            )
            due = self.db.query(
                "select id from reminders where participant_id = :p and kind = 'dose' and state = 'due'",
                {"p": self.person(role).participant_id},
            )
            self.ids[f"reminder {role}"] = next(row["id"] for row in due)
        told = one(self.db, "select token from deliveries where channel = 'push' and about = 'reminder'")
        assert told, "no reminder went to a phone"
        self.ids["receipt"] = told["token"]
        url = self._post("participant", "/api/patient/calendar-feed")["url"]
        self.ids["calendar"] = url.rpartition("/")[2].removesuffix(".ics")
        self.ids["call"] = calls.open(
            self.db, self.who.mei.account_id, str(self.who.an.participant_id), "reminder", NOW, NOW
        )

    def _travel(self) -> None:
        change = self._post("participant", "/api/patient/zone", {"zone": "America/New_York"})
        assert change["state"] == "waiting", change
        self.ids["zone change"] = change["id"]

    def _let_in(self) -> None:
        """Second factors that are begun, a code that is open, a session to revoke."""
        for role in STAFF:
            self.ids[f"totp {role}"], _ = second_factor.start(self.db, self.person(role).actor, NOW)
        self.ids["code"] = people.code_for(self.db, self.who.yu, NOW)
        self.ids["phone"] = session_of(self.db, self.who.mei)

    def _operate(self) -> None:
        """Every clock ticks, one push service was stopped over a phone, one message was refused."""
        phone = subscription("refused", self.push_keys, STOPPED_HOST)
        self.ids["refused phone"] = self._post("participant", "/api/patient/push/subscriptions", phone)["id"]
        row = people.db_row(self.db, "subscriptions", self.ids["refused phone"])
        subscriptions.refused(self.db, row, 403, "the signature is not accepted", NOW)
        self.ids["problem"] = problems.open(self.db, "message_refused", MAIL, "not accepted (500)", NOW)
        for job in ticks.WATCHED:
            ticks.beat(self.db, job, NOW)
