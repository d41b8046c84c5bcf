"""The only reader of the clock; instants are aware UTC datetimes, as text always 24 characters wide."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)


def now() -> datetime:
    """The present instant, UTC, cut to the milliseconds that the database keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def to_text(instant: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.sssZ`; ValueError for a datetime without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return _utc_text(instant if instant.tzinfo is UTC else instant.astimezone(UTC))


# The same few instants are written down thousands of times in a tick. UTC only: in a zone whose clock goes
# back, two instants of one hour are equal to Python.
@lru_cache(maxsize=4096)
def _utc_text(instant: datetime) -> str:
    return f"{instant.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def from_text(text: str) -> datetime:
    """The instant of `YYYY-MM-DDTHH:MM:SS.sssZ`; ValueError for any other form."""
    instant = datetime.fromisoformat(text)
    # fromisoformat reads many other forms too; only one comes back as it was.
    if instant.tzinfo is None or to_text(instant) != text:
        raise ValueError(f"not an instant of the database: {text!r}")
    return instant


def shifted(instant: datetime, by: timedelta) -> datetime:
    """So much later or earlier; what would leave the years 1 to 9999 stays at their edge.

    Clocks of phones may say anything, and no answer may fail on it.
    """
    try:
        return instant.astimezone(UTC) + by
    except OverflowError:
        return LAST if by > timedelta(0) else FIRST
