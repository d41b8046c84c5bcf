"""A new version is published while a form is open and an entry waits: nothing is lost (issue 3, safe updates)."""

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from diary import static
from tests.browser.conftest import Served, missing_parts, skip_without

TEXTS = (".js", ".html", ".webmanifest")


def next_build(old: Path, new: Path) -> str:
    """Copy a build with another patient app in it, under another name, as the next build would; that name."""
    shutil.copytree(old, new, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    [entry] = (new / "assets").glob("patient-*.js")
    name = "patient-nextnext.js"
    entry.write_text(entry.read_text(encoding="utf-8") + "\n// the next version\n", encoding="utf-8")
    entry.rename(entry.with_name(name))
    for file in new.rglob("*"):
        if file.suffix in TEXTS:
            text = file.read_text(encoding="utf-8").replace(entry.name, name)
            file.write_text(text, encoding="utf-8")
    worker = new / "sw.js"
    text, kept = re.subn(r"diary-[0-9a-f]{12}", "diary-000000000002", worker.read_text(encoding="utf-8"))
    assert kept == 1, "the worker's cache is named once by its version"
    assert name in text, "the worker keeps the new file"
    worker.write_text(text, encoding="utf-8")
    return name


@pytest.fixture(autouse=True)
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The new build is served as soon as this file exists."""
    skip_without(missing_parts())
    flag, build = tmp_path / "published", tmp_path / "next"
    apps = static.Apps
    next_build(static.DIST, build)

    def either(api: Any) -> Callable[..., Iterable[bytes]]:
        old, new = apps(api), apps(api, build)
        return lambda environ, start: (new if flag.exists() else old)(environ, start)

    monkeypatch.setattr(static, "Apps", either)
    return flag


def test_a_new_version_takes_over_only_when_the_form_is_closed_and_nothing_is_lost(
    served: Served, play: Callable[..., dict[str, object]], published: Path
) -> None:
    lin = served.people.lin
    told = play("update", "update.mjs", login=lin.login, pin=lin.secret, published=str(published))
    assert told["runs"] == "/assets/patient-nextnext.js"
    values = sorted(str(row["data"]) for row in served.rows("select data from entries"))
    assert [re.search(r'"value": ?"([^"]+)"', value)[1] for value in values] == ["6.1", "7.4"]  # type: ignore[index]


def test_a_low_on_the_screen_is_not_reloaded_away(
    served: Served, play: Callable[..., dict[str, object]], published: Path
) -> None:
    lin = served.people.lin
    play("update_low", "update.mjs", login=lin.login, pin=lin.secret, published=str(published))
    assert [row["kind"] for row in served.rows("select kind from entries")] == ["reading"]
