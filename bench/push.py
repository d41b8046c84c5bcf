"""10,000 reminders due in one minute: against a plain pywebpush loop, and against nothing but encryption."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pywebpush

from diary import clock, study_file
from diary.config import Config, load
from diary.db import Database, open_database
from diary.delivery import webpush
from diary.jobs import sending
from diary.jobs.sending import Sender
from diary.rules import push
from diary.store import deliveries
from diary.store.deliveries import Notice
from tests.delivery.browser_keys import BrowserKeys, browser_keys

STUDY = study_file.load()
DELAY_MS = 150
TIMES_PLAIN, SHARE_OF_FLOOR, WITHIN_S = 100, 0.35, 10
SUBJECT = "mailto:bench@example.org"
# So many different phones; their keys cost as much to read as those of 10,000.
PHONES = 200


@dataclass(frozen=True)
class Figures:
    """Messages a second, the slowest from due to handed over, and processor time a message."""

    rate: float
    slowest_s: float
    work_us: float


def main(folder: Path, start: Path, account_id: str, messages: int, sample: int) -> None:
    phones = [browser_keys() for _ in range(PHONES)]
    with sink(DELAY_MS) as port:
        ours = sent(folder, start, account_id, phones, port, messages)
        plain = plain_loop(port, phones, sample)
    print(f"\npush, {messages} reminders due at once, a push service that takes {DELAY_MS} ms")
    print(f"  {'plain webpush() loop, ' + str(sample) + ' messages':34} {plain:8.1f} messages/s")
    times = f"ratio {ours.rate / plain:.0f} (goal {TIMES_PLAIN})"
    print(f"  {'the sender':34} {ours.rate:8.1f} messages/s   {times}")
    print(f"  {'the last one handed over after':34} {ours.slowest_s:8.1f} s            (goal {WITHIN_S} s)")
    with sink(0) as port:
        quick = sent(folder, start, account_id, phones, port, messages)
    floor = encryption_only(phones, messages)
    print(f"push, {messages} messages, a push service that answers at once")
    print(f"  {'encryption alone':34} {floor.rate:8.1f} messages/s")
    share = f"ratio {quick.rate / floor.rate:.2f} (goal {SHARE_OF_FLOOR})"
    print(f"  {'the sender':34} {quick.rate:8.1f} messages/s   {share}")
    work = f"encryption {floor.work_us:.0f} us, the sender {quick.work_us:.0f} us"
    print(f"  processor time a message: {work}   ratio {floor.work_us / quick.work_us:.2f}")


@contextmanager
def sink(delay_ms: int) -> Iterator[int]:
    """The push service in a process of its own; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sink", str(delay_ms)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def sent(
    folder: Path, start: Path, account_id: str, phones: list[BrowserKeys], port: int, messages: int
) -> Figures:
    """Plan `messages` deliveries, then let one sender hand them over, database and all."""
    path = folder / "push" / "diary.db"
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    shutil.copyfile(start, path)
    config = load(
        {
            "DIARY_DATABASE": f"sqlite:///{path}", "DIARY_PUSH_HOSTS": f"http://127.0.0.1:{port}",
            "DIARY_VAPID_SUBJECT": SUBJECT,
        },
        None,
    )  # fmt: skip
    db = open_database(config.database)
    due_at = clock.now()
    plan(db, account_id, phones, port, messages, due_at)
    began, worked, started_at = time.perf_counter(), time.process_time(), clock.now()
    tried = asyncio.run(hand_over(config))
    took, work = time.perf_counter() - began, time.process_time() - worked
    [row] = db.query(
        "select count(*) as n, max(handed_over_at) as last from deliveries where state = 'handed_over'"
    )
    db.close()
    if tried != messages or row["n"] != messages:
        raise RuntimeError(f"{tried} tried and {row['n']} handed over, of {messages}")
    # The database's own times: due to handed over, without the start of the program before.
    slowest = clock.from_text(row["last"]) - started_at
    return Figures(messages / took, slowest.total_seconds(), work / messages * 1e6)


def plan(
    db: Database, account_id: str, phones: list[BrowserKeys], port: int, messages: int, now: datetime
) -> None:
    with db.atomic():
        at = clock.to_text(now)
        for number, phone in enumerate(phones):
            db.execute(
                "insert into subscriptions (id, account_id, endpoint, host, p256dh, auth, device, created_at,"
                " seen_at, ended_at) values (:id, :account, :endpoint, :host, :p256dh, :auth, 'bench', :at,"
                " :at, null)",
                {
                    "id": f"phone-{number}", "account": account_id, "host": f"127.0.0.1:{port}",
                    "endpoint": f"http://127.0.0.1:{port}/push/{number}", "at": at, **phone.texts,
                },
            )  # fmt: skip
        expires_at = now + timedelta(hours=2)
        told = [
            Notice(f"t:{number}", "test", "dose", account_id, None, None, None, 0, now, expires_at)
            for number in range(messages)
        ]
        to = [(notice, "push", f"phone-{number % PHONES}") for number, notice in enumerate(told)]
        deliveries.add(db, to, now, study=STUDY)  # type: ignore[arg-type]


async def hand_over(config: Config) -> int:
    sending.collect_seldom()  # as the worker does
    sender = Sender(config, STUDY)
    try:
        return await sender.send_pushes()
    finally:
        await sender.close()


def message(number: int) -> bytes:
    return webpush.payload(
        title=STUDY.text("reminder_title", "zh-CN"), body=STUDY.text("reminder_body", "zh-CN"),
        navigate="http://localhost:8000/#/today?t=0123456789abcdef0123456789abcdef", lang="zh-CN",
        tag=push.topic_of(str(number)), delivery_id="0198c0de-0000-7000-8000-000000000000",
        token="0123456789abcdef0123456789abcdef",
    )  # fmt: skip


def plain_loop(port: int, phones: list[BrowserKeys], sample: int) -> float:
    """What a first version does: the library's one call, one after the other; messages a second."""
    key = push.encode64(bytes.fromhex("11" * 32))
    began = time.perf_counter()
    for number in range(sample):
        pywebpush.webpush(
            {"endpoint": f"http://127.0.0.1:{port}/push/{number}", "keys": phones[number % PHONES].texts},
            data=message(number), vapid_private_key=key, vapid_claims={"sub": SUBJECT}, ttl=7200,
        )  # fmt: skip
    return sample / (time.perf_counter() - began)


def encryption_only(phones: list[BrowserKeys], messages: int) -> Figures:
    """The least that anybody must do for each message."""
    plain = message(0)
    keys = [phone.keys for phone in phones]
    began, worked = time.perf_counter(), time.process_time()
    for number in range(messages):
        webpush.encrypt(plain, keys[number % PHONES])
    took, work = time.perf_counter() - began, time.process_time() - worked
    return Figures(messages / took, took, work / messages * 1e6)


def accounts_first(path: Path) -> str:
    """Any account that is in the database: who is told does not matter here."""
    db = open_database(f"sqlite:///{path}")
    [row] = db.query("select id from accounts where role = 'participant' order by login limit 1")
    db.close()
    return str(row["id"])
