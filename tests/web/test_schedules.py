"""Schedules: validated, started, replaced, ended; planning what is due comes later."""

from typing import Any

import pytest

from diary.db import Database
from diary.jobs import reminders
from tests.people import NOW, STUDY, People
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock

TODAY = "2026-03-02"
PARTICIPANTS = "/api/site/participants"


@pytest.fixture
def chen(client_for: ClientFor, who: People) -> Browser:
    return client_for(who.chen)


DOSE = {
    "kind": "dose", "title": "Tacrolimus", "drug": "tacrolimus", "amount": "2 mg",
    "times": ["20:00", "08:00"], "from_day": TODAY, "to_day": None,
}  # fmt: skip


WITHOUT_DRUG = {name: value for name, value in DOSE.items() if name not in ("drug", "amount")}


def schedules_of(client: Browser, participant_id: str | None) -> Any:
    return client.get(f"{PARTICIPANTS}/{participant_id}/schedules").json["schedules"]


def test_a_schedule_is_started_replaced_and_ended(
    chen: Browser, client_for: ClientFor, who: People, time: Clock
) -> None:
    url = f"{PARTICIPANTS}/{who.lin.participant_id}/schedules"
    hold = {"day": "2026-03-05", "latest_at": "2026-03-05T10:00:00+08:00", "reason": "trough level"}
    first = chen.post(url, json={**DOSE, "hold": hold}).json
    assert first["times"] == ["08:00", "20:00"] and first["hold"] == hold and first["zone"] == "Asia/Shanghai"
    time.forward(days=3)
    chen = client_for(who.chen)
    second = chen.post(
        url, json={**DOSE, "amount": "3 mg", "from_day": "2026-03-06", "replaces": first["id"]}
    )
    assert second.status_code == 201
    before, after = schedules_of(chen, who.lin.participant_id)
    assert (before["to_day"], after["to_day"]) == ("2026-03-05", None) and before["ended_at"]
    ended = chen.post(f"{url}/{after['id']}/end", json={"reason": "changed drug", "to_day": "2026-03-31"})
    assert ended.json["to_day"] == "2026-03-31" and ended.json["end_reason"] == "changed drug"
    assert chen.post(f"{url}/{after['id']}/end", json={"reason": "again"}).json["code"] == "schedule_ended"
    heard = client_for(who.lin).get("/api/patient/changes").json["schedules"]
    assert {row["id"] for row in heard} == {before["id"], after["id"]}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"drug": None}, "drug"),
        ({"times": []}, "times"),
        ({"times": ["8:00"]}, "times.0"),
        ({"times": ["24:00"]}, "times.0"),
        ({"times": ["08:00", "08:00"]}, "times"),
        ({"to_day": "2026-03-01"}, "to_day"),
        ({"rrule": "FREQ=SECONDLY"}, "rrule"),
        ({"rrule": "FREQ=DAILY;INTERVAL=7;BYDAY=TU"}, "rrule"),
        ({"rrule": "FREQ=DAILY;UNTIL=20260301"}, "rrule"),
        ({"rrule": "FREQ=DAILY;BYDAY=TU", "from_day": "0001-01-01"}, "from_day"),
        ({"from_day": "2005-02-28"}, "from_day"),
        ({"window_after_min": 5000}, "window_after_min"),
        ({"window_after_min": "60"}, "window_after_min"),
        (
            {"hold": {"day": "2026-03-01", "latest_at": "2026-03-05T10:00:00+08:00", "reason": "x"}},
            "hold.day",
        ),
        ({"hold": {"day": TODAY, "latest_at": "10:00", "reason": "x"}}, "hold.latest_at"),
        *(
            ({"hold": {"day": "2026-03-05", "latest_at": at, "reason": "x"}}, "hold.latest_at")
            for at in ("2026-03-05T07:59:00+08:00", "2026-03-06T10:00:00+08:00", "9999-12-31T23:59:00Z")
        ),
        ({"hold": {"day": TODAY, "latest_at": "2026-03-02T10:00:00+08:00", "reason": "x"}}, "hold.latest_at"),
        (
            {"kind": "reading", "hold": {"day": TODAY, "latest_at": "2026-03-05T10:00:00Z", "reason": "x"}},
            "hold",
        ),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_at_its_field(
    chen: Browser, who: People, more: dict[str, Any], field: str
) -> None:
    answer = chen.post(f"{PARTICIPANTS}/{who.lin.participant_id}/schedules", json={**DOSE, **more})
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field]), answer.json


def test_contraception_schedules_are_seen_by_the_participant_and_the_site_alone(
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    body = {**WITHOUT_DRUG, "kind": "contraception", "title": "Monthly question"}
    url = f"{PARTICIPANTS}/{who.yu.participant_id}/schedules"
    before = client_for(who.bo).get(f"/api/patient/changes?participant_id={who.yu.participant_id}").json
    made = chen.post(url, json=body)
    assert made.status_code == 201
    assert schedules_of(client_for(who.park), who.yu.participant_id) == []
    assert len(schedules_of(client_for(who.zhao), who.yu.participant_id)) == 1
    assert len(client_for(who.yu).get("/api/patient/changes").json["schedules"]) == 1
    after = client_for(who.bo).get(f"/api/patient/changes?participant_id={who.yu.participant_id}").json
    assert after == before


def test_under_14_no_contraception_schedule_can_be_set(chen: Browser, who: People) -> None:
    body = {**WITHOUT_DRUG, "kind": "contraception"}
    answer = chen.post(f"{PARTICIPANTS}/{who.an.participant_id}/schedules", json=body)
    assert (answer.status_code, list(answer.json["fields"])) == (422, ["kind"])


def test_after_withdrawal_only_the_investigator_ends_a_schedule(
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    url = f"{PARTICIPANTS}/{who.lin.participant_id}/schedules"
    made = chen.post(url, json=DOSE).json
    left = {"state": "withdrawn", "reason": "moved away"}
    assert chen.patch(f"{PARTICIPANTS}/{who.lin.participant_id}", json=left).status_code == 200
    assert schedules_of(chen, who.lin.participant_id)[0]["ended_at"] is None
    refused = chen.post(f"{url}/{made['id']}/end", json={"reason": "withdrawn"})
    assert (refused.status_code, refused.json["code"]) == (403, "investigator_ends")
    ended = client_for(who.zhao).post(f"{url}/{made['id']}/end", json={"reason": "graft lost"})
    assert ended.status_code == 200


def test_the_phone_hears_of_what_a_journey_left_at_its_old_time(
    chen: Browser, client_for: ClientFor, who: People, time: Clock, db: Database
) -> None:
    lin = client_for(who.lin)
    made = chen.post(f"{PARTICIPANTS}/{who.lin.participant_id}/schedules", json=DOSE).json
    [told] = lin.get("/api/patient/changes").json["schedules"]
    assert (told["id"], told["kept"]) == (made["id"], [])
    reminders.run(db, STUDY, NOW)
    # Six in the evening in Shanghai: in Auckland the window of the evening dose is over.
    time.forward(hours=6)
    assert lin.post("/api/patient/zone", json={"zone": "Pacific/Auckland"}).json["state"] == "applied"
    [told] = lin.get("/api/patient/changes").json["schedules"]
    evening = {"day": TODAY, "slot": "20:00", "due_at": f"{TODAY}T12:00:00.000Z"}
    assert told["zone"] == "Pacific/Auckland" and evening in told["kept"]
