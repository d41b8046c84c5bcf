"""Which meter the sponsor gave to whom."""

from datetime import date, datetime
from uuid import uuid4

from diary.db import Database, Row, one
from diary.errors import ConflictError
from diary.store import audit
from diary.store.actors import Actor


def assign(
    db: Database,
    actor: Actor,
    now: datetime,
    participant_id: str,
    *,
    serial: str,
    model: str | None,
    day: date,
) -> Row:
    """Give a meter, or give one back; the one the participant had counts as returned on that day.

    ConflictError `meter_taken` while anybody has it, this participant included.
    """
    stream = audit.participant_stream(participant_id)
    db.lock(f"meter:{serial}")
    held = one(
        db, "select 1 as held from meters where serial = :serial and returned_day is null", {"serial": serial}
    )
    if held:
        raise ConflictError("meter_taken", {"serial": serial})
    had: Row | None = None
    for old in list_for(db, participant_id):
        if old["returned_day"] is None:
            _set_returned(db, actor, now, stream, old, max(day.isoformat(), old["given_day"]))
        if old["serial"] == serial:
            had = old
    if had:
        _set_returned(db, actor, now, stream, had, None)
        return {**had, "returned_day": None}
    row: Row = {
        "id": str(uuid4()), "participant_id": participant_id, "serial": serial, "model": model,
        "given_day": day.isoformat(), "returned_day": None,
    }  # fmt: skip
    db.execute(f"insert into meters ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row)
    audit.created(db, stream, actor, now, "meter", row["id"], row)
    return row


def _set_returned(
    db: Database, actor: Actor, now: datetime, stream: str, meter: Row, day: str | None
) -> None:
    db.execute("update meters set returned_day = :day where id = :id", {"day": day, "id": meter["id"]})
    audit.changed(
        db, stream, actor, now, "meter", meter["id"], [("returned_day", meter["returned_day"], day)]
    )


def list_for(db: Database, participant_id: str) -> list[Row]:
    return list(
        db.query(
            "select * from meters where participant_id = :p order by given_day, id", {"p": participant_id}
        )
    )
