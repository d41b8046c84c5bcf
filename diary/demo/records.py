"""What the site writes down of a participant: screening, visits, laboratory values, doses it gave, calls."""

import json
import random
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from diary import clock
from diary.demo import words
from diary.demo.body import shown
from diary.demo.opening import SEED, Desk
from diary.demo.stage import Life, Stage, Written, entry_id
from diary.store import visits
from diary.store.actors import Actor
from diary.store.visits import NewVisit

VISIT_EVERY: Final = timedelta(days=28)
VISIT_DAYS: Final = 3
DAY: Final = timedelta(days=1)
_BASES: Final = (("value", "2.4"), ("assistance", None), ("both", "1.9"), ("value", "2.1"))


class Records:
    """The staff entries of one participant."""

    def __init__(self, stage: Stage, desk: Desk, life: Life) -> None:
        self.stage = stage
        self.desk = desk
        self.life = life
        self.rng = random.Random(f"{SEED} records {life.person.subject}")
        self.zone = ZoneInfo(life.row["zone"])
        self.planned: str | None = None

    def add(
        self, kind: str, at: datetime, data: dict[str, Any] | None, now: datetime, *, by: Actor | None = None,
        **more: Any,
    ) -> str:  # fmt: skip
        """A staff entry about `at`, written down now; answers its id."""
        by = by or self.rng.choice(self.desk.coordinators)
        rest: dict[str, Any] = {"origin": "staff", "by": by, **more}
        written = Written(
            kind, at.astimezone(self.zone), now.astimezone(self.zone), data, entry_id(self.rng, now), **rest
        )
        self.stage.send(self.life, written, now)
        return written.id

    def lab(self, test: str, value: str, unit: str, now: datetime, **more: str) -> None:
        drawn = now.astimezone(self.zone) - timedelta(hours=2)
        data = {"test": test, "value": value, "unit": unit, "drawn_at": _text(drawn)}
        self.add("lab", drawn, data | more, now)

    def screen(self, now: datetime) -> None:
        """Inclusion: severe lows of the year before, HbA1c and time in range, weight, pregnancy test."""
        rng, day = self.rng, now.astimezone(self.zone).date()
        self._visit("screening", now)
        self.lab("hba1c", f"{rng.uniform(7.6, 10.4):.1f}", "%", now)
        self.lab("c_peptide", f"{rng.uniform(0.01, 0.06):.2f}", "nmol/L", now)
        self.lab("cgm_tir", f"{rng.randint(34, 66)}", "%", now)
        for days_before in (rng.randint(12, 80), rng.randint(100, 180), rng.randint(190, 330)):
            basis, value = rng.choice(_BASES)
            data = {"day": (day - days_before * DAY).isoformat(), "basis": basis, "source": "hospital record"}
            if value:
                data |= {"value": value, "unit": "mmol/L"}
            self.add("severe_history", now - days_before * DAY, data, now)
        self._pregnancy_test("serum", now)

    def visit(self, now: datetime) -> None:
        """Every four weeks: weight and, with a graft, the trough; every third time the rest."""
        life, rng = self.life, self.rng
        function = life.body.function_at(now)
        months = round((now - life.begins_at) / VISIT_EVERY)
        self._visit(f"month {months}", now)
        if life.person.ending is None or now + VISIT_EVERY < life.ends_at:
            self.plan_visit(f"month {months + 1}", now + VISIT_EVERY, now)
        if function:
            last = now.astimezone(self.zone).replace(hour=20, minute=5) - DAY
            self.lab("trough", f"{rng.uniform(4.1, 9.2):.1f}", "ng/mL", now, last_dose_at=_text(last))
        self._pregnancy_test("urine", now)
        if self.rng.random() < 0.2:
            self.correct_on_request(now)
        if months % 3 == 0:
            self.lab("hba1c", f"{9.1 - 3.1 * function + rng.gauss(0, 0.25):.1f}", "%", now)
            self.lab("c_peptide", f"{0.03 + 0.55 * function * rng.uniform(0.85, 1.15):.2f}", "nmol/L", now)
            self.lab("cgm_tir", f"{min(97, round(50 + 44 * function + rng.gauss(0, 3)))}", "%", now)

    def plan_visit(self, name: str, at: datetime, now: datetime) -> None:
        """The next visit, three days sooner or later."""
        day = at.astimezone(self.zone).date()
        by = self.desk.coordinators[0]
        new = NewVisit(name, day, VISIT_DAYS, VISIT_DAYS, words.VISIT_PURPOSE[by.language][0])
        self.planned = visits.plan(self.stage.db, by, now, self.life.row, new)

    def induction(self, given_at: datetime, amount_mg: int) -> None:
        """One infusion, given now by the investigator."""
        data = {"agent": self.life.person.induction, "amount": str(amount_mg), "unit": "mg",
                "route": "intravenous", "given_at": _text(given_at.astimezone(self.zone))}  # fmt: skip
        self.add("administered_dose", given_at, data, given_at, by=self.desk.investigators[0])

    def correct_on_request(self, now: datetime) -> None:
        """A reading that the participant asks to have put right, with the source it was checked in."""
        rows = self.stage.db.query(
            "select e.* from entry_heads h join entries e on e.id = h.tip_id where h.participant_id = :p"
            " and h.kind = 'reading' and h.band = 'in_range' and h.state = 'stored' and e.origin = 'typed'"
            " and e.occurred_at < :before order by h.occurred_at desc limit 1",
            {"p": self.life.row["id"], "before": clock.to_text(now - 2 * DAY)},
        )
        for row in list(rows):
            by = self.rng.choice(self.desk.coordinators)
            data = json.loads(row["data"])
            meter = shown(self.rng.uniform(4.8, 8.9), data["unit"], self.stage.study.glucose)
            data["value"] = meter.value
            at = datetime.fromisoformat(row["occurred_text"])
            why, where = words.ON_REQUEST[by.language][0], words.CHECKED[by.language][0]
            self.add("reading", at, data, now, by=by, replaces=row["id"], reason=why, source_note=where)

    def ward_chart(self, now: datetime) -> None:
        """Two days of a stay in hospital, from paper."""
        by = self.desk.coordinators[0]
        for hours_ago in (52, 47, 41, 36, 28, 23):
            at = now - timedelta(hours=hours_ago)
            meter = shown(self.rng.uniform(5.2, 9.4), self.life.person.unit, self.stage.study.glucose)
            data = {"value": meter.value, "unit": meter.unit, "context": "other", "device": "meter"}
            self.add(
                "reading", at, data, now, by=by, origin="paper", source_note=words.WARD_CHART[by.language][0]
            )

    def call(self, now: datetime, by: Actor, text: str) -> None:
        """A telephone call after an alert."""
        guardian = self.life.person.guardians and self.life.person.types_own < 0.7
        spoke_to = "guardian" if guardian else "participant"
        self.add(
            "contact", now, {"how": "call", "reached": "yes", "spoke_to": spoke_to, "text": text}, now, by=by
        )

    def _visit(self, name: str, now: datetime) -> None:
        fertile, day = self.life.person.fertile, now.astimezone(self.zone).date().isoformat()
        fertility = "unknown" if fertile is None else "fertile" if fertile else "not_fertile"
        plan = {"plan": self.planned} if self.planned else {}
        self.add("visit", now, {"visit": name, "day": day, "fertility": fertility, **plan}, now)
        self.planned = None
        self.add("weight", now, {"kg": f"{self.life.person.weight_kg + self.rng.gauss(0, 0.7):.1f}"}, now)

    def _pregnancy_test(self, specimen: str, now: datetime) -> None:
        person, day = self.life.person, now.astimezone(self.zone).date().isoformat()
        if person.sex == "female" and person.fertile and person.premenopausal:
            self.add("pregnancy_test", now, {"result": "negative", "specimen": specimen, "day": day}, now)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
