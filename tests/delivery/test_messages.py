"""Messages to a real mail server, a real HTTP receiver and a folder; what happens when these are away."""

import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from diary.delivery import messages
from diary.delivery.texts import Words

WORDS = Words("该写日记了", "点一下打开", "http://localhost:8000/#/today?t=abc")
DEAD = "127.0.0.1:9"  # nothing listens on this port


class Mailbox:
    """aiosmtpd's handler: keeps every mail as it came, or refuses it."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.refusal: str | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusal:
            return self.refusal
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"mailto://127.0.0.1:{port}/?from=diary@example.org&to={{address}}"
    finally:
        controller.stop()


class Receiver(ThreadingHTTPServer):
    """Keeps what was posted; answers with `status`."""

    def __init__(self) -> None:
        self.posted: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def send(template: str, address: str = "lin@example.org", name: str = "email") -> str:
    return messages.send(name, template, address, WORDS, message_id="m1").outcome


def test_a_mail_arrives_whole_in_the_readers_language(mail: tuple[Mailbox, str]) -> None:
    box, template = mail
    assert send(template) == "handed_over"
    [envelope] = box.mails
    assert envelope.rcpt_tos == ["lin@example.org"]
    read = message_from_bytes(envelope.content)
    assert str(make_header(decode_header(read["Subject"]))) == WORDS.title
    parts = [part for part in read.walk() if part.get_content_type().startswith("text/")]
    text = "".join(part.get_payload(decode=True).decode() for part in parts)  # type: ignore[union-attr]
    assert WORDS.body in text and WORDS.link in text.replace("&#x3D;", "=").replace("&amp;", "&")
    assert b"pprise" not in envelope.content


def test_an_address_cannot_change_where_the_message_goes(mail: tuple[Mailbox, str]) -> None:
    box, template = mail
    outcomes = {
        send(template, hostile)
        for hostile in ("a@example.org&to=evil@example.org", "a@example.org?bcc=e@e.org")
    }
    assert all("evil@example.org" not in envelope.rcpt_tos for envelope in box.mails)
    assert all("e@e.org" not in envelope.rcpt_tos for envelope in box.mails)
    assert outcomes <= {"handed_over", "later", "refused"}


def test_a_mail_server_that_refuses_or_is_away_is_tried_again(mail: tuple[Mailbox, str]) -> None:
    box, template = mail
    box.refusal = "451 later"
    assert send(template) == "later"
    assert send(f"mailto://{DEAD}/?from=diary@example.org&to={{address}}") == "later"


def test_a_service_behind_http_gets_title_and_link(receiver: Receiver) -> None:
    template = f"json://127.0.0.1:{receiver.server_port}/{{address}}"
    assert send(template, "key/of lin", "hook") == "handed_over"
    [(_, body)] = receiver.posted
    said = json.loads(body)
    assert said["title"] == WORDS.title and WORDS.link in said["message"]
    receiver.status = 500
    result = messages.send("hook", template, "key", WORDS, message_id="m")
    assert result.outcome == "later" and result.error and "key" not in result.error


def test_a_way_that_apprise_does_not_know_is_our_fault() -> None:
    result = messages.send("x", "nonsense://{address}", "lin", WORDS, message_id="m")
    assert (result.outcome, result.error) == ("refused", "the way x is set up wrongly in DIARY_CHANNELS")


def test_the_folder_holds_one_whole_file_a_message(tmp_path: Path) -> None:
    assert send(str(tmp_path / "out"), name="folder") == "handed_over"
    assert send(str(tmp_path / "out"), name="folder") == "handed_over"
    [path] = (tmp_path / "out").iterdir()
    assert (
        path.read_text(encoding="utf-8")
        == f"To: lin@example.org\n\n{WORDS.title}\n{WORDS.body}\n{WORDS.link}\n"
    )
    (tmp_path / "file").write_text("in the way")
    assert send(str(tmp_path / "file"), name="folder") == "later"


def test_a_page_is_its_title_and_the_link() -> None:
    assert (
        messages.text_of(Words("URGENT", "", "https://d.example.org/site/")) == "https://d.example.org/site/"
    )
