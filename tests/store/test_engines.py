"""That the two engines behind the four verbs are really two, and alike."""

import pytest

import migrations
from diary.db import Database, one
from tests.people import People

APPEND_ONLY = ("consents", "audit")


def test_each_engine_answers_for_itself(db: Database) -> None:
    version = "sqlite_version()" if db.engine == "sqlite" else "current_setting('server_version')"
    assert one(db, f"select {version} as version") is not None


def test_nothing_is_pending_and_a_second_apply_changes_nothing(db: Database) -> None:
    assert migrations.pending(db) == []
    assert migrations.apply(db) == []


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["update {} set {} = {}", "delete from {}"])
def test_the_database_itself_refuses_to_change_what_is_append_only(
    db: Database, who: People, table: str, verb: str
) -> None:
    column = "version" if table == "consents" else "action"
    with pytest.raises(Exception, match="append-only"), db.atomic():
        db.execute(verb.format(table, column, column))
    assert one(db, f"select 1 as there from {table}") is not None


def test_what_a_failed_transaction_wrote_is_gone(db: Database) -> None:
    with pytest.raises(RuntimeError, match="on purpose"), db.atomic():
        db.execute("insert into ticks (job, at) values ('x', '2026-03-02T04:00:00.000Z')")
        raise RuntimeError("on purpose")
    assert one(db, "select 1 as there from ticks") is None


def test_a_lock_outside_a_transaction_is_a_defect(db: Database) -> None:
    with pytest.raises(RuntimeError, match="protects nothing"):
        db.lock("anything")
