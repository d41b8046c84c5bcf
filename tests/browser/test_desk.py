"""The coordinator's day on the demo's data, each step in a browser, in the language of who is at the desk."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diary import clock, config, demo, study_file, worker
from diary.config import Config
from diary.db import Database, open_database
from diary.jobs import days, paging, reminders
from tests import people
from tests.browser.conftest import missing_parts, serving, skip_without

Play = Callable[..., dict[str, Any]]
# A year takes a minute to fill; in twenty days the same people have the same story.
DAYS = 20
# Stopped logging four days before the end of the demo; active; two who are enrolled and take no medicine yet.
SILENT, ACTIVE, ENROLLED = "S009", "S001", "S008"
SHANGHAI = ZoneInfo("Asia/Shanghai")
COORDINATORS = {
    "zh-CN": ("coordinator@demo.invalid", "沈静"),
    "en": ("second.coordinator@demo.invalid", "Laura Weiss"),
}
SAID = {
    "zh-CN": {
        "question": "这一针用的是新的试纸吗？", "answer": "是的，早上刚开的一盒。", "closing": "和试纸盒对上了。",
        "resolution": "喝了果汁，15 分钟后 6.2，电话里说过了。", "child": "刘小满", "guardian": "刘芳", "relation": "母亲",
        "reason": "他克莫司谷浓度",
    },
    "en": {
        "question": "Was the strip from the new box?", "answer": "Yes, opened this morning.",
        "closing": "The box says the same.", "resolution": "Juice, 6.2 after 15 minutes, spoke on the phone.",
        "child": "Liu Xiaoman", "guardian": "Liu Fang", "relation": "mother", "reason": "trough level",
    },
}  # fmt: skip


@dataclass(frozen=True)
class DemoDesk:
    """The demo, served; what a scene needs to know of its people."""

    origin: str
    db: Database
    language: str
    secrets: dict[str, str]

    @property
    def known(self) -> dict[str, str]:
        """Who is at the desk, and what that person says."""
        login, name = COORDINATORS[self.language]
        said = SAID[self.language]
        return {
            "language": self.language,
            "login": login,
            "password": self.secrets[login],
            "name": name,
            **said,
        }

    def participant(self, subject: str) -> dict[str, str]:
        [row] = self.rows("select id from participants where subject_no = :s", s=subject)
        return {"participant": row["id"], "subject": subject, "pin": self.secrets[subject]}

    def rows(self, sql: str, **params: object) -> list[dict[str, Any]]:
        return [dict(row) for row in self.db.query(sql, params)]

    @property
    def coordinator_id(self) -> str:
        [row] = self.rows("select id from accounts where login = :l", l=COORDINATORS[self.language][0])
        return str(row["id"])


def settings(folder: Path, port: int) -> Config:
    url = f"sqlite:///{folder}/instance/demo.db"
    return config.load({"DIARY_DATABASE": url, "DIARY_PORT": str(port)}, None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that ends now, after the first ticks of its worker; it is copied, never changed."""
    skip_without(missing_parts())
    people.hash_quickly()
    folder = tmp_path_factory.mktemp("demo")
    made = settings(folder, 8000)
    demo.ensure(made, days=DAYS, now=clock.now())
    db, rules = open_database(made.database), study_file.load(made.study_path)
    worker.escalate(db, rules, clock.now())
    paging.page_staff(db, rules, clock.now())
    days.keep_days(db, rules, clock.now())
    reminders.run(db, rules, clock.now())
    db.close()
    return folder


@pytest.fixture(scope="module", params=COORDINATORS)
def served(
    request: pytest.FixtureRequest, filled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoDesk]:
    """A server per language, on a copy of its own; `play` of conftest.py takes it in the place of the named people's."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(filled / "instance", folder / "instance")
    logins = json.loads((folder / "instance" / "demo-accounts.json").read_text("utf-8"))
    with serving(lambda port: settings(folder, port)) as made:
        db = open_database(made.database)
        secrets = {login["login"]: login["secret"] for login in logins}
        yield DemoDesk(made.base_url, db, str(request.param), secrets)
        db.close()


def test_the_page_stays_where_one_reads_when_the_order_changes(served: DemoDesk, play: Play) -> None:
    """Only the keys move it."""
    assert play("stays_where_one_reads", "desk.mjs", **served.known)["first"]


@pytest.mark.parametrize("scene", ["find", "find_by_keys"])
def test_who_stopped_logging_is_found_and_the_figure_explained(
    served: DemoDesk, play: Play, scene: str
) -> None:
    """Once with the pointer, once by the keyboard alone."""
    [heard] = served.rows(
        "select max(e.received_at) as at from entries e join participants p on p.id = e.participant_id"
        " where p.subject_no = :s and e.author_role in ('participant', 'guardian')",
        s=SILENT,
    )
    silent_days = (clock.now() - clock.from_text(heard["at"])).days
    told = play(scene, "desk.mjs", days=silent_days, subject=SILENT, **served.known)
    assert told["found"] == SILENT
    [lived] = served.rows(
        "select max(e.occurred_at) as at from entries e join participants p on p.id = e.participant_id"
        " where p.subject_no = :s and e.author_role = 'participant'",
        s=SILENT,
    )
    assert timedelta(days=4) <= clock.now() - clock.from_text(lived["at"]) < timedelta(days=6)
    assert told["missed"] >= 4 * told["points_a_day"] - 1


def test_a_query_goes_to_the_phone_and_back_and_is_closed(served: DemoDesk, play: Play) -> None:
    told = play("query", "desk.mjs", **served.participant(ACTIVE), **served.known)
    [query] = served.rows("select * from queries")
    [reading] = served.rows("select data, kind from entries where id = :id", id=query["entry_id"])
    assert (reading["kind"], query["field"], query["state"]) == ("reading", "data.value", "closed")
    assert json.loads(reading["data"])["value"] in told["value"]
    assert query["raised_by"] == query["closed_by"] == served.coordinator_id
    assert query["raised_at"] < query["answered_at"] < query["closed_at"]
    said = served.rows("select author_role, text from query_messages order by number")
    assert [(one["author_role"], one["text"]) for one in said] == [
        ("coordinator", served.known["question"]),
        ("participant", served.known["answer"]),
        ("coordinator", served.known["closing"]),
    ]


def test_a_page_is_acknowledged_and_resolved_with_name_time_and_sentence(
    served: DemoDesk, play: Play
) -> None:
    # The demo has one of its own; by the hour somebody's night may have brought another.
    pages = served.rows("select id from alerts where level = 'page' and state = 'open'")
    sae = "undecided" if served.language == "en" else "no"
    told = play("page", "desk.mjs", sae=sae, pages=len(pages), **served.known)
    [alert] = served.rows("select * from alerts where resolution = :said", said=served.known["resolution"])
    assert alert["id"] in {page["id"] for page in pages}
    assert (alert["state"], alert["sae"]) == ("resolved", sae)
    me = served.coordinator_id
    assert (alert["seen_by"], alert["acknowledged_by"], alert["resolved_by"]) == (me, me, me)
    for at in (alert["seen_at"], alert["acknowledged_at"], alert["resolved_at"]):
        assert f"{clock.from_text(at).astimezone(SHANGHAI):%H:%M}" in told["shown"]


def test_a_child_is_enrolled_with_a_guardian_who_gets_code_and_leaflet(served: DemoDesk, play: Play) -> None:
    today = clock.now().astimezone(SHANGHAI).date()
    birth_day = today.replace(year=today.year - 9, day=1)
    told = play("enrol", "desk.mjs", subject="S019", birth_day=birth_day.isoformat(), **served.known)
    assert Path(told["leaflet"]).read_bytes().startswith(b"%PDF")
    [row] = served.rows("select * from participants where subject_no = 'S019'")
    assert (row["state"], row["birth_day"], row["sex"]) == ("screening", birth_day.isoformat(), "female")
    names = served.rows(
        "select i.name from identities i join guardianships g on g.account_id = i.holder_id"
        " where g.participant_id = :p",
        p=row["id"],
    )
    assert [one["name"] for one in names] == [served.known["guardian"]]
    # The code of the leaflet opens the guardian's account.
    assert told["activated"] == "S019-G1"


def test_tacrolimus_with_a_blood_draw_tomorrow_stands_on_the_desk_and_on_the_phone(
    served: DemoDesk, play: Play
) -> None:
    tomorrow = clock.now().astimezone(SHANGHAI).date() + timedelta(days=1)
    told = play("hold", "desk.mjs", day=tomorrow.isoformat(), **served.participant(ENROLLED), **served.known)
    [schedule] = served.rows(
        "select s.* from schedules s join participants p on p.id = s.participant_id"
        " where p.subject_no = :s and s.drug = 'tacrolimus'",
        s=ENROLLED,
    )
    assert json.loads(schedule["times"]) == ["08:00", "20:00"]
    hold = json.loads(schedule["hold"])
    assert (hold["day"], hold["reason"]) == (tomorrow.isoformat(), served.known["reason"])
    assert datetime.fromisoformat(hold["latest_at"]) == datetime.fromisoformat(f"{tomorrow}T10:30:00+08:00")
    assert told["title"] == schedule["title"]
