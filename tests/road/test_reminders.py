"""Reminders as a phone sees them, over HTTP: due, answered, put off; and never a hidden one."""

from datetime import timedelta
from typing import Any

from diary.db import Database
from diary.jobs import reminders as job
from tests.people import NOW, STUDY, People
from tests.phone import ORIGIN, Desk, Phone, entry
from tests.road.conftest import Clock

HOUR = timedelta(hours=1)
PILL = {"kind": "contraception", "title": "Pill", "times": ["13:30"], "from_day": "2026-03-02"}
TABLETS = {
    "kind": "dose",
    "title": "Tacrolimus",
    "drug": "tacrolimus",
    "times": ["13:00"],
    "from_day": "2026-03-02",
}


def reminders(phone: Phone) -> list[dict[str, Any]]:
    whose = {name: value for name, value in phone.fields.items() if name == "participant_id"}
    answer = phone.client.get("/api/patient/reminders", query_string=whose)
    assert answer.status_code == 200, answer.get_json()
    return [row for row in answer.get_json()["reminders"] if row["local_day"] == "2026-03-02"]


def prescribe(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    answer = desk.post(f"/participants/{desk.participant_id}/schedules", body)
    assert answer.status_code == 201, answer.get_json()
    made: dict[str, Any] = answer.get_json()
    return made


def test_a_phone_sees_what_is_due_answers_it_and_puts_it_off(
    phone: Phone, desk: Desk, db: Database, server_clock: Clock
) -> None:
    made = prescribe(desk, TABLETS)
    job.run(db, STUDY, NOW)
    assert [(row["slot"], row["state"]) for row in reminders(phone)] == [("13:00", "planned")]
    server_clock.forward(hours=1)
    job.run(db, STUDY, server_clock())
    [row] = reminders(phone)
    assert row["state"] == "due" and row["schedule_id"] == made["id"]
    url = f"/api/patient/reminders/{row['id']}/snooze"
    wrong = phone.client.post(url, json={"minutes": 11}, headers=ORIGIN)
    assert (wrong.status_code, wrong.get_json()["fields"].keys()) == (422, {"minutes"})
    put_off = phone.client.post(url, json={"minutes": 10}, headers=ORIGIN).get_json()
    assert put_off["snoozed_until"] == "2026-03-02T05:10:00.000Z"
    data = {"schedule_id": made["id"], "due_day": "2026-03-02", "slot": "13:00", "status": "taken"}
    taken = phone.put(entry(server_clock(), "dose", data)).get_json()
    [row] = reminders(phone)
    assert (row["state"], row["answer_entry_id"]) == ("answered", taken["id"])
    over = phone.client.post(url, json={"minutes": 10}, headers=ORIGIN)
    assert (over.status_code, over.get_json()["code"]) == (409, "reminder_over")


def test_blood_drawn_is_an_entry_that_two_may_not_make_twice(
    phone: Phone, desk: Desk, db: Database, server_clock: Clock
) -> None:
    hold = {"day": "2026-03-02", "latest_at": "2026-03-02T15:00:00+08:00", "reason": "trough"}
    made = prescribe(desk, {**TABLETS, "hold": hold})
    job.run(db, STUDY, server_clock.forward(hours=1))
    assert reminders(phone)[0]["hold"] == "waiting"
    draw = {"schedule_id": made["id"], "due_day": "2026-03-02", "slot": "13:00",
            "drawn_at": "2026-03-02T12:55:00+08:00", "last_dose_at": "2026-03-02T01:00:00+08:00"}  # fmt: skip
    staff = desk.record(entry(server_clock(), "blood_draw", draw, origin="staff"), "in the ward")
    assert staff.status_code in (200, 201), staff.get_json()
    [row] = reminders(phone)
    assert (row["hold"], row["due_at"]) == ("drawn", "2026-03-02T04:55:00.000Z")
    again = phone.put(entry(server_clock(), "blood_draw", draw))
    assert again.status_code == 409


def test_a_guardian_sees_no_reminder_of_the_hidden_section_and_cannot_put_one_off(
    client_for: Any, who: People, db: Database, server_clock: Clock
) -> None:
    desk = Desk(client_for(who.chen), str(who.yu.participant_id))
    for body in (PILL, TABLETS):
        prescribe(desk, body)
    job.run(db, STUDY, server_clock.forward(hours=2))
    own, father = (
        Phone(client_for(who.yu)),
        Phone(client_for(who.bo), {"participant_id": who.yu.participant_id}),
    )
    assert [row["kind"] for row in reminders(own)] == ["dose", "contraception"]
    assert [row["kind"] for row in reminders(father)] == ["dose"]
    hidden = reminders(own)[1]["id"]
    later: dict[str, Any] = {"minutes": 10, "participant_id": who.yu.participant_id}
    answer = father.client.post(f"/api/patient/reminders/{hidden}/snooze", json=later, headers=ORIGIN)
    assert answer.status_code == 404


def test_a_change_of_zone_is_confirmed_and_decided(
    phone: Phone, client_for: Any, who: People, db: Database, server_clock: Clock
) -> None:
    prescribe(
        Desk(client_for(who.chen), str(who.lin.participant_id)), {**TABLETS, "times": ["13:00", "01:00"]}
    )
    job.run(db, STUDY, server_clock.forward(hours=2))
    desk = Desk(client_for(who.chen), str(who.lin.participant_id))
    body = {"zone": "America/New_York"}
    asked = phone.client.post("/api/patient/zone", json=body, headers=ORIGIN).get_json()
    assert asked["state"] == "waiting"
    [waits] = desk.get("/zone-changes", state="waiting")["zone_changes"]
    assert waits["id"] == asked["id"] and waits["subject_no"] == "S001"
    decided = desk.post(f"/zone-changes/{waits['id']}/decide", {"decision": "applied", "reason": "agreed"})
    assert decided.get_json()["state"] == "applied"
    assert {row["zone"] for row in phone.everything()["schedules"]} == {"America/New_York"}


def test_the_phone_hears_what_became_of_a_change_of_zone(
    phone: Phone, client_for: Any, who: People, db: Database, server_clock: Clock
) -> None:
    def told() -> Any:
        return phone.client.get("/api/me").get_json()["participants"][0]["zone_change"]

    prescribe(
        Desk(client_for(who.chen), str(who.lin.participant_id)), {**TABLETS, "times": ["13:00", "01:00"]}
    )
    job.run(db, STUDY, server_clock.forward(hours=2))
    desk = Desk(client_for(who.chen), str(who.lin.participant_id))
    assert told() is None
    phone.client.post("/api/patient/zone", json={"zone": "America/New_York"}, headers=ORIGIN)
    assert told() == {"zone": "America/New_York", "state": "waiting"}
    [waits] = desk.get("/zone-changes", state="waiting")["zone_changes"]
    desk.post(f"/zone-changes/{waits['id']}/decide", {"decision": "refused", "reason": "two days only"})
    assert told() == {"zone": "America/New_York", "state": "refused"}


def test_the_desk_sees_until_when_contraception_is_needed(desk: Desk) -> None:
    prescribe(desk, TABLETS)
    found = desk.get(f"/participants/{desk.participant_id}/contraception")
    assert (found["applies"], found["end_day"], found["no_end_because"]) == (True, None, "agent_running")
    assert [(one["agent"], one["runs"]) for one in found["agents"]] == [("tacrolimus", True)]


def test_every_template_is_a_schedule_that_can_be_set(desk: Desk) -> None:
    templates = desk.get("/schedule-templates")["templates"]
    assert len(templates) >= 12 and {"diary_21", "glucose_8"} <= {one["id"] for one in templates}
    for one in templates:
        prescribe(desk, {**{k: v for k, v in one.items() if k != "id"}, "from_day": "2026-03-02"})
