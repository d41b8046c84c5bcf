"""Reminders end to end: the real worker sends, a real browser shows, the person answers, the server knows.

Firefox has its own push client and goes the whole way. Chromium's push service cannot be had here, so what the
worker sent to a phone of the test's own is handed to its service worker by the debugger.
"""

import base64
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from diary import clock
from diary.store import participants, schedules
from diary.store.schedules import NewSchedule
from tests import people
from tests.apps import app_on
from tests.browser.conftest import VAPID_KEY, Served
from tests.browser.marionette import Firefox
from tests.browser.push_service import OwnPhone, PushService, push_service
from tests.phone import SHANGHAI
from tests.proof.running import diary_command

SUBJECT = "mailto:diary@example.org"
WITHIN_S = 20.0
STEPS = ("handed_over_at", "received_at", "shown_at", "opened_at", "answered_at")
# The alert that Firefox draws by itself when no desktop does it.
TAP = """const found = [...Services.wm.getEnumerator("alert:alert")];
if (found.length === 0) return null;
const label = (w) => w.document.getElementById("alertTitleLabel")?.getAttribute("value") ?? "";
const text = found.map((w) => `${label(w)} ${w.document.documentElement.textContent}`).join(" ");
found[0].document.getElementById("alertBox").click();
return text;"""
NOTES = """const registration = await navigator.serviceWorker.ready;
return (await registration.getNotifications()).map((n) => ({title: n.title, body: n.body, tag: n.tag}));"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def further(service: PushService) -> Mapping[str, Any]:
    return {"vapid_subject": SUBJECT, "push_hosts": (service.origin,)}


@pytest.fixture
def worker(served: Served, service: PushService, tmp_path: Path) -> Iterator[None]:
    """`diary worker`, as it runs beside the web server."""
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIARY_")},
        "DIARY_DATABASE": served.config.database, "DIARY_BASE_URL": served.origin,
        "DIARY_PORT": str(served.config.port), "DIARY_PUSH_HOSTS": service.origin, "DIARY_VAPID_SUBJECT": SUBJECT,
        "DIARY_VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(bytes.fromhex(VAPID_KEY)).decode().rstrip("="),
    }  # fmt: skip
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            diary_command("worker"), cwd=tmp_path, env=environ, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        yield
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
            raise
    assert status == 0, (tmp_path / "worker.log").read_text()


def _prescribe_now(served: Served) -> str:
    """A dose that is due this minute; its schedule was set an hour ago."""
    now = clock.now()
    local = now.astimezone(SHANGHAI)
    [row] = participants.list_by_ids(served.db, [str(served.people.lin.participant_id)])
    new = NewSchedule(
        kind="dose", title="Tacrolimus", times=(local.strftime("%H:%M"),), zone="Asia/Shanghai",
        from_day=local.date(), to_day=None, window_before_min=60, window_after_min=120, drug="tacrolimus", amount="1 mg",
    )  # fmt: skip
    made = schedules.add(
        served.db, served.people.chen.actor, people.STUDY, now - timedelta(hours=1), row, new
    )
    return str(made["id"])


def _until(served: Served, sql: str, what: str) -> dict[str, object]:
    """The first row of it, once there is one."""
    stop = time.monotonic() + WITHIN_S
    while not (rows := served.rows(sql)):
        assert time.monotonic() < stop, (
            f"not within {WITHIN_S:.0f} s: {what}; {served.rows('select * from deliveries')}"
        )
        time.sleep(0.1)
    return rows[0]


def _is_answered(served: Served, schedule_id: str) -> None:
    """The dose is taken, its reminder answered by that entry, and its delivery went through every step."""
    _until(served, "select id from reminders where state = 'answered'", "the answer at the reminder")
    [entry] = served.rows("select root_id, data from entries where kind = 'dose'")
    data = json.loads(str(entry["data"]))
    assert (data["schedule_id"], data["status"]) == (schedule_id, "taken")
    [reminder] = served.rows("select answer_root_id from reminders where state = 'answered'")
    assert reminder["answer_root_id"] == entry["root_id"]
    delivery = _until(served, "select * from deliveries where state = 'answered'", "the delivery's end")
    assert (delivery["channel"], delivery["about"], delivery["round"]) == ("push", "reminder", 0)
    assert all(delivery[step] for step in STEPS), delivery
    assert served.rows("select id from deliveries where channel <> 'push'") == []


def test_firefox_is_reminded_and_answers(
    served: Served, service: PushService, firefox: Callable[..., Firefox], worker: None
) -> None:
    phone = firefox("phone", service.prefs())
    _sign_in(phone, served)
    phone.script("location.hash = '#/reminders'")
    phone.click("button.main-act", "Turn on reminders")
    phone.says("On for this phone")
    assert len(served.rows("select id from subscriptions where ended_at is null")) == 1

    phone.click("button", "Send a test")
    phone.says("All steps work. Reminders reach this phone.")
    assert phone.chrome(TAP)

    schedule_id = _prescribe_now(served)
    shown = _until(
        served, "select * from deliveries where about = 'reminder' and shown_at is not null", "the receipt"
    )
    assert shown["received_at"] is not None
    phone.until(f"return (await (async () => {{ {NOTES} }})()).length === 1")
    notes = phone.script(NOTES)
    assert isinstance(notes, list)
    assert (notes[0]["title"], notes[0]["body"]) == ("Time for your diary", "Tap to open it")
    assert [posted.why for posted in service.posted] == [None, None]
    assert [ack["code"] for ack in service.acks] == [100] * len(service.acks)

    text = _tap(phone)
    assert "Time for your diary" in text and "Tacrolimus" not in text
    phone.says("Tacrolimus 1 mg")
    assert phone.script("return location.hash") == "#/"
    assert phone.script(NOTES) == []
    phone.click(".due .acts .btn", "Taken")
    phone.until("return document.querySelector('.status.sent') !== null")
    _is_answered(served, schedule_id)

    # Who signs out is not reminded on this phone any more: the browser has given its subscription up.
    phone.script("location.hash = '#/settings'")
    phone.click("button", "Sign out")
    phone.click(".sheet .danger", "Sign out")
    phone.says("I have a code")
    assert served.rows("select id from subscriptions where ended_at is null") == []
    assert phone.script(
        "return (await (await navigator.serviceWorker.ready).pushManager.getSubscription()) === null"
    )


def _sign_in(phone: Firefox, served: Served) -> None:
    lin = served.people.lin
    phone.go(f"{served.origin}/#/sign-in")
    phone.type("#login", lin.login)
    phone.type("#pin", lin.secret)
    phone.click("button.main-act")
    phone.says("Log glucose")
    phone.until("return navigator.serviceWorker.controller !== null")


def _tap(phone: Firefox) -> str:
    stop = time.monotonic() + WITHIN_S
    while not (text := phone.chrome(TAP)):
        assert time.monotonic() < stop, "no notification was drawn"
        time.sleep(0.1)
    return str(text)


def test_chromium_shows_what_the_worker_sent_and_answers(
    served: Served, service: PushService, play: Callable[..., dict[str, object]], worker: None
) -> None:
    phone, lin = OwnPhone(service), served.people.lin
    _subscribe(served, phone)
    schedule_id = _prescribe_now(served)
    stop = time.monotonic() + WITHIN_S
    while not service.posted:
        assert time.monotonic() < stop, "the worker sent nothing"
        time.sleep(0.1)
    [posted] = service.posted
    assert posted.why is None
    told = play("push", "push.mjs", login=lin.login, pin=lin.secret, payload=phone.read(posted))
    # Hers in her own language; what cannot be read is said in the phone's.
    assert told["notes"] == [{"title": "该写日记了", "body": "点一下打开"}]
    assert told["unreadable"] == [{"title": "Time for your diary", "body": "Tap to open it"}]
    _is_answered(served, schedule_id)


def _subscribe(served: Served, phone: OwnPhone) -> None:
    lin, origin = served.people.lin, {"Origin": served.origin}
    client = app_on(served.config, clock.now).test_client()
    who = {"login": lin.login, "secret": lin.secret}
    assert client.post("/api/sign-in", json=who, headers=origin).status_code == 200
    answer = client.post("/api/patient/push/subscriptions", json=phone.subscription(), headers=origin)
    assert answer.status_code == 200, answer.get_json()
