"""The sender: claims due deliveries, hands them over with hundreds in flight, keeps what became of them.

It lives in the worker's loop with one keep-alive client for push services and the SMS gateway. The
database is asked in threads, one call at a time for each way, and what was answered is written in
batches, one transaction each.
"""

import asyncio
import contextlib
import gc
import logging
import random
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from diary import clock
from diary.config import Config
from diary.db import Database, Row, marks, open_database
from diary.delivery import messages, sms, texts, webpush
from diary.delivery.http import Answer, NoAnswer, Posts
from diary.delivery.webpush import Signer
from diary.jobs.steps import run_each
from diary.rules import push
from diary.rules.outcomes import Result
from diary.store import accounts, deliveries, fallback, outbox, problems, push_hosts
from diary.store.deliveries import Notice
from diary.store.ladder import Channel
from diary.store.outbox import Sent
from diary.study import Study

log = logging.getLogger(__name__)
# In flight at once and per claim: latency times this decides how much goes out in a second.
PUSHES, MESSAGES = 500, 8
BATCH: Final = 200
TIMEOUT_S: Final = 20.0
# Answers wait so long for others, so that one transaction keeps many of them.
GATHER_S: Final = 0.1
STOP_WITHIN_S: Final = 5.0
GARBAGE_AFTER: Final = 20_000
OPERATOR_WITHIN: Final = timedelta(days=1)
NO_SUBJECT: Final = "push_subject_missing"
_T = TypeVar("_T")
Send = Callable[[Row], Awaitable[Result]]


@dataclass
class Sender:
    """One worker's sender; `now` is the clock, so that tests may hold it."""

    config: Config
    study: Study
    now: Callable[[], datetime] = clock.now
    closing: bool = False
    _busy: set["asyncio.Task[Any]"] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        subject = self.config.vapid_subject
        self._signer = Signer(self.config.vapid_private_key, subject) if subject else None
        self._posts = Posts(TIMEOUT_S, PUSHES + MESSAGES)

    async def send_pushes(self) -> int:
        """Hand over every push that is due; how many were tried."""
        if self._signer is None or self.closing:
            return 0
        return await self._kept(self._drain(("push",), PUSHES, self._push))

    async def send_messages(self) -> int:
        """The same for messages and SMS, whose services are slower: apart, so that no push waits for them."""
        if self.closing:
            return 0
        return await self._kept(self._drain(("message", "sms"), MESSAGES, self._message))

    async def close(self) -> None:
        """Claim nothing more, let what is in flight end within STOP_WITHIN_S, and close the connections.

        What does not end is claimed again when its lease lapses.
        """
        self.closing = True
        if self._busy:
            _done, left = await asyncio.wait(self._busy, timeout=STOP_WITHIN_S)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        await self._posts.close()

    async def _kept(self, work: Awaitable[_T]) -> _T:
        """A task of our own: the scheduler's shutdown cancels its jobs, and a batch must be written."""
        task = asyncio.ensure_future(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return await asyncio.shield(task)

    async def _drain(self, channels: Sequence[Channel], at_once: int, send: Send) -> int:
        db = await asyncio.to_thread(open_database, self.config.database)
        try:
            return await self._pump(db, channels, at_once, send)
        finally:
            await asyncio.to_thread(db.close)

    async def _pump(self, db: Database, channels: Sequence[Channel], at_once: int, send: Send) -> int:
        """Claim while there is room, finish while answers come: by turns, over this one connection."""
        batch, tried, more = min(BATCH, at_once), 0, True
        flying: set[asyncio.Task[None]] = set()
        answered: list[Sent] = []
        wake = asyncio.Event()

        async def fly(row: Row) -> None:
            answered.append(await self._one(row, send))

        def landed(task: asyncio.Task[None]) -> None:
            flying.discard(task)
            if len(answered) >= batch or not flying:
                wake.set()

        while more or flying or answered:
            more, waited = more and not self.closing, False
            if more and len(flying) + batch <= at_once:
                rows, more = await asyncio.to_thread(outbox.claim, db, channels, batch, self.now())
                tried += len(rows)
                for row in rows:
                    task = asyncio.create_task(fly(row))
                    flying.add(task)
                    task.add_done_callback(landed)
            elif flying and len(answered) < batch:
                wake.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), GATHER_S)
                waited = True
            if len(answered) >= batch or (answered and (waited or not flying)):
                kept, answered[:] = list(answered), []
                await asyncio.to_thread(outbox.finish, db, kept, self.now())
        return tried

    async def _one(self, row: Row, send: Send) -> Sent:
        try:
            result = await send(row)
        except (TimeoutError, OSError) as error:
            kind = str(error) if isinstance(error, NoAnswer) else type(error).__name__
            result = Result("later", error=f"no answer ({kind})")
        except Exception:
            # A defect of ours must not hold up the others, nor be lost.
            log.exception("delivery %s could not be sent", row["id"])
            result = Result("refused", error="it could not be sent")
        return Sent(row, result, self.now(), random.random())

    async def _push(self, row: Row) -> Result:
        if self._signer is None:
            raise ValueError("without a subject nothing is signed")
        if push.known_host(row["endpoint"], self.config.push_hosts) != row["host"]:
            return Result("refused", error="its push service is not one of DIARY_PUSH_HOSTS")
        now, tag = self.now(), push.topic_of(row["group_id"])
        words = self._words(row)
        plain = webpush.payload(
            title=words.title, body=words.body, navigate=words.link, lang=row["language"], tag=tag,
            delivery_id=row["id"], token=row["token"],
        )  # fmt: skip
        made = webpush.request(
            row["endpoint"], push.stored_keys(row["p256dh"], row["auth"]), plain, signer=self._signer,
            topic=tag, expires_at=clock.from_text(row["expires_at"]), now=now,
        )  # fmt: skip
        answer = await self._post(made)
        return webpush.judge(answer.status, answer.headers, self.now())

    async def _post(self, made: webpush.Request) -> Answer:
        """A redirect is an answer too: it is not followed."""
        return await self._posts.post(made.url, made.headers, made.body)

    async def _message(self, row: Row) -> Result:
        words = self._words(row)
        if row["channel"] == "sms":
            return await self._sms(row)
        template = self.config.channels.get(row["name"])
        if template is None:
            return Result("refused", error=f"the way {row['name']} is not in DIARY_CHANNELS")
        return await in_thread_of_its_own(
            lambda: messages.send(row["name"], template, row["address"], words, message_id=row["id"])
        )

    async def _sms(self, row: Row) -> Result:
        gate = self.config.sms
        if gate is None:
            return Result("refused", error="there is no SMS gateway in the settings")
        fields = sms.form(gate, row["address"], nonce=str(uuid4()), now=self.now())
        answer = await self._posts.post(gate.url, sms.HEADERS, urlencode(fields).encode())
        return sms.judge(answer.status, answer.body.decode(errors="replace"))

    def _words(self, row: Row) -> texts.Words:
        return texts.words(
            self.study, self.config.base_url, about=row["about"], role=row["role"], language=row["language"],
            token=row["token"],
        )  # fmt: skip


async def in_thread_of_its_own(call: Callable[[], _T]) -> _T:
    """Wait for a call that may hang for many seconds: it takes no thread from the database, and the end of
    the program does not wait for it.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def tell(set_: Callable[[Any], None], value: object) -> None:
        if not future.done():
            set_(value)

    def run() -> None:
        try:
            told: tuple[Callable[[Any], None], object] = (future.set_result, call())
        except BaseException as error:
            told = (future.set_exception, error)
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, *told)

    threading.Thread(target=run, daemon=True).start()
    return await future


def collect_seldom() -> None:
    """Thousands of objects live for one answer and stand in no cycle: look for cycles less often."""
    gc.set_threshold(GARBAGE_AFTER, 20, 50)


def go_on(db: Database, settings: Study, now: datetime) -> None:
    """Go up the ladder and tell the operators; what fails holds up nothing else, RuntimeError tells of it."""
    run_each("deliveries", (fall_back, push_hosts.tell, tell_operators), db, settings, now)


def fall_back(db: Database, settings: Study, now: datetime) -> int:
    """Try the next way for what was not received in time, and end what is over; how many were looked at."""
    try:
        looked_at = fallback.run(db, now, settings)
    finally:
        ended = fallback.sweep(db, now)
    return looked_at + ended


def tell_operators(db: Database, settings: Study, now: datetime) -> int:
    """Every administrator hears once of each problem that stands open; how many deliveries are new."""
    standing = problems.list_open(db)
    if not standing:
        return 0
    notices = [
        Notice(
            group_id=f"o:{problem['id']}:{account_id}", about="operator", kind="page",
            account_id=account_id, site_id=None, participant_id=None, alert_id=None, round=0, due_at=now,
            expires_at=now + OPERATOR_WITHIN,
        )
        for problem in standing for account_id in accounts.administrators(db)
    ]  # fmt: skip
    with db.atomic():
        return deliveries.plan(db, _untold(db, notices), now, study=settings)


def _untold(db: Database, notices: list[Notice]) -> list[Notice]:
    """Told already is told, also when it was by an address that has ended since."""
    told: set[str] = set()
    for batch in deliveries.chunks([notice.group_id for notice in notices]):
        holders, names = marks(batch)
        rows = db.query(f"select distinct group_id from deliveries where group_id in ({holders})", names)
        told |= {row["group_id"] for row in rows}
    return [notice for notice in notices if notice.group_id not in told]


def check_subject(db: Database, config: Config, now: datetime) -> None:
    """Without somebody to write to, push services refuse all: the operator is told and nothing is sent."""
    if config.vapid_subject is None:
        sentence = "Nothing is sent by push: set DIARY_VAPID_SUBJECT to a mailto: or https: address of yours."
        log.warning(sentence)
        problems.open(db, NO_SUBJECT, "DIARY_VAPID_SUBJECT", sentence, now)
    else:
        problems.settle(db, NO_SUBJECT, "DIARY_VAPID_SUBJECT", now)
