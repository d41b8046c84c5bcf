"""The worker's own jobs: it seals once a day, forgets old failed tries, and outlives a job that fails."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from diary import clock, worker
from diary.config import Config
from diary.db import Database
from diary.store import ticks, verify
from tests.people import NOW, STUDY


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    return Config(
        database=database_url, host="127.0.0.1", port=8000, base_url="http://localhost:8000",
        secret_key="unused", seal_key=b"kept outside", instance_dir=tmp_path,
    )  # fmt: skip


def seals_in_file(config: Config) -> list[dict[str, object]]:
    return [json.loads(line) for line in config.seals_path.read_text().splitlines()]


def test_the_heads_are_sealed_once_a_day_in_the_database_and_beside_it(db: Database, config: Config) -> None:
    for hours in (0, 1, 23.9, 24.1, 30):
        worker.keep_house(db, config, NOW + timedelta(hours=hours))
    kept = seals_in_file(config)
    assert [row["seq"] for row in kept] == [1, 2]
    with config.seals_path.open() as lines:
        report = verify.verify(db, config.seal_key, STUDY, NOW, lines)
    assert (report.seals, report.findings) == (2, ())


def test_a_seal_that_a_crash_kept_out_of_the_file_is_added_at_the_next_turn(
    db: Database, config: Config
) -> None:
    worker.keep_house(db, config, NOW)
    whole = config.seals_path.read_text()
    verify.seal(db, config.seal_key, NOW + timedelta(hours=1))
    config.seals_path.write_text(whole + '{"seq": 2, "sea')
    for hours in (2, 3):
        worker.keep_house(db, config, NOW + timedelta(hours=hours))
    lines = config.seals_path.read_text().splitlines()
    assert lines[:2] == [whole.strip(), '{"seq": 2, "sea']
    assert [json.loads(line)["seq"] for line in lines[2:]] == [2]
    assert verify.verify(db, config.seal_key, STUDY, NOW, lines).findings == ()


def test_old_failed_tries_are_forgotten_and_young_ones_kept(db: Database, config: Config) -> None:
    for hours in (1, 72):
        db.execute(
            "insert into attempts (id, account_key, address, at, cleared) values (:id, 'k', 'a', :at, 0)",
            {"id": str(uuid4()), "at": clock.to_text(NOW - timedelta(hours=hours))},
        )
    worker.keep_house(db, config, NOW)
    assert len(list(db.query("select id from attempts"))) == 1


def test_a_job_that_fails_is_logged_and_ends_nothing(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_db: Database) -> None:
        raise RuntimeError("on purpose")

    asyncio.run(worker._in_thread(config, breaks))
    assert "worker job breaks failed" in caplog.text


def test_health_looks_at_the_job_that_is_furthest_behind(db: Database) -> None:
    for minutes, job in enumerate(ticks.WATCHED):
        assert ticks.oldest(db) is None, f"{job} never ran"
        ticks.beat(db, job, NOW + timedelta(minutes=minutes))
    assert ticks.oldest(db) == NOW
    ticks.beat(db, "worker", NOW + timedelta(minutes=9))
    assert ticks.oldest(db) == NOW + timedelta(minutes=1)
