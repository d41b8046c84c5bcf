"""Trust zones: every operation is declared in one, and the zone's guard runs before it.

An operation names the action it performs (diary/rules/roles.py); the guard checks that the caller is
signed in, may enter the zone and may do that action. A new endpoint cannot forget it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask import request
from flask_login import current_user
from flask_smorest import Blueprint

from diary.errors import DiaryError, ForbiddenError
from diary.rules import roles
from diary.store.actors import Actor
from diary.web.reading import DiaryParser

View = TypeVar("View", bound=Callable[..., Any])
SESSION = "session"  # the name of the cookie's security scheme in the OpenAPI document
PREFIXES = {"public": "/api", "patient": "/api/patient", "site": "/api/site", "admin": "/api/admin"}


class ErrorAnswer(ma.Schema):
    """What every non-2xx answer looks like."""

    class Meta:
        title = "Error"

    code = ma.fields.String(required=True, metadata={"description": "A stable word for programs."})
    message = ma.fields.String(required=True, metadata={"description": "One sentence for people."})
    fields_ = ma.fields.Dict(keys=ma.fields.String(), required=True, data_key="fields", attribute="fields")


class Zone(Blueprint):
    """One part of a zone: `Zone("site", "alerts")`; all parts of a zone share its guard."""

    ARGUMENTS_PARSER = DiaryParser()

    def __init__(self, zone: roles.Zone, part: str) -> None:
        super().__init__(f"{zone}_{part}", __name__, url_prefix=PREFIXES[zone])
        self.zone = zone
        self.actions: dict[str, roles.Action] = {}
        self.before_request(self._guard)

    def operation(
        self,
        rule: str,
        method: str,
        operation_id: str,
        action: roles.Action | None,
        *,
        statuses: tuple[int, ...] = (),
    ) -> Callable[[View], View]:
        """Declare an operation; `action` None is for the public zone only.

        `statuses` are the error answers besides those that every operation of the zone may give.
        """
        if (action is None) != (self.zone == "public"):
            raise ValueError(f"{operation_id}: only public operations go without an action")

        def declare(view: View) -> View:
            if action is not None:
                self.actions[operation_id] = action
            asked: dict[str, Any] = {} if action is None else {"security": [{SESSION: []}]}
            documented: Any = self.doc(operationId=operation_id, **asked)(view)
            for status in sorted({*self._usual_statuses(method), *statuses}):
                documented = self.alt_response(status, schema=ErrorAnswer)(documented)
            self.add_url_rule(rule, operation_id, documented, methods=[method], tags=[self.zone])
            return view

        return declare

    def arguments(self, schema: Any, **more: Any) -> Callable[[View], View]:
        """flask-smorest's, with a type."""
        decorator: Callable[[View], View] = super().arguments(schema, **more)
        return decorator

    def response(self, status_code: int, schema: Any = None, **more: Any) -> Callable[[View], View]:
        """flask-smorest's, with a type."""
        decorator: Callable[[View], View] = super().response(status_code, schema, **more)
        return decorator

    @staticmethod
    def _make_doc_response_schema(schema: ma.Schema | dict[str, Any] | None) -> Any:
        """The class of an answer stands for it: each decorator copies all that is documented so far.

        Copying a schema copies every field of it; that was most of what the application took to start.
        """
        return type(schema) if isinstance(schema, ma.Schema) else schema

    def json_body(self, schema: dict[str, Any]) -> Callable[[View], View]:
        """Document a JSON body that the view reads by hand."""
        content = {"application/json": {"schema": schema}}
        document: Callable[[View], View] = self.doc(requestBody={"required": True, "content": content})
        return document

    def _usual_statuses(self, method: str) -> set[int]:
        usual = {401, 403} if self.zone != "public" else set()
        return usual | ({400, 403, 413, 422} if method != "GET" else {422})

    def _guard(self) -> None:
        if self.zone == "public":
            return
        actor = current_actor()
        if not roles.may_enter(actor.role, self.zone):
            raise ForbiddenError
        operation_id = (request.endpoint or "").rpartition(".")[2]
        if not roles.is_allowed(actor.role, self.actions[operation_id]):
            raise ForbiddenError


def current_actor() -> Actor:
    """Who is signed in; raises 401 when nobody is."""
    if not current_user.is_authenticated:
        raise DiaryError("sign_in", 401)
    actor: Actor = current_user.actor
    return actor


def language() -> str:
    """The reader's language: the account's, else the browser's, else Chinese."""
    if current_user and current_user.is_authenticated:
        return str(current_user.actor.language)
    return asked_language()


def asked_language() -> str:
    """The browser's language, else Chinese."""
    best = request.accept_languages.best_match(["zh-CN", "zh", "en"], default="zh-CN")
    return "en" if best == "en" else "zh-CN"
