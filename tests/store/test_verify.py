"""Tampering is found: whoever goes round the triggers leaves a trace in chain, seal or table."""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from diary import clock
from diary.db import Database
from diary.store import (
    audit,
    enrolment,
    verify,
    verify_rows,
)
from tests import people
from tests.conftest import Fill
from tests.people import NOW, STUDY, THEN, People
from tests.store.full_diary import KEY, Diary, accept, change, glucose, run_the_desk, write, write_entries

# Derived from the entries, with what is wrong with each named by its own check.
DERIVED = {"entry_heads", "episodes", "changes"}
# The schema's own books.
OF_THE_CHAIN = {"audit", "audit_seals"}


def everything_once(db: Database) -> tuple[People, str, dict[str, str]]:
    """Who is there, the seal's copy outside the database, and the ids of what was written."""
    who = people.settle(db)
    ids = write_entries(db, who) | run_the_desk(db, who)
    change(db, who, treated_by_carer=True)
    change(db, who, zone="Europe/Berlin", name="林国")
    line = json.dumps(verify.seal(db, KEY, NOW))
    write(db, who.lin, "reading", glucose("7.7"), 5)
    return who, line, ids


@pytest.fixture
def filling(request: pytest.FixtureRequest) -> Fill:
    """Written once, then copied for each test that wants it: it takes longer than to look at it."""
    return everything_once if "diary" in request.fixturenames else people.settle


@pytest.fixture
def diary(db: Database, filled_database: tuple[str, tuple[People, str, dict[str, str]]]) -> Diary:
    who, line, ids = filled_database[1]
    return Diary(db, who, line, dict(ids))


def open_the_back_door(db: Database) -> None:
    """What somebody with the database's own password can do."""
    if db.engine == "postgresql":
        # Neither triggers nor foreign keys.
        db.execute("set session_replication_role = replica")
        return
    for row in list(db.query("select name from sqlite_master where type = 'trigger'")):
        db.execute(f"drop trigger {row['name']}")
    db.execute("pragma foreign_keys = off")


def test_an_untouched_diary_has_no_findings(diary: Diary) -> None:
    assert diary.findings() == []
    report = verify.verify(diary.db, KEY, STUDY, NOW, [diary.line])
    assert (report.seals, report.notes) == (1, ())
    assert report.rows > 100


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_written_in_whatever_order_has_no_findings(db: Database, who: People, seed: int) -> None:
    """Readings and events on top of each other, corrected, withdrawn, held and accepted at random."""
    chance = random.Random(seed)
    readings: list[str] = [write(db, who.lin, "reading", glucose("2.8"), 60)]
    events: list[str] = []
    for _ in range(40):
        minutes_ago, what = chance.choice([10, 30, 55, 90, 130, 7200, 7240, 8640]), chance.random()
        value = glucose(chance.choice(["0.9", "2.1", "2.8", "3.7", "5.0", "8.0", "28"]))
        answer = {"could_self_treat": chance.choice(["yes", "no", "unknown"])}
        if what < 0.4:
            origin = chance.choice(["typed", "api"])
            readings.append(write(db, who.lin, "reading", value, minutes_ago, origin=origin))
        elif what < 0.6:
            named = {"reading_id": chance.choice(readings), **answer}
            events.append(write(db, who.lin, "hypo_event", named, minutes_ago % 1440))
        elif what < 0.9:
            kind, ids, data = chance.choice([("reading", readings, value), ("hypo_event", events, answer)])
            old = ids.pop(chance.randrange(len(ids))) if ids else None
            new = None if old and chance.random() < 0.35 else data
            ids.append(
                write(
                    db, who.lin, kind, new, minutes_ago % 1440, replaces=old, reason="slip" if old else None
                )
            )
        else:
            waiting = list(db.query("select pending_id from entry_heads where pending_id is not null"))
            if waiting:
                accept(db, who, chance.choice(waiting)["pending_id"])
    assert verify.verify(db, KEY, STUDY, NOW).findings == ()


def test_the_diary_of_these_tests_has_a_row_in_every_table_that_is_checked(diary: Diary) -> None:
    for table in (*verify_rows.WRITTEN_ONCE, *verify_rows.REPLAYED, *DERIVED):
        assert list(diary.db.query(f"select * from {table}")), table


def test_every_table_is_checked_or_named_as_one_that_is_not(diary: Diary) -> None:
    sql = "select tablename as name from pg_tables where schemaname = 'public'"
    if diary.db.engine == "sqlite":
        sql = "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
    tables = {row["name"] for row in diary.db.query(sql)} - {"schema_migrations"}
    groups = [
        *verify_rows.WRITTEN_ONCE,
        *verify_rows.REPLAYED,
        *verify_rows.UNCHECKED,
        *DERIVED,
        *OF_THE_CHAIN,
    ]
    assert sorted(tables) == sorted(groups)


def test_a_column_kept_out_of_the_trail_is_there_and_no_value_of_it_is_in_the_trail(diary: Diary) -> None:
    for table, columns in verify_rows.NOT_IN_TRAIL.items():
        row = next(iter(diary.db.query(f"select * from {table}")))
        assert columns <= row.keys()
        for line in diary.db.query("select field, new from audit where object = :o", {"o": table[:-1]}):
            assert line["field"] not in columns
            assert not columns & verify_rows.read_object(line["new"]).keys()


Tamper = Callable[[Diary], object]


def set_one(table: str, values: str, where: str) -> Tamper:
    """Change one row past the road; `:name` in `where` is an id of the diary's."""

    def tamper(diary: Diary) -> None:
        people = {name: person.account_id for name, person in vars(diary.who).items()}
        lin = {"lin_participant": diary.who.lin.participant_id}
        done = diary.db.execute(f"update {table} set {values} where {where}", {**people, **lin, **diary.ids})
        assert done.rowcount == 1

    tamper.__name__ = f"set {table} {values}"
    return tamper


def delete_one(table: str, where: str) -> Tamper:
    def tamper(diary: Diary) -> None:
        done = diary.db.execute(f"delete from {table} where {where}", diary.ids)
        assert done.rowcount == 1

    tamper.__name__ = f"delete from {table}"
    return tamper


def copy_one(table: str, **new: object) -> Tamper:
    """A row that nobody ever wrote."""

    def tamper(diary: Diary) -> None:
        row = next(iter(diary.db.query(f"select * from {table}"))) | {"id": str(uuid4()), **new}
        diary.db.execute(
            f"insert into {table} ({', '.join(row)}) values ({', '.join(':' + name for name in row)})", row
        )

    tamper.__name__ = f"invent in {table}"
    return tamper


NEWEST_CONSENT = "id = (select id from consents where version = '2.1' and giver = 'participant')"
OF_LOW = "root_id = :low"

IN_THE_TABLES = [
    (set_one("consents", "version = '3.0'", NEWEST_CONSENT), "consents"),
    (delete_one("consents", NEWEST_CONSENT), "consents"),
    (copy_one("consents"), "consents"),
    (set_one("same_records", "root_id = :low", "id = :same"), "same_records"),
    (delete_one("same_records", "id = :same"), "same_records"),
    (set_one("entry_decisions", "source_note = 'nowhere'", "entry_id = :accepted"), "entry_decisions"),
    (set_one("refusals", "code = 'fields'", "code = 'not_json'"), "refusals"),
    (set_one("sites", "zone = 'UTC'", "zone = 'Europe/Berlin'"), "sites"),
    (set_one("participants", "consented_day = '2026-02-01'", "id = :lin_participant"), "consented_day"),
    (set_one("participants", "treated_by_carer = 0", "id = :lin_participant"), "treated_by_carer"),
    (set_one("participants", "transplant_days = '[]'", "id = :lin_participant"), "transplant_days"),
    (set_one("accounts", "role = 'investigator'", "id = :chen"), "accounts"),
    (set_one("accounts", "state = 'open', closed_at = null", "id = :park"), "state, closed_at"),
    (set_one("guardianships", "relation = 'parent'", "account_id = :mei"), "guardianships"),
    (set_one("guardianships", "ended_at = '2026-03-02'", "account_id = :mei"), "ended_at"),
    (delete_one("guardianships", "relation = 'aunt'"), "guardianships"),
    (set_one("meters", "serial = 'M3'", "serial = 'M1'"), "meters"),
    (set_one("meters", "returned_day = null", "serial = 'M2'"), "returned_day"),
    (delete_one("meters", "serial = 'M2'"), "meters"),
    (set_one("schedules", "amount = '20 mg'", "id = :schedule"), "amount"),
    (set_one("schedules", "to_day = null, ended_at = null", "id = :schedule"), "to_day, ended_at"),
    (delete_one("schedules", "id = :schedule"), "schedules"),
    (set_one("alerts", "state = 'resolved', resolution = 'fine'", "id = :alert"), "state, resolution"),
    (set_one("alerts", "opened_at = '2026-03-02T00:00:00.000Z'", "id = :alert"), "opened_at"),
    (delete_one("alerts", "id = :alert"), "alerts"),
    (set_one("queries", "state = 'open'", "id = :query"), "state"),
    (delete_one("calls", "id = :call"), "calls"),
    (set_one("zone_changes", "to_zone = 'Europe/Paris'", "to_zone = 'Asia/Tokyo'"), "to_zone"),
    (set_one("channels", "ended_at = null", "name = 'email'"), "ended_at"),
    (copy_one("alerts"), "alerts"),
]  # fmt: skip

IN_WHAT_WAS_DERIVED = [
    (set_one("entry_heads", "severe = 0", OF_LOW), "severe"),
    (set_one("entry_heads", "severe = 0, basis = 'none'", "root_id = :event"), "severe, basis"),
    (set_one("entry_heads", "ada_level = 0", OF_LOW), "ada_level"),
    (set_one("entry_heads", "band = 'in_range'", OF_LOW), "band"),
    (set_one("entry_heads", "in_summaries = 0", "root_id = :plain"), "in_summaries"),
    (set_one("entry_heads", "in_summaries = 1", "root_id = :held"), "in_summaries"),
    (set_one("entry_heads", "entry_id = root_id", OF_LOW), "entry_id"),
    (set_one("entry_heads", "tip_id = root_id", OF_LOW), "tip_id"),
    (set_one("entry_heads", "state = 'withdrawn'", "root_id = :plain"), "state"),
    (set_one("entry_heads", "state = 'stored', pending_id = null", "root_id = :held"), "state, pending_id"),
    (set_one("entry_heads", "occurred_at = '2026-01-01T00:00:00.000Z'", "root_id = :plain"), "occurred_at"),
    (set_one("entry_heads", "linked_id = null", "root_id = :event"), "linked_id"),
    (delete_one("entry_heads", "root_id = :plain"), "entry_heads"),
    (delete_one("episodes", "id = (select episode_id from entry_heads where root_id = :low)"), "is gone"),
    (set_one("entry_heads", "episode_id = null", "root_id = :held"), "has no member"),
    (set_one("episodes", "severe = 0, basis = 'none'",
             "id = (select episode_id from entry_heads where root_id = :accepted)"), "severe, basis"),
    (set_one("episodes", "first_at = '2026-01-01T00:00:00.000Z'",
             "id = (select episode_id from entry_heads where root_id = :low)"), "first_at"),
    (delete_one("changes", "object_id = :plain"), "has a gap"),
    (delete_one("changes", "seq = (select max(seq) from changes where participant_id ="
                " (select participant_id from entries where id = :plain)) and participant_id ="
                " (select participant_id from entries where id = :plain)"), "is not among"),
    (set_one("changes", "guardian_seq = null", "object_id = :plain"), "guardians' numbers"),
]  # fmt: skip


def names(cases: list[tuple[Tamper, str]]) -> list[str]:
    return [f"{tamper.__name__}" for tamper, _ in cases]


@pytest.mark.parametrize(("tamper", "told"), IN_THE_TABLES, ids=names(IN_THE_TABLES))
def test_a_row_that_is_not_as_the_trail_says_is_found(diary: Diary, tamper: Tamper, told: str) -> None:
    open_the_back_door(diary.db)
    tamper(diary)
    found = diary.findings()
    assert any(told in finding for finding in found), found


@pytest.mark.parametrize(("tamper", "told"), IN_WHAT_WAS_DERIVED, ids=names(IN_WHAT_WAS_DERIVED))
def test_what_does_not_follow_from_the_entries_is_found(diary: Diary, tamper: Tamper, told: str) -> None:
    open_the_back_door(diary.db)
    tamper(diary)
    found = diary.findings()
    assert any(told in finding for finding in found), found


def test_a_verdict_of_the_time_before_a_change_of_circumstances_is_none_of_the_findings(
    db: Database, who: People
) -> None:
    """What a carer's presence means for an event holds from the day it is known; nothing is judged anew."""
    write(db, who.lin, "hypo_event", {"could_self_treat": "no"}, 60)
    enrolment.update(
        db, who.chen.actor, STUDY, NOW + timedelta(hours=1), str(who.chen.site_id), str(who.lin.participant_id),
        {"treated_by_carer": True}, reason="his wife does it now",
    )  # fmt: skip
    assert verify.verify(db, KEY, STUDY, NOW).findings == ()
    open_the_back_door(db)
    db.execute("update entry_heads set severe = 0, basis = 'none' where kind = 'hypo_event'")
    assert verify.verify(db, KEY, STUDY, NOW).findings


def change_a_value(diary: Diary) -> None:
    diary.db.execute("update entries set data = replace(data, '6.1', '6.2') where id = :plain", diary.ids)


def delete_an_entry(diary: Diary) -> None:
    diary.db.execute("delete from entries where id = :plain", diary.ids)


def change_the_trail(diary: Diary) -> None:
    diary.db.execute("update audit set actor_role = 'guardian' where object_id = :plain", diary.ids)


def spoil_the_trail(diary: Diary) -> None:
    diary.db.execute("update audit set new = '{' where action = 'create'")


def delete_from_the_trail(diary: Diary) -> None:
    diary.db.execute("delete from audit where object_id = :plain", diary.ids)


def change_trail_and_its_hash(diary: Diary) -> None:
    """The row is made consistent with itself, not with the one after it."""
    [row] = diary.db.query("select * from audit where object_id = :plain", diary.ids)
    row["actor_role"] = "guardian"
    diary.db.execute(
        "update audit set actor_role = :actor_role, hash = :hash where stream = :stream and seq = :seq",
        {**row, "hash": audit.row_hash(row)},
    )


def rewrite_everything(diary: Diary) -> None:
    """Value, trail and every hash after it: consistent from end to end, and yet not what was sealed."""
    change_a_value(diary)
    [changed] = diary.db.query("select stream from audit where object_id = :plain", diary.ids)
    prev_hash = audit.GENESIS
    for row in list(diary.db.query("select * from audit where stream = :stream order by seq", changed)):
        if row["object_id"] == diary.ids["plain"]:
            row["new"] = row["new"].replace("6.1", "6.2")
        row["prev_hash"] = prev_hash
        row["hash"] = prev_hash = audit.row_hash(row)
        diary.db.execute(
            "update audit set new = :new, prev_hash = :prev_hash, hash = :hash"
            " where stream = :stream and seq = :seq",
            row,
        )


def rewrite_everything_and_seal_anew(diary: Diary) -> None:
    """Even with the sealing key: the copy outside the database tells."""
    rewrite_everything(diary)
    diary.db.execute("delete from audit_seals")
    verify.seal(diary.db, KEY, NOW)


def seal_with_another_key(diary: Diary) -> None:
    diary.db.execute("delete from audit_seals")
    verify.seal(diary.db, b"guessed", NOW)


@pytest.mark.parametrize(
    ("tamper", "told"),
    [(change_a_value, "entries"), (delete_an_entry, "gone from the table"),
     (change_the_trail, "was changed after it was written"), (spoil_the_trail, "alerts"),
     (delete_from_the_trail, "are missing"), (change_trail_and_its_hash, "does not follow from the row"),
     (copy_one("entries"), "is not in the trail"), (rewrite_everything, "not the one that was sealed"),
     (rewrite_everything_and_seal_anew, "differs from its copy"),
     (seal_with_another_key, "was not made with this diary's key")],
)  # fmt: skip
def test_tampering_with_entries_trail_or_seals_is_found(diary: Diary, tamper: Tamper, told: str) -> None:
    open_the_back_door(diary.db)
    tamper(diary)
    found = diary.findings()
    assert any(told in finding for finding in found), found


def test_a_trail_cut_off_at_its_end_is_found_by_the_seal(diary: Diary) -> None:
    open_the_back_door(diary.db)
    stream = audit.participant_stream(str(diary.who.lin.participant_id))
    diary.db.execute(
        "delete from audit where stream = :s and seq >= (select max(seq) - 1 from audit where stream = :s)",
        {"s": stream},
    )
    assert any("not the one that was sealed" in finding for finding in diary.findings())


def test_seals_follow_one_another(diary: Diary) -> None:
    second = verify.seal(diary.db, KEY, NOW)
    assert second["seq"] == 2
    assert second["sealed_at"] == clock.to_text(NOW)
    assert diary.findings() == []


def notes(db: Database, now: datetime, *lines: str) -> list[str]:
    report = verify.verify(db, KEY, STUDY, now, lines)
    assert report.findings == ()
    return list(report.notes)


def test_what_no_seal_holds_yet_is_said_and_is_no_finding(db: Database, who: People) -> None:
    [rows] = [row["n"] for row in db.query("select count(*) as n from audit")]
    assert notes(db, NOW) == [f"There is no seal yet: {rows} rows are chained but not yet sealed."]
    line = json.dumps(verify.seal(db, KEY, NOW))
    assert notes(db, NOW + timedelta(days=9), line) == [], "everything is sealed, however long ago"
    write(db, who.lin, "note", {"text": "a walk"})
    [younger] = [row["n"] - rows for row in db.query("select count(*) as n from audit")]
    assert notes(db, NOW + timedelta(days=1), line) == [], "the next seal is not due"
    [note] = notes(db, NOW + timedelta(days=1, minutes=1), line)
    assert note.startswith(f"{younger} rows since the last seal")


def test_a_seal_whose_copy_a_crash_prevented_is_a_note(db: Database, who: People) -> None:
    first = json.dumps(verify.seal(db, KEY, THEN))
    second = json.dumps(verify.seal(db, KEY, NOW))
    [note] = notes(db, NOW, first)
    assert "seal #2" in note and "#1" not in note
    half = notes(db, NOW, first, second[:40])
    assert len(half) == 2 and half[0].startswith("Line 2 ")
    assert notes(db, NOW, first, second) == []
