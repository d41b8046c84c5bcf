"""What the operator has to look at: one open row for each thing, however often it happens."""

from datetime import datetime
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.store import audit
from diary.store.actors import Actor


def open(db: Database, kind: str, subject: str, detail: str, now: datetime) -> str:
    """Raise it, or count once more what stands open already; answers the problem's id.

    `subject` and `detail` hold nothing personal: no address, no endpoint, no name.
    """
    row: Row = {
        "id": str(uuid4()), "kind": kind, "subject": subject, "detail": detail, "at": clock.to_text(now),
    }  # fmt: skip
    [problem] = db.query(
        "insert into problems (id, kind, subject, detail, opened_at, last_at, times)"
        " values (:id, :kind, :subject, :detail, :at, :at, 1)"
        " on conflict (kind, subject) where closed_at is null do update set"
        " last_at = excluded.last_at, detail = excluded.detail, times = problems.times + 1 returning id",
        row,
    )
    return str(problem["id"])


def settle(db: Database, kind: str, subject: str, now: datetime) -> None:
    """It ended by itself."""
    db.execute(
        "update problems set closed_at = :at where kind = :kind and subject = :subject and closed_at is null",
        {"kind": kind, "subject": subject, "at": clock.to_text(now)},
    )


def list_open(db: Database, kind: str | None = None) -> list[Row]:
    """What stands open, of this kind or of every kind, oldest first."""
    return list(
        db.query(
            "select * from problems where closed_at is null"
            " and (cast(:kind as text) is null or kind = :kind) order by opened_at, id",
            {"kind": kind},
        )
    )


def list_all(db: Database, limit: int) -> list[Row]:
    """Open ones first, then the latest of the closed ones."""
    return list(
        db.query(
            "select * from problems order by case when closed_at is null then 0 else 1 end,"
            " last_at desc, id limit :limit",
            {"limit": limit},
        )
    )


def close(db: Database, actor: Actor, now: datetime, problem_id: str) -> Row:
    """The operator has looked at it; NotFoundError, ConflictError `problem_closed`."""
    with db.atomic():
        done = db.execute(
            "update problems set closed_at = :at, closed_by = :by where id = :id and closed_at is null",
            {"at": clock.to_text(now), "by": actor.id, "id": problem_id},
        )
        problem = one(db, "select * from problems where id = :id", {"id": problem_id})
        if problem is None:
            raise NotFoundError
        if not done.rowcount:
            raise ConflictError("problem_closed")
        audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "close_problem", "problem", problem_id)
    return problem
