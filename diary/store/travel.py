"""Travel: reminders follow the zone that the person confirms, unless two doses would come out of step."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.alerts import Opening
from diary.rules.reminders import interval_is_kept
from diary.rules.schedules import occurrences, of_row
from diary.store import alerts, audit, feed, missed, moves, participants, schedules
from diary.store.actors import Actor
from diary.study import Study

Decision = Literal["applied", "refused"]
SOME_DAYS: Final = timedelta(days=4)
WITHDRAWN: Final = "asked anew"


def confirm(db: Database, actor: Actor, study: Study, now: datetime, participant: Row, zone: str) -> Row:
    """The person is in another zone: applied at once, or waiting for staff (STUDY.md 6).

    It waits where an immunosuppressant interval would lie outside 9 to 15 h. What waited before is refused.
    """
    with db.atomic():
        participants.lock(db, participant["id"])
        person = participants.get(db, participant["site_id"], participant["id"])
        _end_waiting(db, actor, now, person)
        doses = _doses(db, person["id"], study)
        keeps = all(_keeps_interval(db, row, zone, now, study) for row in doses)
        change: Row = {
            "id": str(uuid4()), "participant_id": person["id"], "from_zone": person["zone"], "to_zone": zone,
            "state": "applied" if keeps else "waiting", "asked_by": actor.id, "asked_at": clock.to_text(now),
        }  # fmt: skip
        db.execute(
            f"insert into zone_changes ({', '.join(change)}) values ({', '.join(':' + n for n in change)})",
            change,
        )
        stream = audit.participant_stream(person["id"])
        audit.created(db, stream, actor, now, "zone_change", change["id"], change)
        if keeps:
            _apply(db, actor, now, person, zone, "confirmed on the phone")
        else:
            alerts.raise_for(db, person, Opening("desk", "zone_waits"), [], now)
    return _get(db, change["id"])


def decide(
    db: Database, actor: Actor, now: datetime, site_id: str, change_id: str, decision: Decision, reason: str
) -> Row:
    """Staff apply or refuse a change that waits; NotFoundError, ConflictError `zone_change_decided`."""
    known = _of_site(db, site_id, change_id)
    with db.atomic():
        participants.lock(db, known["participant_id"])
        change = _get(db, change_id)
        if change["state"] != "waiting":
            raise ConflictError("zone_change_decided")
        _settle(db, actor, now, change, decision, reason)
        if decision == "applied":
            person = participants.get(db, site_id, change["participant_id"])
            _apply(db, actor, now, person, change["to_zone"], reason)
    return _of_site(db, site_id, change_id)


def list_for_site(db: Database, site_id: str, *, state: str | None) -> list[Row]:
    """Newest first, 200 at most."""
    return list(
        db.query(
            "select z.*, p.subject_no from zone_changes z join participants p on p.id = z.participant_id"
            " where p.site_id = :site and (cast(:state as text) is null or z.state = :state)"
            " order by z.asked_at desc, z.id limit 200",
            {"site": site_id, "state": state},
        )
    )


def follow(db: Database, actor: Actor, now: datetime, participant: Row, zone: str, reason: str) -> None:
    """Everything that is prescribed now goes by the wall clock of `zone`; phones hear of it."""
    stream = audit.participant_stream(participant["id"])
    today = (now - SOME_DAYS).date().isoformat()
    for row in schedules.list_for(db, participant["id"], hide_contraception=False):
        if row["zone"] == zone or (row["to_day"] is not None and row["to_day"] < today):
            continue
        db.execute("update schedules set zone = :z where id = :id", {"z": zone, "id": row["id"]})
        changes = [("zone", row["zone"], zone)]
        audit.changed(db, stream, actor, now, "schedule", row["id"], changes, reason=reason)
        moves.move(db, row, zone, now)
        feed.record(db, participant["id"], "schedule", row["id"], hidden=row["kind"] == "contraception")


def _apply(db: Database, actor: Actor, now: datetime, person: Row, zone: str, reason: str) -> None:
    participants.change(db, actor, now, person, {"zone": zone}, reason=reason)
    follow(db, actor, now, person, zone, reason)


def _doses(db: Database, participant_id: str, study: Study) -> list[Row]:
    rows = schedules.list_for(db, participant_id, hide_contraception=False)
    return [
        row
        for row in rows
        if row["kind"] == "dose"
        and row["ended_at"] is None
        and missed.is_immunosuppressant(row["drug"], study)
    ]


def _keeps_interval(db: Database, schedule: Row, zone: str, now: datetime, study: Study) -> bool:
    """Between the last dose by the old clock and the first by the new one; each slot is due once only."""
    if schedule["zone"] == zone:
        return True
    read = of_row(schedule)
    today = now.astimezone(ZoneInfo(schedule["zone"])).date()
    days = (today - SOME_DAYS, today + SOME_DAYS)
    old = occurrences(read, schedule["zone"], *days)
    had = _had(db, schedule["id"], now)
    past = [*had.values(), *(one.due_at for one in old if one.due_at <= now)]
    coming = {(one.day.isoformat(), one.slot) for one in old if one.due_at > now} - had.keys()
    new = [one.due_at for one in occurrences(read, zone, *days) if (one.day.isoformat(), one.slot) in coming]
    return interval_is_kept(
        max(past, default=None), min(new, default=None), len(schedule["times"]), study.reminders
    )


def _had(db: Database, schedule_id: str, now: datetime) -> dict[tuple[str, str], datetime]:
    """Slots that had their time already, also by the clock of a zone before this one."""
    rows = db.query(
        "select local_day, slot, due_at from reminders where schedule_id = :s and state <> 'cancelled'"
        " and due_at between :first and :now",
        {"s": schedule_id, "first": clock.to_text(now - SOME_DAYS), "now": clock.to_text(now)},
    )
    return {(row["local_day"], row["slot"]): clock.from_text(row["due_at"]) for row in rows}


def _end_waiting(db: Database, actor: Actor, now: datetime, person: Row) -> None:
    for change in list(
        db.query(
            "select * from zone_changes where participant_id = :p and state = 'waiting'", {"p": person["id"]}
        )
    ):
        _settle(db, actor, now, change, "refused", WITHDRAWN)


def _settle(db: Database, actor: Actor, now: datetime, change: Row, decision: Decision, reason: str) -> None:
    changes: Row = {
        "state": decision, "decided_by": actor.id, "decided_at": clock.to_text(now), "reason": reason,
    }  # fmt: skip
    sets = ", ".join(f"{name} = :{name}" for name in changes)
    db.execute(f"update zone_changes set {sets} where id = :id", {**changes, "id": change["id"]})
    stream = audit.participant_stream(change["participant_id"])
    told = [(name, change[name], value) for name, value in changes.items()]
    audit.changed(db, stream, actor, now, "zone_change", change["id"], told, reason=reason)


def _get(db: Database, change_id: str) -> Row:
    row = one(db, "select * from zone_changes where id = :id", {"id": change_id})
    if row is None:
        raise NotFoundError
    return row


def _of_site(db: Database, site_id: str, change_id: str) -> Row:
    row = one(
        db,
        "select z.*, p.subject_no from zone_changes z join participants p on p.id = z.participant_id"
        " where z.id = :id and p.site_id = :site",
        {"id": change_id, "site": site_id},
    )
    if row is None:
        raise NotFoundError
    return row
