"""What stands behind the alerts of one page: read at once, so that a sentence costs no request of its own."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from diary.db import Database, Row
from diary.store import entry_views

# An alert that grew over a bad week is said by its newest entries; the rest is a number.
SHOWN = 3
# SQLite takes 32766 parameters, PostgreSQL 65535; a page holds 500 alerts.
_AT_ONCE = 1000


@dataclass
class Behind:
    """Rows of entry_views, a reading before the answers that belong to it; of a refused text, the text."""

    entries: list[Row] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)


def behind(db: Database, site_id: str, alerts: Sequence[Row]) -> dict[str, Behind]:
    """What the newest SHOWN of each alert's `entry_ids` are, by the alert's id."""
    ids = {alert["id"]: list(alert["entry_ids"])[-SHOWN:] for alert in alerts}
    refused = {a["id"] for a in alerts if a["kind"] == "refused_text"}
    versions = {
        row["id"]: row
        for part in _parts(id for alert, some in ids.items() if alert not in refused for id in some)
        for row in entry_views.list_at_site(db, site_id, part)
    }
    readings = {
        row["named"]: row
        for part in _parts(filter(None, map(_reading_of, versions.values())))
        for row in entry_views.list_named(db, site_id, part)
    }
    raws = {
        row["id"]: str(row["raw"])
        for part in _parts(id for alert in refused for id in ids[alert])
        for row in _refusals(db, site_id, part)
    }
    found = {}
    for alert, some in ids.items():
        shown = [versions[id] for id in some if id in versions]
        linked = [readings[id] for row in shown if (id := _reading_of(row)) in readings]
        once = {row["root_id"]: row for row in [*linked, *shown]}
        found[alert] = Behind(list(once.values()), [raws[id] for id in some if id in raws])
    return found


def _reading_of(version: Row) -> str | None:
    """The reading that an answer belongs to: an alert on an answer alone would show no number."""
    if version["kind"] != "hypo_event" or version["data"] is None:
        return None
    named = json.loads(version["data"]).get("reading_id")
    return named if isinstance(named, str) else None


def _refusals(db: Database, site_id: str, ids: Sequence[str]) -> Iterable[Row]:
    names = {f"id{i}": refusal_id for i, refusal_id in enumerate(ids)}
    holders = ", ".join(f":{name}" for name in names)
    return db.query(
        f"select id, raw from refusals where site_id = :site and id in ({holders})",
        {"site": site_id, **names},
    )


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    known = list(dict.fromkeys(ids))
    for start in range(0, len(known), _AT_ONCE):
        yield known[start : start + _AT_ONCE]
