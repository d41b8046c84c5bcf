"""What the overview says of adherence follows in the transaction of every change, not a minute later."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diary.db import Database, Row
from diary.jobs.days import keep_days
from diary.rules import adherence as rules
from diary.rules.adherence import Share
from diary.store import adherence, enrolment, figures, holding, overview, participants, plans, schedules
from diary.store.schedules import Hold, NewSchedule
from tests.people import NOW, STUDY, People
from tests.phone import SHANGHAI
from tests.store.test_days import glucose, receive, same_as_fresh

BEGUN = NOW - timedelta(days=30)
DAY = timedelta(days=1)


class _Undo(Exception):
    pass


def lin(db: Database, who: People) -> Row:
    return participants.list_by_ids(db, [str(who.lin.participant_id)])[0]


def prescribe(
    db: Database, who: People, kind: Any, times: list[str], at: datetime = BEGUN, **more: Any
) -> str:
    person = lin(db, who)
    new = NewSchedule(
        kind, "as told", times, person["zone"], more.pop("from_day", participants.today(person, at)), None,
        more.pop("before", 60), more.pop("after", 120), **more,
    )  # fmt: skip
    return str(schedules.add(db, who.chen.actor, STUDY, at, person, new)["id"])


def shown(db: Database, who: People, now: datetime) -> dict[str, tuple[Share, Share]]:
    """What the overview says: the last 14 local days and the 14 before."""
    rows = overview.list_rows(db, str(who.chen.site_id), STUDY, now, hide_contraception=False)
    [row] = [row for row in rows if row["id"] == who.lin.participant_id]
    return {kind: (row["glance"].shares[kind], row["glance"].before[kind]) for kind in rules.KINDS}


def fresh(db: Database, who: People, now: datetime) -> dict[str, tuple[Share, Share]]:
    """The same from schedules and entries themselves."""
    person = lin(db, who)
    today = participants.today(person, now)

    def of(first: date, last: date) -> list[rules.Judged]:
        return adherence.list_judged(db, person, first, last, now, hide_contraception=False)

    found: dict[str, tuple[Share, Share]] = {}
    try:
        with db.atomic():
            db.execute("update day_rows set windows = null")
            late, early = of(today - 13 * DAY, today), of(today - 27 * DAY, today - 14 * DAY)
            found = {kind: (rules.share(late, kind), rules.share(early, kind)) for kind in rules.KINDS}
            raise _Undo
    except _Undo:
        return found


def worker(db: Database, now: datetime) -> None:
    plans.plan(db, STUDY, now)
    keep_days(db, STUDY, now)


def change(db: Database, who: People, now: datetime, **new: object) -> None:
    enrolment.update(
        db, who.chen.actor, STUDY, now, str(who.chen.site_id), str(who.lin.participant_id), new,
        reason="as agreed",
    )  # fmt: skip


@pytest.fixture
def treated(db: Database, who: People) -> dict[str, str]:
    """Lin measures, takes a medicine and signs off days; the worker has been there a minute ago."""
    made = {
        "reading": prescribe(db, who, "reading", ["07:00", "12:00", "22:30"]),
        "dose": prescribe(db, who, "dose", ["08:00", "20:00"], drug="tacrolimus"),
        "diary": prescribe(db, who, "diary", ["21:00"]),
    }
    worker(db, BEGUN)
    worker(db, NOW)
    return made


def test_an_entry_moves_its_share_at_once(db: Database, who: People, treated: dict[str, str]) -> None:
    assert shown(db, who, NOW) == fresh(db, who, NOW)
    assert shown(db, who, NOW)["dose"][0] == Share(0, 27)
    said = {"schedule_id": treated["dose"], "due_day": "2026-02-27", "slot": "08:00", "status": "taken"}
    dose, _ = receive(db, who, "dose", said, NOW)
    assert shown(db, who, NOW)["dose"][0] == Share(1, 27)
    receive(db, who, "dose", None, NOW, replaces=dose)
    assert shown(db, who, NOW)["dose"][0] == Share(0, 27)
    at = datetime(2026, 3, 1, 7, 10, tzinfo=SHANGHAI)
    taken, _ = receive(db, who, "reading", glucose("5.5"), at)
    assert shown(db, who, NOW)["reading"][0].done == 1
    receive(db, who, "reading", glucose("5.5"), at + timedelta(hours=3), replaces=taken)
    assert shown(db, who, NOW)["reading"][0].done == 0
    receive(db, who, "day_complete", {"day": "2026-02-20"}, NOW)
    assert shown(db, who, NOW)["diary"][0].done == 1
    receive(db, who, "hospital_stay", {"from_day": "2026-02-26", "to_day": "2026-02-28", "why": "fever"}, NOW)
    assert shown(db, who, NOW)["dose"][0] == Share(0, 21)
    assert shown(db, who, NOW) == fresh(db, who, NOW)


def test_a_schedule_that_ends_or_is_replaced_moves_its_share_at_once(
    db: Database, who: People, treated: dict[str, str]
) -> None:
    schedules.end(
        db,
        who.chen.actor,
        STUDY,
        NOW,
        lin(db, who),
        treated["reading"],
        to_day=date(2026, 2, 25),
        reason="no",
    )
    assert shown(db, who, NOW)["reading"][0] == Share(0, 27)
    prescribe(db, who, "dose", ["09:00"], NOW, drug="tacrolimus", replaces=treated["dose"])
    assert shown(db, who, NOW) == fresh(db, who, NOW)


def test_a_day_with_an_open_window_shows_its_closed_part(
    db: Database, who: People, treated: dict[str, str]
) -> None:
    # Noon of 2 March: the dose of 08:00 is over, that of 20:00 is to come; yesterday's long window is open.
    prescribe(db, who, "reading", ["23:00"], NOW - 2 * DAY, after=14 * 60)
    worker(db, NOW)

    def shares(day: str) -> tuple[str, bool]:
        [row] = db.query(
            "select shares, windows from day_rows where local_day = :day and participant_id = :p",
            {"day": day, "p": who.lin.participant_id},
        )
        return row["shares"], row["windows"] is not None

    assert shares("2026-03-01") == ("0/2 0/3 0/0 0/1", False)
    assert shares("2026-03-02") == ("0/1 0/1 0/0 0/0", False)
    worker(db, NOW + timedelta(hours=1, minutes=1))
    assert shares("2026-03-01") == ("0/2 0/4 0/0 0/1", True)


def test_a_pause_counts_by_the_day_it_was_where_somebody_was_then(db: Database, who: People) -> None:
    """Paused at 01:00 in Shanghai; in New York, where Lin flew later, it was still the day before."""
    prescribe(db, who, "reading", ["07:00", "12:00", "22:30"])
    paused = datetime(2026, 2, 20, 17, 0, tzinfo=NOW.tzinfo)
    worker(db, paused)
    change(db, who, paused, state="paused")
    change(db, who, paused + 3 * DAY, state="transplanted")
    worker(db, NOW - DAY)
    change(db, who, NOW - timedelta(hours=1), zone="America/New_York")
    worker(db, NOW)
    found = adherence.list_judged(
        db, lin(db, who), date(2026, 2, 18), date(2026, 2, 26), NOW, hide_contraception=False
    )
    out = {one.window.day for one in found if one.outcome == "left_out" and one.window.kind == "reading"}
    assert out == {date(2026, 2, 21), date(2026, 2, 22), date(2026, 2, 23)}
    assert shown(db, who, NOW) == fresh(db, who, NOW)


def test_a_severe_low_stays_on_the_day_it_was_lived(db: Database, who: People) -> None:
    at = datetime(2026, 2, 20, 17, 0, tzinfo=NOW.tzinfo)
    receive(db, who, "reading", glucose("2.4"), at)

    def days_of() -> list[date]:
        return [one.day for one in figures.list_severe(db, lin(db, who), date(2026, 2, 1), date(2026, 3, 1))]

    assert days_of() == [date(2026, 2, 21)]
    change(db, who, NOW - timedelta(hours=1), zone="America/New_York")
    assert days_of() == [date(2026, 2, 21)], "01:00 in Shanghai, whatever the time is in New York"


def test_the_past_keeps_the_clock_it_was_lived_by(db: Database, who: People) -> None:
    """Prescribed at 12:00 for 08:00 and 14:00 of the same day; seen from elsewhere it stays 14:00 only."""
    prescribe(db, who, "dose", ["08:00", "14:00"], NOW - 5 * DAY, drug="sirolimus")
    day = participants.today(lin(db, who), NOW - 5 * DAY)

    def slots() -> list[tuple[str, datetime]]:
        found = adherence.list_judged(db, lin(db, who), day, day, NOW, hide_contraception=False)
        return [(one.window.slot, one.window.due_at) for one in found]

    before = slots()
    assert [slot for slot, _ in before] == ["14:00"]
    for hours, zone in enumerate(["America/New_York", "Pacific/Auckland"]):
        change(db, who, NOW - timedelta(hours=2 - hours), zone=zone)
        assert slots() == before


def acts(
    db: Database, who: People, made: dict[str, str], dice: random.Random
) -> dict[str, Callable[..., None]]:
    tips: list[tuple[str, datetime]] = []

    def when(now: datetime) -> datetime:
        return now - timedelta(minutes=dice.randrange(60 * 24 * 26))

    def read(now: datetime) -> None:
        at = when(now)
        origin = dice.choice(["file", "typed"])
        value = dice.choice(["LO", "HI", f"{dice.uniform(1.2, 27):.1f}"])
        tips.append((receive(db, who, "reading", glucose(value), at, origin=origin, now=now)[0], at))

    def take(now: datetime) -> None:
        at = when(now)
        said = {"schedule_id": made["dose"], "due_day": at.astimezone(SHANGHAI).date().isoformat(),
                "slot": dice.choice(["08:00", "20:00"]), "status": dice.choice(["taken", "skipped"]),
                "skip_reason": dice.choice(["forgot", "told_by_site"])}  # fmt: skip
        receive(db, who, "dose", said, at, now=now)

    def correct(now: datetime) -> None:
        if tips:
            tip, at = tips.pop(dice.randrange(len(tips)))
            data = glucose("7.7") if dice.random() < 0.6 else None
            moved = at + timedelta(hours=dice.randrange(-30, 30))
            new, status = receive(db, who, "reading", data, min(moved, now), replaces=tip, now=now)
            if data and status in ("stored", "held"):
                tips.append((new, moved))

    def accept(now: datetime) -> None:
        for row in list(db.query("select pending_id from entry_heads where pending_id is not null")):
            with db.atomic():
                participants.lock(db, str(who.lin.participant_id))
                holding.accept(db, who.chen.actor, lin(db, who), row["pending_id"], "seen", now, STUDY)

    def sign(now: datetime) -> None:
        receive(db, who, "day_complete", {"day": when(now).date().isoformat()}, now, now=now)

    def stay(now: datetime) -> None:
        first = when(now).date()
        span = {"from_day": first.isoformat(), "to_day": (first + DAY).isoformat(), "why": "observed"}
        receive(db, who, "hospital_stay", span, now, now=now)

    def pause(now: datetime) -> None:
        change(db, who, now, state="transplanted" if lin(db, who)["state"] == "paused" else "paused")

    def fly(now: datetime) -> None:
        zones = {"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Auckland"}
        change(db, who, now, zone=dice.choice(sorted(zones - {lin(db, who)["zone"]})))

    def replace(now: datetime) -> None:
        person = lin(db, who)
        today = participants.today(person, now)
        latest = datetime.combine(today + DAY, time(11), ZoneInfo(person["zone"])).isoformat()
        hold = Hold(today + DAY, latest, "trough") if dice.random() < 0.5 else None
        made["dose"] = prescribe(
            db, who, "dose", ["08:00", "20:00"], now, drug="tacrolimus", replaces=made["dose"],
            from_day=today + dice.choice([timedelta(0), DAY]), hold=hold,
        )  # fmt: skip

    def draw(now: datetime) -> None:
        row = schedules.get(db, str(who.lin.participant_id), made["dose"])
        if row["hold"]:
            said = {"schedule_id": made["dose"], "due_day": row["hold"]["day"], "slot": "08:00"}
            receive(db, who, "blood_draw", said, now, now=now)

    return {act.__name__: act for act in (read, take, correct, accept, sign, stay, pause, fly, replace, draw)}


@pytest.mark.parametrize("seed", range(3))
def test_after_any_change_the_overview_is_what_a_fresh_look_comes_to(
    db: Database, who: People, treated: dict[str, str], seed: int
) -> None:
    dice = random.Random(seed)
    doing = acts(db, who, treated, dice)
    weights = {"read": 8, "take": 8, "correct": 5, "pause": 2, "fly": 2, "replace": 2}
    now, done = NOW, set()
    for _ in range(40):
        if dice.random() < 0.4:
            now += timedelta(minutes=dice.randrange(1, 900))
            worker(db, now)
        name = dice.choices(list(doing), [weights.get(name, 1) for name in doing])[0]
        now += timedelta(milliseconds=5)
        doing[name](now)
        done.add(name)
        assert shown(db, who, now) == fresh(db, who, now), name
    assert {"read", "take"} <= done
    same_as_fresh(db, who)
