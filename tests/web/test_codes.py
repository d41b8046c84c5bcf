"""Activation codes: used once, for three days, with a PIN that is hard to guess."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from diary.db import Database, one
from diary.store import codes
from tests import people
from tests.people import NOW, PASSWORD, PIN, SECRET_KEY, STUDY, People
from tests.web.browsing import Browser, browser
from tests.web.conftest import ClientFor, Clock
from tests.web.entrance import activate, sign_in


@pytest.mark.parametrize(
    ("pin", "fault"),
    [("123", "4 to 12"), ("1234567890123", "4 to 12"), ("1111", "same"), ("1234", "row"), ("9876", "row"),
     ("7890", "row"), ("12a4", "digits only"), ("１２３４", "row"), ("", "between"), ("½½½½", "digits only")],
)  # fmt: skip
def test_a_weak_pin_is_refused_with_a_sentence_and_leaves_the_code_good(
    nobody: Browser, db: Database, who: People, pin: str, fault: str
) -> None:
    code = people.code_for(db, who.lin, NOW)
    answer = activate(nobody, code, pin=pin)
    assert answer.status_code == 422 and fault in answer.json["fields"]["pin"]
    assert activate(nobody, code).status_code == 200


def test_a_code_opens_once_whatever_way_it_is_typed(nobody: Browser, db: Database, who: People) -> None:
    code = people.code_for(db, who.lin, NOW)
    assert len(code) == 11 and code[5] == "-"
    assert activate(nobody, code.lower().replace("-", " ")).status_code == 200
    assert activate(nobody, code).status_code == 401
    assert sign_in(nobody, "S001", "7391").status_code == 200
    assert sign_in(nobody, "S001", PIN).status_code == 401


def test_of_many_who_use_a_code_at_once_one_gets_in(app: Flask, db: Database, who: People) -> None:
    code = people.code_for(db, who.lin, NOW)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: activate(browser(app), code).status_code, range(8)))
    assert Counter(statuses) == {200: 1, 401: 7}


def test_all_wrong_codes_look_alike(nobody: Browser, db: Database, who: People, time: Clock) -> None:
    used, revoked = people.code_for(db, who.lin, NOW), people.code_for(db, who.mei, NOW)
    activate(nobody, used)
    people.code_for(db, who.mei, NOW)
    expired = people.code_for(db, who.an, NOW - timedelta(hours=72))
    set_up = codes.issue(db, who.ada.actor, STUDY, NOW, SECRET_KEY, None)[0]
    answers = [activate(nobody, code) for code in (used, revoked, expired, set_up, "ABCDE-23456", "!")]
    assert {(answer.status_code, answer.json["message"]) for answer in answers} == {
        (401, answers[0].json["message"])
    }
    assert {answer.json["code"] for answer in answers} == {"wrong_code"}


def test_a_code_is_good_for_72_hours(nobody: Browser, db: Database, who: People, time: Clock) -> None:
    code = people.code_for(db, who.lin, NOW)
    time.forward(hours=71, minutes=59)
    assert activate(nobody, code).status_code == 200


def test_wrong_codes_are_counted_per_address(nobody: Browser, db: Database, who: People) -> None:
    limit = STUDY.accounts.failures_per_address
    assert {activate(nobody, f"AAAAA-{n:05}").status_code for n in range(limit)} == {401}
    assert activate(nobody, people.code_for(db, who.lin, NOW)).status_code == 429


def test_a_forgotten_pin_is_reset_by_a_code_that_ends_other_sessions_and_loses_nothing(
    app: Flask, client_for: ClientFor, db: Database, who: People
) -> None:
    old_phone, new_phone = client_for(who.lin), browser(app)
    before = one(db, "select count(*) as n from entries")
    assert activate(new_phone, people.code_for(db, who.lin, NOW)).status_code == 200
    assert old_phone.get("/api/me").status_code == 401
    assert new_phone.get("/api/me").status_code == 200
    assert one(db, "select count(*) as n from entries") == before


def test_secrets_hashes_and_codes_are_nowhere_in_the_trail(
    nobody: Browser, db: Database, who: People
) -> None:
    code = people.code_for(db, who.lin, NOW)
    activate(nobody, code)
    trail = " ".join(f"{row['old']} {row['new']} {row['reason']}" for row in db.query("select * from audit"))
    for secret in (code, code.replace("-", ""), "argon2", PIN, PASSWORD, "7391"):
        assert secret not in trail
    kept = one(db, "select count(*) as n from activation_codes where code_hash like :c", {"c": f"%{code}%"})
    assert kept == {"n": 0}
