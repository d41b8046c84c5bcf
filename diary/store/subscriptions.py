"""Phones that take push messages: one live row for each endpoint, and the push services they stand at."""

from datetime import datetime
from typing import Final, Literal
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import NotFoundError
from diary.store import audit, problems
from diary.store.actors import Actor

Reason = Literal["gone", "unsubscribed", "replaced", "session_ended", "account_closed"]
# The operator's word for a push service that is left alone until somebody has looked.
STOPPED: Final = "push_host_stopped"
DEVICE_CHARS: Final = 200


def add(
    db: Database, account_id: str, session_id: str | None, now: datetime, *, endpoint: str, host: str,
    p256dh: str, auth: str, device: str,
) -> Row:  # fmt: skip
    """This phone tells this account from now on; the same again only says that it is still there.

    Somebody else who had the phone before is no longer told by it.
    """
    at = clock.to_text(now)
    with db.atomic():
        db.lock(f"subscription:{endpoint}")
        live = one(
            db, "select * from subscriptions where endpoint = :e and ended_at is null", {"e": endpoint}
        )
        if live and live["account_id"] == account_id:
            changes = {"id": live["id"], "p256dh": p256dh, "auth": auth, "at": at, "session": session_id}
            db.execute(
                "update subscriptions set p256dh = :p256dh, auth = :auth, session_id = :session,"
                " seen_at = :at where id = :id",
                changes,
            )
            return {**live, "p256dh": p256dh, "auth": auth, "session_id": session_id, "seen_at": at}
        if live:
            _end(db, "id = :key", live["id"], "replaced", now)
        row: Row = {
            "id": str(uuid4()), "account_id": account_id, "session_id": session_id, "endpoint": endpoint,
            "host": host, "p256dh": p256dh, "auth": auth, "device": device[:DEVICE_CHARS],
            "created_at": at, "seen_at": at,
        }  # fmt: skip
        db.execute(
            f"insert into subscriptions ({', '.join(row)}) values ({', '.join(':' + name for name in row)})",
            row,
        )
    return row


def list_live(db: Database, account_id: str) -> list[Row]:
    """The account's phones, oldest first, each with whether its push service is stopped."""
    return list(
        db.query(
            "select s.*, case when h.stopped_at is null then 0 else 1 end as stopped from subscriptions s"
            " left join push_hosts h on h.host = s.host"
            " where s.account_id = :a and s.ended_at is null order by s.created_at, s.id",
            {"a": account_id},
        )
    )


def unsubscribe(db: Database, account_id: str, endpoint: str, now: datetime) -> None:
    """The account's phone takes no more; NotFoundError when it is none of this account's."""
    live = one(
        db,
        "select id from subscriptions where endpoint = :e and account_id = :a and ended_at is null",
        {"e": endpoint, "a": account_id},
    )
    if live is None:
        raise NotFoundError
    _end(db, "id = :key", live["id"], "unsubscribed", now)


def end_gone(db: Database, subscription_id: str, now: datetime) -> None:
    """The push service no longer knows it."""
    _end(db, "id = :key", subscription_id, "gone", now)


def end_of_session(db: Database, session_id: str, now: datetime) -> None:
    """Who signed out on a phone is not reminded on it any more."""
    _end(db, "session_id = :key", session_id, "session_ended", now)


def end_of_account(db: Database, account_id: str, reason: Reason, now: datetime) -> None:
    """All of the account's phones at once: every session of it ended, or it was closed."""
    _end(db, "account_id = :key", account_id, reason, now)


def _end(db: Database, where: str, key: str, reason: Reason, now: datetime) -> None:
    db.execute(
        f"update subscriptions set ended_at = :at, end_reason = :reason where ended_at is null and {where}",
        {"key": key, "at": clock.to_text(now), "reason": reason},
    )


def stop_host(db: Database, host: str, status: int | None, detail: str, now: datetime) -> None:
    """Send nothing more to this push service; what stands there keeps its place."""
    db.execute(
        "insert into push_hosts (host, stopped_at, status, detail) values (:host, :at, :status, :detail)"
        " on conflict (host) do update set status = excluded.status, detail = excluded.detail,"
        " stopped_at = coalesce(push_hosts.stopped_at, excluded.stopped_at)",
        {"host": host, "at": clock.to_text(now), "status": status, "detail": detail},
    )
    problems.open(db, STOPPED, host, f"{detail} ({status})", now)


def stopped_hosts(db: Database) -> list[Row]:
    return list(db.query("select * from push_hosts where stopped_at is not null order by host"))


def resume_host(db: Database, actor: Actor, host: str, now: datetime) -> None:
    """The operator has looked: send there again; NotFoundError for a service that is not stopped."""
    with db.atomic():
        done = db.execute(
            "update push_hosts set stopped_at = null where host = :host and stopped_at is not null",
            {"host": host},
        )
        if not done.rowcount:
            raise NotFoundError
        problems.settle(db, STOPPED, host, now)
        audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "resume_push_host", "push_host", host)
