"""A browser's push subscription on the wire, and the steps of a delivery."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from diary.rules import push
from diary.web.entry_answers import one_of
from diary.web.reading import Form

STATES = ("planned", "claimed", "handed_over", "received", "shown", "opened",
          "answered", "missed", "cancelled", "failed")  # fmt: skip
CHANNELS = ("push", "message", "sms", "call")
_ENDPOINT = {"maxLength": push.MAX_ENDPOINT_CHARS, "description": "As the browser gave it."}


class PushKeysBody(ma.Schema):
    """The browser's own keys, base64url."""

    p256dh = fields.String(required=True, metadata={"minLength": 87, "maxLength": 88})
    auth = fields.String(required=True, metadata={"minLength": 22, "maxLength": 24})

    @ma.validates_schema(skip_on_field_errors=True)
    def _are_keys(self, data: Any, **_: Any) -> None:
        try:
            push.read_keys(data["p256dh"], data["auth"])
        except ValueError as error:
            raise ma.ValidationError("push_keys", "p256dh") from error


class SubscriptionBody(ma.Schema):
    """What `PushSubscription.toJSON()` says."""

    endpoint = fields.String(required=True, metadata=_ENDPOINT)
    keys = fields.Nested(PushKeysBody, required=True)
    expirationTime = fields.Integer(allow_none=True, load_default=None)


class UnsubscribeBody(ma.Schema):
    """The same; the endpoint alone is enough."""

    endpoint = fields.String(required=True, metadata=_ENDPOINT)
    keys = fields.Dict(keys=fields.String())
    expirationTime = fields.Integer(allow_none=True)


class ReceiptBody(ma.Schema):
    token = fields.String(
        required=True, validate=Form(r"^[A-Za-z0-9_-]{1,64}$", error="receipt_token"),
        metadata={"description": "Of the payload."},
    )  # fmt: skip
    event = fields.String(
        required=True, validate=Form(r"^(received|shown|opened|dismissed)$", error="receipt_event"),
        metadata={"enum": ["received", "shown", "opened", "dismissed"]},
    )  # fmt: skip
    at = fields.String(
        load_default=None, allow_none=True,
        metadata={"format": "date-time", "maxLength": 40, "description": "The phone's clock; not kept."},
    )  # fmt: skip


class PhoneAnswer(ma.Schema):
    """A phone that takes push messages for this account."""

    id = fields.String(required=True)
    device = fields.String(required=True)
    created_at = fields.String(required=True)
    seen_at = fields.String(required=True)
    is_this = fields.Boolean(required=True, metadata={"description": "Subscribed from this sign-in."})
    stopped = fields.Boolean(
        required=True, metadata={"description": "Its push service is stopped until the operator has looked."}
    )


class WayAnswer(ma.Schema):
    """Another way to this account, without its address."""

    kind = one_of("message", "sms")
    name = fields.String(required=True)


class PushAnswer(ma.Schema):
    public_key = fields.String(
        required=True, metadata={"description": "The applicationServerKey, base64url."}
    )
    sends = fields.Boolean(required=True, metadata={"description": "Whether push is set up on the server."})
    subscriptions = fields.List(fields.Nested(PhoneAnswer), required=True)
    channels = fields.List(fields.Nested(WayAnswer), required=True)


class StepAnswer(ma.Schema):
    """How far a test came by one way: the first time that is null is where the chain breaks."""

    channel = one_of(*CHANNELS)
    device = fields.String(required=True, allow_none=True)
    state = one_of(*STATES)
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "What the push service answered."}
    )
    planned_at = fields.String(required=True)
    claimed_at = fields.String(required=True, allow_none=True)
    handed_over_at = fields.String(required=True, allow_none=True)
    received_at = fields.String(required=True, allow_none=True)
    shown_at = fields.String(required=True, allow_none=True)
    opened_at = fields.String(required=True, allow_none=True)


class TrialAnswer(ma.Schema):
    id = fields.String(
        required=True, allow_none=True, metadata={"description": "Null: there is no way to this account yet."}
    )
    steps = fields.List(fields.Nested(StepAnswer), required=True)
