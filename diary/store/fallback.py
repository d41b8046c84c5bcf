"""What was not proved received in time goes on by the next way, and at last to the site's call list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from diary import clock
from diary.db import Database, Row, one
from diary.rules.quiet_hours import quiet_until
from diary.store import calls, deliveries, ladder, outbox, participants
from diary.store.deliveries import Notice
from diary.store.ladder import CHANNELS, Channel
from diary.study import Study

LIVE: Final = frozenset({"planned", "claimed", "handed_over"})
GROUPS: Final = 100


def run(db: Database, now: datetime, study: Study) -> int:
    """One batch of groups whose time for a receipt is over; how many were looked at.

    One worker at a time, so that none of them goes up the ladder twice.
    """
    with db.atomic():
        db.lock("deliveries:fallback")
        due = list(
            db.query(
                # By the index of what waits, oldest first: grouped at once, every delivery would be read.
                "select distinct group_id, round from (select group_id, round from deliveries"
                " where fallback_at <= :now and channel <> 'call' order by fallback_at limit :limit) d"
                " order by group_id, round",
                {"now": clock.to_text(now), "limit": GROUPS},
            )
        )
        for group in due:
            _look_at(db, group["group_id"], group["round"], now, study)
    return len(due) + _telephone(db, now, study)


def _rows(db: Database, group_id: str, round_: int) -> list[Row]:
    return list(
        db.query(
            "select d.*, p.zone, l.state as alert_state,"
            " case when exists (select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id"
            "  where m.group_id = d.group_id and r.state in ('planned', 'due')) then 1 else 0 end as due"
            " from deliveries d left join participants p on p.id = d.participant_id"
            " left join alerts l on l.id = d.alert_id"
            " where d.group_id = :g and d.round = :round order by d.id",
            {"g": group_id, "round": round_},
        )
    )


def _look_at(db: Database, group_id: str, round_: int, now: datetime, study: Study) -> None:
    rows = _rows(db, group_id, round_)
    outbox.lock(db, [row["id"] for row in rows])
    rows = _rows(db, group_id, round_)
    passed = [row for row in rows if row["fallback_at"] and row["fallback_at"] <= clock.to_text(now)]
    if not passed:
        return
    first = passed[0]
    if _is_over(rows, now):
        _set(db, passed, None)
        return
    until = _quiet_until(first, now, study)
    if until is not None and clock.to_text(until) < first["expires_at"]:
        _set(db, passed, until)
        return
    _set(db, passed, None)
    highest = max(rows, key=lambda row: CHANNELS.index(row["channel"]))["channel"]
    if any(row["channel"] == highest and row["fallback_at"] for row in rows if row not in passed):
        # Another phone or address of the same rung still has time to answer.
        return
    # At night nothing but the list, which rings nobody, is left for what is over by the morning.
    _climb(db, first, "sms" if until is not None else highest, now, study)


def _is_over(rows: Sequence[Row], now: datetime) -> bool:
    """Somebody's phone said that it arrived, or there is nothing left to tell."""
    first = rows[0]
    if first["expires_at"] <= clock.to_text(now) or any(row["received_at"] for row in rows):
        return True
    return first["alert_state"] != "open" if first["about"] == "page" else not first["due"]


def _quiet_until(row: Row, now: datetime, study: Study) -> datetime | None:
    if row["about"] != "reminder" or row["zone"] is None:
        return None
    return quiet_until(now, row["zone"], study.reminders.quiet_from, study.reminders.quiet_to)


def _set(db: Database, rows: Sequence[Row], at: datetime | None) -> None:
    for row in rows:
        db.execute(
            "update deliveries set fallback_at = :at where id = :id",
            {"id": row["id"], "at": clock.to_text(at) if at else None},
        )


def _climb(db: Database, row: Row, after: Channel, now: datetime, study: Study) -> None:
    addresses = ladder.addresses_of(db, [row["account_id"]])
    channel, ids = ladder.next_rung(addresses, row["account_id"], row["about"], after=after)
    for address_id in ids:
        deliveries.add(db, _notice(row), channel, address_id, now, study=study)


def _notice(row: Row) -> Notice:
    return Notice(
        group_id=row["group_id"], about=row["about"], kind=row["kind"], account_id=row["account_id"],
        site_id=row["site_id"], participant_id=row["participant_id"], alert_id=row["alert_id"],
        round=row["round"], due_at=clock.from_text(row["due_at"]),
        expires_at=clock.from_text(row["expires_at"]),
    )  # fmt: skip


def _telephone(db: Database, now: datetime, study: Study) -> int:
    """Put on the call list whom no way was left to; each in a transaction of its own, because the
    participant is locked first, as every writer of the participant does.
    """
    rows = list(
        db.query(
            "select * from deliveries where channel = 'call' and fallback_at <= :now"
            " order by fallback_at, id limit :limit",
            {"now": clock.to_text(now), "limit": GROUPS},
        )
    )
    for row in rows:
        with db.atomic():
            people = _about_whom(db, row)
            for participant_id in people:
                participants.lock(db, participant_id)
            _call(db, row["id"], people, now, study)
    return len(rows)


def _about_whom(db: Database, row: Row) -> list[str]:
    """In one order: a guardian's notice may be about several children, each called about for itself."""
    found = db.query(
        "select distinct r.participant_id from delivery_reminders m join reminders r on r.id = m.reminder_id"
        " where m.group_id = :g and r.state in ('planned', 'due')",
        {"g": row["group_id"]},
    )
    return sorted({one["participant_id"] for one in found} or {row["participant_id"]})


def _call(db: Database, delivery_id: str, people: Sequence[str], now: datetime, study: Study) -> None:
    outbox.lock(db, [delivery_id])
    row = one(db, "select * from deliveries where id = :id and fallback_at is not null", {"id": delivery_id})
    if row is None:
        return
    state: str = "cancelled"
    ended_at: str | None = clock.to_text(now)
    if row["state"] == "planned" and not _is_over(_rows(db, row["group_id"], row["round"]), now):
        since = _unreached_since(db, row, study)
        if since is not None:
            for participant_id in people:
                calls.open(db, row["account_id"], participant_id, row["about"], since, now)
            state, ended_at = "handed_over", None
    db.execute(
        "update deliveries set fallback_at = null, state = :state, ended_at = cast(:ended as text),"
        " handed_over_at = case when :state = 'handed_over' then :now else handed_over_at end"
        " where id = :id and state = 'planned'",
        {"id": row["id"], "state": state, "ended": ended_at, "now": clock.to_text(now)},
    )
    db.execute("update deliveries set fallback_at = null where id = :id", {"id": row["id"]})


def _unreached_since(db: Database, row: Row, study: Study) -> datetime | None:
    """Since when this person was reached by nothing, if it is long enough to telephone; else None.

    A re-check after a low does not wait for a second one.
    """
    if row["about"] == "recheck":
        return clock.from_text(row["due_at"])
    wanted = study.reminders.call_after_missed
    # The newest first and no further: a year's deliveries of this person stand behind them.
    groups = list(
        db.query(
            "select l.due_at, max(case when d.received_at is not null or d.answered_at is not null"
            " then 1 else 0 end) as reached from"
            " (select distinct group_id, due_at from deliveries where account_id = :a"
            "   and about = 'reminder' and due_at <= :due order by due_at desc limit :n) l"
            " join deliveries d on d.group_id = l.group_id and d.due_at = l.due_at"
            " group by l.group_id, l.due_at order by l.due_at desc",
            {"a": row["account_id"], "due": row["due_at"], "n": wanted},
        )
    )
    if len(groups) < wanted or any(group["reached"] for group in groups):
        return None
    return clock.from_text(groups[-1]["due_at"])


def sweep(db: Database, now: datetime) -> int:
    """End what nobody ended: tests, words to the operator and unreceived pages whose time is over, and
    rows that came after their reminders had ended; how many.
    """
    over = "ended_at is null and expires_at <= :now and (lease_until is null or lease_until <= :now)"
    some = " where m.group_id = deliveries.group_id and r.state"
    of_group = "(select 1 from delivery_reminders m join reminders r on r.id = m.reminder_id" + some
    end = "next_at = null, fallback_at = null, lease_until = null, claimed_by = null, ended_at = :now"
    at = {"now": clock.to_text(now)}
    done = 0
    for statement in (
        f"update deliveries set {end},"
        " state = case when received_at is null then 'missed' else 'answered' end"
        f" where {over} and about in ('test', 'operator')",
        f"update deliveries set {end}, state = 'missed'"
        f" where {over} and about = 'page' and received_at is null",
        f"update deliveries set {end}, state = case when exists {of_group} = 'answered') then 'answered'"
        f" when exists {of_group} = 'missed') then 'missed' else 'cancelled' end"
        f" where {over} and about in ('reminder', 'recheck')"
        f" and not exists {of_group} in ('planned', 'due'))",
    ):
        done += db.execute(statement, at).rowcount
    return int(done)
