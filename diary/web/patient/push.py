"""The phone's side of reminders: subscribe, unsubscribe, and see where the chain breaks."""

from typing import Any
from uuid import UUID

from flask import current_app, g, request
from flask_login import current_user

from diary import keys
from diary.config import Config
from diary.errors import DiaryError, NotFoundError
from diary.rules import push
from diary.store import channels, subscriptions, trials
from diary.web.push_fields import PhoneAnswer, PushAnswer, SubscriptionBody, TrialAnswer, UnsubscribeBody
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "push")


def _config() -> Config:
    config: Config = current_app.extensions["diary"]
    return config


@zone.operation("/push", "GET", "getPush", "receive_reminders")
@zone.response(200, PushAnswer)
def get_push() -> Any:
    """The key to subscribe with, this account's phones, and its other ways without their addresses."""
    account_id = str(current_actor().id)
    return {
        "public_key": keys.vapid_public(_config().vapid_private_key),
        "sends": _config().vapid_subject is not None,
        "subscriptions": [_phone(row) for row in subscriptions.list_live(g.db, account_id)],
        "channels": channels.list_live(g.db, [account_id]),
    }


def _phone(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "is_this": row["session_id"] == current_user.session_id, "stopped": bool(row["stopped"])}


@zone.operation("/push/subscriptions", "POST", "subscribePush", "receive_reminders")
@zone.arguments(SubscriptionBody)
@zone.response(200, PhoneAnswer)
def subscribe_push(body: dict[str, Any]) -> Any:
    """Remind this account on this phone; posted again at every start, because subscriptions die unseen."""
    host = push.known_host(body["endpoint"], _config().push_hosts)
    if host is None:
        raise DiaryError("fields", 422, {"endpoint": "push_host"})
    row = subscriptions.add(
        g.db, str(current_actor().id), current_user.session_id, g.now, endpoint=body["endpoint"], host=host,
        p256dh=body["keys"]["p256dh"], auth=body["keys"]["auth"],
        device=request.headers.get("User-Agent", ""),
    )  # fmt: skip
    return _phone({**row, "stopped": any(h["host"] == host for h in subscriptions.stopped_hosts(g.db))})


@zone.operation("/push/unsubscribe", "POST", "unsubscribePush", "receive_reminders", statuses=(404,))
@zone.arguments(UnsubscribeBody)
@zone.response(204)
def unsubscribe_push(body: dict[str, Any]) -> None:
    """No more reminders on this phone."""
    subscriptions.unsubscribe(g.db, str(current_actor().id), body["endpoint"], g.now)


@zone.operation("/push/tests", "POST", "testReminders", "receive_reminders", statuses=(429,))
@zone.response(200, TrialAnswer)
def test_reminders() -> Any:
    """Send a test to the own account, the way a reminder goes; ask again for how far it came."""
    account_id = str(current_actor().id)
    test_id = trials.start(g.db, account_id, g.now, study=current_app.extensions["study"])
    try:
        return {"id": test_id, "steps": trials.steps(g.db, account_id, test_id)}
    except NotFoundError:
        return {"id": None, "steps": []}


@zone.operation("/push/tests/<uuid:test_id>", "GET", "getReminderTest", "receive_reminders", statuses=(404,))
@zone.response(200, TrialAnswer)
def get_reminder_test(test_id: UUID) -> Any:
    """When each step of a test was done."""
    return {"id": str(test_id), "steps": trials.steps(g.db, str(current_actor().id), str(test_id))}
