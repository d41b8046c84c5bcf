"""Hours in which nobody is told again, or by another way, of what can wait."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(now: datetime, zone: str, quiet_from: str, quiet_to: str) -> datetime | None:
    """The end of the quiet hours that `now` is in, by the person's wall clock; None outside of them.

    The hours may go over midnight. An end that a clock change leaves out is the first instant after it.
    """
    local = now.astimezone(ZoneInfo(zone))
    start, end = time.fromisoformat(quiet_from), time.fromisoformat(quiet_to)
    wall = local.time().replace(tzinfo=None)
    over_midnight = end <= start
    inside = wall >= start or wall < end if over_midnight else start <= wall < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1) if over_midnight and wall >= start else local.date()
    return datetime.combine(day, end, tzinfo=ZoneInfo(zone)).astimezone(now.tzinfo)
