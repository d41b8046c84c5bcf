"""Push services that take nothing: since when, how often they were tried, and when the operator is told."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from diary import clock
from diary.db import Database, marks
from diary.store import problems
from diary.study import Study

SILENT: Final = "push_host_silent"
# Fewer tries in vain may be the trouble of single messages.
TRIES: Final = 3


def tried(db: Database, taken: Collection[str], in_vain: Mapping[str, int], now: datetime) -> None:
    """What push services made of a batch: those that took something, and from which others how many
    messages wait for a later try. A service that takes something again ends its problem by itself.
    """
    holders, names = marks(sorted(taken))
    waiting = f"select host from push_hosts where host in ({holders}) and in_vain_since is not null"
    # Looked at without the write lock: most services take what they are given.
    again = [row["host"] for row in db.query(f"{waiting} order by host", names)] if taken else []
    late = {host: times for host, times in in_vain.items() if host not in taken}
    if not again and not late:
        return
    with db.atomic():
        for host in sorted({*again, *late}):
            if host in late:
                _in_vain(db, host, late[host], now)
            else:
                _takes_again(db, host, now)


def _in_vain(db: Database, host: str, times: int, now: datetime) -> None:
    db.execute(
        "insert into push_hosts (host, in_vain_since, in_vain) values (:host, :at, :times)"
        " on conflict (host) do update set in_vain = push_hosts.in_vain + excluded.in_vain,"
        " in_vain_since = coalesce(push_hosts.in_vain_since, excluded.in_vain_since)",
        {"host": host, "times": times, "at": clock.to_text(now)},
    )


def _takes_again(db: Database, host: str, now: datetime) -> None:
    db.execute("update push_hosts set in_vain_since = null, in_vain = 0 where host = :host", {"host": host})
    problems.settle(db, SILENT, host, now)


def tell(db: Database, study: Study, now: datetime) -> int:
    """Open a problem for each service that took nothing for too long though it was tried; how many.

    What the operator closes comes back where the silence goes on for as long again. No phone is forgotten.
    """
    before = now - timedelta(minutes=study.reminders.push_silent_min)
    silent = list(
        db.query(
            "select host, in_vain_since, in_vain from push_hosts h where in_vain_since <= :before"
            " and in_vain >= :tries and stopped_at is null and not exists (select 1 from problems p"
            " where p.kind = :kind and p.subject = h.host and (p.closed_at is null or p.closed_at > :before))"
            " order by host",
            {"before": clock.to_text(before), "tries": TRIES, "kind": SILENT},
        )
    )
    for row in silent:
        detail = f"nothing taken since {row['in_vain_since']}, {row['in_vain']} tries"
        problems.open(db, SILENT, row["host"], detail, now)
    return len(silent)
