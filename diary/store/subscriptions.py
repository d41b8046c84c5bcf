"""Phones that take push messages: one live row for each endpoint, and the push services they stand at."""

from collections.abc import Sequence
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
# A phone that the operator judged before was refused again: it alone is left alone.
SET_ASIDE: Final = "phone_set_aside"
# So many of the phones whose refusal stopped a service are named; with more it is hardly the phones' fault.
NAMED: Final = 20
DEVICE_CHARS: Final = 200


def add(
    db: Database, account_id: str, session_id: str | None, now: datetime, *, endpoint: str, host: str,
    p256dh: str, auth: str, device: str,
) -> Row:  # fmt: skip
    """This phone tells this account from now on; the same again says that it is still there, and is written
    to again where it had been set aside.

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
                " seen_at = :at, refused_at = null, set_aside_at = null where id = :id",
                changes,
            )
            problems.settle(db, SET_ASIDE, live["id"], now)
            again = {"refused_at": None, "set_aside_at": None, "seen_at": at}
            return {**live, "p256dh": p256dh, "auth": auth, "session_id": session_id, **again}
        if live:
            _end(db, "id = :key", live["id"], "replaced", now)
        row: Row = {
            "id": str(uuid4()), "account_id": account_id, "session_id": session_id, "endpoint": endpoint,
            "host": host, "p256dh": p256dh, "auth": auth, "device": device[:DEVICE_CHARS],
            "created_at": at, "seen_at": at, "judged_at": _judged_at(db, endpoint),
        }  # fmt: skip
        db.execute(
            f"insert into subscriptions ({', '.join(row)}) values ({', '.join(':' + name for name in row)})",
            row,
        )
    return row


def _judged_at(db: Database, endpoint: str) -> str | None:
    """When the operator found that a refusal was this phone's own, whoever it belonged to then."""
    row = one(db, "select max(judged_at) as at from subscriptions where endpoint = :e", {"e": endpoint})
    return row["at"] if row else None


def list_live(db: Database, account_id: str) -> list[Row]:
    """The account's phones, oldest first, each with whether it is written to at the moment."""
    return list(
        db.query(
            "select s.*, case when h.stopped_at is null and s.set_aside_at is null then 0 else 1 end"
            " as stopped from subscriptions s"
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
    judged = db.query(
        f"select id from subscriptions where ended_at is null and judged_at is not null and {where}",
        {"key": key},
    )
    for row in list(judged):
        problems.settle(db, SET_ASIDE, row["id"], now)
    db.execute(
        f"update subscriptions set ended_at = :at, end_reason = :reason where ended_at is null and {where}",
        {"key": key, "at": clock.to_text(now), "reason": reason},
    )


def refused(db: Database, phone: Row, status: int | None, detail: str, now: datetime) -> bool:
    """The service answered 401 or 403 for this phone (`id`, `host`); whether it was stopped.

    Every refusal stops the service, but that of a phone of which the operator found before that it is this
    phone's own: that one is set aside again. Nothing is forgotten either way.
    """
    params = {"id": phone["id"], "at": clock.to_text(now)}
    # As it is now: the operator may have judged while the message was on its way.
    known = one(db, "select judged_at from subscriptions where id = :id", {"id": phone["id"]})
    if known is None or known["judged_at"] is None:
        db.execute("update subscriptions set refused_at = :at where id = :id", params)
        stop_host(db, phone["host"], status, f"{detail}; phone {phone['id']}", now)
        return True
    db.execute("update subscriptions set refused_at = :at, set_aside_at = :at where id = :id", params)
    problems.open(db, SET_ASIDE, phone["id"], f"{detail} ({status}) at {phone['host']}", now)
    return False


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
    """Each with how many live phones stand there (`phones`), how many of them it has refused since
    (`refused_phones`), and the first NAMED of those (`refused`), for the operator to judge by.
    """
    hosts = db.query(
        "select h.*, count(s.id) as phones, count(case when s.refused_at >= h.stopped_at then 1 end)"
        " as refused_phones from push_hosts h left join subscriptions s on s.host = h.host"
        " and s.ended_at is null and s.set_aside_at is null where h.stopped_at is not null"
        " group by h.host, h.stopped_at, h.status, h.detail order by h.host"
    )
    return [{**host, "refused": _refused(db, host)} for host in list(hosts)]


def _refused(db: Database, host: Row) -> list[Row]:
    return list(
        db.query(
            "select id, device, created_at, refused_at from subscriptions where host = :host"
            " and ended_at is null and set_aside_at is null and refused_at >= :since"
            " order by refused_at, id limit :most",
            {"host": host["host"], "since": host["stopped_at"], "most": NAMED},
        )
    )


def resume_host(db: Database, actor: Actor, host: str, now: datetime) -> None:
    """The operator has looked: send there again; NotFoundError for a service that is not stopped."""
    with db.atomic():
        _resume(db, host, now)
        audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "resume_push_host", "push_host", host)


def set_aside(db: Database, actor: Actor, host: str, phone_ids: Sequence[str], now: datetime) -> None:
    """The operator found that it is these phones: send there again, but not to them until they are posted
    anew. NotFoundError for a service that is not stopped, or a phone that it has not refused.
    """
    with db.atomic():
        for phone_id in phone_ids:
            done = db.execute(
                "update subscriptions set set_aside_at = :at, judged_at = :at where id = :id"
                " and host = :host and ended_at is null and refused_at >= (select stopped_at"
                " from push_hosts where push_hosts.host = :host)",
                {"id": phone_id, "host": host, "at": clock.to_text(now)},
            )
            if not done.rowcount:
                raise NotFoundError
            audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "set_phone_aside", "subscription", phone_id)
        _resume(db, host, now)
        audit.happened(db, audit.ACCOUNTS_STREAM, actor, now, "resume_push_host", "push_host", host)


def _resume(db: Database, host: str, now: datetime) -> None:
    done = db.execute(
        "update push_hosts set stopped_at = null where host = :host and stopped_at is not null",
        {"host": host},
    )
    if not done.rowcount:
        raise NotFoundError
    problems.settle(db, STOPPED, host, now)
