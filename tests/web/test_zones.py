"""Every route of the application, with every role and with nobody: the guards of the zones."""

from typing import Any

import marshmallow as ma
import pytest
from flask import Flask

from diary.app import create_app
from diary.config import Config
from diary.db import Database
from diary.rules.roles import ROLES
from diary.web.zones import Zone
from tests.people import NOW, People
from tests.web.browsing import browser
from tests.web.conftest import ClientFor
from tests.web.operations import OPERATIONS, OWN, READERS, REASON, method_of, rules
from tests.web.things import Things, call

ZONES = {"patient": OWN, "site": READERS, "admin": {"administrator"}}


def test_every_route_is_listed_and_every_listed_operation_has_a_route(app: Flask) -> None:
    assert set(rules(app)) == set(OPERATIONS)
    assert len(list(app.url_map.iter_rules())) == len(OPERATIONS)


def test_a_route_stands_in_the_zone_that_its_address_says(app: Flask) -> None:
    document = browser(app).get("/api/openapi.json").json
    found = set()
    for path, methods in document["paths"].items():
        zone = path.split("/")[2] if path.split("/")[2] in ZONES else "public"
        for operation in methods.values():
            if isinstance(operation, dict):
                found.add(operation["operationId"])
                assert operation["tags"][0] == zone
                allowed = OPERATIONS[operation["operationId"]].roles
                assert zone == "public" or (allowed and allowed <= ZONES[zone])
    assert found == set(OPERATIONS) - {"api-docs.openapi_json"}


def test_the_monitor_may_only_read(app: Flask) -> None:
    for name, rule in rules(app).items():
        if "monitor" in (OPERATIONS[name].roles or set()) and "/me" not in rule.rule:
            assert method_of(rule) == "GET", name


def test_a_zone_keeps_out_whoever_does_not_belong_there_whatever_they_may_do(
    config: Config, db: Database, who: People
) -> None:
    probe = Zone("site", "probe")

    @probe.operation("/probe", "GET", "probe", "see_own_data")
    def view() -> dict[str, str]:
        return {}

    app = create_app(config, now=lambda: NOW)
    app.register_blueprint(probe)
    client = browser(app)
    client.post("/api/sign-in", json={"login": who.lin.login, "secret": who.lin.secret})
    assert client.get("/api/me").status_code == 200
    assert client.get("/api/site/probe").status_code == 403


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_role_gets_through_the_guard_exactly_where_it_is_listed(
    app: Flask, client_for: ClientFor, who: People, ours: Things, name: str
) -> None:
    allowed = OPERATIONS[name].roles
    nobody = call(app, client_for(None), name, ours.ids)
    assert (nobody.status_code == 401) == (allowed is not None), nobody.json
    for person in (who.an, who.mei, who.chen, who.zhao, who.park, who.ada):
        answer = call(app, client_for(person), name, ours.ids)
        if allowed is None or person.role in allowed:
            assert (answer.status_code not in (401, 403, 405) and answer.status_code < 500) or (
                name == "getHealth"
            ), (person.role, answer.json)
        else:
            assert (answer.status_code, answer.json["code"]) == (403, "not_yours"), person.role
    assert {person.role for person in who} == set(ROLES)


def test_the_administrator_manages_staff_and_leaves_participants_to_their_site(
    client_for: ClientFor, who: People
) -> None:
    ada = client_for(who.ada)
    for path, method, body in (
        ("", "PATCH", {**REASON, "name": "X"}), ("/activation-codes", "POST", None)
    ):  # fmt: skip
        answer = ada.open(f"/api/admin/accounts/{who.lin.account_id}{path}", method=method, json=body)
        assert (answer.status_code, answer.json["code"]) == (409, "not_staff")


def test_no_request_makes_a_schema_anew(
    client_for: ClientFor, who: People, ours: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[type] = []
    real = ma.Schema.__init__

    def notes(schema: ma.Schema, *args: Any, **more: Any) -> None:
        made.append(type(schema))
        real(schema, *args, **more)

    chen, mei = client_for(who.chen), client_for(who.mei)
    paths = ("/api/site/alerts?state=open", f"/api/site/participants/{who.an.participant_id}/entries?limit=5")
    for _ in ("what is nested is made when it is first needed", "and never again"):
        made.clear()
        monkeypatch.setattr(ma.Schema, "__init__", notes)
        assert all(chen.get(path).status_code == 200 for path in paths)
        assert (
            mei.get(
                "/api/patient/changes", query_string={"participant_id": who.an.participant_id}
            ).status_code
            == 200
        )
        monkeypatch.undo()
    assert made == []
