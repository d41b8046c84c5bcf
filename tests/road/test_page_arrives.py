"""A page from the phone's entry to a mail in somebody's box: planned, sent, stamped, ended by a person."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from diary import clock
from diary.db import Database, one
from diary.jobs import paging
from diary.jobs.sending import Sender
from tests.delivery.scene import config_for
from tests.people import STUDY, People
from tests.phone import Desk, Phone, reading
from tests.road.conftest import Clock
from tests.rosters import add_channel, put_on_call

Tick = Callable[[], None]


class Box:
    """Every mail that a server on loopback took: (to, text of the whole)."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Box, str]]:
    box = Box()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"mailto://127.0.0.1:{port}/?from=diary@example.org&to={{address}}"
    controller.stop()


@pytest.fixture
def tick(db: Database, database_url: str, tmp_path: Path, server_clock: Clock, mail: tuple[Box, str]) -> Tick:
    """One turn of the worker: pages planned, and what is due handed over."""
    config = config_for(database_url, tmp_path, channels={"email": mail[1]})

    async def send() -> None:
        sender = Sender(config, STUDY, server_clock)
        await sender.send_messages()
        await sender.close()

    def turn() -> None:
        paging.page_staff(db, STUDY, server_clock())
        asyncio.run(send())

    return turn


def _text(mail: str | bytes) -> tuple[str, str]:
    """Subject and body of a mail."""
    message = message_from_bytes(mail if isinstance(mail, bytes) else mail.encode())
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    parts = parts or [part for part in message.walk() if not part.is_multipart()]
    text = parts[0].get_payload(decode=True)
    assert isinstance(text, bytes)
    return str(message["Subject"]), text.decode()


def test_a_page_arrives_as_a_mail_that_says_only_to_open_the_desk_and_is_stamped(
    db: Database, who: People, phone: Phone, desk: Desk, tick: Tick, mail: tuple[Box, str],
    server_clock: Clock,
) -> None:  # fmt: skip
    box = mail[0]
    for person in (who.chen, who.zhao):
        add_channel(db, person)
    put_on_call(db, who.chen, who.zhao)
    phone.put(reading(server_clock(), "LO"))
    tick()
    tick()
    [(to, content)] = box.mails
    subject, body = _text(content)
    assert to == "chen@pager.example"
    assert subject == "URGENT: open the desk"
    link = body.strip()
    assert link.startswith("http://localhost:8000/site/#/alerts?t=") and "\n" not in link
    [alert] = desk.alerts()
    assert alert["sent_at"] == clock.to_text(server_clock()) and alert["delivered_at"] is None
    server_clock.forward(minutes=15)
    tick()
    assert len(box.mails) == 2 and box.mails[1][0].startswith("zhao")
    # The first time is kept: the SAE questions ask when somebody was told first.
    assert desk.alerts()[0]["sent_at"] == alert["sent_at"]
    rounds = desk.alerts()[0]["rounds"]
    assert [(one["round"], one["delivered_at"]) for one in rounds] == [(0, None), (1, None)]
    assert rounds[0]["sent_at"] == alert["sent_at"] < rounds[1]["sent_at"]
    taken = desk.post(f"/alerts/{alert['id']}/acknowledge").get_json()
    assert taken["acknowledged_by_name"] == who.chen.name and taken["resolved_by_name"] is None
    server_clock.forward(minutes=15)
    tick()
    assert len(box.mails) == 2
    states = {row["state"] for row in db.query("select state from deliveries")}
    assert states == {"answered"}


def test_a_page_of_which_somebody_took_charge_before_it_went_out_stays_here(
    db: Database, who: People, phone: Phone, desk: Desk, tick: Tick, mail: tuple[Box, str],
    server_clock: Clock,
) -> None:  # fmt: skip
    add_channel(db, who.chen)
    put_on_call(db, who.chen)
    phone.put(reading(server_clock(), "LO"))
    paging.page_staff(db, STUDY, server_clock())
    assert one(db, "select state from deliveries") == {"state": "planned"}
    [alert] = desk.alerts()
    desk.post(f"/alerts/{alert['id']}/acknowledge")
    tick()
    assert mail[0].mails == []
