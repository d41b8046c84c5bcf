"""Whom nobody could reach, child by child; and a group that fails, which holds up no other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from diary import clock
from diary.db import Database, Row
from diary.jobs import sending
from diary.rules.outcomes import Result
from diary.store import calls, deliveries, fallback, outbox, problems, receipts
from diary.store.outbox import Sent
from tests.people import NOW, STUDY, People, Person
from tests.store.telling import address, phone, reminder, rows, told

HOUR = timedelta(hours=1)
LATE = Result("later", 503)
TAKEN = Result("handed_over", 201)
# Shanghai is eight hours ahead: 22:30 there, 15:30 in Berlin.
EVENING = NOW + timedelta(hours=10, minutes=30)


def tell(
    db: Database, person: Person, at: datetime, *, about: Sequence[Person] = (), group_id: str = "",
    round: int = 0, ids: Sequence[str] = (), result: Result | None = TAKEN,
) -> tuple[str, ...]:  # fmt: skip
    """One notice, and what became of its messages; the ids of its reminders."""
    known = tuple(ids) or tuple(reminder(db, one, due_at=at, kind="dose") for one in about or [person])
    with db.atomic():
        notice = told(person, *known, due_at=at, group_id=group_id, round=round)
        deliveries.plan(db, [notice], at, study=STUDY)
    if result:
        claimed, _ = outbox.claim(db, ("push", "message", "sms"), 100, at)
        outbox.finish(db, [Sent(row, result, at) for row in claimed], at)
    return known


def listed(db: Database) -> list[Row]:
    return list(db.query("select * from calls order by participant_id"))


def test_a_repeat_of_one_reminder_is_no_second_reminder(db: Database, who: People) -> None:
    phone(db, who.lin)
    ids = tell(db, who.lin, NOW, group_id="r:1")
    sending.fall_back(db, STUDY, NOW + HOUR / 6)
    again = NOW + HOUR / 2
    tell(db, who.lin, again, group_id="r:1", round=1, ids=ids)
    sending.fall_back(db, STUDY, again + HOUR / 6)
    assert {row["round"] for row in rows(db) if row["channel"] == "call"} == {0, 1}
    assert listed(db) == [], "one reminder that reached nobody is one"
    tell(db, who.lin, NOW + 3 * HOUR, group_id="r:2")
    sending.fall_back(db, STUDY, NOW + 3.5 * HOUR)
    [call] = listed(db)
    assert call["since_at"] == clock.to_text(NOW), "since the first telling of the first of them"


def test_what_no_worker_tried_to_send_says_nothing_of_the_person(db: Database, who: People) -> None:
    phone(db, who.lin)
    for hours in (0, 3, 6):
        at = NOW + hours * HOUR
        tell(db, who.lin, at, result=None)
        sending.fall_back(db, STUDY, at + HOUR / 6)
    assert {row["state"] for row in rows(db) if row["channel"] == "call"} == {"cancelled"}
    assert listed(db) == []


@pytest.mark.parametrize("result", [LATE, Result("later", None, error="TimeoutError")])
def test_whom_a_push_service_never_took_a_message_for_is_telephoned(
    db: Database, who: People, result: Result
) -> None:
    phone(db, who.lin)
    for hours in (0, 3):
        tell(db, who.lin, NOW + hours * HOUR, result=result)
        sending.fall_back(db, STUDY, NOW + hours * HOUR + HOUR / 6)
    assert len(listed(db)) == 1


def test_an_outage_between_two_that_reached_nobody_does_not_part_them(db: Database, who: People) -> None:
    phone(db, who.lin)
    for hours, result in ((0, TAKEN), (3, LATE), (6, TAKEN)):
        at = NOW + hours * HOUR
        tell(db, who.lin, at, result=result)
        sending.fall_back(db, STUDY, at + HOUR / 6)
    [call] = listed(db)
    assert call["since_at"] == clock.to_text(NOW)


def test_an_address_that_failed_counts_as_tried(db: Database, who: People) -> None:
    for hours in (0, 3):
        phone(db, who.lin)
        tell(db, who.lin, NOW + hours * HOUR, result=Result("gone", 410))
        sending.fall_back(db, STUDY, NOW + hours * HOUR)
    assert len(listed(db)) == 1


def test_each_child_of_a_guardian_is_counted_for_itself(db: Database, who: People) -> None:
    phone(db, who.mei)
    tell(db, who.mei, NOW, about=[who.an])
    sending.fall_back(db, STUDY, NOW + HOUR / 6)
    tell(db, who.mei, NOW + 3 * HOUR, about=[who.yu, who.an])
    sending.fall_back(db, STUDY, NOW + 3.5 * HOUR)
    assert [call["participant_id"] for call in listed(db)] == [who.an.participant_id]
    tell(db, who.mei, NOW + 6 * HOUR, about=[who.yu])
    sending.fall_back(db, STUDY, NOW + 6.5 * HOUR)
    since = {call["participant_id"]: call["since_at"] for call in listed(db)}
    assert since == {
        who.an.participant_id: clock.to_text(NOW), who.yu.participant_id: clock.to_text(NOW + 3 * HOUR),
    }  # fmt: skip


def test_one_child_whose_reminders_arrive_breaks_no_other_childs_row(db: Database, who: People) -> None:
    phone(db, who.mei)
    for hours, child, arrives in ((0, who.an, False), (1, who.yu, True), (3, who.an, False)):
        at = NOW + hours * HOUR
        tell(db, who.mei, at, about=[child])
        if arrives:
            receipts.add(db, rows(db)[-1]["token"], "received", at)
        sending.fall_back(db, STUDY, at + HOUR / 6)
    assert [call["participant_id"] for call in listed(db)] == [who.an.participant_id]


@pytest.mark.parametrize(("zones", "channels"), [
    (("Asia/Shanghai", "Asia/Shanghai"), {"push"}),
    (("Asia/Shanghai", "Europe/Berlin"), {"push", "message"}),
    (("Europe/Berlin", "Asia/Shanghai"), {"push", "message"}),
])  # fmt: skip
def test_a_notice_waits_for_the_morning_only_while_it_is_night_for_each_child(
    db: Database, who: People, zones: tuple[str, str], channels: set[str]
) -> None:
    for child, zone in zip((who.an, who.yu), zones, strict=True):
        db.execute(
            "update participants set zone = :z where id = :id", {"z": zone, "id": child.participant_id}
        )
    phone(db, who.mei)
    address(db, who.mei, "mei@example.org")
    ids = tuple(reminder(db, child, due_at=EVENING, kind="dose") for child in (who.an, who.yu))
    with db.atomic():
        notice = told(who.mei, *ids, due_at=EVENING, open_h=12)
        deliveries.plan(db, [notice], EVENING, study=STUDY)
    claimed, _ = outbox.claim(db, ("push",), 9, EVENING)
    outbox.finish(db, [Sent(row, TAKEN, EVENING) for row in claimed], EVENING)
    sending.fall_back(db, STUDY, EVENING + HOUR / 6)
    assert {row["channel"] for row in rows(db)} == channels


def test_one_group_that_cannot_go_on_holds_up_no_other_and_is_told_of(db: Database, who: People) -> None:
    for person in (who.an, who.lin, who.yu):
        phone(db, person)
        address(db, person, f"{person.name}@example.org")
        tell(db, person, NOW, group_id=f"r:{person.login}")
    db.execute("update participants set zone = 'No/Where' where id = :id", {"id": who.lin.participant_id})
    problems.open(db, "any", "thing", "went wrong", NOW)
    with pytest.raises(RuntimeError, match="fall_back"):
        sending.go_on(db, STUDY, NOW + HOUR / 6)
    mailed = {row["account_id"] for row in rows(db) if row["channel"] == "message"}
    assert mailed == {who.an.account_id, who.yu.account_id}
    db.execute(
        "update participants set zone = 'Asia/Shanghai' where id = :id", {"id": who.lin.participant_id}
    )
    sending.go_on(db, STUDY, NOW + HOUR / 6)
    assert who.lin.account_id in {row["account_id"] for row in rows(db) if row["channel"] == "message"}


def test_a_call_that_cannot_be_put_on_the_list_holds_up_no_other(
    db: Database, who: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (who.an, who.lin, who.yu)
    for hours in (0, 3):
        for person in people:
            tell(db, person, NOW + hours * HOUR, group_id=f"r:{person.login}:{hours}")
        if not hours:
            sending.fall_back(db, STUDY, NOW)
    whole = calls.open

    def broken(db: Database, account_id: str, *rest: Any) -> str:
        if account_id == who.lin.account_id:
            raise ValueError("a row nobody thought of")
        return whole(db, account_id, *rest)

    monkeypatch.setattr(calls, "open", broken)
    with pytest.raises(RuntimeError, match="1 group"):
        fallback.run(db, NOW + 3 * HOUR, STUDY)
    assert {call["account_id"] for call in listed(db)} == {who.an.account_id, who.yu.account_id}
    monkeypatch.undo()
    fallback.run(db, NOW + 3 * HOUR, STUDY)
    assert len(listed(db)) == 3


def test_operators_are_told_though_nothing_could_go_up_the_ladder(
    db: Database, who: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems.open(db, "any", "thing", "went wrong", NOW)
    phone(db, who.ada)

    def broken(*_: object) -> int:
        raise ValueError("a defect")

    monkeypatch.setattr(fallback, "run", broken)
    with pytest.raises(RuntimeError, match="fall_back"):
        sending.go_on(db, STUDY, NOW)
    assert [row["about"] for row in rows(db)] == ["operator"]
