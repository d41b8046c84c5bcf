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
    return [_consent(row) for row in list_for(db, participant_id)]


def given_at(db: Database, site_id: str) -> dict[str, list[Consent]]:
    """The same of every participant of the site, by id."""
    found: dict[str, list[Consent]] = {}
    for row in db.query(
        "select c.* from consents c join participants p on p.id = c.participant_id"
        " where p.site_id = :site order by c.day, c.recorded_at, c.giver, c.id",
        {"site": site_id},
    ):
        found.setdefault(row["participant_id"], []).append(_consent(row))
    return found


def _consent(row: Row) -> Consent:
    return Consent(row["giver"], date.fromisoformat(row["day"]), row["version"], row["guardian_id"])
