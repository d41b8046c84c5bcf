"""The road: an entry is judged, kept, grouped, alerted on and written to the trail, in one transaction.

Every way in (phone, desk, file, meter, script) ends here, so that none can forget a step.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from diary import clock
from diary.db import Database, Row
from diary.rules import alerts as alert_rules
from diary.rules import entries as entry_rules
from diary.rules import glucose
from diary.rules.hypoglycaemia import Grave, grave_answers
from diary.store import (
    alerts,
    answers,
    audit,
    collisions,
    days,
    entries,
    episodes,
    feed,
    holding,
    judging,
    missed,
    red_flags,
    refusals,
)
from diary.store.actors import Actor
from diary.store.entries import Draft
from diary.store.refusals import SetAside
from diary.study import Study

MOST_SKEW_S = 2**31 - 1


@dataclass(frozen=True)
class Result:
    """What the sender is told: status is stored, held, duplicate, conflict or refused."""

    id: str | None
    status: str
    severe: bool | None = None
    basis: str | None = None
    episode_id: str | None = None
    code: str | None = None
    fields: dict[str, str] | None = None


def receive(
    db: Database, actor: Actor, participant: Row, draft: Draft, raw: object, now: datetime, study: Study,
    *, sent_at: datetime | None = None, changed: days.Changed | None = None,
) -> Result:  # fmt: skip
    """Take one readable entry of `participant` (whose lock this transaction holds).

    `sent_at` is the sender's clock at sending: with it a wrong clock shows as skew and the entry's true
    age is known; without it the age is counted to the arrival. With `changed` the caller, who takes
    several, settles their days at the end of the transaction.
    """
    known = entries.find(db, draft.id)
    if known:
        if known["body_hash"] == draft.body_hash and known["participant_id"] == draft.participant_id:
            return _repeat(db, known)
        return _aside(
            db, actor, participant, draft, raw, now, study, collisions.Problem("id_taken", known["kind"])
        )
    replaced, problem = collisions.replaced_by(db, actor, draft)
    if replaced:
        draft = replace(draft, replaces=replaced["id"])
    keys = collisions.keys_of(draft)
    same, clash = (None, None) if problem else collisions.already_there(db, draft, keys)
    if same:
        entries.add_same_record(db, actor, draft, same["root_id"], raw, now)
        return Result(
            draft.id, "duplicate", _bool(same["severe"]), same["basis"], same["episode_id"], "same_record"
        )
    if problem or clash:
        return _aside(db, actor, participant, draft, raw, now, study, problem or clash)
    return _store(db, actor, participant, draft, replaced, keys, now, study, sent_at, changed)


def _store(
    db: Database, actor: Actor, participant: Row, draft: Draft, replaced: Row | None,
    keys: dict[str, str | None], now: datetime, study: Study, sent_at: datetime | None,
    changed: days.Changed | None,
) -> Result:  # fmt: skip
    judged = judging.judge(db, participant, draft, study)
    head_before = entries.find_head(db, draft.participant_id, replaced["root_id"]) if replaced else None
    held = holding.is_held(draft, head_before, study)
    age = max((sent_at or now) - draft.occurred_at, timedelta(0))
    late = age > timedelta(minutes=study.alerts.late_after_min)
    row = entries.add(
        db, actor, draft, now, replaced=replaced, state="held" if held else "stored", late=late,
        skew_s=_skew_s(sent_at, now), verdict=judged.verdict,
    )  # fmt: skip
    _trail(db, actor, draft, row, replaced, now)
    feed.record(db, draft.participant_id, "entry", row["id"], hidden=entry_rules.is_contraception(draft.kind))
    if head_before and holding.takes_back(draft, head_before) and head_before["state"] != "held":
        # What is taken back never counted; the version that counts goes on counting.
        entries.drop_pending(db, row)
        return Result(row["id"], row["state"], False, "none", head_before["episode_id"])
    _put_head(db, row, head_before, judged, keys)
    episode_id = None
    counted = _is_counted_missed(db, draft, head_before)
    if not (held and replaced):
        judging.regroup(db, participant, draft, judged, head_before, study)
        episode_id = judging.episode_of(db, row["root_id"]) if draft.kind in judging.GROUPED_KINDS else None
        answers.follow(
            db, participant, draft, row["root_id"], judged.band, now, study, is_change=replaced is not None,
            value_at=clock.shifted(now, -age),
        )  # fmt: skip
    days.follow(db, participant, row, head_before, now, study, changed)
    value_at = clock.shifted(now, -age)
    _alert(db, participant, draft, row, judged, episode_id, late, value_at, now, study, counted=counted)
    return Result(
        row["id"], row["state"], judged.verdict.severe, judged.verdict.basis, episode_id,
        "entry_held" if held else None,
    )  # fmt: skip


def _is_counted_missed(db: Database, draft: Draft, before: Row | None) -> bool:
    """Whether this dose stood among the missed ones already: by its window, or by what was told before."""
    data, was = draft.data or {}, json.loads(before["data"] or "null") if before else None
    if draft.kind != "dose":
        return False
    if was and was.get("status") == "skipped" and was.get("skip_reason") != "told_by_site":
        return True
    if not {"schedule_id", "due_day", "slot"} <= data.keys():
        return False
    key = f"{data['schedule_id']}/{data['due_day']}/{data['slot']}"
    return missed.due_at(db, draft.participant_id, key, "")[1] == "missed"


def _skew_s(sent_at: datetime | None, now: datetime) -> int | None:
    """The sender's clock less ours; no further off than 68 years is worth telling apart."""
    if sent_at is None:
        return None
    return max(-MOST_SKEW_S, min(MOST_SKEW_S, round((sent_at - now).total_seconds())))


def _repeat(db: Database, known: Row) -> Result:
    """The same entry again: nothing happens, the same answer."""
    return Result(
        known["id"], "duplicate", _bool(known["severe"]), known["basis"],
        judging.episode_of(db, known["root_id"]),
    )  # fmt: skip


def _trail(db: Database, actor: Actor, draft: Draft, row: Row, replaced: Row | None, now: datetime) -> None:
    stream = audit.participant_stream(draft.participant_id)
    audit.created(db, stream, actor, now, "entry", row["id"], row, reason=draft.reason)
    if replaced is None:
        return
    old = {"occurred_at": replaced["occurred_text"], "data": json.loads(replaced["data"] or "null")}
    new = {"occurred_at": draft.occurred_text, "data": draft.data}
    audit.changed(
        db, stream, actor, now, "entry", row["root_id"], entry_rules.field_changes(old, new),
        action="withdraw" if draft.data is None else "correct", reason=draft.reason,
    )  # fmt: skip


def _put_head(
    db: Database, row: Row, before: Row | None, judged: judging.Judged, keys: dict[str, str | None]
) -> None:
    """A held first version is shown as held; a held correction waits beside the version that still counts."""
    if before and row["state"] == "held":
        db.execute(
            "update entry_heads set tip_id = :tip, pending_id = :tip where root_id = :r",
            {"tip": row["id"], "r": row["root_id"]},
        )
        return
    stands = before if row["data"] is not None else None
    entries.put_head(
        db, row, tip_id=row["id"], state="withdrawn" if row["data"] is None else row["state"],
        pending_id=row["id"] if row["state"] == "held" else None, band=judged.band, keys=keys,
        verdict=judged.verdict, episode_id=stands["episode_id"] if stands else None,
    )  # fmt: skip


def _alert(
    db: Database, participant: Row, draft: Draft, row: Row, judged: judging.Judged, episode_id: str | None,
    late: bool, value_at: datetime, now: datetime, study: Study, *, counted: bool,
) -> None:  # fmt: skip
    """What this entry calls for: the hypoglycaemia alert of its episode, every red flag, a call."""
    refs = [(row["id"], row["root_id"])]
    verdict, group_min = judged.verdict, study.alerts.late_group_min
    opening = alert_rules.on_arrival(verdict.basis, judged.band, verdict.why, is_late=late)
    if opening and opening.kind == "review" and late and draft.origin in collisions.MACHINE_ORIGINS:
        # The past makes one alert per import, its open questions included.
        opening = alert_rules.Opening("desk", "late_lows", is_grouped=True)
    if opening:
        alerts.raise_for(
            db, participant, opening, refs, now, episode_id=episode_id, value_at=value_at,
            group_min=group_min if opening.is_grouped else 0, news=_news(participant, draft, row),
        )  # fmt: skip
    if draft.data is None or draft.local_day < participant["consented_day"]:
        return
    flags = red_flags.of(db, draft, row["root_id"], study, counted=counted)
    past = late and draft.origin in collisions.MACHINE_ORIGINS
    for flag in alert_rules.on_entry(draft.kind, flags, is_late_import=past):
        alerts.raise_for(db, participant, flag, refs, now, group_min=group_min)


def _news(participant: Row, draft: Draft, row: Row) -> alerts.News:
    grave: frozenset[Grave] = frozenset()
    if draft.kind == "hypo_event" and draft.data is not None:
        circumstances = episodes.circumstances_of(participant, draft.local_day)
        grave = grave_answers(episodes.event_of(draft.data), circumstances)
    return alerts.News(draft.kind == "reading", grave, row["author_id"])


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _aside(
    db: Database, actor: Actor, participant: Row, draft: Draft, raw: object, now: datetime, study: Study,
    problem: collisions.Problem | None,
) -> Result:  # fmt: skip
    """Keep a readable entry that cannot be taken, out of sight where it touches the hidden section."""
    if problem is None:
        raise ValueError("nothing speaks against this entry")
    data = draft.data or {}
    severe = draft.kind == "reading" and glucose.looks_severe(
        data.get("value"), data.get("unit"), study.glucose
    )
    hidden = any(entry_rules.is_contraception(kind) for kind in (draft.kind, problem.about))
    aside = SetAside(problem.status, draft.id, draft.kind, raw, problem.code, {}, severe, hidden)
    return put_aside(db, actor, [participant], aside, now, study)


def put_aside(
    db: Database, actor: Actor, participants: Sequence[Row], aside: SetAside, now: datetime, study: Study
) -> Result:
    """Keep what cannot become an entry, and tell what it was."""
    refusals.keep(db, actor, participants, aside, now, study)
    return Result(aside.entry_id, aside.status, None, "none", None, aside.code, dict(aside.fields))
