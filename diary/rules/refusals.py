"""What a rule answers when it cannot read something: a code that words know, and what the sentence needs."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    code: str
    fields: dict[str, str] = field(default_factory=dict)


def shown(text: str, max_chars: int = 40) -> str:
    """The text as a sentence may quote it: short, and without characters that mangle a log or a screen."""
    return "".join(char for char in text[:max_chars] if char.isprintable())
