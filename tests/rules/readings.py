"""Readings and events for the rules' tests, built from the words of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diary import study_file
from diary.rules.glucose import Glucose, parse_glucose
from diary.rules.hypoglycaemia import Circumstances, HypoEvent, Reading

STUDY = study_file.load()
LIMITS = STUDY.glucose


def glucose(value: str, unit: str | None = "mmol/L") -> Glucose:
    parsed = parse_glucose(value, unit, LIMITS)
    assert isinstance(parsed, Glucose), parsed
    return parsed


def reading(case: Mapping[str, Any] | None) -> Reading | None:
    if case is None:
        return None
    rest = {name: case[name] for name in case if name not in ("value", "unit")}
    return Reading(glucose(case["value"], case["unit"]), **rest)


def event(case: Mapping[str, Any] | None) -> HypoEvent | None:
    if case is None:
        return None
    return HypoEvent(**{**case, "treatment": frozenset(case.get("treatment", ()))})


def circumstances(case: Mapping[str, Any] | None) -> Circumstances:
    return Circumstances(**(case or {}))
