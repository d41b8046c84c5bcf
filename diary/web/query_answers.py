"""How a query looks in answers, for phones and desks alike."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from diary.db import Row
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import Words

QUERY_STATES = ("open", "answered", "closed")


class QueryMessage(ma.Schema):
    author_role = fields.String(required=True)
    is_mine = fields.Boolean(required=True)
    text = fields.String(required=True)
    at = fields.String(required=True)


class QueryAnswer(ma.Schema):
    """A question at a value; `entry_id` is the version it was asked about."""

    id = fields.UUID(required=True)
    participant_id = fields.UUID(required=True)
    subject_no = fields.String(required=True)
    entry_id = fields.String(required=True)
    root_id = fields.String(required=True)
    kind = fields.String(required=True)
    field_ = fields.String(required=True, allow_none=True, data_key="field", attribute="field")
    state = one_of(*QUERY_STATES)
    raised_at = fields.String(required=True)
    due_day = fields.String(required=True)
    answered_at = fields.String(required=True, allow_none=True)
    closed_at = fields.String(required=True, allow_none=True)
    messages = fields.List(fields.Nested(QueryMessage), required=True)


class QuestionText(ma.Schema):
    text = Words(2000, least=1, required=True)


def query(row: Row, account_id: str | None) -> dict[str, Any]:
    """Without the names of those who wrote: their roles say who asks and who answers."""
    messages = [{**said, "is_mine": said["author_id"] == account_id} for said in row["messages"]]
    return {**row, "messages": messages}
