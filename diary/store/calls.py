"""The call list: whom nobody could reach by any channel, and what came of the telephone call."""

from datetime import datetime
from typing import Final, Literal
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.store import audit, participants
from diary.store.actors import SYSTEM, Actor

About = Literal["reminder", "recheck", "blood_draw"]
Outcome = Literal["spoke", "no_answer", "reached_otherwise"]
# Of two reasons to call the same person, the later in this order is the one to say.
ABOUTS: Final[tuple[About, ...]] = ("reminder", "blood_draw", "recheck")
OUTCOMES: Final[tuple[Outcome, ...]] = ("spoke", "no_answer", "reached_otherwise")
_HIDDEN_KINDS = "('contraception', 'pregnancy_test')"


def open(
    db: Database, account_id: str, participant_id: str, about: About, since: datetime, now: datetime
) -> str:
    """Somebody is to be telephoned; who is on the list already stays there once. Answers the call's id.

    The call keeps its first `since`; a more urgent reason takes the place of the one before.
    """
    with db.atomic():
        participants.lock(db, participant_id)
        standing = one(
            db,
            "select * from calls where account_id = :a and participant_id = :p and closed_at is null",
            {"a": account_id, "p": participant_id},
        )
        if standing:
            _sharpen(db, standing, about, now)
            return str(standing["id"])
        return _add(db, account_id, participant_id, about, since, now)


def _add(
    db: Database, account_id: str, participant_id: str, about: About, since: datetime, now: datetime
) -> str:
    participant = participants.list_by_ids(db, [participant_id])[0]
    call: Row = {
        "id": str(uuid4()), "site_id": participant["site_id"], "participant_id": participant_id,
        "account_id": account_id, "about": about, "since_at": clock.to_text(since),
        "opened_at": clock.to_text(now),
    }  # fmt: skip
    db.execute(
        f"insert into calls ({', '.join(call)}) values ({', '.join(':' + name for name in call)})", call
    )
    stream = audit.participant_stream(participant_id)
    audit.created(db, stream, SYSTEM, now, "call", call["id"], call)
    return str(call["id"])


def _sharpen(db: Database, call: Row, about: About, now: datetime) -> None:
    if ABOUTS.index(about) <= ABOUTS.index(call["about"]):
        return
    db.execute("update calls set about = :about where id = :id", {"about": about, "id": call["id"]})
    stream = audit.participant_stream(call["participant_id"])
    audit.changed(db, stream, SYSTEM, now, "call", call["id"], [("about", call["about"], about)])


def get(db: Database, site_id: str, call_id: str) -> Row:
    """One call of the site, open or closed; NotFoundError for another site's."""
    row = one(db, "select * from calls where id = :id and site_id = :site", {"id": call_id, "site": site_id})
    if row is None:
        raise NotFoundError
    return row


def list_open(db: Database, site_id: str, *, hide_contraception: bool) -> list[Row]:
    """Who is to be telephoned, the longest unreached first, with number, name and last contact.

    A guardian without a number is called by the child's. Names and numbers are for people who may see
    them: the caller leaves them out for others.
    """
    return list(
        db.query(
            f"""
            select c.*, p.subject_no, a.login, a.role,
                i.name, coalesce(i.phone, own.phone) as phone,
                (select e.received_at from entries e where e.participant_id = c.participant_id
                    and e.author_id = c.account_id
                    and (:hide = 0 or e.kind not in {_HIDDEN_KINDS})
                    order by e.received_at desc limit 1) as last_contact_at
            from calls c
            join participants p on p.id = c.participant_id
            join accounts a on a.id = c.account_id
            left join identities i on i.holder_id = case
                when a.role = 'participant' then c.participant_id else a.id end
            left join identities own on own.holder_id = c.participant_id
            where c.site_id = :site and c.closed_at is null order by c.since_at, c.id
            """,
            {"site": site_id, "hide": int(hide_contraception)},
        )
    )


def close(
    db: Database, actor: Actor, now: datetime, site_id: str, call_id: str, *, outcome: Outcome,
    note: str | None,
) -> Row:  # fmt: skip
    """Take the call off the list with what came of it; ConflictError `call_closed`, NotFoundError."""
    with db.atomic():
        participants.lock(db, get(db, site_id, call_id)["participant_id"])
        call = get(db, site_id, call_id)
        if call["closed_at"] is not None:
            raise ConflictError("call_closed")
        changed = {
            "closed_at": clock.to_text(now), "closed_by": actor.id, "outcome": outcome, "note": note,
        }  # fmt: skip
        sets = ", ".join(f"{name} = :{name}" for name in changed)
        db.execute(f"update calls set {sets} where id = :id", {**changed, "id": call_id})
        stream = audit.participant_stream(call["participant_id"])
        changes = [(name, call[name], value) for name, value in changed.items()]
        audit.changed(db, stream, actor, now, "call", call_id, changes)
    return get(db, site_id, call_id)
