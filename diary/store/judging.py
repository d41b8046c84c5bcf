"""The server's own verdict on an entry, and the episodes that it touches."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from diary import clock
from diary.db import Database, Row, one
from diary.rules import glucose
from diary.rules.hypoglycaemia import Verdict, classify
from diary.store import entries, episodes
from diary.store.entries import Draft
from diary.study import Study

NOTHING = Verdict(severe=False, basis="none", ada_level=None, in_summaries=False)
GROUPED_KINDS = frozenset({"reading", "hypo_event"})


@dataclass(frozen=True)
class Judged:
    verdict: Verdict
    band: glucose.Band | None


def judge(db: Database, participant: Row, draft: Draft, study: Study) -> Judged:
    """The server's own verdict, from the data alone; other kinds have none."""
    if draft.data is None:
        return Judged(NOTHING, None)
    if draft.kind == "hypo_event":
        return Judged(episodes.judge_event(db, participant, draft.data, draft.local_day, study), None)
    if draft.kind != "reading":
        return Judged(NOTHING, None)
    reading = episodes.reading_of(draft.data, study)
    if reading is None:
        raise ValueError("a reading whose value cannot be read is refused before it comes here")
    circumstances = episodes.circumstances_of(participant, draft.local_day)
    verdict = classify(reading, None, circumstances, study.glucose)
    return Judged(verdict, None if reading.is_excluded else glucose.band(reading.glucose, study.glucose))


def regroup(
    db: Database, participant: Row, draft: Draft, judged: Judged, before: Row | None, study: Study
) -> None:
    """Rejudge what is linked and regroup around every instant that this version touches."""
    if draft.kind not in GROUPED_KINDS:
        return
    instants = [draft.occurred_at]
    if before:
        instants.append(clock.from_text(before["occurred_at"]))
    if draft.kind == "reading":
        linked = _rejudge_linked(db, participant, before["root_id"] if before else draft.id, study)
        instants += linked
        low = judged.band in glucose.BELOW_RANGE
        if not (low or linked or (before and before["episode_id"])):
            gap = timedelta(minutes=study.episodes.gap_min)
            if judged.band is None or not _lows_near(db, participant["id"], draft.occurred_at, gap):
                return
    else:
        for link in ((draft.data or {}).get("reading_id"), before["linked_id"] if before else None):
            reading = episodes.linked_reading(db, participant["id"], link)
            if reading:
                instants.append(clock.from_text(reading["occurred_at"]))
    episodes.regroup(db, participant, instants, study)
    if before and before["episode_id"]:
        episodes.drop_empty(db, participant["id"], {before["episode_id"]})


def _rejudge_linked(db: Database, participant: Row, root_id: str, study: Study) -> list[datetime]:
    """Events that name this reading by any of its ids are judged anew; answers their instants."""
    names = entries.names_of_reading(db, participant["id"], root_id)
    events = entries.list_linked_events(db, participant["id"], names)
    for event in events:
        verdict = episodes.judge_event(db, participant, json.loads(event["data"]), event["local_day"], study)
        entries.set_verdict(db, event["root_id"], verdict)
    return [clock.from_text(event["occurred_at"]) for event in events]


def _lows_near(db: Database, participant_id: str, at: datetime, gap: timedelta) -> bool:
    return (
        one(
            db,
            "select 1 as near from entry_heads where participant_id = :p and episode_id is not null"
            " and occurred_at between :first and :last limit 1",
            {
                "p": participant_id,
                "first": clock.to_text(clock.shifted(at, -gap)),
                "last": clock.to_text(clock.shifted(at, gap)),
            },
        )
        is not None
    )


def episode_of(db: Database, root_id: str) -> str | None:
    head = one(db, "select episode_id from entry_heads where root_id = :r", {"r": root_id})
    return head["episode_id"] if head else None
