"""Entries over HTTP: kept once, kept for good, kept as they were written."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.people import NOW
from tests.phone import Desk, Phone, at, entry, reading

SCHEDULE_ID = str(uuid4())
SAMPLES: dict[str, dict[str, Any]] = {
    "reading": {"value": "5.4", "unit": "mmol/L", "context": "fasting", "sample": "capillary",
                "device": "meter"},
    "hypo_event": {"could_self_treat": "yes", "helped_by": "nobody", "symptoms": ["sweating"],
                   "treatment": ["food"]},
    "insulin": {"units": "6.0", "type": "bolus", "product": "aspart"},
    "meal": {"meal": "lunch", "carbs_g": "60", "text": "面条"},
    "exercise": {"minutes": "30", "intensity": "light"},
    "dose": {"schedule_id": SCHEDULE_ID, "due_day": "2026-03-01", "slot": "08:00", "status": "taken",
             "taken_at": "2026-03-01T08:05:00+08:00"},
    "other_medicine": {"name": "ibuprofen", "amount": "200 mg", "asked_site": "no"},
    "contraception": {"method": ["barrier"], "form": "condom", "used_as_agreed": "yes",
                      "schedule_id": SCHEDULE_ID, "due_day": "2026-03-01", "slot": "09:00"},
    "illness": {"symptoms": ["cough"], "temperature_c": "37.2", "persistent_vomiting": "no"},
    "hospital_stay": {"from_day": "2026-03-01", "to_day": "2026-03-03", "why": "check-up"},
    "ketone": {"value": "0.6", "unit": "mmol/L"},
    "note": {"text": "slept badly"},
    "day_complete": {"day": "2026-03-01"},
    "call_me": {"text": "please call"},
}  # fmt: skip


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_is_stored_and_comes_back_as_written(phone: Phone, kind: str) -> None:
    body = entry(NOW, kind, SAMPLES[kind])
    assert phone.put(body).get_json()["status"] == "stored"
    [back] = phone.changes()["entries"]
    for name in ("id", "kind", "occurred_at", "zone", "recorded_at", "data", "origin", "app_version"):
        assert back[name] == body[name]
    assert back["author_role"] == "participant"
    assert back["received_at"]
    assert back["is_current"] is True


def test_the_same_entry_again_changes_nothing_and_is_answered_alike(phone: Phone) -> None:
    body = reading(NOW, "2.8", 5)
    first = phone.put(body).get_json()
    again = [phone.put(body).get_json(), *phone.sync([body, body])]
    assert [answer["status"] for answer in again] == ["duplicate"] * 3
    for answer in again:
        assert {**answer, "status": "stored"} == first
    assert len(phone.changes()["entries"]) == 1


def test_a_null_field_says_as_little_as_a_missing_one(phone: Phone) -> None:
    body = reading(NOW, "5.0")
    phone.put(body)
    assert phone.put({**body, "reason": None}).get_json()["status"] == "duplicate"


def test_another_body_under_the_same_id_is_a_conflict_that_is_kept_and_told(phone: Phone, desk: Desk) -> None:
    body = reading(NOW, "5.0")
    phone.put(body)
    answer = phone.put({**body, "data": {"value": "6.0", "unit": "mmol/L"}})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "id_taken"
    [kept] = desk.refusals()
    assert kept["status"] == "conflict"
    assert '"6.0"' in kept["raw"]
    assert [row["data"]["value"] for row in desk.entries()] == ["5.0"]
    assert [row["id"] for row in phone.changes()["refusals"]] == [kept["id"]]


def test_somebody_elses_id_is_a_conflict_and_shows_nothing_of_it(phone: Phone, other_phone: Phone) -> None:
    body = reading(NOW, "5.0")
    phone.put(body)
    answer = other_phone.put(body)
    assert answer.status_code == 409
    assert "5.0" not in str(answer.get_json())
    assert other_phone.changes()["entries"] == []


def test_a_correction_is_a_new_version_and_the_old_one_stays_in_sight(phone: Phone, desk: Desk) -> None:
    first = reading(NOW, "5.0", 30)
    phone.put(first)
    second = reading(NOW, "6.0", 30, replaces=first["id"], reason="typed the wrong one")
    assert phone.put(second).get_json()["status"] == "stored"
    assert [row["data"]["value"] for row in desk.entries()] == ["6.0"]
    old, new = desk.history(first["id"])
    assert (old["version"], new["version"]) == (1, 2)
    assert old["is_current"] is False
    assert new["reason"] == "typed the wrong one"
    assert new["author_role"] == "participant"
    assert {"field": "data.value", "old": "5.0", "new": "6.0"} in new["changes"]
    assert desk.history(second["id"]) == [old, new]


def test_a_change_without_a_reason_is_refused_and_kept(phone: Phone, desk: Desk) -> None:
    first = reading(NOW, "5.0")
    phone.put(first)
    answer = phone.put(reading(NOW, "6.0", replaces=first["id"]))
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "reason_needed"
    assert [row["code"] for row in desk.refusals()] == ["reason_needed"]


def test_two_phones_that_change_one_entry_make_a_conflict_and_lose_nothing(phone: Phone, desk: Desk) -> None:
    first = reading(NOW, "5.0")
    phone.put(first)
    phone.put(reading(NOW, "6.0", replaces=first["id"], reason="phone one"))
    answer = phone.put(reading(NOW, "7.0", replaces=first["id"], reason="phone two"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "already_changed")
    assert [row["data"]["value"] for row in desk.entries()] == ["6.0"]
    assert '"7.0"' in desk.refusals()[0]["raw"]


def test_a_withdrawn_entry_no_longer_counts_and_is_still_there(phone: Phone, desk: Desk) -> None:
    first = reading(NOW, "5.0")
    phone.put(first)
    phone.put(entry(NOW, "reading", None, replaces=first["id"], reason="undo"))
    [now] = desk.entries()
    assert now["data"] is None
    assert now["in_summaries"] is False
    assert [version["data"] and version["data"]["value"] for version in desk.history(first["id"])] == [
        "5.0",
        None,
    ]


def test_a_withdrawal_of_nothing_is_refused(phone: Phone) -> None:
    assert phone.put(entry(NOW, "reading", None)).status_code == 422


def test_a_change_of_something_unknown_or_of_another_kind_is_refused_in_words(phone: Phone) -> None:
    note = entry(NOW, "note", {"text": "hello"})
    phone.put(note)
    unknown = phone.put(reading(NOW, "5.0", replaces=str(uuid4()), reason="x"))
    other = phone.put(reading(NOW, "5.0", replaces=note["id"], reason="x"))
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "replaces_unknown")
    assert (other.status_code, other.get_json()["code"]) == (422, "replaces_other_kind")


def test_nobody_changes_an_entry_of_somebody_else(phone: Phone, other_phone: Phone) -> None:
    first = reading(NOW, "5.0")
    phone.put(first)
    answer = other_phone.put(reading(NOW, "6.0", replaces=first["id"], reason="x"))
    assert answer.get_json()["code"] == "replaces_unknown"


def test_one_bad_entry_never_blocks_the_others(phone: Phone, desk: Desk) -> None:
    good = [reading(NOW, value, minutes) for value, minutes in (("5.0", 30), ("6.0", 20), ("7.0", 10))]
    bad = ["text", None, 7, {}, {"id": 5}, reading(NOW, "ERR"), reading(NOW, "5.0", zone="Mars/Phobos")]
    results = phone.sync([good[0], *bad, good[1], good[2]])
    assert [result["status"] for result in results] == ["stored", *["refused"] * len(bad), "stored", "stored"]
    assert all(result["message"] for result in results if result["status"] == "refused")
    assert len(desk.entries()) == 3
    assert len(desk.refusals()) >= 3


def test_refusals_are_kept_once_however_often_they_are_sent(phone: Phone, desk: Desk) -> None:
    body = reading(NOW, "0Hi")
    for _ in range(3):
        assert phone.sync([body])[0]["code"] == "glucose_did_you_mean_hi"
    assert len(desk.refusals()) == 1


def test_a_body_that_is_no_json_is_refused_and_kept(phone: Phone, desk: Desk) -> None:
    body = b'{"entries": [{"value": "2.8"\xff\x00'
    answer = phone.client.post(
        "/api/patient/entries/sync", data=body, headers={"Origin": "http://localhost:8000"},
        content_type="application/json",
    )  # fmt: skip
    assert answer.status_code == 400
    assert answer.get_json()["message"]
    [kept] = desk.refusals()
    assert kept["code"] == "entry_unreadable"
    assert "2.8" in kept["raw"]


@pytest.mark.parametrize("text", ["a\0b", "half \ud800 pair"])
def test_text_that_no_database_keeps_is_refused_in_words(phone: Phone, desk: Desk, text: str) -> None:
    [result] = phone.sync([entry(NOW, "note", {"text": text})])
    assert (result["status"], result["code"]) == ("refused", "entry_unreadable")
    assert len(desk.refusals()) == 1


def test_an_unknown_field_is_told_and_not_dropped(phone: Phone, desk: Desk) -> None:
    [result] = phone.sync([entry(NOW, "hypo_event", {"could_selftreat": "no"})])
    assert (result["status"], result["code"]) == ("refused", "fields")
    assert result["fields"] == {"data.could_selftreat": "field_unknown"}
    assert "could_selftreat" in desk.refusals()[0]["raw"]


def test_a_number_sent_as_a_json_number_keeps_its_digits(phone: Phone) -> None:
    phone.client.post(
        "/api/patient/entries/sync",
        data=f'{{"entries": [{_insulin_with_number()}]}}'.encode(),
        headers={"Origin": "http://localhost:8000"},
        content_type="application/json",
    )
    assert phone.changes()["entries"][0]["data"]["units"] == "6.0"


def _insulin_with_number() -> str:
    return json.dumps(entry(NOW, "insulin", {"units": "@", "type": "bolus"})).replace('"@"', "6.0")


def test_times_zone_and_clocks_are_kept_as_they_were(phone: Phone) -> None:
    body = reading(NOW, "5.0")
    body |= {"occurred_at": "2026-03-01T23:30:00-05:00", "recorded_at": "2026-03-01T23:31:00-05:00",
             "zone": "America/New_York"}  # fmt: skip
    phone.put(body)
    [back] = phone.changes()["entries"]
    assert back["occurred_at"] == "2026-03-01T23:30:00-05:00"
    assert back["local_day"] == "2026-03-01"
    assert back["zone"] == "America/New_York"


@pytest.mark.parametrize("days", [-3650, -400, -2, 2, 400])
def test_a_phone_whose_clock_is_wrong_loses_nothing(phone: Phone, days: int) -> None:
    its_now = NOW + timedelta(days=days)
    [result] = phone.sync([reading(its_now, "2.8", 5)], sent_at=at(its_now))
    assert result["status"] == "stored"
    [back] = phone.changes()["entries"]
    assert abs(back["skew_s"] - days * 86400) < 600
    assert back["late"] is False


def test_an_offline_week_is_not_late_for_the_window(phone: Phone) -> None:
    week_ago = NOW - timedelta(days=7)
    [result] = phone.sync([reading(week_ago, "5.0", 10)])
    assert result["status"] == "stored"


@pytest.mark.parametrize(
    ("hours", "reason", "status"),
    [(23.9, None, "stored"), (25, None, "held"), (25, "was ill", "stored"), (71, "was ill", "stored"),
     (73, "was ill", "held"), (24 * 400, None, "held")],
)  # fmt: skip
def test_the_entry_window(phone: Phone, hours: float, reason: str | None, status: str) -> None:
    more = {"reason": reason} if reason else {}
    result = phone.put(reading(NOW, "5.0", hours * 60, **more)).get_json()
    assert result["status"] == status
    assert (result["code"] == "entry_held") is (status == "held")


def test_a_held_entry_waits_is_seen_and_counts_once_accepted(phone: Phone, desk: Desk) -> None:
    body = reading(NOW, "5.0", 80 * 60)
    phone.put(body)
    [waiting] = desk.entries(held="true")
    assert waiting["id"] == body["id"]
    assert waiting["in_summaries"] is False
    path = f"/participants/{desk.participant_id}/entries/{body['id']}/accept"
    assert desk.post(path, {}).status_code == 422
    cursor = phone.changes()["cursor"]
    accepted = desk.post(path, {"source_note": "seen in the meter's memory on 14 March"})
    assert accepted.status_code == 200
    assert accepted.get_json()["versions"][0]["decision_note"] == "seen in the meter's memory on 14 March"
    assert desk.entries(held="true") == []
    assert desk.entries()[0]["in_summaries"] is True
    [told] = phone.changes(cursor)["entries"]
    assert (told["id"], told["state"]) == (body["id"], "accepted")
    assert desk.post(path, {"source_note": "again"}).status_code == 409


def test_a_held_correction_waits_beside_the_version_that_counts(phone: Phone, desk: Desk) -> None:
    first = reading(NOW, "5.0", 30)
    phone.put(first)
    late = reading(NOW, "9.0", 80 * 60, replaces=first["id"], reason="other day")
    assert phone.put(late).get_json()["status"] == "held"
    assert [row["data"]["value"] for row in desk.entries()] == ["5.0"]
    assert [row["data"]["value"] for row in desk.entries(held="true")] == ["9.0"]
    desk.post(
        f"/participants/{desk.participant_id}/entries/{late['id']}/accept", {"source_note": "paper log p. 3"}
    )
    assert [row["data"]["value"] for row in desk.entries()] == ["9.0"]


def test_taking_back_a_held_entry_needs_no_waiting(phone: Phone, desk: Desk) -> None:
    body = reading(NOW, "5.0", 80 * 60)
    phone.put(body)
    undo = entry(NOW, "reading", None, 80 * 60, replaces=body["id"], reason="undo")
    assert phone.put(undo).get_json()["status"] == "stored"
    assert desk.entries(held="true") == []


def test_one_meter_record_under_two_ids_is_one_reading(phone: Phone, desk: Desk) -> None:
    data = {"value": "5.4", "unit": "mmol/L", "device": "meter", "meter_serial": "SN1", "sequence": 7}
    by_cable = {**entry(NOW, "reading", data, 60), "origin": "file"}
    by_radio = {**by_cable, "id": str(uuid4()), "origin": "bluetooth"}
    other = {**by_radio, "id": str(uuid4()), "data": {**data, "value": "5.5"}}
    results = phone.sync([by_cable, by_radio, other])
    assert [result["status"] for result in results] == ["stored", "duplicate", "conflict"]
    assert len(desk.entries()) == 1


def test_one_answer_per_slot_the_second_is_a_conflict(phone: Phone, desk: Desk) -> None:
    taken = entry(NOW, "dose", SAMPLES["dose"])
    skipped = entry(NOW, "dose", {**SAMPLES["dose"], "status": "skipped", "skip_reason": "forgot"})
    assert [r["status"] for r in phone.sync([taken, skipped])] == ["stored", "conflict"]
    corrected = {**skipped, "id": str(uuid4()), "replaces": taken["id"], "reason": "was wrong"}
    assert phone.sync([corrected])[0]["status"] == "stored"
    assert desk.entries()[0]["data"]["status"] == "skipped"


def test_the_cursor_gives_each_version_once_and_stands_still_at_the_end(phone: Phone) -> None:
    bodies = [reading(NOW, "5.0", minutes) for minutes in range(510)]
    phone.sync(bodies[:500])
    phone.sync(bodies[500:])
    found = phone.everything()["entries"]
    assert sorted(row["id"] for row in found) == sorted(body["id"] for body in bodies)


def test_more_than_500_entries_at_once_are_refused_in_words(phone: Phone) -> None:
    answer = phone.client.post(
        "/api/patient/entries/sync", json={"entries": [{}] * 501}, headers={"Origin": "http://localhost:8000"}
    )
    assert answer.status_code == 413
    assert answer.get_json()["message"]


def test_a_staff_kind_or_a_staff_origin_from_a_phone_is_refused(phone: Phone) -> None:
    lab = entry(NOW, "lab", {"test": "hba1c", "value": "7.9", "unit": "%"})
    paper = reading(NOW, "5.0", origin="paper")
    assert [r["code"] for r in phone.sync([lab, paper])] == ["kind_not_yours", "origin_is_staff"]
