"""What the rules need to know about an open desk alert before they turn it into a page."""

import json
from datetime import datetime, timedelta

from diary import clock
from diary.db import Database, Row
from diary.rules import episodes as episode_rules
from diary.rules import glucose
from diary.rules.alerts import AlertFacts
from diary.store import episodes
from diary.study import Study


def facts(db: Database, alert: Row, study: Study) -> AlertFacts:
    """The alert with its episode as it stands: severe values, answers, the first value >= 3.9 after."""
    members = _members(db, alert["id"])
    # What came before a person closed the alert is dealt with; the rules look at what opened it again.
    since = alert["reopened_at"] or ""
    new = [row for row in members if row["received_at"] >= since]
    severe = sorted(_happened(row) for row in new if _is_severe(row, study))
    return AlertFacts(
        level=alert["level"],
        kind=alert["kind"],
        state=alert["state"],
        opened_at=clock.from_text(alert["reopened_at"] or alert["opened_at"]),
        first_severe_at=severe[0] if severe else None,
        last_severe_at=severe[-1] if severe else None,
        is_answered=any(_is_answered(row) for row in members),
        recovered_at=_recovered_at(db, alert["participant_id"], severe[-1], study) if severe else None,
    )


_CURRENT = """
    select h.kind, h.band, h.occurred_at, e.data, e.received_at, e.skew_s, e.late
    from entry_heads h join entries e on e.id = h.entry_id
    where h.state <> 'withdrawn' and
"""


def _members(db: Database, alert_id: str) -> list[Row]:
    return list(
        db.query(
            f"{_CURRENT} (h.root_id in (select root_id from alert_entries where alert_id = :a)"
            " or h.episode_id in (select episode_id from alert_episodes where alert_id = :a))",
            {"a": alert_id},
        )
    )


def _happened(row: Row) -> datetime:
    """When it was by the server's clock: the phone's measured skew taken off, and never after it arrived."""
    occurred = clock.shifted(clock.from_text(row["occurred_at"]), timedelta(seconds=-(row["skew_s"] or 0)))
    return min(occurred, clock.from_text(row["received_at"]))


def _is_severe(row: Row, study: Study) -> bool:
    # A low that arrived late is past: nobody can be asked to check it again within the half hour.
    if row["kind"] != "reading" or row["late"] or row["band"] not in ("lo", "severe"):
        return False
    reading = episodes.reading_of(json.loads(row["data"]), study)
    return reading is not None and reading.device != "cgm"


def _is_answered(row: Row) -> bool:
    return row["kind"] == "hypo_event" and episodes.event_of(json.loads(row["data"])).is_answered


def _recovered_at(
    db: Database, participant_id: str, last_severe_at: datetime, study: Study
) -> datetime | None:
    # Device clocks may be off by hours, so the rows are picked by arrival and compared by when they happened.
    rows = db.query(
        f"{_CURRENT} h.participant_id = :p and h.kind = 'reading' and h.band is not null"
        " and e.received_at >= :after",
        {"p": participant_id, "after": clock.to_text(last_severe_at)},
    )
    times = [_happened(row) for row in rows if _recovers(row, study)]
    return min((at for at in times if at > last_severe_at), default=None)


def _recovers(row: Row, study: Study) -> bool:
    if row["band"] in glucose.BELOW_RANGE:
        return False
    reading = episodes.reading_of(json.loads(row["data"]), study)
    return reading is not None and episode_rules.kind_of(reading, study.glucose) == "recovered"
