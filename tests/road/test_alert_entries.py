"""An alert carries what its sentence needs, and the trail says whose an account is."""

from datetime import timedelta

import pytest

from diary.web.site.alerts import typed_value
from tests.people import NOW, People
from tests.phone import Desk, Phone, entry, reading


def test_a_reading_stands_before_the_answer_that_belongs_to_it(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.6", 6)
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "no"}, 5)
    phone.sync([low, event])
    [alert] = desk.alerts()
    assert [(one["kind"], one["id"]) for one in alert["entries"]] == [
        ("reading", low["id"]), ("hypo_event", event["id"])
    ]  # fmt: skip
    first = alert["entries"][0]
    assert (first["data"]["value"], first["data"]["unit"]) == ("2.6", "mmol/L")
    assert (first["occurred_at"], first["zone"], first["is_current"]) == (
        low["occurred_at"], "Asia/Shanghai", True
    )  # fmt: skip


def test_the_reading_of_an_answer_is_there_though_the_alert_is_on_the_answer_alone(
    phone: Phone, desk: Desk
) -> None:
    low = reading(NOW, "3.7", 9)
    phone.put(low)
    corrected = reading(NOW, "3.5", 9, replaces=low["id"], reason="typing slip")
    phone.put(corrected)
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "no"}, 5)
    phone.put(event)
    alert = next(a for a in desk.alerts() if event["id"] in a["entry_ids"])
    assert [one["id"] for one in alert["entries"]][-1] == event["id"]
    assert corrected["id"] in [one["id"] for one in alert["entries"]]


def test_a_version_that_was_replaced_says_so(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.6", 6)
    phone.put(low)
    phone.put(reading(NOW, "6.2", 6, replaces=low["id"], reason="typing slip"))
    [alert] = desk.alerts()
    assert {one["id"]: one["is_current"] for one in alert["entries"]}[low["id"]] is False


def test_an_alert_shows_its_newest_entries_and_names_them_all(phone: Phone, desk: Desk) -> None:
    lows = [reading(NOW - timedelta(hours=i), "2.5", 3 * 60) for i in range(5)]
    for low in lows:
        phone.put(low)
    grouped = max(desk.alerts(), key=lambda a: len(a["entry_ids"]))
    assert len(grouped["entry_ids"]) == 5
    assert [one["id"] for one in grouped["entries"]] == grouped["entry_ids"][-3:]


def test_an_alert_on_a_refused_text_says_what_was_typed_however_many_refusals_followed(
    phone: Phone, desk: Desk
) -> None:
    phone.sync([reading(NOW, "0Lo", 5)])
    phone.sync([reading(NOW, "nonsense", 5) for _ in range(210)])
    [alert] = desk.alerts()
    assert (alert["kind"], alert["typed"], alert["entries"]) == ("refused_text", ["0Lo mmol/L"], [])


def test_what_was_done_with_an_alert_answers_with_its_entries(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.6", 6)
    phone.put(low)
    [alert] = desk.alerts()
    taken = desk.post(f"/alerts/{alert['id']}/acknowledge").get_json()
    assert [one["id"] for one in taken["entries"]] == [low["id"]]
    closed = desk.post(f"/alerts/{alert['id']}/resolve", {"resolution": "Rang him."}).get_json()
    assert [one["id"] for one in closed["entries"]] == [low["id"]]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ('{"data": {"unit": "mmol/L", "value": "0Lo"}}', "0Lo mmol/L"),
        ('{"data": {"value": 2.1}}', "2.1"),
        ("not json", "not json"),
        ("[1]", "[1]"),
        ('{"data": null}', '{"data": null}'),
        ('{"data": {"value": ["x"]}}', '{"data": {"value": ["x"]}}'),
        ("x" * 500, "x" * 80),
    ],
)
def test_of_a_refused_text_the_value_is_shown_or_its_beginning(raw: str, said: str) -> None:
    assert typed_value(raw) == said


def test_the_trail_says_the_role_and_login_of_every_account_in_it_and_no_name(
    phone: Phone, desk: Desk, who: People
) -> None:
    phone.put(reading(NOW, "2.6", 6))
    [alert] = desk.alerts()
    desk.post(f"/alerts/{alert['id']}/acknowledge")
    page = desk.get("/audit", object_id=alert["id"])
    people = {one["id"]: (one["role"], one["login"]) for one in page["people"]}
    taken_by = next(row["new"] for row in page["rows"] if row["field"] == "acknowledged_by")
    assert people[taken_by] == ("coordinator", who.chen.login)
    assert set(page["people"][0]) == {"id", "role", "login"}
    whole = desk.get("/audit")
    assert ("participant", who.lin.login) in {(one["role"], one["login"]) for one in whole["people"]}
    assert who.lin.name not in str(whole["people"])
