"""Planning: every occurrence of every schedule becomes one row, some hours ahead, each day once.

`plans` says through which local day a schedule is planned, so that a tick looks at new days only.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import UNAVAILABLE, Database, Row, marks
from diary.rules.contraception import Ending, is_needed
from diary.rules.reminders import STOPPED_STATES, STUDY_KINDS
from diary.rules.schedules import DAY, Occurrence, occurrences, of_row
from diary.store import contraception, deliveries, missed, participants
from diary.store.deliveries import chunks
from diary.study import Study

log = logging.getLogger(__name__)
BATCH: Final = 200
# A long way behind is gone in steps: other writers wait for one of them only.
STEP: Final = timedelta(days=7)
FINISHED: Final = "9999-12-31"
_COLUMNS = (
    "id", "participant_id", "schedule_id", "entry_root_id", "kind", "local_day", "slot", "due_at", "opens_at",
    "closes_at", "state", "hold", "next_at", "told", "answer_root_id", "planned_at", "ended_at", "why",
)  # fmt: skip
INSERT: Final = (
    f"insert into reminders ({', '.join(_COLUMNS)}) values ({', '.join(':' + name for name in _COLUMNS)})"
    " on conflict do nothing"
)


@dataclass(frozen=True)
class _Answer:
    root_id: str
    at: str  # when the blood was drawn, of a draw


def begin(db: Database, schedule: Row, now: datetime) -> None:
    """A schedule was set: from which day on it is to be planned."""
    today = now.astimezone(ZoneInfo(schedule["zone"])).date()
    first = max(date.fromisoformat(schedule["from_day"]), today)
    db.execute(
        "insert into plans (schedule_id, zone, planned_to_day) values (:id, :zone, :day)",
        {"id": schedule["id"], "zone": schedule["zone"], "day": (first - DAY).isoformat()},
    )


def plan(db: Database, study: Study, now: datetime) -> int:
    """Plan the days that came within `plan_ahead_h`, for all schedules; how many rows are new.

    A few participants in each transaction, whose locks it takes: an answer that comes meanwhile is either
    there before its row, and then found, or finds its row. A schedule that cannot be planned holds up no
    other; RuntimeError tells of it after all were planned.
    """
    added, failed = 0, set[str]()
    until = now + timedelta(hours=study.reminders.plan_ahead_h)
    for row in list(db.query("select distinct zone from plans")):
        horizon = until.astimezone(ZoneInfo(row["zone"])).date()
        while batch := _behind(db, row["zone"], horizon, failed):
            added += _plan_some(db, batch, horizon, study, now, failed)
    if failed:
        raise RuntimeError(f"{len(failed)} schedule(s) could not be planned")
    return added


def _plan_some(
    db: Database, batch: Sequence[Row], horizon: date, study: Study, now: datetime, failed: set[str]
) -> int:
    """Plan a batch in one transaction; where that fails, each schedule in its own, to set aside the one."""
    try:
        with db.atomic():
            for participant_id in sorted({one["participant_id"] for one in batch}):
                participants.lock(db, participant_id)
            return _plan_batch(db, [one["schedule_id"] for one in batch], horizon, study, now)
    except UNAVAILABLE:
        raise
    except Exception:
        if len(batch) > 1:
            return sum(_plan_some(db, [one], horizon, study, now, failed) for one in batch)
        log.exception("schedule %s could not be planned", batch[0]["schedule_id"])
        failed.add(batch[0]["schedule_id"])
        return 0


def _behind(db: Database, zone: str, horizon: date, failed: set[str]) -> list[Row]:
    rows = list(
        db.query(
            "select pl.schedule_id, s.participant_id from plans pl join schedules s on s.id = pl.schedule_id"
            " where pl.zone = :zone and pl.planned_to_day < :horizon limit :limit",
            {"zone": zone, "horizon": horizon.isoformat(), "limit": BATCH + len(failed)},
        )
    )
    return [row for row in rows if row["schedule_id"] not in failed][:BATCH]


def _plan_batch(db: Database, schedule_ids: Sequence[str], horizon: date, study: Study, now: datetime) -> int:
    """Plan these schedules through `horizon`; the caller holds their participants' locks."""
    holders, names = marks(schedule_ids)
    rows = list(
        db.query(
            f"select s.*, pl.planned_to_day from plans pl join schedules s on s.id = pl.schedule_id"
            f" where pl.schedule_id in ({holders}) and pl.planned_to_day < :horizon",
            {**names, "horizon": horizon.isoformat()},
        )
    )
    people = {
        one["id"]: one
        for one in participants.list_by_ids(db, sorted({row["participant_id"] for row in rows}))
    }
    new: list[Row] = []
    for row in rows:
        row = {**row, "times": json.loads(row["times"]), "hold": json.loads(row["hold"] or "null")}
        new += _Plan(db, study, now, people[row["participant_id"]], row).rows(_step(row, horizon))
    db.execute_many(INSERT, new)
    db.execute_many(
        "update plans set planned_to_day = :day where schedule_id = :id",
        [{"id": row["id"], "day": _planned_to(row, _step(row, horizon))} for row in rows],
    )
    for participant_id in {row["participant_id"] for row in rows if row["kind"] == "contraception"}:
        follow_contraception(db, people[participant_id], now, study)
    drugs = {row["id"]: row["drug"] for row in rows}
    for row in new:
        if row["state"] == "missed" and row["kind"] == "dose":
            missed.look(db, people[row["participant_id"]], row, drugs[row["schedule_id"]], now, study)
    return len(new)


def _step(schedule: Row, horizon: date) -> date:
    return min(horizon, date.fromisoformat(schedule["planned_to_day"]) + STEP)


def _planned_to(schedule: Row, horizon: date) -> str:
    over = schedule["to_day"] is not None and schedule["to_day"] <= horizon.isoformat()
    return FINISHED if over else horizon.isoformat()


class _Plan:
    """The rows of one schedule, with what is known of its answers."""

    def __init__(self, db: Database, study: Study, now: datetime, participant: Row, schedule: Row) -> None:
        self.db, self.study, self.now = db, study, now
        self.participant, self.schedule = participant, schedule
        self.kind: str = schedule["kind"]

    def rows(self, horizon: date) -> list[Row]:
        first = date.fromisoformat(self.schedule["planned_to_day"]) + DAY
        found = occurrences(of_row(self.schedule), self.schedule["zone"], first, horizon)
        if not found:
            return []
        answers = self._answers(found)
        end = self._end()
        return [self._row(one, answers, end) for one in found]

    def _row(self, one: Occurrence, answers: Mapping[str, _Answer], end: Ending | None) -> Row:
        day, at = one.day.isoformat(), clock.to_text(self.now)
        key = f"{self.schedule['id']}/{day}/{one.slot}"
        row: Row = {
            "id": str(uuid4()), "participant_id": self.participant["id"], "schedule_id": self.schedule["id"],
            "entry_root_id": None, "kind": self.kind, "local_day": day, "slot": one.slot,
            "due_at": clock.to_text(one.due_at), "opens_at": clock.to_text(one.opens_at),
            "closes_at": clock.to_text(one.closes_at), "state": "planned", "hold": None,
            "next_at": clock.to_text(one.due_at), "told": 0, "answer_root_id": None, "planned_at": at,
            "ended_at": None, "why": None,
        }  # fmt: skip
        held = hold_of(self.schedule, day, one.slot)
        if held is not None:
            row |= waiting(row, held, self.schedule["window_after_min"])
            drawn = answers.get(f"draw:{key}")
            if drawn:
                row |= drawn_at(clock.from_text(drawn.at), self.now, self.schedule["window_after_min"])
        answer, stop = answers.get(f"answer:{key}"), self._stop(one.day, end)
        if answer:
            row |= {"state": "answered", "answer_root_id": answer.root_id}
        elif stop:
            row |= {"state": "cancelled", "why": stop}
        elif row["closes_at"] < at:
            row |= {"state": "missed", "why": "worker_down"}
        return row if row["state"] == "planned" else {**row, "next_at": None, "ended_at": at}

    def _end(self) -> Ending | None:
        if self.kind != "contraception":
            return None
        return contraception.ending(self.db, self.participant, self.now, self.study)

    def _stop(self, day: date, end: Ending | None) -> str | None:
        if self.kind in STUDY_KINDS and self.participant["state"] in STOPPED_STATES:
            return "study_state"
        if end is not None and not contraception.is_asked(self.study, self.now, self.participant):
            return "not_asked"
        return "contraception_ended" if end is not None and not is_needed(end, day) else None

    def _answers(self, found: Sequence[Occurrence]) -> dict[str, _Answer]:
        """What was written before its row was planned, by slot: `answer:` and `draw:` keys."""
        if self.kind in ("dose", "contraception"):
            return dict(self._slot_answers(found))
        past = [one for one in found if one.opens_at <= self.now]
        if not past:
            return {}
        return dict(self._readings(past) if self.kind == "reading" else self._days(past))

    def _slot_answers(self, found: Sequence[Occurrence]) -> Iterator[tuple[str, _Answer]]:
        for batch in chunks([f"{self.schedule['id']}/{one.day.isoformat()}/{one.slot}" for one in found]):
            holders, names = marks(batch)
            rows = self.db.query(
                "select h.slot_key, h.kind, h.root_id, h.occurred_at, e.data from entry_heads h"
                " join entries e on e.id = h.entry_id"
                f" where h.participant_id = :p and h.slot_key in ({holders}) and h.state <> 'withdrawn'",
                {**names, "p": self.participant["id"]},
            )
            for row in rows:
                drawn = row["kind"] == "blood_draw"
                at = json.loads(row["data"]).get("drawn_at") if drawn else None
                text = clock.to_text(datetime.fromisoformat(at)) if at else row["occurred_at"]
                yield f"{'draw' if drawn else 'answer'}:{row['slot_key']}", _Answer(row["root_id"], text)

    def _readings(self, past: Sequence[Occurrence]) -> Iterator[tuple[str, _Answer]]:
        """Each reading answers one slot: the nearest open one, as when it comes after planning."""
        rows = self.db.query(
            "select root_id, occurred_at from entry_heads where participant_id = :p and kind = 'reading'"
            " and state <> 'withdrawn' and band is not null and occurred_at between :first and :last"
            " and root_id not in (select answer_root_id from reminders where participant_id = :p"
            "   and answer_root_id is not null and due_at between :first and :last)"
            " order by occurred_at",
            {
                "p": self.participant["id"],
                "first": clock.to_text(min(one.opens_at for one in past)),
                "last": clock.to_text(max(one.closes_at for one in past)),
            },
        )
        left = list(past)
        for row in rows:
            at = clock.from_text(row["occurred_at"])
            inside = [one for one in left if one.opens_at <= at <= one.closes_at]
            if inside:
                nearest = min(inside, key=lambda one: abs(one.due_at - at))
                left.remove(nearest)
                key = f"{self.schedule['id']}/{nearest.day.isoformat()}/{nearest.slot}"
                yield f"answer:{key}", _Answer(row["root_id"], row["occurred_at"])

    def _days(self, past: Sequence[Occurrence]) -> Iterator[tuple[str, _Answer]]:
        rows = self.db.query(
            "select h.root_id, h.occurred_at, e.data from entry_heads h join entries e on e.id = h.entry_id"
            " where h.participant_id = :p and h.kind = 'day_complete' and h.state <> 'withdrawn'"
            " and h.occurred_at >= :first",
            {"p": self.participant["id"], "first": clock.to_text(past[0].due_at - 2 * DAY)},
        )
        by_day = {json.loads(row["data"])["day"]: row for row in rows}
        for one in past:
            row = by_day.get(one.day.isoformat())
            if row:
                key = f"{self.schedule['id']}/{one.day.isoformat()}/{one.slot}"
                yield f"answer:{key}", _Answer(row["root_id"], row["occurred_at"])


def hold_of(schedule: Row, day: str, slot: str) -> Row | None:
    """The schedule's hold, where it is this day's first slot that waits for the blood draw."""
    hold: Row | None = schedule["hold"]
    waits = hold is not None and hold["day"] == day and slot == min(schedule["times"])
    return hold if waits else None


def waiting(row: Row, hold: Row, window_after_min: int) -> Row:
    """What a slot that waits for the draw has instead: it stays open until the draw, or long after it."""
    latest = datetime.fromisoformat(hold["latest_at"])
    closes_at = clock.to_text(latest + timedelta(minutes=window_after_min))
    return {
        "hold": "waiting",
        "closes_at": max(row["closes_at"], closes_at),
        "next_at": min(row["next_at"], clock.to_text(latest)),
    }


def waits_again(db: Database, reminder: Row) -> Row | None:
    """When a slot is due that waits for its draw once more; None where its schedule has no such slot."""
    [row] = db.query("select * from schedules where id = :id", {"id": reminder["schedule_id"]})
    schedule = {**row, "times": json.loads(row["times"]), "hold": json.loads(row["hold"] or "null")}
    day = date.fromisoformat(reminder["local_day"])
    held = hold_of(schedule, reminder["local_day"], reminder["slot"])
    found = occurrences(of_row(schedule), schedule["zone"], day, day)
    at = next((one for one in found if one.slot == reminder["slot"]), None)
    if held is None or at is None:
        return None
    new: Row = {name: clock.to_text(getattr(at, name)) for name in ("due_at", "opens_at", "closes_at")}
    return new | waiting({**new, "next_at": new["due_at"]}, held, schedule["window_after_min"])


def drawn_at(at: datetime, now: datetime, window_after_min: int) -> Row:
    """What the draw makes of a slot: due at the draw, its window from the draw on."""
    at = min(at, now)
    due = clock.to_text(at)
    return {
        "hold": "drawn", "due_at": due, "opens_at": due, "next_at": clock.to_text(now),
        "closes_at": clock.to_text(at + timedelta(minutes=window_after_min)),
    }  # fmt: skip


def cancel(db: Database, where: str, params: Mapping[str, object], why: str, now: datetime) -> list[str]:
    """Cancel what is planned or due and fits `where`, so that nothing of it rings again; answers the ids.

    A window that is over already was missed: nothing takes that back.
    """
    rows = db.query(
        "update reminders set state = 'cancelled', ended_at = :now, next_at = null, why = :why"
        f" where {where} and state in ('planned', 'due') and closes_at >= :now returning id",
        {**params, "now": clock.to_text(now), "why": why},
    )
    ids = [row["id"] for row in rows]
    deliveries.settle(db, ids, "cancelled", now)
    return ids


def reopen(db: Database, where: str, params: Mapping[str, object], why: str, now: datetime) -> None:
    """Plan again what was cancelled for `why`, fits `where` and is still to come."""
    db.execute(
        "update reminders set state = 'planned', ended_at = null, why = null, next_at = due_at"
        f" where {where} and state = 'cancelled' and why = :why and due_at >= :now",
        {**params, "now": clock.to_text(now), "why": why},
    )


def end(db: Database, schedule: Row, now: datetime) -> None:
    """A schedule ended: nothing of it is due after its last day, or any more where that is today."""
    today = now.astimezone(ZoneInfo(schedule["zone"])).date().isoformat()
    from_at = schedule["ended_at"] if schedule["to_day"] <= today else FINISHED
    cancel(
        db,
        "schedule_id = :id and (local_day > :last or due_at >= :at or (state = 'due' and :at <= :now))",
        {"id": schedule["id"], "last": schedule["to_day"], "at": from_at}, "schedule_ended", now,
    )  # fmt: skip


def follow_participant(db: Database, participant: Row, now: datetime, study: Study) -> None:
    """What is known of the participant changed: measuring and the diary stop or go on, contraception too.

    Dose reminders go on through everything (STUDY.md 6). In the participant's transaction.
    """
    in_study = {"p": participant["id"]}
    where = "participant_id = :p and kind in ('reading', 'diary')"
    if participant["state"] in STOPPED_STATES:
        cancel(db, where, in_study, "study_state", now)
    else:
        reopen(db, where, in_study, "study_state", now)
    follow_contraception(db, participant, now, study)


def follow_contraception(db: Database, participant: Row, now: datetime, study: Study) -> None:
    """Where its end moved: cancel what is planned after it, plan again what is needed after all."""
    end_day = contraception.ending(db, participant, now, study).day
    kind = "participant_id = :p and kind = 'contraception'"
    params = {"p": participant["id"], "day": end_day.isoformat() if end_day else FINISHED}
    if not contraception.is_asked(study, now, participant):
        cancel(db, kind, {"p": participant["id"]}, "not_asked", now)
        return
    reopen(db, kind, {"p": participant["id"]}, "not_asked", now)
    cancel(db, f"{kind} and local_day > :day", params, "contraception_ended", now)
    reopen(db, f"{kind} and local_day <= :day", params, "contraception_ended", now)
