"""Contraception of one participant: which agents were given, until when it is needed, what to look at."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from diary import clock
from diary.db import Database, Row, one
from diary.rules import contraception as rules
from diary.rules.alerts import Opening
from diary.rules.contraception import Agent, Ending
from diary.rules.participation import may_ask_contraception
from diary.rules.reminders import STOPPED_STATES
from diary.rules.schedules import DAY, Occurrence, occurrences, of_row
from diary.store import alerts, participants
from diary.study import Study

REVIEW: Final = "contraception_review"
_AFTER_STUDY = STOPPED_STATES - {"paused"}


@dataclass(frozen=True)
class Standing:
    """What is known today: whether it applies, its end, the agents, the methods last attested."""

    applies: bool | None
    end: Ending
    agents: tuple[Agent, ...]
    methods: tuple[str, ...]
    needs_second_method: bool


def standing(db: Database, participant: Row, now: datetime, study: Study) -> Standing:
    agents = agents_of(db, participant, now, study)
    methods = _methods(db, participant["id"])
    return Standing(
        applies=None if participant["fertile"] is None else bool(participant["fertile"]),
        end=ending(db, participant, now, study, agents=agents),
        agents=agents,
        methods=methods,
        needs_second_method=rules.needs_second_method(methods, agents),
    )


def is_asked(study: Study, now: datetime, participant: Row) -> bool:
    """Whether the participant's own app may ask about contraception today (STUDY.md 7)."""
    fertile = participant["fertile"]
    return may_ask_contraception(
        date.fromisoformat(participant["birth_day"]), participants.today(participant, now),
        fertile=None if fertile is None else bool(fertile),
        min_age=study.accounts.contraception_min_age, adult_age=study.accounts.adult_age,
        minors_approved=bool(participant["minor_contraception_approved"]),
    )  # fmt: skip


def ending(
    db: Database, participant: Row, now: datetime, study: Study, *, agents: tuple[Agent, ...] | None = None
) -> Ending:
    """Until when contraception is needed, as far as is known now."""
    found = agents_of(db, participant, now, study) if agents is None else agents
    return rules.ending(_trial_end_day(db, participant), found, study.contraception.washout_days_of)


def agents_of(db: Database, participant: Row, now: datetime, study: Study) -> tuple[Agent, ...]:
    """Every agent ever prescribed or given, each once, in order of name."""
    given: dict[str, Agent] = {}
    for agent in _administered(db, participant, study):
        known = given.get(agent.name)
        given[agent.name] = max(known or agent, agent, key=lambda one: one.last_dose_day or date.min)
    found = given | {agent.name: agent for agent in _prescribed(db, participant, given, now, study)}
    return tuple(found[name] for name in sorted(found))


def _prescribed(
    db: Database, participant: Row, given: Mapping[str, Agent], now: datetime, study: Study
) -> Iterator[Agent]:
    """Each agent of the schedules once; `given` says what staff gave, which counts as a dose too."""
    rows = db.query(
        "select * from schedules where participant_id = :p and kind = 'dose'", {"p": participant["id"]}
    )
    today = participants.today(participant, now)
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        name = agent_name(row["drug"], study)
        if name is not None:
            by_name.setdefault(name, []).append(row)
    for name, schedules in by_name.items():
        given_day = given[name].last_dose_day if name in given else None
        if any(_runs(row, today, now) for row in schedules):
            yield Agent(name, runs=True, last_dose_day=given_day)
        else:
            yield from _over(db, name, schedules, given_day)


def agent_name(drug: str | None, study: Study) -> str | None:
    """The immunosuppressant that a drug's name means, as the settings call it."""
    return study.medicines.agent_of(drug, study.medicines.immunosuppressants)


def _runs(schedule: Row, today: date, now: datetime) -> bool:
    """Prescribed today or from a later day on; what was ended today is over."""
    last, ended_at = schedule["to_day"], schedule["ended_at"]
    if last is None or last > today.isoformat():
        return True
    return bool(last == today.isoformat() and (ended_at is None or ended_at > clock.to_text(now)))


def _over(db: Database, name: str, schedules: Sequence[Row], given_day: date | None) -> Iterator[Agent]:
    """An agent that ended; a slot that nobody answered after its last known dose may have been one as well.

    A schedule set by mistake and ended before anything was due gave nobody a dose.
    """
    due = {row["id"]: _due(row) for row in schedules}
    if not any(due.values()):
        return
    answers = {row["id"]: _answers(db, row) for row in schedules}
    taken = [day for found in answers.values() for day, status in found.values() if status == "taken"]
    last_day = max([*taken, *([given_day] if given_day else [])], default=None)
    is_known = last_day is not None and not any(
        one.day > last_day and f"{schedule_id}/{one.day.isoformat()}/{one.slot}" not in answers[schedule_id]
        for schedule_id, slots in due.items()
        for one in slots
    )
    yield Agent(name, runs=False, last_dose_day=last_day if is_known else None)


def _due(schedule: Row) -> list[Occurrence]:
    """All that was ever due of a schedule that ended."""
    read = of_row({**schedule, "times": json.loads(schedule["times"])})
    last = read.to_day or read.from_day
    return occurrences(read, schedule["zone"], max(read.from_day, read.created_at.date() - DAY), last)


def _answers(db: Database, schedule: Row) -> dict[str, tuple[date, str | None]]:
    """By slot: the local day of the answer, and whether the dose was taken or skipped."""
    rows = db.query(
        "select e.data, h.local_day, h.slot_key from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'dose' and h.state <> 'withdrawn'"
        " and h.slot_key like :slots",
        {"p": schedule["participant_id"], "slots": f"{schedule['id']}/%"},
    )
    return {
        row["slot_key"]: (date.fromisoformat(row["local_day"]), json.loads(row["data"]).get("status"))
        for row in rows
    }


def _administered(db: Database, participant: Row, study: Study) -> Iterator[Agent]:
    known = (*study.contraception.washout_days_by_agent, *study.medicines.immunosuppressants)
    rows = db.query(
        "select e.data, h.local_day from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'administered_dose' and h.state <> 'withdrawn'",
        {"p": participant["id"]},
    )
    for row in rows:
        data = json.loads(row["data"])
        given = data.get("given_at")
        day = datetime.fromisoformat(given).date().isoformat() if given else row["local_day"]
        name = study.medicines.agent_of(data["agent"], known) or data["agent"].strip().casefold()
        yield Agent(name, runs=False, last_dose_day=date.fromisoformat(day))


def _trial_end_day(db: Database, participant: Row) -> date | None:
    """The day on which the participant left the trial or finished it; None while still in it."""
    if participant["state"] not in _AFTER_STUDY:
        return None
    step = one(
        db,
        "select at from audit where object_id = :p and object = 'participant' and field = 'state'"
        " and new in ('withdrawn', 'completed') order by seq desc limit 1",
        {"p": participant["id"]},
    )
    at = clock.from_text(step["at"] if step else participant["created_at"])
    return at.astimezone(ZoneInfo(participant["zone"])).date()


def _methods(db: Database, participant_id: str) -> tuple[str, ...]:
    """The methods of the newest attestation that names any."""
    rows = db.query(
        "select e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'contraception' and h.state <> 'withdrawn'"
        " order by h.occurred_at desc, h.root_id desc limit 50",
        {"p": participant_id},
    )
    for row in rows:
        methods = json.loads(row["data"]).get("method")
        if methods:
            return tuple(sorted(methods))
    return ()


def look_again(
    db: Database, participant: Row, now: datetime, study: Study, *, entry: tuple[str, str] | None = None
) -> None:
    """Open the investigator's task when hormones alone stand beside mycophenolate, once while that lasts.

    `entry` is (version id, root id) of what brought it about. In the participant's transaction.
    """
    if not rules.needs_second_method(
        _methods(db, participant["id"]), agents_of(db, participant, now, study)
    ) or _is_dealt_with(db, participant["id"]):
        return
    alerts.raise_for(db, participant, Opening("desk", REVIEW), [entry] if entry else [], now)


def _is_dealt_with(db: Database, participant_id: str) -> bool:
    """Whether a task stands open, or was resolved after methods were last other than they are now."""
    task = one(
        db,
        "select state, opened_at from alerts where participant_id = :p and kind = :kind"
        " order by opened_at desc limit 1",
        {"p": participant_id, "kind": REVIEW},
    )
    if task is None or task["state"] != "resolved":
        return task is not None
    rows = db.query(
        "select e.data from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'contraception' and h.state <> 'withdrawn'"
        " and e.received_at >= :since",
        {"p": participant_id, "since": task["opened_at"]},
    )
    methods = [json.loads(row["data"]).get("method") for row in rows]
    return all(not method or set(method) == {"hormonal"} for method in methods)
