"""The SMS gateway: a receiver that verifies the signature itself, and every answer it may give."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import pytest
from aiohttp import web

from diary.config import SmsGate
from diary.db import Database
from diary.delivery import sms
from diary.jobs.sending import Sender
from diary.store import deliveries, outbox, problems
from tests.delivery.scene import Moment, config_for, only
from tests.people import NOW, STUDY, People
from tests.store.telling import address, reminder, told

SECRET = "the gateway's secret"


class Gateway:
    """Checks what it is sent as the gateway's manual says, apart from our code, and answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: list[dict[str, str]] = []
        self.nonces: set[str] = set()
        self.answer: tuple[int, Any] = (200, {"Code": "OK", "Message": "OK", "BizId": "1", "RequestId": "2"})

    async def take(self, request: web.Request) -> web.Response:
        fields = dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        if not self._is_signed(fields) or fields["SignatureNonce"] in self.nonces:
            return web.json_response({"Code": "SignatureDoesNotMatch"}, status=400)
        self.nonces.add(fields["SignatureNonce"])
        self.sent.append(fields)
        status, said = self.answer
        return web.Response(status=status, text=said if isinstance(said, str) else json.dumps(said))

    def _is_signed(self, fields: dict[str, str]) -> bool:
        def enc(text: str) -> str:
            return quote_plus(text).replace("+", "%20").replace("*", "%2A").replace("%7E", "~")

        rest = sorted((name, value) for name, value in fields.items() if name != "Signature")
        canonical = "&".join(f"{enc(name)}={enc(value)}" for name, value in rest)
        mac = hmac.new((SECRET + "&").encode(), f"POST&%2F&{enc(canonical)}".encode(), hashlib.sha1)
        return hmac.compare_digest(base64.b64encode(mac.digest()).decode(), fields.get("Signature", ""))

    def gate(self, **more: str) -> SmsGate:
        settings = {"url": self.url, "key_id": "id~1", "key_secret": SECRET, "sign_name": "日记 *本*",
                    "template": "SMS_1", "parameters": '{"n": "a b+c"}', **more}  # fmt: skip
        return SmsGate(**settings)


@asynccontextmanager
async def gateway() -> AsyncIterator[Gateway]:
    found = Gateway()
    app = web.Application()
    app.router.add_post("/", found.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"  # type: ignore[union-attr]
    try:
        yield found
    finally:
        await runner.cleanup()


def run(
    db: Database, url: str, folder: Path, who: People, answer: tuple[int, Any] | None, **more: str
) -> Gateway:
    """One SMS to Lin through the gateway, which answers so."""

    async def scenario() -> Gateway:
        async with gateway() as found:
            found.answer = answer or found.answer
            sender = Sender(config_for(url, folder, sms=found.gate(**more)), STUDY, Moment())
            address(db, who.lin, "+86 138 0000-0000", kind="sms", name="sms")
            with db.atomic():
                deliveries.plan(db, [told(who.lin, reminder(db, who.lin))], NOW, study=STUDY)
            assert await sender.send_messages() == 1
            await sender.close()
            return found

    return asyncio.run(scenario())


def test_a_signed_request_carries_number_template_and_nothing_else_of_the_person(
    db: Database, database_url: str, tmp_path: Path, who: People
) -> None:
    [fields] = run(db, database_url, tmp_path, who, None).sent
    assert fields["PhoneNumbers"] == "13800000000" and fields["SignName"] == "日记 *本*"
    assert (fields["TemplateCode"], fields["TemplateParam"]) == ("SMS_1", '{"n": "a b+c"}')
    assert fields["Timestamp"] == "2026-03-02T04:00:00Z"
    assert only(db)["state"] == "handed_over"


def test_a_wrong_secret_is_our_fault_and_told_to_the_operator(
    db: Database, database_url: str, tmp_path: Path, who: People
) -> None:
    assert run(db, database_url, tmp_path, who, None, key_secret="another").sent == []
    assert (only(db)["state"], only(db)["status"]) == ("failed", 400)
    [problem] = problems.list_open(db, outbox.REFUSED)
    assert (problem["subject"], "SignatureDoesNotMatch" in problem["detail"]) == ("sms", True)


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (200, {"Code": "OK"}, "handed_over"),
        (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}, "later"),
        (200, {"Code": "isp.SYSTEM_ERROR"}, "later"),
        (400, {"Code": "Throttling.User"}, "later"),
        (503, {"Code": "ServiceUnavailable"}, "later"),
        (500, "<html>", "later"),
        (429, "", "later"),
        (200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}, "gone"),
        (200, {"Code": "isv.SMS_TEMPLATE_ILLEGAL"}, "refused"),
        (200, {"Code": "isv.AMOUNT_NOT_ENOUGH"}, "refused"),
        (403, {"Code": "InvalidAccessKeyId.NotFound"}, "refused"),
        (404, {"Code": "InvalidAccessKeyId.NotFound"}, "refused"),
        (200, "<html>", "refused"),
        (200, [], "refused"),
        (200, {"Message": "OK"}, "refused"),
    ],
)
def test_what_each_answer_of_the_gateway_means(status: int, answer: Any, outcome: str) -> None:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    assert sms.judge(status, text).outcome == outcome


def test_an_error_repeats_no_number_that_the_gateway_said() -> None:
    result = sms.judge(200, json.dumps({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "13800000000"}))
    assert "138" not in str(result)


def test_the_gateway_is_asked_again_when_it_is_busy(
    db: Database, database_url: str, tmp_path: Path, who: People
) -> None:
    run(db, database_url, tmp_path, who, (200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}))
    assert (only(db)["state"], only(db)["attempts"]) == ("planned", 1)


@pytest.mark.parametrize(
    ("phone", "number"),
    [("+86 138 0000 0000", "13800000000"), ("138-0000-0000", "13800000000"), ("+49 (171) 12", "004917112")],
)
def test_numbers_are_written_as_the_gateway_wants_them(phone: str, number: str) -> None:
    assert sms.national(phone) == number
