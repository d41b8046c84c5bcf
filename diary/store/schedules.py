"""What is prescribed: doses, readings, contraception, the diary. Never changed: ended, and started anew."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, one
from diary.errors import ConflictError, DiaryError, ForbiddenError, NotFoundError
from diary.rules import roles
from diary.rules.schedules import DAY, has_a_day, instant_of
from diary.store import adherence, audit, contraception, feed, participants, plans
from diary.store.actors import Actor
from diary.study import Study

AFTER_STUDY = ("withdrawn", "completed")
# Longer than any study; a rule is counted from its first day on.
LONG_AGO: Final = timedelta(days=20 * 366)


@dataclass(frozen=True)
class Hold:
    """Wait for the blood draw: on `day`, at the latest until `latest_at` (RFC 3339, as the site set it)."""

    day: date
    latest_at: str
    reason: str


@dataclass(frozen=True)
class NewSchedule:
    """Wall-clock `times` (HH:MM) in `zone`, from `from_day` to `to_day` inclusive (None: until ended)."""

    kind: Literal["dose", "reading", "contraception", "diary"]
    title: str
    times: Sequence[str]
    zone: str
    from_day: date
    to_day: date | None
    window_before_min: int
    window_after_min: int
    rrule: str | None = None
    drug: str | None = None
    amount: str | None = None
    hold: Hold | None = None
    replaces: str | None = None


def add(db: Database, actor: Actor, study: Study, now: datetime, participant: Row, new: NewSchedule) -> Row:
    """Start a schedule; with `replaces` the one it follows goes on until then, or ends at once.

    DiaryError `fields`, ConflictError `schedule_ended`, NotFoundError for another participant's schedule.
    """
    faults = _faults(study, now, participant, new)
    if faults:
        raise DiaryError("fields", 422, faults)
    row: Row = asdict(new)
    row |= {
        "id": str(uuid4()), "participant_id": participant["id"], "times": audit.canonical(sorted(new.times)),
        "from_day": new.from_day.isoformat(), "to_day": new.to_day.isoformat() if new.to_day else None,
        "hold": _hold_text(new.hold), "created_by": actor.id, "created_at": clock.to_text(now),
    }  # fmt: skip
    with db.atomic():
        participants.lock(db, participant["id"])
        if new.replaces:
            _replace(db, actor, now, participant, new, row["id"])
        db.execute(
            f"insert into schedules ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
        )
        stream = audit.participant_stream(participant["id"])
        audit.created(db, stream, actor, now, "schedule", row["id"], row)
        plans.begin(db, row, now)
        if new.kind == "dose":
            _agents_changed(db, participant, now, study)
        adherence.judge_anew(db, participant, new.from_day, None, now)
        _tell(db, row)
    return get(db, participant["id"], row["id"])


def _replace(
    db: Database, actor: Actor, now: datetime, participant: Row, new: NewSchedule, new_id: str
) -> None:
    """End what `new` follows, on the day before its first: nobody is left without until then."""
    replaced = get(db, participant["id"], new.replaces or "")
    today, last = participants.today(participant, now), new.from_day - DAY
    # Where its last day is today, what is still to come of today counts.
    over_at = instant_of(new.from_day, "00:00", replaced["zone"]) if last == today else now
    _end(db, actor, now, participant, replaced, max(last, today), f"replaced by {new_id}", over_at=over_at)


def _agents_changed(db: Database, participant: Row, now: datetime, study: Study) -> None:
    """What runs decides how long contraception is needed, and by which methods."""
    plans.follow_contraception(db, participant, now, study)
    contraception.look_again(db, participant, now, study)


def _hold_text(hold: Hold | None) -> str | None:
    return audit.canonical({**asdict(hold), "day": hold.day.isoformat()}) if hold else None


def _faults(study: Study, now: datetime, participant: Row, new: NewSchedule) -> dict[str, str]:
    faults: dict[str, str] = {}
    if len(set(new.times)) < len(new.times):
        faults["times"] = "times_twice"
    if new.to_day and new.to_day < new.from_day:
        faults["to_day"] = "day_order"
    if new.from_day < participants.today(participant, now) - LONG_AGO:
        faults["from_day"] = "day_long_ago"
    elif new.rrule and "to_day" not in faults and not has_a_day(new.rrule, new.from_day, new.to_day):
        faults["rrule"] = "rrule_without_day"
    if new.kind == "dose" and not new.drug:
        faults["drug"] = "field_required"
    if new.hold and new.kind != "dose":
        faults["hold"] = "hold_for_doses"
    if new.hold and (new.hold.day < new.from_day or (new.to_day and new.hold.day > new.to_day)):
        faults["hold.day"] = "day_outside_schedule"
    elif new.hold and new.kind == "dose" and not _can_wait(new, new.hold, now):
        faults["hold.latest_at"] = "hold_latest"
    if new.kind == "contraception" and not contraception.is_asked(study, now, participant):
        faults["kind"] = "contraception_not_asked"
    return faults


def _can_wait(new: NewSchedule, hold: Hold, now: datetime) -> bool:
    """A hold ends in time: after now, on its day, not before the dose that waits."""
    latest_at = datetime.fromisoformat(hold.latest_at)
    try:
        local = latest_at.astimezone(ZoneInfo(new.zone))
    except OverflowError:
        return False
    return latest_at > now and local.date() == hold.day and f"{local:%H:%M}" >= min(new.times)


def get(db: Database, participant_id: str, schedule_id: str) -> Row:
    row = one(
        db,
        "select * from schedules where id = :id and participant_id = :p",
        {"id": schedule_id, "p": participant_id},
    )
    if row is None:
        raise NotFoundError
    return _read(row)


def list_for(db: Database, participant_id: str, *, hide_contraception: bool) -> list[Row]:
    """Present and former schedules, oldest first."""
    rows = db.query(
        "select * from schedules where participant_id = :p order by from_day, created_at, id",
        {"p": participant_id},
    )
    return [_read(row) for row in rows if not (hide_contraception and row["kind"] == "contraception")]


def list_by_ids(db: Database, participant_id: str, schedule_ids: Sequence[str]) -> list[Row]:
    wanted = set(schedule_ids)
    if not wanted:
        return []
    return [row for row in list_for(db, participant_id, hide_contraception=False) if row["id"] in wanted]


def end(
    db: Database, actor: Actor, study: Study, now: datetime, participant: Row, schedule_id: str, *,
    to_day: date | None, reason: str,
) -> Row:  # fmt: skip
    """End a schedule on a local day (today unless given): nothing of it is due after that.

    DiaryError `fields`, ConflictError `schedule_ended`, NotFoundError. After withdrawal or completion
    the graft still needs its medicines: then the investigator ends each (STUDY.md 6), ForbiddenError.
    """
    after_study = participant["state"] in AFTER_STUDY
    if after_study and not roles.is_allowed(_role(actor), "end_schedule_after_study"):
        raise ForbiddenError("investigator_ends")
    with db.atomic():
        participants.lock(db, participant["id"])
        schedule = get(db, participant["id"], schedule_id)
        if to_day and to_day.isoformat() < schedule["from_day"]:
            raise DiaryError("fields", 422, {"to_day": "day_order"})
        _end(db, actor, now, participant, schedule, to_day, reason)
        if schedule["kind"] == "dose":
            _agents_changed(db, participant, now, study)
    return get(db, participant["id"], schedule_id)


def _role(actor: Actor) -> roles.Role:
    if actor.role == "system":
        raise ValueError("a person ends a schedule")
    return actor.role


def _end(
    db: Database,
    actor: Actor,
    now: datetime,
    participant: Row,
    schedule: Row,
    to_day: date | None,
    reason: str,
    *,
    over_at: datetime | None = None,
) -> None:
    if schedule["ended_at"] is not None:
        raise ConflictError("schedule_ended")
    last = (to_day or participants.today(participant, now)).isoformat()
    if schedule["to_day"]:
        last = min(last, schedule["to_day"])
    changed = {
        "to_day": last, "ended_by": actor.id, "ended_at": clock.to_text(over_at or now),
        "end_reason": reason,
    }  # fmt: skip
    db.execute(
        "update schedules set to_day = :to_day, ended_by = :ended_by, ended_at = :ended_at,"
        " end_reason = :end_reason where id = :id",
        {**changed, "id": schedule["id"]},
    )
    stream = audit.participant_stream(participant["id"])
    changes = [(name, schedule[name], value) for name, value in changed.items()]
    audit.changed(db, stream, actor, now, "schedule", schedule["id"], changes, reason=reason)
    plans.end(db, {**schedule, **changed}, now)
    first = date.fromisoformat(min(last, schedule["to_day"] or last))
    adherence.judge_anew(db, participant, first, None, now)
    _tell(db, schedule)


def _tell(db: Database, schedule: Row) -> None:
    """Phones hear of it; a guardian's never of contraception."""
    feed.record(
        db, schedule["participant_id"], "schedule", schedule["id"], hidden=schedule["kind"] == "contraception"
    )


def _read(row: Row) -> Row:
    hold: Any = json.loads(row["hold"]) if row["hold"] else None
    return {**row, "times": json.loads(row["times"]), "hold": hold}
