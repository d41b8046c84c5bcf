"""Schedules at the desk: started, ended, never changed in place."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import g
from marshmallow import fields, validate

from diary.rules import days, roles
from diary.rules.refusals import Refusal
from diary.rules.schedules import RRULE, rrule_is_readable
from diary.store import schedules
from diary.store.schedules import Hold, NewSchedule
from diary.templates import templates
from diary.web.entry_answers import one_of
from diary.web.entry_bodies import Id, OneWord
from diary.web.person_fields import CalendarDay, Line, Reason, ZoneName
from diary.web.reading import Form
from diary.web.schedule_answers import SCHEDULE_KINDS, ScheduleAnswer
from diary.web.site.participants import of_site, study
from diary.web.zones import Zone, language

zone = Zone("site", "schedules")
WALL_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DAY_MIN = 24 * 60


class HoldBody(ma.Schema):
    """Wait for the blood draw on this day, at the latest until this instant."""

    day = CalendarDay(required=True)
    latest_at = fields.String(required=True, metadata={"format": "date-time"})
    reason = Reason()

    @ma.validates("latest_at")
    def _instant(self, text: str, **_: Any) -> None:
        found = days.parse_instant(text)
        if isinstance(found, Refusal):
            raise ma.ValidationError(found.code)


class ScheduleBody(ma.Schema):
    kind = OneWord(*SCHEDULE_KINDS, required=True)
    title = Line(100, required=True)
    times = fields.List(
        fields.String(validate=Form(WALL_TIME, error="wall_time")), required=True,
        validate=validate.Length(min=1, max=24, error="field_length"),
    )  # fmt: skip
    rrule = fields.String(allow_none=True, validate=Form(RRULE, error="rrule_form"))
    zone = ZoneName(metadata={"description": "The participant's when left out."})
    from_day = CalendarDay(required=True)
    to_day = CalendarDay(allow_none=True)
    drug = Line(100, allow_none=True)
    amount = Line(50, allow_none=True)
    window_before_min = fields.Integer(
        strict=True, load_default=60, validate=validate.Range(0, DAY_MIN, error="field_range")
    )
    window_after_min = fields.Integer(
        strict=True, load_default=120, validate=validate.Range(0, DAY_MIN, error="field_range")
    )
    hold = fields.Nested(HoldBody, allow_none=True)

    @ma.validates("rrule")
    def _rule(self, text: str | None, **_: Any) -> None:
        if text is not None and not rrule_is_readable(text):
            raise ma.ValidationError("rrule_form")

    replaces = Id(allow_none=True, metadata={"description": "The schedule that ends with this one's start."})


class EndScheduleBody(ma.Schema):
    reason = Reason()
    to_day = CalendarDay(metadata={"description": "The last local day; today when left out."})


class TemplateAnswer(ma.Schema):
    """A schedule to start from; its title in the reader's language."""

    id = fields.String(required=True)
    kind = one_of(*SCHEDULE_KINDS)
    title = fields.String(required=True)
    times = fields.List(fields.String(), required=True)
    rrule = fields.String(required=True, allow_none=True)
    drug = fields.String(required=True, allow_none=True)
    window_before_min = fields.Integer(required=True)
    window_after_min = fields.Integer(required=True)


class TemplateList(ma.Schema):
    templates = fields.List(fields.Nested(TemplateAnswer), required=True)


class ScheduleList(ma.Schema):
    schedules = fields.List(fields.Nested(ScheduleAnswer), required=True)


@zone.operation(
    "/participants/<uuid:participant_id>/schedules",
    "GET",
    "listSchedules",
    "see_participants",
    statuses=(404,),
)
@zone.response(200, ScheduleList)
def list_schedules(participant_id: UUID) -> Any:
    """A participant's schedules, present and ended."""
    actor, participant = of_site(participant_id)
    hidden = actor.role == "system" or roles.hides_contraception(actor.role)
    return {"schedules": schedules.list_for(g.db, participant["id"], hide_contraception=hidden)}


@zone.operation(
    "/participants/<uuid:participant_id>/schedules",
    "POST",
    "setSchedule",
    "set_schedule",
    statuses=(404, 409),
)
@zone.arguments(ScheduleBody)
@zone.response(201, ScheduleAnswer)
def set_schedule(body: dict[str, Any], participant_id: UUID) -> Any:
    """Start a schedule; with `replaces`, in the place of another."""
    actor, participant = of_site(participant_id)
    hold = body.pop("hold", None)
    new = NewSchedule(
        **{"to_day": None, "zone": participant["zone"], **body}, hold=Hold(**hold) if hold else None
    )
    return schedules.add(g.db, actor, study(), g.now, participant, new)


@zone.operation(
    "/participants/<uuid:participant_id>/schedules/<uuid:schedule_id>/end", "POST", "endSchedule",
    "end_schedule", statuses=(404, 409),
)  # fmt: skip
@zone.arguments(EndScheduleBody)
@zone.response(200, ScheduleAnswer)
def end_schedule(body: dict[str, Any], participant_id: UUID, schedule_id: UUID) -> Any:
    """End a schedule; after withdrawal or completion the investigator does, one by one."""
    actor, participant = of_site(participant_id)
    return schedules.end(
        g.db,
        actor,
        study(),
        g.now,
        participant,
        str(schedule_id),
        to_day=body.get("to_day"),
        reason=body["reason"],
    )


@zone.operation("/schedule-templates", "GET", "listScheduleTemplates", "set_schedule")
@zone.response(200, TemplateList)
def list_schedule_templates() -> Any:
    """What a new schedule can start from."""
    reader = language()
    return {"templates": [{**vars(one), "title": one.titles[reader]} for one in templates()]}
