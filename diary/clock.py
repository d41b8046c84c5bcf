"""The only reader of the clock; instants are aware UTC datetimes, as text always 24 characters wide."""

from datetime import UTC, datetime

_TEXT = "%Y-%m-%dT%H:%M:%S.%fZ"


def now() -> datetime:
    """The present instant, UTC, cut to the milliseconds that the database keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def to_text(instant: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.sssZ`; ValueError for a datetime without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    utc = instant.astimezone(UTC)
    # The year by hand: strftime does not pad years before 1000 everywhere, and the text must sort.
    return f"{utc.year:04d}-{utc:%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """The instant of `YYYY-MM-DDTHH:MM:SS.sssZ`; ValueError for any other form."""
    if len(text) != 24 or text[-1] != "Z" or text[19] != ".":
        raise ValueError(f"not an instant of the database: {text!r}")
    return datetime.strptime(text, _TEXT).replace(tzinfo=UTC)
