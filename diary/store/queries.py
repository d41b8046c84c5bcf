"""Queries: a question at a value, its answers, and who closed it when. Nothing said is ever changed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.entries import is_contraception
from diary.store import audit, entries, feed
from diary.store.actors import Actor
from diary.store.sessions import OWN_ROLES


def add(
    db: Database, actor: Actor, now: datetime, participant: Row, entry_id: str,
    *, field: str | None, text: str, due_day: date,
) -> Row:  # fmt: skip
    """Raise a query at one version of an entry; NotFoundError for another participant's."""
    with db.atomic():
        db.lock(f"participant:{participant['id']}")
        entry = entries.find_version(db, participant["id"], entry_id)
        if entry is None:
            raise NotFoundError
        row: Row = {
            "id": str(uuid4()), "participant_id": participant["id"], "site_id": participant["site_id"],
            "root_id": entry["root_id"], "entry_id": entry["id"], "field": field,
            "is_contraception": int(is_contraception(entry["kind"])), "state": "open",
            "raised_by": actor.id, "raised_at": clock.to_text(now), "due_day": due_day.isoformat(),
            "answered_at": None, "closed_by": None, "closed_at": None,
        }  # fmt: skip
        db.execute(
            f"insert into queries ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
        )
        stream = audit.participant_stream(participant["id"])
        audit.created(db, stream, actor, now, "query", row["id"], row)
        _say(db, actor, now, row, text)
        _tell(db, row)
    return get(db, participant["id"], row["id"])


def answer(db: Database, actor: Actor, now: datetime, participant_id: str, query_id: str, text: str) -> Row:
    """Say something to a query; ConflictError `query_closed` for staff, NotFoundError.

    Whoever asked asks on: then an answer is wanted again. What the participant's side says to a query that
    was closed meanwhile is kept, and opens it again. The same words sent twice are said once.
    """
    changes: dict[str, str | None] = {"state": "answered", "answered_at": clock.to_text(now)}
    return _move(db, actor, now, participant_id, query_id, text, changes)


def close(
    db: Database, actor: Actor, now: datetime, participant_id: str, query_id: str, text: str, *, seen: int
) -> Row:
    """Close a query with a sentence; ConflictError `query_closed`, NotFoundError.

    `seen` is how many messages whoever closes has read: ConflictError `query_said_more` where there are
    more, so that no answer is closed over.
    """
    changes: dict[str, str | None] = {
        "state": "closed",
        "closed_by": actor.id,
        "closed_at": clock.to_text(now),
    }
    return _move(db, actor, now, participant_id, query_id, text, changes, seen=seen)


def _move(
    db: Database, actor: Actor, now: datetime, participant_id: str, query_id: str, text: str,
    changes: dict[str, str | None], *, seen: int | None = None,
) -> Row:  # fmt: skip
    with db.atomic():
        db.lock(f"participant:{participant_id}")
        query = one(
            db, "select * from queries where id = :id and participant_id = :p",
            {"id": query_id, "p": participant_id},
        )  # fmt: skip
        if query is None or (query["is_contraception"] and actor.role == "guardian"):
            raise NotFoundError
        said = _messages(db, query_id)
        if _is_said(query, said, actor, text, closes=seen is not None):
            return get(db, participant_id, query_id)
        if query["state"] == "closed":
            if actor.role not in OWN_ROLES:
                raise ConflictError("query_closed")
            changes = {**changes, "closed_by": None, "closed_at": None}
        if seen is not None and seen != len(said):
            raise ConflictError("query_said_more")
        if changes["state"] == "answered" and actor.id == query["raised_by"]:
            changes = {"state": "open"}
        sets = ", ".join(f"{name} = :{name}" for name in changes)
        db.execute(f"update queries set {sets} where id = :id", {**changes, "id": query_id})
        audit.changed(
            db, audit.participant_stream(participant_id), actor, now, "query", query_id,
            [(name, query[name], value) for name, value in changes.items() if query[name] != value],
            reason=text,
        )  # fmt: skip
        _say(db, actor, now, query, text)
        _tell(db, query)
    return get(db, participant_id, query_id)


def _is_said(query: Row, said: Sequence[Row], actor: Actor, text: str, *, closes: bool) -> bool:
    """Whether this was the last thing said: whoever had no answer sends again.

    Of a closed query its closing sentence is not counted, unless it is that which comes again.
    """
    is_closed = query["state"] == "closed"
    if closes and not is_closed:
        return False
    last = said[-2:-1] if is_closed and not closes else said[-1:]
    return [(one["author_id"], one["text"]) for one in last] == [(actor.id, text)]


def _say(db: Database, actor: Actor, now: datetime, query: Row, text: str) -> None:
    row: Row = {
        "id": str(uuid4()), "query_id": query["id"], "number": len(_messages(db, query["id"])) + 1,
        "participant_id": query["participant_id"],
        "author_id": actor.id, "author_role": actor.role, "text": text, "at": clock.to_text(now),
    }  # fmt: skip
    db.execute(
        f"insert into query_messages ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
    )
    stream = audit.participant_stream(query["participant_id"])
    audit.created(db, stream, actor, now, "query_message", row["id"], row)


def _tell(db: Database, query: Row) -> None:
    feed.record(db, query["participant_id"], "query", query["id"], hidden=bool(query["is_contraception"]))


def get(db: Database, participant_id: str, query_id: str) -> Row:
    """One query with all that was said; NotFoundError."""
    for row in _select(db, "q.id = :id and q.participant_id = :p", {"id": query_id, "p": participant_id}):
        return row
    raise NotFoundError


def participant_of(db: Database, site_id: str, query_id: str) -> str | None:
    """Whose query it is; None for another site's."""
    row = one(
        db,
        "select participant_id from queries where id = :id and site_id = :site",
        {"id": query_id, "site": site_id},
    )
    return str(row["participant_id"]) if row else None


def list_by_ids(db: Database, participant_id: str, query_ids: Sequence[str]) -> list[Row]:
    """These of the participant's, for a phone."""
    if not query_ids:
        return []
    names = {f"id{i}": query_id for i, query_id in enumerate(query_ids)}
    marks = ", ".join(":" + name for name in names)
    return _select(db, f"q.participant_id = :p and q.id in ({marks})", {"p": participant_id, **names})


def list_for_site(
    db: Database, site_id: str, *, participant_id: str | None, state: str | None, hide_contraception: bool
) -> list[Row]:
    """The site's queries, those that are due first on top; `state` None: all that are not closed."""
    return _select(
        db,
        "q.site_id = :site and (cast(:p as text) is null or q.participant_id = :p)"
        " and (q.state = :state or (cast(:state as text) is null and q.state <> 'closed'))"
        " and (:hide = 0 or q.is_contraception = 0)",
        {"site": site_id, "p": participant_id, "state": state, "hide": int(hide_contraception)},
    )


def _select(db: Database, where: str, params: dict[str, object]) -> list[Row]:
    found = list(
        db.query(
            "select q.*, p.subject_no, e.kind from queries q join participants p on p.id = q.participant_id"
            f" join entries e on e.id = q.entry_id where {where} order by q.due_day, q.raised_at, q.id",
            params,
        )
    )
    for query in found:
        query["messages"] = _messages(db, query["id"])
    return found


def _messages(db: Database, query_id: str) -> list[Row]:
    """All that was said, in its order."""
    return list(
        db.query(
            "select author_id, author_role, text, at from query_messages where query_id = :id"
            " order by number",
            {"id": query_id},
        )
    )
