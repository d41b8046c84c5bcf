"""The road: an entry is judged, kept, grouped, alerted on and written to the trail, in one transaction.

Every way in (phone, desk, file, meter, script) ends here, so that none can forget a step.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, NotFoundError
from diary.rules import alerts as alert_rules
from diary.rules import entries as entry_rules
from diary.rules import glucose
from diary.rules.hypoglycaemia import Verdict, classify
from diary.rules.roles import hides_contraception
from diary.store import alerts, answers, audit, days, entries, episodes, feed, missed, red_flags, refusals
from diary.store.actors import Actor
from diary.store.entries import Draft
from diary.store.refusals import SetAside
from diary.study import Study

NOTHING = Verdict(severe=False, basis="none", ada_level=None, in_summaries=False)
GROUPED_KINDS = frozenset({"reading", "hypo_event"})
MOST_SKEW_S = 2**31 - 1
MACHINE_ORIGINS = frozenset({"bluetooth", "file", "api"})


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


@dataclass(frozen=True)
class Problem:
    """Why a readable entry cannot be taken; `about` is the kind of what it collides with."""

    code: str
    about: str | None = None
    status: Literal["refused", "conflict"] = "conflict"


@dataclass(frozen=True)
class Judged:
    verdict: Verdict
    band: glucose.Band | None


def receive(
    db: Database, actor: Actor, participant: Row, draft: Draft, raw: object, now: datetime, study: Study,
    *, sent_at: datetime | None = None, changed: days.Changed | None = None,
) -> Result:  # fmt: skip
    """Take one readable entry of `participant` (whose lock this transaction holds).

    `sent_at` is the sender's clock at sending: with it a wrong clock shows as skew and the entry's true
    age is known; without it the age is counted to the arrival. With `changed` the caller, who takes
    several, judges the windows of their days at the end of the transaction.
    """
    known = entries.find(db, draft.id)
    if known:
        if known["body_hash"] == draft.body_hash and known["participant_id"] == draft.participant_id:
            return _repeat(db, known)
        return _aside(db, actor, participant, draft, raw, now, study, Problem("id_taken", known["kind"]))
    replaced, problem = _replaced(db, actor, draft)
    if replaced:
        draft = replace(draft, replaces=replaced["id"])
    keys = _keys(draft)
    same, clash = (None, None) if problem else _already_there(db, draft, keys)
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
    judged = _judge(db, participant, draft, study)
    head_before = entries.find_head(db, draft.participant_id, replaced["root_id"]) if replaced else None
    held = _is_held(draft, head_before, study)
    age = max((sent_at or now) - draft.occurred_at, timedelta(0))
    late = age > timedelta(minutes=study.alerts.late_after_min)
    row = entries.add(
        db, actor, draft, now, replaced=replaced, state="held" if held else "stored", late=late,
        skew_s=_skew_s(sent_at, now), verdict=judged.verdict,
    )  # fmt: skip
    _trail(db, actor, draft, row, replaced, now)
    feed.record(db, draft.participant_id, "entry", row["id"], hidden=entry_rules.is_contraception(draft.kind))
    if head_before and _takes_back(draft, head_before) and head_before["state"] != "held":
        # What is taken back never counted; the version that counts goes on counting.
        entries.drop_pending(db, row)
        return Result(row["id"], row["state"], False, "none", head_before["episode_id"])
    _put_head(db, row, head_before, judged, keys)
    episode_id = None
    counted = _is_counted_missed(db, draft, head_before)
    if not (held and replaced):
        _regroup(db, participant, draft, judged, head_before, study)
        episode_id = _episode_of(db, row["root_id"]) if draft.kind in GROUPED_KINDS else None
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


def _takes_back(draft: Draft, before: Row) -> bool:
    """Whether this withdraws the very version that waits for staff."""
    return draft.data is None and before["pending_id"] == draft.replaces


def _skew_s(sent_at: datetime | None, now: datetime) -> int | None:
    """The sender's clock less ours; no further off than 68 years is worth telling apart."""
    if sent_at is None:
        return None
    return max(-MOST_SKEW_S, min(MOST_SKEW_S, round((sent_at - now).total_seconds())))


def _is_held(draft: Draft, before: Row | None, study: Study) -> bool:
    """Whether staff must look first; taking back what waits for them needs no waiting."""
    if before and _takes_back(draft, before):
        return False
    origin = draft.origin
    if before and origin in MACHINE_ORIGINS and "meter_serial" not in (draft.data or {}):
        # A change is typed by somebody, whatever it calls itself, unless it shows the meter's record.
        origin = "typed"
    window = entry_rules.window(origin, draft.occurred_at, draft.recorded_at, draft.reason, study.window)
    return window == "held"


def _repeat(db: Database, known: Row) -> Result:
    """The same entry again: nothing happens, the same answer."""
    return Result(
        known["id"], "duplicate", _bool(known["severe"]), known["basis"], _episode_of(db, known["root_id"])
    )


def _replaced(db: Database, actor: Actor, draft: Draft) -> tuple[Row | None, Problem | None]:
    """The version that this one follows, or why it cannot follow it."""
    if draft.replaces is None:
        return None, None
    replaced = entries.find_version(db, draft.participant_id, draft.replaces)
    if replaced is None:
        return None, Problem("replaces_unknown", status="refused")
    if replaced["kind"] != draft.kind:
        hidden = entry_rules.is_contraception(replaced["kind"]) and hides_contraception(actor.role)
        code = "replaces_unknown" if hidden else "replaces_other_kind"
        return None, Problem(code, replaced["kind"], status="refused")
    if not one(db, "select 1 as taken from entries where replaces = :id", {"id": replaced["id"]}):
        return replaced, None
    head = entries.find_head(db, draft.participant_id, replaced["root_id"])
    if head and head["entry_id"] == replaced["id"] and head["pending_id"] is None:
        # A correction of it was taken back: it is what the sender sees, and the chain goes on from its end.
        return entries.find_version(db, draft.participant_id, head["tip_id"]), None
    return None, Problem("already_changed")


def _keys(draft: Draft) -> dict[str, str | None]:
    """What makes two entries the same thing, and what an event points at."""
    data = draft.data or {}
    keys: dict[str, str | None] = {"linked_id": data.get("reading_id")}
    if (
        draft.kind in ("dose", "contraception", "blood_draw")
        and {"schedule_id", "due_day", "slot"} <= data.keys()
    ):
        keys["slot_key"] = f"{data['schedule_id']}/{data['due_day']}/{data['slot']}"
    if draft.kind == "reading" and draft.origin in MACHINE_ORIGINS and "meter_serial" in data:
        # A meter's sequence may start again after a battery change; its own time beside it may not.
        keys["meter_key"] = audit.canonical(
            [data["meter_serial"], data.get("sequence"), clock.to_text(draft.occurred_at)]
        )
    return keys


def _already_there(
    db: Database, draft: Draft, keys: dict[str, str | None]
) -> tuple[Row | None, Problem | None]:
    """Same meter, record and value under another id: the same thing. Another value or answer: a conflict."""
    meter_key, slot_key = keys.get("meter_key"), keys.get("slot_key")
    if meter_key and not draft.replaces:
        there = entries.find_head_by_key(db, draft.participant_id, draft.kind, "meter_key", meter_key)
        if there and _shows(json.loads(there["data"])) == _shows(draft.data or {}):
            return there, None
        if there:
            return None, Problem("meter_record_differs")
    if slot_key:
        kind = "dose" if draft.kind == "blood_draw" else draft.kind
        if _schedule_kind(db, draft) not in (None, kind):
            return None, Problem("slot_of_other_kind", "contraception", status="refused")
        there = entries.find_head_by_key(db, draft.participant_id, draft.kind, "slot_key", slot_key)
        if there and there["tip_id"] != draft.replaces:
            return None, Problem("slot_answered")
    return None, None


def _schedule_kind(db: Database, draft: Draft) -> str | None:
    """What the named schedule is for; None where it is not known here."""
    schedule = one(
        db,
        "select kind from schedules where id = :id and participant_id = :p",
        {"id": (draft.data or {}).get("schedule_id"), "p": draft.participant_id},
    )
    return str(schedule["kind"]) if schedule else None


def _shows(data: dict[str, Any]) -> tuple[object, ...]:
    """What a record says and whose it is; notes and the way it came may differ."""
    return (
        data.get("value"),
        data.get("unit"),
        data.get("device", "meter"),
        data.get("sample") == "control",
        bool(data.get("other_person")),
        bool(data.get("relabelled")),
    )


def _judge(db: Database, participant: Row, draft: Draft, study: Study) -> Judged:
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
    db: Database, row: Row, before: Row | None, judged: Judged, keys: dict[str, str | None]
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


def _regroup(
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


def _episode_of(db: Database, root_id: str) -> str | None:
    head = one(db, "select episode_id from entry_heads where root_id = :r", {"r": root_id})
    return head["episode_id"] if head else None


def _alert(
    db: Database, participant: Row, draft: Draft, row: Row, judged: Judged, episode_id: str | None,
    late: bool, value_at: datetime, now: datetime, study: Study, *, counted: bool,
) -> None:  # fmt: skip
    """What this entry calls for: the hypoglycaemia alert of its episode, every red flag, a call."""
    refs = [(row["id"], row["root_id"])]
    verdict, group_min = judged.verdict, study.alerts.late_group_min
    opening = alert_rules.on_arrival(verdict.basis, judged.band, verdict.why, is_late=late)
    if opening and opening.kind == "review" and late and draft.origin in MACHINE_ORIGINS:
        # The past makes one alert per import, its open questions included.
        opening = alert_rules.Opening("desk", "late_lows", is_grouped=True)
    if opening:
        alerts.raise_for(
            db, participant, opening, refs, now, episode_id=episode_id, value_at=value_at,
            group_min=group_min if opening.is_grouped else 0, is_new_value=draft.kind == "reading",
        )  # fmt: skip
    if draft.data is None or draft.local_day < participant["consented_day"]:
        return
    flags = red_flags.of(db, draft, row["root_id"], study, counted=counted)
    past = late and draft.origin in MACHINE_ORIGINS
    for flag in alert_rules.on_entry(draft.kind, flags, is_late_import=past):
        alerts.raise_for(db, participant, flag, refs, now, group_min=group_min)


def _bool(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _aside(
    db: Database, actor: Actor, participant: Row, draft: Draft, raw: object, now: datetime, study: Study,
    problem: Problem | None,
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


def accept_held(
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
    judged = _judge(db, participant, draft, study)
    entries.put_head(
        db, entry, tip_id=head["tip_id"], state="withdrawn" if entry["data"] is None else "stored",
        pending_id=None, band=judged.band, keys=_keys(draft), verdict=judged.verdict,
        episode_id=head["episode_id"] if entry["data"] is not None else None,
    )  # fmt: skip
    _regroup(db, participant, draft, judged, head, study)
    alerts.follow(db, entry["root_id"], _episode_of(db, entry["root_id"]))
    answers.follow(
        db, participant, draft, entry["root_id"], judged.band, now, study, is_change=True,
        value_at=draft.occurred_at,
    )  # fmt: skip
    days.follow(db, participant, entry, head, now, study)
    feed.record(db, participant["id"], "entry", entry_id, hidden=entry_rules.is_contraception(entry["kind"]))


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
