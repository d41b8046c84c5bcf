"""Failed secrets as rows: processes and connections count together, on both engines."""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest

from diary.db import Database, open_database
from diary.errors import DiaryError
from diary.store import attempts, ticks
from tests.people import NOW, STUDY

LIMIT = STUDY.accounts.failures_per_account
WINDOW = timedelta(minutes=STUDY.accounts.failures_within_min)


def try_once(url: str, key: str, address: str) -> str:
    """One wrong try over a connection of its own: `counted`, or the code of the refusal."""
    db = open_database(url)
    try:
        attempts.reserve(db, STUDY, NOW, account_key=key, address=address)
        return "counted"
    except DiaryError as error:
        return error.code
    finally:
        db.close()


def try_five_times(url: str, number: int) -> list[str]:
    """Wrong tries of one process, each from another address."""
    return [try_once(url, "S001", f"10.0.{number}.{n}") for n in range(5)]


def test_twenty_wrong_tries_over_four_processes_never_pass_the_limit(database_url: str) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        found = [code for codes in pool.map(try_five_times, [database_url] * 4, range(4)) for code in codes]
    assert Counter(found) == {"counted": LIMIT, "too_many_tries": 20 - LIMIT}


def test_many_connections_at_once_never_pass_the_limits(database_url: str) -> None:
    by_address = STUDY.accounts.failures_per_address
    keys = [f"S{number}" for number in range(by_address + 10)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda key: try_once(database_url, key, "10.0.0.1"), keys))
    assert Counter(found) == {"counted": by_address, "too_many_tries": 10}


def fail(db: Database, times: int, *, key: str | None = "S001", address: str = "10.0.0.1") -> list[str]:
    return [attempts.reserve(db, STUDY, NOW, account_key=key, address=address) for _ in range(times)]


def test_a_refusal_says_when_the_door_opens_and_is_not_counted_itself(db: Database) -> None:
    attempts.reserve(db, STUDY, NOW - timedelta(minutes=10), account_key="S001", address="10.0.0.1")
    fail(db, LIMIT - 1)
    for _ in range(3):
        with pytest.raises(DiaryError) as refused:
            fail(db, 1)
        assert refused.value.status == 429
        # The oldest of the five ages first: in five minutes one more try is allowed.
        assert refused.value.retry_after_s == 5 * 60
    attempts.reserve(db, STUDY, NOW + timedelta(seconds=300), account_key="S001", address="10.0.0.1")


def test_a_cleared_try_no_longer_counts(db: Database) -> None:
    for _ in range(3 * LIMIT):
        attempts.clear(db, fail(db, 1)[0])
    fail(db, LIMIT)


def test_success_wipes_the_accounts_slips_but_not_those_of_the_address(db: Database) -> None:
    fail(db, LIMIT - 1)
    fail(db, LIMIT - 1, key="S002")
    attempts.clear_account(db, "S001")
    fail(db, LIMIT)
    with pytest.raises(DiaryError):
        fail(db, 2, key="S002")


def test_where_only_the_address_is_known_no_account_is_locked(db: Database) -> None:
    by_address = STUDY.accounts.failures_per_address
    fail(db, by_address, key=None)
    with pytest.raises(DiaryError):
        fail(db, 1, key=None)
    fail(db, 1, key=None, address="10.0.0.2")


def test_tries_age(db: Database) -> None:
    fail(db, LIMIT)
    attempts.reserve(db, STUDY, NOW + WINDOW, account_key="S001", address="10.0.0.1")


def test_old_rows_are_forgotten(db: Database) -> None:
    fail(db, 3)
    assert ticks.prune_attempts(db, NOW) == 0
    assert ticks.prune_attempts(db, NOW + timedelta(seconds=1)) == 3
