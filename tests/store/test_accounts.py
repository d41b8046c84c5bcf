"""Accounts, codes, sessions and the second factor, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pyotp
import pytest

from diary.db import Database, Row, one, open_database
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.hashing import hash_secret
from diary.rules.roles import ROLES
from diary.store import accounts, activation, audit, codes, second_factor, sessions, sites
from diary.store.actors import SYSTEM
from tests.people import NOW, SECRET_KEY, STUDY, People, code_for, db_row

Answer = TypeVar("Answer")


def at_once(url: str, act: Callable[[Database], Answer], times: int = 8) -> list[Answer]:
    """The same act over several connections at once."""

    def over_own_connection(_: int) -> Answer:
        db = open_database(url)
        try:
            return act(db)
        finally:
            db.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(over_own_connection, range(times)))


def open_account(db: Database, code: str, kind: str = "pin") -> Row | str:
    try:
        return activation.open_account(
            db, STUDY, NOW, SECRET_KEY, code, secret_hash=hash_secret("7391"),
            secret_kind="pin" if kind == "pin" else "password", language=None, totp=None,
        )  # fmt: skip
    except DiaryError as error:
        return error.code


def test_everybody_is_found_by_the_login_as_typed(db: Database, who: People) -> None:
    for person in who:
        for typed in (person.login.lower(), f" {person.login} "):
            found = accounts.find_by_login(db, typed)
            assert found is not None and found["id"] == person.account_id
    assert accounts.find_by_login(db, "S00") is None


def test_a_login_belongs_to_one_account(db: Database, who: People) -> None:
    with pytest.raises(ConflictError) as taken, db.atomic():
        accounts.add(
            db, SYSTEM, NOW, role="monitor", login="CHEN@example.org", language="en", site_id=who.chen.site_id
        )
    assert taken.value.code == "login_taken"


def test_of_many_who_use_a_code_at_once_one_gets_it(db: Database, database_url: str, who: People) -> None:
    code = code_for(db, who.lin, NOW)
    found = at_once(database_url, lambda own: open_account(own, code))
    assert (
        sorted(answer if isinstance(answer, str) else "opened" for answer in found)
        == ["opened"] + ["wrong_code"] * 7
    )


def test_a_code_that_opens_nothing_stays_unused(db: Database, who: People) -> None:
    code = code_for(db, who.lin, NOW)
    assert open_account(db, code, "password") == "fields"
    row = one(db, "select used_at from activation_codes where revoked_at is null")
    assert row == {"used_at": None}
    assert isinstance(open_account(db, code), dict)


def test_a_new_code_ends_the_older_one_of_that_account_only(db: Database, who: People) -> None:
    older, of_mei = code_for(db, who.lin, NOW), code_for(db, who.mei, NOW)
    newer = code_for(db, who.lin, NOW)
    assert open_account(db, older) == "wrong_code"
    assert isinstance(open_account(db, newer), dict) and isinstance(open_account(db, of_mei), dict)


def test_a_code_ends_to_the_millisecond(db: Database, who: People) -> None:
    code = code_for(db, who.lin, NOW - timedelta(hours=STUDY.accounts.code_valid_h))
    assert codes.take(db, NOW, SECRET_KEY, code) is None
    assert codes.take(db, NOW - timedelta(milliseconds=1), SECRET_KEY, code) is not None


def test_codes_of_another_key_open_nothing(db: Database, who: People) -> None:
    code = code_for(db, who.lin, NOW)
    assert codes.take(db, NOW, "another key", code) is None


def test_opening_an_account_ends_its_other_sessions(db: Database, who: People) -> None:
    account = db_row(db, "accounts", who.lin.account_id)
    session_id = sessions.open_new(db, STUDY, NOW, account, "old phone")
    assert isinstance(open_account(db, code_for(db, who.lin, NOW)), dict)
    assert sessions.find_actor(db, session_id, NOW, STUDY) is None


def test_a_session_speaks_for_its_account(db: Database, who: People) -> None:
    for person in who:
        account = db_row(db, "accounts", person.account_id)
        session_id = sessions.open_new(db, STUDY, NOW, account, "x" * 1000)
        actor = sessions.find_actor(db, session_id, NOW, STUDY)
        assert actor is not None
        assert (actor.id, actor.role, actor.site_id) == (person.account_id, person.role, person.site_id)
        assert actor.participant_ids == person.actor.participant_ids
    assert {person.role for person in who} == set(ROLES)


@pytest.mark.parametrize("ending", ["revoked", "expired", "closed", "closed by hand", "idle"])
def test_an_ended_session_speaks_for_nobody(db: Database, who: People, ending: str) -> None:
    account, now = db_row(db, "accounts", who.chen.account_id), NOW
    session_id = sessions.open_new(db, STUDY, NOW, account, "desk")
    assert sessions.find_actor(db, session_id, NOW, STUDY)
    if ending == "revoked":
        sessions.revoke(db, NOW, session_id)
    elif ending == "closed":
        accounts.close(db, who.ada.actor, NOW, who.chen.account_id, reason="left")
    elif ending == "closed by hand":
        db.execute("update accounts set state = 'closed' where id = :id", {"id": who.chen.account_id})
    elif ending == "idle":
        now = NOW + timedelta(minutes=STUDY.sessions.staff_idle_min, milliseconds=1)
    else:
        for step in range(1, 13):
            now = NOW + timedelta(hours=step) - timedelta(minutes=1)
            assert sessions.find_actor(db, session_id, now, STUDY)
        now = NOW + timedelta(hours=STUDY.sessions.staff_max_h)
    assert sessions.find_actor(db, session_id, now, STUDY) is None


def test_being_seen_is_written_once_a_minute_at_most(db: Database, who: People) -> None:
    session_id = sessions.open_new(db, STUDY, NOW, db_row(db, "accounts", who.lin.account_id), "phone")

    def seen_after(seconds: int) -> str:
        sessions.find_actor(db, session_id, NOW + timedelta(seconds=seconds), STUDY)
        return str(db_row(db, "sessions", session_id)["last_seen_at"])

    first = seen_after(0)
    assert seen_after(59) == first
    assert seen_after(60) > first


def test_a_second_factor_code_is_taken_once_even_by_two_at_once(
    db: Database, database_url: str, who: People
) -> None:
    secret, _ = second_factor.start(db, who.chen.actor, NOW)
    second_factor.confirm(db, who.chen.actor, NOW, pyotp.TOTP(secret).at(NOW))
    later = NOW + timedelta(seconds=30)
    code = pyotp.TOTP(secret).at(later)

    def use(own: Database) -> bool:
        return second_factor.use(own, db_row(own, "accounts", who.chen.account_id), code, later)

    assert sorted(at_once(database_url, use)) == [False] * 7 + [True]
    account = db_row(db, "accounts", who.chen.account_id)
    assert not second_factor.use(db, account, pyotp.TOTP(secret).at(NOW), later)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(db: Database, who: People, steps: int, taken: bool) -> None:
    secret, _ = second_factor.start(db, who.chen.actor, NOW)
    second_factor.confirm(
        db, who.chen.actor, NOW - timedelta(hours=1), pyotp.TOTP(secret).at(NOW - timedelta(hours=1))
    )
    shown = pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * steps))
    assert second_factor.use(db, db_row(db, "accounts", who.chen.account_id), shown, NOW) is taken


def test_the_last_administrator_stays_even_when_two_leave_at_once(
    db: Database, database_url: str, who: People
) -> None:
    second, _, _ = accounts.add_staff(
        db, who.ada.actor, STUDY, NOW, SECRET_KEY, role="administrator", name="Bea", email="bea@example.org",
        phone=None, language="en", site_id=None,
    )  # fmt: skip
    with db.atomic():
        accounts.set_secret(db, NOW, second, hash_secret("long enough"), "en")
    leaving = iter([who.ada.account_id, second["id"]])

    def close(own: Database) -> str:
        try:
            accounts.close(own, SYSTEM, NOW, next(leaving), reason="left")
            return "closed"
        except ConflictError as error:
            return error.code

    assert sorted(at_once(database_url, close, 2)) == ["closed", "last_administrator"]


def test_a_closed_account_is_not_closed_again(db: Database, who: People) -> None:
    accounts.close(db, who.ada.actor, NOW, who.park.account_id, reason="left")
    with pytest.raises(ConflictError, match="account_closed"):
        accounts.close(db, who.ada.actor, NOW, who.park.account_id, reason="left")
    with pytest.raises(NotFoundError):
        accounts.close(db, who.ada.actor, NOW, "nobody", reason="left")


def test_the_study_has_one_first_site_however_many_start_at_once(
    db: Database, database_url: str, who: People
) -> None:
    ids = at_once(database_url, lambda own: sites.ensure_first(own, STUDY, NOW))
    assert set(ids) == {who.chen.site_id}
    assert [site["name"] for site in sites.list_all(db)] == ["Charité Berlin", STUDY.site.name]


def test_a_site_of_the_same_name_is_not_made_twice(db: Database, who: People) -> None:
    with pytest.raises(ConflictError, match="site_taken"):
        sites.add(db, who.ada.actor, NOW, name="Charité Berlin", zone="Europe/Berlin")


def test_of_two_set_up_links_used_at_once_one_makes_the_administrator(
    db: Database, database_url: str, who: People
) -> None:
    db.execute("update accounts set state = 'closed' where role = 'administrator'")
    link = accounts.setup_link(db, STUDY, NOW, "https://diary.example.org", SECRET_KEY)
    assert link is not None and link.startswith("https://diary.example.org/site/#/setup?code=")
    code = link.partition("code=")[2]

    def set_up(own: Database) -> bool:
        with own.atomic():
            made = accounts.add_first_administrator(
                own,
                NOW,
                SECRET_KEY,
                code,
                name="Eve",
                email="eve@example.org",
                secret_hash="x",
                language="en",
            )
        return made is not None

    assert sorted(at_once(database_url, set_up)) == [False] * 7 + [True]
    assert accounts.setup_link(db, STUDY, NOW, "https://diary.example.org", SECRET_KEY) is None


def test_the_trail_of_accounts_says_who_and_holds_no_secret(db: Database, who: People) -> None:
    accounts.change_staff(
        db,
        who.ada.actor,
        NOW,
        who.chen.account_id,
        {"role": "investigator", "name": "Dr Chen-Li"},
        reason="new role",
    )
    rows = list(
        db.query(
            "select * from audit where stream = :s and object_id = :id order by seq",
            {"s": audit.ACCOUNTS_STREAM, "id": who.chen.account_id},
        )
    )
    told = [(row["action"], row["field"], row["old"], row["new"]) for row in rows]
    assert told[0][0] == "create" and rows[0]["at"] < rows[-1]["at"]
    assert ("change", "role", "coordinator", "investigator") in told
    assert ("change", "name", "version 1", "version 2") in told
    assert {row["actor_id"] for row in rows if row["reason"]} == {who.ada.account_id}
    everything = " ".join(str(value) for row in rows for value in row.values())
    assert "argon2" not in everything and "Chen-Li" not in everything
