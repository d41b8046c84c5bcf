"""What is documented exists, and what exists is documented."""

import re
from pathlib import Path

import pytest

from diary.cli import COMMANDS
from diary.settings import SETTINGS
from tests.shared import ROOT

DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCS)
TABLE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
# Read by the tests alone.
TEST_SETTINGS = {
    "DIARY_KILLS",
    "DIARY_SCHEMATHESIS_EXAMPLES",
    "DIARY_REQUIRE_POSTGRES",
    "DIARY_REQUIRE_SHARED",
    "DIARY_REQUIRE_BROWSERS",
    "DIARY_PICTURES",
    "DIARY_SCREENS",
    "DIARY_WALKS",
}


def dependencies() -> list[str]:
    lines = [line for path in ROOT.glob("requirements*.in") for line in path.read_text().splitlines()]
    return sorted({match[0] for line in lines if (match := re.match(r"[a-z0-9-]+", line)) and line[0] != "-"})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_stands_in_the_table_with_its_default(setting: object) -> None:
    name, default = setting.name, setting.default  # type: ignore[attr-defined]
    [row] = [line for line in TABLE.splitlines() if line.startswith(f"| `{name}` |")]
    shown = row.split("|")[2].strip()
    assert shown == (f"`{default}`" if default is not None else shown)
    assert default is not None or shown in ("not set", "made at first start")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"DIARY_[A-Z_]*[A-Z]", TEXT))
    assert named - {setting.name for setting in SETTINGS} <= TEST_SETTINGS


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_stands_in_the_readme(command: object) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| `diary {command.name}` |" in readme  # type: ignore[attr-defined]


def test_no_command_is_documented_that_does_not_exist() -> None:
    named = set(re.findall(r"(?:`|bin/|&& )diary ([a-z]+)", TEXT))
    assert named and named <= {command.name for command in COMMANDS}


def test_every_make_target_that_the_docs_name_exists_and_help_lists_all_of_a_dozen_at_most() -> None:
    [phony] = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    listed = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^    |`|&& |diary )make ([a-z]+)", TEXT, flags=re.MULTILINE))
    assert listed == set(phony.split())
    assert named <= listed
    assert len(listed) <= 12


@pytest.mark.parametrize("name", dependencies())
def test_every_dependency_has_a_line_that_says_why(name: str) -> None:
    decided = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in decided


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    missing = [to for to in targets if "://" not in to and not (path.parent / to).exists()]
    assert missing == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_a_lock_names_no_address_and_no_folder_and_hashes_everything(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links|(^|[ (=])/[a-z]", text)
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert blocks and all("--hash=sha256:" in block for block in blocks)
