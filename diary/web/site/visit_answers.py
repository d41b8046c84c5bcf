"""How a planned visit looks in answers: on the overview and on the participant's page."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from diary.rules import visits as rules
from diary.web.entry_answers import one_of


class VisitNames(ma.Schema):
    zh_CN = fields.String(required=True, data_key="zh-CN", attribute="zh-CN")
    en = fields.String(required=True)


class DueVisit(ma.Schema):
    """A planned visit and its window, both ends included."""

    names = fields.Nested(VisitNames, required=True)
    day = fields.Date(required=True)
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    state = one_of(*rules.STATES)


def due(one: rules.Visit) -> dict[str, Any]:
    planned = one.planned
    return {
        "names": planned.names, "day": planned.day, "first_day": planned.first_day,
        "last_day": planned.last_day, "state": one.state,
    }  # fmt: skip
