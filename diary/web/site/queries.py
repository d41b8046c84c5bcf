"""Queries at the desk: raised at a value, answered, closed; those that are due first on top."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.errors import NotFoundError
from diary.rules import roles
from diary.store import participants, queries
from diary.web import query_answers
from diary.web.entry_bodies import Id, OneWord, Words
from diary.web.person_fields import CalendarDay
from diary.web.query_answers import QUERY_STATES, QueryAnswer, QuestionText
from diary.web.site.participants import of_site
from diary.web.zones import Zone, current_actor

zone = Zone("site", "queries")
ANSWER_WITHIN = timedelta(days=7)


class QueriesQuery(ma.Schema):
    participant_id = Id()
    state = OneWord(*QUERY_STATES, metadata={"description": "All that are not closed when left out."})


class RaiseQueryBody(QuestionText):
    entry_id = Id(required=True)
    field_ = Words(60, data_key="field", metadata={"description": "Which part of it, such as data.value."})
    due_day = CalendarDay(metadata={"description": "By when an answer is wanted; in 7 days when left out."})


class CloseQueryBody(QuestionText):
    seen = fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, 2**31 - 1, error="field_range"),
        metadata={"description": "How many messages of it were read: more than these are not closed over."},
    )  # fmt: skip


class QueryList(ma.Schema):
    queries = fields.List(fields.Nested(QueryAnswer), required=True)


@zone.operation("/queries", "GET", "listQueries", "see_participants")
@zone.arguments(QueriesQuery, location="query")
@zone.response(200, QueryList)
def list_queries(query: dict[str, Any]) -> Any:
    """The site's queries with all that was said."""
    actor = current_actor()
    found = queries.list_for_site(
        g.db, str(actor.site_id), participant_id=query.get("participant_id"), state=query.get("state"),
        hide_contraception=roles.hides_contraception(actor.role),
    )  # fmt: skip
    return {"queries": [query_answers.query(row, actor.id) for row in found]}


@zone.operation(
    "/participants/<uuid:participant_id>/queries", "POST", "raiseQuery", "raise_query", statuses=(404,)
)
@zone.arguments(RaiseQueryBody)
@zone.response(201, QueryAnswer)
def raise_query(body: dict[str, Any], participant_id: UUID) -> Any:
    """Ask about a value; the participant sees it on the phone at the value itself."""
    actor, participant = of_site(participant_id)
    due_day = body.get("due_day") or participants.today(participant, g.now) + ANSWER_WITHIN
    row = queries.add(
        g.db, actor, g.now, participant, body["entry_id"], field=body.get("field_"), text=body["text"],
        due_day=due_day,
    )  # fmt: skip
    return query_answers.query(row, actor.id)


@zone.operation("/queries/<uuid:query_id>/answer", "POST", "answerQuery", "answer_query", statuses=(404, 409))
@zone.arguments(QuestionText)
@zone.response(200, QueryAnswer)
def answer_query(body: dict[str, str], query_id: UUID) -> Any:
    """A colleague says something to a query."""
    actor = current_actor()
    participant_id = _participant_of(str(actor.site_id), str(query_id))
    row = queries.answer(g.db, actor, g.now, participant_id, str(query_id), body["text"])
    return query_answers.query(row, actor.id)


@zone.operation("/queries/<uuid:query_id>/close", "POST", "closeQuery", "close_query", statuses=(404, 409))
@zone.arguments(CloseQueryBody)
@zone.response(200, QueryAnswer)
def close_query(body: dict[str, Any], query_id: UUID) -> Any:
    """Close a query with a sentence; nothing closes without one."""
    actor = current_actor()
    participant_id = _participant_of(str(actor.site_id), str(query_id))
    row = queries.close(g.db, actor, g.now, participant_id, str(query_id), body["text"], seen=body["seen"])
    return query_answers.query(row, actor.id)


def _participant_of(site_id: str, query_id: str) -> str:
    participant_id = queries.participant_of(g.db, site_id, query_id)
    if participant_id is None:
        raise NotFoundError
    return participant_id
