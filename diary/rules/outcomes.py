"""What became of one attempt to hand a message over, in one closed set of words for all channels."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

# later: try again; gone: this address is no more; refused: this message will never be taken, by our fault;
# stopped: the service does not accept our signature, so it is left alone altogether.
Outcome = Literal["handed_over", "later", "gone", "refused", "stopped"]
FIRST_WAIT_S: Final = 2.0
LONGEST_WAIT_S: Final = 300.0


@dataclass(frozen=True)
class Result:
    """`status` is the answer's HTTP status where there was one; `error` holds nothing personal."""

    outcome: Outcome
    status: int | None = None
    error: str | None = None
    retry_after_s: float | None = None


def back_off_s(attempts: int, chance: float, retry_after_s: float | None = None) -> float:
    """Seconds until the next try: doubling, spread by `chance` (0 to 1), never before what was asked for."""
    doubled = min(FIRST_WAIT_S * float(2 ** min(attempts, 10)), LONGEST_WAIT_S)
    return max(retry_after_s or 0.0, doubled * (0.5 + chance))


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or an HTTP date; None without a readable one."""
    text = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,7}", text):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
        if at.tzinfo is None:
            return None
        return max((at - now) / timedelta(seconds=1), 0.0)
    except (ValueError, OverflowError):
        # Also a year, or an offset from UTC, that no calendar holds.
        return None
