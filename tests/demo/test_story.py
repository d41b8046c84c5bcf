"""The demo shows a study that is lived: its people, their diaries, the desk's work, a clean trail."""

import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

from diary import clock, hashing, study_file
from diary.config import Config
from diary.db import Database, one
from diary.rules.days import age_years
from diary.rules.entries import PARTICIPANT_KINDS, STAFF_KINDS
from diary.store import accounts, verify
from tests.demo.conftest import NOW


def values(db: Database, sql: str) -> list[Any]:
    return [next(iter(row.values())) for row in db.query(sql)]


def test_eighteen_participants_of_every_age_and_state_take_part(told: Database) -> None:
    rows = list(told.query("select * from participants order by subject_no"))
    assert [row["subject_no"] for row in rows] == [f"S{number:03d}" for number in range(1, 19)]
    ages = [age_years(date.fromisoformat(row["birth_day"]), NOW.date()) for row in rows]
    assert (min(ages), max(ages), sum(age < 18 for age in ages)) == (6, 65, 3)
    states = Counter(row["state"] for row in rows)
    assert states == {
        "screening": 2, "enrolled": 3, "transplanted": 9, "paused": 1, "withdrawn": 2, "completed": 1,
    }  # fmt: skip
    counts = {len(json.loads(row["transplant_days"])) for row in rows if row["state"] == "transplanted"}
    assert counts == {1, 2, 3}


def test_everybody_was_of_an_allowed_age_at_consent(told: Database) -> None:
    ages = study_file.load().accounts
    for row in told.query("select birth_day, consented_day from participants"):
        age = age_years(date.fromisoformat(row["birth_day"]), date.fromisoformat(row["consented_day"]))
        assert ages.min_age <= age <= ages.max_age


def test_one_guardian_has_two_children_and_one_child_two_guardians(told: Database) -> None:
    rows = list(told.query("select account_id, participant_id from guardianships"))
    assert sorted(Counter(row["account_id"] for row in rows).values()) == [1, 1, 2]
    assert sorted(Counter(row["participant_id"] for row in rows).values()) == [1, 1, 2]


def test_no_name_stands_outside_the_identities(told: Database) -> None:
    names = values(told, "select name from identities")
    assert len(names) == 18 + 3 + 6
    tables = values(told, "select name from sqlite_master where type = 'table' and name not like 'identit%'")
    assert "audit" in tables
    for table in tables:
        text = json.dumps(list(told.query(f"select * from {table}")), ensure_ascii=False)
        assert [name for name in names if name in text] == []


def test_every_login_of_the_file_opens_its_account(told: Database, logins: list[dict[str, Any]]) -> None:
    assert len(logins) == 17 + 3 + 6
    for login in logins:
        account = accounts.find_by_login(told, login["login"])
        assert account is not None
        assert account["role"] == login["role"]
        assert account["state"] == "open"
        assert account["totp_secret"] == login["totp_secret"]
        assert hashing.is_secret(account["secret_hash"], login["secret"])
        assert len(login["secret"]) >= (12 if login["role"] in accounts.STAFF_ROLES else 4)
    assert len({login["secret"] for login in logins}) == len(logins)
    assert sum(login["totp_secret"] is not None for login in logins) == 1


def test_the_first_participant_of_the_file_is_an_active_adult(
    told: Database, logins: list[dict[str, Any]]
) -> None:
    first = next(login for login in logins if login["role"] == "participant")
    row = one(told, "select * from participants where subject_no = :s", {"s": first["subject"]})
    assert row is not None
    assert row["state"] == "transplanted"
    assert age_years(date.fromisoformat(row["birth_day"]), NOW.date()) >= 18
    newest = one(
        told, "select max(received_at) as at from entries where participant_id = :p", {"p": row["id"]}
    )
    assert newest is not None
    assert NOW - clock.from_text(newest["at"]) < timedelta(days=1)
    assert {login["subject"] for login in logins if login["role"] == "guardian"} == {"S004", "S012"}


def test_every_kind_of_entry_is_there_and_none_is_from_the_future(told: Database) -> None:
    assert set(values(told, "select distinct kind from entries")) == PARTICIPANT_KINDS | STAFF_KINDS
    newest = values(told, "select max(max(received_at), max(occurred_at)) from entries")
    assert clock.from_text(newest[0]) <= NOW


def test_diaries_are_kept_as_people_keep_them(told: Database) -> None:
    kept = list(
        told.query(
            "select min(h.local_day) as first, max(h.local_day) as last, count(distinct h.local_day) as days,"
            " count(*) as n from entry_heads h join participants p on p.id = h.participant_id"
            " where h.kind = 'reading' and h.state = 'stored' and p.state = 'transplanted'"
            " group by h.participant_id"
        )
    )
    assert 4 <= sum(row["n"] for row in kept) / sum(row["days"] for row in kept) <= 7
    # Between the first and the last day that they wrote, somebody missed one.
    spans = [(date.fromisoformat(row["last"]) - date.fromisoformat(row["first"])).days + 1 for row in kept]
    assert any(row["days"] < span for row, span in zip(kept, spans, strict=True))
    silent = one(
        told,
        "select max(e.occurred_at) as at, max(e.received_at) as heard_at from entries e"
        " join participants p on p.id = e.participant_id where p.subject_no = 'S009' and e.author_role = 'participant'",
    )
    assert silent is not None
    assert timedelta(days=4) <= NOW - clock.from_text(silent["at"]) < timedelta(days=6)
    assert NOW - clock.from_text(silent["heard_at"]) >= timedelta(days=4)


def test_slips_are_corrected_held_accepted_refused_and_in_conflict(told: Database) -> None:
    assert values(told, "select count(*) from entries where version > 1 and data is not null")[0] >= 3
    assert values(told, "select count(*) from entry_heads where pending_id is not null")[0] >= 3
    assert values(told, "select count(*) from entry_decisions")[0] >= 1
    codes = set(values(told, "select code from refusals"))
    assert {"glucose_did_you_mean_lo", "slot_answered"} <= codes
    origins = set(values(told, "select origin from entries"))
    assert origins == {"typed", "bluetooth", "file", "staff", "paper"}


def test_today_one_page_and_some_desk_alerts_are_open(told: Database) -> None:
    still_open = Counter(values(told, "select level from alerts where state = 'open'"))
    assert still_open["page"] == 1
    assert 4 <= still_open["desk"] <= 12
    rows = list(told.query("select * from alerts where state = 'resolved'"))
    assert len(rows) > 10
    assert all(
        row["resolution"] and row["seen_at"] <= row["acknowledged_at"] <= row["resolved_at"] for row in rows
    )
    assert {row["reason"] for row in told.query("select reason from alerts where level = 'page'")} & {
        "unanswered", "no_recheck",
    }  # fmt: skip


def test_a_guardian_never_wrote_what_is_not_theirs(told: Database) -> None:
    rows = list(told.query("select * from entries where author_role = 'guardian'"))
    assert len(rows) > 50
    assert all(row["proxy_reason"] and row["kind"] != "contraception" for row in rows)
    under_14 = "select count(*) from entries e join participants p on p.id = e.participant_id"
    assert values(
        told, f"{under_14} where e.kind = 'contraception' and p.subject_no in ('S004', 'S005')"
    ) == [0]


def test_the_trail_verifies(told: Database, built: Config) -> None:
    report = verify.verify(told, built.seal_key, study_file.load(), NOW)
    assert report.findings == ()
    assert report.streams == 20
    assert report.rows > values(told, "select count(*) from entries")[0]
