"""What the site does with a participant: enrols, prescribes, transplants, sees at visits, lets go."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from diary.demo import words
from diary.demo.medicines import monthly
from diary.demo.opening import Desk
from diary.demo.records import DAY, VISIT_EVERY, Records
from diary.demo.stage import Life, Stage, Written, entry_id
from diary.store import contraception, enrolment, participants, schedules
from diary.store.schedules import Hold, NewSchedule

TEST_TIMES: Final = ("07:00", "11:30", "17:30", "22:00")
ENROLLED_AFTER: Final = timedelta(days=4)
_ENDINGS: Final = {
    "withdrawn": "Withdrew from the diary; follow-up by telephone agreed.",
    "completed": "Twelve months after transplantation, last visit done.",
    "paused": "Abdominal operation elsewhere, pause agreed.",
}


class Treatment:
    """The site's own work on one participant."""

    def __init__(self, stage: Stage, desk: Desk, life: Life) -> None:
        self.stage = stage
        self.desk = desk
        self.life = life
        self.records = Records(stage, desk, life)
        self.zone = ZoneInfo(life.row["zone"])

    def plan(self, consented_at: datetime) -> None:
        """Everything the site will do for this participant, each at its moment."""
        person, stage = self.life.person, self.stage
        stage.at(consented_at + timedelta(hours=2), self.records.screen)
        stage.at(self.life.begins_at - timedelta(hours=1), self._prescribe_tests)
        if not person.enrolled:
            return
        stage.at(self._morning(consented_at + ENROLLED_AFTER), self._enrol)
        for transplant in person.transplants:
            stage.at(self._morning(stage.share(transplant.share)), self._transplant)
        visit_at = self._morning(self.life.begins_at + VISIT_EVERY)
        while visit_at < self.life.ends_at:
            stage.at(visit_at, self.records.visit)
            visit_at += VISIT_EVERY
        if person.ending:
            stage.at(stage.share(person.ending[0]), self._end)
        stage.at(stage.end - timedelta(hours=20), self._hold_for_blood_draw)

    def _morning(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(hour=9, minute=30, second=0, microsecond=0)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def _change(self, now: datetime, new: dict[str, object], reason: str) -> None:
        coordinator, row = self.desk.coordinators[0], self.life.row
        enrolment.update(
            self.stage.db, coordinator, self.stage.study, now, row["site_id"], row["id"], new, reason=reason
        )
        self.stage.refresh(self.life)

    def _enrol(self, now: datetime) -> None:
        self._change(now, {"state": "enrolled"}, "All inclusion criteria met, reviewed by the investigator.")
        first = self._morning(self.life.begins_at + VISIT_EVERY)
        if now < first < self.life.ends_at:
            self.records.plan_visit("month 1", first, now)

    def _end(self, now: datetime) -> None:
        """Withdrawn, completed or paused: the diary ends; what keeps a graft goes on (STUDY.md 6)."""
        if self.life.person.ending is None:
            return
        state = self.life.person.ending[1]
        for name in ("reading", "diary"):
            schedules.end(
                self.stage.db, self.desk.coordinators[0], self.stage.study, now, self.life.row,
                self.life.schedules[name]["id"], to_day=None, reason=_ENDINGS[state],
            )  # fmt: skip
        self._change(now, {"state": state}, _ENDINGS[state])

    def _prescribe(
        self, name: str, now: datetime, kind: Any, title: str, times: tuple[str, ...],
        window_min: tuple[int, int], **more: Any,
    ) -> None:  # fmt: skip
        """A schedule from today, or from tomorrow when it follows one that ends today."""
        before = self.life.schedules.get(name)
        from_day = self._today(now) + (DAY if before else timedelta())
        new = NewSchedule(
            kind, title, times, self.life.row["zone"], from_day, None, *window_min,
            replaces=before["id"] if before else None, **more,
        )  # fmt: skip
        db, coordinator = self.stage.db, self.desk.coordinators[0]
        row = schedules.add(db, coordinator, self.stage.study, now, self.life.row, new)
        if before:
            ended = schedules.get(db, self.life.row["id"], before["id"])
            self.life.schedules[f"{name} until {ended['to_day']}"] = ended
        self.life.schedules[name] = row

    def _prescribe_tests(self, now: datetime) -> None:
        self._prescribe("reading", now, "reading", "Glucose", TEST_TIMES, (60, 60))
        self._prescribe("diary", now, "diary", "Day complete", ("21:00",), (60, 180))
        if not contraception.is_asked(self.stage.study, now, self.life.row):
            return
        rule = monthly(self._today(now))
        self._prescribe("monthly", now, "contraception", "Contraception", ("20:30",), (720, 2880), rrule=rule)
        if self.life.person.form == "daily pill":
            self._prescribe("pill", now, "contraception", "Pill", ("21:15",), (60, 180))

    def _transplant(self, now: datetime) -> None:
        """The day itself: state, induction, and from today on what keeps the graft."""
        days = [*participants.transplant_days(self.life.row), self._today(now)]
        new: dict[str, object] = {"transplant_days": days}
        if self.life.row["state"] != "transplanted":
            new["state"] = "transplanted"
        self._change(now, new, f"Islet transplantation {len(days)}, through the portal vein.")
        self._induce(now)
        if len(days) == 1:
            self._prescribe_immunosuppression(now)
            self.stage.at(now + 40 * DAY, self._lower_tacrolimus)
        self.stage.at(now + 9 * DAY, self._discharge)

    def _induce(self, now: datetime) -> None:
        weight, basiliximab = self.life.person.weight_kg, self.life.person.induction == "basiliximab"
        doses = (
            {0: 20, 4: 20}
            if basiliximab
            else {day: round(weight * 1.5) for day in (1, 2, 3)} | {0: round(weight * 0.5)}
        )
        for day, amount_mg in doses.items():

            def give(at: datetime, amount_mg: int = amount_mg) -> None:
                self.records.induction(at, amount_mg)

            self.stage.at(now + timedelta(days=day, hours=2), give)

    def _prescribe_immunosuppression(self, now: datetime) -> None:
        self._tacrolimus(now, "2 mg")
        agent = self.life.person.second_agent
        times, amount = (("08:00",), "2 mg") if agent == "sirolimus" else (("08:00", "20:00"), "500 mg")
        self._prescribe(
            "second", now, "dose", agent.capitalize(), times, (60, 120), drug=agent, amount=amount
        )

    def _tacrolimus(self, now: datetime, amount: str, hold: Hold | None = None) -> None:
        self._prescribe("tacrolimus", now, "dose", "Tacrolimus", ("08:00", "20:00"), (60, 120),
                        drug="tacrolimus", amount=amount, hold=hold)  # fmt: skip

    def _lower_tacrolimus(self, now: datetime) -> None:
        if self.life.row["state"] == "transplanted":
            self._tacrolimus(now, "1.5 mg")

    def _hold_for_blood_draw(self, now: datetime) -> None:
        """The first participant's trough is drawn tomorrow: the morning dose waits."""
        if self.life.person.subject != "S001":
            return
        day = self._today(now) + DAY
        latest = datetime.combine(day, datetime.min.time(), self.zone).replace(hour=10, minute=30)
        self._tacrolimus(now, "1.5 mg", Hold(day, latest.isoformat(), "Trough level"))

    def _discharge(self, now: datetime) -> None:
        """The stay in hospital, logged on the way home."""
        if not self.life.begins_at <= now < self.life.ends_at:
            return
        if self.life.person.pace == "meter":
            self.records.ward_chart(now)
        language, local = self.life.person.language, now.astimezone(self.zone)
        by = self.life.own if self.life.person.types_own > 0.5 else self.life.guardians[0]
        data = {"from_day": (local - 11 * DAY).date().isoformat(), "to_day": local.date().isoformat(),
                "why": words.TRANSPLANTED[language]}  # fmt: skip
        proxy = words.PROXY[language][0] if by.role == "guardian" else None
        written = Written("hospital_stay", local, local, data, entry_id(self.life.rng, now), by=by,
                          proxy_reason=proxy)  # fmt: skip
        self.stage.send(self.life, written, now)
