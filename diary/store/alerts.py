"""Alerts: opened in the entry's own transaction, closed by people only."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import uuid4

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.rules.alerts import CONTRACEPTION_KINDS, Opening
from diary.rules.hypoglycaemia import Grave, grave_answers
from diary.store import audit, deliveries, episodes, feed, pages
from diary.store.actors import SYSTEM, Actor

# What happens now, or somebody needed help: no longer only a low of the past.
PRESENT_KINDS = frozenset({"severe_value", "lo", "assistance"})


@dataclass(frozen=True)
class News:
    """What an entry says that a person who took charge before cannot know, and who wrote it."""

    is_value: bool = False
    grave: frozenset[Grave] = frozenset()
    author_id: str | None = None


NO_NEWS = News()


def raise_for(
    db: Database, participant: Row, opening: Opening, entries: Sequence[tuple[str, str]], now: datetime,
    *, episode_id: str | None = None, value_at: datetime | None = None, group_min: int = 0,
    news: News = NO_NEWS,
) -> str:  # fmt: skip
    """Open an alert, or join the one this belongs to: its episode's, or the late group still open.

    `entries` are (version id, root id). A resolved alert is reopened; a level only ever rises here.
    Answers the alert's id.
    """
    alert = _belongs_to(db, participant["id"], opening, episode_id, now, group_min)
    if alert is None:
        alert_id = _open(db, participant, opening, now, value_at)
    else:
        alert_id = alert["id"]
        _rejoin(db, alert, opening, now, value_at, _is_news(db, participant, alert, news))
    for entry_id, root_id in entries:
        db.execute(
            "insert into alert_entries (alert_id, entry_id, root_id, added_at) values (:a, :e, :r, :at)"
            " on conflict (alert_id, entry_id) do nothing",
            {"a": alert_id, "e": entry_id, "r": root_id, "at": clock.to_text(now)},
        )
    if episode_id:
        db.execute(
            "insert into alert_episodes (alert_id, episode_id) values (:a, :e)"
            " on conflict (alert_id, episode_id) do nothing",
            {"a": alert_id, "e": episode_id},
        )
    hidden = opening.kind in CONTRACEPTION_KINDS
    feed.record(db, participant["id"], "alert", alert_id, hidden=hidden)
    return alert_id


def _belongs_to(
    db: Database, participant_id: str, opening: Opening, episode_id: str | None, now: datetime, group_min: int
) -> Row | None:
    if episode_id:
        found = one(
            db,
            "select a.* from alerts a join alert_episodes e on e.alert_id = a.id"
            " where e.episode_id = :e order by a.opened_at desc limit 1",
            {"e": episode_id},
        )
        if found:
            return found
    if group_min:
        return one(
            db,
            "select * from alerts where participant_id = :p and kind = :kind and state = 'open'"
            " and opened_at >= :after order by opened_at desc limit 1",
            {"p": participant_id, "kind": opening.kind,
             "after": clock.to_text(now - timedelta(minutes=group_min))},
        )  # fmt: skip
    return None


def _open(db: Database, participant: Row, opening: Opening, now: datetime, value_at: datetime | None) -> str:
    at = clock.to_text(now)
    alert = {
        "id": str(uuid4()), "participant_id": participant["id"], "site_id": participant["site_id"],
        "level": opening.level, "kind": opening.kind, "state": "open", "reason": None,
        "is_contraception": int(opening.kind in CONTRACEPTION_KINDS), "opened_at": at,
        "reopened_at": None, "value_at": clock.to_text(value_at) if value_at else None,
        "paged_at": at if opening.level == "page" else None,
    }  # fmt: skip
    db.execute(
        f"insert into alerts ({', '.join(alert)}) values ({', '.join(':' + name for name in alert)})", alert
    )
    stream = audit.participant_stream(participant["id"])
    audit.created(db, stream, SYSTEM, now, "alert", alert["id"], alert)
    return str(alert["id"])


def _rejoin(
    db: Database, alert: Row, opening: Opening, now: datetime, value_at: datetime | None, is_news: bool
) -> None:
    """A further qualifying entry opens a resolved alert again and may make a page of a desk alert.

    Whoever took charge of the alert has not seen what came after: a value, or an answer that is graver.
    """
    changes: dict[str, object] = {}
    worse = opening.level == "page" and alert["level"] == "desk"
    if alert["state"] == "resolved" or (alert["state"] == "acknowledged" and (is_news or worse)):
        changes |= {"state": "open", "acknowledged_at": None, "acknowledged_by": None, "resolved_at": None,
                    "resolved_by": None, "resolution": None, "reason": None,
                    "reopened_at": clock.to_text(now)}  # fmt: skip
    if alert["kind"] == "late_lows" and opening.kind in PRESENT_KINDS:
        # No longer only the past: from now on the rules for a value of the present hold.
        changes |= {"kind": opening.kind, "value_at": clock.to_text(value_at) if value_at else None}
    if worse:
        changes |= {"level": "page", "paged_at": clock.to_text(now)}
    if worse or opening.kind == "assistance":
        changes |= {"kind": opening.kind}
    _change(db, alert, changes, SYSTEM, now, None)


def _is_news(db: Database, participant: Row, alert: Row, news: News) -> bool:
    """Each grave answer is news once, and never to the person in charge who wrote it down."""
    if news.is_value or not news.grave:
        return news.is_value
    if news.author_id is not None and news.author_id == alert["acknowledged_by"]:
        return False
    rows = db.query(
        "select e.data, e.local_day from alert_entries a join entries e on e.id = a.entry_id"
        " where a.alert_id = :a and e.kind = 'hypo_event' and e.data is not null",
        {"a": alert["id"]},
    )
    said: set[Grave] = set()
    for row in rows:
        circumstances = episodes.circumstances_of(participant, row["local_day"])
        said |= grave_answers(episodes.event_of(json.loads(row["data"])), circumstances)
    return bool(news.grave - said)


def follow(db: Database, root_id: str, episode_id: str | None) -> None:
    """What was alerted on before it stood in an episode speaks of that episode now."""
    if episode_id:
        db.execute(
            "insert into alert_episodes (alert_id, episode_id)"
            " select distinct alert_id, cast(:episode as text) from alert_entries where root_id = :root"
            " on conflict (alert_id, episode_id) do nothing",
            {"episode": episode_id, "root": root_id},
        )


def _change(
    db: Database, alert: Row, changes: dict[str, object], actor: Actor, now: datetime, reason: str | None
) -> None:
    changes = {name: value for name, value in changes.items() if alert[name] != value}
    if not changes:
        return
    sets = ", ".join(f"{name} = :{name}" for name in changes)
    db.execute(f"update alerts set {sets} where id = :id", {**changes, "id": alert["id"]})
    audit.changed(
        db, audit.participant_stream(alert["participant_id"]), actor, now, "alert", alert["id"],
        [(name, alert[name], value) for name, value in changes.items()], reason=reason,
    )  # fmt: skip


def _get(db: Database, site_id: str, alert_id: str) -> Row:
    found = one(db, "select * from alerts where id = :id and site_id = :s", {"id": alert_id, "s": site_id})
    if not found:
        raise NotFoundError
    # Two people may act at once: the participant's lock makes the second one see what the first did.
    db.lock(f"participant:{found['participant_id']}")
    return one(db, "select * from alerts where id = :id", {"id": alert_id}) or found


def _tell(db: Database, alert: Row) -> None:
    feed.record(db, alert["participant_id"], "alert", alert["id"], hidden=bool(alert["is_contraception"]))


def see(db: Database, actor: Actor, site_id: str, alert_ids: Iterable[str], now: datetime) -> None:
    """A staff member has these on the screen: the SAE clock runs from the first time."""
    for alert_id in alert_ids:
        alert = _get(db, site_id, alert_id)
        if alert["seen_at"] is None:
            _change(db, alert, {"seen_at": clock.to_text(now), "seen_by": actor.id}, actor, now, None)
            _tell(db, alert)


def acknowledge(db: Database, actor: Actor, site_id: str, alert_id: str, now: datetime) -> Row:
    """Take charge of an open alert; doing it again changes nothing; a resolved one is a conflict."""
    alert = _get(db, site_id, alert_id)
    if alert["state"] == "resolved":
        raise ConflictError("alert_resolved")
    if alert["state"] == "open":
        at = clock.to_text(now)
        changes: dict[str, object] = {
            "state": "acknowledged",
            "acknowledged_at": at,
            "acknowledged_by": actor.id,
        }
        if alert["seen_at"] is None:
            changes |= {"seen_at": at, "seen_by": actor.id}
        _change(db, alert, changes, actor, now, None)
        deliveries.settle_alert(db, alert_id, now)
        _tell(db, alert)
    return get(db, site_id, alert_id)


def resolve(
    db: Database,
    actor: Actor,
    site_id: str,
    alert_id: str,
    now: datetime,
    *,
    resolution: str,
    sae: str | None,
) -> Row:
    """Close an alert with a sentence; nobody's silence closes one, and nobody's silence says "no SAE".

    Without a word on it the alert is undecided, also where a "no" was said before it opened again.
    """
    alert = _get(db, site_id, alert_id)
    if alert["state"] == "resolved":
        raise ConflictError("alert_resolved")
    at = clock.to_text(now)
    changes: dict[str, object] = {
        "state": "resolved", "resolved_at": at, "resolved_by": actor.id, "resolution": resolution,
    }  # fmt: skip
    if sae is not None or alert["sae"] != "yes":
        changes |= {"sae": sae or "undecided", "sae_by": None, "sae_at": None, "sae_reason": None}
    for stamp, who in (("seen_at", "seen_by"), ("acknowledged_at", "acknowledged_by")):
        if alert[stamp] is None:
            changes |= {stamp: at, who: actor.id}
    _change(db, alert, changes, actor, now, resolution)
    deliveries.settle_alert(db, alert_id, now)
    _tell(db, alert)
    return get(db, site_id, alert_id)


def decide_sae(
    db: Database, actor: Actor, site_id: str, alert_id: str, now: datetime, *, sae: str, reason: str
) -> Row:
    """Say of a resolved alert whether it was an adverse event, with a sentence; also what was said before.

    ConflictError `alert_not_resolved`: whoever closes it says so then.
    """
    alert = _get(db, site_id, alert_id)
    if alert["state"] != "resolved":
        raise ConflictError("alert_not_resolved")
    changes: dict[str, object] = {
        "sae": sae, "sae_by": actor.id, "sae_at": clock.to_text(now), "sae_reason": reason,
    }  # fmt: skip
    _change(db, alert, changes, actor, now, reason)
    _tell(db, alert)
    return get(db, site_id, alert_id)


def escalate(db: Database, alert_id: str, reason: str, now: datetime) -> bool:
    """Turn an open desk alert into a page; False when a person was faster."""
    alert = one(
        db, "select * from alerts where id = :id and level = 'desk' and state = 'open'", {"id": alert_id}
    )
    if not alert:
        return False
    _change(
        db, alert, {"level": "page", "reason": reason, "paged_at": clock.to_text(now)}, SYSTEM, now, reason
    )
    _tell(db, alert)
    return True


def stamp(db: Database, alert_id: str, name: Literal["sent_at", "delivered_at"], now: datetime) -> None:
    """Keep when a page was first handed over, or first received by a member of staff; later ones say less."""
    found = one(db, "select * from alerts where id = :id", {"id": alert_id})
    if found is None or found[name] is not None:
        return
    with db.atomic():
        db.lock(f"participant:{found['participant_id']}")
        alert = one(db, "select * from alerts where id = :id", {"id": alert_id})
        if alert and alert[name] is None:
            _change(db, alert, {name: clock.to_text(now)}, SYSTEM, now, None)


def get(db: Database, site_id: str, alert_id: str) -> Row:
    for row in _select(db, "a.id = :id and a.site_id = :site", {"id": alert_id, "site": site_id}, 1):
        return row
    raise NotFoundError


def list_for_site(
    db: Database, site_id: str, *, state: str | None = None, sae: str | None = None,
    participant_id: str | None = None, before: str | None = None, limit: int = 200,
    hide_contraception: bool = False,
) -> list[Row]:  # fmt: skip
    """Newest first; `before` is the place of the last one already read (pages.py)."""
    return _select(
        db,
        "a.site_id = :site and (cast(:state as text) is null or a.state = :state)"
        " and (cast(:sae as text) is null or (a.state = 'resolved' and a.sae = :sae))"
        " and (cast(:p as text) is null or a.participant_id = :p)"
        " and (a.opened_at, a.id) < (:at, :key)"
        " and (:hide = 0 or a.is_contraception = 0)",
        {
            "site": site_id,
            "state": state,
            "sae": sae,
            "p": participant_id,
            "hide": int(hide_contraception),
            **pages.place(before),
        },
        limit,
    )


def list_by_ids(db: Database, participant_id: str, alert_ids: Sequence[str]) -> list[Row]:
    """Those of the participant's alerts, for a phone."""
    if not alert_ids:
        return []
    names = {f"id{i}": alert_id for i, alert_id in enumerate(alert_ids)}
    holders = ", ".join(f":{name}" for name in names)
    return _select(
        db, f"a.participant_id = :p and a.id in ({holders})", {"p": participant_id, **names}, len(names)
    )


def _select(db: Database, where: str, params: dict[str, object], limit: int) -> list[Row]:
    alerts = list(
        db.query(
            "select a.*, p.subject_no, s.role as seen_by_role from alerts a"
            " join participants p on p.id = a.participant_id left join accounts s on s.id = a.seen_by"
            f" where {where} order by a.opened_at desc, a.id desc limit :limit",
            {**params, "limit": limit},
        )
    )
    for alert in alerts:
        rows = db.query(
            "select entry_id from alert_entries where alert_id = :a order by added_at, entry_id",
            {"a": alert["id"]},
        )
        alert["entry_ids"] = [row["entry_id"] for row in rows]
    return alerts


def rounds(db: Database, alert_ids: Sequence[str]) -> dict[str, list[Row]]:
    """By alert, how often people on call were paged: `round`, `sent_at` and `delivered_at` or None."""
    if not alert_ids:
        return {}
    names = {f"id{i}": alert_id for i, alert_id in enumerate(alert_ids)}
    rows = db.query(
        "select alert_id, round, min(handed_over_at) as sent_at, min(received_at) as delivered_at"
        f" from deliveries where alert_id in ({', '.join(f':{name}' for name in names)})"
        " group by alert_id, round order by alert_id, round",
        names,
    )
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["alert_id"], []).append(row)
    return found


def open_desk_alerts(db: Database) -> list[Row]:
    """Every open desk alert of every site: what the worker looks at."""
    return list(db.query("select * from alerts where level = 'desk' and state = 'open' order by opened_at"))


def open_pages(db: Database) -> list[Row]:
    """Every page of every site that nobody took charge of, the oldest first."""
    return list(db.query("select * from alerts where level = 'page' and state = 'open' order by opened_at"))


def is_open_page(db: Database, alert_id: str) -> bool:
    """Whether still nobody took charge of it."""
    found = one(
        db, "select 1 as n from alerts where id = :id and level = 'page' and state = 'open'", {"id": alert_id}
    )
    return found is not None
