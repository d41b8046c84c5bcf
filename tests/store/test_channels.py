"""Further addresses: added, tested by a code, ended; addresses stay out of the trail."""

from datetime import timedelta

import pytest

from diary.db import Database, Row
from diary.errors import ConflictError, DiaryError, NotFoundError
from diary.store import audit, channels
from tests.people import NOW, SECRET_KEY, STUDY, People

ADDRESS = "chen@hospital.example"


def _stream(who: People) -> str:
    return audit.site_stream(str(who.chen.site_id))


def _add(db: Database, who: People, address: str = ADDRESS) -> Row:
    return channels.add(
        db, who.chen.actor, NOW, _stream(who), who.chen.account_id, kind="message", name="email",
        address=address,
    )  # fmt: skip


def _confirm(db: Database, who: People, channel_id: str, code: str, after: timedelta = timedelta(0)) -> Row:
    return channels.confirm(
        db, who.chen.actor, STUDY, NOW + after, SECRET_KEY, _stream(who), channel_id, code, address="::1"
    )


def test_the_code_that_was_sent_makes_a_channel_tested_and_works_once(db: Database, who: People) -> None:
    channel = _add(db, who)
    sent, code = channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, channel["id"])
    assert sent["address"] == ADDRESS and len(code) == 6 and code.isdigit()
    assert _confirm(db, who, channel["id"], code)["tested_at"]
    with pytest.raises(DiaryError):
        _confirm(db, who, channel["id"], code)


def test_the_code_itself_is_kept_nowhere(db: Database, who: People) -> None:
    channel = _add(db, who)
    _, code = channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, channel["id"])
    [row] = channels.list_live(db, [who.chen.account_id])
    assert all(code != str(value) for value in row.values())
    assert len(row["test_code_hash"]) == 64


def test_a_code_of_another_channel_or_of_half_an_hour_ago_is_none(db: Database, who: People) -> None:
    first, second = _add(db, who), _add(db, who, "other@hospital.example")
    _, code = channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, first["id"])
    channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, second["id"])
    with pytest.raises(DiaryError):
        _confirm(db, who, second["id"], code)
    with pytest.raises(DiaryError):
        _confirm(db, who, first["id"], code, timedelta(minutes=30, seconds=1))
    assert _confirm(db, who, first["id"], code, timedelta(minutes=30))["tested_at"]


def test_within_the_life_of_a_code_nobody_gets_more_than_ten_tries(db: Database, who: People) -> None:
    channel = _add(db, who)
    _, code = channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, channel["id"])
    wrong = "000000" if code != "000000" else "111111"
    refused: dict[int, int] = {}
    for second in range(0, 1800, 30):
        with pytest.raises(DiaryError) as error:
            _confirm(db, who, channel["id"], wrong, timedelta(seconds=second))
        refused[error.value.status] = refused.get(error.value.status, 0) + 1
    assert refused[422] == 10


def test_a_test_is_not_sent_again_within_a_minute(db: Database, who: People) -> None:
    channel = _add(db, who)
    channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, channel["id"])
    with pytest.raises(DiaryError) as error:
        channels.start_test(
            db, NOW + timedelta(seconds=59), SECRET_KEY, who.chen.account_id, channel["id"]
        )  # fmt: skip
    assert error.value.status == 429
    channels.start_test(db, NOW + timedelta(minutes=1), SECRET_KEY, who.chen.account_id, channel["id"])


def test_an_address_is_there_once_and_comes_back_after_it_was_ended(db: Database, who: People) -> None:
    channel = _add(db, who)
    with pytest.raises(ConflictError):
        _add(db, who)
    channels.end(db, who.chen.actor, NOW, _stream(who), who.chen.account_id, channel["id"])
    assert channels.list_live(db, [who.chen.account_id]) == []
    assert _add(db, who)["tested_at"] is None
    with pytest.raises(NotFoundError):
        channels.get(db, who.chen.account_id, channel["id"])


def test_another_accounts_channel_is_not_there(db: Database, who: People) -> None:
    channel = _add(db, who)
    with pytest.raises(NotFoundError):
        channels.end(db, who.zhao.actor, NOW, _stream(who), who.zhao.account_id, channel["id"])
    with pytest.raises(NotFoundError):
        channels.start_test(db, NOW, SECRET_KEY, who.zhao.account_id, channel["id"])


def test_the_trail_names_the_service_and_never_the_address_or_the_code(db: Database, who: People) -> None:
    channel = _add(db, who)
    _, code = channels.start_test(db, NOW, SECRET_KEY, who.chen.account_id, channel["id"])
    _confirm(db, who, channel["id"], code)
    channels.end(db, who.chen.actor, NOW, _stream(who), who.chen.account_id, channel["id"])
    rows = list(db.query("select * from audit where object = 'channel' order by seq"))
    assert [row["field"] for row in rows] == [None, "tested_at", "ended_at"]
    text = "".join(str(value) for row in rows for value in row.values())
    assert '"name":"email"' in text and ADDRESS not in text
    assert all(row["new"] != code for row in rows)
