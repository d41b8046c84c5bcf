"""The calendar over HTTP: whose it is, what it hides, and a feed that can be taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from icalendar import Calendar

from diary.db import Database, one
from diary.jobs import reminders
from tests import people
from tests.people import NOW, STUDY, People
from tests.web.browsing import Browser
from tests.web.conftest import ClientFor, Clock
from tests.web.entrance import activate
from tests.web.operations import SCHEDULE

CONTRACEPTION = {
    "kind": "contraception", "title": "Monthly", "times": ["21:30"], "from_day": "2026-03-02",
    "rrule": "FREQ=MONTHLY",
}  # fmt: skip


def _prescribe(chen: Browser, participant_id: str | None, body: dict[str, Any]) -> Any:
    answer = chen.post(f"/api/site/participants/{participant_id}/schedules", json=body)
    assert answer.status_code == 201, answer.json
    return answer.json


def _times(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.json
    calendar: Any = Calendar.from_ical(answer.data)
    assert {str(event["SUMMARY"]) for event in calendar.events} <= {
        text[language] for text in [STUDY.texts["reminder_title"]] for language in ("en", "zh-CN")
    }  # fmt: skip
    return {event["DTSTART"].dt.strftime("%H:%M") for event in calendar.events}


def test_the_file_rings_at_the_times_prescribed_and_says_nothing_of_what_for(
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    for body in (SCHEDULE, {**SCHEDULE, "kind": "reading", "title": "Glucose", "times": ["06:30", "22:00"]}):
        _prescribe(chen, who.lin.participant_id, {**body, "times": body["times"]})
    answer = client_for(who.lin).get("/api/patient/calendar.ics")
    assert _times(answer) == {"08:00", "06:30", "22:00"}
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="diary.ics"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    text = answer.text.lower()
    for word in ("tacrolimus", "glucose", "islet", "transplant", "s001", str(who.lin.participant_id)):
        assert word not in text


def test_contraception_is_in_the_participants_own_file_and_in_no_guardians(
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    _prescribe(chen, who.yu.participant_id, SCHEDULE)
    hidden = _prescribe(chen, who.yu.participant_id, CONTRACEPTION)
    own, father = client_for(who.yu), client_for(who.bo)
    assert _times(own.get("/api/patient/calendar.ics")) == {"08:00", "21:30"}
    assert _times(father.get("/api/patient/calendar.ics")) == {"08:00"}
    [like, other] = Calendar.from_ical(own.get("/api/patient/calendar.ics").data).events
    assert like["SUMMARY"] == other["SUMMARY"] and hidden["id"] not in str([like["UID"], other["UID"]])


def test_an_ended_schedule_and_a_held_dose_do_not_ring(
    chen: Browser, client_for: ClientFor, who: People
) -> None:
    hold = {"day": "2026-03-05", "latest_at": "2026-03-05T11:00:00+08:00", "reason": "trough"}
    ended = _prescribe(chen, who.lin.participant_id, {**SCHEDULE, "times": ["13:00"]})
    _prescribe(chen, who.lin.participant_id, {**SCHEDULE, "times": ["08:00", "20:00"], "hold": hold})
    path = f"/api/site/participants/{who.lin.participant_id}/schedules/{ended['id']}/end"
    assert chen.post(path, json={"reason": "no longer"}).status_code == 200
    answer = client_for(who.lin).get("/api/patient/calendar.ics")
    assert _times(answer) == {"08:00", "20:00"}
    assert answer.text.count("EXDATE;TZID=Asia/Shanghai:20260305T080000") == 1


def test_a_dose_that_a_journey_left_at_its_old_time_rings_then(
    chen: Browser, client_for: ClientFor, who: People, db: Database, time: Clock
) -> None:
    lin = client_for(who.lin)
    _prescribe(chen, who.lin.participant_id, {**SCHEDULE, "times": ["08:00", "20:00"]})
    reminders.run(db, STUDY, NOW)
    # Six in the evening in Shanghai: in Auckland the window of the evening dose is over.
    time.forward(hours=6)
    assert lin.post("/api/patient/zone", json={"zone": "Pacific/Auckland"}).json["state"] == "applied"
    answer = lin.get("/api/patient/calendar.ics")
    assert _times(answer) == {"08:00", "20:00", "01:00"}
    calendar: Any = Calendar.from_ical(answer.data)
    [left] = [event for event in calendar.events if "RRULE" not in event]
    assert left["DTSTART"].dt.astimezone(UTC) == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_feed_is_read_without_signing_in_until_it_is_revoked(
    chen: Browser, client_for: ClientFor, nobody: Browser, who: People, db: Database, time: Clock
) -> None:
    _prescribe(chen, who.lin.participant_id, SCHEDULE)
    lin = client_for(who.lin)
    assert lin.get("/api/patient/calendar-feed").json == {"created_at": None, "read_at": None}
    url = lin.post("/api/patient/calendar-feed").json["url"].removeprefix("http://localhost:8000")
    answer = nobody.get(url)
    assert _times(answer) == {"08:00"}
    assert answer.headers["Cache-Control"] == "private, no-cache" and "Set-Cookie" not in answer.headers
    assert lin.get("/api/patient/calendar-feed").json["read_at"] == "2026-03-02T04:00:00.000Z"
    # A change of the schedule is in the feed at the next reading.
    _prescribe(chen, who.lin.participant_id, {**SCHEDULE, "times": ["09:15"]})
    assert _times(nobody.get(url)) == {"08:00", "09:15"}
    assert lin.post("/api/patient/calendar-feed/revoke").status_code == 204
    assert (nobody.get(url).status_code, nobody.get(url).json["code"]) == (404, "not_found")
    rows = list(db.query("select action, field from audit where object = 'calendar_feed' order by seq"))
    assert [(row["action"], row["field"]) for row in rows] == [
        ("create_calendar_feed", None), ("change", "revoked_at"),
    ]  # fmt: skip


def test_a_new_feed_takes_the_place_of_the_one_before_and_its_secret_is_kept_nowhere(
    client_for: ClientFor, nobody: Browser, who: People, db: Database
) -> None:
    lin = client_for(who.lin)
    urls = [lin.post("/api/patient/calendar-feed").json["url"] for _ in range(2)]
    paths = [url.removeprefix("http://localhost:8000") for url in urls]
    assert [nobody.get(path).status_code for path in paths] == [404, 200]
    token = paths[1].split("/")[-1].removesuffix(".ics")
    for row in db.query("select * from calendar_feeds"):
        assert token not in map(str, row.values())
    for row in db.query("select * from audit"):
        assert token not in str(row)


def test_a_closed_account_has_no_feed_and_a_guardians_ends_with_the_childhood(
    chen: Browser, client_for: ClientFor, nobody: Browser, who: People, db: Database, time: Clock
) -> None:
    _prescribe(chen, who.yu.participant_id, SCHEDULE)
    url = client_for(who.bo).post("/api/patient/calendar-feed").json["url"]
    path = url.removeprefix("http://localhost:8000")
    assert _times(nobody.get(path)) == {"08:00"}
    time.forward(days=3 * 365)
    assert _times(nobody.get(path)) == set()
    db.execute("update accounts set state = 'closed' where id = :id", {"id": who.bo.account_id})
    assert nobody.get(path).status_code == 404


def test_a_new_code_ends_the_feed_that_the_lost_phone_may_have_given_away(
    client_for: ClientFor, nobody: Browser, who: People, db: Database
) -> None:
    path = client_for(who.lin).post("/api/patient/calendar-feed").json["url"].partition("8000")[2]
    bos = client_for(who.bo).post("/api/patient/calendar-feed").json["url"].partition("8000")[2]
    assert activate(nobody, people.code_for(db, who.lin, NOW)).status_code == 200
    assert (nobody.get(path).status_code, nobody.get(bos).status_code) == (404, 200)
    found = one(db, "select actor_id from audit where object = 'calendar_feed' and field = 'revoked_at'")
    assert found == {"actor_id": who.lin.account_id}


def test_reading_a_feed_again_soon_writes_nothing(
    client_for: ClientFor, nobody: Browser, who: People, db: Database, time: Clock
) -> None:
    path = client_for(who.lin).post("/api/patient/calendar-feed").json["url"].partition("8000")[2]
    seen = []
    for minutes in (0, 30, 31):
        time.at = time.at + timedelta(minutes=minutes)
        assert nobody.get(path).status_code == 200
        seen.append(one(db, "select read_at from calendar_feeds"))
    assert seen[0] == seen[1] != seen[2]
    assert time.at == NOW + timedelta(minutes=61)
