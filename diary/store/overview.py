"""The desk's overview: one row per participant, from counts that are kept, so that a thousand stay fast."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from diary import clock
from diary.db import Database, Row
from diary.rules.adherence import KINDS, Kind, Share
from diary.rules.visits import next_open
from diary.store import participants, sites, visits
from diary.study import Study

GLANCE_DAYS = 14
# A participant's zone may be a day ahead or behind.
SLACK_DAYS = 1
_OLDEST = 2 * GLANCE_DAYS - 1


@dataclass
class Glance:
    """Two weeks and the two before: `days` by local day: readings, severe ones, mean in mmol/L or None."""

    days: dict[str, tuple[int, int, float | None]] = field(default_factory=dict)
    shares: dict[Kind, Share] = field(default_factory=lambda: dict.fromkeys(KINDS, Share(0, 0)))
    before: dict[Kind, Share] = field(default_factory=lambda: dict.fromkeys(KINDS, Share(0, 0)))


def list_rows(
    db: Database, site_id: str, study: Study, now: datetime, *, hide_contraception: bool
) -> list[dict[str, Any]]:
    """The site's participants with what is open beside each, and their weeks at a glance."""
    hide = hide_contraception
    rows = participants.list_overview(db, site_id, hide_contraception=hide)
    glances = _glances(db, site_id, {row["id"]: row for row in rows}, now)
    # A query is overdue when the day is over at the site that asked.
    today = participants.today(sites.get(db, site_id), now)
    counts = {name: _counted(db, sql, site_id, now, today, hide) for name, sql in _COUNTS.items()}
    plans = visits.list_plans(db, site_id, rows, study, now)
    attested = _overdue_attestations(db, site_id, now) if not hide else {}
    return [
        {
            **row, "glance": glances.get(row["id"], Glance()),
            **{name: found.get(row["id"], 0) for name, found in counts.items()},
            "attestation_overdue": None if hide else attested.get(row["id"], 0) > 0,
            "visit": next_open(plans[row["id"]].visits),
            "review_missing": None if hide else plans[row["id"]].review_missing,
        }
        for row in rows
    ]  # fmt: skip


_COUNTS = {
    "open_calls": "select participant_id, count(*) as n from calls where site_id = :site"
    " and closed_at is null group by participant_id",
    "open_queries": "select participant_id, count(*) as n from queries where site_id = :site"
    " and state <> 'closed' and (:hide = 0 or is_contraception = 0) group by participant_id",
    "overdue_queries": "select participant_id, count(*) as n from queries where site_id = :site"
    " and state = 'open' and due_day < :today and (:hide = 0 or is_contraception = 0)"
    " group by participant_id",
    # From the refusals of the week to their place in the trail, never the other way round.
    "refused_entries": "select r.participant_id, count(*) as n from refusals r where r.site_id = :site"
    " and r.received_at >= :week and r.participant_id is not null and (:hide = 0 or exists (select 1"
    " from changes c where c.object_id = r.id and c.object = 'refusal' and c.guardian_seq is not null))"
    " group by r.participant_id",
}


def _counted(db: Database, sql: str, site_id: str, now: datetime, today: date, hide: bool) -> dict[str, int]:
    params = {"site": site_id, "hide": int(hide), "today": today.isoformat(),
              "week": clock.to_text(now - timedelta(days=7))}  # fmt: skip
    used = {name: value for name, value in params.items() if f":{name}" in sql}
    return {row["participant_id"]: row["n"] for row in db.query(sql, used)}


def _overdue_attestations(db: Database, site_id: str, now: datetime) -> dict[str, int]:
    """Contraception windows of the last 35 days that closed without an answer and have none since."""
    rows = db.query(
        "select r.participant_id, count(*) as n from reminders r"
        " join participants p on p.id = r.participant_id where p.site_id = :site"
        " and r.kind = 'contraception' and r.state = 'missed' and r.due_at >= :since"
        " and not exists (select 1 from entry_heads h where h.participant_id = r.participant_id"
        "   and h.kind = 'contraception' and h.state <> 'withdrawn' and h.occurred_at >= r.due_at"
        "   and (h.slot_key is null or h.slot_key like r.schedule_id || '/%'))"
        " group by r.participant_id",
        {"site": site_id, "since": clock.to_text(now - timedelta(days=35))},
    )
    return {row["participant_id"]: row["n"] for row in rows}


def _glances(db: Database, site_id: str, people: dict[str, Row], now: datetime) -> dict[str, Glance]:
    today = {person_id: participants.today(person, now) for person_id, person in people.items()}
    since = now.date() - timedelta(days=2 * GLANCE_DAYS + SLACK_DAYS)
    rows = db.query(
        "select d.participant_id, d.local_day, d.glance, d.shares from participants p"
        " join day_rows d on d.participant_id = p.id and d.local_day >= :since where p.site_id = :site",
        {"site": site_id, "since": since.isoformat()},
    )
    # As text, because a thousand people have thirty thousand days here.
    spans = {
        person_id: tuple((day - timedelta(days=back)).isoformat() for back in (_OLDEST, GLANCE_DAYS - 1, 0))
        for person_id, day in today.items()
    }
    found: dict[str, Glance] = {}
    sums: dict[tuple[str, bool], list[int]] = {}
    for row in rows:
        person_id, day = row["participant_id"], row["local_day"]
        oldest, first, last = spans[person_id]
        if not oldest <= day <= last:
            continue
        is_recent = day >= first
        if row["glance"] and is_recent:
            readings, severe, mean = row["glance"].split(" ")
            glance = found.setdefault(person_id, Glance())
            glance.days[day] = (int(readings), int(severe), None if mean == "-" else float(mean))
        if row["shares"]:
            counts = sums.setdefault((person_id, is_recent), [0] * 2 * len(KINDS))
            for place, count in enumerate(row["shares"].replace("/", " ").split(" ")):
                counts[place] += int(count)
    for (person_id, is_recent), counts in sums.items():
        shares = {kind: Share(counts[2 * n], counts[2 * n + 1]) for n, kind in enumerate(KINDS)}
        glance = found.setdefault(person_id, Glance())
        if is_recent:
            glance.shares = shares
        else:
            glance.before = shares
    return found
