"""What phones say about a message; the random token in it is the only authority."""

from typing import Any

from flask import g

from diary.errors import DiaryError
from diary.rules.days import parse_instant
from diary.rules.refusals import Refusal
from diary.store import receipts
from diary.web.push_fields import ReceiptBody
from diary.web.zones import Zone

zone = Zone("public", "receipts")


@zone.operation("/receipts", "POST", "postReceipt", None, statuses=(404,))
@zone.arguments(ReceiptBody)
@zone.response(204)
def post_receipt(body: dict[str, Any]) -> None:
    """Received, shown, opened or dismissed; the same again changes nothing, the earliest time is kept."""
    if body["at"] is not None and isinstance(refusal := parse_instant(body["at"]), Refusal):
        raise DiaryError("fields", 422, {"at": refusal.code})
    receipts.add(g.db, body["token"], body["event"], g.now)
