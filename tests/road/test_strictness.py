"""What is read strictly (numbers, names, reasons) and what is said about it."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.people import NOW
from tests.phone import ORIGIN, Desk, Phone, at, entry, reading

BLANKS = ["   ", "\t\n", "\u3000", "\u200b\u200b"]


def send(phone: Phone, text: str) -> Any:
    return phone.client.put(
        "/api/patient/entries/x", data=text.encode(), content_type="application/json", headers=ORIGIN
    )


def test_a_name_that_stands_twice_is_refused_and_the_text_kept(phone: Phone, desk: Desk) -> None:
    text = json.dumps(reading(NOW, "5.5")).replace('"value"', '"value": "2.5", "value"')
    answer = send(phone, text)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "unreadable")
    assert '"2.5"' in desk.refusals()[0]["raw"] and '"5.5"' in desk.refusals()[0]["raw"]
    assert desk.entries() == []


@pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e99999999999999999999", "1e400", "NaN"])
def test_a_number_without_bounds_breaks_nothing(phone: Phone, number: str) -> None:
    body = json.dumps(entry(NOW, "insulin", {"units": "X"})).replace('"X"', number)
    assert send(phone, body).status_code in (400, 422)


@pytest.mark.parametrize("units", ["٦", "6\n", "６", "6.", "6.٥", " 6"])
def test_a_number_has_plain_digits_and_nothing_else(phone: Phone, units: str) -> None:
    [result] = phone.sync([entry(NOW, "insulin", {"units": units})])
    assert (result["status"], result["fields"]) == ("refused", {"data.units": "field_number"})


@pytest.mark.parametrize(("field", "text"), [("slot", "08:00\n"), ("slot", "0٨:00"), ("due_day", "2026-03-0٢"),
                                             ("due_day", "2026-03-02\n")])  # fmt: skip
def test_a_slot_and_a_day_are_read_as_strictly(phone: Phone, field: str, text: str) -> None:
    data = {"status": "taken", "due_day": "2026-03-02", "slot": "08:00", field: text}
    [result] = phone.sync([entry(NOW, "dose", data)])
    assert list(result["fields"]) == [f"data.{field}"]


def test_forms_in_the_document_are_anchored_and_name_their_digits(app: Flask) -> None:
    patterns = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            patterns.extend([node["pattern"]] if isinstance(node.get("pattern"), str) else [])
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(app.test_client().get("/api/openapi.json").get_json())
    assert len(patterns) > 10
    for pattern in patterns:
        assert pattern.startswith("^") and pattern.endswith("$"), pattern
        assert "\\d" not in pattern and "\\Z" not in pattern, pattern


@pytest.mark.parametrize("blank", BLANKS)
def test_blanks_are_no_source_no_reason_and_no_resolution(phone: Phone, desk: Desk, blank: str) -> None:
    low, old = reading(NOW, "2.8", 5), reading(NOW, "5.0", 100 * 60)
    phone.sync([low, old])
    path = f"/participants/{desk.participant_id}"
    better = reading(NOW, "3.8", 5, replaces=low["id"], reason="misread", origin="staff")
    [alert] = desk.alerts()
    asked = {
        "source_note": [
            desk.record(reading(NOW, "6.0", 30, origin="paper"), blank),
            desk.post(f"{path}/entries/{old['id']}/accept", {"source_note": blank}),
            desk.post(f"{path}/entries/{low['id']}/correct", {"entry": better, "source_note": blank}),
        ],
        "resolution": [desk.post(f"/alerts/{alert['id']}/resolve", {"resolution": blank})],
        "reason": [
            desk.post(
                f"{path}/entries/{low['id']}/correct",
                {"entry": {**better, "reason": blank}, "source_note": "the meter"},
            )
        ],
    }
    for field, answers in asked.items():
        for answer in answers:
            assert (answer.status_code, list(answer.get_json()["fields"])) == (422, [field])


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_reason_is_none_and_loses_no_entry(
    phone: Phone, mother: Phone, desk: Desk, blank: str
) -> None:
    first = reading(NOW, "5.0", 30)
    assert phone.put({**first, "reason": blank}).get_json()["status"] == "stored"
    late = reading(NOW, "5.1", 30 * 60, reason=blank)
    assert phone.put(late).get_json()["status"] == "held"
    changed = phone.put(reading(NOW, "6.0", 30, replaces=first["id"], reason=blank))
    assert changed.get_json()["code"] == "reason_needed"
    by_mother = Phone(mother.client, {**mother.fields, "proxy_reason": blank}).put(reading(NOW, "6.0"))
    assert by_mother.get_json()["code"] == "proxy_reason_needed"


@pytest.mark.parametrize("origin", ["staff", "paper"])
def test_staff_name_a_source_for_what_is_the_participants_to_log(desk: Desk, origin: str) -> None:
    body = reading(NOW, "6.0", 30, origin=origin)
    refused = desk.record(body)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "source_note_needed")
    assert desk.record(body, "told by telephone").get_json()["status"] == "stored"


def test_staffs_own_kinds_need_no_source_note_unless_from_paper(desk: Desk) -> None:
    weight = entry(NOW, "weight", {"kg": "70"}, origin="staff")
    assert desk.record(weight).get_json()["status"] == "stored"
    assert desk.record({**weight, "origin": "paper"}).get_json()["code"] == "source_note_needed"


@pytest.mark.parametrize("kind", [[], {}, 3, None])
def test_a_kind_that_is_no_word_is_refused_with_a_sentence(desk: Desk, kind: object) -> None:
    answer = desk.record(entry(NOW, "weight", {"kg": "70"}, origin="staff") | {"kind": kind})
    assert answer.status_code == 422 and answer.get_json()["message"]


def test_a_relabelled_reading_is_kept_and_counts_for_nothing(phone: Phone, desk: Desk) -> None:
    body = reading(NOW, "2.1", 5)
    body["data"] |= {"relabelled": True, "text": "was the control solution"}
    result = phone.put(body).get_json()
    assert (result["status"], result["severe"], result["basis"]) == ("stored", False, "none")
    [row] = desk.entries()
    assert row["data"] == body["data"] and row["in_summaries"] is False
    assert desk.alerts() == []


def test_marking_a_severe_value_as_wrongly_marked_withdraws_the_flag_and_closes_no_alert(
    phone: Phone, desk: Desk
) -> None:
    low = reading(NOW, "2.1", 5)
    assert phone.put(low).get_json()["severe"] is True
    again = reading(NOW, "2.1", 5, replaces=low["id"], reason="it was the control solution")
    again["data"]["relabelled"] = True
    assert phone.put(again).get_json()["severe"] is False
    assert [alert["state"] for alert in desk.alerts()] == ["open"]


@pytest.mark.parametrize(("kind", "data", "name"), [
    ("hypo_event", {"could_self_treat": "yes", "ended_at": "soon"}, "ended_at"),
    ("dose", {"status": "taken", "taken_at": "2026-03-02T08:00:00"}, "taken_at"),
])  # fmt: skip
def test_a_faulty_time_within_the_data_is_named_where_it_stands(
    phone: Phone, kind: str, data: dict[str, Any], name: str
) -> None:
    [result] = phone.sync([entry(NOW, kind, data)])
    assert set(result["fields"]) == {f"data.{name}", "value"}


def test_fields_are_called_what_people_call_them_in_their_language(phone: Phone) -> None:
    body = entry(NOW, "reading", {"value": "5.0", "unit": "mmol/L", "context": "teatime", "colour": "red"})
    [result] = phone.sync([body])
    assert set(result["fields"]) == {"data.context", "data.colour"}
    assert "测量时段" in result["message"] and "data." not in result["message"]
    assert "colour" in result["message"]
    phone.client.patch("/api/me", json={"language": "en"}, headers=ORIGIN)
    [result] = phone.sync([{**body, "recorded_at": at(NOW, 1)}])
    assert "when measured" in result["message"] and "data." not in result["message"]
    answer = phone.put({**body, "recorded_at": at(NOW, 2)}).get_json()
    assert "when measured" in answer["message"]
    assert answer["fields"]["data.context"] == "Choose one of the given answers."


@pytest.mark.parametrize("value", ["field_day", "not_found", "name_value"])
def test_a_value_that_spells_one_of_our_codes_stays_what_was_typed(phone: Phone, value: str) -> None:
    answer = phone.put(reading(NOW, value)).get_json()
    assert answer["code"] == "glucose_not_a_number"
    assert answer["fields"]["value"] == value and value in answer["message"]
    assert answer["fields"]["data.value"] == answer["message"]


def test_a_field_called_names_does_not_replace_the_list_of_names(phone: Phone) -> None:
    [result] = phone.sync([entry(NOW, "note", {"text": "x"}) | {"names": "x", "colour": "red"}])
    assert "colour" in result["message"] and "field_unknown" not in result["message"]


@pytest.mark.parametrize(("unit", "shown"), [(True, "true"), (5, "5"), ({"a": None}, '{"a": null}')])
def test_a_unit_that_is_no_text_is_quoted_as_it_was_sent(phone: Phone, unit: object, shown: str) -> None:
    body = reading(NOW, "5.0")
    body["data"]["unit"] = unit
    answer = phone.put(body).get_json()
    assert answer["code"] == "glucose_unit_unknown" and f"“{shown}”" in answer["message"]


def test_too_many_tries_says_the_minutes_of_the_rule(app: Flask) -> None:
    client = app.test_client()
    body = {"login": "S001", "secret": "9999"}
    headers = {**ORIGIN, "Accept-Language": "en"}
    for _ in range(6):
        answer = client.post("/api/sign-in", json=body, headers=headers)
    assert answer.status_code == 429 and " 15 minutes" in answer.get_json()["message"]
    assert answer.headers["Retry-After"] == "900"
