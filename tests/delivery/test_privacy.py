"""What a lock screen, a carrier or a bot service can see: every outgoing byte of every channel is read."""

import asyncio
import re
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller

from diary.db import Database, open_database
from diary.jobs.sending import Sender
from diary.rules.push import topic_of
from diary.store import deliveries, problems
from diary.study import LANGUAGES
from diary.study_file import PACKAGED
from tests import people
from tests.conftest import ENGINES, Templates, copied
from tests.delivery.browser_keys import BrowserKeys
from tests.delivery.push_service import PushService, push_service
from tests.delivery.scene import Moment, config_for, real_phone
from tests.delivery.test_messages import Mailbox
from tests.delivery.test_sms import Gateway, gateway
from tests.people import NOW, STUDY, People, Person
from tests.store.telling import address, page_alert, reminder, rows, told

KINDS = ("dose", "reading", "contraception", "diary", "recheck")
# Words of the topic, in both languages; besides these all that the study and the people are called.
TOPIC = (
    "study", "trial", "研究", "试验", "受试", "islet", "胰岛", "transplant", "移植", "glucose", "sugar", "血糖", "糖",
    "insulin", "胰岛素", "diabet", "糖尿", "hypogly", "低血糖", "dose", "medic", "药", "pill", "tablet", "剂量",
    "tacrolimus", "sirolimus", "mycophenol", "basiliximab", "他克莫司", "西罗莫司", "吗替麦考酚", "contracep", "避孕",
    "pregnan", "怀孕", "妊娠", "hospital", "医院", "clinic", "patient", "患者", "reading", "测量", "再测", "测血", "blood", "血",
    "recheck", "reminder_", "page_", "overdue", "missed", "severe", "严重",
)  # fmt: skip


@dataclass
class Seen:
    """One text that somebody outside could read, and where."""

    where: str
    text: str


@dataclass
class Outside:
    """Everybody who is outside: a push service, a mail server, a bot service, an SMS gateway, a folder."""

    service: PushService
    box: Mailbox
    sms: Gateway
    folder: Path
    hooks: list[str] = field(default_factory=list)
    phones: dict[str, BrowserKeys] = field(default_factory=dict)

    def seen(self) -> list[Seen]:
        found = []
        for got in self.service.received:
            found.append(Seen("push headers", "\n".join(f"{k}: {v}" for k, v in got.headers.items())))
            found.append(Seen("push lock screen", str(self.phones[got.path].read(got.body))))
        for mail in self.box.mails:
            read = message_from_bytes(mail.content, policy=policy.default)
            parts = [part.get_content() for part in read.walk() if part.get_content_maintype() == "text"]
            found += [Seen("mail source", mail.content.decode()), Seen("mail text", "\n".join(parts))]
            found.append(Seen("mail headers", "\n".join(f"{k}: {v}" for k, v in read.items())))
        found += [Seen("bot service", text) for text in self.hooks]
        found += [Seen("SMS", str(fields)) for fields in self.sms.sent]
        found += [Seen("folder", path.read_text(encoding="utf-8")) for path in sorted(self.folder.iterdir())]
        return found


@asynccontextmanager
async def hook_service(hooks: list[str]) -> AsyncIterator[int]:
    async def take(request: web.Request) -> web.Response:
        body = (await request.read()).decode("unicode_escape")
        hooks.append(f"{request.path_qs} {dict(request.headers)} {body}")
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    finally:
        await runner.cleanup()


def everything_to(db: Database, person: Person, about: str, kind: str, n: int, alert_id: str | None) -> None:
    """One delivery by every way at once, under its own group."""
    reminders = [reminder(db, person, kind=kind)] if about in ("reminder", "recheck") else []
    notice = told(
        person, *reminders, about=about, kind=kind, alert_id=alert_id,
        group_id=f"{about}:{person.account_id}:{kind}:{n}",
    )  # fmt: skip
    with db.atomic():
        deliveries.plan(db, [notice], NOW, study=STUDY)
        for row in list(
            db.query("select id, kind from channels where account_id = :a", {"a": person.account_id})
        ):
            deliveries.add(db, [(notice, row["kind"], row["id"])], NOW, study=STUDY)


async def send_all(db: Database, url: str, tmp_path: Path, who: People) -> Outside:
    hooks: list[str] = []
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        mail_port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=mail_port)
    controller.start()
    try:
        async with push_service() as service, gateway() as sms, hook_service(hooks) as hook_port:
            outside = Outside(service, box, sms, tmp_path / "out", hooks)
            config = config_for(
                url, tmp_path, push_hosts=(service.origin,), sms=sms.gate(sign_name="日记"),
                channels={
                    "email": f"mailto://127.0.0.1:{mail_port}/?from=diary@example.org&to={{address}}",
                    "hook": f"json://127.0.0.1:{hook_port}/{{address}}", "folder": str(outside.folder),
                },
            )  # fmt: skip
            fill(db, who, outside)
            sender = Sender(config, STUDY, Moment())
            await sender.send_pushes()
            await sender.send_messages()
            await sender.close()
    finally:
        controller.stop()
    return outside


def fill(db: Database, who: People, outside: Outside) -> None:
    for language, person in zip(LANGUAGES, (who.lin, who.yu), strict=True):
        db.execute(
            "update accounts set language = :l where id = :id", {"l": language, "id": person.account_id}
        )
    everybody = (who.lin, who.yu, who.bo, who.chen, who.zhao, who.ada)
    db.execute("update accounts set language = 'zh-CN' where id = :id", {"id": who.zhao.account_id})
    for number, person in enumerate(everybody):
        _, outside.phones[f"phone{number}"] = real_phone(db, person, outside.service, f"phone{number}")
        for name in ("email", "hook", "folder"):
            address(db, person, f"person{number}@example.org", name=name, tested=True)
        address(db, person, f"1380000000{number}", kind="sms", name="sms", tested=True)
    for n, kind in enumerate(KINDS):
        about = "recheck" if kind == "recheck" else "reminder"
        for person in (who.lin, who.yu, who.bo):
            everything_to(db, person, about, kind, n, None)
    for person in (who.lin, who.yu):
        everything_to(db, person, "test", "recheck", 0, None)
    alert_id = page_alert(db, who.lin)
    for person in (who.chen, who.zhao):
        everything_to(db, person, "page", "page", 0, alert_id)
    problems.open(db, "message_refused", "email", "failed", NOW)
    everything_to(db, who.ada, "operator", "page", 0, None)


def names_of(db: Database) -> set[str]:
    """What the study, its places, medicines and people are called, and every id that leads to a person."""
    packaged = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))
    found = {packaged["id"], packaged["registry_id"], packaged["title"], packaged["site"]["name"]}
    found |= {
        *packaged["medicines"]["immunosuppressants"],
        *packaged["contraception"]["washout_days_by_agent"],
    }
    for sql in (
        "select subject_no, id from participants", "select id, login from accounts", "select id from alerts",
        "select name from identities", "select name from sites", "select title, drug, amount, id from schedules",
        "select id from reminders", "select id from sites", "select group_id from deliveries",
    ):  # fmt: skip
        found |= {str(value) for row in db.query(sql) for value in row.values() if value}
    return found


@dataclass(frozen=True)
class Told:
    """Everybody was told everything, by every way."""

    db: Database
    outside: Outside


@pytest.fixture(scope="module", params=ENGINES)
def told_all(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    """Sent once per engine: the tests only read what went out."""
    folder = tmp_path_factory.mktemp("told")
    with copied(request, templates, people.settle, folder) as (url, who):
        db = open_database(url)
        yield Told(db, asyncio.run(send_all(db, url, folder, who)))
        db.close()


@pytest.fixture
def db(told_all: Told) -> Database:
    return told_all.db


@pytest.fixture
def outside(told_all: Told) -> Outside:
    return told_all.outside


def allowed(text: str) -> str:
    """Without what is no word: opaque ids, tokens and signatures, the addresses that the test gave."""
    text = re.sub(r"person\d@example\.org|1380000000\d|ops@example\.org|diary@example\.org", "", text)
    return re.sub(r"(?<![\w-])[A-Za-z0-9_-]{20,}(?![\w-])", "", text)


def test_nothing_that_leaves_the_house_names_study_drug_topic_or_person(
    db: Database, outside: Outside
) -> None:
    assert {row["state"] for row in rows(db)} == {"handed_over"}, "every way was really gone"
    seen = outside.seen()
    assert {one.where for one in seen} == {
        "push headers", "push lock screen", "mail source", "mail text", "mail headers", "bot service", "SMS",
        "folder",
    }  # fmt: skip
    names = names_of(db)
    assert {"S001", "林国强", "Tacrolimus in the morning", "tacrolimus", "NCT06196996"} <= names
    for one in seen:
        text = unquote(one.text)
        for name in names:
            assert name.lower() not in text.lower(), (one.where, name)
        plain = allowed(text).lower()
        for word in TOPIC:
            assert word not in plain, (one.where, word, plain)


def test_every_kind_looks_like_every_other(db: Database, outside: Outside) -> None:
    """By language, a lock screen of a reminder has one text only: contraception looks like a dose."""
    shown = set()
    for got in outside.service.received:
        note = outside.phones[got.path].read(got.body)["notification"]
        shown.add((note["lang"], note["title"], note["body"]))
    expected = {
        (language, STUDY.text(title, language), STUDY.text(body, language) if body else "")
        for language in LANGUAGES
        for title, body in (
            ("reminder_title", "reminder_body"), ("reminder_test_title", "reminder_test_body"),
            ("page_title", None),
        )
    } | {("en", STUDY.text("operator_title", "en"), "")}  # fmt: skip
    assert shown == expected
    lengths = {
        len(got.body)
        for got in outside.service.received
        if outside.phones[got.path].read(got.body)["notification"]["title"]
        == STUDY.text("reminder_title", "en")
    }
    assert len(lengths) == 1, "nor does the length tell"


def test_a_topic_tells_the_push_service_nothing_and_is_the_tag_on_the_phone(
    db: Database, outside: Outside
) -> None:
    groups = {row["group_id"] for row in rows(db)}
    for got in outside.service.received:
        topic = got.headers["Topic"]
        assert topic in {topic_of(group) for group in groups}
        assert outside.phones[got.path].read(got.body)["notification"]["tag"] == topic
        assert not set(got.headers) & {"Cookie", "Referer", "Origin", "From"}


def test_a_notification_holds_an_opaque_id_a_token_and_its_text_only(db: Database, outside: Outside) -> None:
    ids = {row["id"]: row["token"] for row in rows(db)}
    for got in outside.service.received:
        read: dict[str, Any] = outside.phones[got.path].read(got.body)
        note = read["notification"]
        assert set(read) == {"web_push", "notification"}
        assert set(note) == {"title", "body", "navigate", "lang", "tag", "data"}
        assert ids[note["data"]["delivery_id"]] == note["data"]["token"]
        assert re.fullmatch(
            r"http://localhost:8000/(site/)?#/(today|alerts)?\?t=" + note["data"]["token"], note["navigate"]
        )


def test_the_search_finds_what_it_looks_for() -> None:
    assert any(word in allowed("Take your tacrolimus 1 mg").lower() for word in TOPIC)
    assert any(word in allowed("该测血糖了") for word in TOPIC)
    assert allowed("token 0123456789abcdefghijklmnop") == "token "
