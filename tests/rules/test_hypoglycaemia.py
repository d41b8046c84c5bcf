from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules.glucose import parse_glucose
from diary.rules.hypoglycaemia import (
    Answer,
    Circumstances,
    HelpedBy,
    HypoEvent,
    Reading,
    Treatment,
    Verdict,
    Why,
    classify,
)
from diary.rules.refusals import Refusal
from tests.rules import readings
from tests.rules.readings import LIMITS, glucose
from tests.shared import cases, shared_rows

CASES = cases("severe_hypoglycaemia.json")
HERE = Circumstances()

ANSWERS: tuple[Answer | None, ...] = (None, *get_args(Answer))
HELPERS: tuple[HelpedBy | None, ...] = (None, *get_args(HelpedBy))
READINGS = (
    None,
    *(Reading(glucose(text)) for text in ("2.8", "2.9", "3.4", "3.9", "19", "LO", "HI", "0.6", "28")),
    Reading(glucose("52", "mg/dL")),
    Reading(glucose("28"), confirmed=True),
    Reading(glucose("2.8"), device="cgm"),
    Reading(glucose("3.4"), device="cgm"),
    Reading(glucose("2.8"), device="lab", sample="venous"),
    Reading(glucose("2.8"), sample="control"),
    Reading(glucose("2.8"), other_person=True),
    Reading(glucose("2.8"), relabelled=True),
)
TREATMENTS: tuple[frozenset[Treatment], ...] = (
    frozenset(),
    frozenset({"food", "glucose_gel", "other"}),
    frozenset({"glucagon"}),
    frozenset({"food", "iv_glucose"}),
)
EVENTS = (
    None,
    *(HypoEvent(*answers) for answers in product(ANSWERS, HELPERS, ANSWERS, ANSWERS, TREATMENTS)),
)

events = st.builds(
    HypoEvent,
    st.sampled_from(ANSWERS),
    st.sampled_from(HELPERS),
    st.sampled_from(ANSWERS),
    st.sampled_from(ANSWERS),
    st.frozensets(st.sampled_from(get_args(Treatment))),
)
some_readings = st.sampled_from(READINGS)
circumstances = st.builds(Circumstances, st.booleans(), st.booleans())


def judge(reading: Reading | None, event: HypoEvent | None, here: Circumstances = HERE) -> Verdict:
    return classify(reading, event, here, LIMITS)


def test_all_shared_cases_come_out_as_expected() -> None:
    rows = shared_rows("cases", "severe_hypoglycaemia.csv")
    assert len(rows) == 42
    wrong = [(row["case_id"], got) for row in rows if (got := shared_outcome(row)) != shared_expected(row)]
    assert wrong == []


def shared_expected(row: dict[str, str]) -> tuple[str, ...]:
    return row["severe"], row["basis"], row["ada_level"], row["in_summaries"]


def shared_outcome(row: dict[str, str]) -> tuple[str, ...]:
    reading = event = None
    if row["value"] or row["device"]:
        value = parse_glucose(row["value"], row["unit"], LIMITS)
        if isinstance(value, Refusal):
            return "refused", "none", "", "0"
        reading = Reading(
            value,
            device=row["device"] or None,  # type: ignore[arg-type]
            sample=row["sample"] or None,  # type: ignore[arg-type]
            confirmed={"yes": True, "no": False, "": None}[row["confirmed"]],
            other_person=row["other_person"] == "yes",
        )
    if row["event"] == "yes":
        names = ("could_self_treat", "helped_by", "lost_consciousness", "seizure")
        answers: dict[str, Any] = {name: row[name] or None for name in names}
        event = HypoEvent(**answers, treatment=frozenset(row["treatment"].split()))  # type: ignore[arg-type]
    here = Circumstances(row["treated_by_carer"] == "yes", row["before_enrolment"] == "yes")
    verdict = judge(reading, event, here)
    severe = {True: "yes", False: "no", None: "review"}[verdict.severe]
    level = "" if verdict.ada_level is None else str(verdict.ada_level)
    return severe, verdict.basis, level, str(int(verdict.in_summaries))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_reading_and_its_event_are_judged_as_the_case_says(case: dict[str, Any]) -> None:
    verdict = judge(
        readings.reading(case["reading"]),
        readings.event(case["event"]),
        readings.circumstances(case.get("circumstances")),
    )
    assert verdict == Verdict(**case["expect"])


def test_the_cases_show_every_reason_for_review() -> None:
    assert {case["expect"]["why"] for case in CASES} == {None, *get_args(Why)}


def expected_basis(reading: Reading | None, event: HypoEvent | None, here: Circumstances) -> str:
    """The same rules told the other way round: first what is certain, then what is open."""
    value = "absent"
    if reading and not (reading.sample == "control" or reading.other_person or reading.relabelled):
        number = reading.glucose.number
        if number is None:
            value = "severe" if reading.glucose.text == "LO" else "fine"
        elif reading.glucose.unit == "mg/dL":
            value = "severe" if number <= 52 else "fine"
        elif number < 1:
            value = "doubtful"
        elif number == 28:
            value = "fine" if reading.confirmed else "doubtful"
        else:
            value = "severe" if number <= 2 or str(number) == "2.8" else "low" if number < 3.9 else "fine"
        if value == "severe" and reading.device == "cgm":
            value = "doubtful"
    help_ = "no"
    if event is None:
        help_ = "unasked"
    elif (
        event.seizure == "yes"
        or event.lost_consciousness == "yes"
        or event.helped_by in {"hospital", "paramedic"}
        or "glucagon" in event.treatment
        or "iv_glucose" in event.treatment
    ):
        help_ = "yes"
    elif event.could_self_treat == "no":
        help_ = "open" if here.treated_by_carer else "yes"
    elif event.could_self_treat != "yes" or "unknown" in {event.seizure, event.lost_consciousness}:
        help_ = "open"
    certain = {
        ("severe", "yes"): "both",
        ("severe", "no"): "value",
        ("severe", "open"): "value",
        ("severe", "unasked"): "value",
    }.get((value, help_), "assistance" if help_ == "yes" else "")
    if certain:
        return "review" if here.before_enrolment else certain
    is_open = value == "doubtful" or help_ == "open" or (value == "low" and help_ == "unasked")
    return "review" if is_open else "none"


@pytest.mark.parametrize(
    "here", [Circumstances(*flags) for flags in product((False, True), repeat=2)], ids=str
)
def test_every_combination_of_reading_and_answers_agrees_with_the_rules_told_backwards(
    here: Circumstances,
) -> None:
    for reading, event in product(READINGS, EVENTS):
        assert judge(reading, event, here).basis == expected_basis(reading, event, here), (reading, event)


@given(some_readings, st.none() | events, circumstances)
def test_severe_is_open_exactly_when_a_person_decides_and_says_why(
    reading: Reading | None, event: HypoEvent | None, here: Circumstances
) -> None:
    verdict = judge(reading, event, here)
    assert (verdict.severe is None) is (verdict.basis == "review") is (verdict.why is not None)
    assert verdict.severe is not True or verdict.basis in ("value", "assistance", "both")
    assert verdict.ada_level in (None, 0, 1, 2, 3)


@given(some_readings, events, circumstances)
def test_unknown_is_never_a_no_and_an_absent_answer_is_never_a_yes(
    reading: Reading | None, event: HypoEvent, here: Circumstances
) -> None:
    for answer in ("unknown", None):
        assert judge(reading, replace(event, could_self_treat=answer), here).basis != "none"


@given(some_readings, events, st.booleans())
def test_a_sign_speaks_for_itself_whatever_else_is_said(
    reading: Reading | None, event: HypoEvent, treated_by_carer: bool
) -> None:
    for sign in (
        replace(event, lost_consciousness="yes"),
        replace(event, seizure="yes"),
        replace(event, helped_by="paramedic"),
        replace(event, helped_by="hospital"),
        replace(event, treatment=event.treatment | {"glucagon"}),
        replace(event, treatment=event.treatment | {"iv_glucose"}),
    ):
        verdict = judge(reading, sign, Circumstances(treated_by_carer))
        assert verdict.severe is True
        assert verdict.basis in ("assistance", "both")
        assert verdict.ada_level == 3


@given(st.none() | events, st.booleans(), st.sampled_from(["2.8", "LO", "1.1", "2.89"]))
def test_the_value_limb_holds_whatever_is_answered(
    event: HypoEvent | None, treated_by_carer: bool, text: str
) -> None:
    verdict = judge(Reading(glucose(text)), event, Circumstances(treated_by_carer))
    assert verdict.severe is True
    assert verdict.basis in ("value", "both")


@given(events, circumstances, st.sampled_from(["2.4", "LO", "6.1", "28", "0.6"]))
def test_a_reading_that_is_not_this_persons_blood_leaves_the_event_alone(
    event: HypoEvent, here: Circumstances, text: str
) -> None:
    reading = Reading(glucose(text))
    alone = judge(None, event, here)
    assert judge(replace(reading, sample="control"), event, here) == alone
    assert judge(replace(reading, other_person=True), event, here) == alone
    assert judge(replace(reading, relabelled=True), event, here) == alone


@given(some_readings, st.none() | events, st.booleans())
def test_history_is_shown_and_never_counted(
    reading: Reading | None, event: HypoEvent | None, treated_by_carer: bool
) -> None:
    verdict = judge(reading, event, Circumstances(treated_by_carer, before_enrolment=True))
    assert verdict.severe is not True
    assert not verdict.in_summaries


@given(st.integers(11, 333), st.integers(11, 333), st.none() | events)
def test_a_lower_plausible_value_is_never_judged_milder(
    one: int, other: int, event: HypoEvent | None
) -> None:
    order = {"none": 0, "review": 1, "value": 2, "assistance": 2, "both": 3}
    low, high = sorted((one, other))
    verdicts = [
        judge(Reading(glucose(f"{tenths // 10}.{tenths % 10}"), confirmed=True), event)
        for tenths in (low, high)
    ]
    assert order[verdicts[0].basis] >= order[verdicts[1].basis]
    assert (verdicts[0].ada_level or 0) >= (verdicts[1].ada_level or 0)


@given(some_readings, st.none() | events, circumstances)
def test_only_a_meters_undoubted_own_value_is_in_the_summaries_and_no_answer_takes_it_out(
    reading: Reading | None, event: HypoEvent | None, here: Circumstances
) -> None:
    verdict = judge(reading, event, here)
    assert verdict.in_summaries is judge(reading, None, here).in_summaries
    if verdict.in_summaries:
        assert reading is not None
        assert reading.device == "meter" and not reading.is_excluded
