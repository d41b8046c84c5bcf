from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules import alerts as rules
from diary.rules.alerts import AlertFacts, Opening, escalation, on_arrival, on_entry, red_flags
from diary.rules.glucose import Band
from diary.rules.hypoglycaemia import Basis, Why
from tests.rules import readings
from tests.rules.readings import LIMITS, STUDY
from tests.shared import cases

CASES = cases("alerts.json")
SETTINGS = STUDY.alerts
OPENED_AT = datetime(2026, 3, 1, 8, 1, tzinfo=UTC)
minutes = st.none() | st.integers(-60, 2000)


def by_name(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", CASES["arrival"], ids=by_name)
def test_an_entry_opens_the_alert_that_the_case_says(case: dict[str, Any]) -> None:
    opening = on_arrival(case["basis"], case["band"], case["why"], is_late=case["is_late"])
    assert opening == (Opening(**case["expect"]) if case["expect"] else None)


@pytest.mark.parametrize("case", CASES["escalation"], ids=by_name)
def test_a_desk_alert_becomes_a_page_when_the_case_says(case: dict[str, Any]) -> None:
    facts: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in case["alert"].items()
    }
    assert escalation(AlertFacts(**facts), datetime.fromisoformat(case["now"]), SETTINGS) == case["expect"]


@pytest.mark.parametrize("case", CASES["red_flags"], ids=by_name)
def test_an_entry_raises_the_red_flags_that_the_case_says(case: dict[str, Any]) -> None:
    marks = {name: case[name] for name in ("mark", "before", "after")}
    assert red_flags(case["kind"], case["data"], STUDY.red_flags, **marks) == case["expect"]


@pytest.mark.parametrize("case", CASES["high"], ids=by_name)
def test_a_reading_is_high_when_the_case_says(case: dict[str, Any]) -> None:
    reading = readings.reading(case["reading"])
    assert reading is not None
    assert rules.is_high(reading, STUDY.red_flags, LIMITS) is case["expect"]


@given(st.sampled_from(get_args(Basis)), st.none() | st.sampled_from(get_args(Band)), st.booleans())
def test_whatever_is_severe_opens_an_alert_and_help_is_always_a_page(
    basis: Basis, band: Band | None, is_late: bool
) -> None:
    opening = on_arrival(basis, band, None, is_late=is_late)
    if basis in ("value", "assistance", "both"):
        assert opening is not None
        assert opening.level == "page" or basis == "value"
        assert opening.is_grouped is (basis == "value" and is_late)


@given(st.sampled_from(get_args(Why)), st.none() | st.sampled_from(get_args(Band)), st.booleans())
def test_a_review_is_never_a_page_on_arrival(why: Why, band: Band | None, is_late: bool) -> None:
    opening = on_arrival("review", band, why, is_late=is_late)
    assert (opening is None) is (why in ("unanswered", "before_enrolment"))
    assert opening is None or opening.level == "desk"


@st.composite
def desk_alerts(draw: st.DrawFn) -> AlertFacts:
    first, gap, back = draw(minutes), draw(st.integers(0, 90)), draw(minutes)
    at = None if first is None else OPENED_AT + timedelta(minutes=first)
    return AlertFacts(
        level=draw(st.sampled_from(get_args(rules.Level))),
        kind=draw(st.sampled_from(["severe_value", "late_lows", "review", "fever"])),
        state=draw(st.sampled_from(get_args(rules.State))),
        opened_at=OPENED_AT,
        first_severe_at=at,
        last_severe_at=at and at + timedelta(minutes=gap),
        is_answered=draw(st.booleans()),
        recovered_at=None if back is None else OPENED_AT + timedelta(minutes=back),
    )


@given(desk_alerts(), st.integers(0, 3000), st.integers(0, 3000))
def test_what_is_due_for_a_page_stays_due_until_something_happens(
    alert: AlertFacts, now_min: int, more_min: int
) -> None:
    now = OPENED_AT + timedelta(minutes=now_min)
    if escalation(alert, now, SETTINGS):
        assert escalation(alert, now + timedelta(minutes=more_min), SETTINGS)


@given(desk_alerts())
def test_no_open_desk_alert_is_forgotten_for_more_than_a_day_and_no_other_is_touched(
    alert: AlertFacts,
) -> None:
    due = escalation(alert, OPENED_AT + timedelta(hours=24), SETTINGS)
    assert bool(due) is (alert.level == "desk" and alert.state == "open")


@given(desk_alerts(), st.integers(0, 3000))
def test_an_answer_and_a_recovery_never_hasten_a_page(alert: AlertFacts, now_min: int) -> None:
    now = OPENED_AT + timedelta(minutes=now_min)
    calm = replace(alert, is_answered=True)
    if calm.last_severe_at:
        calm = replace(calm, recovered_at=calm.last_severe_at + timedelta(minutes=10))
    assert not escalation(calm, now, SETTINGS) or escalation(alert, now, SETTINGS)


def test_call_me_and_each_red_flag_open_a_desk_alert_and_past_highs_of_an_import_none() -> None:
    assert on_entry("call_me", []) == [Opening("desk", "call_me")]
    assert on_entry("illness", ["fever", "persistent_vomiting"]) == [
        Opening("desk", "fever"),
        Opening("desk", "persistent_vomiting"),
    ]
    assert on_entry("reading", ["high_running"]) == [Opening("desk", "high_running")]
    assert on_entry("reading", ["high_running"], is_late_import=True) == []
    assert on_entry("note", []) == []


def test_a_dose_the_site_told_to_skip_is_left_out_and_silence_is_missed() -> None:
    assert rules.dose_is_missed("taken", None) is False
    assert rules.dose_is_missed("skipped", "forgot") is True
    assert rules.dose_is_missed(None, None) is True
    assert rules.dose_is_missed("skipped", "told_by_site") is None


@given(st.lists(st.booleans(), min_size=1, max_size=9), st.integers(1, 4), st.data())
def test_a_run_is_found_from_any_place_in_it(marks: list[bool], length: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(marks) - 1))
    before, after = marks[:at][::-1], marks[at + 1 :]
    words = "".join("x" if mark else " " for mark in marks)
    start = words.rfind(" ", 0, at) + 1
    run = len(words[start:].split(" ")[0]) if marks[at] else 0
    assert rules.is_in_run(before, marks[at], after, length) is (run >= length)
