"""Participants: rows with an opaque id, a subject number and no name (names: identities)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, marks, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.days import Since
from diary.rules.participation import Sex, State
from diary.store import audit
from diary.store.actors import Actor

FLAGS = ("fertile", "premenopausal", "treated_by_carer", "minor_contraception_approved")
# Not for the trail, which a monitor reads: an age in years is all that a monitor learns.
KEPT_OUT_OF_TRAIL = ("birth_day",)
_HIDDEN_KINDS = "('contraception', 'pregnancy_test')"


@dataclass(frozen=True)
class NewParticipant:
    """What enrolment says about a participant; days are local dates, flags None where not known."""

    subject_no: str
    birth_day: date
    sex: Sex
    fertile: bool | None
    premenopausal: bool | None
    treated_by_carer: bool
    display_unit: str
    zone: str
    language: str
    consented_day: date
    minor_contraception_approved: bool = False
    state: State = "screening"
    transplant_days: Sequence[date] = ()


def today(participant: Mapping[str, Any], now: datetime) -> date:
    """The day it is where the participant lives."""
    return now.astimezone(ZoneInfo(participant["zone"])).date()


def lock(db: Database, participant_id: str) -> None:
    """Writers of one participant wait for each other; first thing in their transaction."""
    db.lock(f"participant:{participant_id}")


def add(db: Database, actor: Actor, now: datetime, site_id: str, new: NewParticipant) -> Row:
    """Insert the participant; ConflictError `subject_taken` for a number that is in use anywhere."""
    row: Row = {field.name: _stored(getattr(new, field.name)) for field in fields(new)}
    row |= {"id": str(uuid4()), "site_id": site_id, "created_at": clock.to_text(now)}
    done = db.execute(
        f"insert into participants ({', '.join(row)}) values ({', '.join(':' + name for name in row)})"
        " on conflict (subject_no) do nothing",
        row,
    )
    if not done.rowcount:
        raise ConflictError("subject_taken", {"subject_no": new.subject_no})
    body = {name: value for name, value in row.items() if name not in KEPT_OUT_OF_TRAIL}
    audit.created(db, audit.participant_stream(row["id"]), actor, now, "participant", row["id"], body)
    _note_state(db, row["id"], new.state, now, None)
    _note_zone(db, row["id"], new.zone, now)
    return row


def _note_state(db: Database, participant_id: str, state: object, now: datetime, reason: str | None) -> None:
    """Keep since when the participant is in this state: what is asked of them depends on it."""
    db.execute(
        "insert into participant_states (id, participant_id, state, from_at, reason)"
        " values (:id, :p, :state, :at, :reason)",
        {"id": str(uuid4()), "p": participant_id, "state": state, "at": clock.to_text(now), "reason": reason},
    )


def list_states(db: Database, participant_id: str) -> list[Row]:
    """Every state the participant was in, oldest first, each with the instant from which on."""
    return list(
        db.query(
            "select state, from_at, reason from participant_states where participant_id = :p"
            " order by from_at, id",
            {"p": participant_id},
        )
    )


def _note_zone(db: Database, participant_id: str, zone: object, now: datetime) -> None:
    """Keep since when the participant lives by this clock: days of the past are days of that zone."""
    db.execute(
        "insert into participant_zones (id, participant_id, zone, from_at) values (:id, :p, :zone, :at)",
        {"id": str(uuid4()), "p": participant_id, "zone": zone, "at": clock.to_text(now)},
    )


def list_zones(db: Database, participant_id: str) -> list[Since]:
    """Every zone the participant was in, oldest first (rules.days.local_day_in)."""
    rows = db.query(
        "select zone, from_at from participant_zones where participant_id = :p order by from_at, id",
        {"p": participant_id},
    )
    return [Since(clock.from_text(row["from_at"]), row["zone"]) for row in rows]


def _stored(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return audit.canonical(sorted({str(day) for day in value}))
    return value


def get(db: Database, site_id: str, participant_id: str) -> Row:
    """One participant of the site; another site's is as good as none: NotFoundError."""
    row = one(
        db,
        "select * from participants where id = :id and site_id = :site",
        {"id": participant_id, "site": site_id},
    )
    if row is None:
        raise NotFoundError
    return row


def get_own(db: Database, actor: Actor, participant_id: str) -> Row:
    """One of the participants this account writes for; NotFoundError for anybody else."""
    if participant_id not in actor.participant_ids:
        raise NotFoundError
    return list_by_ids(db, [participant_id])[0]


def list_by_ids(db: Database, participant_ids: Iterable[str]) -> list[Row]:
    """In the order of subject numbers; the caller has made sure that the ids are its own."""
    holders, names = marks(list(participant_ids))
    if not names:
        return []
    return list(db.query(f"select * from participants where id in ({holders}) order by subject_no", names))


def list_all(db: Database) -> list[Row]:
    """Everybody of every site: for the worker."""
    return list(db.query("select * from participants order by id"))


def list_overview(db: Database, site_id: str, *, hide_contraception: bool) -> list[Row]:
    """The site's participants with what the desk shows beside each: last entry, open alerts, held entries.

    Counts say no more than the lists do: with `hide_contraception` they leave that section out.
    """
    return list(
        db.query(
            f"""
            select p.*,
                (select e.received_at from entries e where e.participant_id = p.id
                    and e.author_role in ('participant', 'guardian')
                    and (:hide = 0 or e.kind not in {_HIDDEN_KINDS})
                    order by e.received_at desc limit 1) as last_contact_at,
                (select h.occurred_at from entry_heads h where h.participant_id = p.id
                    and h.kind = 'reading' and h.state <> 'withdrawn'
                    order by h.occurred_at desc limit 1) as last_reading_at,
                (select count(*) from alerts a where a.participant_id = p.id
                    and a.level = 'page' and a.state <> 'resolved'
                    and (:hide = 0 or a.is_contraception = 0)) as open_pages,
                (select count(*) from alerts a where a.participant_id = p.id
                    and a.level = 'desk' and a.state <> 'resolved'
                    and (:hide = 0 or a.is_contraception = 0)) as open_desk_alerts,
                (select count(*) from entry_heads h where h.participant_id = p.id
                    and (h.state = 'held' or h.pending_id is not null)
                    and (:hide = 0 or h.kind not in {_HIDDEN_KINDS})) as held_entries
            from participants p where p.site_id = :site order by p.subject_no
            """,
            {"site": site_id, "hide": int(hide_contraception)},
        )
    )


def change(
    db: Database, actor: Actor, now: datetime, participant: Row, new: Mapping[str, object], *, reason: str
) -> list[str]:
    """Set the given columns; one row of the trail per field that changed. Answers the changed names."""
    stored = {name: _stored(value) for name, value in new.items()}
    changes = {name: value for name, value in stored.items() if value != participant[name]}
    if not changes:
        return []
    db.execute(
        f"update participants set {', '.join(f'{name} = :{name}' for name in changes)} where id = :id",
        {**changes, "id": participant["id"]},
    )
    if "state" in changes:
        _note_state(db, participant["id"], changes["state"], now, reason)
    if "zone" in changes:
        _note_zone(db, participant["id"], changes["zone"], now)
    told = [
        (name, participant[name], value) for name, value in changes.items() if name not in KEPT_OUT_OF_TRAIL
    ]
    stream = audit.participant_stream(participant["id"])
    audit.changed(db, stream, actor, now, "participant", participant["id"], told, reason=reason)
    return list(changes)


def transplant_days(participant: Mapping[str, Any]) -> list[date]:
    """Oldest first."""
    return [date.fromisoformat(day) for day in json.loads(participant["transplant_days"])]


def newest_pregnancy_test(db: Database, participant_id: str) -> str | None:
    """The result of the newest recorded test (`negative`, `positive` ...); None when there is none."""
    row = one(
        db,
        "select e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'pregnancy_test' and h.state = 'stored'"
        " order by h.occurred_at desc limit 1",
        {"p": participant_id},
    )
    return None if row is None else json.loads(row["data"]).get("result")
