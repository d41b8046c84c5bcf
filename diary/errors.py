"""The errors that cross rooms, and the sentences people read, in their language."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES = ("zh-CN", "en")
WORDS_DIR = Path(__file__).with_name("words")


class DiaryError(Exception):
    """Something the caller can act on: a code of diary/words, an HTTP status, and what is wrong where.

    `fields` names the offending fields, each with a code of its own or a plain value for the sentence.
    """

    def __init__(
        self,
        code: str,
        status: int = 422,
        fields: Mapping[str, str] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.fields = dict(fields or {})
        self.retry_after_s = retry_after_s


class NotFoundError(DiaryError):
    """Not there, or not the caller's: the answer is the same, so that nobody learns which."""

    def __init__(self, code: str = "not_found") -> None:
        super().__init__(code, 404)


class ForbiddenError(DiaryError):
    def __init__(self, code: str = "not_yours", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(code, 403, fields)


class ConflictError(DiaryError):
    def __init__(self, code: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(code, 409, fields)


@cache
def words() -> dict[str, dict[str, str]]:
    """Every sentence by code and language; each code has both languages (a test holds it)."""
    sentences: dict[str, dict[str, str]] = {}
    for path in sorted(WORDS_DIR.glob("*.toml")):
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in sentences:
                raise ValueError(f"{path.name} says {code} a second time")
            sentences[code] = entry
    return sentences


def places(code: str) -> set[str]:
    """The values that the sentence of this code fills in."""
    entry = words().get(code) or words()["unknown_code"]
    return {name for _, name, _, _ in Formatter().parse(entry["en"]) if name}


def field_names(paths: Iterable[str], language: str) -> str:
    """Fields by the names that people know; one without a name by the last part of its path."""
    return (", " if language == "en" else "、").join(
        dict.fromkeys(_field_name(path, language) for path in paths)
    )


def _field_name(path: str, language: str) -> str:
    parts = [part for part in path.split(".") if not part.isdecimal()]
    last = parts[-1] if parts else path
    entry = words().get(f"name_{last}")
    return entry[language] if entry else last.replace("_", " ")


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def sentence(code: str, language: str, values: Mapping[str, str] | None = None) -> str:
    """One sentence for a person; an unknown code is a defect and says so instead of failing."""
    entry = words().get(code) or words()["unknown_code"]
    text = entry.get(language) or entry["en"]
    return text.format_map(_Blank({"code": code, **(values or {})}))
