"""A client that reads the real diaries (UCI AIM-94) and writes them as entries of origin `file`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

# The diaries come from St. Louis, Missouri. Their published figures take the times as the clock on the wall
# showed them, without a summer time: the same offset as St. Louis has in winter, all year.
ZONE = "America/Regina"
GLUCOSE_CONTEXT = {
    "48": None, "57": None, "58": "before_breakfast", "59": "after_breakfast", "60": "before_lunch",
    "61": "after_lunch", "62": "before_supper", "63": "after_supper", "64": "other",
}  # fmt: skip
INSULIN = {"33": ("bolus", "Regular"), "34": ("basal", "NPH"), "35": ("basal", "UltraLente")}
MEAL = {"66": "typical meal", "67": "more than usual", "68": "less than usual"}
EXERCISE = {"69": "moderate", "70": "hard", "71": "light"}


@dataclass(frozen=True)
class Line:
    """One line of a diary: its entry as it goes on the wire, or None for an undocumented code."""

    file: str
    number: int
    raw: str
    code: str
    entry: dict[str, Any] | None


def read(path: Path, recorded_at: str) -> Iterator[Line]:
    """Every line, broken ones included: what cannot be read is sent as it stands."""
    for number, text in enumerate(path.read_text(encoding="latin-1").splitlines(), start=1):
        day, time, code, value = text.split("\t")
        data = _data(code, value)
        entry = None
        if data:
            kind, body = data
            entry = {
                "id": str(uuid5(NAMESPACE_URL, f"uci-aim94/{path.name}/{number}")), "kind": kind,
                "occurred_at": _instant(day, time), "zone": ZONE, "recorded_at": recorded_at, "data": body,
                "origin": "file",
            }  # fmt: skip
        yield Line(path.name, number, text, code, entry)


def _instant(day: str, time: str) -> str:
    """RFC 3339 in the zone of the diaries; a date that does not exist goes out as it was written."""
    month, _, rest = day.partition("-")
    day_of_month, _, year = rest.partition("-")
    hour, _, minute = time.partition(":")
    text = f"{year}-{month}-{day_of_month}T{hour.zfill(2)}:{minute}:00"
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))
    except ValueError:
        return f"{text}-06:00"
    return local.isoformat()


def _data(code: str, value: str) -> tuple[str, dict[str, Any]] | None:
    if code in GLUCOSE_CONTEXT:
        body = {"value": value, "unit": "mg/dL", "device": "meter", "context": GLUCOSE_CONTEXT[code]}
        return "reading", {name: said for name, said in body.items() if said is not None}
    if code in INSULIN:
        kind, product = INSULIN[code]
        return "insulin", {"units": value, "type": kind, "product": product}
    if code == "65":
        return "hypo_event", {"symptoms": ["hypoglycaemic symptoms"]}
    if code in MEAL:
        return "meal", {"text": MEAL[code]}
    if code in EXERCISE:
        return "exercise", {"intensity": EXERCISE[code]}
    return ("note", {"text": "special event"}) if code == "72" else None
