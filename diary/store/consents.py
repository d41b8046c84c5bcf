"""Who agreed to what and when; append-only, because an account opens on the strength of it."""

from datetime import date, datetime
from uuid import uuid4

from diary import clock
from diary.db import Database, Row
from diary.rules.participation import Consent, Giver
from diary.store import audit
from diary.store.actors import Actor


def add(
    db: Database, actor: Actor, now: datetime, participant_id: str, *, giver: Giver, guardian_id: str | None,
    version: str, day: date,
) -> Row:  # fmt: skip
    row: Row = {
        "id": str(uuid4()), "participant_id": participant_id, "giver": giver, "guardian_id": guardian_id,
        "version": version, "day": day.isoformat(), "recorded_by": actor.id,
        "recorded_at": clock.to_text(now),
    }  # fmt: skip
    db.execute(
        f"insert into consents ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
    )
    audit.created(db, audit.participant_stream(participant_id), actor, now, "consent", row["id"], row)
    return row


def list_for(db: Database, participant_id: str) -> list[Row]:
    """Oldest first."""
    return list(
        db.query(
            "select * from consents where participant_id = :p order by day, recorded_at, giver, id",
            {"p": participant_id},
        )
    )


def given(db: Database, participant_id: str) -> list[Consent]:
    """The same for the rules."""
    return [
        Consent(row["giver"], date.fromisoformat(row["day"]), row["version"], row["guardian_id"])
        for row in list_for(db, participant_id)
    ]
