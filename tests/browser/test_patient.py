"""The patient app in Chromium against the real application."""

from collections.abc import Callable
from datetime import timedelta

from diary import clock
from diary.store import schedules
from tests import people
from tests.browser.conftest import Served

Play = Callable[..., dict[str, object]]
LOW_SCREEN_MS = 200


def test_the_low_screen_comes_at_once(served: Served, play: Play) -> None:
    lin = served.people.lin
    assert float(str(play("quick", "patient.mjs", login=lin.login, pin=lin.secret)["low_ms"])) < LOW_SCREEN_MS


def test_a_guardian_writes_for_the_child_and_says_why(served: Served, play: Play) -> None:
    mei = served.people.mei
    play("guardian", "patient.mjs", login=mei.login, pin=mei.secret)
    by = {"participant_id": mei.participant_id, "author_role": "guardian", "proxy_reason": "年纪还小"}
    assert served.rows(
        "select kind, participant_id, author_role, proxy_reason from entries order by kind"
    ) == [
        {"kind": "hypo_event", **by},
        {"kind": "reading", **by},
    ]


def test_two_phones_answering_one_dose_are_a_conflict_to_look_at(served: Served, play: Play) -> None:
    lin, now = served.people.lin, clock.now()
    local = now + timedelta(hours=8)
    row = next(served.db.query("select * from participants where id = :id", {"id": lin.participant_id}))
    new = schedules.NewSchedule(
        kind="dose", title="Tacrolimus", times=(local.strftime("%H:%M"),), zone="Asia/Shanghai",
        from_day=local.date(), to_day=None, window_before_min=60, window_after_min=120, drug="tacrolimus", amount="1 mg",
    )  # fmt: skip
    # A schedule counts from the instant at which it was made: here before the slot that is answered.
    schedules.add(served.db, served.people.chen.actor, people.STUDY, now - timedelta(hours=1), row, new)
    play("conflict", "patient.mjs", login=lin.login, pin=lin.secret, dose="Tacrolimus 1 mg")
    assert [row["kind"] for row in served.rows("select kind from entries")] == ["dose"]
    assert [row["status"] for row in served.rows("select status from refusals")] == ["conflict"]


def test_what_waits_stays_with_its_account_on_a_shared_phone(served: Served, play: Play) -> None:
    lin, yu = served.people.lin, served.people.yu
    play("sign_out", "patient.mjs", login=lin.login, other=yu.login, pin=people.PIN)
    [note] = served.rows("select participant_id from entries where kind = 'note'")
    assert note["participant_id"] == lin.participant_id


def test_axe_finds_nothing_on_any_screen_at_twice_the_text(served: Served, play: Play) -> None:
    """test_axe.py walks every screen at 100 %; the largest text is where lines break and buttons shrink."""
    lin = served.people.lin
    found = play(
        "screens", "patient.mjs", login=lin.login, pin=lin.secret, lang="en", text=200, theme="dark"
    )["found"]
    assert isinstance(found, list)
    assert not found, "\n".join(found)


def test_the_app_can_be_installed(served: Served, play: Play) -> None:
    told = play("install", "patient.mjs")
    assert told["manifest"] == []
    assert told["installability"] == []
