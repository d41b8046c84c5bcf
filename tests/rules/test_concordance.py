"""Meter against log: omitted, phantom, altered."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from diary.rules.concordance import Value, compare

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def value(root: str, minutes: int, text: str) -> Value:
    return Value(root, NOON + timedelta(minutes=minutes), text, None if text.isalpha() else "mmol/L")


def found(meter: list[Value], log: list[Value]) -> list[tuple[str, str | None, str | None]]:
    return [
        (p.finding, p.meter.root_id if p.meter else None, p.log.root_id if p.log else None)
        for p in compare(meter, log)
    ]


def test_each_kind_of_difference_is_named() -> None:
    meter = [value("m1", 0, "5.0"), value("m2", 120, "2.6"), value("m3", 240, "9.1")]
    log = [value("w1", 5, "5"), value("w2", 118, "4.6"), value("w4", 60, "6.0")]
    assert found(meter, log) == [
        ("agrees", "m1", "w1"), ("phantom", None, "w4"), ("altered", "m2", "w2"), ("omitted", "m3", None),
    ]  # fmt: skip


def test_an_equal_value_is_paired_before_a_nearer_one() -> None:
    meter = [value("m1", 0, "5.0"), value("m2", 10, "7.0")]
    assert found(meter, [value("w1", 8, "5.0")]) == [("agrees", "m1", "w1"), ("omitted", "m2", None)]


def test_nothing_is_said_of_what_the_meter_does_not_remember() -> None:
    assert found([], [value("w1", 0, "5.0")]) == []
    assert found([value("m1", 0, "5.0")], [value("w1", -60, "5.0")]) == [("omitted", "m1", None)]


def test_lo_agrees_with_lo_only_and_units_are_not_mixed() -> None:
    assert found([value("m", 0, "LO")], [value("w", 0, "LO")])[0][0] == "agrees"
    assert found([value("m", 0, "LO")], [value("w", 0, "1.1")])[0][0] == "altered"
    in_mgdl = Value("w", NOON, "52", "mg/dL")
    assert found([value("m", 0, "2.9")], [in_mgdl])[0][0] == "altered"


sides = st.lists(st.tuples(st.integers(0, 600), st.sampled_from(["LO", "5.0", "6.1", "7.2"])), max_size=12)


@given(sides, sides)
def test_every_value_appears_at_most_once(one: list[tuple[int, str]], other: list[tuple[int, str]]) -> None:
    meter = [value(f"m{n}", *side) for n, side in enumerate(one)]
    log = [value(f"w{n}", *side) for n, side in enumerate(other)]
    pairs = compare(meter, log)
    seen = [side.root_id for pair in pairs for side in (pair.meter, pair.log) if side]
    assert len(seen) == len(set(seen))
    assert sum(pair.meter is not None for pair in pairs) == len(meter)
