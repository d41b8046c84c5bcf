"""Figures at the desk over HTTP: summary, adherence with its windows, severe events, queries, overview."""

from typing import Any

import pytest

from diary.db import Database
from diary.jobs.days import keep_days
from tests.people import NOW, STUDY, People
from tests.phone import ORIGIN, Desk, Phone, entry, reading
from tests.road.conftest import Clock


def prescribe(desk: Desk, **more: Any) -> str:
    body = {"kind": "dose", "title": "Tacrolimus", "drug": "tacrolimus", "times": ["08:00", "20:00"],
            "from_day": "2026-03-02", **more}  # fmt: skip
    made = desk.post(f"/participants/{desk.participant_id}/schedules", body)
    assert made.status_code == 201, made.json
    return str(made.json["id"])


def test_a_summary_counts_what_counts_and_names_its_span(desk: Desk, phone: Phone) -> None:
    values = ("2.8", "5.0", "7.4", "LO", "HI")
    bodies = [reading(NOW, value, minutes) for minutes, value in enumerate(values, start=1)]
    other = reading(NOW, "9.9", 20)
    other["data"] = {**other["data"], "other_person": True}
    other["reason"] = "my sister's"
    assert {one["status"] for one in phone.sync([*bodies, other])} == {"stored"}
    found = desk.get(f"/participants/{desk.participant_id}/summary")
    assert (found["from"], found["to"]) == ("2026-02-03", "2026-03-02")
    assert (found["n"], found["numbers"], found["count_severe"], found["days"]) == (5, 3, 2, 1)
    assert found["mean"] == pytest.approx((2.8 + 5.0 + 7.4) / 3)
    assert found["severe_events"] == {"value": 2, "assistance": 0, "both": 0}
    assert found["adrr"] is None and found["li"] is None
    days = desk.get(f"/participants/{desk.participant_id}/days")["days"]
    assert [(day["day"], day["n"]) for day in days] == [("2026-03-02", 5)]


@pytest.mark.parametrize(
    ("span", "field"), [({"from": "2026-03-02", "to": "2026-03-01"}, "to"), ({"from": "0001-01-01"}, "from")]
)
def test_a_span_that_makes_no_sense_is_refused_with_a_sentence(
    desk: Desk, span: dict[str, str], field: str
) -> None:
    for figure in ("summary", "days", "adherence", "concordance"):
        answer = desk.client.get(f"/api/site/participants/{desk.participant_id}/{figure}", query_string=span)
        assert (answer.status_code, list(answer.get_json()["fields"])) == (422, [field])


def test_adherence_opens_the_windows_it_was_counted_from(
    desk: Desk, phone: Phone, client_for: Any, who: People, server_clock: Clock, db: Database
) -> None:
    schedule = prescribe(desk)
    server_clock.forward(days=1)
    taken = {"schedule_id": schedule, "due_day": "2026-03-02", "slot": "20:00", "status": "taken",
             "taken_at": "2026-03-02T20:30:00+08:00"}  # fmt: skip
    assert phone.put(entry(server_clock(), "dose", taken)).json["status"] == "stored"
    desk = Desk(client_for(who.chen), desk.participant_id)
    path = f"/participants/{desk.participant_id}/adherence"
    span = {"from": "2026-03-02", "to": "2026-03-03"}
    found = desk.get(path, **span, detail="windows")
    # Prescribed at noon: the dose at 08:00 was never due; tomorrow's morning is over, its evening is open.
    assert [(w["day"], w["slot"], w["outcome"]) for w in found["windows"]] == [
        ("2026-03-02", "20:00", "done"), ("2026-03-03", "08:00", "missed"), ("2026-03-03", "20:00", "open"),
    ]  # fmt: skip
    (drug,) = found["medication"]
    assert drug["taking"] == {"done": 1, "due": 2, "pct": 50}
    assert (drug["in_window"]["done"], found["open"]) == (1, 1)
    assert found["saved_after_min"]["n"] == 1
    assert desk.get(path, **span)["windows"] == []
    # The worker closes what time has closed; the answer stays what it was, and the overview says it too.
    assert keep_days(db, STUDY, server_clock()) > 0
    assert desk.get(path, **span, detail="windows") == found
    (row,) = [one for one in desk.get("/participants")["participants"] if one["id"] == desk.participant_id]
    assert row["adherence"]["dose"] == {"done": 1, "due": 2, "pct": 50, "before_pct": None}


def test_who_may_not_see_contraception_sees_no_figure_of_it(
    desk: Desk, client_for: Any, who: People, server_clock: Clock
) -> None:
    prescribe(desk, kind="contraception", title="Pill", drug=None, times=["21:00"])
    server_clock.forward(days=2)
    span = {"from": "2026-03-02", "to": "2026-03-03", "detail": "windows"}
    desk = Desk(client_for(who.chen), desk.participant_id)
    path = f"/participants/{desk.participant_id}/adherence"
    seen = desk.get(path, **span)
    assert seen["contraception"] == {"done": 0, "due": 2, "pct": 0}
    monitor = Desk(client_for(who.park), desk.participant_id)
    hidden = monitor.get(path, **span)
    assert (hidden["contraception"], hidden["windows"], hidden["open"]) == (None, [], 0)
    assert {day["contraception"] for day in hidden["days"]} <= {None}
    rows = monitor.get("/participants")["participants"]
    assert {row["adherence"]["contraception"] for row in rows} == {None}
    assert {row["attestation_overdue"] for row in rows} == {None}


def test_severe_events_before_consent_come_from_staff_and_meet_inclusion_5(desk: Desk) -> None:
    for day in ("2025-02-01", "2025-10-15"):
        body = entry(NOW, "severe_history", {"day": day, "basis": "assistance", "source": "hospital record"},
                     origin="staff", participant_id=desk.participant_id)  # fmt: skip
        assert desk.record(body).status_code in (200, 201)
    found = desk.get(f"/participants/{desk.participant_id}/severe-events")
    assert found["inclusion_5"] == {
        "until": "2025-12-01", "in_12_months": 2, "in_3_months": 1, "is_met": True,
    }  # fmt: skip
    assert [one["source"] for one in found["events"]] == ["hospital record"] * 2


def test_a_query_goes_to_the_phone_is_answered_and_closed(desk: Desk, phone: Phone) -> None:
    body = reading(NOW, "6.1", 5)
    phone.put(body)
    raised = desk.post(
        f"/participants/{desk.participant_id}/queries",
        {"entry_id": body["id"], "field": "data.value", "text": "Which meter was this?"},
    )
    assert (raised.status_code, raised.json["due_day"]) == (201, "2026-03-09")
    (asked,) = phone.everything()["queries"]
    assert (asked["state"], asked["messages"][0]["text"]) == ("open", "Which meter was this?")
    said = phone.client.post(
        f"/api/patient/queries/{asked['id']}/answer", json={"text": "The blue one."},
        headers=ORIGIN,
    )  # fmt: skip
    assert (said.status_code, said.get_json()["state"]) == (200, "answered")
    (open_,) = desk.get("/queries")["queries"]
    assert [(one["author_role"], one["is_mine"]) for one in open_["messages"]] == [
        ("coordinator", True), ("participant", False),
    ]  # fmt: skip
    closed = desk.post(f"/queries/{asked['id']}/close", {"text": "Thank you.", "seen": 2})
    assert closed.json["state"] == "closed"
    assert desk.get("/queries")["queries"] == []
    assert desk.post(f"/queries/{asked['id']}/answer", {"text": "More"}).status_code == 409
    assert phone.everything()["queries"][-1]["state"] == "closed"


def test_meter_and_log_are_compared(desk: Desk, phone: Phone) -> None:
    def both(minutes: int, meter: str | None, log: str | None) -> list[dict[str, Any]]:
        found = []
        if meter:
            data = {
                "value": meter,
                "unit": "mmol/L",
                "device": "meter",
                "meter_serial": "GL-1",
                "sequence": minutes,
            }
            found.append(entry(NOW, "reading", data, minutes, origin="bluetooth"))
        if log:
            found.append(reading(NOW, log, minutes))
        return found

    bodies = [
        *both(300, "5.0", "5.0"),
        *both(200, "2.6", "4.6"),
        *both(100, "7.7", None),
        *both(150, None, "6.6"),
    ]
    phone.sync(bodies)
    found = desk.get(f"/participants/{desk.participant_id}/concordance")
    counts = [found[name] for name in ("agrees", "altered", "omitted", "phantom")]
    assert counts == [1, 1, 1, 1]
    assert found["precision_pct"] == pytest.approx(100 / 3)
    assert len(found["differences"]) == 3


def test_the_monitor_reads_no_word_of_a_question_about_contraception_and_counts_none(
    desk: Desk, phone: Phone, client_for: Any, who: People
) -> None:
    body = entry(NOW, "contraception", {"method": ["barrier"], "used_as_agreed": "yes"}, 90)
    assert phone.put(body).json["status"] == "stored"
    path = f"/participants/{desk.participant_id}"
    raised = desk.post(f"{path}/queries", {"entry_id": body["id"], "text": "Which method?"})
    desk.post(f"/queries/{raised.json['id']}/close", {"text": "settled by telephone", "seen": 1})
    monitor = Desk(client_for(who.park), desk.participant_id)
    assert "Which method" not in str(monitor.get("/audit")) and "telephone" not in str(monitor.get("/audit"))
    assert "Which method" in str(desk.get("/audit"))
    assert monitor.get(f"{path}/adherence")["saved_after_min"]["n"] == 0
    assert monitor.get(f"{path}/days")["days"] == []


def test_correcting_what_the_meter_showed_makes_no_log_right(desk: Desk, phone: Phone) -> None:
    data = {"value": "2.5", "unit": "mmol/L", "device": "meter", "meter_serial": "GL-1", "sequence": 1}
    meter = entry(NOW, "reading", data, 30, origin="bluetooth")
    phone.sync([meter, reading(NOW, "6.5", 30)])
    changed = reading(NOW, "6.5", 30, replaces=meter["id"], reason="to look better")
    phone.put(changed)
    found = desk.get(f"/participants/{desk.participant_id}/concordance")
    assert (found["altered"], found["agrees"]) == (1, 0)


def test_asking_on_wants_an_answer_again_and_the_same_words_are_said_once(desk: Desk, phone: Phone) -> None:
    body = reading(NOW, "6.1", 5)
    phone.put(body)
    path = f"/participants/{desk.participant_id}/queries"
    query = desk.post(path, {"entry_id": body["id"], "text": "Sure?"}).json
    asked_on = desk.post(f"/queries/{query['id']}/answer", {"text": "And which meter?"})
    assert asked_on.json["state"] == "open"
    for _ in range(2):
        said = phone.client.post(
            f"/api/patient/queries/{query['id']}/answer", json={"text": "The blue one."}, headers=ORIGIN
        )
        assert (said.status_code, said.get_json()["state"]) == (200, "answered")
    assert len(said.get_json()["messages"]) == 3


@pytest.mark.parametrize("span", [("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")])
def test_the_ends_of_the_calendar_break_nothing(desk: Desk, span: tuple[str, str]) -> None:
    for figure in ("summary", "days", "adherence", "concordance"):
        desk.get(f"/participants/{desk.participant_id}/{figure}", **{"from": span[0], "to": span[1]})


def test_held_laboratory_and_relabelled_readings_are_no_monitoring_and_a_day_is_not_signed_ahead(
    desk: Desk, phone: Phone, client_for: Any, who: People, server_clock: Clock
) -> None:
    prescribe(
        desk, kind="reading", title="Measure", drug=None, times=["07:00", "21:00"], from_day="2026-03-02"
    )
    prescribe(desk, kind="diary", title="Diary", drug=None, times=["21:00"], from_day="2026-03-02")
    server_clock.forward(hours=9)
    lab = reading(server_clock(), "6.0", 1)
    lab["data"] = {**lab["data"], "device": "lab"}
    relabelled = reading(server_clock(), "6.0", 2, reason="told so")
    relabelled["data"] = {**relabelled["data"], "relabelled": True}
    ahead = entry(server_clock(), "day_complete", {"day": "2026-03-05"})
    phone.sync([lab, relabelled, ahead])
    server_clock.forward(days=4)
    desk = Desk(client_for(who.chen), desk.participant_id)
    found = desk.get(f"/participants/{desk.participant_id}/adherence")
    assert found["monitoring"]["done"] == 0 and found["diary"]["done"] == 0
    assert desk.get(f"/participants/{desk.participant_id}/summary")["insulin"]["free_days"] == 0


def test_what_is_left_out_of_one_kind_is_not_left_out_of_another(
    desk: Desk, phone: Phone, client_for: Any, who: People, server_clock: Clock
) -> None:
    dose = prescribe(desk, times=["20:00"])
    prescribe(desk, kind="reading", title="Measure", drug=None, times=["19:00", "22:00"])
    said = {"schedule_id": dose, "due_day": "2026-03-02", "slot": "20:00", "status": "skipped",
            "skip_reason": "told_by_site"}  # fmt: skip
    server_clock.forward(hours=9)
    assert phone.put(entry(server_clock(), "dose", said)).json["status"] == "stored"
    desk = Desk(client_for(who.chen), desk.participant_id)
    span = {"from": "2026-03-02", "to": "2026-03-02"}
    (day,) = desk.get(f"/participants/{desk.participant_id}/adherence", **span)["days"]
    assert day["dose"] == {"done": 0, "due": 0, "pct": None, "open": 0, "left_out": "told_by_site"}
    # 21:00: the window of 19:00 closed, that of 22:00 is open; neither is left out.
    assert day["reading"] == {"done": 0, "due": 1, "pct": 0, "open": 1, "left_out": None}
    assert day["diary"] == {"done": 0, "due": 0, "pct": None, "open": 0, "left_out": None}


def test_a_query_is_overdue_by_the_day_of_the_site(
    desk: Desk, phone: Phone, client_for: Any, who: People, server_clock: Clock
) -> None:
    body = reading(NOW, "6.1", 5)
    phone.put(body)
    path = f"/participants/{desk.participant_id}/queries"
    desk.post(path, {"entry_id": body["id"], "text": "Sure?", "due_day": "2026-03-02"})

    def overdue() -> int:
        rows = Desk(client_for(who.chen), desk.participant_id).get("/participants")["participants"]
        return int(next(row["overdue_queries"] for row in rows if row["id"] == desk.participant_id))

    server_clock.forward(hours=11)
    assert overdue() == 0, "it is 23:00 in Shanghai"
    server_clock.forward(hours=2)
    assert overdue() == 1, "it is 01:00 of 3 March in Shanghai, and still 2 March in UTC"


def ask(desk: Desk, phone: Phone) -> str:
    body = reading(NOW, "6.1", 5)
    phone.put(body)
    path = f"/participants/{desk.participant_id}/queries"
    return str(desk.post(path, {"entry_id": body["id"], "text": "Sure?"}).json["id"])


def test_nobody_closes_over_an_answer_that_came_meanwhile(desk: Desk, phone: Phone) -> None:
    query = ask(desk, phone)
    phone.client.post(f"/api/patient/queries/{query}/answer", json={"text": "No: 9.1."}, headers=ORIGIN)
    late = desk.post(f"/queries/{query}/close", {"text": "He does not answer.", "seen": 1})
    assert (late.status_code, late.json["code"]) == (409, "query_said_more")
    assert "Read what was said" in late.json["message"]
    (kept,) = desk.get("/queries")["queries"]
    assert [one["text"] for one in kept["messages"]] == ["Sure?", "No: 9.1."]
    assert desk.post(f"/queries/{query}/close", {"text": "Corrected.", "seen": 2}).json["state"] == "closed"


def test_an_answer_to_a_question_closed_meanwhile_is_kept_and_opens_it_again(
    desk: Desk, phone: Phone
) -> None:
    query = ask(desk, phone)
    assert desk.post(f"/queries/{query}/close", {"text": "Settled.", "seen": 1}).status_code == 200
    for _ in range(2):
        said = phone.client.post(
            f"/api/patient/queries/{query}/answer", json={"text": "No: 9.1."}, headers=ORIGIN
        )
        assert (said.status_code, said.get_json()["state"], said.get_json()["closed_at"]) == (
            200,
            "answered",
            None,
        )
    (open_,) = desk.get("/queries")["queries"]
    assert [one["text"] for one in open_["messages"]] == ["Sure?", "Settled.", "No: 9.1."]
    assert desk.post(f"/queries/{query}/close", {"text": "Corrected.", "seen": 3}).json["state"] == "closed"
    # A phone without an answer sends once more what was read and closed: that opens nothing.
    again = phone.client.post(
        f"/api/patient/queries/{query}/answer", json={"text": "No: 9.1."}, headers=ORIGIN
    )
    assert (again.get_json()["state"], len(again.get_json()["messages"])) == ("closed", 4)


def test_the_same_words_as_an_answer_and_as_the_closing_sentence_close(desk: Desk, phone: Phone) -> None:
    query = ask(desk, phone)
    desk.post(f"/queries/{query}/answer", {"text": "The chart says so."})
    for _ in range(2):
        closed = desk.post(f"/queries/{query}/close", {"text": "The chart says so.", "seen": 2})
        assert (closed.json["state"], len(closed.json["messages"])) == ("closed", 3)
