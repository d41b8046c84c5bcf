"""Imports go one way: web, worker, cli -> store -> rules (docs/decisions, "Rooms" in the README)."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {
    "rules": {"rules"},
    "store": {"store", "rules"},
    "web": {"web", "store", "rules"},
    "meters": {"meters", "rules"},
    "delivery": {"delivery", "rules"},
    "export": {"export", "store", "rules"},
}
# They know everybody, and nobody but each other knows them.
TOPS = {"app", "worker", "jobs", "cli", "serve", "demo", "backup"}
# Outside code that a rule may use: RFC 5545 is too long to be written a second time.
LENT_TO_RULES = {"diary.rules.schedules": {"dateutil"}}
FILES = sorted((ROOT / "diary").rglob("*.py"))


def imports(source: str, package: str) -> Iterator[tuple[str, bool]]:
    """Dotted names of what is imported, and whether only the type checker sees it."""
    tree = ast.parse(source)
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((f"{origin}.{alias.name}", id(node) in for_types) for alias in node.names)


def place(dotted: str) -> str | None:
    """`diary.store.entries.add` -> `store`; None for what is not ours."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "diary" and len(parts) > 1 else None


def offences(source: str, module: str) -> list[str]:
    """The imports in this module that go against the arrows."""
    here = place(module) or ""
    found = []
    for dotted, for_types in imports(source, module.rpartition(".")[0]):
        there = place(dotted)
        if here == "rules":
            first = dotted.split(".")[0]
            lent = first in LENT_TO_RULES.get(module, ())
            kept = first in sys.stdlib_module_names or there == "rules" or lent
            wrong = not kept and not (for_types and there == "study")
        elif here in ROOMS:
            wrong = there in TOPS or (there in ROOMS and there not in ROOMS[here])
        else:
            wrong = here not in TOPS and (there in TOPS or there in ROOMS.keys() - {"rules"})
        if wrong:
            found.append(f"{module} imports {dotted}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_what_its_room_may_use(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert offences(path.read_text(encoding="utf-8"), module) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("diary.rules.glucose", "import flask"),
        ("diary.rules.glucose", "from dateutil.rrule import rrulestr"),
        ("diary.rules.glucose", "from diary import clock"),
        ("diary.rules.glucose", "def f():\n    from diary.store import entries"),
        ("diary.rules.glucose", "from ..store import entries"),
        ("diary.store.entries", "from diary.web.public import zone"),
        ("diary.store.entries", "import diary.app"),
        ("diary.web.public", "from diary import worker"),
        ("diary.meters.columns", "from diary.store import entries"),
        ("diary.clock", "from diary.store import entries"),
    ],
)
def test_an_import_against_the_arrows_is_found(module: str, source: str) -> None:
    assert len(offences(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "diary.rules.glucose",
            "from decimal import Decimal\nfrom diary.rules import days\nfrom . import days",
        ),
        ("diary.rules.glucose", "if TYPE_CHECKING:\n    from diary.study import Unit"),
        ("diary.rules.schedules", "from dateutil.rrule import rrulestr"),
        ("diary.store.entries", "from diary import clock\nfrom diary.rules import glucose"),
        ("diary.web.public", "import flask\nfrom diary.store import entries"),
        ("diary.cli", "from diary import app, backup, demo"),
    ],
)
def test_an_import_along_the_arrows_passes(module: str, source: str) -> None:
    assert offences(source, module) == []
