"""Templates of schedules: where the desk's form can start from, in one packaged TOML file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PACKAGED: Final = Path(__file__).with_name("schedule_templates.toml")


@dataclass(frozen=True)
class Template:
    """Everything of a schedule but its days and amount; `titles` by language."""

    id: str
    kind: str
    titles: dict[str, str]
    times: tuple[str, ...]
    rrule: str | None
    drug: str | None
    window_before_min: int
    window_after_min: int


@cache
def templates() -> tuple[Template, ...]:
    """In the order of the file."""
    with PACKAGED.open("rb") as file:
        tables = tomllib.load(file)
    return tuple(
        Template(
            id=name, kind=table["kind"], titles=table["title"], times=tuple(table["times"]),
            rrule=table.get("rrule"), drug=table.get("drug"),
            window_before_min=table["window_before_min"], window_after_min=table["window_after_min"],
        )
        for name, table in tables.items()
    )  # fmt: skip
