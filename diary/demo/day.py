"""One day of one participant: tests, lows and what follows, meals, insulin, exercise, the bedtime tap."""

from datetime import date, datetime, timedelta
from typing import Final

from diary.demo import words
from diary.demo.body import Shown, shown
from diary.demo.illness import Illness
from diary.demo.keeping import MINUTE, Keeper, Pace
from diary.demo.lows import Lows
from diary.demo.medicines import Medicines
from diary.demo.stage import Life, Stage

# Context, usual time, spread in minutes, how often it is tested.
TESTS: Final = (
    ("night", 3, 5, 25, 0.05),
    ("before_breakfast", 7, 5, 16, 0.95),
    ("after_breakfast", 9, 20, 18, 0.50),
    ("before_lunch", 11, 50, 18, 0.82),
    ("after_lunch", 14, 5, 20, 0.42),
    ("before_supper", 17, 55, 22, 0.86),
    ("after_supper", 20, 10, 20, 0.42),
    ("bedtime", 22, 10, 25, 0.75),
)
MEALS: Final = (("breakfast", 7, 25), ("lunch", 12, 5), ("supper", 18, 15))
# Nobody is suddenly low in the last hours: what is open now is told apart from the rest (today.py).
CALM_BEFORE_END: Final = timedelta(hours=3)


class Days:
    """The days of one participant, each told on its own."""

    def __init__(self, stage: Stage, life: Life) -> None:
        self.stage = stage
        self.life = life
        self.rng = life.rng
        self.keeper = Keeper(stage, life)
        self.lows = Lows(stage, life, self.keeper)
        self.medicines = Medicines(stage, life, self.keeper)
        self.illness = Illness(life, self.keeper, self.medicines)

    def tell(self, day: date) -> None:
        """Everything of this day that gets written down, today or later."""
        if self.rng.random() < self.life.person.missed_days:
            return
        pace = self.keeper.pace(day)
        function = self.life.body.function_at(self.keeper.moment(day, 12, 0))
        for context, hour, minute, spread, often in TESTS:
            at = self.keeper.moment(day, hour, minute, spread)
            if self._in_diary(at) and self.rng.random() < often * self.life.person.diligence:
                self._test(at, context, pace)
        if pace.origin == "file":
            return
        self.illness.tell(day, pace)
        self.medicines.doses(day, pace)
        self.medicines.insulin(day, function, pace)
        self.medicines.contraception(day)
        self._assistance(day, function)
        self._meals(day, pace)
        self._now_and_then(day, pace)
        self._sign_off(day, pace)

    def _in_diary(self, at: datetime) -> bool:
        return self.life.begins_at <= at < self.life.ends_at

    def _test(self, at: datetime, context: str, pace: Pace) -> None:
        calm = self.stage.end - at < CALM_BEFORE_END
        mmol = self.life.body.glucose(at, context, calm=calm)
        meter = shown(mmol, self.life.person.unit, self.stage.study.glucose)
        reading_id = self._reading(at, context, meter, pace)
        if mmol < 3.9 and not calm:
            self.lows.follow(reading_id, at, meter, pace)

    def _reading(self, at: datetime, context: str, meter: Shown, pace: Pace) -> str:
        """Send a reading, with the slips that people make; answers the id that counts in the end."""
        data = self.lows.reading_data(meter, context, pace)
        if not pace.prompt or pace.origin != "typed":
            return self.keeper.write("reading", at, data, pace)
        chance = self.rng.random()
        if meter.value == "LO" and chance < 0.2:
            self._refused(at, context, "0Lo", pace)
        elif meter.unit == "mmol/L" and chance < 0.004 and meter.mmol >= 3.9:
            self._refused(at, context, meter.value.replace(".", ""), pace)
        elif meter.unit == "mmol/L" and chance < 0.012 and meter.mmol >= 3.9:
            return self._mistyped(at, context, meter, pace)
        reading_id = self.keeper.write("reading", at, data, pace)
        if chance > 0.9985:
            why = self.rng.choice(words.WITHDRAWN[self.life.person.language])
            self.keeper.write("reading", at, None, self._soon(pace), replaces=reading_id, reason=why)
        return reading_id

    def _refused(self, at: datetime, context: str, text: str, pace: Pace) -> None:
        """A slip that cannot be read; the right value follows at once."""
        data = {"value": text, "unit": "mmol/L", "context": context}
        possible = text.isdigit() and int(text) <= 33
        if not possible:
            self.keeper.write("reading", at, data, pace, expected=("refused",))

    def _mistyped(self, at: datetime, context: str, meter: Shown, pace: Pace) -> str:
        """Another digit, seen and corrected some minutes later."""
        wrong = meter.mmol - 10 if meter.mmol > 11.2 and self.rng.random() < 0.4 else meter.mmol + 10
        if wrong >= 28:
            return self.keeper.write("reading", at, self.lows.reading_data(meter, context, pace), pace)
        slip = shown(wrong, "mmol/L", self.stage.study.glucose)
        first = self.keeper.write("reading", at, self.lows.reading_data(slip, context, pace), pace)
        why = self.rng.choice(words.CORRECTED[self.life.person.language])
        data = self.lows.reading_data(meter, context, pace)
        return self.keeper.write("reading", at, data, self._soon(pace), replaces=first, reason=why)

    def _soon(self, pace: Pace) -> Pace:
        """The same, two to twenty minutes later."""
        wait = self.rng.uniform(2, 20) * MINUTE
        return Pace(lambda at: pace.recorded(at) + wait, pace.arrives)

    def _assistance(self, day: date, function: float) -> None:
        """Rarely, and less with a graft: a low that somebody else had to treat."""
        at = self.keeper.moment(day, self.rng.choice((4, 6, 10, 16, 23)), self.rng.randint(0, 59))
        rare = self.life.person.assistance_per_day * (1 - function) ** 2
        far = self._in_diary(at) and self.stage.end - at > CALM_BEFORE_END
        if far and self.rng.random() < rare:
            self.lows.needing_help(at, self.keeper.at_once())

    def _meals(self, day: date, pace: Pace) -> None:
        language = self.life.person.language
        for meal, hour, minute in MEALS:
            at = self.keeper.moment(day, hour, minute, 12)
            if self._in_diary(at) and self.rng.random() < self.life.person.logs_meals:
                texts = words.BREAKFAST if meal == "breakfast" else words.MAIN_MEAL
                carbs = str(self.rng.randrange(25 if meal == "breakfast" else 40, 90, 5))
                data = {"meal": meal, "carbs_g": carbs, "text": self.rng.choice(texts[language])}
                self.keeper.write("meal", at, data, pace)

    def _now_and_then(self, day: date, pace: Pace) -> None:
        language, rng = self.life.person.language, self.rng
        for kind, often, hour in (("exercise", 0.15, 17), ("note", 0.035, 20), ("other_medicine", 0.012, 13),
                                  ("call_me", 0.003, 10)):  # fmt: skip
            at = self.keeper.moment(day, hour, 20, 50)
            if rng.random() >= often or not self._in_diary(at):
                continue
            if kind == "exercise":
                data = {
                    "minutes": str(rng.randrange(15, 95, 5)),
                    "intensity": rng.choice(("light", "light", "moderate", "hard")),
                    "text": rng.choice(words.EXERCISE[language]),
                }
            elif kind == "other_medicine":
                name, amount, unit = rng.choice(words.OTHER_MEDICINE[language]).rsplit(" ", 2)
                data = {"name": name, "amount": f"{amount} {unit}", "asked_site": rng.choice(("yes", "no"))}
            else:
                data = {"text": rng.choice((words.NOTES if kind == "note" else words.CALL_ME)[language])}
            self.keeper.write(kind, at, data, pace)

    def _sign_off(self, day: date, pace: Pace) -> None:
        at = self.keeper.moment(day, 21, 35, 25)
        if self._in_diary(at) and self.rng.random() < 0.86 * min(1.0, self.life.person.diligence):
            self.keeper.write("day_complete", at, {"day": day.isoformat()}, pace)
