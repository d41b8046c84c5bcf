"""What an entry answers: in its own transaction the reminder it speaks of is answered, or opened again."""

import json
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, marks, one
from diary.rules import glucose
from diary.store import contraception, deliveries, plans
from diary.store.entries import Draft
from diary.study import Study

SLOT_KINDS: Final = frozenset({"dose", "contraception"})
KINDS: Final = SLOT_KINDS | {"reading", "day_complete", "blood_draw", "administered_dose", "hypo_event"}
# A dose that is told of late was taken all the same: it answers a reminder that was missed.
_ANSWERABLE: Final = "('planned', 'due', 'missed')"
NEAR: Final = timedelta(days=2)


def follow(
    db: Database, participant: Row, draft: Draft, root_id: str, band: glucose.Band | None, now: datetime,
    study: Study, *, is_change: bool, value_at: datetime,
) -> None:  # fmt: skip
    """A version of an entry counts from now on (data None: it is withdrawn); its reminders follow.

    `value_at` is when a reading was taken by the server's clock.
    """
    told = answer(db, participant, draft, root_id, band, now, study, is_change=is_change, value_at=value_at)
    deliveries.settle(db, told, "answered", now)


def answer(
    db: Database, participant: Row, draft: Draft, root_id: str, band: glucose.Band | None, now: datetime,
    study: Study, *, is_change: bool, value_at: datetime,
) -> list[str]:  # fmt: skip
    """The same without the end of what was told of them: the reminders that are answered by it.

    Whoever follows many entries settles their deliveries at once, in the same transaction.
    """
    if draft.kind not in KINDS:
        return []
    wanted = _wanted(db, participant["id"], draft, band)
    if is_change:
        _open_again(db, participant, root_id, wanted, now, study)
    answered = [wanted] if wanted else []
    _answer(db, answered, root_id, now)
    if draft.kind == "reading":
        answered += _recheck(db, participant, draft, root_id, band, value_at, now, study)
    elif draft.kind == "hypo_event":
        # With a reading it is the reading that is checked again.
        low = draft.data is not None and not draft.data.get("reading_id")
        _check_again(db, participant, draft, root_id, low, value_at, now, study)
    elif draft.kind == "blood_draw":
        if is_change:
            _wait_again(db, participant["id"], draft, root_id, now)
        if draft.data is not None:
            _draw(db, participant, draft, now)
    elif draft.kind == "administered_dose" or (draft.kind == "dose" and _is_of_ended(db, draft)):
        plans.follow_contraception(db, participant, now, study)
    if draft.kind == "contraception":
        contraception.look_again(db, participant, now, study, entry=(draft.id, root_id))
    return answered


def _wanted(db: Database, participant_id: str, draft: Draft, band: glucose.Band | None) -> str | None:
    """The reminder that this version answers, if any."""
    data = draft.data
    if data is None:
        return None
    if draft.kind in SLOT_KINDS:
        return _of_slot(db, participant_id, data)
    if draft.kind == "day_complete":
        return _of_day(db, participant_id, data["day"], draft)
    return _nearest(db, participant_id, draft) if draft.kind == "reading" and band is not None else None


def _of_slot(db: Database, participant_id: str, data: Row) -> str | None:
    found = _slot(db, participant_id, data)
    return found["id"] if found and found["state"] != "cancelled" else None


def _slot(db: Database, participant_id: str, data: Row) -> Row | None:
    if not {"schedule_id", "due_day", "slot"} <= data.keys():
        return None
    return one(
        db,
        "select r.*, s.window_after_min from reminders r join schedules s on s.id = r.schedule_id"
        " where r.schedule_id = :s and r.local_day = :d and r.slot = :t and r.participant_id = :p",
        {"s": data["schedule_id"], "d": data["due_day"], "t": data["slot"], "p": participant_id},
    )


def _of_day(db: Database, participant_id: str, day: str, draft: Draft) -> str | None:
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    found = one(
        db,
        "select id from reminders where participant_id = :p and kind = 'diary' and local_day = :day"
        f" and state in {_ANSWERABLE} and due_at between :first and :last order by due_at limit 1",
        {"p": participant_id, "day": day, "first": clock.to_text(clock.shifted(noon, -NEAR)),
         "last": clock.to_text(clock.shifted(noon, NEAR))},
    )  # fmt: skip
    return found["id"] if found else None


def _nearest(db: Database, participant_id: str, draft: Draft) -> str | None:
    """Of the measuring times whose window holds the reading, the nearest that has no answer yet."""
    if (draft.data or {}).get("device") == "cgm":
        return None
    at = clock.to_text(draft.occurred_at)
    rows = db.query(
        "select id, due_at from reminders where participant_id = :p and kind = 'reading'"
        f" and state in {_ANSWERABLE} and opens_at <= :at and closes_at >= :at"
        " and due_at between :first and :last order by due_at",
        {"p": participant_id, "at": at, "first": clock.to_text(clock.shifted(draft.occurred_at, -NEAR)),
         "last": clock.to_text(clock.shifted(draft.occurred_at, NEAR))},
    )  # fmt: skip
    found = min(rows, key=lambda row: abs(clock.from_text(row["due_at"]) - draft.occurred_at), default=None)
    return found["id"] if found else None


def _answer(db: Database, ids: list[str], root_id: str, now: datetime) -> None:
    if not ids:
        return
    holders, names = marks(ids)
    db.execute(
        "update reminders set state = 'answered', answer_root_id = :root, ended_at = :now, next_at = null,"
        " why = null"
        f" where id in ({holders}) and state in {_ANSWERABLE}",
        {**names, "root": root_id, "now": clock.to_text(now)},
    )


def _open_again(
    db: Database, participant: Row, root_id: str, but: str | None, now: datetime, study: Study
) -> None:
    """What the entry answered before and answers no longer is open again, or missed where it is over."""
    at, again = clock.to_text(now), now + timedelta(minutes=study.reminders.repeat_every_min)
    db.execute(
        "update reminders set answer_root_id = null,"
        " state = case when closes_at < :now then 'missed' when due_at > :now then 'planned' else 'due' end,"
        " ended_at = case when closes_at < :now then :now end,"
        " why = case when closes_at < :now then 'answer_withdrawn' end,"
        " next_at = case when closes_at < :now then null when due_at > :now then due_at"
        "   when closes_at > :again then :again end"
        " where participant_id = :p and answer_root_id = :root and state = 'answered'"
        " and (cast(:but as text) is null or id <> :but)",
        {"p": participant["id"], "root": root_id, "but": but, "now": at, "again": clock.to_text(again)},
    )


def _recheck(
    db: Database, participant: Row, draft: Draft, root_id: str, band: glucose.Band | None, value_at: datetime,
    now: datetime, study: Study,
) -> list[str]:  # fmt: skip
    """A fresh low is to be checked again in 15 minutes; any later reading of the person does that: the
    re-checks that this one answers.
    """
    at, ids = clock.to_text(value_at), list[str]()
    if band is not None:
        done = db.query(
            "select id from reminders where participant_id = :p and kind = 'recheck' and opens_at < :at"
            " and state in ('planned', 'due') and entry_root_id <> :root and due_at >= :since",
            {"p": participant["id"], "at": at, "root": root_id,
             "since": clock.to_text(clock.shifted(value_at, -NEAR))},
        )  # fmt: skip
        ids = [row["id"] for row in done]
        _answer(db, ids, root_id, now)
    low = band in glucose.BELOW_RANGE and (draft.data or {}).get("device") != "cgm"
    _check_again(db, participant, draft, root_id, low, value_at, now, study)
    return ids


def _check_again(
    db: Database, participant: Row, draft: Draft, root_id: str, low: bool, value_at: datetime, now: datetime,
    study: Study,
) -> None:  # fmt: skip
    at = clock.to_text(value_at)
    if not low:
        plans.cancel(
            db, "entry_root_id = :root and participant_id = :p and kind = 'recheck'",
            {"root": root_id, "p": participant["id"]}, "no_longer_low", now,
        )  # fmt: skip
        return
    lasts = timedelta(minutes=study.low_screen.max_age_min)
    if draft.origin not in ("typed", "bluetooth") or now - value_at >= lasts:
        return
    due_at = value_at + timedelta(minutes=study.low_screen.recheck_min)
    local = due_at.astimezone(ZoneInfo(participant["zone"]))
    db.execute(
        plans.INSERT,
        {
            "id": str(uuid4()), "participant_id": participant["id"], "schedule_id": None,
            "entry_root_id": root_id, "kind": "recheck", "local_day": local.date().isoformat(),
            "slot": local.strftime("%H:%M"), "due_at": clock.to_text(due_at), "opens_at": at,
            "closes_at": clock.to_text(value_at + lasts), "state": "planned", "hold": None,
            "next_at": clock.to_text(due_at), "told": 0, "answer_root_id": None,
            "planned_at": clock.to_text(now), "ended_at": None, "why": None,
        },
    )  # fmt: skip


def _draw(db: Database, participant: Row, draft: Draft, now: datetime) -> None:
    """Blood was drawn: the dose that waited is due at the draw, its window runs from there (STUDY.md 6)."""
    data = draft.data or {}
    held = _slot(db, participant["id"], data)
    if held is None or held["hold"] is None or held["state"] == "cancelled":
        return
    at = datetime.fromisoformat(data["drawn_at"]) if "drawn_at" in data else draft.occurred_at
    new = plans.drawn_at(at, now, held["window_after_min"])
    if held["state"] == "answered":
        new |= {"next_at": None}
    else:
        new |= {"state": "due", "told": 0, "ended_at": None, "why": None}
    sets = ", ".join(f"{name} = :{name}" for name in new)
    db.execute(f"update reminders set {sets} where id = :id", {**new, "id": held["id"]})


def _wait_again(db: Database, participant_id: str, draft: Draft, root_id: str, now: datetime) -> None:
    """The draw is withdrawn, or was for another dose: that one waits for its draw as if there was none."""
    rows = db.query("select data from entries where root_id = :root and data is not null", {"root": root_id})
    for data in [json.loads(row["data"]) for row in rows]:
        drawn = _slot(db, participant_id, data)
        if drawn is None or drawn["hold"] != "drawn" or drawn["state"] not in ("planned", "due", "missed"):
            continue
        if draft.data is not None and _slot(db, participant_id, draft.data) == drawn:
            continue
        new = plans.waits_again(db, drawn)
        if new is None or new["closes_at"] <= clock.to_text(now):
            continue
        new |= {"state": "planned", "told": 0, "ended_at": None, "why": None, "snoozed_until": None}
        sets = ", ".join(f"{name} = :{name}" for name in new)
        db.execute(f"update reminders set {sets} where id = :id", {**new, "id": drawn["id"]})
        deliveries.put_off(db, drawn["id"], now)


def _is_of_ended(db: Database, draft: Draft) -> bool:
    schedule_id = (draft.data or {}).get("schedule_id")
    found = one(
        db,
        "select 1 as ended from schedules where id = :id and participant_id = :p and to_day is not null",
        {"id": schedule_id, "p": draft.participant_id},
    )
    return found is not None
