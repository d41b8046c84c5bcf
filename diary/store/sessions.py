"""Sign-ins as rows: the cookie carries a row's random id, and a row can be revoked."""

import secrets
from datetime import date, datetime, timedelta
from typing import Final

from diary import clock
from diary.db import Database, Row, one
from diary.errors import NotFoundError
from diary.rules.days import age_years
from diary.store import audit, calendar_secrets, participants, subscriptions
from diary.store.actors import Actor
from diary.study import Study

OWN_ROLES: Final = frozenset({"participant", "guardian"})
# How exact last_seen_at is kept: a write on every request would cost more than it tells.
TOUCH_EVERY: Final = timedelta(minutes=1)
DEVICE_CHARS: Final = 200


def open_new(db: Database, study: Study, now: datetime, account: Row, device: str) -> str:
    """A fresh session of the account; answers its id, 256 random bits."""
    policy = study.sessions
    own = account["role"] in OWN_ROLES
    lasts = timedelta(days=policy.participant_days) if own else timedelta(hours=policy.staff_max_h)
    session_id = secrets.token_urlsafe(32)
    db.execute(
        "insert into sessions (id, account_id, device, created_at, last_seen_at, expires_at)"
        " values (:id, :account, :device, :at, :at, :expires)",
        {"id": session_id, "account": account["id"], "device": device[:DEVICE_CHARS],
         "at": clock.to_text(now), "expires": clock.to_text(now + lasts)},
    )  # fmt: skip
    return session_id


def find_actor(db: Database, session_id: str, now: datetime, study: Study) -> Actor | None:
    """Who this session speaks for now; None when it ended, sat idle (staff), or its account was closed."""
    row = one(
        db,
        "select s.last_seen_at, s.account_id, a.role, a.site_id, a.language, a.participant_id"
        " from sessions s join accounts a on a.id = s.account_id"
        " where s.id = :id and s.revoked_at is null and s.expires_at > :now and a.state = 'open'",
        {"id": session_id, "now": clock.to_text(now)},
    )
    if row is None:
        return None
    unseen = now - clock.from_text(row["last_seen_at"])
    if row["role"] not in OWN_ROLES and unseen > timedelta(minutes=study.sessions.staff_idle_min):
        return None
    if unseen >= TOUCH_EVERY:
        db.execute(
            "update sessions set last_seen_at = :now where id = :id and last_seen_at < :now",
            {"id": session_id, "now": clock.to_text(now)},
        )
    return Actor(
        id=row["account_id"], role=row["role"], site_id=row["site_id"], language=row["language"],
        participant_ids=_writes_for(db, row, now, study),
    )  # fmt: skip


def _writes_for(db: Database, account: Row, now: datetime, study: Study) -> tuple[str, ...]:
    if account["role"] == "participant":
        return (account["participant_id"],)
    return tuple(children(db, account["account_id"], now, study)) if account["role"] == "guardian" else ()


def children(db: Database, account_id: str, now: datetime, study: Study) -> list[str]:
    """Ids of the participants a guardian stands for today: linked, and not of age yet."""
    rows = db.query(
        "select p.id, p.birth_day, p.zone from guardianships w join participants p on p.id = w.participant_id"
        " where w.account_id = :a and w.ended_at is null order by p.subject_no",
        {"a": account_id},
    )
    return [
        row["id"]
        for row in rows
        if age_years(date.fromisoformat(row["birth_day"]), participants.today(row, now))
        < study.accounts.adult_age
    ]


def revoke(db: Database, now: datetime, session_id: str) -> None:
    db.execute(
        "update sessions set revoked_at = :now where id = :id and revoked_at is null",
        {"now": clock.to_text(now), "id": session_id},
    )
    subscriptions.end_of_session(db, session_id, now)


def revoke_all(db: Database, actor: Actor, now: datetime, account_id: str) -> None:
    """Everything by which somebody reads as this account: sign-ins, phones and the calendar's address."""
    db.execute(
        "update sessions set revoked_at = :now where account_id = :a and revoked_at is null",
        {"now": clock.to_text(now), "a": account_id},
    )
    subscriptions.end_of_account(db, account_id, "session_ended", now)
    calendar_secrets.end_of_account(db, actor, now, account_id)


_OF_PARTICIPANT = """
    from sessions s join accounts a on a.id = s.account_id
    where (a.participant_id = :p or exists (
        select 1 from guardianships w where w.account_id = a.id and w.participant_id = :p))
"""


def list_for_participant(db: Database, participant_id: str, now: datetime) -> list[Row]:
    """Open sessions of the participant and of its guardians, newest first: which phones are signed in."""
    return list(
        db.query(
            "select s.id, s.device, s.created_at, s.last_seen_at, s.expires_at, s.account_id, a.login, a.role"
            + _OF_PARTICIPANT
            + " and s.revoked_at is null and s.expires_at > :now order by s.last_seen_at desc, s.id",
            {"p": participant_id, "now": clock.to_text(now)},
        )
    )


def revoke_lost(
    db: Database, actor: Actor, now: datetime, participant_id: str, session_id: str, *, reason: str
) -> None:
    """End the session of a lost phone; NotFoundError when it is none of this participant's or guardians'."""
    with db.atomic():
        row = one(
            db, "select s.id, s.account_id, s.revoked_at" + _OF_PARTICIPANT + " and s.id = :s",
            {"p": participant_id, "s": session_id},
        )  # fmt: skip
        if row is None:
            raise NotFoundError
        if row["revoked_at"] is None:
            revoke(db, now, session_id)
            stream = audit.participant_stream(participant_id)
            audit.happened(
                db, stream, actor, now, "revoke_session", "account", row["account_id"], reason=reason
            )
