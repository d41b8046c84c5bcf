"""Glucose summaries: the days add up to the span, and the span is what was published for real diaries."""

import json
import math
import statistics
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import study_file
from diary.rules import glucose
from diary.rules.summaries import DaySummary, Point, combine, day_summary, from_plain, risk, to_plain

STUDY = study_file.load()
START = datetime(2026, 3, 2, tzinfo=UTC)


def point(at: datetime, text: str) -> Point:
    parsed = glucose.parse_glucose(text, None if text.isalpha() else "mmol/L", STUDY.glucose)
    assert isinstance(parsed, glucose.Glucose)
    band = glucose.band(parsed, STUDY.glucose)
    mmol, mgdl = glucose.to_mmol(parsed, STUDY.glucose), glucose.to_mgdl(parsed, STUDY.glucose)
    return Point(at, band, None if mmol is None else float(mmol), None if mgdl is None else float(mgdl))


def by_day(points: list[Point]) -> dict[date, DaySummary]:
    days: dict[date, list[Point]] = {}
    for one in points:
        days.setdefault(one.at.date(), []).append(one)
    return {day: from_plain(json.loads(json.dumps(to_plain(day_summary(of))))) for day, of in days.items()}


def test_lo_and_hi_count_in_shares_and_are_left_out_of_means() -> None:
    points = [point(START + timedelta(hours=h), text) for h, text in enumerate(("LO", "2.8", "5.0", "HI"))]
    found = combine(by_day(points), START.date(), START.date())
    assert (found.n, found.numbers, found.count_severe, found.count_lo, found.count_hi) == (4, 2, 2, 1, 1)
    assert (found.below_pct, found.in_range_pct, found.very_high_pct) == (50, 25, 25)
    assert found.mean == pytest.approx(3.9)
    assert (found.min, found.max) == (2.8, 5.0)


def test_a_span_without_readings_has_no_figures_and_no_zeros_in_their_place() -> None:
    found = combine({}, START.date(), START.date() + timedelta(days=6))
    assert (found.n, found.days, found.span_days, found.per_day) == (0, 0, 7, 0)
    for name in ("mean", "sd", "cv", "min", "max", "in_range_pct", "below_pct", "lbgi", "hbgi", "adrr", "li"):
        assert getattr(found, name) is None, name


def test_one_reading_has_a_mean_and_no_deviation() -> None:
    found = combine(by_day([point(START, "6.0")]), START.date(), START.date())
    assert (found.mean, found.sd, found.cv) == (6.0, None, None)


@pytest.mark.parametrize(
    ("text", "band_counted"), [("2.9", "count_level2"), ("3.0", "count_below"), ("2.8", "count_severe")]
)
def test_limits_are_the_published_ones(text: str, band_counted: str) -> None:
    found = combine(by_day([point(START, text)]), START.date(), START.date())
    counts = [found.count_below, found.count_level2, found.count_severe]
    wanted = {"count_below": [1, 0, 0], "count_level2": [1, 1, 0], "count_severe": [1, 1, 1]}
    assert counts == wanted[band_counted]


def test_adrr_needs_fourteen_days_with_three_readings() -> None:
    days = [
        point(START + timedelta(days=d, hours=h), text)
        for d in range(14)
        for h, text in ((1, "3.0"), (8, "6.0"), (15, "15.0"))
    ]
    last = START.date() + timedelta(days=13)
    wanted = risk(3.0 * 18.01559)[0] + risk(15.0 * 18.01559)[1]
    assert combine(by_day(days), START.date(), last).adrr == pytest.approx(wanted)
    assert combine(by_day(days[1:]), START.date(), last).adrr is None


def test_the_lability_index_comes_from_full_weeks_and_crosses_midnight() -> None:
    """Every 8 h by 2 mmol/L up and down: 4/8 a pair, 20 pairs a week of 21 readings."""
    points = [point(START + timedelta(hours=8 * n), "8.0" if n % 2 else "6.0") for n in range(21 * 4)]
    days = by_day(points)
    four = combine(days, START.date(), START.date() + timedelta(days=27))
    assert four.li_weeks == 4 and four.li == pytest.approx(10.0)
    three = combine(days, START.date(), START.date() + timedelta(days=26))
    assert (three.li_weeks, three.li) == (3, None)


values = st.one_of(
    st.sampled_from(["LO", "HI"]),
    st.decimals("1.1", "33.3", places=1).map(lambda number: str(Decimal(number))),
)
readings = st.lists(st.tuples(st.integers(0, 60 * 24 * 60), values), max_size=60)


@given(readings, st.randoms())
def test_days_add_up_to_the_same_as_all_readings_at_once_in_any_order(
    taken: list[tuple[int, str]], random: object
) -> None:
    points = [point(START + timedelta(minutes=minutes), text) for minutes, text in taken]
    last = START.date() + timedelta(days=60)
    found = combine(by_day(points), START.date(), last)
    shuffled = sorted(points, key=lambda p: random.random())  # type: ignore[attr-defined]
    assert combine(by_day(shuffled), START.date(), last) == found
    numbers = [p.mmol for p in points if p.mmol is not None]
    assert found.n == len(points)
    if numbers:
        assert found.mean == pytest.approx(statistics.fmean(numbers), rel=1e-12)
        mgdl = [p.mgdl for p in points if p.mgdl is not None]
        assert found.lbgi == pytest.approx(math.fsum(risk(v)[0] for v in mgdl) / len(mgdl), rel=1e-9)
    if len(numbers) > 1:
        assert found.sd == pytest.approx(statistics.stdev(numbers), rel=1e-9, abs=1e-12)
