"""Being in the study: age, consent, state (STUDY.md 1 and 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from diary.rules.days import age_years

State = Literal["screening", "enrolled", "transplanted", "paused", "withdrawn", "completed"]
Sex = Literal["female", "male"]
Giver = Literal["participant", "guardian", "child_assent"]
STATES: Final[tuple[State, ...]] = (
    "screening", "enrolled", "transplanted", "paused", "withdrawn", "completed",
)  # fmt: skip
IN_STUDY: Final[frozenset[State]] = frozenset({"enrolled", "transplanted", "paused"})

# Steps back out of withdrawn and completed mend a slip; the trail keeps both steps and their reasons.
_NEXT: Final[Mapping[State, frozenset[State]]] = {
    "screening": frozenset({"enrolled", "withdrawn"}),
    "enrolled": frozenset({"transplanted", "paused", "withdrawn", "completed"}),
    "transplanted": frozenset({"paused", "withdrawn", "completed"}),
    "paused": frozenset({"enrolled", "transplanted", "withdrawn", "completed"}),
    "withdrawn": frozenset({"screening", "enrolled", "transplanted"}),
    "completed": frozenset({"enrolled", "transplanted"}),
}


@dataclass(frozen=True)
class Consent:
    """Who agreed to which version on which day; `guardian_id` for a guardian's."""

    giver: Giver
    day: date
    version: str
    guardian_id: str | None = None


def may_step(old: State, new: State) -> bool:
    return new in _NEXT[old]


def step_fault(
    old: State, new: State, *, sex: Sex, fertile: bool | None, premenopausal: bool | None,
    newest_pregnancy_test: str | None, has_transplant_day: bool,
) -> str | None:  # fmt: skip
    """Why the participant cannot go from `old` to `new`: a code, or None.

    Inclusion 4: fertility is known, and a fertile premenopausal woman has a negative pregnancy test
    before enrolment.
    """
    if not may_step(old, new):
        return "state_step"
    if new == "transplanted" and not has_transplant_day:
        return "transplant_day_needed"
    if new not in ("enrolled", "transplanted") or old not in ("screening", "withdrawn"):
        return None
    if fertile is None:
        return "fertility_unknown"
    if sex == "male" or not fertile:
        return None
    if premenopausal is None:
        return "menopause_unknown"
    return "pregnancy_test_needed" if premenopausal and newest_pregnancy_test != "negative" else None


def own_account_fault(
    birth_day: date, today: date, adult_age: int, consents: Iterable[Consent], guardians: frozenset[str]
) -> str | None:
    """Why the participant's own account may not open: a code, or None.

    An adult needs a consent given as an adult; a child its assent and the consent of one of its
    present `guardians` (account ids).
    """
    given = list(consents)
    if age_years(birth_day, today) >= adult_age:
        own = any(c.giver == "participant" and age_years(birth_day, c.day) >= adult_age for c in given)
        return None if own else "consent_missing"
    if not any(c.giver == "child_assent" for c in given):
        return "assent_missing"
    by_guardian = any(c.giver == "guardian" and c.guardian_id in guardians for c in given)
    return None if by_guardian else "guardian_consent_missing"


def reconsent_due(birth_day: date, today: date, adult_age: int, consents: Iterable[Consent]) -> bool:
    """A child has come of age and has not consented itself yet."""
    fault = own_account_fault(birth_day, today, adult_age, consents, frozenset())
    return fault == "consent_missing"


def may_ask_contraception(
    birth_day: date, today: date, *, fertile: bool | None, min_age: int, adult_age: int, minors_approved: bool
) -> bool:
    """Whether the participant's own app may ask about contraception (STUDY.md 7).

    Never under `min_age`; between it and `adult_age` only with the ethics approval on record.
    """
    age = age_years(birth_day, today)
    return fertile is True and age >= min_age and (age >= adult_age or minors_approved)
