from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary import clock

instants = st.datetimes(
    timezones=st.timezones() | st.just(UTC), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)
)


@given(instants)
def test_an_instant_survives_as_text_to_the_millisecond(instant: datetime) -> None:
    back = clock.from_text(clock.to_text(instant))
    assert timedelta(0) <= instant - back < timedelta(milliseconds=1)
    assert back.utcoffset() == timedelta(0)


@given(instants, instants)
def test_texts_sort_as_the_instants_do(one: datetime, other: datetime) -> None:
    if one <= other:
        assert clock.to_text(one) <= clock.to_text(other)


def test_the_text_is_utc_and_24_characters_wide() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert clock.to_text(datetime(2026, 3, 1, 7, 10, tzinfo=shanghai)) == "2026-02-28T23:10:00.000Z"


def test_now_is_utc_and_survives_as_text_unchanged() -> None:
    now = clock.now()
    assert clock.from_text(clock.to_text(now)) == now


def test_a_datetime_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="zone"):
        clock.to_text(datetime(2026, 3, 1))


@pytest.mark.parametrize(
    "text",
    ["", "2026-03-01", "2026-03-01T07:10:00Z", "2026-03-01T07:10:00.000+08:00", "2026-03-01 07:10:00.000Z"],
)
def test_another_form_of_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        clock.from_text(text)
