"""Visits of participants: what the study and the site plan, what took place, and what is due."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.rules import visits as rules
from diary.rules.days import Since, local_day_in
from diary.rules.visits import Anchor, Held, Planned, Visit
from diary.store import audit, participants
from diary.store.actors import Actor
from diary.study import LANGUAGES, Study

AFTER_STUDY = ("withdrawn", "completed")
FARTHEST = timedelta(days=20 * 366)


@dataclass(frozen=True)
class NewVisit:
    """`day` with the days before and after it on which the visit is as good; `purpose`: what for."""

    name: str
    day: date
    before_days: int
    after_days: int
    purpose: str | None = None


@dataclass(frozen=True)
class Plan:
    """`review_missing`: the newest visit went by without a look at fertility."""

    visits: list[Visit]
    review_missing: bool


def plan(db: Database, actor: Actor, now: datetime, participant: Row, new: NewVisit) -> str:
    """Plan a visit of this participant; answers its id. DiaryError `fields` for a day out of reach."""
    if not date.fromisoformat(participant["consented_day"]) <= new.day <= now.date() + FARTHEST:
        raise DiaryError("fields", 422, {"day": "visit_day"})
    row: Row = {
        "id": str(uuid4()), "participant_id": participant["id"], "name": new.name, "purpose": new.purpose,
        "day": new.day.isoformat(), "before_days": new.before_days, "after_days": new.after_days,
        "planned_by": actor.id, "planned_at": clock.to_text(now), "cancelled_by": None,
        "cancelled_at": None, "cancel_reason": None,
    }  # fmt: skip
    with db.atomic():
        participants.lock(db, participant["id"])
        db.execute(
            f"insert into planned_visits ({', '.join(row)}) values ({', '.join(':' + name for name in row)})",
            row,
        )
        stream = audit.participant_stream(participant["id"])
        audit.created(db, stream, actor, now, "planned_visit", row["id"], row)
    return str(row["id"])


def cancel(
    db: Database, actor: Actor, now: datetime, participant_id: str, planned_id: str, *, reason: str
) -> None:
    """Take a planned visit off; ConflictError `visit_cancelled`, NotFoundError for another participant's."""
    with db.atomic():
        participants.lock(db, participant_id)
        row = one(
            db, "select * from planned_visits where id = :id and participant_id = :p",
            {"id": planned_id, "p": participant_id},
        )  # fmt: skip
        if row is None:
            raise NotFoundError
        if row["cancelled_at"] is not None:
            raise ConflictError("visit_cancelled")
        new: Row = {"cancelled_by": actor.id, "cancelled_at": clock.to_text(now), "cancel_reason": reason}
        sets = ", ".join(f"{name} = :{name}" for name in new)
        db.execute(f"update planned_visits set {sets} where id = :id", {**new, "id": planned_id})
        audit.changed(
            db, audit.participant_stream(participant_id), actor, now, "planned_visit", planned_id,
            [(name, row[name], value) for name, value in new.items()], reason=reason,
        )  # fmt: skip


def get_plan(db: Database, participant: Row, study: Study, now: datetime) -> Plan:
    """All visits of one participant, by day."""
    return _plans(db, [participant], study, now, "participant_id = :of", participant["id"])[participant["id"]]


def list_plans(
    db: Database, site_id: str, people: Iterable[Row], study: Study, now: datetime
) -> dict[str, Plan]:
    """The same of everybody of a site, in a few statements."""
    of_site = "participant_id in (select id from participants where site_id = :of)"
    return _plans(db, list(people), study, now, of_site, site_id)


def _plans(
    db: Database, people: list[Row], study: Study, now: datetime, where: str, of: str
) -> dict[str, Plan]:
    planned: dict[str, list[Planned]] = {}
    for row in db.query(f"select * from planned_visits where {where} and cancelled_at is null", {"of": of}):
        planned.setdefault(row["participant_id"], []).append(_planned(row))
    held: dict[str, list[Held]] = {}
    for row in db.query(
        "select h.participant_id, h.root_id, h.local_day, e.data from entry_heads h"
        f" join entries e on e.id = h.entry_id where h.{where} and h.kind = 'visit' and h.state = 'stored'",
        {"of": of},
    ):
        held.setdefault(row["participant_id"], []).append(_held(row))
    enrolled = _enrolled(db, where, of) if study.visits else {}
    return {
        person["id"]: _plan_of(
            person, study, now, planned.get(person["id"], []), held.get(person["id"], []),
            enrolled.get(person["id"]),
        )
        for person in people
    }  # fmt: skip


def _plan_of(
    person: Row, study: Study, now: datetime, planned: list[Planned], held: list[Held], enrolled: date | None
) -> Plan:
    all_planned = [*rules.of_study(study.visits, _anchors(person, enrolled)), *planned]
    asked = person["state"] not in AFTER_STUDY
    return Plan(
        visits=rules.judge(all_planned, held, participants.today(person, now), asked=asked),
        review_missing=rules.review_missing(held),
    )


def _anchors(person: Mapping[str, str], enrolled: date | None) -> dict[Anchor, date]:
    anchors: dict[Anchor, date] = {"consent": date.fromisoformat(person["consented_day"])}
    if enrolled:
        anchors["enrolment"] = enrolled
    transplants = participants.transplant_days(person)
    if transplants:
        anchors |= {"first_transplant": transplants[0], "last_transplant": transplants[-1]}
    return anchors


def _enrolled(db: Database, where: str, of: str) -> dict[str, date]:
    """Since which local day each was in the study."""
    zones: dict[str, list[Since]] = {}
    for row in db.query(f"select * from participant_zones where {where} order by from_at, id", {"of": of}):
        since = Since(clock.from_text(row["from_at"]), row["zone"])
        zones.setdefault(row["participant_id"], []).append(since)
    rows = db.query(
        f"select participant_id, min(from_at) as at from participant_states where {where}"
        " and state in ('enrolled', 'transplanted') group by participant_id",
        {"of": of},
    )
    return {
        row["participant_id"]: local_day_in(zones[row["participant_id"]], clock.from_text(row["at"]))
        for row in rows
    }


def _planned(row: Row) -> Planned:
    names = {str(language): str(row["name"]) for language in LANGUAGES}
    return rules.window(
        row["id"], names, date.fromisoformat(row["day"]), row["before_days"],
        row["after_days"], purpose=row["purpose"], planned_id=row["id"],
    )  # fmt: skip


def _held(row: Row) -> Held:
    data = json.loads(row["data"])
    day = date.fromisoformat(data.get("day") or row["local_day"])
    return Held(row["root_id"], day, data.get("plan"), data.get("fertility") is not None)
