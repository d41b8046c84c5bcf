"""The site's questions about a value, answered on the phone."""

from typing import Any
from uuid import UUID

from flask import g

from diary.errors import NotFoundError
from diary.store import queries
from diary.web import query_answers
from diary.web.query_answers import QueryAnswer, QuestionText
from diary.web.zones import Zone, current_actor

zone = Zone("patient", "queries")


@zone.operation("/queries/<uuid:query_id>/answer", "POST", "answerOwnQuery", "answer_query", statuses=(404,))
@zone.arguments(QuestionText)
@zone.response(200, QueryAnswer)
def answer_own_query(body: dict[str, str], query_id: UUID) -> Any:
    """Answer a question about an own value; to change the value itself, correct the entry.

    An answer to a question that was closed meanwhile is kept as well, and opens it again.
    """
    actor = current_actor()
    for participant_id in actor.participant_ids:
        try:
            row = queries.answer(g.db, actor, g.now, participant_id, str(query_id), body["text"])
        except NotFoundError:
            continue
        return query_answers.query(row, actor.id)
    raise NotFoundError
