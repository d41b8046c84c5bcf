"""A small study in which every screen has something to show, written over HTTP as phones and desks do."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from diary import clock
from diary.config import Config
from diary.db import open_database
from diary.rules.outcomes import Result
from diary.store import (
    adherence,
    calls,
    outbox,
    participants,
    plans,
    problems,
    receipts,
    reminders,
    schedules,
    subscriptions,
)
from diary.store.schedules import NewSchedule
from tests.apps import app_on
from tests.people import STUDY, People, Person
from tests.phone import ORIGIN, SHANGHAI, Body, Desk, Phone, entry, reading
from tests.rosters import add_channel, put_on_call

BASE_URL = "http://localhost:8000"


@dataclass(frozen=True)
class Scene:
    """Everybody's clients on one application, and the instant at which the scene was written."""

    config: Config
    who: People
    now: datetime

    def client(self, person: Person, at: datetime | None = None) -> FlaskClient:
        """Signed in; `at`: on a clock that stands at this instant, until the next client is asked for."""
        app = app_on(
            replace(self.config, base_url=BASE_URL, port=8000), clock.now if at is None else lambda: at
        )
        client = app.test_client()
        body = {"login": person.login, "secret": person.secret}
        assert client.post("/api/sign-in", json=body, headers=ORIGIN).status_code == 200
        return client

    def ago(self, days: int = 0, clock_time: str = "08:00") -> datetime:
        """The instant of that wall-clock time in Shanghai, so many days ago."""
        hour, minute = map(int, clock_time.split(":"))
        day = self.now.astimezone(SHANGHAI) - timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def build(config: Config, who: People) -> Scene:
    scene = Scene(config, who, clock.now())
    schedules = _prescribe(scene)
    lin, an, yu = (Desk(scene.client(who.chen), str(p.participant_id)) for p in (who.lin, who.an, who.yu))
    _remind(scene)
    phone = Phone(scene.client(who.lin))
    _write_adult(scene, phone, lin, schedules)
    _write_child(scene, an, yu)
    _work_at_the_desk(lin, an)
    _fall_silent(scene, yu)
    _ask(scene, lin)
    _on_duty(scene)
    # A later low that nobody has looked at yet, so that the desk has one to take charge of.
    _stored(phone, _read(scene.now - timedelta(minutes=95), "LO", context="symptoms"))
    return scene


def _stored(phone: Phone, *bodies: Body) -> None:
    results = phone.sync(list(bodies))
    assert {r["status"] for r in results} <= {"stored", "held"}, results


def _read(at: datetime, value: str, **more: Any) -> Body:
    """A reading written down within the minute in which it was taken."""
    body = reading(at, value)
    body["data"] |= more
    return body


def _prescribe(scene: Scene) -> list[str]:
    """What was set three days ago, and counts since then; one dose of today is held."""
    desk = Desk(scene.client(scene.who.chen, scene.ago(3, "00:30")), str(scene.who.lin.participant_id))
    now = scene.now.astimezone(SHANGHAI)
    today = now.date()
    soon = min(now + timedelta(minutes=25), now.replace(hour=23, minute=55)).strftime("%H:%M")
    dose = {"drug": "tacrolimus", "amount": "1 mg", "from_day": (today - timedelta(days=3)).isoformat()}
    hold = {"day": today.isoformat(), "latest_at": scene.ago(0, "23:30").isoformat(), "reason": "trough"}
    bodies: list[Body] = [
        {"kind": "dose", "title": "Tacrolimus", "times": ["08:00", soon], **dose},
        {"kind": "dose", "title": "Mycophenolate", "times": ["23:15"], **dose, "drug": "mycophenolate mofetil",
         "amount": "500 mg", "hold": hold},
        {"kind": "reading", "title": "Glucose", "times": ["07:00", soon, "22:30"], "from_day": dose["from_day"]},
        {"kind": "diary", "title": "Day complete", "times": ["21:30"], "from_day": dose["from_day"]},
    ]  # fmt: skip
    ids = []
    for body in bodies:
        answer = desk.post(f"/participants/{desk.participant_id}/schedules", body)
        assert answer.status_code == 201, answer.get_json()
        ids.append(str(answer.get_json()["id"]))
    return ids


def _remind(scene: Scene) -> None:
    """Two mornings of reminders: one was opened, one only handed over."""
    db, lin = open_database(scene.config.database), scene.who.lin
    subscriptions.add(
        db, lin.account_id, None, scene.ago(3), endpoint="https://push.example.org/one", host="push.example.org",
        p256dh="p", auth="a", device="A phone",
    )  # fmt: skip
    for days in (2, 1):
        at = scene.ago(days, "08:01")
        plans.plan(db, STUDY, at)
        reminders.fire(db, STUDY, at)
        claimed, _ = outbox.claim(db, ("push",), 10, at)
        assert claimed
        outbox.finish(db, [outbox.Sent(row, Result("handed_over", 201), at) for row in claimed], at)
        if days == 2:
            receipts.add(db, claimed[0]["token"], "opened", at + timedelta(minutes=2))
    db.close()


def _write_adult(scene: Scene, phone: Phone, desk: Desk, schedules: list[str]) -> None:
    """Four days of a diary: every kind, every mark, and each way in which an entry can stand."""
    first, night = _read(scene.ago(2, "07:05"), "5.4", context="fasting"), scene.ago(2, "03:10")
    low = _read(night, "2.8", context="night")
    _stored(
        phone, low, first,
        entry(night, "hypo_event", {"reading_id": low["id"], "could_self_treat": "no", "helped_by": "family",
                                    "symptoms": ["sweating"], "treatment": ["food"]}),
        _read(scene.ago(2, "03:40"), "4.6", context="night"),
        _read(scene.ago(2, "12:40"), "14.2", context="after_lunch"),
        _read(scene.ago(2, "18:10"), "3.6", context="before_supper"),
        entry(scene.ago(2, "18:20"), "insulin", {"units": "6.0", "type": "bolus", "product": "Aspart"}),
        entry(scene.ago(2, "18:30"), "meal", {"meal": "supper", "carbs_g": "65", "text": "Noodles with beef"}),
        entry(scene.ago(2, "19:30"), "exercise", {"minutes": "30", "intensity": "light"}),
        entry(scene.ago(2, "20:00"), "illness", {"symptoms": ["fever", "cough"], "temperature_c": "38.4"}),
        entry(scene.ago(2, "20:10"), "ketone", {"value": "0.6", "unit": "mmol/L"}),
        entry(scene.ago(2, "21:00"), "note", {"text": "The strip box was open for a day before I used it."}),
        entry(scene.ago(2, "21:30"), "day_complete", {"day": scene.ago(2).date().isoformat()}),
        _read(scene.ago(1, "07:00"), "11.3", context="fasting"),
        _read(scene.ago(1, "12:30"), "HI", context="after_lunch"),
        _read(scene.ago(1, "22:00"), "28.4", context="bedtime", confirmed=True),
        entry(scene.ago(1, "08:05"), "dose", _dose(schedules[0], scene.ago(1), "taken")),
        entry(scene.ago(2, "08:05"), "dose", _dose(schedules[0], scene.ago(2), "skipped", skip_reason="forgot")),
        entry(scene.ago(1, "15:00"), "other_medicine", {"name": "Paracetamol", "amount": "500 mg", "asked_site": "no"}),
        entry(scene.ago(1, "16:00"), "hospital_stay", {"from_day": scene.ago(9).date().isoformat(),
                                                       "to_day": scene.ago(7).date().isoformat(), "why": "Biopsy"}),
        entry(scene.ago(1, "21:00"), "contraception", {"method": ["barrier"], "used_as_agreed": "yes"}),
    )  # fmt: skip
    corrected = {**first["data"], "value": "5.8"}
    wrong = _read(scene.ago(1, "18:00"), "9.9", context="before_supper")
    _stored(
        phone, wrong,
        {**_read(scene.ago(1, "09:00"), "5.8"), "occurred_at": first["occurred_at"], "data": corrected,
         "replaces": first["id"], "reason": "typing slip"},
        entry(scene.now, "reading", None, 60, replaces=wrong["id"], reason="not my meter"),
        # Four days late, without a reason: held until staff have looked.
        reading(scene.now, "8.3", 4 * 24 * 60),
        _read(scene.now - timedelta(minutes=200), "7.4", context="other"),
        _read(scene.now - timedelta(minutes=15), "5.1", context="other"),
    )  # fmt: skip
    _set_aside(scene, phone, schedules[0])
    _close_days(scene, scene.who.lin, scene.ago(3))
    weighed = entry(scene.now, "weight", {"kg": "61.5"}, 30, origin="staff")
    assert desk.record(weighed, "ward scale").status_code in (200, 201)


def _dose(schedule: str, day: datetime, status: str, **more: str) -> Body:
    taken = {"taken_at": day.replace(minute=5).isoformat()} if status == "taken" else {}
    return {
        "schedule_id": schedule,
        "due_day": day.date().isoformat(),
        "slot": "08:00",
        "status": status,
        **taken,
        **more,
    }


def _set_aside(scene: Scene, phone: Phone, schedule: str) -> None:
    """Two that the server does not take: a text that is no value, and a dose that was answered already."""
    results = phone.sync(
        [
            reading(scene.now, "0Lo", 100),
            entry(
                scene.ago(1, "09:00"), "dose", _dose(schedule, scene.ago(1), "skipped", skip_reason="forgot")
            ),
        ]
    )
    assert [r["status"] for r in results] == ["refused", "conflict"], results


def _write_child(scene: Scene, an: Desk, yu: Desk) -> None:
    """A mother of two who writes for the younger one."""
    who = scene.who
    agreed = {"version": "1.1", "day": "2025-12-01"}
    body = {"account_id": who.mei.account_id, "relation": "aunt", "consent": agreed}
    assert yu.post(f"/participants/{yu.participant_id}/guardians", body).status_code in (200, 201)
    mother = Phone(
        scene.client(who.mei), {"participant_id": an.participant_id, "proxy_reason": "She is seven."}
    )
    _stored(
        mother, reading(scene.now, "6.2", 240), reading(scene.now, "2.6", 60 * 24 + 30),
        entry(scene.now, "call_me", {"text": "She sleeps badly since Tuesday. Please ring after five."}, 50),
    )  # fmt: skip


def _work_at_the_desk(lin: Desk, an: Desk) -> None:
    """One alert taken charge of, one closed."""
    of = {alert["kind"]: alert["id"] for alert in lin.alerts()}
    assert lin.post(f"/alerts/{of['refused_text']}/acknowledge").status_code == 200
    closed = {"resolution": "Rang him: he has new strips and feels well.", "sae": "no"}
    assert lin.post(f"/alerts/{of['fever']}/resolve", closed).status_code == 200
    assert an.alerts()


def _ask(scene: Scene, lin: Desk) -> None:
    """Three queries: one overdue, one that was answered and waits to be closed, one closed."""
    readings = lin.entries(kind="reading", limit=3)
    asked = []
    for value, text, days in zip(
        readings,
        ("Was the strip from the new box?", "Did you eat before this one?", "Is the time right?"),
        (-2, 5, 5), strict=True,
    ):  # fmt: skip
        due = (scene.now + timedelta(days=days)).date().isoformat()
        body = {"entry_id": value["id"], "field": "data.value", "text": text, "due_day": due}
        answer = lin.post(f"/participants/{lin.participant_id}/queries", body)
        assert answer.status_code == 201, answer.get_json()
        asked.append(answer.get_json()["id"])
    said = {"text": "He rang: half a roll, ten minutes before."}
    assert lin.post(f"/queries/{asked[1]}/answer", said).status_code == 200
    assert (
        lin.post(f"/queries/{asked[2]}/close", {"text": "The chart says the same.", "seen": 1}).status_code
        == 200
    )


def _on_duty(scene: Scene) -> None:
    """Somebody on call for a week, whom nobody reached, and a push service that does not take our signature."""
    db, who = open_database(scene.config.database), scene.who
    put_on_call(db, who.chen, now=scene.now, days=7)
    add_channel(db, who.chen)
    add_channel(db, who.zhao, tested=False)
    since = scene.now - timedelta(hours=5)
    calls.open(db, who.mei.account_id, str(who.an.participant_id), "recheck", since, scene.now)
    calls.open(db, who.lin.account_id, str(who.lin.participant_id), "reminder", since, scene.now)
    subscriptions.stop_host(db, "push.example.com", 403, "the signature was not accepted", scene.now)
    settled = problems.open(db, "message_refused", "email", "421 try again later", scene.now)
    problems.close(db, who.ada.actor, scene.now, settled)
    db.close()


def _fall_silent(scene: Scene, yu: Desk) -> None:
    """Somebody enrolled of whom nothing came: measuring and a medicine were prescribed three weeks ago."""
    test = entry(scene.now, "pregnancy_test", {"result": "negative", "day": scene.now.date().isoformat()}, 30)
    assert yu.record({**test, "origin": "staff"}).status_code in (200, 201)
    path = f"/api/site/participants/{yu.participant_id}"
    body = {"state": "enrolled", "reason": "screening is over"}
    assert yu.client.patch(path, json=body, headers=ORIGIN).status_code == 200
    db = open_database(scene.config.database)
    [participant] = participants.list_by_ids(db, [yu.participant_id])
    first = scene.ago(20)
    shared: dict[str, Any] = {
        "zone": participant["zone"], "from_day": first.date(), "to_day": None,
        "window_before_min": 60, "window_after_min": 120,
    }  # fmt: skip
    for new in (
        NewSchedule(kind="reading", title="Glucose", times=("07:00", "22:30"), **shared),
        NewSchedule(kind="dose", title="Tacrolimus", times=("08:00",), drug="tacrolimus", **shared),
    ):
        schedules.add(db, scene.who.chen.actor, STUDY, first, participant, new)
    db.close()
    _close_days(scene, scene.who.yu, first)


def _close_days(scene: Scene, person: Person, first: datetime) -> None:
    """As the worker does within the minute."""
    db = open_database(scene.config.database)
    [participant] = participants.list_by_ids(db, [str(person.participant_id)])
    adherence.close_days(db, participant, first.date(), scene.now.date(), scene.now)
    db.close()
