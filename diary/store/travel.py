"""Travel: reminders follow the zone that the person confirms, unless two doses would come out of step."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.alerts import Opening
from diary.rules.reminders import interval_is_kept
from diary.rules.schedules import Occurrence, occurrences, of_row
from diary.store import adherence, alerts, audit, contraception, feed, missed, moves, participants, schedules
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
        doses = _doses(db, person["id"], now, study)
        keeps = all(_keeps_interval(db, rows, zone, now, study) for rows in doses)
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


def last_asked(db: Database, participant_id: str) -> Row | None:
    """The `zone` where the person last said to be and the change's `state`; None when never asked."""
    return one(
        db,
        "select to_zone as zone, state from zone_changes where participant_id = :p"
        " order by asked_at desc, id desc limit 1",
        {"p": participant_id},
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
    adherence.judge_anew(db, participant, (now - SOME_DAYS).date(), None, now)


def _apply(db: Database, actor: Actor, now: datetime, person: Row, zone: str, reason: str) -> None:
    participants.change(db, actor, now, person, {"zone": zone}, reason=reason)
    follow(db, actor, now, {**person, "zone": zone}, zone, reason)


def _doses(db: Database, participant_id: str, now: datetime, study: Study) -> list[list[Row]]:
    """The schedules of each immunosuppressant: morning and evening may be two, a changed one begins anew."""
    since = (now - SOME_DAYS).date().isoformat()
    found: dict[str | None, list[Row]] = {}
    for row in schedules.list_for(db, participant_id, hide_contraception=False):
        is_recent = row["to_day"] is None or row["to_day"] >= since
        if row["kind"] == "dose" and is_recent and missed.is_immunosuppressant(row["drug"], study):
            name = contraception.agent_name(row["drug"], study)
            found.setdefault(name, []).append(row)
    return list(found.values())


def _keeps_interval(db: Database, agent: Sequence[Row], zone: str, now: datetime, study: Study) -> bool:
    """Between the last dose by the old clock and the first by the new one; each slot is due once only.

    A slot whose window the new zone has behind it is no dose to come.
    """
    if all(row["zone"] == zone for row in agent):
        return True
    past: list[datetime] = []
    coming: list[datetime] = []
    a_day: Counter[date] = Counter()
    for row in agent:
        read, days = of_row(row), _around(row, now)
        old = occurrences(read, row["zone"], *days)
        a_day.update(slot.day for slot in old)
        had, ahead = _planned(db, row["id"], now)
        past += had.values()
        past += [slot.due_at for slot in old if slot.due_at <= now and _key(slot) not in ahead]
        left = {_key(slot) for slot in old if slot.due_at > now} | ahead
        new = [slot for slot in occurrences(read, zone, *days) if _key(slot) in left - had.keys()]
        coming += [max(slot.due_at, now) for slot in new if slot.closes_at >= now]
    return interval_is_kept(
        max(past, default=None), min(coming, default=None), max(a_day.values(), default=1), study.reminders
    )


def _around(schedule: Row, now: datetime) -> tuple[date, date]:
    today = now.astimezone(ZoneInfo(schedule["zone"])).date()
    return today - SOME_DAYS, today + SOME_DAYS


def _key(slot: Occurrence) -> tuple[str, str]:
    return slot.day.isoformat(), slot.slot


def _planned(
    db: Database, schedule_id: str, now: datetime
) -> tuple[dict[tuple[str, str], datetime], set[tuple[str, str]]]:
    """Slots that had their time already, also by the clock of a zone before this one; and those ahead."""
    rows = db.query(
        "select local_day, slot, due_at from reminders where schedule_id = :s and state <> 'cancelled'"
        " and due_at >= :first",
        {"s": schedule_id, "first": clock.to_text(now - SOME_DAYS)},
    )
    due = {(row["local_day"], row["slot"]): clock.from_text(row["due_at"]) for row in rows}
    had = {key: at for key, at in due.items() if at <= now}
    return had, due.keys() - had.keys()


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
