"""Who stands for a child: accounts of their own, linked to one or more children until these come of age."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.rules.days import age_years
from diary.store import accounts, audit, codes, consents, identities, participants, sessions
from diary.store.actors import Actor
from diary.study import Study


@dataclass(frozen=True)
class NewGuardian:
    """Somebody new (`name`), or a guardian of another child already (`account_id`), and their consent."""

    relation: str
    consent_version: str
    consent_day: date
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None
    account_id: str | None = None


def add(db: Database, actor: Actor, study: Study, now: datetime, participant: Row, new: NewGuardian) -> Row:
    """Link a guardian to a child and record the consent; answers the guardian's account.

    DiaryError `fields` for a consent day in the future, ConflictError `adult_needs_no_guardian`,
    `guardian_linked`, NotFoundError for an account that is no guardian of this site.
    """
    with db.atomic():
        participants.lock(db, participant["id"])
        today = participants.today(participant, now)
        if new.consent_day > today:
            raise DiaryError("fields", 422, {"consent.day": "day_in_future"})
        if age_years(date.fromisoformat(participant["birth_day"]), today) >= study.accounts.adult_age:
            raise ConflictError("adult_needs_no_guardian")
        if new.account_id:
            account = _existing(db, participant, new.account_id)
        else:
            account = _invite(db, actor, now, participant, new)
        _link(db, actor, now, participant, account, new.relation)
        consents.add(
            db, actor, now, participant["id"], giver="guardian", guardian_id=account["id"],
            version=new.consent_version, day=new.consent_day,
        )  # fmt: skip
    return account


def _existing(db: Database, participant: Row, account_id: str) -> Row:
    account = one(
        db,
        "select * from accounts where id = :id and role = 'guardian' and site_id = :site"
        " and state <> 'closed'",
        {"id": account_id, "site": participant["site_id"]},
    )
    if account is None:
        raise NotFoundError
    return account


def _invite(db: Database, actor: Actor, now: datetime, participant: Row, new: NewGuardian) -> Row:
    if not new.name:
        raise DiaryError("fields", 422, {"name": "field_required"})
    account = accounts.add(
        db, actor, now, role="guardian", login=_next_login(db, participant["subject_no"]),
        language=new.language or participant["language"], site_id=participant["site_id"],
    )  # fmt: skip
    identities.add(db, actor, now, "account", account["id"], name=new.name, phone=new.phone, email=new.email)
    return account


def _next_login(db: Database, subject_no: str) -> str:
    rows = db.query("select login from accounts where login like :prefix", {"prefix": f"{subject_no}-G%"})
    used = [int(number[1]) for row in rows if (number := re.fullmatch(r".+-G(\d+)", row["login"]))]
    return f"{subject_no}-G{max(used, default=0) + 1}"


def _link(db: Database, actor: Actor, now: datetime, participant: Row, account: Row, relation: str) -> None:
    link = find(db, participant["id"], account["id"])
    if link and link["ended_at"] is None:
        raise ConflictError("guardian_linked")
    body: Row = {
        "account_id": account["id"], "participant_id": participant["id"], "relation": relation,
        "started_at": clock.to_text(now),
    }  # fmt: skip
    db.execute(
        "insert into guardianships (account_id, participant_id, relation, started_at)"
        " values (:account_id, :participant_id, :relation, :started_at)"
        " on conflict (account_id, participant_id) do update set"
        " relation = excluded.relation, started_at = excluded.started_at, ended_at = null",
        body,
    )
    stream = audit.participant_stream(participant["id"])
    audit.created(db, stream, actor, now, "guardianship", account["id"], body)


def find(db: Database, participant_id: str, account_id: str) -> Row | None:
    return one(
        db,
        "select w.*, a.login, a.state from guardianships w join accounts a on a.id = w.account_id"
        " where w.participant_id = :p and w.account_id = :a",
        {"p": participant_id, "a": account_id},
    )


def list_for(db: Database, participant_id: str) -> list[Row]:
    """Present and former guardians with their names; for people who may see names."""
    return list(
        db.query(
            "select w.account_id, w.relation, w.started_at, w.ended_at, a.login, a.state,"
            " i.name, i.phone, i.email"
            " from guardianships w join accounts a on a.id = w.account_id"
            " left join identities i on i.holder_id = a.id"
            " where w.participant_id = :p order by w.started_at, a.login",
            {"p": participant_id},
        )
    )


def present(db: Database, participant_id: str) -> frozenset[str]:
    """Account ids of the guardians who are linked now; the child's age is the caller's question."""
    rows = db.query(
        "select w.account_id from guardianships w join accounts a on a.id = w.account_id"
        " where w.participant_id = :p and w.ended_at is null and a.state <> 'closed'",
        {"p": participant_id},
    )
    return frozenset(row["account_id"] for row in rows)


def end(db: Database, actor: Actor, now: datetime, participant: Row, account_id: str, *, reason: str) -> None:
    """End a guardianship from the next request on; NotFoundError, ConflictError `guardianship_ended`.

    A guardian without any child left is signed out, and an unused code of theirs no longer works.
    """
    with db.atomic():
        participants.lock(db, participant["id"])
        link = find(db, participant["id"], account_id)
        if link is None:
            raise NotFoundError
        if link["ended_at"] is not None:
            raise ConflictError("guardianship_ended")
        at = clock.to_text(now)
        db.execute(
            "update guardianships set ended_at = :at where participant_id = :p and account_id = :a",
            {"at": at, "p": participant["id"], "a": account_id},
        )
        audit.changed(
            db, audit.participant_stream(participant["id"]), actor, now, "guardianship", account_id,
            [("ended_at", None, at)], reason=reason,
        )  # fmt: skip
        left = one(
            db,
            "select 1 as found from guardianships where account_id = :a and ended_at is null",
            {"a": account_id},
        )
        if left is None:
            sessions.revoke_all(db, actor, now, account_id)
            codes.revoke(db, now, account_id)


def list_ever(db: Database, account_id: str) -> list[Row]:
    """Every child this guardian's account was ever linked to, present or past."""
    return list(
        db.query(
            "select p.* from guardianships gs join participants p on p.id = gs.participant_id"
            " where gs.account_id = :a order by p.subject_no",
            {"a": account_id},
        )
    )
