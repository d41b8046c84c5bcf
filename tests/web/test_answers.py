"""What any caller gets: sentences in their language, health, the study, and no fault on odd input."""

import pytest
from flask import Flask

from diary.db import Database
from diary.store import problems, roster, ticks
from tests.people import NOW, PIN, STUDY, People
from tests.rosters import add_channel, put_on_call
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock


@pytest.mark.parametrize(
    "text", ['"S001\\u0000"', '"\\ud800"', f'"{"x" * 5000}"', "1e400", "{}", "null", "[]"]
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(nobody: Browser, text: str) -> None:
    for field in ("login", "secret", "totp"):
        body = {"login": '"S001"', "secret": '"2580"', field: text}
        raw = "{" + ",".join(f'"{name}": {value}' for name, value in body.items()) + "}"
        answer = nobody.post("/api/sign-in", data=raw, content_type="application/json")
        assert answer.status_code in (400, 422), (field, text)
        assert answer.json["message"]


def test_a_message_is_in_the_readers_language(client_for: ClientFor, nobody: Browser, who: People) -> None:
    assert nobody.get("/api/me", headers={"Accept-Language": "zh"}).json["message"] == "请先登录。"
    assert (
        nobody.get("/api/me", headers={"Accept-Language": "en-GB"}).json["message"] == "Please sign in first."
    )
    lin = client_for(who.lin)
    assert "研究医院" in lin.get("/api/site/participants").json["message"]
    assert lin.patch("/api/me", json={"language": "en"}).json["account"]["language"] == "en"
    assert "study site" in lin.get("/api/site/participants").json["message"]


def test_a_change_without_the_origin_of_the_diary_is_refused(app: Flask) -> None:
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = Browser(app, app.response_class).post(
            "/api/sign-in", json={"login": "S001", "secret": PIN}, headers=headers
        )
        assert (answer.status_code, answer.json["code"]) == (403, "wrong_origin")


def test_health_tells_when_the_workers_clock_stands_still(
    nobody: Browser, db: Database, time: Clock, who: People
) -> None:
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    never = nobody.get("/api/health")
    assert never.status_code == 503 and never.json["worker"] == {"last_tick_at": None, "age_s": None}
    assert never.json["message"] and never.json["status"] == "not_ok"
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    time.forward(seconds=90)
    well = nobody.get("/api/health")
    assert well.status_code == 200 and well.json["worker"]["age_s"] == 90
    assert (well.json["status"], well.json["database"], well.json["schema"]) == ("ok", "ok", "ok")
    time.forward(seconds=1)
    assert nobody.get("/api/health").status_code == 503


def test_health_asks_for_somebody_on_call_with_a_tested_channel_once_somebody_is_enrolled(
    nobody: Browser, db: Database, who: People
) -> None:
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)

    def roster_fault() -> str:
        answer = nobody.get("/api/health")
        assert (answer.status_code, answer.json["fields"]) == (503, {"roster": "not_ok"})
        assert (answer.json["status"], answer.json["roster"]) == ("not_ok", "not_ok")
        assert str(who.chen.site_id) not in answer.text
        return str(answer.json["message"])

    assert "fill the roster" in roster_fault()
    put_on_call(db, who.chen)
    assert "no tested channel" in roster_fault()
    add_channel(db, who.chen, tested=False)
    assert "no tested channel" in roster_fault()
    add_channel(db, who.chen, name="wecom")
    assert nobody.get("/api/health").json["roster"] == "ok"
    problems.open(db, roster.PAGE_UNHEARD, str(who.chen.site_id), "nobody", NOW)
    assert "reaches nobody" in roster_fault()


def test_without_anybody_enrolled_health_asks_for_no_roster(nobody: Browser, db: Database) -> None:
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    db.execute("update participants set state = 'screening'")
    assert nobody.get("/api/health").status_code == 200


def test_health_tells_when_the_schema_is_behind_and_when_the_database_is_gone(
    app: Flask, nobody: Browser, db: Database
) -> None:
    for job in ticks.WATCHED:
        ticks.beat(db, job, NOW)
    db.execute("delete from schema_migrations")
    behind = nobody.get("/api/health")
    assert (behind.status_code, behind.json["database"], behind.json["schema"]) == (503, "ok", "not_ok")
    gone = "postgresql://nobody@localhost:1/none"
    object.__setattr__(app.extensions["diary"], "database", gone)
    away = nobody.get("/api/health")
    assert (away.status_code, away.json["database"]) == (503, "not_ok")
    assert nobody.get("/api/me").status_code == 503


def test_the_study_is_told_to_phones_without_signing_in(nobody: Browser) -> None:
    answer = nobody.get("/api/study").json
    assert answer == STUDY.for_phone()


@pytest.mark.parametrize("name", ["object_id", "limit", "before"])
def test_a_query_that_no_database_can_hold_is_refused_with_a_sentence(
    client_for: ClientFor, who: People, name: str
) -> None:
    answer = client_for(who.chen).get(f"/api/site/audit?{name}=%00")
    assert (answer.status_code, list(answer.json["fields"])) == (422, [name])
