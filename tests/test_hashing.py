"""What guessing costs, and what a code looks like."""

import subprocess
import sys

import pytest

from diary import hashing

REAL = """
from argon2 import extract_parameters
from diary import hashing
a, b = (extract_parameters(h) for h in (hashing.NOBODY, hashing.hash_secret("2580")))
assert a == b, "an unknown login would be told apart by the time it takes"
print(a.type.name, a.time_cost, a.memory_cost)
"""


def test_a_guess_costs_more_than_the_owasp_floor_whether_the_login_exists_or_not() -> None:
    # In a process of its own, because other tests hash cheaply.
    done = subprocess.run([sys.executable, "-c", REAL], capture_output=True, text=True, check=True)
    kind, passes, memory_kib = done.stdout.split()
    assert kind == "ID" and int(passes) >= 2 and int(memory_kib) >= 19 * 1024


def test_a_secret_fits_its_own_hash_only() -> None:
    secret_hash = hashing.hash_secret("2580")
    assert hashing.is_secret(secret_hash, "2580")
    assert not hashing.is_secret(secret_hash, "2581")
    assert not hashing.is_secret(None, "2580")
    assert not hashing.is_secret("not a hash", "2580")


def test_without_a_hash_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    class Counting:
        def verify(self, secret_hash: str, secret: str) -> bool:
            checked.append(secret_hash)
            return True

    monkeypatch.setattr(hashing, "HASHER", Counting())
    assert not hashing.is_secret(None, "2580")
    assert checked == [hashing.NOBODY]


def test_codes_differ_and_hold_nothing_to_misread() -> None:
    codes = [hashing.new_code() for _ in range(500)]
    assert len(set(codes)) == 500
    assert set("".join(codes)) == {*hashing.CODE_ALPHABET, "-"}
    assert not set("01ILOU") & set(hashing.CODE_ALPHABET)


@pytest.mark.parametrize(
    "typed", ["abcde-23456", "ABCDE23456", " abcde 23456 ", "ＡＢＣＤＥ－２３４５６", "ABCDE—23456"]
)
def test_a_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert hashing.hash_code("key", typed) == hashing.hash_code("key", "ABCDE-23456")


def test_a_code_cannot_be_found_without_the_key() -> None:
    assert hashing.hash_code("key", "ABCDE-23456") != hashing.hash_code("another", "ABCDE-23456")
