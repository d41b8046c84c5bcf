"""What follows a low: the questions answered or not, sugar, the re-check, and the few that needed help."""

from datetime import datetime, timedelta
from typing import Any, Final

from diary.demo.body import Shown, shown
from diary.demo.keeping import MINUTE, Keeper, Pace
from diary.demo.stage import Life, Stage

_SYMPTOMS: Final = ("shaky", "sweating", "hungry", "headache", "confused", "tired", "pale")
_HELP: Final = (
    ({"helped_by": "family", "lost_consciousness": "no", "treatment": ["food"]}, 6),
    ({"helped_by": "family", "lost_consciousness": "no", "treatment": ["glucose_gel", "food"]}, 4),
    ({"helped_by": "other", "lost_consciousness": "no", "treatment": ["food"]}, 2),
    ({"helped_by": "family", "lost_consciousness": "yes", "treatment": ["glucagon"]}, 2),
    ({"helped_by": "paramedic", "lost_consciousness": "yes", "treatment": ["iv_glucose"]}, 1),
    (
        {"helped_by": "hospital", "lost_consciousness": "yes", "seizure": "yes", "treatment": ["iv_glucose"]},
        0.5,
    ),
)


class Lows:
    """Lows of one participant."""

    def __init__(self, stage: Stage, life: Life, keeper: Keeper) -> None:
        self.stage = stage
        self.life = life
        self.rng = life.rng
        self.keeper = keeper

    def reading_data(self, meter: Shown, context: str, pace: Pace) -> dict[str, Any]:
        data: dict[str, Any] = {
            "value": meter.value,
            "context": context,
            "device": "meter",
            "sample": "capillary",
        }
        if meter.unit:
            data["unit"] = meter.unit
        if 28 <= meter.mmol <= 33.3:
            data["confirmed"] = True
        if pace.origin != "typed":
            self.life.sequence += 1
            data |= {"meter_serial": self.life.meter_serial, "sequence": self.life.sequence}
        return data

    def follow(self, reading_id: str, at: datetime, meter: Shown, pace: Pace) -> None:
        """Answers, soon, the next morning or never; and up to two re-checks."""
        severe = meter.mmol < 2.9
        # What was read out of the meter later brings no answers.
        chance = 1.0 if pace.origin == "file" else self.rng.random()
        soon = 0.88 if severe else 0.5
        if chance < soon:
            self._answer(reading_id, at, at + self.rng.uniform(2, 11) * MINUTE, pace)
        elif chance < soon + 0.06:
            self._answer(reading_id, at, at + timedelta(hours=self.rng.uniform(5, 14)), pace)
        if self.rng.random() < (0.93 if severe else 0.6):
            self._recheck(at, meter.mmol, pace)

    def _answer(self, reading_id: str, at: datetime, recorded_at: datetime, pace: Pace) -> None:
        answering = Pace(lambda _: max(recorded_at, pace.recorded(recorded_at)), pace.arrives, pace.origin,
                         pace.reason, pace.expected)  # fmt: skip
        self.keeper.write("hypo_event", at + MINUTE, self._answers() | {"reading_id": reading_id}, answering)

    def _answers(self) -> dict[str, Any]:
        symptoms = sorted(self.rng.sample(_SYMPTOMS, self.rng.randint(0, 3)))
        if self.life.person.treated_by_carer:
            return {"could_self_treat": "no", "helped_by": "family", "symptoms": symptoms,
                    "lost_consciousness": "no", "seizure": "no", "treatment": ["food"]}  # fmt: skip
        if self.rng.random() < 0.03:
            return {"could_self_treat": "unknown", "symptoms": symptoms}
        treatment = ["food"] if self.rng.random() < 0.75 else ["glucose_gel"]
        return {"could_self_treat": "yes", "helped_by": "nobody", "symptoms": symptoms,
                "lost_consciousness": "no", "seizure": "no", "treatment": treatment}  # fmt: skip

    def _recheck(self, at: datetime, low_mmol: float, pace: Pace) -> None:
        for _ in range(2):
            at += self.rng.uniform(13, 21) * MINUTE
            if not self.life.begins_at <= at < self.life.ends_at:
                return
            mmol = self.life.body.after_sugar(low_mmol)
            meter = shown(mmol, self.life.person.unit, self.stage.study.glucose)
            self.keeper.write("reading", at, self.reading_data(meter, "symptoms", pace), pace)
            if mmol >= 3.9:
                return
            low_mmol = mmol

    def needing_help(self, at: datetime, pace: Pace) -> None:
        """Somebody else had to treat it: a reading before that, mostly, and what was done."""
        reading_id = None
        if self.rng.random() < 0.75:
            mmol = self.rng.uniform(0.8, 2.6)
            meter = shown(mmol, self.life.person.unit, self.stage.study.glucose)
            reading_id = self.keeper.write("reading", at, self.reading_data(meter, "symptoms", pace), pace)
        done, _ = self.rng.choices(_HELP, [weight for _, weight in _HELP])[0]
        data: dict[str, Any] = {"could_self_treat": "no", "seizure": "no",
                                "symptoms": ["confused", "sweating"], **done}  # fmt: skip
        if reading_id:
            data["reading_id"] = reading_id
        told_at = at + self.rng.uniform(12, 55) * MINUTE
        self.keeper.write("hypo_event", at + 2 * MINUTE, data, Pace(lambda _: told_at, pace.arrives))
        self._recheck(at + 8 * MINUTE, 2.5, pace)
