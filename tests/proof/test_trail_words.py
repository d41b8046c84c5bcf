"""The desk has a word for everything that the trail names, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Where the object and the action stand among the arguments of what writes the trail (store/audit.py).
_PLACES = {"created": (4, None), "changed": (4, None), "happened": (5, 4)}


def _constants(node: ast.expr | None) -> set[str]:
    """The strings that an argument can be: itself, or the two ends of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return _constants(node.body) | _constants(node.orelse) if isinstance(node, ast.IfExp) else set()


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "diary").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                yield name, node


def _named() -> tuple[set[str], set[str]]:
    objects, actions = set[str](), {"create", "change"}
    for name, call in _calls():
        if name == "_begin_session":
            actions |= _constants(call.args[1])
        if name not in _PLACES or not (
            isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "audit"
        ):
            continue
        object_at, action_at = _PLACES[name]
        objects |= _constants(call.args[object_at])
        if action_at is not None:
            actions |= _constants(call.args[action_at])
        for keyword in call.keywords:
            if keyword.arg == "action":
                actions |= _constants(keyword.value)
    return objects, actions


def _words(text: str, group: str) -> set[str]:
    found = re.search(rf"\b{group}: \{{([^{{}}]*)\}}", text[text.index("  audit: {") :])
    assert found is not None
    return set(re.findall(r"(\w+): \"[^\"]+\"", found[1]))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_object_and_action_of_the_trail_has_its_word(language: str) -> None:
    text = (ROOT / f"pwa/src/text/site.{language}.ts").read_text(encoding="utf-8")
    objects, actions = _named()
    assert {"entry", "query_message", "push_host", "roster"} <= objects
    assert {"sign_in", "correct", "withdraw", "set_phone_aside"} <= actions
    assert objects <= _words(text, "objects")
    assert actions <= _words(text, "actions")
