"""The second factor: asked for after the password, each code once, taken away by the administrator."""

import pyotp

from tests.people import PASSWORD, People
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock
from tests.web.entrance import sign_in


def turn_on_second_factor(client: Browser, time: Clock) -> pyotp.TOTP:
    totp = pyotp.TOTP(client.post("/api/me/second-factor").json["secret"])
    confirmed = client.post("/api/me/second-factor/confirm", json={"totp": totp.at(time())})
    assert confirmed.status_code == 200 and confirmed.json["account"]["second_factor"] is True
    return totp


def test_a_second_factor_is_asked_for_after_the_password_and_each_code_counts_once(
    client_for: ClientFor, nobody: Browser, who: People, time: Clock
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
    client_for: ClientFor, nobody: Browser, who: People, time: Clock
) -> None:
    turn_on_second_factor(client_for(who.chen), time)
    for _ in range(8):
        assert sign_in(nobody, who.chen.login, PASSWORD).status_code == 401
    answers = [sign_in(nobody, who.chen.login, PASSWORD, totp="000000").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_a_new_password_by_code_still_needs_the_second_factor(
    client_for: ClientFor, nobody: Browser, who: People, time: Clock
) -> None:
    totp = turn_on_second_factor(client_for(who.chen), time)
    ada = client_for(who.ada)
    code = ada.post(f"/api/admin/accounts/{who.chen.account_id}/activation-codes").json["code"]
    body = {"code": code, "password": "another password", "language": "en"}
    assert nobody.post("/api/activate", json=body).json["code"] == "totp_needed"
    time.forward(seconds=30)
    assert nobody.post("/api/activate", json={**body, "totp": totp.at(time())}).status_code == 200


def test_the_administrator_takes_a_lost_second_factor_away(
    client_for: ClientFor, nobody: Browser, who: People, time: Clock
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
    client_for: ClientFor, nobody: Browser, who: People
) -> None:
    chen = client_for(who.chen)
    assert chen.post("/api/me/second-factor/confirm", json={"totp": "123456"}).status_code == 409
    chen.post("/api/me/second-factor")
    assert chen.post("/api/me/second-factor/confirm", json={"totp": "000000"}).status_code == 422
    assert sign_in(nobody, who.chen.login, PASSWORD).status_code == 200


def test_participants_have_no_second_factor(client_for: ClientFor, who: People) -> None:
    assert client_for(who.lin).post("/api/me/second-factor").status_code == 403
