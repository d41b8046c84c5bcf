"""One phone with a stale key: it stops its push service once, and silences the others no longer than that."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

import migrations
from diary import clock
from diary.config import Config
from diary.db import Database, open_database
from diary.jobs import sending
from diary.rules.outcomes import Result
from diary.store import deliveries, outbox, problems, subscriptions
from diary.store.outbox import Sent
from tests.delivery.browser_keys import browser_keys
from tests.people import NOW, STUDY, People, Person
from tests.store.telling import address, insert, reminder, rows, told
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock

HOST = "web.push.apple.com"
ADMIN = "/api/admin/push-hosts"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, push_hosts=(HOST,), vapid_subject="mailto:ops@example.org")


def body(name: str) -> dict[str, Any]:
    return {"endpoint": f"https://{HOST}/{name}", "keys": browser_keys().texts}


def post(client: Browser, said: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/api/patient/push/subscriptions", json=said)
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def a_phone(db: Database, person: Person, name: str) -> str:
    row = {
        "id": str(uuid4()), "account_id": person.account_id, "endpoint": f"https://{HOST}/{name}",
        "host": HOST, "p256dh": "p", "auth": "a", "device": "Safari", "created_at": clock.to_text(NOW),
        "seen_at": clock.to_text(NOW),
    }  # fmt: skip
    insert(db, "subscriptions", row)
    return row["id"]


def remind(db: Database, person: Person, at: datetime) -> None:
    with db.atomic():
        notice = told(person, reminder(db, person, due_at=at), due_at=at)
        deliveries.plan(db, [notice], at, study=STUDY)


def send(db: Database, now: datetime, stale: str) -> set[str]:
    """Whose messages the service was asked to take; it refuses the signature for the phone `stale`."""
    claimed, _ = outbox.claim(db, ("push",), 100, now)
    refused, taken = Result("stopped", 403, "not accepted"), Result("handed_over", 201)
    sent = [Sent(row, refused if row["address_id"] == stale else taken, now) for row in claimed]
    outbox.finish(db, sent, now)
    return {row["address_id"] for row in claimed}


def stopped(client: Browser) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/admin/problems").json["stopped_hosts"]
    return found


def test_the_first_refusal_stops_the_service_and_names_the_phone(
    client_for: ClientFor, db: Database, who: People
) -> None:
    stale, good = a_phone(db, who.lin, "stale"), a_phone(db, who.an, "good")
    remind(db, who.lin, NOW)
    assert send(db, NOW, stale) == {stale}
    remind(db, who.an, NOW)
    assert send(db, NOW + MINUTE, stale) == set(), "401 and 403 stop the push service"
    [host] = stopped(client_for(who.ada))
    assert (host["phones"], host["refused_phones"]) == (2, 1)
    assert [phone["id"] for phone in host["refused"]] == [stale]
    [problem] = problems.list_open(db, subscriptions.STOPPED)
    assert problem["subject"] == HOST and stale in problem["detail"]
    for live in (
        subscriptions.list_live(db, who.lin.account_id),
        subscriptions.list_live(db, who.an.account_id),
    ):
        assert len(live) == 1, "and nothing is deleted"
    assert good not in str(host["refused"])


def test_with_the_phone_set_aside_in_the_same_act_the_others_are_written_to_again_and_stay_so(
    client_for: ClientFor, db: Database, who: People
) -> None:
    stale, good = a_phone(db, who.lin, "stale"), a_phone(db, who.an, "good")
    address(db, who.lin, "lin@example.org")
    remind(db, who.lin, NOW)
    send(db, NOW, stale)
    ada = client_for(who.ada)
    answer = ada.post(f"{ADMIN}/set-aside", json={"host": HOST, "phone_ids": [stale]})
    assert answer.status_code == 204, answer.json
    assert stopped(ada) == [] and problems.list_open(db, subscriptions.STOPPED) == []
    later = NOW + timedelta(hours=3)
    for person in (who.lin, who.an):
        remind(db, person, later)
    assert send(db, later, stale) == {good}, "nothing is planned for the phone that is set aside"
    assert "message" in {row["channel"] for row in rows(db) if row["account_id"] == who.lin.account_id}
    assert subscriptions.list_live(db, who.lin.account_id)[0]["ended_at"] is None
    trail = db.query("select action, object_id from audit where actor_id = :a", {"a": who.ada.account_id})
    done = {(row["action"], row["object_id"]) for row in trail}
    assert {("set_phone_aside", stale), ("resume_push_host", HOST)} <= done


def test_what_waited_for_a_phone_that_is_set_aside_goes_on_by_another_way(
    client_for: ClientFor, db: Database, who: People
) -> None:
    stale = a_phone(db, who.lin, "stale")
    remind(db, who.lin, NOW)
    send(db, NOW, stale)
    client_for(who.ada).post(f"{ADMIN}/set-aside", json={"host": HOST, "phone_ids": [stale]})
    address(db, who.lin, "lin@example.org")
    assert send(db, NOW + 2 * MINUTE, stale) == set()
    assert [(row["state"], row["error"]) for row in rows(db)] == [("failed", "this phone is set aside")]
    sending.fall_back(db, STUDY, NOW + 2 * MINUTE)
    assert {row["channel"] for row in rows(db)} == {"push", "message"}


def test_a_phone_posted_anew_is_written_to_again_and_refused_again_it_alone_is_left_alone(
    client_for: ClientFor, db: Database, who: People, time: Clock
) -> None:
    lin, said = client_for(who.lin), body("stale")
    stale, good = str(post(lin, said)["id"]), a_phone(db, who.an, "good")
    remind(db, who.lin, NOW)
    send(db, NOW, stale)
    client_for(who.ada).post(f"{ADMIN}/set-aside", json={"host": HOST, "phone_ids": [stale]})
    assert lin.get("/api/patient/push").json["subscriptions"][0]["stopped"] is True, "the phone learns it"
    time.forward(hours=3)
    assert post(lin, said)["stopped"] is False
    remind(db, who.lin, time.at)
    assert send(db, time.at, stale) == {stale}, "it may have a good key now"
    assert stopped(client_for(who.ada)) == [], "what was found of this phone is not found anew"
    [problem] = problems.list_open(db, subscriptions.SET_ASIDE)
    assert problem["subject"] == stale
    for person in (who.lin, who.an):
        remind(db, person, time.forward(hours=3))
    assert send(db, time.at, stale) == {good}
    post(lin, said)
    assert problems.list_open(db, subscriptions.SET_ASIDE) == []


def test_going_on_without_setting_aside_lets_the_next_refusal_stop_the_service_again(
    client_for: ClientFor, db: Database, who: People
) -> None:
    stale = a_phone(db, who.lin, "stale")
    remind(db, who.lin, NOW)
    send(db, NOW, stale)
    ada = client_for(who.ada)
    assert ada.post(f"{ADMIN}/resume", json={"host": HOST}).status_code == 204
    send(db, NOW + 2 * MINUTE, stale)
    assert [phone["id"] for phone in stopped(ada)[0]["refused"]] == [stale]


@pytest.mark.parametrize("of", ["never refused", "unknown", "elsewhere"])
def test_only_a_phone_that_the_stopped_service_refused_is_set_aside(
    client_for: ClientFor, db: Database, who: People, of: str
) -> None:
    stale, good = a_phone(db, who.lin, "stale"), a_phone(db, who.an, "good")
    remind(db, who.lin, NOW)
    send(db, NOW, stale)
    host = "fcm.googleapis.com" if of == "elsewhere" else HOST
    ids = [stale, {"never refused": good, "unknown": str(uuid4()), "elsewhere": stale}[of]]
    ada = client_for(who.ada)
    assert ada.post(f"{ADMIN}/set-aside", json={"host": host, "phone_ids": ids}).status_code == 404
    assert len(stopped(ada)) == 1 and stopped(ada)[0]["refused_phones"] == 1, "all of it or nothing"
    assert ada.post(f"{ADMIN}/set-aside", json={"host": HOST, "phone_ids": []}).status_code == 422
    chen = client_for(who.chen)
    assert chen.post(f"{ADMIN}/set-aside", json={"host": HOST, "phone_ids": [stale]}).status_code == 403


def test_phones_that_were_registered_before_the_change_go_on(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = migrations.NAMES
    monkeypatch.setattr(migrations, "NAMES", names[: names.index("m0005_phones_set_aside")])
    db = open_database(empty_database)
    migrations.apply(db)
    account = {
        "id": "a", "role": "administrator", "login": "a@example.org", "language": "en", "state": "open",
        "created_at": clock.to_text(NOW),
    }  # fmt: skip
    insert(db, "accounts", account)
    phone = {
        "id": "s", "account_id": "a", "endpoint": f"https://{HOST}/old", "host": HOST, "p256dh": "p",
        "auth": "a", "device": "Safari", "created_at": clock.to_text(NOW), "seen_at": clock.to_text(NOW),
    }  # fmt: skip
    insert(db, "subscriptions", phone)
    monkeypatch.setattr(migrations, "NAMES", names)
    assert "m0005_phones_set_aside" in migrations.apply(db)
    [live] = subscriptions.list_live(db, "a")
    assert (live["endpoint"], live["refused_at"], live["set_aside_at"], live["judged_at"], live["stopped"]) == (
        phone["endpoint"], None, None, None, 0,
    )  # fmt: skip
    db.close()
