"""Schemathesis over the whole document, signed in as each role: no 5xx, no answer that is not documented.

A few examples per operation in every test run; DIARY_SCHEMATHESIS_EXAMPLES=200 for a deep one, which also
takes every boundary value (docs/figures.md).
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.generation.meta import FuzzingPhaseData
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.phone import ORIGIN
from tests.proof.calls import Call
from tests.proof.scene import ROLES, Scene, as_json

EXAMPLES = int(os.environ.get("DIARY_SCHEMATHESIS_EXAMPLES", "6"))
IS_DEEP = EXAMPLES > 50
BOUNDARIES = 6000 if IS_DEEP else 12
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, unsupported_method, allow_header_conformance, ignored_auth,
    negative_data_rejection,
]  # fmt: skip
# A batch is taken whatever its entries are like: each is answered in its place. And its address allows PUT
# too, as that of an entry whose id is "sync", which putEntry refuses like every id that is no UUID.
NOT_FOR = {"syncEntries": {negative_data_rejection, allow_header_conformance}}

AnyCase = Case[Any]


class Walk:
    """One role's calls and what came back."""

    def __init__(self, scene: Scene, schema: BaseSchema, role: str) -> None:
        self.scene, self.schema, self.role = scene, schema, role
        self.answers: Counter[tuple[str, int]] = Counter()
        self.faults: list[str] = []

    def operations(self) -> Iterator[Any]:
        for found in self.schema.get_all_operations():
            assert isinstance(found, Ok), found
            yield found.ok()

    def send(self, case: AnyCase, *, empty: bool = False) -> int:
        """Put the database back, call, and check the answer; the status."""
        self.scene.put_back(empty=empty)
        operation_id = operation_id_of(case.operation)
        checks = [check for check in CHECKS if check not in NOT_FOR.get(operation_id, set())]
        cookies = {"diary": self.scene.cookies[self.role]} if self.role in self.scene.cookies else {}
        # Werkzeug's client sends the cookies; the header tells ignored_auth that they were meant.
        header = {"Cookie": f"diary={cookies['diary']}"} if cookies else {}
        # Schemathesis offers to unpack, but leaves what a WSGI application has packed as it is.
        header |= {"Accept-Language": "en", "Accept-Encoding": "identity"}
        response = case.call_and_validate(headers={**ORIGIN, **header}, cookies=cookies, checks=checks)
        self.answers[operation_id, response.status_code] += 1
        return response.status_code

    def fault(self, operation: Any, error: BaseException) -> None:
        self.faults.append(f"{self.role} {operation.label}: {str(error)[:2500]}")

    def succeeded(self, operation_id: str) -> int:
        return sum(n for (name, status), n in self.answers.items() if name == operation_id and status < 300)


def operation_id_of(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture(scope="module")
def schema(scene: Scene) -> BaseSchema:
    """One for all roles: what it works out about an operation, it works out once."""
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", scene.app)
    schema.config.generation.update(with_security_parameters=False)
    return schema


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_to_a_role_is_documented(scene: Scene, schema: BaseSchema, role: str) -> None:
    walk = Walk(scene, schema, role)
    for operation in walk.operations():
        try:
            call = scene.call(operation_id_of(operation), role)
            succeeds_or_is_refused(walk, operation, call)
            fuzz(walk, operation, call)
        except (Exception, FailureGroup) as error:
            walk.fault(operation, error)
    assert not walk.faults, "\n\n".join(walk.faults)
    tell(walk)


def succeeds_or_is_refused(walk: Walk, operation: Any, call: Call) -> None:
    """The call that must succeed does for those who may, and is refused to all others."""
    status = walk.send(exact(operation, call), empty=call.on_empty)
    if walk.scene.may(walk.role, operation_id_of(operation)):
        assert status < 300, f"answered {status} to the call that succeeds"
    else:
        assert status == (401 if walk.role == "nobody" else 403), f"answered {status} to somebody who may not"


def exact(operation: Any, call: Call) -> AnyCase:
    more: dict[str, Any] = {"path_parameters": dict(call.path), "query": dict(call.query)}
    if call.body is not None:
        more |= {"body": as_json(call.body), "media_type": "application/json"}
    return operation.Case(**more)  # type: ignore[no-any-return]


def fuzz(walk: Walk, operation: Any, call: Call) -> None:
    """Right and wrong calls, most of them near the one that succeeds; few where all are refused."""
    may = walk.scene.may(walk.role, operation_id_of(operation))
    modes = [operation.as_strategy(GenerationMode.POSITIVE)]
    if operation.body or operation.query:
        modes.append(operation.as_strategy(GenerationMode.NEGATIVE))

    @settings(
        max_examples=EXAMPLES if may else 1 + EXAMPLES // 10, deadline=None, database=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.one_of(modes), st.data())
    def answers(case: AnyCase, data: st.DataObject) -> None:
        move_near(case, call, data)
        walk.send(case, empty=call.on_empty)

    answers()


def move_near(case: AnyCase, call: Call, data: st.DataObject) -> None:
    """Mostly real ids in the path, and a body that differs from the good one in two fields at most.

    Hypothesis begins with the least of everything, so its first example is the nearest.
    """
    if call.path and data.draw(st.integers(0, 4)) < 4:
        put_right(case, call.path)
    if not isinstance(call.body, dict) or not isinstance(case.body, dict):
        return
    if data.draw(st.integers(0, 3)) == 3:
        return
    other = case.body
    strange = data.draw(st.sets(st.sampled_from(sorted(other)), max_size=2)) if other else set()
    case.body = {**as_json(call.body), **{name: other[name] for name in strange}}


def put_right(case: AnyCase, path: dict[str, str]) -> None:
    """Real ids in the path: what was wrong with it no longer makes the call a wrong one."""
    case.path_parameters = dict(path)
    changed = case.meta.phase.data if case.meta else None
    if isinstance(changed, FuzzingPhaseData):
        changed.mutations = tuple(
            one for one in changed.mutations if one.parameter_location != ParameterLocation.PATH
        )
        if changed.parameter_location == ParameterLocation.PATH:
            changed.parameter_location = None


def tell(walk: Walk) -> None:
    """The figures, seen with `pytest -s`; and a floor under them, or the walk would prove little."""
    allowed = [o for o in map(operation_id_of, walk.operations()) if walk.scene.may(walk.role, o)]
    reached = sum(map(walk.succeeded, allowed))
    total = sum(walk.answers.values())
    statuses = Counter({status: 0 for _, status in walk.answers})
    for (_, status), n in walk.answers.items():
        statuses[status] += n
    print(f"\n{walk.role} may do {len(allowed)} operations: {total} calls, {reached} of these succeeded")
    print(", ".join(f"{n} x {status}" for status, n in sorted(statuses.items())))
    assert reached >= 2 * len(allowed)


BOUNDARY_ROLES = ("nobody", "participant", "coordinator", "administrator")


@pytest.mark.parametrize("role", BOUNDARY_ROLES)
def test_boundary_values_and_wrong_methods_are_answered_as_documented(
    scene: Scene, schema: BaseSchema, role: str
) -> None:
    """Each operation by the first of these roles that may: lengths, ranges, types, methods."""
    walk = Walk(scene, schema, role)
    for operation in walk.operations():
        operation_id = operation_id_of(operation)
        if role != next(one for one in (*BOUNDARY_ROLES, role) if scene.may(one, operation_id)):
            continue
        call = scene.call(operation_id, role)
        for case in boundaries(walk, operation):
            if call.path and case.path_parameters.keys() == call.path.keys():
                case.path_parameters = dict(call.path)
            try:
                walk.send(case, empty=call.on_empty)
            except (Exception, FailureGroup) as error:
                walk.fault(operation, error)
    assert not walk.faults, "\n\n".join(walk.faults)
    print(f"\n{role}: {sum(walk.answers.values())} boundary calls")
    assert {405, 422} <= {status for _, status in walk.answers}


def boundaries(walk: Walk, operation: Any) -> list[AnyCase]:
    cases = walk.schema.iter_coverage_cases(
        operation, generation_modes=list(GenerationMode), generation_config=walk.schema.config.generation,
        extra_data_source=None, error_feedback=None, session=None,
    )  # fmt: skip
    found = [case for case, _ in zip(cases, range(6000), strict=False)]
    return random.sample(found, min(len(found), BOUNDARIES))
