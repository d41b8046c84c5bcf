"""Contraception: until when it is needed, and when two methods are better (STUDY.md 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

NoEnd = Literal["in_trial", "agent_running", "last_dose_unknown"]
# Labels of mycophenolate: hormonal methods may be weaker beside it, two methods are preferred.
WEAKENS_HORMONES: Final = "mycophenolate"


@dataclass(frozen=True)
class Agent:
    """A medicine of the trial: whether it is still prescribed, and the local day of its last dose."""

    name: str
    runs: bool
    last_dose_day: date | None


@dataclass(frozen=True)
class Ending:
    """The last day on which contraception is needed, that day included; without one, why there is none."""

    day: date | None
    why: NoEnd | None = None


def ending(trial_end_day: date | None, agents: Sequence[Agent], washout_days: Callable[[str], int]) -> Ending:
    """The latest of the participant's own trial end and, for each agent, last dose + its days.

    No end while the trial or any agent runs, or an agent's last dose is unknown. A restart is an agent that
    runs again, so it opens what had ended.
    """
    if any(agent.runs for agent in agents):
        return Ending(None, "agent_running")
    if trial_end_day is None:
        return Ending(None, "in_trial")
    days = [trial_end_day]
    for agent in agents:
        if agent.last_dose_day is None:
            return Ending(None, "last_dose_unknown")
        days.append(agent.last_dose_day + timedelta(days=washout_days(agent.name)))
    return Ending(max(days))


def is_needed(end: Ending, day: date) -> bool:
    return end.day is None or day <= end.day


def needs_second_method(methods: Sequence[str], agents: Sequence[Agent]) -> bool:
    """Whether hormonal contraception alone stands beside mycophenolate: a task for the investigator."""
    alone = set(methods) == {"hormonal"}
    return alone and any(agent.runs and agent.name == WEAKENS_HORMONES for agent in agents)
