"""The days of a queue of entries are counted once, and no entry in it waits for another's defect."""

from typing import Any

import pytest

from diary.db import Database
from diary.store import days
from tests.people import NOW
from tests.phone import Desk, Phone, entry, reading


def insulin(units: str) -> dict[str, Any]:
    return entry(NOW, "insulin", {"units": units, "type": "bolus"}, 5)


def test_a_queue_counts_each_of_its_days_once(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    real, counted = days._count, []

    def counts(db: Database, participant_id: str, first: str, last: str, study: Any) -> Any:
        counted.append((first, last))
        return real(db, participant_id, first, last, study)

    monkeypatch.setattr(days, "_count", counts)
    phone.sync([reading(NOW, "5.5", minutes) for minutes in (1, 5, 10, 1440, 1445)])
    assert counted == [("2026-03-01", "2026-03-01"), ("2026-03-02", "2026-03-02")]


def test_a_defect_that_shows_when_days_are_counted_refuses_its_own_entry_only(
    phone: Phone, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = days._insulin

    def breaks(doses: list[dict[str, Any]]) -> Any:
        if any(dose["units"] == "13" for dose in doses):
            raise RuntimeError("on purpose")
        return real(doses)

    monkeypatch.setattr(days, "_insulin", breaks)
    queue = [reading(NOW, "5.5", 9), insulin("13"), insulin("4")]
    assert [result["code"] for result in phone.sync(queue)] == [None, "entry_defect", None]
    assert {shown["id"] for shown in desk.entries()} == {queue[0]["id"], queue[2]["id"]}
    today = {"from": "2026-03-02", "to": "2026-03-02"}
    [told] = desk.get(f"/participants/{desk.participant_id}/days", **today)["days"]
    assert (told["n"], told["insulin_units"]) == (1, 4.0)


def test_after_a_defect_the_refused_entry_can_be_sent_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_doses: list[dict[str, Any]]) -> Any:
        raise RuntimeError("on purpose")

    body = insulin("4")
    monkeypatch.setattr(days, "_insulin", breaks)
    assert phone.put(body).status_code == 422
    monkeypatch.undo()
    assert phone.put(body).get_json()["status"] == "stored"
