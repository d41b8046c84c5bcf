"""Claiming deliveries under a lease, looking at their subject once more, and keeping what became of them.

Any number of workers may run. A claim that lapses is claimed again, so a crash means the same message
twice, under the same tag and topic, and never not at all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, marks, one
from diary.rules.outcomes import Outcome, Result, back_off_s
from diary.store import alerts, deliveries, problems, push_hosts, subscriptions
from diary.store.ladder import Channel

# Longer than any attempt may take, so that only a crash makes a lease lapse.
LEASE: Final = timedelta(seconds=60)
# How long a delivery waits to look again whether its push service may be written to.
STOPPED_FOR: Final = timedelta(minutes=1)
REFUSED: Final = "message_refused"
# Ten thousand reminders of one minute must not stand before a page. Each half has an index of its own.
_HALVES: Final = ("about in ('page', 'recheck')", "about not in ('page', 'recheck')")

_FIRST: Final = "case when d.about in ('page', 'recheck') then 0 else 1 end"
_ABOUT_IT = """
    select d.id, d.group_id, d.about, d.channel, d.address_id, d.alert_id, d.token, d.expires_at, d.attempts,
        d.claimed_by, a.language, a.role, a.state as account_state,
        s.endpoint, s.p256dh, s.auth, s.host, s.ended_at as phone_ended_at, s.set_aside_at,
        h.stopped_at,
        c.name, c.address, c.ended_at as address_ended_at, l.state as alert_state,
        case when d.about not in ('reminder', 'recheck') or exists (
            select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id
            where m.group_id = d.group_id
                and (r.state = 'due' or (r.state = 'planned' and (r.due_at <= :now or r.hold = 'overdue')))
        ) then 1 else 0 end as due
    from deliveries d join accounts a on a.id = d.account_id
    left join subscriptions s on d.channel = 'push' and s.id = d.address_id
    left join push_hosts h on h.host = s.host
    left join channels c on d.channel in ('message', 'sms') and c.id = d.address_id
    left join alerts l on l.id = d.alert_id
"""


@dataclass(frozen=True)
class Sent:
    """What became of one claimed delivery, when; `chance` (0 to 1) spreads the next try."""

    delivery: Row
    result: Result
    at: datetime
    chance: float = 0.5


def claim(db: Database, channels: Sequence[Channel], limit: int, now: datetime) -> tuple[list[Row], bool]:
    """Take up to `limit` due deliveries of these channels under one lease; what must not go out any more
    is ended or put off in the same transaction.

    Answers rows with all that sending needs (endpoint and keys, or name and address; language; role),
    and whether more may be waiting.
    """
    # Looked at without the write lock, which the sender would take every second for nothing.
    if not _is_due(db, now):
        return [], False
    with db.atomic():
        ids = _take(db, channels, limit, now)
        if not ids:
            return [], False
        holders, names = marks(ids)
        sql = f"{_ABOUT_IT} where d.id in ({holders}) order by {_FIRST}, d.due_at, d.id"
        rows = list(db.query(sql, {**names, "now": clock.to_text(now)}))
        return [row for row in rows if _may_go(db, row, now)], len(ids) == limit


def _is_due(db: Database, now: datetime) -> bool:
    at = {"now": clock.to_text(now)}
    return one(db, "select id from deliveries where next_at <= :now limit 1", at) is not None


def _take(db: Database, channels: Sequence[Channel], limit: int, now: datetime) -> list[str]:
    holders, names = marks(channels)
    # PostgreSQL's other workers step over what this one is taking; SQLite has one writer anyway.
    locking = " for update skip locked" if db.engine == "postgresql" else ""
    claim = {**names, "claim": str(uuid4()), "now": clock.to_text(now), "lease": clock.to_text(now + LEASE)}
    taken: list[str] = []
    for half in _HALVES:
        rows = db.query(
            "update deliveries set state = 'claimed', claimed_by = :claim, claimed_at = :now,"
            " lease_until = :lease, next_at = :lease where id in ("
            f" select id from deliveries where next_at <= :now and {half} and channel in ({holders})"
            f"  and state in ('planned', 'claimed') order by next_at limit :limit{locking}) returning id",
            {**claim, "limit": limit - len(taken)},
        )
        taken += [row["id"] for row in rows]
    return taken


def _may_go(db: Database, row: Row, now: datetime) -> bool:
    """The last look before sending."""
    if row["expires_at"] <= clock.to_text(now):
        _end(db, row, "missed", now)
    elif not row["due"] or row["account_state"] == "closed" or row["alert_state"] not in (None, "open"):
        _end(db, row, "cancelled", now)
    elif row["channel"] == "push" and row["phone_ended_at"] is not None:
        _fail(db, row, Result("gone", error="this phone takes no more messages"), now)
    elif row["set_aside_at"] is not None:
        _fail(db, row, Result("gone", error="this phone is set aside"), now)
    elif row["channel"] != "push" and (row["address"] is None or row["address_ended_at"] is not None):
        _fail(db, row, Result("gone", error="this address is no more"), now)
    elif row["stopped_at"] is not None:
        _put_off(db, row, Result("stopped", error="its push service is stopped"), now, now + STOPPED_FOR)
    else:
        return True
    return False


def finish(db: Database, sent: Sequence[Sent], now: datetime) -> None:
    """Keep what became of a batch, in one transaction; what another hand ended meanwhile stays ended."""
    if not sent:
        return
    with db.atomic():
        deliveries.lock_groups(db, sorted({tried.delivery["group_id"] for tried in sent}))
        _handed_over(db, [tried for tried in sent if tried.result.outcome == "handed_over"], now)
        for tried in sent:
            _not_handed_over(db, tried, now)
    for alert_id in _alerts_of(sent):
        alerts.stamp(db, alert_id, "sent_at", now)
    push_hosts.tried(db, _hosts(sent, "handed_over"), _hosts(sent, "later"), now)


def _hosts(sent: Sequence[Sent], outcome: Outcome) -> Counter[str]:
    """To which push services this happened, how often."""
    return Counter(
        tried.delivery["host"]
        for tried in sent
        if tried.delivery["channel"] == "push" and tried.result.outcome == outcome
    )


def _not_handed_over(db: Database, tried: Sent, now: datetime) -> None:
    delivery, result = tried.delivery, tried.result
    if result.outcome == "gone":
        if delivery["channel"] == "push":
            subscriptions.end_gone(db, delivery["address_id"], now)
        _fail(db, delivery, result, now)
    elif result.outcome == "refused":
        _fail(db, delivery, result, now)
        _tell_operator(db, tried, now)
    elif result.outcome == "stopped":
        _stop(db, tried, now)
    elif result.outcome == "later":
        wait = back_off_s(delivery["attempts"], tried.chance, result.retry_after_s)
        _put_off(db, delivery, result, now, clock.shifted(now, timedelta(seconds=wait)))


def _alerts_of(sent: Sequence[Sent]) -> list[str]:
    """Pages that went out now; their alerts are locked after the deliveries are free again."""
    return sorted(
        {
            tried.delivery["alert_id"]
            for tried in sent
            if tried.delivery["about"] == "page" and tried.result.outcome == "handed_over"
        }
    )


def _handed_over(db: Database, sent: Sequence[Sent], now: datetime) -> None:
    """One statement for the whole batch; a receipt or an end that came first keeps its state."""
    by_status: dict[int | None, list[str]] = {}
    for tried in sent:
        by_status.setdefault(tried.result.status, []).append(tried.delivery["id"])
    for status, ids in by_status.items():
        holders, names = marks(ids)
        db.execute(
            "update deliveries set handed_over_at = coalesce(handed_over_at, :now), next_at = null,"
            " lease_until = null, claimed_by = null, attempts = attempts + 1, status = :status, error = null,"
            " state = case when state in ('planned', 'claimed') then 'handed_over' else state end"
            f" where id in ({holders})",
            {**names, "now": clock.to_text(now), "status": status},
        )


_STILL_OURS = " where id = :id and state = 'claimed' and claimed_by = :claim"


def _end(db: Database, row: Row, state: deliveries.End, now: datetime) -> None:
    db.execute(
        "update deliveries set state = :state, ended_at = :now, next_at = null, fallback_at = null,"
        " lease_until = null, claimed_by = null" + _STILL_OURS,
        {"id": row["id"], "claim": row["claimed_by"], "state": state, "now": clock.to_text(now)},
    )


def _fail(db: Database, row: Row, result: Result, now: datetime) -> None:
    """This address will never take it: the next channel at once."""
    db.execute(
        "update deliveries set state = 'failed', ended_at = :now, next_at = null, lease_until = null,"
        " claimed_by = null, attempts = attempts + 1, status = :status, error = :error,"
        " fallback_at = case when fallback_at is null then null else :now end" + _STILL_OURS,
        {"id": row["id"], "claim": row["claimed_by"], "now": clock.to_text(now), "status": result.status,
         "error": result.error},
    )  # fmt: skip


def _put_off(db: Database, row: Row, result: Result, now: datetime, until: datetime) -> None:
    """Planned again for later, at the latest for the end of its window, which then ends it.

    What waits for a stopped push service goes on by the next channel at once.
    """
    db.execute(
        "update deliveries set state = 'planned', next_at = :next, lease_until = null, claimed_by = null,"
        " attempts = attempts + :tried, status = :status, error = :error, fallback_at = case"
        " when :stopped = 1 and fallback_at is not null then :now else fallback_at end" + _STILL_OURS,
        {
            "id": row["id"], "claim": row["claimed_by"], "now": clock.to_text(now),
            "next": min(clock.to_text(until), row["expires_at"]), "tried": int(result.outcome == "later"),
            "status": result.status, "error": result.error, "stopped": int(result.outcome == "stopped"),
        },
    )  # fmt: skip


def _stop(db: Database, tried: Sent, now: datetime) -> None:
    """Our signature is not accepted: the service is left alone, and no phone there is forgotten."""
    if tried.delivery["channel"] != "push":
        _fail(db, tried.delivery, tried.result, now)
        _tell_operator(db, tried, now)
        return
    detail = tried.result.error or "not accepted"
    phone = {**tried.delivery, "id": tried.delivery["address_id"]}
    if subscriptions.refused(db, phone, tried.result.status, detail, now):
        _put_off(db, tried.delivery, tried.result, now, now + STOPPED_FOR)
    else:
        _fail(db, tried.delivery, tried.result, now)


def _tell_operator(db: Database, tried: Sent, now: datetime) -> None:
    """By service, not by message: a wrong setting is one thing to look at, not a thousand."""
    subject = tried.delivery["host"] or tried.delivery["name"]
    status = f" ({tried.result.status})" if tried.result.status else ""
    problems.open(db, REFUSED, subject, f"{tried.result.error}{status}", now)
