"""What must be there when somebody first looks: told apart from the rest, mostly of the last hours."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from diary.demo import words
from diary.demo.stage import Life, Stage, Written, entry_id
from diary.store.actors import Actor


class Hours:
    """The last hours of one participant; the times are minutes before the present."""

    def __init__(self, stage: Stage, life: Life) -> None:
        self.stage = stage
        self.life = life
        self.zone = ZoneInfo(life.row["zone"])

    def log(
        self, minutes_ago: float, kind: str, data: dict[str, Any], *, written_ago: float | None = None,
        by: Actor | None = None, **more: Any,
    ) -> str:  # fmt: skip
        """Written down `written_ago` minutes before the present, at once unless given."""
        at = self._ago(minutes_ago)
        recorded_at = self._ago(minutes_ago - 0.5 if written_ago is None else written_ago)
        if by:
            more["proxy_reason"] = words.PROXY[self.life.person.language][0]
        written = Written(kind, at, recorded_at, data, entry_id(self.life.rng, recorded_at), by=by, **more)
        self.stage.send_at(recorded_at + timedelta(seconds=2), self.life, written)
        return written.id

    def reading(self, minutes_ago: float, value: str, context: str = "symptoms", **more: Any) -> str:
        data = {"value": value, "context": context, "device": "meter", "sample": "capillary"}
        return self.log(minutes_ago, "reading", data if value == "LO" else data | {"unit": "mmol/L"}, **more)

    def _ago(self, minutes: float) -> datetime:
        return (self.stage.end - timedelta(minutes=minutes)).astimezone(self.zone)


def _lo_without_answer(hours: Hours) -> None:
    """The one page: nobody has answered, nobody has re-checked."""
    hours.reading(38, "LO")


def _severe_and_recovered(hours: Hours) -> None:
    low = hours.reading(162, "2.6")
    hours.log(160, "hypo_event", _answers(low, "yes", "nobody"), written_ago=157)
    hours.reading(145, "5.1")


def _child_with_carer(hours: Hours) -> None:
    mother = hours.life.guardians[0]
    low = hours.reading(76, "3.3", by=mother)
    hours.log(75, "hypo_event", _answers(low, "no", "family"), by=mother)
    hours.reading(58, "6.2", by=mother)


def _not_sure(hours: Hours) -> None:
    low = hours.reading(240, "3.4")
    hours.log(238, "hypo_event", {"reading_id": low, "could_self_treat": "unknown"})
    hours.reading(222, "5.6")


def _fever(hours: Hours) -> None:
    hours.log(290, "ketone", {"value": "0.3", "unit": "mmol/L"})
    hours.log(
        300, "illness", {"symptoms": ["fever", "cough"], "temperature_c": "38.4", "persistent_vomiting": "no"}
    )


def _wants_a_call(hours: Hours) -> None:
    hours.log(95, "call_me", {"text": words.CALL_ME[hours.life.person.language][0]})


def _unreadable(hours: Hours) -> None:
    hours.log(330, "reading", {"value": "0Lo", "context": "before_lunch"}, expected=("refused",))


def _from_last_week(hours: Hours) -> None:
    for days, value, context in (
        (5, "7.4", "before_breakfast"),
        (5, "8.9", "bedtime"),
        (4, "6.8", "before_lunch"),
    ):
        hours.reading(days * 1440 + 200, value, context, written_ago=400, expected=("held",))


def _answers(reading_id: str, could_self_treat: str, helped_by: str) -> dict[str, Any]:
    return {
        "reading_id": reading_id,
        "could_self_treat": could_self_treat,
        "helped_by": helped_by,
        "symptoms": ["shaky"],
        "lost_consciousness": "no",
        "seizure": "no",
        "treatment": ["food"],
    }


def _held_and_accepted(hours: Hours) -> None:
    hours.reading(13 * 1440, "7.7", "before_lunch", written_ago=9 * 1440, expected=("held",))


# When each is written, in hours before the present.
_LAST: dict[str, tuple[float, Callable[[Hours], None]]] = {
    "S001": (12, _from_last_week),
    "S002": (12, _unreadable),
    "S003": (12, _lo_without_answer),
    "S004": (12, _child_with_carer),
    "S007": (12, _fever),
    "S008": (12, _severe_and_recovered),
    "S012": (9 * 24 + 1, _held_and_accepted),
    "S014": (12, _wants_a_call),
    "S016": (12, _not_sure),
}


def plan(stage: Stage, life: Life) -> None:
    """Ask for the last hours of this participant, if anything is special about them."""
    if life.person.subject in _LAST:
        hours, last = _LAST[life.person.subject]
        stage.at(stage.end - timedelta(hours=hours), lambda _: last(Hours(stage, life)))
