"""Severe hypoglycaemia: both limbs of the trial's definition, for a reading and its event (STUDY.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from diary.rules import glucose

if TYPE_CHECKING:
    from diary.rules.glucose import Glucose
    from diary.study import GlucoseLimits

Answer = Literal["yes", "no", "unknown"]
Device = Literal["meter", "cgm", "lab"]
Sample = Literal["capillary", "venous", "control"]
HelpedBy = Literal["nobody", "family", "other", "paramedic", "hospital"]
Treatment = Literal["food", "glucose_gel", "glucagon", "iv_glucose", "other"]
Basis = Literal["none", "value", "assistance", "both", "review"]
Grave = Literal["assistance", "lost_consciousness", "seizure"]
Why = Literal[
    "before_enrolment",  # shown, never counted
    "implausible",  # a number no meter prints
    "sensor",  # a sensor low is no blood glucose
    "unconfirmed",  # 28 may be a 2.8
    "carer_treated",  # a child whom a carer always treats
    "unknown",  # an event whose question is not answered yes or no, or an unsure sign
    "unanswered",  # a plain low reading, nobody has answered yet
]

_SIGNS_OF_HELP: Final = frozenset({"paramedic", "hospital"})
_SIGNS_OF_TREATMENT: Final = frozenset({"glucagon", "iv_glucose"})


@dataclass(frozen=True)
class Reading:
    glucose: Glucose
    device: Device | None = "meter"
    sample: Sample | None = "capillary"
    confirmed: bool | None = None
    other_person: bool = False
    relabelled: bool = False

    @property
    def is_excluded(self) -> bool:
        """Control solution, another person, re-labelled: kept, but it says nothing of this person."""
        return self.sample == "control" or self.other_person or self.relabelled


@dataclass(frozen=True)
class HypoEvent:
    """The answers as given; None is a question that was not asked or not answered, never a no."""

    could_self_treat: Answer | None = None
    helped_by: HelpedBy | None = None
    lost_consciousness: Answer | None = None
    seizure: Answer | None = None
    treatment: frozenset[Treatment] = frozenset()

    @property
    def has_sign(self) -> bool:
        """A sign that speaks for itself, whatever else is answered or not, at any age."""
        return (
            "yes" in (self.lost_consciousness, self.seizure)
            or self.helped_by in _SIGNS_OF_HELP
            or not _SIGNS_OF_TREATMENT.isdisjoint(self.treatment)
        )

    @property
    def is_answered(self) -> bool:
        """Whether the question has a yes or a no: unknown is no answer."""
        return self.could_self_treat in ("yes", "no")


@dataclass(frozen=True)
class Circumstances:
    treated_by_carer: bool = False
    before_enrolment: bool = False


@dataclass(frozen=True)
class Verdict:
    """`severe` is None with basis review: a person decides, and `why` says what about.

    `ada_level` is 0 to 3, or None where nothing can be said; `in_summaries` speaks of the reading.
    """

    severe: bool | None
    basis: Basis
    ada_level: int | None
    in_summaries: bool
    why: Why | None = None


def classify(
    reading: Reading | None,
    event: HypoEvent | None,
    circumstances: Circumstances,
    limits: GlucoseLimits,
) -> Verdict:
    """Judge a reading with its event, or either alone; an excluded reading leaves the event alone."""
    own = reading if reading is not None and not reading.is_excluded else None
    doubt = _doubt(own, limits) if own else None
    by_value = own is not None and doubt is None and glucose.is_severe_by_value(own.glucose, limits)
    by_help = event is not None and _needed_help(event, circumstances)
    why = doubt or _open_question(own, event, circumstances, limits)
    basis: Basis = _basis(by_value, by_help)
    if basis == "none" and why:
        basis = "review"
    if circumstances.before_enrolment and basis != "none":
        basis, why = "review", "before_enrolment"
    return Verdict(
        severe=None if basis == "review" else basis != "none",
        basis=basis,
        ada_level=3 if by_help else _ada_level(own, limits),
        in_summaries=own is not None and _counts(own, doubt, circumstances),
        why=why if basis == "review" else None,
    )


def _basis(by_value: bool, by_help: bool) -> Basis:
    if by_value and by_help:
        return "both"
    if by_value:
        return "value"
    return "assistance" if by_help else "none"


def _doubt(reading: Reading, limits: GlucoseLimits) -> Why | None:
    """Why the number itself cannot be taken as this person's blood glucose."""
    if glucose.is_below_meter(reading.glucose, limits):
        return "implausible"
    if reading.device == "cgm" and glucose.is_severe_by_value(reading.glucose, limits):
        return "sensor"
    if not reading.confirmed and glucose.needs_confirmation(reading.glucose, limits):
        return "unconfirmed"
    return None


def _needed_help(event: HypoEvent, circumstances: Circumstances) -> bool:
    if event.has_sign:
        return True
    return event.could_self_treat == "no" and not circumstances.treated_by_carer


def grave_answers(event: HypoEvent, circumstances: Circumstances) -> frozenset[Grave]:
    """What in the answers is news to whoever took charge of a low before they came."""
    found: set[Grave] = {"assistance"} if _needed_help(event, circumstances) else set()
    if event.lost_consciousness == "yes":
        found.add("lost_consciousness")
    if event.seizure == "yes":
        found.add("seizure")
    return frozenset(found)


def _open_question(
    reading: Reading | None,
    event: HypoEvent | None,
    circumstances: Circumstances,
    limits: GlucoseLimits,
) -> Why | None:
    if event is None:
        return "unanswered" if reading and glucose.is_low(reading.glucose, limits) else None
    if event.could_self_treat == "no" and circumstances.treated_by_carer:
        return "carer_treated"
    if not event.is_answered or "unknown" in (event.lost_consciousness, event.seizure):
        return "unknown"
    return None


def _ada_level(reading: Reading | None, limits: GlucoseLimits) -> int | None:
    if reading is None:
        return None
    where = glucose.band(reading.glucose, limits)
    if where in ("lo", "severe", "level2"):
        return 2
    return 1 if where == "level1" else 0


def _counts(reading: Reading, doubt: Why | None, circumstances: Circumstances) -> bool:
    """A good value stays in the summaries even while its question is unanswered."""
    return reading.device in ("meter", None) and doubt is None and not circumstances.before_enrolment
