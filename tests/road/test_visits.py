"""Visits at the desk: planned by study or site, each with its window, filled by the visit that took place."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from diary import study_file
from diary.db import Database
from diary.rules.visits import StudyVisit
from diary.store import participants, visits
from diary.study import Study
from tests.people import NOW, STUDY, People
from tests.phone import ORIGIN, Desk, entry
from tests.road.conftest import Clock

NAMES = {"zh-CN": "移植后 3 个月", "en": "Month 3"}


def plan(desk: Desk, day: str, **more: Any) -> dict[str, Any]:
    body = {"name": "Trough level", "day": day, "before_days": 2, "after_days": 3, **more}
    made = desk.post(f"/participants/{desk.participant_id}/visits", body)
    assert made.status_code == 201, made.json
    return dict(made.json)


def held(desk: Desk, now: Any, plan_key: str | None, **more: Any) -> str:
    data = {"visit": "month 3", "day": "2026-03-02", **({"plan": plan_key} if plan_key else {}), **more}
    body = entry(now, "visit", data, origin="staff", participant_id=desk.participant_id)
    assert desk.record(body).status_code in (200, 201)
    return str(body["id"])


def overview(desk: Desk) -> dict[str, Any]:
    rows = desk.get("/participants")["participants"]
    return next(row for row in rows if row["id"] == desk.participant_id)


def test_a_planned_visit_comes_into_its_window_is_due_and_overdue(
    desk: Desk, client_for: Any, who: People, server_clock: Clock
) -> None:
    (visit,) = plan(desk, "2026-03-05", purpose="blood and weight")["visits"]
    assert (visit["first_day"], visit["last_day"]) == ("2026-03-03", "2026-03-08")
    assert (visit["state"], visit["purpose"], visit["entry_id"]) == ("later", "blood and weight", None)
    assert overview(desk)["visit"] is None
    for days, state in ((1, "in_window"), (2, "due"), (3, "due"), (1, "overdue")):
        server_clock.forward(days=days)
        desk = Desk(client_for(who.chen), desk.participant_id)
        (visit,) = desk.get(f"/participants/{desk.participant_id}/visits")["visits"]
        assert visit["state"] == state
        assert overview(desk)["visit"]["state"] == state
    filled = held(desk, server_clock(), visit["key"], fertility="fertile")
    (visit,) = desk.get(f"/participants/{desk.participant_id}/visits")["visits"]
    assert (visit["state"], visit["entry_id"], visit["held_day"]) == ("done", filled, "2026-03-02")
    assert overview(desk)["visit"] is None


def test_a_visit_taken_off_the_plan_is_gone_and_the_trail_says_why(desk: Desk) -> None:
    (visit,) = plan(desk, "2026-03-01")["visits"]
    path = f"/participants/{desk.participant_id}/visits/{visit['planned_id']}/cancel"
    assert desk.post(path, {"reason": "done by telephone"}).json["visits"] == []
    again = desk.post(path, {"reason": "done by telephone"})
    assert (again.status_code, again.json["code"]) == (409, "visit_cancelled")
    rows = desk.get("/audit", object_id=visit["planned_id"])["rows"]
    assert {row["reason"] for row in rows if row["field"] == "cancelled_at"} == {"done by telephone"}


@pytest.mark.parametrize(
    ("day", "before_days", "after_days"),
    [("9999-12-31", 0, 366), ("0001-01-01", 3, 0), ("2025-11-30", 0, 0), ("2047-01-01", 0, 0)],
)
def test_a_mistyped_day_is_refused_and_the_overview_stands(
    desk: Desk, day: str, before_days: int, after_days: int
) -> None:
    body = {"name": "Month 3", "day": day, "before_days": before_days, "after_days": after_days}
    answer = desk.post(f"/participants/{desk.participant_id}/visits", body)
    assert answer.status_code == 422 and list(answer.json["fields"]) == ["day"]
    assert overview(desk)["visit"] is None


def test_what_a_visit_is_for_is_not_shown_to_a_monitor(desk: Desk, client_for: Any, who: People) -> None:
    plan(desk, "2026-03-05", purpose="contraception")
    monitor = Desk(client_for(who.park), desk.participant_id)
    (visit,) = monitor.get(f"/participants/{desk.participant_id}/visits")["visits"]
    assert visit["purpose"] is None
    rows = monitor.get("/audit")["rows"]
    assert "contraception" not in str([row for row in rows if row["object"] == "planned_visit"])
    assert any(row["object"] == "planned_visit" for row in rows)


def test_fertility_is_missing_where_the_newest_visit_did_not_review_it(
    desk: Desk, client_for: Any, who: People
) -> None:
    path = f"/participants/{desk.participant_id}/visits"
    assert desk.get(path)["review_missing"] is False
    held(desk, NOW, None)
    assert desk.get(path)["review_missing"] is True and overview(desk)["review_missing"] is True
    monitor = Desk(client_for(who.park), desk.participant_id)
    assert monitor.get(path)["review_missing"] is None and overview(monitor)["review_missing"] is None
    held(desk, NOW, None, fertility="fertile", day="2026-03-03")
    assert desk.get(path)["review_missing"] is False


def test_the_plan_of_the_study_counts_from_its_anchors(db: Database, who: People) -> None:
    plan_of = replace(
        STUDY,
        visits=(
            StudyVisit("month_3", NAMES, "first_transplant", 90, 7, 14),
            StudyVisit("start", NAMES, "enrolment", 0, 0, 0),
            StudyVisit("consent", NAMES, "consent", -1, 0, 0),
        ),
    )
    lin, an = participants.list_by_ids(db, [str(who.lin.participant_id), str(who.an.participant_id)])
    found = visits.get_plan(db, lin, plan_of, NOW).visits
    assert [(one.planned.key, one.planned.day, one.state) for one in found] == [
        ("study:consent", date(2025, 11, 30), "overdue"),
        ("study:start", date(2025, 12, 2), "overdue"),
        ("study:month_3", date(2026, 3, 2), "due"),
    ]
    # Not enrolled, not transplanted: only what counts from consent is known.
    assert [one.planned.key for one in visits.get_plan(db, an, plan_of, NOW).visits] == ["study:consent"]
    everybody = visits.list_plans(db, lin["site_id"], [lin, an], plan_of, NOW)
    assert everybody[lin["id"]].visits == found


def test_nothing_is_due_of_who_has_left_the_study(desk: Desk) -> None:
    plan(desk, "2026-02-20")
    body = {"state": "withdrawn", "reason": "wants no more of it"}
    path = f"/api/site/participants/{desk.participant_id}"
    assert desk.client.patch(path, json=body, headers=ORIGIN).status_code == 200
    assert desk.get(f"/participants/{desk.participant_id}/visits")["visits"] == []
    assert overview(desk)["visit"] is None


def test_the_packaged_study_invents_no_visit() -> None:
    assert study_file.load().visits == ()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('from = "birth"', "visits.month_1.from"),
        ("before_days = -1", "visits.month_1.before_days"),
        ('day = "soon"', "visits.month_1.day"),
        ('place = "here"', "visits.month_1.place"),
    ],
)
def test_a_visit_that_cannot_be_is_named_at_the_start(tmp_path: Any, line: str, key: str) -> None:
    lines = ['zh-CN = "一个月"', 'en = "Month 1"', 'from = "first_transplant"', "day = 30", "before_days = 3",
             "after_days = 7"]  # fmt: skip
    name = line.partition(" ")[0]
    kept = [one for one in lines if not one.startswith(name)]
    text = study_file.PACKAGED.read_text(encoding="utf-8")

    def load(visit: list[str]) -> Study:
        path = tmp_path / "study.toml"
        table = "[visits.month_1]\n" + "\n".join(visit) + "\n"
        path.write_text(text.replace("\n[visits]\n", f"\n{table}"), encoding="utf-8")
        return study_file.load(path)

    assert [one.names["en"] for one in load(lines).visits] == ["Month 1"]
    with pytest.raises(study_file.StudyError) as found:
        load([*kept, line])
    assert found.value.key == key
