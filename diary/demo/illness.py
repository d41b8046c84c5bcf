"""A few days ill: temperature, ketones, glucose that runs high, at times a dose that did not stay down."""

from datetime import date, timedelta
from typing import Final

from diary.demo.keeping import Keeper, Pace
from diary.demo.medicines import Medicines
from diary.demo.stage import Life

PER_DAY: Final = 0.006
_WHAT: Final = (("fever", "cough"), ("fever", "pain"), ("cough",), ("diarrhoea",), ("vomiting", "diarrhoea"))


class Illness:
    """Now and then; two to four days each time."""

    def __init__(self, life: Life, keeper: Keeper, medicines: Medicines) -> None:
        self.life = life
        self.rng = life.rng
        self.keeper = keeper
        self.medicines = medicines
        self.days_left = 0

    def tell(self, day: date, pace: Pace) -> None:
        """What is logged of an illness on this day, if there is one."""
        begins = self.days_left == 0 and self.rng.random() < PER_DAY
        if begins:
            self.days_left = self.rng.randint(2, 4)
            self.life.body.ill_until = self.keeper.moment(day + timedelta(days=self.days_left), 6, 0)
        at = self.keeper.moment(day, 9, 40, 60)
        if not self.days_left or not self.life.begins_at <= at < self.life.ends_at:
            return
        symptoms = self.rng.choice(_WHAT) if begins else ("cough",)
        warm = self.rng.uniform(37.9, 39.3) if "fever" in symptoms else self.rng.uniform(36.6, 37.6)
        vomits = "vomiting" in symptoms and self.rng.random() < 0.4
        data = {"symptoms": list(symptoms), "temperature_c": f"{warm:.1f}",
                "persistent_vomiting": "yes" if vomits else "no"}  # fmt: skip
        self.keeper.write("illness", at, data, pace)
        if vomits:
            self.medicines.forgetting = 2
        if self.life.body.function_at(at) < 0.5:
            ketones = f"{self.rng.uniform(0.1, 1.9):.1f}"
            when = at + timedelta(minutes=5)
            self.keeper.write("ketone", when, {"value": ketones, "unit": "mmol/L"}, pace)
        self.days_left -= 1
