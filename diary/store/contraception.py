"""Contraception of one participant: which agents were given, until when it is needed, what to look at."""

import json
from collections.abc import Iterator
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
from diary.rules.schedules import occurrences, of_row
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
    found: dict[str, Agent] = {}
    for agent in (*_prescribed(db, participant, now, study), *_administered(db, participant, study)):
        known = found.get(agent.name)
        days = [one.last_dose_day for one in (known, agent) if one and one.last_dose_day]
        runs = agent.runs or bool(known and known.runs)
        found[agent.name] = Agent(agent.name, runs, max(days, default=None))
    return tuple(found[name] for name in sorted(found))


def _prescribed(db: Database, participant: Row, now: datetime, study: Study) -> Iterator[Agent]:
    rows = db.query(
        "select * from schedules where participant_id = :p and kind = 'dose'", {"p": participant["id"]}
    )
    for row in rows:
        name = agent_name(row["drug"], study.medicines.immunosuppressants)
        if name is None:
            continue
        if _runs(row, participants.today(participant, now), now):
            yield Agent(name, runs=True, last_dose_day=None)
        elif _was_ever_due(row):
            yield Agent(name, runs=False, last_dose_day=_last_taken_day(db, row))


def agent_name(drug: str | None, known: tuple[str, ...]) -> str | None:
    """The agent that a drug's name contains, as the settings call it."""
    folded = (drug or "").casefold()
    return next((name for name in known if name.casefold() in folded), None)


def _runs(schedule: Row, today: date, now: datetime) -> bool:
    """Prescribed today or from a later day on; what was ended today is over."""
    last, ended_at = schedule["to_day"], schedule["ended_at"]
    if last is None or last > today.isoformat():
        return True
    return bool(last == today.isoformat() and (ended_at is None or ended_at > clock.to_text(now)))


def _was_ever_due(schedule: Row) -> bool:
    """A schedule set by mistake and ended before anything was due gave nobody a dose."""
    read = of_row({**schedule, "times": json.loads(schedule["times"])})
    last = read.to_day or read.from_day
    return bool(occurrences(read, schedule["zone"], max(read.from_day, read.created_at.date()), last))


def _last_taken_day(db: Database, schedule: Row) -> date | None:
    rows = db.query(
        "select e.data, h.local_day from entry_heads h join entries e on e.id = h.entry_id"
        " where h.participant_id = :p and h.kind = 'dose' and h.state <> 'withdrawn'"
        " and h.slot_key like :slots order by h.local_day desc",
        {"p": schedule["participant_id"], "slots": f"{schedule['id']}/%"},
    )
    for row in rows:
        if json.loads(row["data"]).get("status") == "taken":
            return date.fromisoformat(row["local_day"])
    return None


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
        name = agent_name(data["agent"], known) or data["agent"].strip().casefold()
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
