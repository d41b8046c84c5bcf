from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules import entries
from diary.rules.entries import PARTICIPANT_KINDS, STAFF_KINDS, field_changes, may_write, window
from diary.rules.roles import ROLES
from tests.rules.readings import STUDY
from tests.shared import cases

BODIES = st.dictionaries(
    st.sampled_from("abc"),
    st.none()
    | st.booleans()
    | st.integers(0, 2)
    | st.sampled_from(["2.9", "2.90"])
    | st.lists(st.integers(0, 1)),
)


@pytest.mark.parametrize("case", cases("window.json"), ids=lambda case: case["name"])
def test_an_entry_is_free_late_or_held_as_the_case_says(case: dict[str, Any]) -> None:
    occurred_at = datetime.fromisoformat(case["occurred_at"])
    recorded_at = datetime.fromisoformat(case["recorded_at"])
    state = window(case["origin"], occurred_at, recorded_at, case["reason"], STUDY.window)
    assert state == case["expect"]


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6), st.sampled_from([None, "", "lost my phone"]))
def test_waiting_longer_never_opens_the_window_again(age_s: int, more_s: int, reason: str | None) -> None:
    order = ("free", "late", "held")
    start = datetime.fromisoformat("2026-03-01T08:00:00+08:00")
    ages = (timedelta(seconds=age_s), timedelta(seconds=age_s + more_s))
    states = [window("typed", start, start + age, reason, STUDY.window) for age in ages]
    assert order.index(states[0]) <= order.index(states[1])


def test_the_kinds_are_those_of_the_contract() -> None:
    assert len(PARTICIPANT_KINDS) == 15
    assert len(STAFF_KINDS) == 7
    assert not PARTICIPANT_KINDS & STAFF_KINDS


def test_participants_and_guardians_write_the_log_and_a_guardian_no_contraception() -> None:
    for kind in PARTICIPANT_KINDS:
        assert may_write("participant", kind)
        assert may_write("guardian", kind) is (kind != "contraception")
    for kind in STAFF_KINDS:
        assert not may_write("participant", kind)
        assert not may_write("guardian", kind)


def test_site_staff_write_their_kinds_and_transcribe_paper_and_nobody_else_writes() -> None:
    for kind in PARTICIPANT_KINDS | STAFF_KINDS:
        writers = {role for role in ROLES if may_write(role, kind)}
        assert {"coordinator", "investigator"} <= writers
        assert not {"monitor", "administrator"} & writers
    assert not any(may_write(role, "blood_pressure") for role in ROLES)


def test_changes_name_nested_fields_in_order() -> None:
    old = {"kind": "reading", "data": {"value": "2.8", "unit": "mmol/L"}}
    new = {"kind": "reading", "data": {"value": "3.8", "unit": "mmol/L", "context": "night"}}
    assert field_changes(old, new) == [("data.context", None, "night"), ("data.value", "2.8", "3.8")]


def test_a_withdrawal_and_a_first_version_change_every_field() -> None:
    body = {"data": {"value": "2.8", "unit": "mmol/L"}}
    assert field_changes(body, None) == [("data.unit", "mmol/L", None), ("data.value", "2.8", None)]
    assert field_changes(None, body) == [("data.unit", None, "mmol/L"), ("data.value", None, "2.8")]


def test_a_withdrawal_of_the_data_alone_shows_what_was_there() -> None:
    assert field_changes({"data": {"value": "2.8"}}, {"data": None}) == [("data.value", "2.8", None)]


def test_values_that_merely_equal_each_other_are_changes() -> None:
    changed = field_changes({"a": True, "b": "2.9", "c": [1]}, {"a": 1, "b": "2.90", "c": [True]})
    assert [name for name, _, _ in changed] == ["a", "b", "c"]


@given(BODIES, BODIES)
def test_what_changed_is_enough_to_make_the_new_version_from_the_old(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    made = {name: value for name, value in old.items() if value is not None}
    for name, before, after in field_changes(old, new):
        assert made.get(name) == before
        made[name] = after
    wanted = {name: value for name, value in new.items() if value is not None}
    assert {name: value for name, value in made.items() if value is not None} == wanted
    assert field_changes(new, new) == []


def test_every_origin_but_typed_is_always_free() -> None:
    start = datetime.fromisoformat("2026-03-01T08:00:00+08:00")
    for origin in entries.ORIGINS:
        state = window(origin, start, start + timedelta(days=400), None, STUDY.window)
        assert state == ("held" if origin == "typed" else "free")


def test_contraception_and_pregnancy_tests_are_the_section_that_a_guardian_does_not_see() -> None:
    hidden = {kind for kind in PARTICIPANT_KINDS | STAFF_KINDS if entries.is_contraception(kind)}
    assert hidden == {"contraception", "pregnancy_test"}
    assert not entries.is_contraception(None)
