"""Contraception at the desk: until when it is needed, by which agents; for coordinator and investigator."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields

from diary.rules.contraception import Agent, ending
from diary.store import contraception
from diary.web.entry_answers import one_of
from diary.web.site.participants import of_site, study
from diary.web.zones import Zone

zone = Zone("site", "contraception")


class AgentAnswer(ma.Schema):
    agent = fields.String(required=True)
    runs = fields.Boolean(required=True)
    last_dose_day = fields.String(required=True, allow_none=True)
    washout_days = fields.Integer(required=True)
    needed_to_day = fields.String(required=True, allow_none=True)


class ContraceptionAnswer(ma.Schema):
    applies = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Fertile; null while that is not known."}
    )
    asked_in_app = fields.Boolean(required=True)
    end_day = fields.String(
        required=True, allow_none=True, metadata={"description": "The last day, that day included."}
    )
    no_end_because = one_of("in_trial", "agent_running", "last_dose_unknown", nullable=True)
    agents = fields.List(fields.Nested(AgentAnswer), required=True)
    method = fields.List(fields.String(), required=True)
    needs_second_method = fields.Boolean(
        required=True,
        metadata={"description": "Hormones alone beside mycophenolate: the investigator looks at it."},
    )


@zone.operation(
    "/participants/<uuid:participant_id>/contraception", "GET", "getContraception", "see_contraception",
    statuses=(404,),
)  # fmt: skip
@zone.response(200, ContraceptionAnswer)
def get_contraception(participant_id: UUID) -> Any:
    """Until when contraception is needed, or why there is no end yet."""
    _, participant = of_site(participant_id)
    found = contraception.standing(g.db, participant, g.now, study())
    return {
        "applies": found.applies,
        "asked_in_app": contraception.is_asked(study(), g.now, participant),
        "end_day": found.end.day.isoformat() if found.end.day else None,
        "no_end_because": found.end.why,
        "agents": [_agent(one) for one in found.agents],
        "method": list(found.methods),
        "needs_second_method": found.needs_second_method,
    }


def _agent(one: Agent) -> dict[str, Any]:
    days = study().contraception.washout_days_of
    last = one.last_dose_day
    alone = ending(last, [one], days).day if last else None
    return {
        "agent": one.name, "runs": one.runs, "last_dose_day": last.isoformat() if last else None,
        "washout_days": days(one.name), "needed_to_day": alone.isoformat() if alone else None,
    }  # fmt: skip
