"""Signing in and out, sessions, and the count of wrong tries."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from diary.db import Database
from tests.people import PASSWORD, PIN, STUDY, People
from tests.web.browsing import Browser, browser
from tests.web.conftest import ClientFor, Clock
from tests.web.entrance import sign_in


def test_everybody_signs_in_and_learns_who_they_are(app: Flask, who: People) -> None:
    for person in who:
        client = browser(app)
        answer = sign_in(client, person.login, person.secret)
        assert answer.status_code == 200, answer.json
        assert answer.json["account"]["role"] == person.role
        assert answer.json["account"]["name"] == person.name
        assert client.get("/api/me").json == answer.json


@pytest.mark.parametrize("login", ["s001", " S001 ", "Ｓ００１"])
def test_a_login_is_read_as_people_type_it(nobody: Browser, login: str) -> None:
    assert sign_in(nobody, login, PIN).json["account"]["login"] == "S001"


@pytest.mark.parametrize("secret", ["２５８０", " 2580"])
def test_a_pin_is_read_as_people_type_it(nobody: Browser, secret: str) -> None:
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


def test_wrong_secret_and_unknown_login_are_answered_alike(nobody: Browser) -> None:
    wrong = sign_in(nobody, "S001", "9999")
    unknown = sign_in(nobody, "S999", "9999")
    assert (wrong.status_code, wrong.json) == (unknown.status_code, unknown.json)
    assert wrong.status_code == 401


@pytest.mark.parametrize("login", ["S001", "S999", "nobody@example.org"])
def test_five_wrong_secrets_close_the_door_for_that_login_whether_it_exists_or_not(
    nobody: Browser, time: Clock, login: str
) -> None:
    assert [sign_in(nobody, login, "9999").status_code for _ in range(7)] == [401] * 5 + [429] * 2
    refused = sign_in(nobody, login, PIN)
    assert refused.status_code == 429
    wait_s = int(refused.headers["Retry-After"])
    assert 0 < wait_s <= STUDY.accounts.failures_within_min * 60 + 1
    time.forward(seconds=wait_s)
    assert sign_in(nobody, login, PIN).status_code == (200 if login == "S001" else 401)


def test_another_login_from_the_same_address_still_gets_in(nobody: Browser) -> None:
    for _ in range(5):
        sign_in(nobody, "S001", "9999")
    assert sign_in(nobody, "S002", PIN).status_code == 200


def test_the_right_secret_wipes_earlier_slips_of_that_login(nobody: Browser) -> None:
    for _ in range(3):
        for _ in range(4):
            assert sign_in(nobody, "S001", "9999").status_code == 401
        assert sign_in(nobody, "S001", PIN).status_code == 200


def test_an_address_that_tries_many_logins_is_stopped(nobody: Browser) -> None:
    limit = STUDY.accounts.failures_per_address
    answers = [sign_in(nobody, f"S{number}", "9999").status_code for number in range(500, 502 + limit)]
    assert answers == [401] * limit + [429] * 2


def test_twenty_wrong_tries_at_once_never_pass_the_limit(app: Flask) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: sign_in(browser(app), "S001", "9999").status_code, range(20)))
    assert Counter(statuses) == {401: 5, 429: 15}


def test_signing_in_again_gives_another_session_and_ends_the_one_before(
    app: Flask, nobody: Browser, db: Database
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


def test_the_cookie_is_kept_from_scripts_and_other_sites(nobody: Browser) -> None:
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


def test_one_household_on_ipv6_counts_as_one_address(app: Flask) -> None:
    limit = STUDY.accounts.failures_per_address

    def wrong(number: int, network: str) -> int:
        client = browser(app)
        client.environ_base["REMOTE_ADDR"] = f"{network}::{number + 1:x}"
        return sign_in(client, f"S{500 + number}", "9999").status_code

    assert [wrong(number, "2001:db8:1:2") for number in range(limit + 1)] == [401] * limit + [429]
    assert wrong(0, "2001:db8:1:3") == 401
