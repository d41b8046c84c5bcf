"""Accounts of staff: invited, changed, closed, and the first of them all."""

from flask import Flask

from diary.db import Database
from diary.store import accounts
from tests import people
from tests.people import NOW, PASSWORD, SECRET_KEY, STUDY, People
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor
from tests.web.entrance import activate, sign_in


def test_closing_an_account_takes_effect_on_the_next_request(
    client_for: ClientFor, who: People, nobody: Browser
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
    client_for: ClientFor, who: People, nobody: Browser
) -> None:
    chen, ada = client_for(who.chen), client_for(who.ada)
    answer = ada.patch(
        f"/api/admin/accounts/{who.chen.account_id}", json={"reason": "promoted", "role": "investigator"}
    )
    assert answer.json["role"] == "investigator"
    assert chen.get("/api/me").status_code == 401
    assert sign_in(nobody, who.chen.login, PASSWORD).json["account"]["role"] == "investigator"


def test_an_invited_member_of_staff_opens_the_account_with_the_code(
    client_for: ClientFor, who: People, nobody: Browser
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


def test_the_first_administrator_is_made_once_by_the_newest_link(
    app: Flask, nobody: Browser, db: Database, who: People
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


def test_a_participants_code_makes_no_administrator(nobody: Browser, db: Database, who: People) -> None:
    db.execute("update accounts set state = 'closed' where role = 'administrator'")
    code = people.code_for(db, who.lin, NOW)
    body = {"code": code, "name": "X", "email": "x@example.org", "password": "long enough it is"}
    assert nobody.post("/api/setup", json=body).status_code == 401
    assert activate(nobody, code).status_code == 200


def test_the_administrator_sees_no_names_of_participants(client_for: ClientFor, who: People) -> None:
    rows = {row["login"]: row for row in client_for(who.ada).get("/api/admin/accounts").json["accounts"]}
    assert rows["S001"]["name"] is None and rows["S002-G1"]["name"] is None
    assert rows["chen@example.org"]["name"] == "Dr Chen"
    assert len(rows) == len(list(who))
