"""People who may sign in, and the entries their phones would send: the load of proofs and figures."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from diary import clock, hashing, study_file
from diary.config import Config
from diary.db import Database
from diary.store import accounts, enrolment, sites
from diary.store.actors import SYSTEM, Actor
from diary.store.guardians import NewGuardian
from diary.store.participants import NewParticipant

PIN = "275913"
SHANGHAI = timezone(timedelta(hours=8))
Entry = dict[str, Any]


@dataclass(frozen=True)
class Writer:
    """An account that writes for one participant; `fields` go into every entry (a guardian's)."""

    login: str
    participant_id: str
    fields: dict[str, str]


def enrol_writers(db: Database, config: Config, count: int) -> list[Writer]:
    """Enrol `count` participants whose PIN is set; every fourth is a child, and its guardian writes."""
    now, settings = clock.now(), study_file.load(config.study_path)
    site_id = sites.ensure_first(db, settings, now)
    with db.atomic():
        account = accounts.add(
            db, SYSTEM, now, role="coordinator", login="load@example.org", language="en", site_id=site_id,
            secret_hash=hashing.hash_secret("a coordinator of the load"),
        )  # fmt: skip
    actor = Actor(id=account["id"], role="coordinator", site_id=site_id, language="en")
    pin_hash = hashing.hash_secret(PIN)
    writers = []
    for number in range(1, count + 1):
        is_child = number % 4 == 0
        participant = enrolment.enrol(
            db, actor, settings, now, site_id, _enrolment(f"S{number:03d}", clock.now().date(), is_child)
        )
        login = f"S{number:03d}-G1" if is_child else f"S{number:03d}"
        found = accounts.find_by_login(db, login)
        if found is None:
            raise RuntimeError(f"enrolment made no account {login}")
        with db.atomic():
            accounts.set_secret(db, now, found, pin_hash, "en")
        fields = {"participant_id": participant["id"], "proxy_reason": "too young"} if is_child else {}
        writers.append(Writer(login, participant["id"], fields))
    return writers


def _enrolment(subject_no: str, today: date, is_child: bool) -> enrolment.Enrolment:
    consented_day = today - timedelta(days=900)
    parent = NewGuardian(relation="mother", consent_version="1", consent_day=consented_day, name="Parent")
    return enrolment.Enrolment(
        participant=NewParticipant(
            subject_no=subject_no, birth_day=date(today.year - (11 if is_child else 41), 3, 14), sex="male",
            fertile=None, premenopausal=None, treated_by_carer=False, display_unit="mmol/L",
            zone="Asia/Shanghai", language="en", consented_day=consented_day,
        ),
        agreement_version="1", gave_assent=is_child, name="Somebody", guardians=(parent,) if is_child else (),
    )  # fmt: skip


def uuid7(rng: random.Random, at: datetime) -> str:
    """An id as a phone makes it: its clock's milliseconds first, then chance."""
    number = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | rng.getrandbits(12) << 64
    return str(UUID(int=number | 0b10 << 62 | rng.getrandbits(62)))


POINTS = {
    "fasting": (6, 50), "after_breakfast": (9, 10), "before_lunch": (11, 40), "after_lunch": (14, 0),
    "before_supper": (17, 45), "after_supper": (20, 5), "bedtime": (22, 20),
}  # fmt: skip
MEALS = {"breakfast": (7, 5), "lunch": (12, 0), "supper": (18, 0)}


class Diarist:
    """Writes diary days in order, some twenty entries each, one reading in twenty trial-severe."""

    def __init__(self, writer: Writer, rng: random.Random, first_day: date) -> None:
        self.writer, self.rng, self.day = writer, rng, first_day

    def entries(self) -> Iterator[Entry]:
        """Without end, oldest day first, within a day in the order written."""
        while True:
            yield from sorted(self._one_day(), key=lambda entry: str(entry["recorded_at"]))
            self.day += timedelta(days=1)

    def _one_day(self) -> Iterator[Entry]:
        for context, at in POINTS.items():
            if self.rng.random() < 0.93:
                yield from self._reading(context, *at)
        for meal, (hour, minute) in MEALS.items():
            grams = str(self.rng.randrange(25, 95, 5))
            yield self._entry(hour, minute, "meal", {"meal": meal, "carbs_g": grams})
            dose = f"{self.rng.uniform(2, 9):.1f}"
            yield self._entry(
                hour, minute - 4, "insulin", {"units": dose, "type": "bolus", "product": "aspart"}
            )
        yield self._entry(22, 30, "insulin", {"units": "14.0", "type": "basal", "product": "glargine"})
        for hour in (8, 20):
            for drug in ("tacrolimus 1 mg", "mycophenolate 500 mg"):
                taken_at = self._at(hour, self.rng.randrange(12)).isoformat(timespec="seconds")
                data = {"status": "taken", "taken_at": taken_at, "text": drug}
                yield self._entry(hour, 13, "dose", data)
        if self.rng.random() < 0.4:
            yield self._entry(16, 30, "exercise", {"minutes": "35", "intensity": "moderate"})
        if self.rng.random() < 0.1:
            yield self._entry(21, 0, "note", {"text": "今天有点累 — slept badly, walked to the market"})
        yield self._entry(22, 40, "day_complete", {"day": self.day.isoformat()})

    def _reading(self, context: str, hour: int, minute: int) -> Iterator[Entry]:
        value = min(26.0, max(1.4, self.rng.gauss(8.4, 3.4)))
        reading = self._entry(hour, minute, "reading", self._glucose(value, context))
        yield reading
        if value < 3.9:
            yield self._entry(hour, minute + 4, "hypo_event", {
                "reading_id": reading["id"], "could_self_treat": "yes", "helped_by": "nobody",
                "symptoms": ["shaking", "sweating"], "lost_consciousness": "no", "seizure": "no",
                "treatment": ["food"],
            })  # fmt: skip
            yield self._entry(hour, minute + 19, "reading", self._glucose(value + 2.8, "symptoms"))
        elif self.rng.random() < 0.03:
            yield self._correction(reading, value + 1)
        elif self.rng.random() < 0.02:
            yield self._entry(hour, minute, "reading", self._glucose(value + 0.3, context), days_late=4)

    def _glucose(self, value: float, context: str) -> dict[str, Any]:
        return {"value": f"{value:.1f}", "unit": "mmol/L", "device": "meter", "context": context,
                "sample": "capillary"}  # fmt: skip

    def _correction(self, reading: Entry, value: float) -> Entry:
        recorded = datetime.fromisoformat(reading["recorded_at"]) + timedelta(minutes=2)
        return {
            **reading, "id": uuid7(self.rng, recorded), "recorded_at": recorded.isoformat(timespec="seconds"),
            "replaces": reading["id"], "reason": "typed the wrong number",
            "data": self._glucose(value, reading["data"]["context"]),
        }  # fmt: skip

    def _at(self, hour: int, minute: int) -> datetime:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=SHANGHAI)
        return midnight + timedelta(hours=hour, minutes=minute)

    def _entry(self, hour: int, minute: int, kind: str, data: dict[str, Any], days_late: int = 0) -> Entry:
        occurred = self._at(hour, minute + self.rng.randrange(3))
        recorded = occurred + timedelta(days=days_late, seconds=self.rng.randrange(15, 90))
        return {
            "id": uuid7(self.rng, recorded), "kind": kind, "zone": "Asia/Shanghai", "origin": "typed",
            "occurred_at": occurred.isoformat(timespec="seconds"),
            "recorded_at": recorded.isoformat(timespec="seconds"),
            "data": data, "app_version": "1.0.0", **self.writer.fields,
        }  # fmt: skip


def a_year_ago() -> date:
    return datetime.fromtimestamp(time.time(), UTC).date() - timedelta(days=800)
