"""The demo stays well when it is kept for long: somebody with a tested channel is on call."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from diary import study_file
from diary.config import Config
from diary.db import Database, one, open_database, sqlite_path
from diary.demo import channel_setting, keep_on_call, oncall
from diary.store import roster, verify
from tests.demo.conftest import NOW

STUDY = study_file.load()
NAMES = ["folder"]


@pytest.fixture
def kept(built: Config, tmp_path: Path) -> Iterator[tuple[Database, Config]]:
    """A copy of the demo that a test may change."""
    path = tmp_path / "demo.db"
    shutil.copy(sqlite_path(built.database), path)
    config = replace(built, database=f"sqlite:///{path}")
    db = open_database(config.database)
    yield db, config
    db.close()


def test_the_demo_is_filled_with_a_roster_for_two_years_of_both_roles(told: Database) -> None:
    for days in (0, 1, 60, 365, 730):
        assert roster.faults(told, NOW + timedelta(days=days), NAMES) == []
    site = one(told, "select id from sites")
    assert site
    weeks = [
        [row["account_id"] for row in roster.on_call(told, site["id"], (NOW + timedelta(days=7 * n)).date())]
        for n in range(4)
    ]
    assert weeks[0] == weeks[2] != weeks[1] == weeks[3]
    assert all(len(week) == 2 for week in weeks)


def test_a_demo_without_a_roster_or_near_its_end_is_filled_up_at_the_next_start(
    kept: tuple[Database, Config],
) -> None:
    db, config = kept
    db.execute("delete from roster_days")
    oncall.keep(db, STUDY, config, NOW)
    assert roster.faults(db, NOW, NAMES) == []
    before = one(db, "select count(*) as n from roster_days")
    oncall.keep(db, STUDY, config, NOW)
    assert one(db, "select count(*) as n from roster_days") == before
    later = NOW + timedelta(days=790)
    oncall.keep(db, STUDY, config, later)
    for days in (0, 20, 700):
        assert roster.faults(db, later + timedelta(days=days), NAMES) == []
    assert verify.verify(db, config.seal_key, STUDY, later, []).findings == ()


def test_what_somebody_set_by_hand_stays(kept: tuple[Database, Config]) -> None:
    db, config = kept
    day = NOW.date() + timedelta(days=3)
    db.execute("delete from roster_days where day = :day", {"day": day.isoformat()})
    for now in (NOW, NOW + timedelta(days=600)):
        oncall.keep(db, STUDY, config, now)
    rows = db.query("select 1 from roster_days where day = :day", {"day": day.isoformat()})
    assert list(rows) == []


def test_the_demo_writes_to_files_only(built: Config) -> None:
    name, _, folder = channel_setting(built).partition("=")
    assert (name, Path(folder).parent) == ("folder", built.instance_dir)


def test_messages_of_long_ago_go_at_a_start(kept: tuple[Database, Config], tmp_path: Path) -> None:
    config = replace(kept[1], database=f"sqlite:///{tmp_path / 'demo.db'}", instance_dir=tmp_path)
    folder = tmp_path / oncall.MESSAGES
    folder.mkdir()
    for days in (1, 13, 15):
        (folder / f"{days}.txt").write_text("x")
        at = (NOW - timedelta(days=days)).timestamp()
        os.utime(folder / f"{days}.txt", (at, at))
    keep_on_call(config, now=NOW)
    assert {path.name for path in folder.iterdir()} == {"1.txt", "13.txt"}
