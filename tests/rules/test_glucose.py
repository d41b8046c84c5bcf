from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules import glucose as rules
from diary.rules.glucose import Band, Glucose, band, looks_severe, parse_glucose
from diary.rules.refusals import Refusal
from tests.rules.readings import LIMITS, glucose
from tests.shared import cases

CASES = cases("glucose_text.json")
RANK = {name: place for place, name in enumerate(get_args(Band))}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{str(case['text'])[:20]!r} {case['unit']}")
def test_a_text_is_read_or_refused_as_the_case_says(case: dict[str, Any]) -> None:
    parsed = parse_glucose(case["text"], case["unit"], LIMITS)
    expect = case["expect"]
    if "refused" in expect:
        assert isinstance(parsed, Refusal), parsed
        assert parsed.code == expect["refused"]
        assert looks_severe(case["text"], case["unit"], LIMITS) is expect["looks_severe"]
        return
    assert isinstance(parsed, Glucose), parsed
    assert (parsed.text, parsed.unit, parsed.censored) == (expect["text"], expect["unit"], expect["censored"])
    assert parsed.number == (None if expect["number"] is None else Decimal(expect["number"]))
    assert band(parsed, LIMITS) == expect["band"]
    assert rules.needs_confirmation(parsed, LIMITS) is expect["needs_confirmation"]
    assert rules.is_below_meter(parsed, LIMITS) is expect["is_below_meter"]


def test_the_cases_show_every_refusal_and_every_band() -> None:
    shown = {case["expect"].get("refused") or case["expect"]["band"] for case in CASES}
    assert shown == {*rules.REFUSAL_CODES, *RANK}


# The oracles below are written as tables of whole numbers: tenths of mmol/L, whole mg/dL.
MGDL_TABLE = (
    (range(10, 53), "severe"),
    (range(53, 54), "level2"),
    (range(54, 70), "level1"),
    (range(70, 181), "in_range"),
    (range(181, 251), "high"),
    (range(251, 601), "very_high"),
)
TENTHS_TABLE = (
    (range(1, 29), "severe"),
    (range(29, 30), "level2"),
    (range(30, 39), "level1"),
    (range(39, 101), "in_range"),
    (range(101, 140), "high"),
    (range(140, 334), "very_high"),
)


def from_table(table: tuple[tuple[range, str], ...], number: int) -> str:
    (name,) = [name for numbers, name in table if number in numbers]
    return name


def test_every_whole_mgdl_stands_where_the_table_says() -> None:
    for number in range(10, 601):
        value = glucose(str(number), "mg/dL")
        below_limit = Fraction(number) / Fraction("18.01559") < Fraction("2.9")
        assert band(value, LIMITS) == from_table(MGDL_TABLE, number), number
        assert rules.is_severe_by_value(value, LIMITS) is below_limit, number
        assert rules.is_low(value, LIMITS) is (number < 70), number
        assert rules.needs_confirmation(value, LIMITS) is (number >= 504), number
        assert rules.is_below_meter(value, LIMITS) is (number < 20), number


def test_every_tenth_of_a_mmol_stands_where_the_table_says() -> None:
    for tenths in range(1, 334):
        value = glucose(f"{tenths // 10}.{tenths % 10}")
        assert band(value, LIMITS) == from_table(TENTHS_TABLE, tenths), tenths
        assert rules.is_severe_by_value(value, LIMITS) is (tenths < 29), tenths
        assert rules.is_low(value, LIMITS) is (tenths < 39), tenths
        assert rules.needs_confirmation(value, LIMITS) is (tenths >= 280), tenths
        assert rules.is_below_meter(value, LIMITS) is (tenths < 11), tenths


def test_whole_mgdl_outside_10_to_600_are_refused() -> None:
    for number in (*range(1, 10), *range(601, 700)):
        parsed = parse_glucose(str(number), "mg/dL", LIMITS)
        assert isinstance(parsed, Refusal), number
        assert parsed.code == ("glucose_did_you_mean_mmol" if number < 10 else "glucose_impossible")
        assert looks_severe(str(number), "mg/dL", LIMITS) is (number < 3), number


def test_a_mgdl_number_in_the_mmol_field_is_asked_about_and_seen_if_severe() -> None:
    for number in range(34, 601):
        parsed = parse_glucose(str(number), "mmol/L", LIMITS)
        assert isinstance(parsed, Refusal), number
        assert parsed.code == "glucose_did_you_mean_mgdl"
        assert looks_severe(str(number), "mmol/L", LIMITS) is (number <= 52), number


@given(st.decimals("0.01", "33.3", places=2), st.decimals("0.01", "33.3", places=2))
def test_a_higher_number_never_stands_in_a_lower_band(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    bands = [RANK[band(glucose(str(number)), LIMITS)] for number in (low, high)]
    assert bands[0] <= bands[1]


def test_lo_is_below_and_hi_above_every_number() -> None:
    ladder = ["LO", "0.01", "2.89", "2.9", "3", "3.9", "10", "10.1", "13.9", "14", "33.3", "HI"]
    ranks = [RANK[band(glucose(text), LIMITS)] for text in ladder]
    assert ranks == sorted(ranks)
    assert ranks.count(ranks[0]) == ranks.count(ranks[-1]) == 1


@given(
    st.integers(1, 333),
    st.sampled_from(["", " ", "\u3000", "\t"]),
    st.sampled_from(["", "mmol/L", " ｍｍｏｌ／Ｌ"]),
)
def test_every_way_of_typing_one_number_reads_the_same(tenths: int, blank: str, unit: str) -> None:
    plain = f"{tenths // 10}.{tenths % 10}"
    wide = plain.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    for text in (plain, plain.replace(".", ","), wide, plain.replace(".", "。")):
        assert parse_glucose(f"{blank}{text}{blank}{unit}", "mmol/L", LIMITS) == glucose(plain)


@given(
    st.text() | st.text("0123456789.,-LOHIlohi 低高eE", max_size=8),
    st.sampled_from(["mmol/L", "mg/dL", None]),
)
def test_what_was_read_reads_the_same_again(text: str, unit: str | None) -> None:
    parsed = parse_glucose(text, unit, LIMITS)
    if isinstance(parsed, Glucose):
        assert parse_glucose(parsed.text, parsed.unit, LIMITS) == parsed
        assert (parsed.number is None) is (parsed.censored is not None)
        assert parsed.number is None or (parsed.number > 0 and parsed.unit is not None)


@given(JSON, JSON)
def test_no_json_whatever_breaks_the_reading_of_it(text: Any, unit: Any) -> None:
    parsed = parse_glucose(text, unit, LIMITS)
    looks_severe(text, unit, LIMITS)
    if isinstance(parsed, Refusal):
        assert parsed.code in rules.REFUSAL_CODES
        assert all(value.isprintable() and len(value) <= 40 for value in parsed.fields.values())


@given(st.text(st.characters(categories=["Nd", "Nl", "No"]), min_size=1, max_size=3))
def test_digits_of_other_scripts_never_become_a_value(text: str) -> None:
    ours = all(char in "0123456789０１２３４５６７８９" for char in text)
    parsed = parse_glucose(text, "mg/dL", LIMITS)
    assert ours or (isinstance(parsed, Refusal) and parsed.code == "glucose_not_a_number")


@given(st.decimals("0.01", "2.89", places=2), st.sampled_from(["", "-", "+", "<", "~", "about "]))
def test_a_refused_text_with_a_severe_number_is_seen(number: Decimal, before: str) -> None:
    for unit in ("mmol/L", "mg/dL", None, "stones"):
        parsed = parse_glucose(f"{before}{number}", unit, LIMITS)
        assert isinstance(parsed, Glucose) or looks_severe(f"{before}{number}", unit, LIMITS)


def test_converting_is_exact_to_the_published_factor_and_leaves_lo_and_hi_alone() -> None:
    assert rules.to_mgdl(glucose("2.9"), LIMITS) == Decimal("52.245211")
    assert rules.to_mgdl(glucose("52", "mg/dL"), LIMITS) == Decimal(52)
    assert rules.to_mmol(glucose("2.9"), LIMITS) == Decimal("2.9")
    mmol = rules.to_mmol(glucose("54", "mg/dL"), LIMITS)
    assert mmol is not None and Decimal("2.99740") < mmol < Decimal("2.99741")
    assert rules.to_mmol(glucose("LO"), LIMITS) is None
    assert rules.to_mgdl(glucose("HI"), LIMITS) is None


def test_a_value_keeps_the_digits_that_were_shown() -> None:
    assert glucose("2.90").text == "2.90"
    assert glucose("2.90").number == glucose("2.9").number
