"""The sender against a real push service on loopback: every answer it may give, and workers that die."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from diary import clock
from diary.db import Database, one
from diary.jobs import sending
from diary.jobs.sending import Sender
from diary.rules import push
from diary.rules.outcomes import Result
from diary.store import deliveries, outbox, problems, subscriptions
from diary.store.deliveries import Notice
from tests.delivery.push_service import PushService, push_service
from tests.delivery.scene import Moment, at, only, real_phone, sender_for
from tests.people import NOW, STUDY, People
from tests.store.telling import address, page_alert, reminder, rows, set_state, told

Scenario = Callable[[PushService, Sender, Moment], Awaitable[None]]
Run = Callable[[Scenario], None]


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Run:
    """Runs a scenario beside a push service and a sender whose clock stands."""

    def run(scenario: Scenario) -> None:
        async def whole() -> None:
            moment = Moment()
            async with push_service() as service:
                sender = sender_for(database_url, tmp_path, moment, push_hosts=(service.origin,))
                try:
                    await scenario(service, sender, moment)
                finally:
                    await sender.close()

        asyncio.run(whole())

    return run


def plan(db: Database, *notices: Notice) -> None:
    with db.atomic():
        deliveries.plan(db, notices, NOW, study=STUDY)


def test_a_reminder_reaches_the_phone_and_says_what_the_contract_says(
    db: Database, who: People, run: Run
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        _, keys = real_phone(db, who.lin, service, "a")
        plan(db, told(who.lin, reminder(db, who.lin)))
        assert await sender.send_pushes() == 1
        [sent] = service.received
        row = only(db)
        assert (row["state"], row["status"], row["handed_over_at"]) == ("handed_over", 201, at(NOW))
        assert row["next_at"] is None and row["claimed_by"] is None
        tag = push.topic_of(row["group_id"])
        assert (sent.headers["Topic"], sent.headers["TTL"], sent.headers["Urgency"]) == (tag, "7200", "high")
        shown = keys.read(sent.body)
        assert shown == {
            "web_push": 8030,
            "notification": {
                "title": STUDY.text("reminder_title", "zh-CN"), "body": STUDY.text("reminder_body", "zh-CN"),
                "navigate": f"http://localhost:8000/#/today?t={row['token']}", "lang": "zh-CN", "tag": tag,
                "data": {"delivery_id": row["id"], "token": row["token"]},
            },
        }  # fmt: skip
        assert await sender.send_pushes() == 0, "sent once"

    run(scenario)


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_forgotten_and_the_next_way_is_tried_at_once(
    db: Database, who: People, run: Run, status: int
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        phone, _ = real_phone(db, who.lin, service, "a")
        mail = address(db, who.lin, "lin@example.org")
        service.answers["a"] = [(status, {})]
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        assert (only(db)["state"], only(db)["ended_at"]) == ("failed", at(NOW))
        found = one(db, "select end_reason from subscriptions where id = :id", {"id": phone})
        assert found == {"end_reason": "gone"}
        sending.fall_back(db, STUDY, moment())
        assert {row["address_id"]: row["state"] for row in rows(db)} == {phone: "failed", mail: "planned"}

    run(scenario)


@pytest.mark.parametrize("status", [400, 413, 302])
def test_a_message_that_the_service_does_not_take_is_kept_and_told_to_the_operator(
    db: Database, who: People, run: Run, status: int
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        phone, _ = real_phone(db, who.lin, service, "a")
        service.answers["a"] = [(status, {"Location": f"{service.origin}/push/b"})]
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        assert [got.path for got in service.received] == ["a"], "a redirect is not followed"
        assert (only(db)["state"], only(db)["status"]) == ("failed", status)
        [problem] = problems.list_open(db, outbox.REFUSED)
        assert (problem["subject"], problem["times"]) == (service.host, 1)
        assert service.endpoint("a") not in problem["detail"]
        assert [row["id"] for row in subscriptions.list_live(db, who.lin.account_id)] == [phone]

    run(scenario)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_signature_stops_the_service_deletes_nothing_and_goes_on_when_resumed(
    db: Database, who: People, run: Run, status: int
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        phone, _ = real_phone(db, who.lin, service, "a")
        mail = address(db, who.lin, "lin@example.org")
        service.answers["a"] = [(status, {}), (201, {})]
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        [row] = rows(db)
        assert (row["state"], row["ended_at"], row["fallback_at"]) == ("planned", None, at(NOW))
        assert [live["stopped"] for live in subscriptions.list_live(db, who.lin.account_id)] == [1]
        [problem] = problems.list_open(db, subscriptions.STOPPED)
        assert problem["subject"] == service.host
        sending.fall_back(db, STUDY, moment())
        assert {row["channel"]: row["state"] for row in rows(db)} == {"push": "planned", "message": "planned"}
        for _ in range(3):
            moment.forward(minutes=2)
            await sender.send_pushes()
        assert len(service.received) == 1, "a stopped service is left alone"
        assert {row["address_id"] for row in rows(db)} == {phone, mail}, "and the ladder is climbed once"
        subscriptions.resume_host(db, who.ada.actor, service.host, moment())
        assert problems.list_open(db, subscriptions.STOPPED) == []
        moment.forward(minutes=2)
        await sender.send_pushes()
        assert len(service.received) == 2
        assert {row["channel"]: row["state"] for row in rows(db)}["push"] == "handed_over"

    run(scenario)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_asks_for_patience_gets_it_until_the_window_ends(
    db: Database, who: People, run: Run, status: int
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        real_phone(db, who.lin, service, "a")
        service.answers["a"] = [(status, {"Retry-After": "90"}), (status, {}), (201, {})]
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        row = only(db)
        assert (row["state"], row["status"], row["attempts"]) == ("planned", status, 1)
        assert row["next_at"] == at(NOW + timedelta(seconds=90))
        assert row["fallback_at"] == at(NOW + timedelta(minutes=10)), "patience does not put off the next way"
        moment.forward(seconds=89)
        assert await sender.send_pushes() == 0
        moment.forward(seconds=1)
        await sender.send_pushes()
        wait = clock.from_text(only(db)["next_at"]) - moment()
        assert timedelta(seconds=2) <= wait <= timedelta(seconds=6), "twice the first wait, spread by half"
        moment.forward(seconds=6)
        await sender.send_pushes()
        assert only(db)["state"] == "handed_over" and len(service.received) == 3

    run(scenario)


def test_a_message_is_not_tried_beyond_its_window(db: Database, who: People, run: Run) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        real_phone(db, who.lin, service, "a")
        service.answers["a"] = [(503, {"Retry-After": "86400"})]
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        assert only(db)["next_at"] == only(db)["expires_at"]
        moment.forward(hours=2)
        await sender.send_pushes()
        assert (only(db)["state"], len(service.received)) == ("missed", 1)

    run(scenario)


def test_a_service_that_does_not_answer_is_asked_again(
    db: Database, who: People, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.2)

    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        real_phone(db, who.lin, service, "a")
        service.answers["a"] = [(0, {}), (201, {})]
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        assert (only(db)["state"], only(db)["error"]) == ("planned", "no answer (TimeoutError)")
        moment.forward(minutes=1)
        await sender.send_pushes()
        assert only(db)["state"] == "handed_over"

    run(scenario)


def test_a_push_service_that_is_away_is_tried_again(db: Database, who: People, run: Run) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        phone, _ = real_phone(db, who.lin, service, "a")
        # Nothing listens on port 9 of this machine.
        db.execute(
            "update subscriptions set endpoint = 'http://127.0.0.1:9/push/a', host = '127.0.0.1:9' where id = :id",
            {"id": phone},
        )
        object.__setattr__(sender.config, "push_hosts", ("http://127.0.0.1:9",))
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        assert only(db)["state"] == "planned" and "no answer" in only(db)["error"]

    run(scenario)


def test_a_phone_at_a_service_that_is_no_longer_allowed_is_not_written_to(
    db: Database, who: People, run: Run
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        real_phone(db, who.lin, service, "a")
        object.__setattr__(sender.config, "push_hosts", ("web.push.apple.com",))
        plan(db, told(who.lin, reminder(db, who.lin)))
        await sender.send_pushes()
        assert service.received == [] and only(db)["state"] == "failed"
        assert len(problems.list_open(db, outbox.REFUSED)) == 1

    run(scenario)


def test_what_was_answered_meanwhile_is_not_sent(db: Database, who: People, run: Run) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        real_phone(db, who.lin, service, "a")
        due = reminder(db, who.lin)
        plan(db, told(who.lin, due))
        set_state(db, due, "answered")
        assert await sender.send_pushes() == 0
        assert (only(db)["state"], service.received) == ("cancelled", [])

    run(scenario)


def test_a_page_that_somebody_took_charge_of_is_not_sent_and_one_that_is_open_is_stamped(
    db: Database, who: People, run: Run
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        real_phone(db, who.chen, service, "a")
        taken, standing = page_alert(db, who.lin), page_alert(db, who.an)
        plan(
            db,
            told(who.chen, about="page", kind="page", alert_id=taken, group_id="p:1"),
            told(who.chen, about="page", kind="page", alert_id=standing, group_id="p:2"),
        )
        db.execute("update alerts set state = 'acknowledged' where id = :id", {"id": taken})
        await sender.send_pushes()
        assert {row["group_id"]: row["state"] for row in rows(db)} == {
            "p:1": "cancelled",
            "p:2": "handed_over",
        }
        found = {row["id"]: row["sent_at"] for row in db.query("select id, sent_at from alerts")}
        assert found == {taken: None, standing: at(NOW)}

    run(scenario)


def test_a_worker_that_died_is_followed_by_another_under_the_same_tag_and_topic(
    db: Database, who: People, run: Run
) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        _, keys = real_phone(db, who.lin, service, "a")
        plan(db, told(who.lin, reminder(db, who.lin)))
        claimed, _ = outbox.claim(db, ("push",), 10, moment())
        await sender._push(claimed[0])  # and here the worker dies
        assert await sender.send_pushes() == 0, "the lease holds"
        moment.forward(seconds=outbox.LEASE.total_seconds())
        assert await sender.send_pushes() == 1
        first, second = service.received
        assert first.headers["Topic"] == second.headers["Topic"]
        assert keys.read(first.body) == keys.read(second.body)
        assert only(db)["state"] == "handed_over"
        # The dead one's late word changes nothing.
        outbox.finish(db, [outbox.Sent(claimed[0], Result("gone", 410), moment())], moment())
        assert only(db)["state"] == "handed_over"

    run(scenario)


def test_hundreds_are_in_flight_over_kept_connections_and_pages_go_first(
    db: Database, who: People, run: Run
) -> None:
    if db.engine != "sqlite":
        pytest.skip("the same on one engine is enough")

    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        service.hold_until = 301
        real_phone(db, who.lin, service, "a")
        real_phone(db, who.chen, service, "page")
        due = reminder(db, who.lin)
        notices = [
            told(who.lin, due, group_id=f"g{n}", due_at=NOW - timedelta(minutes=1)) for n in range(600)
        ]
        plan(db, *notices)
        plan(db, told(who.chen, about="page", kind="page", alert_id=page_alert(db, who.lin), group_id="p"))
        assert await sender.send_pushes() == 601
        assert service.most_at_once > 300
        assert service.received.index(next(got for got in service.received if got.path == "page")) < 200
        assert {row["state"] for row in rows(db)} == {"handed_over"}

    run(scenario)


def test_workers_that_claim_at_the_same_time_share_and_never_double(
    db: Database, database_url: str, who: People, tmp_path: Path
) -> None:
    async def scenario() -> None:
        moment = Moment()
        async with push_service() as service:
            real_phone(db, who.lin, service, "a")
            due = reminder(db, who.lin)
            plan(db, *(told(who.lin, due, group_id=f"g{n}") for n in range(300)))
            senders = [
                sender_for(database_url, tmp_path, moment, push_hosts=(service.origin,)) for _ in range(3)
            ]
            tried = await asyncio.gather(*(sender.send_pushes() for sender in senders))
            assert sum(tried) == 300 == len({got.headers["Topic"] for got in service.received})
            assert len(service.received) == 300
            for sender in senders:
                await sender.close()

    asyncio.run(scenario())


def test_a_stop_lets_what_is_in_flight_end_and_keeps_it(db: Database, who: People, run: Run) -> None:
    async def scenario(service: PushService, sender: Sender, moment: Moment) -> None:
        service.delay_s = 0.3
        real_phone(db, who.lin, service, "a")
        plan(db, told(who.lin, reminder(db, who.lin)))
        job = asyncio.create_task(sender.send_pushes())
        while not service.received:
            await asyncio.sleep(0.01)
        job.cancel()  # as the scheduler's shutdown does
        await sender.close()
        assert only(db)["state"] == "handed_over"
        assert await sender.send_pushes() == 0

    run(scenario)


def test_without_a_subject_nothing_is_sent_and_the_operator_is_told(
    db: Database, database_url: str, who: People, tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with push_service() as service:
            real_phone(db, who.lin, service, "a")
            plan(db, told(who.lin, reminder(db, who.lin)))
            sender = sender_for(
                database_url, tmp_path, Moment(), vapid_subject=None, push_hosts=(service.origin,)
            )
            sending.check_subject(db, sender.config, NOW)
            assert (await sender.send_pushes(), service.received) == (0, [])
            assert only(db)["state"] == "planned", "the next way is tried in time"
            [problem] = problems.list_open(db)
            assert "DIARY_VAPID_SUBJECT" in problem["detail"]
            sending.check_subject(db, sender_for(database_url, tmp_path, Moment()).config, NOW)
            assert problems.list_open(db) == []

    asyncio.run(scenario())


def test_every_administrator_hears_of_a_problem_once(db: Database, who: People) -> None:
    address(db, who.ada, "ada@example.org", tested=True)
    problems.open(db, "any", "thing", "went wrong", NOW)
    assert sending.tell_operators(db, STUDY, NOW) == 1
    assert sending.tell_operators(db, STUDY, NOW + timedelta(hours=1)) == 0
    assert only(db)["about"] == "operator" and only(db)["account_id"] == who.ada.account_id
