"""The simulated year in small: no seed may break an invariant, and each invariant can be broken.

The large one is `make simulate`; what it saw stands in docs/simulated-year.md.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from bench.year import processes, report
from bench.year.findings import Findings, look
from bench.year.timeline import Size, Year, prepare, sqlite_config, watch
from bench.year.workers import quick_database
from diary.config import Config
from diary.rules import push, schedules
from diary.store import fallback, plans, reminders
from tests.people import People


def simulated(config: Config, size: Size) -> Year:
    year = Year(size, config)
    year.run()
    return year


def judged(year: Year) -> Findings:
    return look(year.db, year.world, year.services, year.ran, year.last)


def small(folder: Path, **rough: float) -> Year:
    """Eight people, a day and a half, so that every kind of change by the site happens."""
    config = sqlite_config(folder)
    prepare(config)
    return simulated(config, Size(8, 2, 10, **rough))


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_whatever_is_killed_refused_or_lost_everything_due_ends_once(tmp_path: Path, seed: int) -> None:
    config = sqlite_config(tmp_path)
    prepare(config)
    year = simulated(config, Size(12, 5, seed, kills=40, outages=0.5, set_back=1, troubles=2))
    try:
        found = judged(year)
        assert found.sentences == []
        assert sum(worker.kills for worker in year.workers) > 40
        assert found.counts["due by the oracle"] > 300
        assert found.counts["of these carried on by another way"] > 10
        assert found.counts["reminders answered"] and found.counts["reminders missed"]
        assert year.services.counts["push lie"] and year.services.counts["tried again"]
    finally:
        year.close()


def test_a_year_that_its_time_limit_ends_is_judged_as_far_as_it_came(tmp_path: Path) -> None:
    config = sqlite_config(tmp_path)
    prepare(config)
    year = Year(Size(8, 8, 3), config)
    try:
        year.run(minutes=0.0001)
        assert year.days_done == 1 and not year.counts["medicines replaced"]
        found = judged(year)
        assert found.sentences == [] and found.counts["due by the oracle"] > 20
    finally:
        year.close()


def test_the_same_holds_on_postgresql(database_url: str, who: People, tmp_path: Path) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has a longer one")
    db = quick_database(database_url)
    watch(db)
    db.close()
    config = replace(sqlite_config(tmp_path), database=database_url)
    year = simulated(config, Size(8, 1, 21, kills=60, outages=0, set_back=1))
    try:
        found = judged(year)
        assert found.sentences == []
        assert found.counts["due by the oracle"] > 50
    finally:
        year.close()


@pytest.fixture(scope="module")
def _told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """A year that went well, to be spoilt by one row at a time."""
    year = small(tmp_path_factory.mktemp("year"), outages=0, set_back=0)
    assert judged(year).sentences == []
    yield year
    year.close()


class Spoilt(Exception):
    """Takes the transaction back."""


def breaches(year: Year, *statements: str) -> set[str]:
    """What is found when these statements have spoilt the rows; afterwards they are as before."""
    found = Findings()
    try:
        with year.db.atomic():
            for statement in statements:
                assert year.db.execute(statement).rowcount, statement
            found = judged(year)
            raise Spoilt
    except Spoilt:
        return set(found.breaches)


A_DOSE = (
    "(select id from reminders where kind = 'dose' and state = 'missed' and told > 0 order by id limit 1)"
)
SPOILT = {
    "lost": [
        f"delete from delivery_reminders where reminder_id = {A_DOSE}",
        f"update reminders set schedule_id = (select id from schedules where kind = 'diary' limit 1),"
        f" slot = '23:59' where id = {A_DOSE}",
    ],
    "never due": [f"update reminders set slot = '23:59' where id = {A_DOSE}"],
    "due at another time": [f"update reminders set due_at = closes_at where id = {A_DOSE}"],
    "without an end": [
        "update deliveries set state = 'handed_over', ended_at = null where id ="
        " (select id from deliveries where state = 'missed' limit 1)"
    ],
    "an end that did not last": [
        "update deliveries set state = 'answered' where id ="
        " (select id from deliveries where state = 'missed' limit 1)"
    ],
    "taken back": [f"update reminders set state = 'cancelled', why = 'lost' where id = {A_DOSE}"],
    "asked in a pause": [
        "update reminders set state = 'missed', told = 1 where state = 'cancelled' and why = 'study_state'"
    ],
    "silent": [f"update reminders set told = 0 where id = {A_DOSE}"],
    "told too often": [f"update reminders set told = 9 where id = {A_DOSE}"],
    "told after its end": [
        "update deliveries set handed_over_at = '2027-01-01T00:00:00.000Z' where id ="
        " (select id from deliveries where about = 'reminder' and state = 'answered' limit 1)"
    ],
    "no fallback": ["delete from deliveries where channel <> 'push'"],
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_one_row_that_is_not_as_it_must_be_is_found(_told: Year, name: str) -> None:
    assert name in breaches(_told, *SPOILT[name])
    assert judged(_told).sentences == []


def test_a_repeat_that_counts_and_was_never_planned_is_found(_told: Year) -> None:
    assert "silent" in breaches(_told, f"update reminders set told = told + 1 where id = {A_DOSE}")


def test_an_answer_that_arrives_when_all_is_over_asks_for_no_other_way_before(_told: Year) -> None:
    # As if each answer had been given without a network and had come when its window was long closed.
    late = (
        "update reminders set closes_at = ended_at, ended_at = '2027-01-01T00:00:00.000Z'"
        " where state = 'answered'"
    )
    assert "no fallback" not in breaches(_told, late)


def _nothing(*_: Any, **__: Any) -> int:
    return 0


def _no_last(whole: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    return lambda *args: whole(*args)[:-1]


DEFECTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "lost": lambda: patch.object(plans, "occurrences", _no_last(schedules.occurrences)),
    "silent": lambda: patch.object(reminders, "fire", _nothing),
    "without an end": lambda: patch.object(reminders, "sweep", _nothing),
    "no fallback": lambda: patch.object(fallback, "run", _nothing),
    "a repeat that looks new": lambda: patch.object(push, "topic_of", lambda _: uuid4().hex),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_of_the_product_is_found(tmp_path: Path, name: str) -> None:
    with DEFECTS[name]():
        year = small(tmp_path)
        try:
            assert name in judged(year).breaches
        finally:
            year.close()


def test_every_invariant_of_the_report_is_shown_to_fail() -> None:
    assert set(report.INVARIANTS) == {*SPOILT, *DEFECTS}


def test_real_processes_killed_by_sigkill_lose_nothing(tmp_path: Path) -> None:
    part = processes.simulate(tmp_path, 1, 5, lambda _: None, people=3)
    assert part.found.sentences == []
    assert part.found.counts["due by the oracle"] > 10
