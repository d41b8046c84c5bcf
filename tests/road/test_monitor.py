"""What a monitor reads: everything of the record but names and the contraception section, counts included."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from diary.db import Database, one
from diary.store import audit
from tests.people import NOW, People, Person
from tests.phone import ORIGIN, Desk, Phone, entry, reading

ClientFor = Callable[[Person], FlaskClient]
WORDS = ("fertil", "premenopausal", "contracepti", "pregnan", "condom")


@pytest.fixture
def monitor(client_for: ClientFor, who: People) -> Desk:
    """The monitor looks at Lin."""
    return Desk(client_for(who.park), str(who.lin.participant_id))


def row_of(desk: Desk, subject_no: str) -> dict[str, Any]:
    rows = desk.get("/participants")["participants"]
    return next(row for row in rows if row["subject_no"] == subject_no)


def answered_no(minutes_ago: float = 0) -> dict[str, Any]:
    return entry(NOW, "contraception", {"used_as_agreed": "no", "form": "condom"}, minutes_ago)


def visit(fertility: str, **more: Any) -> dict[str, Any]:
    data = {"visit": "month 3", "day": "2026-03-02", "fertility": fertility, "text": "well"}
    return entry(NOW, "visit", data, origin="staff", **more)


def test_counts_say_no_more_than_the_lists_do(phone: Phone, desk: Desk, monitor: Desk) -> None:
    phone.sync([answered_no(5), answered_no(100 * 60)])
    assert row_of(desk, "S001")["open_alerts"]["desk"] >= 1
    assert row_of(desk, "S001")["held_entries"] == 1
    assert row_of(desk, "S001")["last_contact_at"]
    unseen = row_of(monitor, "S001")
    assert monitor.alerts() == monitor.entries() == []
    assert (unseen["open_alerts"], unseen["held_entries"]) == ({"page": 0, "desk": 0}, 0)
    assert unseen["last_contact_at"] is None


def test_other_alerts_and_held_entries_are_counted_for_the_monitor_as_well(
    phone: Phone, monitor: Desk
) -> None:
    phone.sync([reading(NOW, "2.8", 5), reading(NOW, "5.0", 100 * 60)])
    seen = row_of(monitor, "S001")
    assert (seen["open_alerts"], seen["held_entries"]) == ({"page": 0, "desk": 1}, 1)
    assert seen["last_contact_at"]


def test_a_visit_is_shown_without_its_fertility_review_in_list_and_history(desk: Desk, monitor: Desk) -> None:
    first = visit("fertile")
    assert desk.record(first).status_code == 200
    again = visit("not_fertile", replaces=first["id"], reason="misread")
    corrected = desk.post(
        f"/participants/{desk.participant_id}/entries/{first['id']}/correct",
        {"entry": again, "source_note": "the chart"},
    )
    assert corrected.status_code == 200, corrected.get_json()
    assert desk.entries()[0]["data"]["fertility"] == "not_fertile"
    assert monitor.entries()[0]["data"] == {"visit": "month 3", "day": "2026-03-02", "text": "well"}
    assert [row["field"] for row in desk.history(first["id"])[1]["changes"]] == ["data.fertility"]
    for version in monitor.history(first["id"]):
        assert "fertility" not in version["data"] and version["changes"] == []


def test_a_guardian_does_not_see_the_fertility_review_either(
    client_for: ClientFor, who: People, mother: Phone
) -> None:
    Desk(client_for(who.chen), str(who.an.participant_id)).record(visit("unknown"))
    [seen] = mother.changes()["entries"]
    assert seen["data"] == {"visit": "month 3", "day": "2026-03-02", "text": "well"}


def test_what_is_known_of_fertility_is_null_for_the_monitor(
    client_for: ClientFor, who: People, monitor: Desk
) -> None:
    path = f"/participants/{who.yu.participant_id}"
    names = ("fertile", "premenopausal", "minor_contraception_approved")
    known = Desk(client_for(who.zhao), "").get(path)
    assert [known[name] for name in names] == [True, True, True]
    assert [monitor.get(path)[name] for name in names] == [None, None, None]


def test_the_trail_tells_a_monitor_nothing_of_contraception_and_all_of_the_rest(
    client_for: ClientFor, who: People, phone: Phone, desk: Desk, monitor: Desk
) -> None:
    held, low = answered_no(100 * 60), reading(NOW, "2.8", 5)
    phone.sync([answered_no(5), held, low])
    path = f"/participants/{desk.participant_id}"
    assert desk.post(f"{path}/entries/{held['id']}/accept", {"source_note": "told"}).status_code == 200
    first = visit("fertile")
    desk.record(first)
    again = visit("unknown", replaces=first["id"], reason="asked again")
    desk.post(f"{path}/entries/{first['id']}/correct", {"entry": again, "source_note": "the chart"})
    test = {"result": "positive", "specimen": "urine", "day": "2026-03-02"}
    assert desk.record(entry(NOW, "pregnancy_test", test, origin="staff")).status_code == 200
    patched = desk.client.patch(
        f"/api/site{path}", json={"reason": "as told", "fertile": False, "display_unit": "mg/dL"},
        headers=ORIGIN,
    )  # fmt: skip
    assert patched.status_code == 200, patched.get_json()
    whole, seen = desk.get("/audit", limit=500)["rows"], monitor.get("/audit", limit=500)["rows"]
    # Staff are named by their role alone: they sign in with their e-mail address.
    people = {one["id"]: one for one in monitor.get("/audit", limit=500)["people"]}
    assert (
        people[who.chen.account_id]["role"] == "coordinator" and people[who.chen.account_id]["login"] is None
    )
    told = json.dumps(seen, ensure_ascii=False).lower()
    for word in WORDS:
        assert word in json.dumps(whole).lower()
        assert word not in told, word
    keys = {(row["stream"], row["seq"]) for row in seen}
    hidden = [row for row in whole if (row["stream"], row["seq"]) not in keys]
    assert {row["object"] for row in hidden} == {"entry", "entry_decision", "alert", "participant"}
    assert any(row["object_id"] == low["id"] for row in seen)
    assert any(row["field"] == "display_unit" for row in seen)
    # Enrolment stays in the trail with the rest of what it said, and without a hash that no longer fits.
    made = [row for row in seen if row["object"] == "participant" and row["action"] == "create"]
    assert len(made) == 3
    for row in made:
        assert row["hash"] is None and {"sex", "subject_no", "zone"} <= json.loads(row["new"]).keys()


def test_the_hash_of_an_untouched_row_is_shown_to_the_monitor(
    phone: Phone, monitor: Desk, db: Database
) -> None:
    body = reading(NOW, "5.0")
    phone.put(body)
    [row] = monitor.get("/audit", object_id=body["id"])["rows"]
    kept = one(db, "select * from audit where object_id = :id", {"id": body["id"]})
    assert kept is not None and row["hash"] == kept["hash"] == audit.row_hash(kept)


def test_a_contact_names_a_relation_and_no_person(desk: Desk, monitor: Desk) -> None:
    data = {"how": "call", "reached": "yes", "spoke_to": "Wang Li"}
    refused = desk.record(entry(NOW, "contact", data, origin="staff"))
    assert (refused.status_code, list(refused.get_json()["fields"])) == (422, ["data.spoke_to"])
    assert (
        desk.record(entry(NOW, "contact", data | {"spoke_to": "relative"}, origin="staff")).status_code == 200
    )
    assert monitor.entries()[0]["data"]["spoke_to"] == "relative"
