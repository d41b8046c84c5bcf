"""Signing in and out, sessions, codes, second factor."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from diary.db import Database, one
from diary.store import accounts, ticks
from tests import people
from tests.people import NOW, PASSWORD, PIN, SECRET_KEY, STUDY, People
from tests.web.conftest import ClientFor, Clock, browser


def sign_in(client: FlaskClient, login: str, secret: str, **more: str) -> TestResponse:
    return client.post("/api/sign-in", json={"login": login, "secret": secret, **more})


def activate(client: FlaskClient, code: str, **more: str) -> TestResponse:
    return client.post("/api/activate", json={"code": code, "language": "en", **({"pin": "7391"} | more)})


def test_everybody_signs_in_and_learns_who_they_are(app: Flask, who: People) -> None:
    for person in who:
        client = browser(app)
        answer = sign_in(client, person.login, person.secret)
        assert answer.status_code == 200, answer.json
        assert answer.json["account"]["role"] == person.role
        assert answer.json["account"]["name"] == person.name
        assert client.get("/api/me").json == answer.json


@pytest.mark.parametrize("login", ["s001", " S001 ", "Ｓ００１"])
def test_a_login_is_read_as_people_type_it(nobody: FlaskClient, login: str) -> None:
    assert sign_in(nobody, login, PIN).json["account"]["login"] == "S001"


@pytest.mark.parametrize("secret", ["２５８０", " 2580"])
def test_a_pin_is_read_as_people_type_it(nobody: FlaskClient, secret: str) -> None:
    assert sign_in(nobody, "S001", secret).status_code == 200


def test_a_guardian_sees_the_child_and_never_contraception(client_for: ClientFor, who: People) -> None:
    own = client_for(who.yu).get("/api/me").json["participants"]
    fathers = client_for(who.bo).get("/api/me").json["participants"]
    assert own[0]["contraception"] is True
    assert fathers == [{**own[0], "contraception": False}]
    assert fathers[0]["is_child"] and fathers[0]["age_years"] == 15


def test_under_14_contraception_is_not_asked_even_on_the_own_account(
    client_for: ClientFor, who: People
) -> None:
    assert client_for(who.an).get("/api/me").json["participants"][0]["contraception"] is False


def test_wrong_secret_and_unknown_login_are_answered_alike(nobody: FlaskClient) -> None:
    wrong = sign_in(nobody, "S001", "9999")
    unknown = sign_in(nobody, "S999", "9999")
    assert (wrong.status_code, wrong.json) == (unknown.status_code, unknown.json)
    assert wrong.status_code == 401


@pytest.mark.parametrize("login", ["S001", "S999", "nobody@example.org"])
def test_five_wrong_secrets_close_the_door_for_that_login_whether_it_exists_or_not(
    nobody: FlaskClient, time: Clock, login: str
) -> None:
    assert [sign_in(nobody, login, "9999").status_code for _ in range(7)] == [401] * 5 + [429] * 2
    refused = sign_in(nobody, login, PIN)
    assert refused.status_code == 429
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= STUDY.accounts.failures_within_min * 60 + 1
    time.forward(seconds=wait_s)
    assert sign_in(nobody, login, PIN).status_code == (200 if login == "S001" else 401)


def test_another_login_from_the_same_address_still_gets_in(nobody: FlaskClient) -> None:
    for _ in range(5):
        sign_in(nobody, "S001", "9999")
    assert sign_in(nobody, "S002", PIN).status_code == 200


def test_the_right_secret_wipes_earlier_slips_of_that_login(nobody: FlaskClient) -> None:
    for _ in range(3):
        for _ in range(4):
            assert sign_in(nobody, "S001", "9999").status_code == 401
        assert sign_in(nobody, "S001", PIN).status_code == 200


def test_an_address_that_tries_many_logins_is_stopped(nobody: FlaskClient) -> None:
    limit = STUDY.accounts.failures_per_address
    answers = [sign_in(nobody, f"S{number}", "9999").status_code for number in range(500, 502 + limit)]
    assert answers == [401] * limit + [429] * 2


def test_twenty_wrong_tries_at_once_never_pass_the_limit(app: Flask) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: sign_in(browser(app), "S001", "9999").status_code, range(20)))
    assert Counter(statuses) == {401: 5, 429: 15}


def test_signing_in_again_gives_another_session_and_ends_the_one_before(
    app: Flask, nobody: FlaskClient, db: Database
) -> None:
    sign_in(nobody, "S001", PIN)
    with nobody.session_transaction() as cookie:
        first = cookie["_user_id"]
    sign_in(nobody, "S001", PIN)
    with nobody.session_transaction() as cookie:
        assert cookie["_user_id"] != first
    stolen = browser(app)
    with stolen.session_transaction() as cookie:
        cookie["_user_id"] = first
    assert stolen.get("/api/me").status_code == 401


def test_signing_out_revokes_the_session_row(app: Flask, client_for: ClientFor, who: People) -> None:
    client = client_for(who.lin)
    with client.session_transaction() as cookie:
        kept = cookie["_user_id"]
    assert client.post("/api/sign-out").status_code == 204
    with client.session_transaction() as cookie:
        cookie["_user_id"] = kept
    assert client.get("/api/me").status_code == 401
    assert browser(app).post("/api/sign-out").status_code == 204


def test_the_cookie_is_kept_from_scripts_and_other_sites(nobody: FlaskClient) -> None:
    cookie = sign_in(nobody, "S001", PIN).headers["Set-Cookie"]
    parts = {part.strip().partition("=")[0].lower() for part in cookie.split(";")}
    assert {"httponly", "expires"} <= parts and "SameSite=Strict" in cookie
    # localhost is the one place without TLS
    assert not {"domain", "secure"} & parts
    # staff's cookie ends with the browser
    assert "expires" not in sign_in(nobody, "chen@example.org", PASSWORD).headers["Set-Cookie"].lower()


def test_a_forged_cookie_opens_nothing(app: Flask, client_for: ClientFor, who: People) -> None:
    client = client_for(who.chen)
    with client.session_transaction() as cookie:
        session_id = cookie["_user_id"]
    other = app.test_client()
    other.set_cookie("diary", f'{{"_user_id":"{session_id}"}}')
    assert other.get("/api/me").status_code == 401


def test_staff_are_signed_out_after_an_idle_hour_and_after_twelve_hours(
    client_for: ClientFor, who: People, time: Clock
) -> None:
    idle, busy = client_for(who.chen), client_for(who.chen)
    for _ in range(12):
        time.forward(minutes=59)
        assert busy.get("/api/me").status_code == 200
    assert idle.get("/api/me").status_code == 401
    time.forward(minutes=13)
    assert busy.get("/api/me").status_code == 401


def test_a_participant_stays_signed_in_for_180_days(client_for: ClientFor, who: People, time: Clock) -> None:
    client = client_for(who.lin)
    time.forward(days=179)
    assert client.get("/api/me").status_code == 200
    time.forward(days=2)
    assert client.get("/api/me").status_code == 401


def test_closing_an_account_takes_effect_on_the_next_request(
    client_for: ClientFor, who: People, nobody: FlaskClient
) -> None:
    chen, ada = client_for(who.chen), client_for(who.ada)
    assert chen.get("/api/site/participants").status_code == 200
    closed = ada.post(f"/api/admin/accounts/{who.chen.account_id}/close", json={"reason": "left the site"})
    assert closed.status_code == 200 and closed.json["state"] == "closed"
    assert chen.get("/api/site/participants").status_code == 401
    assert sign_in(nobody, who.chen.login, PASSWORD).status_code == 401


def test_the_last_administrator_stays(client_for: ClientFor, who: People) -> None:
    ada = client_for(who.ada)
    for path, body in (
        ("close", {"reason": "x"}),
        ("", {"reason": "x", "role": "coordinator", "site_id": who.chen.site_id}),
    ):
        url = f"/api/admin/accounts/{who.ada.account_id}"
        answer = ada.post(f"{url}/{path}", json=body) if path else ada.patch(url, json=body)
        assert (answer.status_code, answer.json["code"]) == (409, "last_administrator")


def test_a_changed_role_signs_out_and_holds_from_the_next_sign_in(
    client_for: ClientFor, who: People, nobody: FlaskClient
) -> None:
    chen, ada = client_for(who.chen), client_for(who.ada)
    answer = ada.patch(
        f"/api/admin/accounts/{who.chen.account_id}", json={"reason": "promoted", "role": "investigator"}
    )
    assert answer.json["role"] == "investigator"
    assert chen.get("/api/me").status_code == 401
    assert sign_in(nobody, who.chen.login, PASSWORD).json["account"]["role"] == "investigator"


def test_an_invited_member_of_staff_opens_the_account_with_the_code(
    client_for: ClientFor, who: People, nobody: FlaskClient
) -> None:
    made = client_for(who.ada).post(
        "/api/admin/accounts",
        json={"role": "monitor", "name": "Dr Kim", "email": "Kim@Example.org", "site_id": who.chen.site_id},
    )
    assert made.status_code == 201 and made.json["account"]["state"] == "invited"
    needs_password = activate(nobody, made.json["code"])
    assert (needs_password.status_code, list(needs_password.json["fields"])) == (422, ["password"])
    done = nobody.post(
        "/api/activate", json={"code": made.json["code"], "password": "three words here", "language": "en"}
    )
    assert done.status_code == 200 and done.json["account"]["login"] == "kim@example.org"
    assert sign_in(nobody, "kim@example.org", "three words here").status_code == 200


def test_an_e_mail_in_use_is_not_taken_twice(client_for: ClientFor, who: People) -> None:
    answer = client_for(who.ada).post(
        "/api/admin/accounts",
        json={"role": "monitor", "name": "X", "email": "CHEN@example.org", "site_id": who.chen.site_id},
    )
    assert (answer.status_code, answer.json["code"]) == (409, "login_taken")
    assert "chen@example.org" in answer.json["message"]


@pytest.mark.parametrize(
    ("pin", "fault"),
    [("123", "4 to 12"), ("1234567890123", "4 to 12"), ("1111", "same"), ("1234", "row"), ("9876", "row"),
     ("7890", "row"), ("12a4", "digits only"), ("１２３４", "row"), ("", "between"), ("½½½½", "digits only")],
)  # fmt: skip
def test_a_weak_pin_is_refused_with_a_sentence_and_leaves_the_code_good(
    nobody: FlaskClient, db: Database, who: People, pin: str, fault: str
) -> None:
    code = people.code_for(db, who.lin, NOW)
    answer = activate(nobody, code, pin=pin)
    assert answer.status_code == 422 and fault in answer.json["fields"]["pin"]
    assert activate(nobody, code).status_code == 200


def test_a_code_opens_once_whatever_way_it_is_typed(nobody: FlaskClient, db: Database, who: People) -> None:
    code = people.code_for(db, who.lin, NOW)
    assert len(code) == 11 and code[5] == "-"
    assert activate(nobody, code.lower().replace("-", " ")).status_code == 200
    assert activate(nobody, code).status_code == 401
    assert sign_in(nobody, "S001", "7391").status_code == 200
    assert sign_in(nobody, "S001", PIN).status_code == 401


def test_of_many_who_use_a_code_at_once_one_gets_in(app: Flask, db: Database, who: People) -> None:
    code = people.code_for(db, who.lin, NOW)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: activate(browser(app), code).status_code, range(8)))
    assert Counter(statuses) == {200: 1, 401: 7}


def test_all_wrong_codes_look_alike(nobody: FlaskClient, db: Database, who: People, time: Clock) -> None:
    used, revoked = people.code_for(db, who.lin, NOW), people.code_for(db, who.mei, NOW)
    activate(nobody, used)
    people.code_for(db, who.mei, NOW)
    expired = people.code_for(db, who.an, NOW - timedelta(hours=72))
    set_up = accounts.codes.issue(db, who.ada.actor, STUDY, NOW, SECRET_KEY, None)[0]
    answers = [activate(nobody, code) for code in (used, revoked, expired, set_up, "ABCDE-23456", "!")]
    assert {(answer.status_code, answer.json["message"]) for answer in answers} == {
        (401, answers[0].json["message"])
    }
    assert {answer.json["code"] for answer in answers} == {"wrong_code"}


def test_a_code_is_good_for_72_hours(nobody: FlaskClient, db: Database, who: People, time: Clock) -> None:
    code = people.code_for(db, who.lin, NOW)
    time.forward(hours=71, minutes=59)
    assert activate(nobody, code).status_code == 200


def test_wrong_codes_are_counted_per_address(nobody: FlaskClient, db: Database, who: People) -> None:
    limit = STUDY.accounts.failures_per_address
    assert {activate(nobody, f"AAAAA-{n:05}").status_code for n in range(limit)} == {401}
    assert activate(nobody, people.code_for(db, who.lin, NOW)).status_code == 429


def test_a_forgotten_pin_is_reset_by_a_code_that_ends_other_sessions_and_loses_nothing(
    app: Flask, client_for: ClientFor, db: Database, who: People
) -> None:
    old_phone, new_phone = client_for(who.lin), browser(app)
    before = one(db, "select count(*) as n from entries")
    assert activate(new_phone, people.code_for(db, who.lin, NOW)).status_code == 200
    assert old_phone.get("/api/me").status_code == 401
    assert new_phone.get("/api/me").status_code == 200
    assert one(db, "select count(*) as n from entries") == before


def test_secrets_hashes_and_codes_are_nowhere_in_the_trail(
    nobody: FlaskClient, db: Database, who: People
) -> None:
    code = people.code_for(db, who.lin, NOW)
    activate(nobody, code)
    trail = " ".join(f"{row['old']} {row['new']} {row['reason']}" for row in db.query("select * from audit"))
    for secret in (code, code.replace("-", ""), "argon2", PIN, PASSWORD, "7391"):
        assert secret not in trail
    kept = one(db, "select count(*) as n from activation_codes where code_hash like :c", {"c": f"%{code}%"})
    assert kept == {"n": 0}


def turn_on_second_factor(client: FlaskClient, time: Clock) -> pyotp.TOTP:
    totp = pyotp.TOTP(client.post("/api/me/second-factor").json["secret"])
    confirmed = client.post("/api/me/second-factor/confirm", json={"totp": totp.at(time())})
    assert confirmed.status_code == 200 and confirmed.json["account"]["second_factor"] is True
    return totp


def test_a_second_factor_is_asked_for_after_the_password_and_each_code_counts_once(
    client_for: ClientFor, nobody: FlaskClient, who: People, time: Clock
) -> None:
    totp = turn_on_second_factor(client_for(who.chen), time)
    assert sign_in(nobody, who.chen.login, "wrong password!").json["code"] == "wrong_secret"
    missing = sign_in(nobody, who.chen.login, PASSWORD)
    assert (missing.status_code, missing.json["code"]) == (401, "totp_needed")
    used = sign_in(nobody, who.chen.login, PASSWORD, totp=totp.at(time()))
    assert used.json["code"] == "totp_needed"
    time.forward(seconds=30)
    assert sign_in(nobody, who.chen.login, PASSWORD, totp=totp.at(time())).status_code == 200
    again = sign_in(nobody, who.chen.login, PASSWORD, totp=totp.at(time()))
    assert again.json["code"] == "totp_needed"


def test_wrong_second_factors_count_as_failures_and_missing_ones_do_not(
    client_for: ClientFor, nobody: FlaskClient, who: People, time: Clock
) -> None:
    turn_on_second_factor(client_for(who.chen), time)
    for _ in range(8):
        assert sign_in(nobody, who.chen.login, PASSWORD).status_code == 401
    answers = [sign_in(nobody, who.chen.login, PASSWORD, totp="000000").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_a_new_password_by_code_still_needs_the_second_factor(
    client_for: ClientFor, nobody: FlaskClient, who: People, time: Clock
) -> None:
    totp = turn_on_second_factor(client_for(who.chen), time)
    ada = client_for(who.ada)
    code = ada.post(f"/api/admin/accounts/{who.chen.account_id}/activation-codes").json["code"]
    body = {"code": code, "password": "another password", "language": "en"}
    assert nobody.post("/api/activate", json=body).json["code"] == "totp_needed"
    time.forward(seconds=30)
    assert nobody.post("/api/activate", json={**body, "totp": totp.at(time())}).status_code == 200


def test_the_administrator_takes_a_lost_second_factor_away(
    client_for: ClientFor, nobody: FlaskClient, who: People, time: Clock
) -> None:
    chen = client_for(who.chen)
    turn_on_second_factor(chen, time)
    assert chen.post("/api/me/second-factor").json["code"] == "second_factor_on"
    url = f"/api/admin/accounts/{who.chen.account_id}/second-factor/reset"
    assert client_for(who.ada).post(url, json={"reason": "phone lost"}).status_code == 200
    assert chen.get("/api/me").status_code == 401
    assert sign_in(nobody, who.chen.login, PASSWORD).status_code == 200
    assert client_for(who.ada).post(url, json={"reason": "again"}).json["code"] == "second_factor_off"


def test_a_second_factor_that_was_not_confirmed_does_not_count(
    client_for: ClientFor, nobody: FlaskClient, who: People
) -> None:
    chen = client_for(who.chen)
    assert chen.post("/api/me/second-factor/confirm", json={"totp": "123456"}).status_code == 409
    chen.post("/api/me/second-factor")
    assert chen.post("/api/me/second-factor/confirm", json={"totp": "000000"}).status_code == 422
    assert sign_in(nobody, who.chen.login, PASSWORD).status_code == 200


def test_participants_have_no_second_factor(client_for: ClientFor, who: People) -> None:
    assert client_for(who.lin).post("/api/me/second-factor").status_code == 403


def test_the_first_administrator_is_made_once_by_the_newest_link(
    app: Flask, nobody: FlaskClient, db: Database, who: People
) -> None:
    assert accounts.setup_link(db, STUDY, NOW, "http://localhost:8000", SECRET_KEY) is None
    db.execute("update accounts set state = 'closed' where role = 'administrator'")
    links = [accounts.setup_link(db, STUDY, NOW, "http://localhost:8000", SECRET_KEY) for _ in range(2)]
    codes = [str(link).removeprefix("http://localhost:8000/site/#/setup?code=") for link in links]
    body = {"name": "Dr Eve", "email": "eve@example.org", "password": "long enough it is", "language": "en"}
    older = nobody.post("/api/setup", json={**body, "code": codes[0]})
    assert (older.status_code, older.json["code"]) == (401, "wrong_code")
    weak = nobody.post("/api/setup", json={**body, "code": codes[1], "password": "short"})
    assert weak.status_code == 422
    made = nobody.post("/api/setup", json={**body, "code": codes[1]})
    assert made.json["account"]["role"] == "administrator" and made.json["site"] is None
    assert nobody.get("/api/admin/accounts").status_code == 200
    assert nobody.post("/api/setup", json={**body, "code": codes[1]}).status_code == 401
    assert accounts.setup_link(db, STUDY, NOW, "http://localhost:8000", SECRET_KEY) is None


def test_a_participants_code_makes_no_administrator(nobody: FlaskClient, db: Database, who: People) -> None:
    db.execute("update accounts set state = 'closed' where role = 'administrator'")
    code = people.code_for(db, who.lin, NOW)
    body = {"code": code, "name": "X", "email": "x@example.org", "password": "long enough it is"}
    assert nobody.post("/api/setup", json=body).status_code == 401
    assert activate(nobody, code).status_code == 200


@pytest.mark.parametrize(
    "text", ['"S001\\u0000"', '"\\ud800"', f'"{"x" * 5000}"', "1e400", "{}", "null", "[]"]
)
def test_what_cannot_be_kept_is_refused_with_a_sentence(nobody: FlaskClient, text: str) -> None:
    for field in ("login", "secret", "totp"):
        body = {"login": '"S001"', "secret": '"2580"', field: text}
        raw = "{" + ",".join(f'"{name}": {value}' for name, value in body.items()) + "}"
        answer = nobody.post("/api/sign-in", data=raw, content_type="application/json")
        assert answer.status_code in (400, 422), (field, text)
        assert answer.json["message"]


def test_a_message_is_in_the_readers_language(
    client_for: ClientFor, nobody: FlaskClient, who: People
) -> None:
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
        answer = app.test_client().post(
            "/api/sign-in", json={"login": "S001", "secret": PIN}, headers=headers
        )
        assert (answer.status_code, answer.json["code"]) == (403, "wrong_origin")


def test_health_tells_when_the_workers_clock_stands_still(
    nobody: FlaskClient, db: Database, time: Clock
) -> None:
    never = nobody.get("/api/health")
    assert never.status_code == 503 and never.json["worker"] == {"last_tick_at": None, "age_s": None}
    assert never.json["message"] and never.json["status"] == "not_ok"
    ticks.beat(db, "worker", NOW)
    time.forward(seconds=90)
    well = nobody.get("/api/health")
    assert well.status_code == 200 and well.json["worker"]["age_s"] == 90
    assert (well.json["status"], well.json["database"], well.json["schema"]) == ("ok", "ok", "ok")
    time.forward(seconds=1)
    assert nobody.get("/api/health").status_code == 503


def test_health_tells_when_the_schema_is_behind_and_when_the_database_is_gone(
    app: Flask, nobody: FlaskClient, db: Database
) -> None:
    ticks.beat(db, "worker", NOW)
    db.execute("delete from schema_migrations")
    behind = nobody.get("/api/health")
    assert (behind.status_code, behind.json["database"], behind.json["schema"]) == (503, "ok", "not_ok")
    gone = "postgresql://nobody@localhost:1/none"
    object.__setattr__(app.extensions["diary"], "database", gone)
    away = nobody.get("/api/health")
    assert (away.status_code, away.json["database"]) == (503, "not_ok")
    assert nobody.get("/api/me").status_code == 503


def test_the_administrator_sees_no_names_of_participants(client_for: ClientFor, who: People) -> None:
    rows = {row["login"]: row for row in client_for(who.ada).get("/api/admin/accounts").json["accounts"]}
    assert rows["S001"]["name"] is None and rows["S002-G1"]["name"] is None
    assert rows["chen@example.org"]["name"] == "Dr Chen"
    assert len(rows) == len(list(who))


def test_the_study_is_told_to_phones_without_signing_in(nobody: FlaskClient) -> None:
    answer = nobody.get("/api/study").json
    assert answer == STUDY.for_phone()


def test_one_household_on_ipv6_counts_as_one_address(app: Flask) -> None:
    limit = STUDY.accounts.failures_per_address

    def wrong(number: int, network: str) -> int:
        client = browser(app)
        client.environ_base["REMOTE_ADDR"] = f"{network}::{number + 1:x}"
        return sign_in(client, f"S{500 + number}", "9999").status_code

    assert [wrong(number, "2001:db8:1:2") for number in range(limit + 1)] == [401] * limit + [429]
    assert wrong(0, "2001:db8:1:3") == 401


@pytest.mark.parametrize("name", ["object_id", "limit", "before"])
def test_a_query_that_no_database_can_hold_is_refused_with_a_sentence(
    client_for: ClientFor, who: People, name: str
) -> None:
    answer = client_for(who.chen).get(f"/api/site/audit?{name}=%00")
    assert (answer.status_code, list(answer.json["fields"])) == (422, [name])
