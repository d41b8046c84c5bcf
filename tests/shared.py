"""Where the cases are: our own beside the tests, and the study's beside the project."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "cases"
SHARED = ROOT.parent / "shared"


def cases(name: str) -> Any:
    """The rows of one of our own case files, read by vitest as well."""
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def shared(*parts: str) -> Path:
    """A path in the study's folder ../shared; where it is missing the test is skipped, and says so.

    With DIARY_REQUIRE_SHARED set it fails instead, for machines that are known to have the folder.
    """
    path = SHARED.joinpath(*parts)
    if not path.exists():
        message = (
            f"NOT RUN: ../shared/{'/'.join(parts)} is not beside the project; clone it there to run this"
        )
        if os.environ.get("DIARY_REQUIRE_SHARED"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def shared_rows(*parts: str) -> list[dict[str, str]]:
    """The rows of a CSV file in ../shared."""
    with shared(*parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
