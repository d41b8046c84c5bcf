"""A diary in which everything has happened once: written by the road and the desk, on any engine."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from diary.db import Database
from diary.rules.days import local_day
from diary.store import (
    accounts,
    alerts,
    audit,
    calls,
    channels,
    enrolment,
    entries,
    guardians,
    holding,
    intake,
    meters,
    participants,
    queries,
    refusals,
    schedules,
    travel,
    verify,
    visits,
)
from diary.store.entries import Draft
from diary.store.guardians import NewGuardian
from diary.store.refusals import SetAside
from diary.store.schedules import NewSchedule
from tests.people import CONSENT_DAY, NOW, STUDY, People, Person, db_row
from tests.phone import SHANGHAI

KEY = b"kept outside the database"


@dataclass(frozen=True)
class Diary:
    """A diary in which everything has happened once, with the seal's copy outside the database."""

    db: Database
    who: People
    line: str
    ids: dict[str, str]

    def findings(self) -> list[str]:
        report = verify.verify(self.db, KEY, STUDY, NOW, iter([self.line]))
        return [f"{finding.where} {finding.what}" for finding in report.findings]


def write(
    db: Database, person: Person, kind: str, data: dict[str, Any] | None, minutes_ago: float = 0,
    *, replaces: str | None = None, origin: str = "typed", reason: str | None = None,
) -> str:  # fmt: skip
    """One entry by the road, written down and received at NOW; its id."""
    participant = participants.list_by_ids(db, [str(person.participant_id)])[0]
    at = NOW - timedelta(minutes=minutes_ago)
    raw = {"id": str(uuid4()), "data": data}
    draft = Draft(
        id=str(raw["id"]), participant_id=participant["id"], kind=kind, occurred_at=at,
        occurred_text=at.isoformat(), zone="Asia/Shanghai",
        local_day=local_day(at.astimezone(SHANGHAI)).isoformat(), recorded_at=NOW,
        recorded_text=NOW.isoformat(), data=data, replaces=replaces, reason=reason,
        proxy_reason="too young" if person.role == "guardian" else None, source_note=None, origin=origin,
        app_version=None, body_hash=entries.body_hash(raw),
    )  # fmt: skip
    with db.atomic():
        participants.lock(db, participant["id"])
        result = intake.receive(db, person.actor, participant, draft, raw, NOW, STUDY)
    assert result.status in ("stored", "held", "duplicate"), result
    return draft.id


def glucose(value: str) -> dict[str, Any]:
    return {"value": value, "unit": "mmol/L", "device": "meter"}


def change(db: Database, who: People, **new: Any) -> None:
    """The coordinator changes what is known of Lin."""
    enrolment.update(
        db,
        who.chen.actor,
        STUDY,
        NOW,
        str(who.chen.site_id),
        str(who.lin.participant_id),
        new,
        reason="so it is",
    )


def accept(db: Database, who: People, entry_id: str) -> None:
    lin = db_row(db, "participants", str(who.lin.participant_id))
    with db.atomic():
        participants.lock(db, lin["id"])
        holding.accept(db, who.chen.actor, lin, entry_id, "seen in the meter", NOW, STUDY)


def write_entries(db: Database, who: People) -> dict[str, str]:
    """Lows, events before and after their reading, corrections, withdrawals, held ones in every state."""
    days_5 = 5 * 24 * 60
    kept = {"plain": write(db, who.lin, "reading", glucose("6.1"), 300)}
    low = write(db, who.lin, "reading", glucose("2.8"), 60)
    kept["low"] = low
    event = {"reading_id": low, "could_self_treat": "no", "helped_by": "family"}
    kept["event"] = write(db, who.lin, "hypo_event", event, 58)
    kept["corrected"] = write(db, who.lin, "reading", glucose("3.1"), 60, replaces=low, reason="slip")
    kept["machine"] = write(
        db,
        who.lin,
        "reading",
        {**glucose("5.0"), "meter_serial": "M1", "sequence": 7},
        30,
        origin="bluetooth",
    )
    kept["same"] = write(
        db,
        who.lin,
        "reading",
        {**glucose("5.0"), "meter_serial": "M1", "sequence": 7},
        30,
        origin="bluetooth",
    )
    gone = write(db, who.lin, "reading", glucose("2.5"), 500)
    write(db, who.lin, "reading", None, 500, replaces=gone, reason="another person's")
    kept["held"] = write(db, who.lin, "reading", glucose("2.7"), days_5)
    kept["accepted"] = write(db, who.lin, "reading", glucose("2.6"), days_5 + 600)
    accept(db, who, kept["accepted"])
    first = write(db, who.lin, "reading", glucose("7.0"), 200)
    waiting = write(
        db, who.lin, "reading", glucose("7.5"), days_5 + 900, replaces=first, reason="it was then"
    )
    write(db, who.lin, "reading", None, days_5 + 900, replaces=waiting, reason="no, it was not")
    other = write(db, who.lin, "reading", glucose("8.0"), 210)
    pending = write(db, who.lin, "reading", glucose("2.2"), days_5 + 2000, replaces=other, reason="wrong day")
    assert db_row(db, "entries", pending)["state"] == "held"
    once = write(db, who.lin, "reading", glucose("8.1"), 220)
    accept(
        db,
        who,
        write(db, who.lin, "reading", glucose("8.2"), days_5 + 3000, replaces=once, reason="that day"),
    )
    write(db, who.mei, "hypo_event", {"could_self_treat": "no"}, 90)
    write(db, who.lin, "dose", {"schedule_id": str(uuid4()), "due_day": "2026-03-02", "slot": "08:00",
                                "status": "taken"})  # fmt: skip
    write(db, who.yu, "contraception", {"status": "used"})
    return kept


def run_the_desk(db: Database, who: People) -> dict[str, str]:
    """Alerts seen, acknowledged, resolved; schedules replaced and ended; meters given; people changed."""
    site, by = str(who.chen.site_id), who.chen.actor
    found = [row["id"] for row in alerts.list_for_site(db, site)]
    with db.atomic():
        alerts.acknowledge(db, by, site, found[0], NOW)
        alerts.resolve(db, by, site, found[1], NOW, resolution="called her", sae="no")
    lin, an = (db_row(db, "participants", str(p.participant_id)) for p in (who.lin, who.an))
    plan = NewSchedule("dose", "Tacrolimus", ["20:00", "08:00"], "Asia/Shanghai", date(2026, 3, 1), None, 60, 60,
                       drug="tacrolimus", amount="2 mg")  # fmt: skip
    first = schedules.add(db, by, STUDY, NOW, lin, plan)
    second = schedules.add(db, by, STUDY, NOW, lin, NewSchedule(**{**vars(plan), "replaces": first["id"]}))
    schedules.end(db, by, STUDY, NOW, lin, second["id"], to_day=None, reason="stopped")
    with db.atomic():
        for serial in ("M1", "M2", "M1"):
            meters.assign(db, by, NOW, lin["id"], serial=serial, model="GA-3", day=date(2026, 3, 2))
    guardians.end(db, by, NOW, an, who.mei.account_id, reason="moved away")
    guardians.add(
        db, by, STUDY, NOW, an, NewGuardian("aunt", "2.1", CONSENT_DAY, account_id=who.mei.account_id)
    )
    enrolment.record_consent(
        db, by, STUDY, NOW, lin, giver="participant", guardian_id=None, version="2.1", day=date(2026, 3, 1)
    )
    accounts.set_language(db, who.zhao.actor, NOW, "zh-CN")
    accounts.change_staff(
        db, who.ada.actor, NOW, who.park.account_id, {"role": "coordinator"}, reason="new post"
    )
    accounts.close(db, who.ada.actor, NOW, who.park.account_id, reason="left")
    with db.atomic():
        aside = SetAside("refused", None, None, "{broken", "not_json", {}, False)
        refusals.keep(db, who.lin.actor, [lin], aside, NOW, STUDY)
    asked = queries.add(
        db,
        by,
        NOW,
        lin,
        found_entry(db, lin["id"]),
        field="data.value",
        text="Sure?",
        due_day=date(2026, 3, 9),
    )
    queries.answer(db, who.lin.actor, NOW, lin["id"], asked["id"], "Yes.")
    queries.close(db, by, NOW, lin["id"], asked["id"], "Thank you.", seen=2)
    stream = audit.participant_stream(lin["id"])
    channel = channels.add(
        db, by, NOW, stream, who.lin.account_id, kind="message", name="email", address="lin@example.org"
    )
    channels.end(db, by, NOW, stream, who.lin.account_id, channel["id"])
    with db.atomic():
        call_id = calls.open(db, who.lin.account_id, lin["id"], "reminder", NOW, NOW)
    calls.close(db, by, NOW, site, call_id, outcome="no_answer", note=None)
    travel.confirm(db, who.lin.actor, STUDY, NOW, lin, "Asia/Tokyo")
    planned = visits.plan(db, by, NOW, lin, visits.NewVisit("Month 3", date(2026, 3, 9), 3, 7))
    visits.cancel(db, by, NOW, lin["id"], planned, reason="moved")
    return {"alert": found[0], "schedule": second["id"], "query": asked["id"], "call": call_id}


def found_entry(db: Database, participant_id: str) -> str:
    rows = db.query(
        "select id from entries where participant_id = :p order by received_at, id", {"p": participant_id}
    )
    return str(next(iter(rows))["id"])
