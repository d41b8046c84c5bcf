"""The patient app in Chromium against the real application."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from diary import clock
from diary.store import schedules
from tests import people
from tests.browser.conftest import Served

Play = Callable[..., dict[str, object]]
# A browser that is closed leaves connections behind, which the test server drops unclosed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
LOW_SCREEN_MS = 200
NEW_PIN = "804162"


def test_a_severe_low_logged_offline_survives_a_kill_and_is_read_at_the_site(
    served: Served, play: Play
) -> None:
    told = play(
        "road",
        code=served.code_for(served.people.lin),
        pin=NEW_PIN,
        password=people.PASSWORD,
        acknowledgement={},
    )
    assert told["level"] == "desk"
    kinds = [row["kind"] for row in served.rows("select kind from entries order by kind")]
    assert kinds == ["hypo_event", "reading"]
    assert len(served.rows("select id from alerts")) == 1


def test_the_low_screen_comes_at_once(served: Served, play: Play) -> None:
    lin = served.people.lin
    assert float(str(play("quick", login=lin.login, pin=lin.secret)["low_ms"])) < LOW_SCREEN_MS


def test_a_guardian_writes_for_the_child_and_says_why(served: Served, play: Play) -> None:
    mei = served.people.mei
    play("guardian", login=mei.login, pin=mei.secret)
    [entry] = served.rows("select participant_id, author_role, proxy_reason from entries")
    assert entry == {
        "participant_id": mei.participant_id,
        "author_role": "guardian",
        "proxy_reason": "年纪还小",
    }


def test_two_phones_answering_one_dose_are_a_conflict_to_look_at(served: Served, play: Play) -> None:
    lin, now = served.people.lin, clock.now()
    local = now + timedelta(hours=8)
    row = next(served.db.query("select * from participants where id = :id", {"id": lin.participant_id}))
    new = schedules.NewSchedule(
        kind="dose", title="Tacrolimus", times=(local.strftime("%H:%M"),), zone="Asia/Shanghai",
        from_day=local.date(), to_day=None, window_before_min=60, window_after_min=120, drug="tacrolimus", amount="1 mg",
    )  # fmt: skip
    schedules.add(served.db, served.people.chen.actor, people.STUDY, now, row, new)
    play("conflict", login=lin.login, pin=lin.secret, dose="Tacrolimus 1 mg")
    assert [row["kind"] for row in served.rows("select kind from entries")] == ["dose"]
    assert [row["status"] for row in served.rows("select status from refusals")] == ["conflict"]


def test_a_late_reading_is_held_until_the_site_accepts_it(served: Served, play: Play) -> None:
    lin = served.people.lin
    day = (clock.now() + timedelta(hours=8) - timedelta(days=4)).date().isoformat()
    play(
        "held",
        login=lin.login,
        pin=lin.secret,
        day=day,
        password=people.PASSWORD,
        participant=lin.participant_id,
    )


def test_what_waits_stays_with_its_account_on_a_shared_phone(served: Served, play: Play) -> None:
    lin, yu = served.people.lin, served.people.yu
    play("sign_out", login=lin.login, other=yu.login, pin=people.PIN)
    [note] = served.rows("select participant_id from entries where kind = 'note'")
    assert note["participant_id"] == lin.participant_id


@pytest.mark.parametrize(("lang", "text", "theme"), [("zh-CN", 100, "light"), ("en", 200, "dark")])
def test_axe_finds_nothing_on_any_screen(
    served: Served, play: Play, lang: str, text: int, theme: str
) -> None:
    lin = served.people.lin
    found = play("screens", login=lin.login, pin=lin.secret, lang=lang, text=text, theme=theme)["found"]
    assert isinstance(found, list)
    assert not found, "\n".join(found)


def test_the_app_can_be_installed(served: Served, play: Play) -> None:
    told = play("install")
    assert told["manifest"] == []
    assert told["installability"] == []
