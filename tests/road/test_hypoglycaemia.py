"""Severe hypoglycaemia over HTTP: verdict, episode and alert in the entry's own transaction."""

from datetime import timedelta
from typing import Any

import pytest

from diary import worker
from diary.db import Database
from diary.store import verify
from tests.people import CONSENT_DAY, NOW, STUDY, People
from tests.phone import Body, Desk, Phone, at, entry, reading
from tests.road.conftest import Clock
from tests.shared import shared_rows

SEVERE = {"yes": True, "no": False, "review": None}


def shared_cases() -> list[Any]:
    """The study's cases, or one that says that they are missing."""
    try:
        return [
            pytest.param(row, id=row["case_id"]) for row in shared_rows("cases", "severe_hypoglycaemia.csv")
        ]
    except pytest.skip.Exception as missing:
        return [pytest.param(None, marks=pytest.mark.skip(reason=str(missing)))]


def case_reading(row: dict[str, str], minutes_ago: float) -> Body:
    data: dict[str, Any] = {"value": row["value"], "device": row["device"]}
    if row["unit"]:
        data["unit"] = row["unit"]
    if row["sample"]:
        data["sample"] = row["sample"]
    if row["confirmed"]:
        data["confirmed"] = row["confirmed"] == "yes"
    if row["other_person"]:
        data["other_person"] = row["other_person"] == "yes"
    return entry(NOW, "reading", data, minutes_ago)


def case_event(row: dict[str, str], minutes_ago: float, reading_id: str | None) -> Body:
    names = ("could_self_treat", "helped_by", "lost_consciousness", "seizure")
    data: dict[str, Any] = {name: row[name] for name in names if row[name]}
    if row["treatment"]:
        data["treatment"] = [row["treatment"]]
    if reading_id:
        data["reading_id"] = reading_id
    return entry(NOW, "hypo_event", data, minutes_ago)


@pytest.mark.parametrize("row", shared_cases())
def test_the_study_cases_come_out_the_same_over_http(
    phone: Phone, mother: Phone, desk: Desk, who: People, row: dict[str, str]
) -> None:
    sender = mother if row["treated_by_carer"] == "yes" else phone
    desk.participant_id = str((who.an if sender is mother else who.lin).participant_id)
    before = timedelta(days=400) / timedelta(minutes=1) if row["before_enrolment"] == "yes" else 10
    bodies = []
    if row["value"] or row["device"]:
        bodies.append(case_reading(row, before))
    if row["event"] == "yes":
        bodies.append(case_event(row, before - 2, bodies[0]["id"] if bodies else None))
    for body in bodies:
        if before > 10:
            body |= {"recorded_at": body["occurred_at"]}
    last = sender.sync(bodies)[-1]
    if row["severe"] == "refused":
        assert last["status"] == "refused"
        assert last["message"]
        return
    assert last["status"] == "stored"
    assert (last["severe"], last["basis"]) == (SEVERE[row["severe"]], row["basis"])
    shown = {body["kind"]: body for body in desk.entries()}
    assert str(shown[bodies[-1]["kind"]]["ada_level"] or 0) == (row["ada_level"] or "0")
    if "reading" in shown:
        assert shown["reading"]["in_summaries"] is (row["in_summaries"] == "1")


def test_a_value_and_its_event_are_one_episode_with_one_alert(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.8", 6)
    first = phone.put(low).get_json()
    assert (first["severe"], first["basis"]) == (True, "value")
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"}, 5)
    second = phone.put(event).get_json()
    assert (second["severe"], second["basis"]) == (True, "value")
    assert second["episode_id"] == first["episode_id"] is not None
    [alert] = desk.alerts()
    assert (alert["level"], alert["kind"], alert["state"]) == ("desk", "severe_value", "open")
    assert set(alert["entry_ids"]) == {low["id"], event["id"]}


@pytest.mark.parametrize(
    ("value", "level", "kind"),
    [
        ("2.8", "desk", "severe_value"),
        ("LO", "page", "lo"),
        ("0.6", "desk", "review"),
        ("28", "desk", "review"),
    ],
)
def test_the_level_of_a_value(phone: Phone, desk: Desk, value: str, level: str, kind: str) -> None:
    phone.put(reading(NOW, value, 1))
    assert [(a["level"], a["kind"]) for a in desk.alerts()] == [(level, kind)]


@pytest.mark.parametrize("value", ["2.9", "3.2", "3.8", "5.0"])
def test_a_value_that_is_not_severe_alerts_nobody_by_itself(phone: Phone, desk: Desk, value: str) -> None:
    phone.put(reading(NOW, value, 1))
    assert desk.alerts() == []


def test_help_turns_the_desk_alert_into_a_page(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.8", 6)
    phone.put(low)
    event = {"reading_id": low["id"], "could_self_treat": "no", "helped_by": "family"}
    assert phone.put(entry(NOW, "hypo_event", event, 2)).get_json()["basis"] == "both"
    [alert] = desk.alerts()
    assert (alert["level"], alert["kind"]) == ("page", "assistance")


def test_help_reopens_what_was_acknowledged_as_milder(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.8", 6)
    phone.put(low)
    desk.post(f"/alerts/{desk.alerts()[0]['id']}/acknowledge")
    phone.put(entry(NOW, "hypo_event", {"reading_id": low["id"], "seizure": "yes"}, 2))
    [alert] = desk.alerts()
    assert (alert["level"], alert["state"], alert["acknowledged_at"]) == ("page", "open", None)


def test_an_event_before_its_reading_is_judged_with_it_when_it_comes(phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.7", 6)
    event = entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"}, 5)
    assert phone.put(event).get_json()["basis"] == "none"
    phone.put(low)
    shown = {row["kind"]: row for row in desk.entries()}
    assert shown["hypo_event"]["basis"] == "value"
    assert shown["hypo_event"]["episode_id"] == shown["reading"]["episode_id"]


def test_a_retest_does_not_erase_the_first_value(phone: Phone, desk: Desk) -> None:
    phone.sync([reading(NOW, "2.6", 10), reading(NOW, "5.8", 8)])
    severe = [row for row in desk.entries() if row["severe"]]
    assert [row["data"]["value"] for row in severe] == ["2.6"]
    assert desk.alerts()[0]["state"] == "open"


@pytest.mark.parametrize("data", [{"value": "8.2", "unit": "mmol/L"}, None])
def test_correcting_or_undoing_a_severe_value_never_closes_its_alert(
    phone: Phone, desk: Desk, data: Body | None
) -> None:
    low = reading(NOW, "2.8", 5)
    phone.put(low)
    changed = phone.put(entry(NOW, "reading", data, 5, replaces=low["id"], reason="wrong")).get_json()
    assert changed["severe"] is False
    assert desk.entries()[0]["severe"] is False
    assert desk.history(low["id"])[0]["severe"] is True
    assert [a["state"] for a in desk.alerts()] == ["open"]


def test_lows_within_60_minutes_are_one_episode_and_further_apart_two(phone: Phone) -> None:
    results = phone.sync([reading(NOW, "2.8", minutes) for minutes in (200, 140, 79)])
    ids = [result["episode_id"] for result in results]
    assert ids[0] == ids[1] != ids[2]


def test_a_recovery_that_arrives_later_splits_an_episode(phone: Phone, desk: Desk) -> None:
    phone.sync([reading(NOW, "2.8", 50), reading(NOW, "2.7", 10)])
    assert len({row["episode_id"] for row in desk.entries()}) == 1
    phone.sync([reading(NOW, "6.0", 30)])
    assert len({row["episode_id"] for row in desk.entries() if row["episode_id"]}) == 2


def test_a_new_low_of_a_resolved_episode_opens_its_alert_again(phone: Phone, desk: Desk) -> None:
    phone.put(reading(NOW, "2.8", 20))
    [alert] = desk.alerts()
    closed = desk.post(f"/alerts/{alert['id']}/resolve", {"resolution": "called, is well", "sae": "no"})
    assert closed.get_json()["state"] == "resolved"
    phone.put(reading(NOW, "2.5", 2))
    [alert] = desk.alerts()
    assert (alert["state"], alert["resolved_at"], len(alert["entry_ids"])) == ("open", None, 2)


def test_late_lows_are_one_desk_alert_and_page_nobody(phone: Phone, desk: Desk) -> None:
    phone.sync(
        [reading(NOW, value, minutes) for value, minutes in (("2.8", 1500), ("LO", 900), ("2.2", 300))]
    )
    [alert] = desk.alerts()
    assert (alert["level"], alert["kind"], len(alert["entry_ids"])) == ("desk", "late_lows", 3)


def test_help_needed_days_ago_still_pages(phone: Phone, desk: Desk) -> None:
    phone.put(entry(NOW, "hypo_event", {"could_self_treat": "no", "helped_by": "paramedic"}, 3000))
    assert [a["level"] for a in desk.alerts()] == ["page"]


def test_a_severe_value_from_a_phone_whose_clock_is_behind_is_not_late(phone: Phone, desk: Desk) -> None:
    its_now = NOW - timedelta(hours=5)
    phone.sync([reading(its_now, "2.8", 3)], sent_at=at(its_now))
    assert [a["kind"] for a in desk.alerts()] == ["severe_value"]


@pytest.mark.parametrize(
    ("value", "unit", "alerts"),
    [("0Lo", "mmol/L", 1), ("52", "mmol/L", 1), ("-2.8", "mmol/L", 1), ("2.5", "mg/dL", 1),
     ("0Hi", "mmol/L", 0), ("ERR", "mmol/L", 0), ("", "mmol/L", 0)],
)  # fmt: skip
def test_a_refused_text_that_may_be_a_severe_low_alerts_the_desk(
    phone: Phone, desk: Desk, value: str, unit: str, alerts: int
) -> None:
    assert phone.sync([reading(NOW, value, 1, unit)])[0]["status"] == "refused"
    assert [a["kind"] for a in desk.alerts()] == ["refused_text"] * alerts


def test_a_severe_value_with_an_impossible_date_alerts_the_desk(phone: Phone, desk: Desk) -> None:
    body = {**reading(NOW, "2.2"), "occurred_at": "2026-02-30T08:00:00+08:00"}
    assert phone.sync([body])[0]["code"] == "time_impossible"
    assert [a["kind"] for a in desk.alerts()] == ["refused_text"]


def test_a_held_severe_value_alerts_at_once_and_does_not_count_yet(phone: Phone, desk: Desk) -> None:
    result = phone.put(reading(NOW, "2.2", 80 * 60)).get_json()
    assert (result["status"], result["severe"]) == ("held", True)
    assert [a["kind"] for a in desk.alerts()] == ["late_lows"]
    assert desk.entries()[0]["in_summaries"] is False


def test_values_before_consent_are_shown_and_never_counted(phone: Phone, desk: Desk) -> None:
    days = (NOW.date() - CONSENT_DAY).days + 1
    result = phone.sync([reading(NOW, "2.2", days * 1440, origin="file")])[0]
    assert (result["severe"], result["basis"]) == (None, "review")
    assert desk.alerts() == []
    assert desk.entries()[0]["in_summaries"] is False


class TestWorker:
    """Rules that wait for time to pass."""

    def escalate(self, db: Database, clock: Clock, **by: float) -> int:
        return worker.escalate(db, STUDY, clock.forward(**by))

    def test_unanswered_for_15_minutes_pages(
        self, db: Database, phone: Phone, desk: Desk, server_clock: Clock
    ) -> None:
        phone.put(reading(NOW, "2.8"))
        assert self.escalate(db, server_clock, minutes=14.9) == 0
        assert self.escalate(db, server_clock, minutes=0.1) == 1
        [alert] = desk.alerts()
        assert (alert["level"], alert["reason"]) == ("page", "unanswered")
        assert self.escalate(db, server_clock, minutes=1) == 0

    def test_unknown_is_no_answer(self, db: Database, phone: Phone, server_clock: Clock) -> None:
        low = reading(NOW, "2.8")
        phone.put(low)
        phone.put(entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "unknown"}))
        assert self.escalate(db, server_clock, minutes=15) == 1

    def test_no_recheck_for_30_minutes_pages_although_answered(
        self, db: Database, phone: Phone, desk: Desk, server_clock: Clock
    ) -> None:
        low = reading(NOW, "2.8")
        phone.put(low)
        phone.put(entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"}))
        assert self.escalate(db, server_clock, minutes=29) == 0
        assert self.escalate(db, server_clock, minutes=1) == 1
        assert desk.alerts()[0]["reason"] == "no_recheck"

    def test_self_treated_and_recovered_stays_on_the_desk_for_a_day(
        self, db: Database, phone: Phone, server_clock: Clock
    ) -> None:
        low = reading(NOW, "2.8")
        phone.put(low)
        phone.put(entry(NOW, "hypo_event", {"reading_id": low["id"], "could_self_treat": "yes"}))
        server_clock.forward(minutes=16)
        phone.put(reading(server_clock.now, "4.5"))
        assert self.escalate(db, server_clock, hours=23.5) == 0
        assert self.escalate(db, server_clock, hours=0.5) == 1
        assert phone.changes()["alerts"][0]["level"] == "page"

    def test_an_acknowledged_alert_pages_nobody(
        self, db: Database, phone: Phone, desk: Desk, server_clock: Clock
    ) -> None:
        phone.put(reading(NOW, "2.8"))
        desk.post(f"/alerts/{desk.alerts()[0]['id']}/acknowledge")
        assert self.escalate(db, server_clock, hours=48) == 0

    def test_a_phone_whose_clock_is_ahead_delays_no_page(
        self, db: Database, phone: Phone, server_clock: Clock
    ) -> None:
        phone.put(reading(NOW + timedelta(hours=6), "2.8"))
        assert self.escalate(db, server_clock, minutes=15) == 1

    def test_late_lows_page_only_when_nobody_acknowledges_them(
        self, db: Database, phone: Phone, server_clock: Clock
    ) -> None:
        phone.put(reading(NOW, "2.8", 300))
        assert self.escalate(db, server_clock, hours=23) == 0
        assert self.escalate(db, server_clock, hours=1) == 1


class TestRedFlags:
    @pytest.mark.parametrize(
        ("kind", "data", "flag"),
        [("illness", {"temperature_c": "38.0"}, "fever"), ("illness", {"temperature_c": "37.9"}, None),
         ("illness", {"persistent_vomiting": "yes"}, "persistent_vomiting"),
         ("contraception", {"used_as_agreed": "no"}, "contraception_no"),
         ("contraception", {"used_as_agreed": "unknown"}, None), ("call_me", {"text": "please"}, "call_me")],
    )  # fmt: skip
    def test_one_entry(self, phone: Phone, desk: Desk, kind: str, data: Body, flag: str | None) -> None:
        phone.put(entry(NOW, kind, data))
        assert [(a["level"], a["kind"]) for a in desk.alerts()] == ([("desk", flag)] if flag else [])

    @pytest.mark.parametrize(
        ("values", "flagged"),
        [(["16.8", "HI"], True), (["16.7", "17.0"], False), (["17.0", "9.0", "17.0"], False),
         (["HI", "HI"], True)],
    )  # fmt: skip
    def test_high_twice_running(self, phone: Phone, desk: Desk, values: list[str], flagged: bool) -> None:
        for minutes, value in zip((50, 30, 10), values, strict=False):
            phone.put(reading(NOW, value, minutes))
        assert ([a["kind"] for a in desk.alerts()] == ["high_running"]) is flagged

    def test_two_missed_doses_running(self, phone: Phone, desk: Desk) -> None:
        for day, reason in (
            ("2026-02-27", "forgot"),
            ("2026-02-28", "told_by_site"),
            ("2026-03-01", "ran_out"),
        ):
            slot = {"schedule_id": "5f9c1d1e-5d0e-4d4e-9b1a-000000000001", "due_day": day, "slot": "08:00"}
            body = entry(NOW, "dose", {**slot, "status": "skipped", "skip_reason": reason})
            phone.put(
                {**body, "occurred_at": f"{day}T09:00:00+08:00", "recorded_at": f"{day}T09:01:00+08:00"}
            )
        assert [a["kind"] for a in desk.alerts()] == ["missed_doses"]

    def test_a_positive_pregnancy_test_by_staff(self, desk: Desk) -> None:
        test = entry(NOW, "pregnancy_test", {"result": "positive", "day": "2026-03-01"}, origin="staff")
        assert desk.record(test).status_code == 200
        assert [a["kind"] for a in desk.alerts()] == ["pregnancy_positive"]


class TestAlerts:
    def test_seen_starts_the_clock_once(self, phone: Phone, desk: Desk, server_clock: Clock) -> None:
        phone.put(reading(NOW, "LO"))
        [alert] = desk.alerts()
        assert alert["seen_at"] is None
        assert desk.post("/alerts/seen", {"ids": [alert["id"]]}).status_code == 204
        first = desk.alerts()[0]["seen_at"]
        server_clock.forward(minutes=5)
        desk.post("/alerts/seen", {"ids": [alert["id"]]})
        assert desk.alerts()[0]["seen_at"] == first == "2026-03-02T04:00:00.000Z"

    def test_the_phone_learns_who_read_it(self, phone: Phone, desk: Desk) -> None:
        low = reading(NOW, "2.8")
        phone.put(low)
        told = phone.changes()
        assert [a["state"] for a in told["alerts"]] == ["open"]
        desk.post(f"/alerts/{told['alerts'][0]['id']}/acknowledge")
        [alert] = phone.changes(told["cursor"])["alerts"]
        assert (alert["state"], alert["seen_by_role"]) == ("acknowledged", "coordinator")
        assert alert["entry_ids"] == [low["id"]]

    def test_nothing_closes_without_a_sentence(self, phone: Phone, desk: Desk) -> None:
        phone.put(reading(NOW, "2.8"))
        path = f"/alerts/{desk.alerts()[0]['id']}/resolve"
        assert desk.post(path, {}).status_code == 422
        assert desk.post(path, {"resolution": "spoke to him"}).get_json()["state"] == "resolved"
        assert desk.post(path, {"resolution": "again"}).status_code == 409
        assert desk.post(path.replace("resolve", "acknowledge")).status_code == 409

    def test_newest_first(self, phone: Phone, desk: Desk, server_clock: Clock) -> None:
        phone.put(reading(server_clock.now, "2.8"))
        phone.put(reading(server_clock.now, "6.0", -1))
        server_clock.forward(minutes=50)
        phone.put(reading(server_clock.now, "2.7"))
        stamps = [a["opened_at"] for a in desk.alerts()]
        assert len(stamps) == 2
        assert stamps == sorted(stamps, reverse=True)


def test_the_chain_verifies_after_all_of_this(db: Database, phone: Phone, desk: Desk) -> None:
    low = reading(NOW, "2.8", 10)
    phone.sync([low, reading(NOW, "0Lo"), reading(NOW, "2.1", 80 * 60), {"id": 3}])
    phone.put(reading(NOW, "8.2", 10, replaces=low["id"], reason="slip"))
    for alert in desk.alerts():
        desk.post(f"/alerts/{alert['id']}/resolve", {"resolution": "done"})
    report = verify.verify(db, b"key", STUDY, NOW)
    assert report.findings == ()
    assert report.rows > 15
