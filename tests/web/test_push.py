"""Phones subscribe, test their reminders and say what arrived; the operator sees what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from diary import clock, keys
from diary.config import Config
from diary.db import Database, one
from diary.rules.outcomes import Result
from diary.store import deliveries, outbox, problems, sessions, subscriptions
from diary.store.deliveries import Notice
from diary.store.outbox import Sent
from tests.delivery.browser_keys import browser_keys
from tests.people import NOW, STUDY, People, Person
from tests.store.telling import address, page_alert, phone, reminder, rows, told
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock

HOST = "web.push.apple.com"
PUSH = "/api/patient/push"


@pytest.fixture
def config(config: Config) -> Config:
    """The settings of these tests, with a push service."""
    return replace(config, push_hosts=(HOST,), vapid_subject="mailto:ops@example.org")


def body(name: str = "a", host: str = HOST) -> dict[str, Any]:
    """As a browser's PushSubscription says it."""
    return {"endpoint": f"https://{host}/{name}", "expirationTime": None, "keys": browser_keys().texts}


def subscribe(client: Browser, name: str = "a") -> dict[str, Any]:
    answer = client.post(f"{PUSH}/subscriptions", json=body(name), headers={"User-Agent": "Firefox/153"})
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = answer.json
    return found


def plan(db: Database, *notices: Notice) -> None:
    with db.atomic():
        deliveries.plan(db, notices, NOW, study=STUDY)


def test_a_phone_learns_the_key_and_finds_itself_after_subscribing(
    client_for: ClientFor, who: People
) -> None:
    lin = client_for(who.lin)
    before = lin.get(PUSH).json
    assert before == {
        "public_key": keys.vapid_public("11" * 32), "sends": True, "subscriptions": [], "channels": []
    }  # fmt: skip
    made = subscribe(lin)
    assert made["device"] == "Firefox/153" and made["is_this"] is True and made["stopped"] is False
    assert [row["id"] for row in lin.get(PUSH).json["subscriptions"]] == [made["id"]]
    assert client_for(who.lin).get(PUSH).json["subscriptions"][0]["is_this"] is False
    assert client_for(who.olsen).get(PUSH).json["subscriptions"] == []


def test_other_ways_are_told_by_kind_and_never_by_address(
    client_for: ClientFor, db: Database, who: People
) -> None:
    address(db, who.lin, "lin@example.org")
    address(db, who.olsen, "olsen@example.org")
    answer = client_for(who.lin).get(PUSH)
    assert answer.json["channels"] == [{"kind": "message", "name": "email"}]
    assert "example.org" not in answer.get_data(as_text=True)


def test_posting_again_changes_nothing_but_the_keys_and_the_last_sight(
    client_for: ClientFor, db: Database, who: People, time: Clock
) -> None:
    lin = client_for(who.lin)
    first = subscribe(lin)
    time.forward(hours=1)
    again = subscribe(lin)
    assert (again["id"], again["created_at"]) == (first["id"], first["created_at"])
    assert again["seen_at"] == clock.to_text(time.at)
    [row] = db.query("select * from subscriptions")
    assert row["p256dh"] != "" and row["host"] == HOST and row["ended_at"] is None


def test_who_takes_over_a_phone_is_told_by_it_and_who_had_it_before_is_not(
    client_for: ClientFor, db: Database, who: People
) -> None:
    subscribe(client_for(who.mei))
    subscribe(client_for(who.bo))
    assert subscriptions.list_live(db, who.mei.account_id) == []
    ended = one(db, "select end_reason from subscriptions where account_id = :a", {"a": who.mei.account_id})
    assert ended == {"end_reason": "replaced"}
    assert len(subscriptions.list_live(db, who.bo.account_id)) == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"endpoint": "https://evil.example.org/a"}, "endpoint"),
        ({"endpoint": "http://web.push.apple.com/a"}, "endpoint"),
        ({"endpoint": "https://web.push.apple.com@evil.org/a"}, "endpoint"),
        ({"endpoint": 7}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "keys.p256dh"),
        ({"keys": {"auth": "BTBZMqHH6r4Tts7J_aSIgg"}}, "keys.p256dh"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_subscription_is_refused(
    client_for: ClientFor, db: Database, who: People, changes: dict[str, Any], named: str
) -> None:
    answer = client_for(who.lin).post(f"{PUSH}/subscriptions", json={**body(), **changes})
    assert answer.status_code == 422 and set(answer.json["fields"]) == {named}, answer.json
    assert list(db.query("select id from subscriptions")) == []


def test_a_phone_unsubscribes_itself_and_nobody_elses(
    client_for: ClientFor, db: Database, who: People
) -> None:
    lin, olsen = client_for(who.lin), client_for(who.olsen)
    subscribe(lin)
    assert olsen.post(f"{PUSH}/unsubscribe", json=body()).status_code == 404
    assert lin.post(f"{PUSH}/unsubscribe", json=body()).status_code == 204
    assert lin.post(f"{PUSH}/unsubscribe", json={"endpoint": body()["endpoint"]}).status_code == 404
    assert one(db, "select end_reason from subscriptions") == {"end_reason": "unsubscribed"}


def test_signing_out_ends_the_reminders_of_that_phone_only(
    client_for: ClientFor, db: Database, who: People
) -> None:
    here, there = client_for(who.lin), client_for(who.lin)
    subscribe(here, "here")
    kept = subscribe(there, "there")
    here.post("/api/sign-out")
    assert [row["id"] for row in subscriptions.list_live(db, who.lin.account_id)] == [kept["id"]]
    with db.atomic():
        sessions.revoke_all(db, who.lin.actor, NOW, who.lin.account_id)
    assert subscriptions.list_live(db, who.lin.account_id) == []
    assert {row["end_reason"] for row in db.query("select end_reason from subscriptions")} == {
        "session_ended"
    }


def test_a_lost_phone_is_no_longer_told_once_the_site_ends_its_session(
    client_for: ClientFor, db: Database, who: People
) -> None:
    lin = client_for(who.lin)
    subscribe(lin)
    with lin.session_transaction() as cookie:
        session_id = cookie["_user_id"]
    with db.atomic():
        sessions.revoke_lost(db, who.chen.actor, NOW, str(who.lin.participant_id), session_id, reason="lost")
    assert subscriptions.list_live(db, who.lin.account_id) == []


def test_a_test_shows_how_far_it_came(client_for: ClientFor, db: Database, who: People, time: Clock) -> None:
    lin = client_for(who.lin)
    nothing = lin.post(f"{PUSH}/tests")
    assert (nothing.status_code, nothing.json) == (200, {"id": None, "steps": []})
    subscribe(lin)
    started = lin.post(f"{PUSH}/tests").json
    [step] = started["steps"]
    assert (step["channel"], step["device"], step["state"]) == ("push", "Firefox/153", "planned")
    assert step["planned_at"] and step["claimed_at"] is None

    time.forward(seconds=1)
    claimed, _ = outbox.claim(db, ("push",), 10, time.at)
    time.forward(seconds=1)
    outbox.finish(db, [Sent(claimed[0], Result("handed_over", 201), time.at)], time.at)
    for event in ("received", "shown"):
        time.forward(seconds=1)
        said = {"token": claimed[0]["token"], "event": event, "at": "2026-03-02T12:00:05+08:00"}
        assert lin.post("/api/receipts", json=said).status_code == 204
    [step] = lin.get(f"{PUSH}/tests/{started['id']}").json["steps"]
    times = [step[f"{name}_at"] for name in ("planned", "claimed", "handed_over", "received", "shown")]
    assert None not in times and times == sorted(set(times))
    assert (step["status"], step["opened_at"]) == (201, None)
    assert client_for(who.olsen).get(f"{PUSH}/tests/{started['id']}").status_code == 404


def test_tests_do_not_follow_one_another_at_once(client_for: ClientFor, who: People, time: Clock) -> None:
    lin = client_for(who.lin)
    subscribe(lin)
    lin.post(f"{PUSH}/tests")
    again = lin.post(f"{PUSH}/tests")
    assert (again.status_code, again.json["code"]) == (429, "test_too_soon")
    assert int(again.headers["Retry-After"]) > 0
    time.forward(seconds=21)
    assert lin.post(f"{PUSH}/tests").status_code == 200


def token_of(db: Database, person: Person) -> str:
    phone(db, person)
    plan(db, told(person, reminder(db, person)))
    return str(rows(db)[0]["token"])


def say(client: Browser, token: str, event: str, **more: Any) -> int:
    return int(client.post("/api/receipts", json={"token": token, "event": event, **more}).status_code)


def test_a_receipt_needs_no_session_keeps_the_earliest_time_and_goes_by_the_servers_clock(
    nobody: Browser, db: Database, who: People, time: Clock
) -> None:
    token = token_of(db, who.lin)
    assert say(nobody, token, "received", at="1999-01-01T00:00:00Z") == 204
    time.forward(minutes=1)
    assert say(nobody, token, "received", at="2099-01-01T00:00:00Z") == 204
    assert say(nobody, token, "opened") == 204
    [row] = rows(db)
    assert row["state"] == "opened" and row["received_at"] == clock.to_text(NOW)
    assert row["shown_at"] == row["opened_at"] == clock.to_text(time.at)
    assert say(nobody, token, "received") == 204 and rows(db)[0]["state"] == "opened"
    assert row["fallback_at"] is None and row["next_at"] is None


def test_a_dismissed_message_was_shown(nobody: Browser, db: Database, who: People) -> None:
    token = token_of(db, who.lin)
    assert say(nobody, token, "dismissed") == 204
    [row] = rows(db)
    assert (row["state"], row["dismissed_at"]) == ("shown", clock.to_text(NOW))


def test_a_receipt_that_comes_after_the_end_is_kept_and_opens_nothing(
    nobody: Browser, db: Database, who: People
) -> None:
    token = token_of(db, who.lin)
    db.execute("update deliveries set state = 'missed', ended_at = planned_at")
    assert say(nobody, token, "shown") == 204
    assert (rows(db)[0]["state"], rows(db)[0]["shown_at"]) == ("missed", clock.to_text(NOW))


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"token": "unknown", "event": "received"}, 404),
        ({"token": "a b", "event": "received"}, 422),
        ({"token": "unknown", "event": "seen"}, 422),
        ({"token": "unknown", "event": "received", "at": "yesterday"}, 422),
        ({"event": "received"}, 422),
    ],
)
def test_a_receipt_of_nothing_is_refused(nobody: Browser, said: dict[str, Any], status: int) -> None:
    assert nobody.post("/api/receipts", json=said).status_code == status


def test_the_first_receipt_of_a_page_stamps_its_alert(nobody: Browser, db: Database, who: People) -> None:
    alert = page_alert(db, who.lin)
    phone(db, who.chen)
    plan(db, told(who.chen, about="page", kind="page", alert_id=alert))
    assert say(nobody, rows(db)[0]["token"], "received") == 204
    assert one(db, "select delivered_at from alerts where id = :id", {"id": alert}) == {
        "delivered_at": clock.to_text(NOW)
    }


def test_the_operator_sees_problems_closes_them_and_lets_a_push_service_go_on(
    client_for: ClientFor, db: Database, who: People, time: Clock
) -> None:
    subscriptions.stop_host(db, HOST, 403, "not accepted", NOW)
    other = problems.open(db, "any", "thing", "went wrong", NOW)
    problems.open(db, "any", "thing", "went wrong again", time.forward(minutes=1))
    ada = client_for(who.ada)
    shown = ada.get("/api/admin/problems").json
    assert {row["kind"]: row["times"] for row in shown["problems"]} == {"push_host_stopped": 1, "any": 2}
    assert [row["host"] for row in shown["stopped_hosts"]] == [HOST]
    assert ada.post(f"/api/admin/problems/{other}/close").json["closed_at"] == clock.to_text(time.at)
    assert ada.post(f"/api/admin/problems/{other}/close").json["code"] == "problem_closed"
    assert ada.post("/api/admin/push-hosts/resume", json={"host": HOST}).status_code == 204
    assert ada.post("/api/admin/push-hosts/resume", json={"host": HOST}).status_code == 404
    after = ada.get("/api/admin/problems").json
    assert after["stopped_hosts"] == [] and all(row["closed_at"] for row in after["problems"])
    trail = {
        row["action"]
        for row in db.query("select action from audit where actor_id = :a", {"a": who.ada.account_id})
    }
    assert {"close_problem", "resume_push_host"} <= trail
