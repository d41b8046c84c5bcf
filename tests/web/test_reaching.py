"""The roster, channels, the call list and reachability at the desk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from diary import clock
from diary.config import Config
from diary.db import Database
from diary.jobs import sending
from diary.store import audit, calls, problems
from tests.people import NOW, STUDY, People
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock

WEEK = {"from_day": "2026-03-02", "to_day": "2026-03-08"}


def _roster(client: Browser, **query: str) -> dict[str, Any]:
    answer = client.get("/api/site/roster", query_string=query)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def test_a_range_of_weekdays_is_put_on_the_roster(chen: Browser, who: People) -> None:
    body = {**WEEK, "weekdays": ["mon", "wed"], "people": [who.chen.account_id]}
    answer = chen.put("/api/site/roster", json={**body, "version": 0})
    assert answer.status_code == 200, answer.json
    named = [day["day"] for day in answer.json["days"] if day["people"]]
    assert named == ["2026-03-02", "2026-03-04"]
    assert chen.put("/api/site/roster", json={**body, "version": 0}).json["code"] == "roster_changed"
    assert chen.put("/api/site/roster", json={**body, "version": answer.json["version"]}).status_code == 200
    shown = _roster(chen)
    assert (shown["today"], len(shown["days"]), shown["days"][0]["day"]) == ("2026-03-02", 28, "2026-03-02")
    assert shown["faults"] == ["roster_untested"]
    assert {person["name"] for person in shown["people"]} == {"Dr Chen", "Dr Zhao"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to_day": "2026-03-01"}, "to_day"), ({"to_day": "2027-04-01"}, "to_day"),
        ({"weekdays": []}, "weekdays"), ({"weekdays": ["someday"]}, "weekdays.0"),
        ({"people": [str(uuid4())]}, "people"), ({"version": -1}, "version"),
    ],
)  # fmt: skip
def test_a_roster_that_makes_no_sense_is_refused_with_the_field(
    chen: Browser, who: People, change: dict[str, Any], field: str
) -> None:
    answer = chen.put("/api/site/roster", json={**WEEK, "people": [who.chen.account_id], **change})
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_a_monitor_reads_the_roster_and_the_call_list_without_names_numbers_or_addresses(
    client_for: ClientFor, chen: Browser, who: People, db: Database
) -> None:
    chen.post("/api/site/my-channels", json={"name": "email", "address": "chen@pager.example"})
    chen.put("/api/site/roster", json={**WEEK, "people": [who.chen.account_id]})
    calls.open(db, who.lin.account_id, str(who.lin.participant_id), "reminder", NOW, NOW)
    park = client_for(who.park)
    texts = [park.get(f"/api/site{path}").text for path in ("/roster", "/calls")]
    texts.append(str(park.get("/api/site/audit?limit=500").json["rows"]))
    for text in texts:
        for hidden in ("Chen", "chen@", "example.org", "pager", who.lin.name, "138 0000"):
            assert hidden not in text
    assert who.chen.account_id in texts[0] and "S001" in texts[1]


@pytest.fixture
def folder(app: Flask, config: Config, tmp_path: Path) -> Iterator[Path]:
    """Where messages are written as files, instead of a mail service."""
    folder = tmp_path / "messages"
    object.__setattr__(config, "channels", {"folder": str(folder), "email": "mailtos://x/?to={address}"})
    yield folder


def _code(folder: Path) -> str:
    [message] = folder.glob("*.txt")
    text = message.read_text("utf-8")
    assert "To: chen-pager" in text
    return text.partition("Your code: ")[2][:6]


def test_a_channel_is_proved_by_the_code_that_was_sent_through_it(
    chen: Browser, client_for: ClientFor, who: People, folder: Path
) -> None:
    added = chen.post("/api/site/my-channels", json={"name": "folder", "address": "chen-pager"})
    assert (added.status_code, added.json["tested_at"]) == (201, None)
    path = f"/api/site/my-channels/{added.json['id']}"
    assert chen.post(f"{path}/test").status_code == 204
    code = _code(folder)
    wrong = "000000" if code != "000000" else "111111"
    refused = chen.post(f"{path}/confirm", json={"code": wrong})
    assert (refused.status_code, list(refused.json["fields"])) == (422, ["code"])
    assert client_for(who.zhao).post(f"{path}/confirm", json={"code": code}).status_code == 404
    assert chen.post(f"{path}/confirm", json={"code": code}).json["tested_at"]
    chen.put("/api/site/roster", json={**WEEK, "people": [who.chen.account_id]})
    shown = _roster(chen)
    assert shown["faults"] == []
    [me] = [person for person in shown["people"] if person["account_id"] == who.chen.account_id]
    assert me["channels"] == [{"name": "folder", "tested": True}]
    assert chen.post(f"{path}/end").status_code == 204
    assert chen.get("/api/site/my-channels").json == {"names": ["folder", "email"], "channels": []}


def test_an_administrator_proves_a_way_in_their_own_zone_and_is_told_of_what_goes_wrong(
    client_for: ClientFor, who: People, folder: Path, db: Database
) -> None:
    ada = client_for(who.ada)
    assert ada.get("/api/site/my-channels").status_code == 403
    added = ada.post("/api/admin/my-channels", json={"name": "folder", "address": "chen-pager"})
    path = f"/api/admin/my-channels/{added.json['id']}"
    assert ada.post(f"{path}/test").status_code == 204
    assert client_for(who.chen).post(f"{path}/end").status_code == 403
    assert ada.post(f"{path}/confirm", json={"code": _code(folder)}).json["tested_at"]
    trail = db.query("select distinct stream from audit where object_id = :id", {"id": added.json["id"]})
    assert [row["stream"] for row in trail] == [audit.ACCOUNTS_STREAM]
    problems.open(db, "message_refused", "gate", "not accepted (500)", NOW)
    assert sending.tell_operators(db, STUDY, NOW) == 1
    told = list(db.query("select about, channel, account_id from deliveries where about = 'operator'"))
    assert told == [{"about": "operator", "channel": "message", "account_id": who.ada.account_id}]
    assert ada.post(f"{path}/end").status_code == 204
    assert ada.get("/api/admin/my-channels").json["channels"] == []


def test_a_message_that_is_not_taken_is_told_at_once(
    chen: Browser, folder: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = chen.post("/api/site/my-channels", json={"name": "folder", "address": "chen-pager"})
    folder.write_text("a file where the folder should be")
    answer = chen.post(f"/api/site/my-channels/{added.json['id']}/test")
    assert (answer.status_code, answer.json["code"]) == (422, "channel_test_failed")


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [
        ("pigeon", "coop 4", "name"), ("email", "no address", "address"), ("email", "a@b", "address"),
        ("wecom", "two words", "address"), ("email", "a@b.org\n", None), ("sms", "+86 138", "name"),
    ],
)  # fmt: skip
def test_only_configured_channels_and_addresses_that_can_be_ones_are_taken(
    chen: Browser, name: str, address: str, field: str | None
) -> None:
    answer = chen.post("/api/site/my-channels", json={"name": name, "address": address})
    if field is None:
        assert (answer.status_code, answer.json["address"]) == (201, "a@b.org")
    else:
        assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_a_guardians_further_address_is_kept_under_the_child_and_nowhere_else(
    chen: Browser, who: People
) -> None:
    child = f"/api/site/participants/{who.an.participant_id}/channels"
    body = {"account_id": who.mei.account_id, "name": "email", "address": "mei@example.org"}
    added = chen.post(child, json=body)
    assert added.status_code == 201
    assert chen.post(child, json=body).json["code"] == "channel_known"
    assert [row["id"] for row in chen.get(child).json["channels"]] == [added.json["id"]]
    other = f"/api/site/participants/{who.lin.participant_id}/channels"
    assert chen.post(other, json=body).status_code == 404
    assert chen.post(f"{other}/{added.json['id']}/end").status_code == 404
    assert chen.post(f"{child}/{added.json['id']}/end").status_code == 204
    assert chen.get(child).json["channels"] == []


def test_a_call_that_reached_somebody_leaves_a_contact_in_the_diary(
    chen: Browser, who: People, db: Database, time: Clock
) -> None:
    calls.open(
        db, who.mei.account_id, str(who.an.participant_id), "reminder", NOW - timedelta(hours=5), NOW
    )  # fmt: skip
    [call] = chen.get("/api/site/calls").json["calls"]
    assert (call["name"], call["role"], call["about"]) == (who.mei.name, "guardian", "reminder")
    assert call["since_at"] == clock.to_text(NOW - timedelta(hours=5))
    path = f"/api/site/calls/{call['id']}/close"
    assert chen.post(path, json={"outcome": "lost"}).status_code == 422
    answer = chen.post(path, json={"outcome": "spoke", "note": "phone was in the car"})
    assert answer.status_code == 204, answer.json
    assert chen.get("/api/site/calls").json["calls"] == []
    [entry] = chen.get(f"/api/site/participants/{who.an.participant_id}/entries").json["entries"]
    assert (entry["kind"], entry["data"]) == (
        "contact",
        {"how": "call", "reached": "yes", "spoke_to": "guardian", "text": "phone was in the car"},
    )
    assert chen.post(path, json={"outcome": "spoke"}).json["code"] == "call_closed"


def test_a_call_without_an_answer_leaves_no_contact(chen: Browser, who: People, db: Database) -> None:
    call_id = calls.open(db, who.lin.account_id, str(who.lin.participant_id), "recheck", NOW, NOW)
    assert chen.post(f"/api/site/calls/{call_id}/close", json={"outcome": "no_answer"}).status_code == 204
    assert chen.get(f"/api/site/participants/{who.lin.participant_id}/entries").json["entries"] == []
