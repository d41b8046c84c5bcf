"""An instant as text, in the hour that a clock shows twice."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from diary import clock


def test_the_hour_that_comes_twice_is_two_instants() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    second = first.replace(fold=1)
    assert first == second, "to Python they are one"
    assert clock.to_text(first) == "2026-10-25T00:30:00.000Z"
    assert clock.to_text(second) == "2026-10-25T01:30:00.000Z"
    assert clock.to_text(first) == "2026-10-25T00:30:00.000Z"


def test_what_is_written_once_is_written_the_same_again() -> None:
    at = datetime(2026, 3, 2, 4, 0, 0, 123_456, tzinfo=UTC)
    assert [clock.to_text(at) for _ in range(2)] == ["2026-03-02T04:00:00.123Z"] * 2
