"""The words of a delivery: neutral, the same for every kind, in the reader's language."""

from dataclasses import dataclass
from typing import Final

from diary.study import Language, Study

_KEYS: Final = {
    "reminder": ("reminder_title", "reminder_body"),
    "recheck": ("reminder_title", "reminder_body"),
    "test": ("reminder_test_title", "reminder_test_body"),
    # The whole text to staff (STUDY.md 4).
    "page": ("page_title", None),
    "operator": ("operator_title", None),
}
STAFF_ABOUT: Final = frozenset({"page", "operator"})


@dataclass(frozen=True)
class Words:
    title: str
    body: str
    link: str


def words(study: Study, base_url: str, *, about: str, role: str, language: Language, token: str) -> Words:
    """What a person reads, and where it leads; the token in the link says that it was opened."""
    title, body = _KEYS[about]
    app = "/" if role in ("participant", "guardian") else "/site/"
    # A page leads to the desk's own list. What comes after # never leaves the phone.
    place = "alerts" if about == "page" else "today" if app == "/" else ""
    return Words(
        study.text(title, language), study.text(body, language) if body else "",
        f"{base_url}{app}#/{place}?t={token}",
    )  # fmt: skip
