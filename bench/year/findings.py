"""What must be true of the simulated year when it is over; every breach becomes one sentence."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bench.year import oracle
from bench.year.service import Services
from bench.year.workers import Ran
from bench.year.world import STUDY, World
from diary import clock
from diary.db import Database, Row

ENDED: Final = ("answered", "missed", "cancelled")
DELIVERIES_END: Final = (*ENDED, "failed")
RUNGS: Final = ("push", "message", "sms", "call")
# A medicine taken in time may be told of late; what a pause took back is planned again when it ends.
MAY_CHANGE: Final = {("reminders", "missed", "answered"), ("reminders", "cancelled", "planned")}
SHOWN: Final = 20
OPEN: Final = clock.to_text(clock.LAST)


@dataclass(eq=False)
class Findings:
    """Breaches by invariant (the first SHOWN of each in words), and what was counted on the way."""

    counts: Counter[str] = field(default_factory=Counter)
    breaches: Counter[str] = field(default_factory=Counter)
    sentences: list[str] = field(default_factory=list)

    def add(self, what: str, sentence: str) -> None:
        self.breaches[what] += 1
        if self.breaches[what] <= SHOWN:
            self.sentences.append(f"{what}: {sentence}")


def look(db: Database, world: World, services: Services, ran: Ran, until: datetime) -> Findings:
    """Everything that is wrong; `until` is when the last schedules were ended."""
    found = Findings()
    for participant_id in world.by_participant:
        rows = list(
            db.query(
                "select * from reminders where participant_id = :p order by due_at", {"p": participant_id}
            )
        )
        _of_participant(world, participant_id, rows, ran, until, found)
        _fallbacks(db, world, participant_id, ran, found)
    _deliveries(db, found)
    for row in db.query("select what, was, became, id from broken_ends"):
        if (row["what"], row["was"], row["became"]) not in MAY_CHANGE:
            found.add(
                "an end that did not last", f"{row['what']} {row['id']}: {row['was']} -> {row['became']}"
            )
        else:
            found.counts[f"{row['was']}, later {row['became']}"] += 1
    for sentence in services.faults:
        found.add("a repeat that looks new", sentence)
    return found


def _of_participant(
    world: World, participant_id: str, rows: list[Row], ran: Ran, until: datetime, found: Findings
) -> None:
    by_schedule: dict[str | None, dict[tuple[str, str], Row]] = {}
    for row in rows:
        by_schedule.setdefault(row["schedule_id"], {})[row["local_day"], row["slot"]] = row
        found.counts[f"reminders {row['state']}"] += 1
        _final(row, found)
        _told(row, ran, found)
    last_day = (until + timedelta(days=2)).date()
    for schedule in world.prescribed:
        if schedule["participant_id"] != participant_id:
            continue
        there = by_schedule.get(schedule["id"], {})
        wanted = {(one.day, one.slot): one for one in oracle.due(schedule, last_day)}
        found.counts["due by the oracle"] += len(wanted)
        for key, one in wanted.items():
            _as_due(world, schedule, one, there.get(key), ran, found)
        for key in there.keys() - wanted.keys():
            if not _was_taken_back(there[key], schedule, ran):
                found.add("never due", f"{schedule['kind']} {key} is {there[key]['state']}")


def _was_taken_back(row: Row, schedule: Row, ran: Ran) -> bool:
    """Planned before the schedule ended: cancelled by that, unless it was answered ahead of its time, or
    had fallen due already by a clock that was put back, or in the same instant.
    """
    if schedule["ended_at"] is None:
        return False
    early = row["state"] == "answered" and row["ended_at"] <= schedule["ended_at"]
    ended_at = clock.from_text(schedule["ended_at"])
    at_once = row["fired_at"] and (row["due_at"] == schedule["ended_at"] or ran.is_blurred(ended_at))
    return bool(early or at_once or (row["state"], row["why"]) == ("cancelled", "schedule_ended"))


def _as_due(world: World, schedule: Row, one: oracle.Due, row: Row | None, ran: Ran, found: Findings) -> None:
    """One thing that was due: it has its row, at its time, and only a pause took it back."""
    name = f"{schedule['kind']} {one.day} {one.slot} in {schedule['zone']}"
    if row is None:
        found.add("lost", f"{name} was due at {one.at} and has no row")
        return
    if row["due_at"] != clock.to_text(one.at):
        found.add("due at another time", f"{name}: {row['due_at']} instead of {one.at}")
    pause = world.pauses.get(schedule["participant_id"])
    stopped = schedule["kind"] in ("reading", "diary") and pause is not None
    if row["state"] == "cancelled":
        # What came due while no worker ran was not yet told when the pause began.
        begun = ran.last_before("remind", pause[0]) if pause else None
        paused = stopped and pause and (begun or pause[0]) <= one.at < pause[1]
        if not (paused or _was_open(row, schedule, pause[0] if stopped and pause else None)):
            found.add("taken back", f"{name} is cancelled ({row['why']})")
    elif stopped and pause and row["state"] == "missed" and pause[0] < one.at < pause[1]:
        if ran.is_blurred(one.at):
            return
        found.add("asked in a pause", f"{name} is {row['state']}")


def _was_open(row: Row, schedule: Row, paused_at: datetime | None) -> bool:
    """Whether it was due and still open when its schedule ended or the pause began: then it stops."""
    ends = [schedule["ended_at"], clock.to_text(paused_at) if paused_at else None]
    return any(end is not None and row["due_at"] <= end <= row["closes_at"] for end in ends)


def _final(row: Row, found: Findings) -> None:
    if row["state"] not in ENDED or row["ended_at"] is None or row["next_at"] is not None:
        found.add("without an end", f"reminder {row['id']} due at {row['due_at']} is {row['state']}")


def _told(row: Row, ran: Ran, found: Findings) -> None:
    """Nobody was left in silence while a worker ran, nobody was told more often than the study says."""
    if row["told"] > STUDY.reminders.repeats + 1:
        found.add("told too often", f"reminder {row['id']}: {row['told']} times")
    if row["told"] or row["state"] == "cancelled" or row["ended_at"] is None:
        return
    due_at, ended_at = clock.from_text(row["due_at"]), clock.from_text(row["ended_at"])
    over_at = min(ended_at, clock.from_text(row["closes_at"]))
    at = ran.between("remind", due_at, over_at)
    if at and not (ran.is_blurred(over_at) or ran.is_blurred(due_at)):
        found.add("silent", f"reminder {row['id']} due at {due_at}: a worker ran at {at} and told nobody")
    found.counts["ended before anybody was told: answered early, or no worker in its window"] += 1


def _deliveries(db: Database, found: Findings) -> None:
    for row in db.query("select channel, state, count(*) as n from deliveries group by channel, state"):
        found.counts[f"{row['channel']} {row['state']}"] += row["n"]
    ends = ", ".join(f"'{state}'" for state in DELIVERIES_END)
    for row in db.query(
        f"select id, about, channel, state, due_at from deliveries where state not in ({ends})"
        " or ended_at is null or next_at is not null or lease_until is not null"
    ):
        name = f"delivery {row['id']} ({row['about']}, {row['channel']})"
        found.add("without an end", f"{name} due at {row['due_at']} is {row['state']}")
    for row in db.query(
        "select id, told, rounds from (select r.id, r.told, (select count(*) from (select distinct"
        " l.group_id, d.round from delivery_reminders l join deliveries d on d.group_id = l.group_id"
        " where l.reminder_id = r.id) x) as rounds from reminders r where r.told > 0) y where rounds < told"
    ):
        found.add(
            "silent", f"reminder {row['id']} counts as told {row['told']} times, planned were {row['rounds']}"
        )
    for row in db.query(
        "select d.id, d.handed_over_at from deliveries d where d.about in ('reminder', 'recheck')"
        " and d.handed_over_at is not null and not exists (select 1 from delivery_reminders l"
        " join reminders r on r.id = l.reminder_id where l.group_id = d.group_id"
        " and (r.ended_at is null or r.ended_at >= d.handed_over_at))"
    ):
        found.add("told after its end", f"delivery {row['id']} at {row['handed_over_at']}")


def _fallbacks(db: Database, world: World, participant_id: str, ran: Ran, found: Findings) -> None:
    """Wherever no receipt came in time while it was still open, the next way was tried."""
    ends = {
        row["group_id"]: row["ended_at"]
        for row in db.query(
            # What a phone without a network answered in time arrives when it had long been given up.
            "select l.group_id, max(case when r.ended_at > r.closes_at then r.closes_at"
            f" else coalesce(r.ended_at, '{OPEN}') end) as ended_at from reminders r"
            " join delivery_reminders l on l.reminder_id = r.id where r.participant_id = :p"
            " group by l.group_id",
            {"p": participant_id},
        )
    }
    zone = world.by_participant[participant_id]["zone"]
    rows = db.query(
        "select group_id, round, about, kind, channel, state, due_at, planned_at, received_at, ended_at,"
        " expires_at from deliveries where participant_id = :p and about in ('reminder', 'recheck')"
        " order by group_id, round",
        {"p": participant_id},
    )
    for (group_id, round_), rungs in itertools.groupby(rows, lambda row: (row["group_id"], row["round"])):
        at = _left_alone(list(rungs), ends.get(group_id, OPEN), zone, ran, found)
        if at:
            found.add("no fallback", f"{group_id} round {round_}: nothing more was tried at {at}")


def _left_alone(rows: list[Row], group_end: str, zone: str, ran: Ran, found: Findings) -> datetime | None:
    """When the next way should have been tried and was not."""
    found.counts["told: one notice, one round"] += 1
    highest = max(rows, key=lambda row: RUNGS.index(row["channel"]))["channel"]
    received = [row["received_at"] for row in rows if row["received_at"]]
    found.counts["of these received"] += bool(received)
    found.counts["of these carried on by another way"] += len({row["channel"] for row in rows}) > 1
    found.counts["of these on the call list in the end"] += highest == "call"
    if highest == "call":
        return None
    on_top = [row for row in rows if row["channel"] == highest]
    patience = max(_patience_over(row) for row in on_top)
    over = clock.from_text(min([group_end, rows[0]["expires_at"], *received]))
    if ran.is_blurred(over) or ran.is_blurred(patience):
        return None
    at = ran.between("fall_back", patience, over)
    if at is None or rows[0]["about"] == "recheck":
        return at
    morning = _morning(at, zone)
    if morning is None or clock.to_text(morning) >= rows[0]["expires_at"]:
        return at
    return ran.between("fall_back", morning, over)


def _patience_over(row: Row) -> datetime:
    """Until when a sign of this address was to be waited for."""
    if row["state"] == "failed":
        return clock.from_text(row["ended_at"])
    wait = int(getattr(STUDY.reminders.receipt_within_min, row["kind"]))
    return clock.from_text(max(row["planned_at"], row["due_at"])) + timedelta(minutes=wait)


def _morning(at: datetime, zone: str) -> datetime | None:
    """The end of the night that `at` is in, walked to minute by minute; None by day."""
    start, end = STUDY.reminders.quiet_from, STUDY.reminders.quiet_to

    def is_night(moment: datetime) -> bool:
        wall = moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")
        return wall >= start or wall < end

    minutes: Iterator[datetime] = (at + timedelta(minutes=n) for n in range(24 * 60))
    return None if not is_night(at) else next(minute for minute in minutes if not is_night(minute))
