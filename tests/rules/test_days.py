from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary.rules.days import age_years, local_day, parse_instant
from diary.rules.refusals import Refusal

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=OFFSETS)


def code_of(text: object) -> str:
    parsed = parse_instant(text)
    assert isinstance(parsed, Refusal), parsed
    return parsed.code


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-01T07:10:00+08:00", "2026-02-28T23:10:00+00:00"),
        ("2026-03-01T07:10:00Z", "2026-03-01T07:10:00+00:00"),
        ("2026-03-01t07:10:00z", "2026-03-01T07:10:00+00:00"),
        ("2026-03-01T07:10:00.5-03:30", "2026-03-01T10:40:00.500000+00:00"),
        ("2026-03-01T07:10:00.123456789+00:00", "2026-03-01T07:10:00.123456+00:00"),
        ("2024-02-29T23:59:59+08:00", "2024-02-29T15:59:59+00:00"),
    ],
)
def test_an_instant_is_read_with_its_offset(text: str, utc: str) -> None:
    parsed = parse_instant(text)
    assert isinstance(parsed, datetime)
    assert parsed.astimezone(UTC).isoformat() == utc


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "time_unreadable"),
        (None, "time_unreadable"),
        (1772323800, "time_unreadable"),
        ("yesterday", "time_unreadable"),
        ("2026-03-01", "time_unreadable"),
        ("2026-03-01 07:10:00+08:00", "time_unreadable"),
        ("2026-03-01T07:10+08:00", "time_unreadable"),
        ("2026-3-1T07:10:00+08:00", "time_unreadable"),
        ("２０２６-03-01T07:10:00+08:00", "time_unreadable"),
        ("2026-03-01T07:10:00+0800", "time_unreadable"),
        ("2026-03-01T07:10:00+08:00\n", "time_unreadable"),
        ("2026-03-01T07:10:00,5+08:00", "time_unreadable"),
        ("-026-03-01T07:10:00+08:00", "time_unreadable"),
        ("2026-W09-1T07:10:00+08:00", "time_unreadable"),
        ("2026-03-01T07:10:00", "time_without_offset"),
        ("2026-03-01T07:10:00-00:00", "time_without_offset"),
        ("1991-06-31T07:50:00+08:00", "time_impossible"),
        ("2026-02-29T07:50:00+08:00", "time_impossible"),
        ("2026-13-01T07:50:00+08:00", "time_impossible"),
        ("2026-00-10T07:50:00+08:00", "time_impossible"),
        ("2026-03-01T24:00:00+08:00", "time_impossible"),
        ("2026-03-01T23:60:00+08:00", "time_impossible"),
        ("2016-12-31T23:59:60Z", "time_impossible"),
        ("2026-03-01T07:10:00+24:00", "time_impossible"),
        ("2026-03-01T07:10:00+08:60", "time_unreadable"),
        ("0000-01-01T00:00:00Z", "time_impossible"),
        ("0001-01-01T00:00:00+08:00", "time_impossible"),
        ("9999-12-31T23:59:59-08:00", "time_impossible"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_code_that_fits(text: object, code: str) -> None:
    assert code_of(text) == code


@given(INSTANTS)
def test_every_instant_written_out_reads_the_same_again(instant: datetime) -> None:
    text = instant.isoformat() if instant.microsecond else instant.isoformat(timespec="milliseconds")
    parsed = parse_instant(text)
    assert parsed == instant
    assert isinstance(parsed, datetime)
    assert parsed.utcoffset() == instant.utcoffset()
    assert local_day(parsed) == date.fromisoformat(text[:10])


@given(st.text() | st.text("0123456789-:TZ+.", max_size=30) | st.integers() | st.none())
def test_no_input_whatever_breaks_the_reading_of_a_time(text: Any) -> None:
    parsed = parse_instant(text)
    if isinstance(parsed, Refusal):
        assert all(value.isprintable() for value in parsed.fields.values())


def test_the_day_is_the_one_on_the_wall_where_it_happened() -> None:
    late = parse_instant("2026-03-01T23:30:00-05:00")
    assert isinstance(late, datetime)
    assert local_day(late) == date(2026, 3, 1)
    assert local_day(late.astimezone(UTC)) == date(2026, 3, 2)
    with pytest.raises(ValueError, match="offset"):
        local_day(datetime(2026, 3, 1))


def test_age_grows_on_the_birthday_and_on_1_march_for_29_february() -> None:
    born = date(2008, 3, 15)
    assert age_years(born, date(2026, 3, 14)) == 17
    assert age_years(born, date(2026, 3, 15)) == 18
    leap = date(2008, 2, 29)
    assert age_years(leap, date(2026, 2, 28)) == 17
    assert age_years(leap, date(2026, 3, 1)) == 18
    assert age_years(leap, date(2028, 2, 29)) == 20
