"""Reachability: what was sent to a participant's people, what arrived, what was answered."""

from datetime import datetime

from diary import clock
from diary.db import Database, Row
from diary.store import pages

_WITH_REMINDERS = """
    exists (select 1 from delivery_reminders l join reminders r on r.id = l.reminder_id
        where l.group_id = d.group_id and r.participant_id = :p {})
"""
# A guardian's notice may be about several children: it is told of each of them. A union,
# because PostgreSQL would read every delivery for an `or` of the two.
_ABOUT = """
    d.id in (select id from deliveries where participant_id = :p
        union select x.id from reminders r join delivery_reminders l on l.reminder_id = r.id
            join deliveries x on x.group_id = l.group_id where r.participant_id = :p)
    and (d.about not in ('reminder', 'recheck')
        or not exists (select 1 from delivery_reminders l where l.group_id = d.group_id)
        or exists (select 1 from delivery_reminders l join reminders r on r.id = l.reminder_id
            where l.group_id = d.group_id and r.participant_id = :p))
"""
# Whoever does not see contraception sees no delivery that was about nothing else.
_SEEN = f"""
    (:hide = 0 or not {_WITH_REMINDERS.format("")}
        or {_WITH_REMINDERS.format("and r.kind <> 'contraception'")})
"""
_COUNTED = ("handed_over", "received", "shown", "opened", "answered")


def by_channel(
    db: Database, participant_id: str, since: datetime, now: datetime, *, hide_contraception: bool
) -> list[Row]:
    """For each channel how many reminders and re-checks it carried since then, and how far they came."""
    counts = ", ".join(f"count(d.{state}_at) as {state}" for state in _COUNTED)
    return list(
        db.query(
            f"""
            select d.channel, count(*) as planned, {counts},
                sum(case when d.state = 'failed' then 1 else 0 end) as failed,
                max(d.received_at) as last_received_at
            from deliveries d
            where {_ABOUT} and d.about in ('reminder', 'recheck')
              and d.due_at > :since and d.due_at <= :now and {_SEEN}
            group by d.channel order by d.channel
            """,
            {"p": participant_id, "since": clock.to_text(since), "now": clock.to_text(now),
             "hide": int(hide_contraception)},
        )
    )  # fmt: skip


def list_deliveries(
    db: Database, participant_id: str, *, before: str | None, limit: int, hide_contraception: bool
) -> list[Row]:
    """Newest first: every message to the participant's people; `kinds` says what it reminded of."""
    rows = list(
        db.query(
            f"""
            select d.*, a.role, a.login from deliveries d left join accounts a on a.id = d.account_id
            where {_ABOUT} and (d.due_at, d.id) < (:at, :key) and {_SEEN}
            order by d.due_at desc, d.id desc limit :limit
            """,
            {"p": participant_id, "limit": limit, "hide": int(hide_contraception), **pages.place(before)},
        )
    )
    kinds = _kinds(db, participant_id, [row["group_id"] for row in rows], hide_contraception)
    return [{**row, "kinds": kinds.get(row["group_id"], [])} for row in rows]


def _kinds(
    db: Database, participant_id: str, group_ids: list[str], hide_contraception: bool
) -> dict[str, list[str]]:
    names = {f"id{i}": group_id for i, group_id in enumerate(sorted(set(group_ids)))}
    found: dict[str, list[str]] = {}
    if not names:
        return found
    marks = ", ".join(":" + name for name in names)
    rows = db.query(
        "select distinct l.group_id, r.kind from delivery_reminders l"
        " join reminders r on r.id = l.reminder_id"
        f" where l.group_id in ({marks}) and r.participant_id = :p order by l.group_id, r.kind",
        {**names, "p": participant_id},
    )
    for row in rows:
        if not (hide_contraception and row["kind"] == "contraception"):
            found.setdefault(row["group_id"], []).append(row["kind"])
    return found
