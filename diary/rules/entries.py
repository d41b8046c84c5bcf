"""Entries: their kinds, who writes them, how late is late, what a version changed (STUDY.md 5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

if TYPE_CHECKING:
    from diary.rules.roles import Role
    from diary.study import Window

ParticipantKind = Literal[
    "reading",
    "insulin",
    "meal",
    "exercise",
    "hypo_event",
    "dose",
    "blood_draw",
    "other_medicine",
    "contraception",
    "illness",
    "hospital_stay",
    "ketone",
    "note",
    "day_complete",
    "call_me",
]
StaffKind = Literal[
    "lab", "pregnancy_test", "visit", "administered_dose", "weight", "severe_history", "contact"
]
Kind = ParticipantKind | StaffKind
Origin = Literal["typed", "bluetooth", "file", "api", "staff", "paper"]
WindowState = Literal["free", "late", "held"]

PARTICIPANT_KINDS: Final[frozenset[str]] = frozenset(get_args(ParticipantKind))
STAFF_KINDS: Final[frozenset[str]] = frozenset(get_args(StaffKind))
# A guardian may neither see nor infer these (STUDY.md 2), and a monitor does not see them.
CONTRACEPTION_KINDS: Final[frozenset[str]] = frozenset({"contraception", "pregnancy_test"})
# The same section in what is known of a participant, and in a visit.
CONTRACEPTION_COLUMNS: Final = ("fertile", "premenopausal", "minor_contraception_approved")
CONTRACEPTION_FIELDS: Final[Mapping[str, str]] = {"visit": "fertility"}
ORIGINS: Final[tuple[Origin, ...]] = get_args(Origin)


def window(
    origin: str, occurred_at: datetime, recorded_at: datetime, reason: str | None, settings: Window
) -> WindowState:
    """Free, late with its reason, or held for staff; only typed entries can be late.

    The age is taken when it was written down: a phone that was offline for a week is not late. An entry
    older than the free hours without a reason is held rather than refused, because it can be read.
    """
    age = recorded_at - occurred_at
    if origin != "typed" or age <= timedelta(hours=settings.free_h):
        return "free"
    has_reason = reason is not None and bool(reason.strip())
    return "late" if has_reason and age <= timedelta(hours=settings.with_reason_h) else "held"


def is_contraception(kind: str | None) -> bool:
    """Whether entries of this kind belong to the section that guardians and monitors do not see."""
    return kind in CONTRACEPTION_KINDS


def without_contraception(kind: str | None, data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An entry's data without what belongs to that section, where the kind as such does not."""
    hidden = CONTRACEPTION_FIELDS.get(kind or "")
    return None if data is None else {name: value for name, value in data.items() if name != hidden}


def may_write(role: Role, kind: str) -> bool:
    """Whether the role writes new entries of this kind; staff transcribe participant kinds from paper."""
    if role == "participant":
        return kind in PARTICIPANT_KINDS
    if role == "guardian":
        return kind in PARTICIPANT_KINDS - {"contraception"}
    if role in ("coordinator", "investigator"):
        return kind in PARTICIPANT_KINDS | STAFF_KINDS
    return False


def field_changes(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[tuple[str, Any, Any]]:
    """What changed between two versions: (dotted name, old, new) in order of name, None for absent.

    Lists are one value; a missing field and a null one are the same; a withdrawn version is None.
    """
    before, after = _flat(old or {}, ""), _flat(new or {}, "")
    return [
        (name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if not _same(before.get(name), after.get(name))
    ]


def _flat(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = value
    return flat


def _same(one: Any, other: Any) -> bool:
    """Equal and of one type: True is not 1, and "2.9" is not "2.90"."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)
