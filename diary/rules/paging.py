"""Whom a page goes to, and when it goes on along the roster (STUDY.md 4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal


@dataclass(frozen=True)
class Staff:
    """A coordinator or investigator of the alert's site, on call today or not."""

    account_id: str
    role: Literal["coordinator", "investigator"]
    on_call: bool


def round_of(started_at: datetime, now: datetime, repeat_min: int) -> int:
    """How many times the page was due to be repeated since it started: 0 is the first."""
    return max(0, (now - started_at) // timedelta(minutes=repeat_min))


def starts_at(started_at: datetime, round_: int, repeat_min: int) -> datetime:
    return started_at + timedelta(minutes=repeat_min * round_)


def called(people: Sequence[Staff], reachable: Collection[str], round_: int) -> list[str]:
    """The account ids of this round: coordinators on call, then investigators on call, then everyone.

    A step in which nobody can be reached is passed over at once; none at all: nobody can be paged.
    """
    steps = [
        [person for person in people if person.on_call and person.role == "coordinator"],
        [person for person in people if person.on_call and person.role == "investigator"],
        list(people),
    ]
    for step in steps[min(round_, len(steps) - 1) :]:
        found = [person.account_id for person in step if person.account_id in reachable]
        if found:
            return found
    return []
