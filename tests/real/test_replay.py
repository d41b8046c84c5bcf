"""The 50 real diaries through syncEntries, twice: kept once, judged as published, told why not."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diary.db import Database
from diary.store import accounts, enrolment, verify
from tests.conftest import Fill, Templates
from tests.people import NOW, STUDY, THEN, People, Person, adult
from tests.phone import Desk, Phone, at
from tests.real import uci
from tests.shared import shared, shared_rows

BATCH = 500
PARTS = 5
# The sentence must fit the published reason: what rejects.csv says, and the codes whose sentence says it.
FITTING = {
    "non-numeric glucose '0Hi'": {"glucose_did_you_mean_hi"},
    "non-numeric glucose '0Lo'": {"glucose_did_you_mean_lo"},
    "non-numeric glucose \"0''\"": {"glucose_not_a_number"},
    "impossible date/time: day is out of range for month": {"time_impossible"},
    "date field empty or malformed": {"time_unreadable"},
}


@pytest.fixture
def filled_database(templates: Templates, filling: Fill, tmp_path: Path) -> tuple[str, Any]:
    """SQLite only: what differs between the engines is tried elsewhere; 19,000 entries take time."""
    return templates.sqlite(filling, tmp_path / "diary.db")


def diarist(db: Database, who: People, number: int) -> Person:
    """A participant whose consent is older than the diaries, so that they are within the study."""
    new = adult(f"S9{number:02}", f"Diary {number}", date(1950, 1, 1), consented_day=date(1987, 1, 1))
    row = enrolment.enrol(db, who.chen.actor, STUDY, THEN, str(who.chen.site_id), new)
    account = accounts.find_of_participant(db, row["id"])
    assert account is not None
    with db.atomic():
        accounts.set_secret(db, THEN, account, "unused", "en")
    return Person(new.name, "participant", account["login"], account["id"], account["site_id"], row["id"])


def send(phone: Phone, lines: list[uci.Line]) -> list[tuple[uci.Line, dict[str, Any]]]:
    answered = []
    for first in range(0, len(lines), BATCH):
        batch = lines[first : first + BATCH]
        results = phone.sync([line.entry for line in batch])
        answered += list(zip(batch, results, strict=True))
    return answered


def rows_of(db: Database, participant_id: str | None) -> dict[str, int]:
    tables = ("entries", "refusals", "alerts", "changes")
    counts = {
        table: next(
            iter(
                db.query(
                    f"select count(*) as n from {table} where participant_id = :p", {"p": participant_id}
                )
            )
        )["n"]
        for table in tables
    }
    stream = {"s": f"participant:{participant_id}"}
    counts["audit"] = next(iter(db.query("select count(*) as n from audit where stream = :s", stream)))["n"]
    return counts


# What getSummary says under which name, and the published column; range shares are judged in mg/dL.
FIGURES = {
    "n": "n", "days": "n_days", "days_with_3": "adrr_days_ge3", "per_day": "per_day", "mean": "mean", "sd": "sd",
    "cv": "cv", "min": "min", "max": "max", "lbgi": "lbgi", "hbgi": "hbgi", "adrr": "adrr", "li_weeks": "li_weeks",
    "li": "li",
}  # fmt: skip
LIMITS = {
    "in_range_pct": "tir_70_180", "below_pct": "tbr_lt_70", "level2_pct": "tbr_lt_54", "above_pct": "tar_gt_180",
    "very_high_pct": "tar_gt_250", "count_severe": "count_le_52_severe", "count_level2": "count_lt_54",
}  # fmt: skip


def summary_is_as_published(desk: Desk, want: dict[str, str], limits: dict[str, str]) -> None:
    span = {"from": want["first"][:10], "to": want["last"][:10]}
    found = desk.get(f"/participants/{desk.participant_id}/summary", **span)
    published = {name: want[column] for name, column in FIGURES.items()}
    published |= {name: limits[column] for name, column in LIMITS.items()}
    if int(want["li_weeks"]) < 4:
        published["li"] = ""
    for name, text in published.items():
        expected = None if text == "" else pytest.approx(float(text), rel=1e-5, abs=1e-9)
        assert found[name] == expected, (want["subject"], name)


def diaries() -> list[Path]:
    return sorted(shared("data", "uci-aim94").glob("data-??"))


@pytest.mark.parametrize("part", range(PARTS))
def test_every_usable_line_is_stored_once_and_judged_as_published(
    db: Database, who: People, client_for: Any, part: int
) -> None:
    expected = {row["subject"]: row for row in shared_rows("data", "uci-aim94", "expected_full.csv")}
    rejects = {
        (row["file"], int(row["line"])): row for row in shared_rows("data", "uci-aim94", "rejects.csv")
    }
    limits = {row["subject"]: row for row in shared_rows("data", "uci-aim94", "expected_mgdl_thresholds.csv")}
    coordinator = client_for(who.chen)
    paths = diaries()[part::PARTS]
    assert len(paths) == 10
    unsent: Counter[str] = Counter()
    severe_total = 0
    for number, path in enumerate(paths):
        person = diarist(db, who, number)
        phone = Phone(client_for(person))
        lines = list(uci.read(path, at(NOW)))
        sent = [line for line in lines if line.entry]
        unsent.update(line.code for line in lines if not line.entry)
        answers = send(phone, sent)
        stored = [answer for _, answer in answers if answer["status"] == "stored"]
        refused = [(line, answer) for line, answer in answers if answer["status"] == "refused"]
        assert len(stored) + len(refused) == len(sent)

        # Exactly the published rejects are refused, each with a sentence that fits.
        assert {(line.file, line.number) for line, _ in refused} == {
            key for key, row in rejects.items() if key[0] == path.name and "undocumented" not in row["reason"]
        }
        for line, answer in refused:
            assert answer["code"] in FITTING[rejects[line.file, line.number]["reason"]]
            assert answer["message"]

        # Readings and severe counts as published, judged in mg/dL.
        want = expected[path.name.replace("data-", "uci-")]
        readings = [
            answer
            for line, answer in answers
            if line.code in uci.GLUCOSE_CONTEXT and answer["status"] == "stored"
        ]
        assert len(readings) == int(want["n"])
        severe = sum(answer["severe"] is True for answer in readings)
        assert severe == int(want["count_lt_2_9"])
        severe_total += severe

        summary_is_as_published(Desk(coordinator, str(person.participant_id)), want, limits[want["subject"]])

        # The past makes one grouped desk alert per import.
        told = [(alert["level"], alert["kind"]) for alert in phone.everything()["alerts"]]
        said_low = any(line.code == "65" for line, _ in answers)
        lows = [alert for alert in told if alert == ("desk", "late_lows")]
        assert len(lows) == (1 if severe or said_low else 0)
        assert set(told) <= {("desk", "late_lows"), ("desk", "refused_text")}

        before = rows_of(db, person.participant_id)
        assert before["entries"] == len(stored)
        again = send(phone, sent)
        assert Counter(answer["status"] for _, answer in again) == Counter(
            {"duplicate": len(stored), "refused": len(refused)} if refused else {"duplicate": len(stored)}
        )
        assert rows_of(db, person.participant_id) == before
    of_this_part = {path.name for path in paths}
    assert sum(unsent.values()) == sum(
        file in of_this_part and "undocumented" in row["reason"] for (file, _), row in rejects.items()
    )
    assert severe_total == sum(
        int(expected[name.replace("data-", "uci-")]["count_lt_2_9"]) for name in of_this_part
    )
    assert verify.verify(db, b"key", STUDY, NOW).findings == ()


def test_the_parts_of_the_replay_are_all_fifty_diaries_with_all_that_is_published() -> None:
    paths = diaries()
    expected = {row["subject"]: row for row in shared_rows("data", "uci-aim94", "expected_full.csv")}
    names = [path.name for part in range(PARTS) for path in paths[part::PARTS]]
    assert len(names) == 50
    assert {name.replace("data-", "uci-") for name in names} == expected.keys()
    rejects = shared_rows("data", "uci-aim94", "rejects.csv")
    assert {row["file"] for row in rejects} <= set(names)
    assert sum("undocumented" in row["reason"] for row in rejects) == 86
    assert sum(int(row["count_lt_2_9"]) for row in expected.values()) > 500


def test_the_broken_lines_file_is_what_the_replay_believes(tmp_path: Path) -> None:
    path = shared("data", "uci-aim94", "rejects.csv")
    with path.open(encoding="utf-8", newline="") as file:
        reasons = {row["reason"] for row in csv.DictReader(file)}
    assert {reason for reason in reasons if not reason.startswith("undocumented")} == set(FITTING)
