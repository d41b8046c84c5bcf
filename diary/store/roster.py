"""The on-call roster: who of a site is called on which day, and by which channels they can be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, DiaryError
from diary.store import audit
from diary.store.actors import Actor

# The operator's list and health know by this word of a page that reaches nobody.
PAGE_UNHEARD: Final = "page_unheard"
# From enrolment on something may happen that somebody must be called for.
_IN_STUDY: Final = "('enrolled', 'transplanted', 'paused')"
_ON_CALL_ROLES: Final = "('coordinator', 'investigator')"


@dataclass(frozen=True)
class Fault:
    """Why a page of this site would reach nobody for certain today."""

    site_id: str
    kind: Literal["roster_empty", "roster_untested"]


def today(db: Database, site_id: str, now: datetime) -> date:
    """The day it is at the site."""
    site = one(db, "select zone from sites where id = :id", {"id": site_id})
    return now.astimezone(ZoneInfo(site["zone"] if site else "UTC")).date()


def staff(db: Database, site_id: str) -> list[Row]:
    """Whom the roster may name: the site's open coordinators and investigators."""
    return list(
        db.query(
            "select a.id as account_id, a.role, a.login, a.language, i.name from accounts a"
            " left join identities i on i.holder_id = a.id"
            f" where a.site_id = :site and a.role in {_ON_CALL_ROLES} and a.state = 'open'"
            " order by a.role, a.login",
            {"site": site_id},
        )
    )


def on_call(db: Database, site_id: str, day: date) -> list[Row]:
    """Who is on call on this day and still works here, coordinators first."""
    named = {
        row["account_id"]
        for row in db.query(
            "select account_id from roster_days where site_id = :site and day = :day",
            {"site": site_id, "day": day.isoformat()},
        )
    }
    return [person for person in staff(db, site_id) if person["account_id"] in named]


def list_days(db: Database, site_id: str, from_day: date, to_day: date) -> dict[str, list[str]]:
    """The account ids of each day that names somebody, both ends included."""
    days: dict[str, list[str]] = {}
    rows = db.query(
        "select day, account_id from roster_days where site_id = :site and day between :first and :last"
        " order by day, account_id",
        {"site": site_id, "first": from_day.isoformat(), "last": to_day.isoformat()},
    )
    for row in rows:
        days.setdefault(row["day"], []).append(row["account_id"])
    return days


def version(db: Database, site_id: str) -> int:
    """The number of the roster's last change in the site's trail; 0 before the first."""
    row = one(
        db,
        "select max(seq) as last from audit where stream = :s and object = 'roster'",
        {"s": audit.site_stream(site_id)},
    )
    return int(row["last"] or 0) if row else 0


def set_days(
    db: Database, actor: Actor, now: datetime, site_id: str, days: Sequence[date],
    account_ids: Collection[str], *, stood: int | None = None,
) -> int:  # fmt: skip
    """On these days exactly these people are on call, whoever stood there before; the new version.

    ConflictError `roster_changed` when somebody changed the roster after version `stood`; DiaryError
    `fields` for a person who is no open coordinator or investigator of this site.
    """
    with db.atomic():
        db.lock(f"roster:{site_id}")
        if stood is not None and stood != version(db, site_id):
            raise ConflictError("roster_changed")
        if set(account_ids) - {person["account_id"] for person in staff(db, site_id)}:
            raise DiaryError("fields", 422, {"people": "roster_person"})
        wanted = sorted(set(account_ids))
        before = list_days(db, site_id, min(days), max(days)) if days else {}
        changed = [
            (day, before.get(day, []))
            for day in sorted({day.isoformat() for day in days})
            if before.get(day, []) != wanted
        ]
        for day, old in changed:
            _replace(db, actor, now, site_id, day, old, wanted)
        audit.changed(
            db, audit.site_stream(site_id), actor, now, "roster", site_id,
            [(day, old, wanted) for day, old in changed],
        )  # fmt: skip
        return version(db, site_id)


def _replace(
    db: Database, actor: Actor, now: datetime, site_id: str, day: str, old: Iterable[str], new: Iterable[str]
) -> None:
    place = {"site": site_id, "day": day}
    for account_id in sorted(set(old) - set(new)):
        db.execute(
            "delete from roster_days where site_id = :site and day = :day and account_id = :a",
            {**place, "a": account_id},
        )
    for account_id in sorted(set(new) - set(old)):
        db.execute(
            "insert into roster_days (site_id, day, account_id, set_by, set_at)"
            " values (:site, :day, :a, :by, :at)",
            {**place, "a": account_id, "by": actor.id, "at": clock.to_text(now)},
        )


def faults(db: Database, now: datetime, names: Collection[str]) -> list[Fault]:
    """What is wrong with today's roster of each site that has somebody enrolled.

    `names` are the channels that the operator set up: one tested through another does not count.
    """
    found = []
    for site in db.query(
        "select id, zone from sites s where exists (select 1 from participants p"
        f" where p.site_id = s.id and p.state in {_IN_STUDY}) order by id"
    ):
        people = on_call(db, site["id"], now.astimezone(ZoneInfo(site["zone"])).date())
        if not people:
            found.append(Fault(site["id"], "roster_empty"))
        elif {person["account_id"] for person in people} - tested(db, site["id"], names):
            found.append(Fault(site["id"], "roster_untested"))
    return found


def tested(db: Database, site_id: str, names: Collection[str]) -> set[str]:
    """The accounts of the site's staff with a live channel of these names that was tested."""
    rows = db.query(
        "select c.account_id, c.name from channels c join accounts a on a.id = c.account_id"
        f" where a.site_id = :site and a.role in {_ON_CALL_ROLES}"
        " and c.ended_at is null and c.tested_at is not null",
        {"site": site_id},
    )
    return {row["account_id"] for row in rows if row["name"] in names}
