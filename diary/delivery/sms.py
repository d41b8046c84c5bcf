"""SMS through a mainland gateway: a signed request for an approved template, and its answer judged.

The request is the RPC style of Aliyun's SendSms (version 2017-05-25), signed with HMAC-SHA1.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from diary.config import SmsGate
from diary.rules.outcomes import Result

HEADERS: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_LATER: Final = re.compile(
    r"isv\.BUSINESS_LIMIT_CONTROL|isp\.SYSTEM_ERROR|Throttling.*|ServiceUnavailable.*|InternalError.*"
)
_NO_SUCH_NUMBER: Final = frozenset({"isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT"})


def form(gate: SmsGate, phone: str, *, nonce: str, now: datetime) -> dict[str, str]:
    """The signed fields of one POST; `nonce` is used once only."""
    fields = {
        "AccessKeyId": gate.key_id,
        "Action": "SendSms",
        "Format": "JSON",
        "PhoneNumbers": national(phone),
        "SignName": gate.sign_name,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": nonce,
        "SignatureVersion": "1.0",
        "TemplateCode": gate.template,
        "TemplateParam": gate.parameters,
        "Timestamp": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2017-05-25",
    }
    return {**fields, "Signature": signature(fields, gate.key_secret)}


def signature(fields: Mapping[str, str], key_secret: str) -> str:
    """HMAC-SHA1 over the sorted fields, each percent-encoded as RFC 3986 says, then the whole once more."""
    query = "&".join(f"{_encoded(name)}={_encoded(fields[name])}" for name in sorted(fields))
    signed = f"POST&{_encoded('/')}&{_encoded(query)}"
    mac = hmac.new(f"{key_secret}&".encode(), signed.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="~")


def national(phone: str) -> str:
    """Digits as the gateway wants them: without +86 inside the mainland, with 00 for other countries."""
    digits = re.sub(r"[^0-9+]", "", phone)
    if digits.startswith("+86"):
        return digits[3:]
    return f"00{digits[1:]}" if digits.startswith("+") else digits


def judge(status: int, body: str) -> Result:
    """Accepted, worth another try, a number that is none, or a setting of ours that is wrong."""
    try:
        answer = json.loads(body)
        code = str(answer["Code"])
    except (ValueError, KeyError, TypeError):
        if status >= 500 or status in (408, 429):
            return Result("later", status, "the SMS gateway is not well")
        return Result("refused", status, "the SMS gateway answered with something else")
    # The code is the gateway's own word; its message may repeat the number and is left out.
    word = re.sub(r"[^A-Za-z0-9._-]", "", code)[:60]
    if code == "OK":
        return Result("handed_over", status)
    if code in _NO_SUCH_NUMBER:
        return Result("gone", status, f"the SMS gateway says {word}")
    if _LATER.fullmatch(code) or status >= 500:
        return Result("later", status, f"the SMS gateway says {word}")
    return Result("refused", status, f"the SMS gateway says {word}")
