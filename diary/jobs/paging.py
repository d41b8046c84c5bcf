"""Pages: every open one is told along the roster, again and again, until somebody takes charge of it."""

import logging
from datetime import datetime

from diary import clock
from diary.db import UNAVAILABLE, Database, Row, one
from diary.rules import paging
from diary.store import alerts, deliveries, ladder, problems, roster
from diary.store.deliveries import Notice
from diary.store.roster import PAGE_UNHEARD
from diary.study import Study

log = logging.getLogger(__name__)


def page_staff(db: Database, settings: Study, now: datetime) -> int:
    """Plan the present round of every open page; how many deliveries are new.

    Rounds that went by while the worker was away are not made up for. A page that cannot be looked at
    holds up no other; RuntimeError tells of it after all were looked at.
    """
    planned, failed = 0, 0
    unheard = set()
    for alert in alerts.open_pages(db):
        try:
            heard, new = _page_one(db, alert, settings, now)
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("page %s could not be planned", alert["id"])
            failed += 1
            continue
        planned += new
        if not heard:
            unheard.add(alert["site_id"])
    _tell_operator(db, unheard, now)
    if failed:
        raise RuntimeError(f"{failed} page(s) could not be planned")
    return planned


def _page_one(db: Database, alert: Row, settings: Study, now: datetime) -> tuple[bool, int]:
    """Whether this round reaches somebody, and how many deliveries are new."""
    repeat_min = settings.alerts.repeat_min
    started_at = clock.from_text(max(alert["paged_at"], alert["reopened_at"] or ""))
    round_ = paging.round_of(started_at, now, repeat_min)
    group = f"p:{alert['id']}:{clock.to_text(started_at)}:"
    # Looked at without the write lock: most ticks find the round told already.
    if _is_planned(db, alert["id"], group, round_):
        return True, 0
    people = _called(db, alert["site_id"], round_, now)
    if not people:
        return False, 0
    notices = [
        Notice(
            group_id=f"{group}{account_id}", about="page", kind="page", account_id=account_id,
            site_id=alert["site_id"], participant_id=None, alert_id=alert["id"], round=round_, due_at=now,
            expires_at=paging.starts_at(started_at, round_ + 1, repeat_min),
        )
        for account_id in people
    ]  # fmt: skip
    with db.atomic():
        db.lock(f"page:{alert['id']}")
        # Another worker may have planned it, or somebody have taken charge of it, a moment ago.
        if _is_planned(db, alert["id"], group, round_) or not alerts.is_open_page(db, alert["id"]):
            return True, 0
        return True, deliveries.plan(db, notices, now, study=settings)


def _is_planned(db: Database, alert_id: str, group: str, round_: int) -> bool:
    found = one(
        db,
        "select 1 as found from deliveries where alert_id = :a and round = :round"
        " and substr(group_id, 1, length(:group)) = :group limit 1",
        {"a": alert_id, "round": round_, "group": group},
    )
    return found is not None


def _called(db: Database, site_id: str, round_: int, now: datetime) -> list[str]:
    on_call = {row["account_id"] for row in roster.on_call(db, site_id, roster.today(db, site_id, now))}
    people = [
        paging.Staff(row["account_id"], row["role"], row["account_id"] in on_call)
        for row in roster.staff(db, site_id)
    ]
    addresses = ladder.addresses_of(db, [person.account_id for person in people])
    reachable = {
        person.account_id
        for person in people
        if ladder.next_rung(addresses, person.account_id, "page", after=None)[1]
    }
    return paging.called(people, reachable, round_)


def _tell_operator(db: Database, unheard: set[str], now: datetime) -> None:
    """One problem a site while a page of it reaches nobody; it ends by itself with the first that does."""
    standing = {row["subject"] for row in problems.list_open(db, PAGE_UNHEARD)}
    for site_id in sorted(unheard - standing):
        problems.open(db, PAGE_UNHEARD, site_id, "nobody on the roster or at the site has a channel", now)
    for site_id in sorted(standing - unheard):
        problems.settle(db, PAGE_UNHEARD, site_id, now)
