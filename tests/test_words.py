"""Every sentence a person may read is there in both languages, and every code that the program names has one."""

import re
import string
from pathlib import Path

import pytest

from diary.errors import LANGUAGES, sentence, words

DIARY = Path(__file__).resolve().parents[1] / "diary"
CODE = re.compile(
    r"(?:DiaryError|ConflictError|NotFoundError|ForbiddenError|_RefusedError|Refusal|SetAside)\(\s*\"([a-z_]+)\""
    r"|error=\"([a-z_]+)\"|ValidationError\(\"([a-z_]+)\""
)
OTHER_ARGUMENTS = {"refused", "conflict"}


def named_codes() -> set[str]:
    found: set[str] = set()
    for path in DIARY.rglob("*.py"):
        for match in CODE.finditer(path.read_text(encoding="utf-8")):
            found.update(code for code in match.groups() if code)
    return found - OTHER_ARGUMENTS


def test_every_code_named_in_the_program_has_a_sentence() -> None:
    assert named_codes() - words().keys() == set()


def test_the_search_for_codes_finds_them() -> None:
    assert {"sign_in", "not_found", "entry_held", "field_day", "reason_needed"} & named_codes() >= {
        "sign_in",
        "field_day",
        "reason_needed",
    }


@pytest.mark.parametrize("code", sorted(words()))
def test_every_sentence_is_there_in_both_languages(code: str) -> None:
    entry = words()[code]
    assert set(entry) == set(LANGUAGES)
    places = [{name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name} for lang in LANGUAGES]
    assert places[0] == places[1], "both languages fill in the same things"
    assert all(entry[lang].strip() for lang in LANGUAGES)
    assert "!" not in entry["en"]


def test_a_missing_value_leaves_the_sentence_readable() -> None:
    assert "…" in sentence("glucose_not_a_number", "en")


def test_an_unknown_code_is_told_instead_of_failing() -> None:
    assert "no_such_code" in sentence("no_such_code", "en")
