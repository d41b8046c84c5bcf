"""Doses, insulin and contraception of one participant's day."""

from datetime import date, datetime
from typing import Any, Final

from diary.db import Row
from diary.demo import words
from diary.demo.keeping import MINUTE, Keeper, Pace
from diary.demo.stage import Life, Stage

_SKIPPED: Final = ("forgot", "forgot", "ran_out", "side_effects", "vomiting", "told_by_site", "other")
_BASAL: Final = {"zh-CN": "甘精胰岛素", "en": "glargine"}
_BOLUS: Final = {"zh-CN": "门冬胰岛素", "en": "aspart"}
# A graft that does more than this needs no insulin beside it.
INSULIN_FREE_FROM: Final = 0.84


class Medicines:
    """What is taken, as it is prescribed on that day."""

    def __init__(self, stage: Stage, life: Life, keeper: Keeper) -> None:
        self.stage = stage
        self.life = life
        self.rng = life.rng
        self.keeper = keeper
        self.forgetting = 0
        self.conflicts = 0

    def doses(self, day: date, pace: Pace) -> None:
        """An answer to most of the day's doses: on time, late or skipped with a reason; some to none."""
        for schedule in self._prescribed("dose", day):
            for slot in schedule["times"]:
                due_at = self._due_at(day, slot)
                if self.life.begins_at <= due_at < self.life.ends_at:
                    self._dose(schedule, day, slot, due_at, pace)

    def _dose(self, schedule: Row, day: date, slot: str, due_at: datetime, pace: Pace) -> None:
        answer: dict[str, Any] = {"schedule_id": schedule["id"], "due_day": day.isoformat(), "slot": slot}
        chance = self.rng.random()
        if self.forgetting:
            chance, self.forgetting = 0.985, self.forgetting - 1
        elif chance > 0.998:
            # Two running: a trip without the box.
            self.forgetting = 1
        if chance < 0.018:
            return
        if chance > 0.98:
            answer |= {"status": "skipped", "skip_reason": self.rng.choice(_SKIPPED)}
            self.keeper.write("dose", due_at + 40 * MINUTE, answer, pace)
            return
        late = chance > 0.94
        after = self.rng.uniform(125, 300) if late else self.rng.gauss(9, 14)
        taken_at = due_at + after * MINUTE
        answer |= {"status": "taken", "taken_at": taken_at.isoformat(timespec="seconds")}
        if late:
            answer["text"] = self.rng.choice(words.DOSE_LATE[self.life.person.language])
        self._trough(schedule, day, answer, taken_at, pace)
        self.keeper.write("dose", taken_at, answer, pace)
        at_once = pace.prompt and not self.keeper.offline_until
        # Once for certain, so that every demo has one.
        if self.life.guardians and at_once and (chance < 0.03 or not self.conflicts):
            self.conflicts += 1
            self._second_phone(answer, taken_at, pace)

    def _trough(
        self, schedule: Row, day: date, answer: dict[str, Any], taken_at: datetime, pace: Pace
    ) -> None:
        """On the first of a month blood is drawn for the trough, before the morning's tacrolimus."""
        if day.day != 1 or schedule["drug"] != "tacrolimus" or answer["slot"] != schedule["times"][0]:
            return
        drawn_at = taken_at - 5 * MINUTE
        slot = {name: answer[name] for name in ("schedule_id", "due_day", "slot")}
        times = {"drawn_at": drawn_at, "last_dose_at": taken_at - 720 * MINUTE}
        data = {**slot, **{name: at.isoformat(timespec="seconds") for name, at in times.items()}}
        self.keeper.write("blood_draw", drawn_at, data, pace)

    def _second_phone(self, answer: dict[str, Any], taken_at: datetime, pace: Pace) -> None:
        """A guardian answers the same dose on another phone: that is a conflict to look at."""
        other = {**answer, "taken_at": (taken_at + 6 * MINUTE).isoformat(timespec="seconds")}
        self.keeper.write(
            "dose", taken_at + 6 * MINUTE, other, pace, by=self.life.guardians[-1],
            proxy_reason=words.PROXY[self.life.person.language][0], expected=("conflict",),
        )  # fmt: skip

    def insulin(self, day: date, function: float, pace: Pace) -> None:
        """The day's total or its single doses; fewer with a graft, in the end none."""
        if function > INSULIN_FREE_FROM:
            return
        person, rng = self.life.person, self.rng
        total = person.weight_kg * (0.68 * (1 - function) + 0.04) * rng.uniform(0.9, 1.1)
        if not person.single_doses:
            at = self.keeper.moment(day, 21, 30, 25)
            if self._in_diary(at) and rng.random() < 0.8:
                data = {"units": f"{total:.0f}", "type": "day_total"}
                self.keeper.write("insulin", at, data, pace)
            return
        for kind, product, hour, minute, part in (
            ("basal", _BASAL, 21, 30, 0.45), ("bolus", _BOLUS, 7, 15, 0.2), ("bolus", _BOLUS, 12, 0, 0.17),
            ("bolus", _BOLUS, 18, 5, 0.18),
        ):  # fmt: skip
            at = self.keeper.moment(day, hour, minute, 15)
            if self._in_diary(at) and rng.random() < 0.85:
                units = max(0.5, round(total * part * rng.uniform(0.85, 1.15) * 2) / 2)
                data = {"units": f"{units:.1f}", "type": kind, "product": product[person.language]}
                self.keeper.write("insulin", at, data, pace)

    def contraception(self, day: date) -> None:
        """Attested on the participant's own phone when it is due."""
        for schedule in self._prescribed("contraception", day):
            if not _is_due(schedule, day):
                continue
            slot = schedule["times"][0]
            at = self._due_at(day, slot) + self.rng.uniform(1, 90) * MINUTE
            if not self._in_diary(at) or self.rng.random() < 0.06:
                continue
            person = self.life.person
            slip = self.rng.random() < 0.02 and person.age >= self.stage.study.accounts.adult_age
            answer: dict[str, Any] = {
                "schedule_id": schedule["id"], "due_day": day.isoformat(), "slot": slot,
                "method": list(person.method), "used_as_agreed": "no" if slip else "yes",
            }  # fmt: skip
            if person.form:
                answer["form"] = person.form
            self.keeper.write("contraception", at, answer, self.keeper.at_once())

    def _prescribed(self, kind: str, day: date) -> list[Row]:
        return [
            schedule
            for schedule in self.life.schedules.values()
            if schedule["kind"] == kind
            and schedule["from_day"] <= day.isoformat() <= (schedule["to_day"] or "9999-12-31")
        ]

    def _due_at(self, day: date, slot: str) -> datetime:
        hour, minute = slot.split(":")
        at = self.keeper.moment(day, int(hour), int(minute))
        return at.replace(second=0)

    def _in_diary(self, at: datetime) -> bool:
        return self.life.begins_at <= at < self.life.ends_at


def _is_due(schedule: Row, day: date) -> bool:
    """The demo's two rhythms: every day, or monthly."""
    return schedule["rrule"] in (None, f"FREQ=MONTHLY;BYMONTHDAY={day.day}")


def monthly(day: date) -> str:
    """The rule for every month on this day, the 28th at the latest so that no month is without one."""
    return f"FREQ=MONTHLY;BYMONTHDAY={min(day.day, 28)}"
