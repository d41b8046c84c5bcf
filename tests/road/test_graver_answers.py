"""Somebody took charge of a page before the answer came that says how bad it was."""

from typing import Any

import pytest

from diary.db import Database
from diary.jobs import paging
from tests.people import NOW, STUDY, People
from tests.phone import Desk, Phone, entry, reading
from tests.road.conftest import Clock
from tests.rosters import add_channel, put_on_call


@pytest.fixture
def low(phone: Phone, desk: Desk) -> dict[str, Any]:
    low = {**reading(NOW, "LO", 20), "data": {"value": "LO", "device": "meter"}}
    phone.put(low)
    desk.post(f"/alerts/{desk.alerts()[0]['id']}/acknowledge")
    return low


def answer(low: dict[str, Any], **data: Any) -> dict[str, Any]:
    more = {key: data.pop(key) for key in ("replaces", "reason") if key in data}
    return entry(NOW, "hypo_event", {"reading_id": low["id"], **data}, 18, **more)


def test_it_pages_again_and_says_so_in_the_trail(
    db: Database, phone: Phone, desk: Desk, low: dict[str, Any], who: People, server_clock: Clock
) -> None:
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    assert paging.page_staff(db, STUDY, server_clock.forward(minutes=13)) == 0
    phone.put(answer(low, could_self_treat="no", lost_consciousness="yes"))
    [alert] = desk.alerts()
    assert (alert["level"], alert["kind"], alert["state"]) == ("page", "assistance", "open")
    assert alert["acknowledged_at"] is None
    assert [shown["state"] for shown in phone.everything()["alerts"]][-1] == "open"
    assert paging.page_staff(db, STUDY, server_clock()) == 1
    rows = db.query(
        "select field, old, new from audit where object_id = :a and field = 'state'", {"a": alert["id"]}
    )
    assert [(row["old"], row["new"]) for row in rows][-1] == ("acknowledged", "open")


@pytest.mark.parametrize("graver", [{"lost_consciousness": "yes"}, {"seizure": "yes"}])
def test_each_graver_sign_pages_once(
    phone: Phone, desk: Desk, low: dict[str, Any], graver: dict[str, str]
) -> None:
    said = answer(low, could_self_treat="no")
    phone.put(said)
    [alert] = desk.alerts()
    assert alert["state"] == "open"
    desk.post(f"/alerts/{alert['id']}/acknowledge")
    worse = answer(low, could_self_treat="no", **graver, replaces=said["id"], reason="more")
    phone.put(worse)
    assert desk.alerts()[0]["state"] == "open"
    desk.post(f"/alerts/{alert['id']}/acknowledge")
    same = answer(low, could_self_treat="no", **graver, text="so", replaces=worse["id"], reason="more")
    for body in (worse, same, answer(low, **graver)):
        assert phone.put(body).status_code == 200
    assert [alert["state"] for alert in desk.alerts()] == ["acknowledged"]


@pytest.mark.parametrize("mild", [{"could_self_treat": "yes"}, {"could_self_treat": "unknown"}])
def test_a_milder_answer_leaves_it_with_who_has_it(
    phone: Phone, desk: Desk, low: dict[str, Any], mild: dict[str, str]
) -> None:
    phone.put(answer(low, **mild))
    assert [alert["state"] for alert in desk.alerts()] == ["acknowledged"]


def test_what_the_person_in_charge_writes_down_pages_nobody(desk: Desk, low: dict[str, Any]) -> None:
    told = {**answer(low, could_self_treat="no"), "origin": "staff"}
    assert desk.record(told, "by telephone").status_code < 300
    assert [alert["state"] for alert in desk.alerts()] == ["acknowledged"]
