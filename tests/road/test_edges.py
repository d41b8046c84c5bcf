"""Clocks that say anything, links across days, records that come twice: nothing is lost and nobody is blocked."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from diary import worker
from diary.db import Database
from diary.store import escalation, verify
from tests.people import NOW, STUDY, People
from tests.phone import ORIGIN, Desk, Phone, at, entry, reading
from tests.road.conftest import Clock

ODD_TIMES = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T23:59:00+14:00",
    "9999-12-31T23:59:59Z",
    "9000-01-01T00:00:00Z",
]


@pytest.mark.parametrize("occurred_at", ODD_TIMES)
@pytest.mark.parametrize("value", ["2.4", "5.5"])
def test_any_time_is_kept_and_holds_up_nothing(
    phone: Phone, desk: Desk, occurred_at: str, value: str
) -> None:
    odd = {**reading(NOW, value, origin="bluetooth"), "occurred_at": occurred_at}
    event = {**entry(NOW, "hypo_event", {"could_self_treat": "no"}), "occurred_at": occurred_at}
    results = phone.sync([reading(NOW, "2.1", 2), odd, event, reading(NOW, "6.0", 1)])
    assert {result["status"] for result in results} <= {"stored", "held", "refused"}
    assert [results[0]["status"], results[3]["status"]] == ["stored", "stored"]
    assert all(result["code"] != "entry_defect" for result in results)
    assert any(alert["kind"] in ("severe_value", "assistance") for alert in desk.alerts())


@pytest.mark.parametrize("sent_at", ["0001-01-02T00:00:00Z", "2126-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_any_clock_at_sending_is_kept_as_skew(phone: Phone, sent_at: str) -> None:
    [result] = phone.sync([reading(NOW, "2.4", 2)], sent_at=sent_at)
    assert result["status"] == "stored"
    assert phone.put(reading(NOW, "5.0", 1), **{"Sent-At": sent_at}).status_code == 200


def test_one_odd_clock_keeps_nobody_else_from_being_paged(
    db: Database, phone: Phone, other_phone: Phone, server_clock: Clock
) -> None:
    odd = {**reading(NOW, "2.5"), "occurred_at": "9000-01-01T00:00:00Z"}
    other_phone.put(odd, **{"Sent-At": "0001-01-02T00:00:00Z"})
    phone.put(reading(NOW, "2.4"))
    worker.escalate(db, STUDY, server_clock.forward(minutes=20))
    assert [alert["level"] for alert in phone.changes()["alerts"]] == ["page"]


def test_an_alert_that_cannot_be_looked_at_is_told_and_holds_up_no_other(
    db: Database, phone: Phone, other_phone: Phone, server_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.put(reading(NOW, "2.4"))
    other_phone.put(reading(NOW, "2.4"))
    real = escalation.facts
    broken: list[str] = []

    def breaks_once(db: Database, alert: Any, study: Any) -> Any:
        if not broken:
            broken.append(alert["id"])
            raise RuntimeError("on purpose")
        return real(db, alert, study)

    monkeypatch.setattr(escalation, "facts", breaks_once)
    with pytest.raises(RuntimeError, match="1 alert"):
        worker.escalate(db, STUDY, server_clock.forward(minutes=20))
    levels = [a["level"] for who in (phone, other_phone) for a in who.changes()["alerts"]]
    assert sorted(levels) == ["desk", "page"]


def test_a_defect_of_ours_keeps_the_entry_and_the_rest_of_the_queue(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diary.store import red_flags

    def breaks(*_: Any) -> Any:
        raise RuntimeError("on purpose")

    low = reading(NOW, "2.2", 2)
    monkeypatch.setattr(red_flags, "of", breaks)
    [result] = phone.sync([low])
    assert (result["id"], result["status"], result["code"]) == (low["id"], "refused", "entry_defect")
    assert '"2.2"' in desk.refusals()[0]["raw"]
    assert [a["kind"] for a in desk.alerts()] == ["refused_text"]
    monkeypatch.undo()
    assert phone.sync([low])[0]["status"] == "stored"


def test_a_low_of_now_is_not_swallowed_by_the_lows_of_the_past(
    db: Database, phone: Phone, desk: Desk, server_clock: Clock
) -> None:
    phone.sync([reading(NOW, "2.5", 65), reading(NOW, "2.4", 6)])
    [alert] = desk.alerts()
    assert alert["kind"] == "severe_value"
    assert worker.escalate(db, STUDY, server_clock.forward(minutes=10)) == 1
    assert desk.alerts()[0]["reason"] == "unanswered"


def test_an_event_days_after_its_reading_stays_in_its_episode(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.5", 30 * 60, reason="late")
    phone.put(low)
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "no"})
    assert phone.put(event).get_json()["basis"] == "both"
    beside = phone.put(reading(NOW, "2.6", 30 * 60 - 20, reason="late")).get_json()
    shown = desk.entries()
    assert len({row["episode_id"] for row in shown}) == 1
    assert beside["episode_id"] == shown[0]["episode_id"]


def test_unlinking_an_event_parts_it_from_its_reading(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.5", 30 * 60, reason="late")
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"})
    phone.sync([low, event])
    phone.put(entry(NOW, "hypo_event", {"could_self_treat": "yes"}, replaces=event["id"], reason="other one"))
    assert len({row["episode_id"] for row in desk.entries()}) == 2


class TestSameRecord:
    """A meter's record that comes again under another id."""

    data = {"value": "2.5", "unit": "mmol/L", "device": "meter", "meter_serial": "SN1", "sequence": 7}  # noqa: RUF012

    def both(self, phone: Phone, **other: Any) -> tuple[Any, Any, list[Any]]:
        first = {**entry(NOW, "reading", self.data, 10), "origin": "file"}
        second = {**first, "id": str(uuid4()), "origin": "bluetooth", "data": {**self.data, **other}}
        return first, second, phone.sync([first, second])

    def test_its_second_id_can_be_corrected_and_linked(self, phone: Phone, desk: Desk) -> None:
        _, second, results = self.both(phone)
        assert [result["status"] for result in results] == ["stored", "duplicate"]
        event = entry(NOW, "hypo_event", {"reading_id": second["id"], "could_self_treat": "no"}, 8)
        assert phone.put(event).get_json()["basis"] == "both"
        correction = entry(
            NOW, "reading", {**self.data, "other_person": True}, 10, replaces=second["id"], reason="not mine"
        )
        assert phone.put(correction).get_json()["status"] == "stored"
        assert {row["kind"]: row["basis"] for row in desk.entries()} == {
            "reading": "none",
            "hypo_event": "assistance",
        }

    def test_a_record_that_says_something_else_is_a_conflict_and_kept(self, phone: Phone, desk: Desk) -> None:
        _, _, results = self.both(phone, other_person=True)
        assert [result["code"] for result in results] == [None, "meter_record_differs"]
        assert "other_person" in desk.refusals()[0]["raw"]

    @pytest.mark.parametrize(
        "fixed",
        [
            {"value": "2.5", "unit": "mmol/L", "device": "meter", "sample": "control"},
            {"value": "5.2", "unit": "mmol/L", "device": "meter"},
            None,
        ],
    )
    def test_whatever_a_correction_says_the_meter_brings_the_same_record_again(
        self, phone: Phone, desk: Desk, fixed: dict[str, Any] | None
    ) -> None:
        first = {**entry(NOW, "reading", self.data, 10), "origin": "file"}
        fix = entry(NOW, "reading", fixed, 10, replaces=first["id"], reason="Not mine")
        assert [result["status"] for result in phone.sync([first, fix])] == ["stored", "stored"]
        shown, alerts = desk.entries(), desk.alerts()
        for origin in ("file", "bluetooth"):
            [result] = phone.sync([{**first, "id": str(uuid4()), "origin": origin}])
            assert (result["status"], result["code"], result["severe"]) == ("duplicate", "same_record", False)
        assert (desk.entries(), desk.alerts(), desk.refusals()) == (shown, alerts, [])

    def test_a_correction_that_waits_and_is_taken_leaves_it_the_same_record(
        self, phone: Phone, desk: Desk
    ) -> None:
        first = {**entry(NOW, "reading", self.data, 80 * 60), "origin": "file"}
        fix = reading(NOW, "5.2", 80 * 60, replaces=first["id"], reason="misread")
        assert [result["status"] for result in phone.sync([first, fix])] == ["stored", "held"]
        path = f"/participants/{desk.participant_id}/entries/{fix['id']}/accept"
        assert desk.post(path, {"source_note": "the meter shows it"}).status_code == 200
        [again] = phone.sync([{**first, "id": str(uuid4())}])
        assert (again["status"], len(desk.entries())) == ("duplicate", 1)


def test_taking_back_a_held_correction_leaves_what_counts(phone: Phone, desk: Desk, db: Database) -> None:
    first = reading(NOW, "5.5", 30)
    late = reading(NOW, "9.0", 80 * 60, replaces=first["id"], reason="other day")
    phone.sync([first, late])
    undo = entry(NOW, "reading", None, 80 * 60, replaces=late["id"], reason="undo")
    assert phone.put(undo).get_json()["status"] == "stored"
    [row] = desk.entries()
    assert (row["data"]["value"], row["in_summaries"]) == ("5.5", True)
    assert desk.entries(held="true") == []
    again = reading(NOW, "5.6", 30, replaces=first["id"], reason="looked again")
    assert phone.put(again).get_json()["status"] == "stored"
    assert [row["data"]["value"] for row in desk.entries()] == ["5.6"]


def test_a_reopened_alert_has_its_day_again(
    db: Database, phone: Phone, desk: Desk, client_for: Any, who: People, server_clock: Clock
) -> None:
    phone.put(reading(NOW, "2.8", 20))
    desk.post(f"/alerts/{desk.alerts()[0]['id']}/resolve", {"resolution": "called"})
    server_clock.forward(days=3)
    phone.sync([reading(NOW, "2.6", 10, origin="file")])
    assert worker.escalate(db, STUDY, server_clock.forward(hours=23)) == 0
    assert worker.escalate(db, STUDY, server_clock.forward(hours=1)) == 1


def test_a_new_severe_value_reopens_what_was_acknowledged_and_an_answer_does_not(
    phone: Phone, desk: Desk
) -> None:
    low = reading(NOW, "2.8", 20)
    phone.put(low)
    desk.post(f"/alerts/{desk.alerts()[0]['id']}/acknowledge")
    phone.put(entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"}, 18))
    assert desk.alerts()[0]["state"] == "acknowledged"
    phone.put(reading(NOW, "1.6", 1))
    assert desk.alerts()[0]["state"] == "open"


@pytest.mark.parametrize(
    "between",
    [{"sample": "control", "value": "7.0"}, {"other_person": True, "value": "7.0"}, {"device": "cgm", "value": "7.0"},
     {"value": "28.5"}],
)  # fmt: skip
def test_a_reading_that_says_nothing_breaks_no_run_of_highs(
    phone: Phone, desk: Desk, between: dict[str, Any]
) -> None:
    middle = entry(NOW, "reading", {"unit": "mmol/L", **between}, 20)
    phone.sync([reading(NOW, "HI", 30), middle, reading(NOW, "HI", 10)])
    assert "high_running" in [alert["kind"] for alert in desk.alerts()]


def test_two_highs_of_the_same_minute_are_two_running(phone: Phone, desk: Desk) -> None:
    phone.sync([reading(NOW, "HI", 10), reading(NOW, "17.2", 10)])
    assert [alert["kind"] for alert in desk.alerts()] == ["high_running"]


class TestKept:
    """Bodies that are no entry are kept, and a severe number in them alerts."""

    def test_another_id_than_the_address(self, phone: Phone, desk: Desk) -> None:
        body = reading(NOW, "2.0")
        answer = phone.client.put(f"/api/patient/entries/{uuid4()}", json=body, headers=ORIGIN)
        assert answer.status_code == 422
        assert '"2.0"' in desk.refusals()[0]["raw"]
        assert [alert["kind"] for alert in desk.alerts()] == ["refused_text"]

    @pytest.mark.parametrize("body", [{"entry": [{"value": "2.0"}]}, {"entries": "2.0"}, [1, 2], "text"])
    def test_another_shape_than_a_queue(self, phone: Phone, desk: Desk, body: Any) -> None:
        answer = phone.client.post("/api/patient/entries/sync", json=body, headers=ORIGIN)
        assert answer.status_code == 422
        assert len(desk.refusals()) == 1

    def test_a_text_that_breaks_off(self, phone: Phone, desk: Desk) -> None:
        text = b'{"entries": [{"kind": "reading", "data": {"value": "1.9'
        answer = phone.client.post(
            "/api/patient/entries/sync", data=text, headers=ORIGIN, content_type="application/json"
        )
        assert answer.status_code == 400
        assert [alert["kind"] for alert in desk.alerts()] == ["refused_text"]


def test_ids_in_capitals_are_the_same_ids(phone: Phone, who: People) -> None:
    body = reading(NOW, "5.0")
    shouted = {**body, "id": body["id"].upper(), "participant_id": str(who.lin.participant_id).upper()}
    [first] = phone.sync([shouted])
    assert (first["id"], first["status"]) == (shouted["id"], "stored")
    whispered = {**shouted, "id": body["id"], "participant_id": str(who.lin.participant_id)}
    assert phone.put(whispered).get_json()["status"] == "duplicate"


def test_a_change_that_calls_itself_a_file_waits_all_the_same(phone: Phone) -> None:
    first = reading(NOW, "5.0", 80 * 60)
    later = reading(NOW, "6.0", 80 * 60, replaces=first["id"], reason="looked again", origin="file")
    assert [r["status"] for r in phone.sync([first, later])] == ["held", "held"]


def test_accepting_a_correction_ties_its_alert_to_its_episode(phone: Phone, desk: Desk) -> None:
    first = reading(NOW, "5.0", 80 * 60, origin="file")
    low = reading(NOW, "2.4", 80 * 60, replaces=first["id"], reason="misread")
    phone.sync([first, low])
    desk.post(
        f"/participants/{desk.participant_id}/entries/{low['id']}/accept", {"source_note": "meter shown"}
    )
    phone.sync([reading(NOW, "2.3", 80 * 60 - 10, origin="file")])
    assert len(desk.alerts()) == 1


class TestHidden:
    """What touches contraception is hidden from the guardian, also where it failed."""

    @pytest.fixture
    def girl(self, client_for: Any, who: People) -> Phone:
        return Phone(client_for(who.yu))

    @pytest.fixture
    def father(self, client_for: Any, who: People) -> Phone:
        return Phone(
            client_for(who.bo), {"participant_id": who.yu.participant_id, "proxy_reason": "asked to"}
        )

    def test_whatever_goes_wrong_the_guardian_sees_and_infers_nothing(
        self, girl: Phone, father: Phone, client_for: Any, who: People
    ) -> None:
        before = father.changes()
        kept = entry(NOW, "contraception", {"method": ["barrier"], "used_as_agreed": "no", "text": "secret"})
        girl.sync([
            kept,
            {**kept, "id": str(uuid4()), "kind": "Contraception"},
            {**kept, "id": str(uuid4()), "data": {"text": "secret"}},
            {**kept, "data": {**kept["data"], "text": "secret again"}},
            entry(NOW, "note", {"text": "secret"}, replaces=kept["id"], reason="slip"),
            entry(NOW, "contraception", None, replaces=kept["id"], reason="secret"),
        ])  # fmt: skip
        girl.client.post(
            "/api/patient/entries/sync",
            data=b'{"entries": [{"secret',
            headers=ORIGIN,
            content_type="application/json",
        )
        after = father.changes()
        assert after == before
        assert "secret" in str(girl.changes())
        monitor = Desk(client_for(who.park), str(who.yu.participant_id))
        seen = [monitor.entries(), monitor.refusals(), monitor.alerts(), monitor.get("/audit", limit=500)]
        assert "secret" not in str(seen)

    def test_a_probe_with_a_known_id_learns_nothing(self, girl: Phone, father: Phone) -> None:
        kept = entry(NOW, "contraception", {"method": ["barrier"], "used_as_agreed": "yes"})
        girl.put(kept)
        probe = entry(NOW, "note", {"text": "?"}, replaces=kept["id"], reason="?")
        unknown = entry(NOW, "note", {"text": "?"}, replaces=str(uuid4()), reason="?")
        assert [r["code"] for r in father.sync([probe, unknown])] == ["replaces_unknown"] * 2


def test_a_guardian_whose_access_ended_is_told_and_the_site_sees_what_was_sent(
    client_for: Any, who: People, server_clock: Clock
) -> None:
    server_clock.now = NOW.replace(year=2028, month=6, day=16)
    father = Phone(client_for(who.bo), {"participant_id": who.yu.participant_id, "proxy_reason": "asked to"})
    [result] = father.sync([reading(server_clock.now, "2.0", 600)])
    assert (result["status"], result["code"]) == ("refused", "access_ended")
    desk = Desk(client_for(who.chen), str(who.yu.participant_id))
    assert [row["code"] for row in desk.refusals()] == ["access_ended"]
    assert [alert["kind"] for alert in desk.alerts()] == ["refused_text"]


def test_the_record_verifies_after_all_of_this(db: Database, phone: Phone) -> None:
    first = reading(NOW, "5.5", 30)
    late = reading(NOW, "9.0", 80 * 60, replaces=first["id"], reason="other day")
    phone.sync([first, late, entry(NOW, "reading", None, 80 * 60, replaces=late["id"], reason="undo")])
    phone.sync(
        [{**reading(NOW, "2.5", 2), "occurred_at": ODD_TIMES[0]}, reading(NOW, "2.5", 5)],
        sent_at=at(NOW + timedelta(days=9)),
    )
    assert verify.verify(db, b"key", STUDY, NOW).findings == ()


def test_an_episode_whose_entries_are_all_taken_back_is_gone(phone: Phone, db: Database) -> None:
    low = reading(NOW, "2.5", 5)
    phone.put(low)
    phone.put(entry(NOW, "reading", None, 5, replaces=low["id"], reason="undo"))
    assert list(db.query("select id from episodes")) == []
    assert verify.verify(db, b"key", STUDY, NOW).findings == ()


def test_a_held_event_stays_out_of_the_summaries_when_its_reading_changes(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.5", 80 * 60, origin="file")
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"}, 79 * 60)
    correction = {**reading(NOW, "2.6", 80 * 60, replaces=low["id"], reason="misread"), "origin": "file"}
    correction["data"] |= {"meter_serial": "SN1", "sequence": 3}
    assert [r["status"] for r in phone.sync([low, event, correction])] == ["stored", "held", "stored"]
    assert [row["in_summaries"] for row in desk.entries(kind="hypo_event")] == [False]
