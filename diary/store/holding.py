"""Versions that came too late to count by themselves: kept, and taken by staff who checked them."""

import json
from datetime import datetime

from diary import clock
from diary.db import Database, Row
from diary.errors import ConflictError, NotFoundError
from diary.rules import entries as entry_rules
from diary.store import alerts, answers, collisions, days, entries, feed, judging
from diary.store.actors import Actor
from diary.store.entries import Draft
from diary.study import Study


def accept(
    db: Database, actor: Actor, participant: Row, entry_id: str, source_note: str, now: datetime, study: Study
) -> None:
    """Staff take a held version: from now on it counts, with the note where it was checked."""
    entry = entries.find_version(db, participant["id"], entry_id)
    if entry is None:
        raise NotFoundError
    head = entries.find_head(db, participant["id"], entry["root_id"])
    if head is None or head["pending_id"] != entry_id:
        raise ConflictError("not_held")
    entries.accept(db, actor, entry, source_note, now)
    draft = _as_draft(entry)
    judged = judging.judge(db, participant, draft, study)
    entries.put_head(
        db, entry, tip_id=head["tip_id"], state="withdrawn" if entry["data"] is None else "stored",
        pending_id=None, band=judged.band, keys=collisions.keys_of(draft), verdict=judged.verdict,
        episode_id=head["episode_id"] if entry["data"] is not None else None,
    )  # fmt: skip
    judging.regroup(db, participant, draft, judged, head, study)
    alerts.follow(db, entry["root_id"], judging.episode_of(db, entry["root_id"]))
    answers.follow(
        db, participant, draft, entry["root_id"], judged.band, now, study, is_change=True,
        value_at=draft.occurred_at,
    )  # fmt: skip
    days.follow(db, participant, entry, head, now, study)
    feed.record(db, participant["id"], "entry", entry_id, hidden=entry_rules.is_contraception(entry["kind"]))


def takes_back(draft: Draft, before: Row) -> bool:
    """Whether this withdraws the very version that waits for staff."""
    return draft.data is None and before["pending_id"] == draft.replaces


def is_held(draft: Draft, before: Row | None, study: Study) -> bool:
    """Whether staff must look first; taking back what waits for them needs no waiting."""
    if before and takes_back(draft, before):
        return False
    origin = draft.origin
    if before and origin in collisions.MACHINE_ORIGINS and "meter_serial" not in (draft.data or {}):
        # A change is typed by somebody, whatever it calls itself, unless it shows the meter's record.
        origin = "typed"
    window = entry_rules.window(origin, draft.occurred_at, draft.recorded_at, draft.reason, study.window)
    return window == "held"


def _as_draft(entry: Row) -> Draft:
    return Draft(
        id=entry["id"], participant_id=entry["participant_id"], kind=entry["kind"],
        occurred_at=clock.from_text(entry["occurred_at"]), occurred_text=entry["occurred_text"],
        zone=entry["zone"], local_day=entry["local_day"], recorded_at=clock.from_text(entry["recorded_at"]),
        recorded_text=entry["recorded_text"], data=json.loads(entry["data"] or "null"),
        replaces=entry["replaces"], reason=entry["reason"], proxy_reason=entry["proxy_reason"],
        source_note=entry["source_note"], origin=entry["origin"], app_version=entry["app_version"],
        body_hash=entry["body_hash"],
    )  # fmt: skip
