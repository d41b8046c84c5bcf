"""Who is acting: handed to every store function that writes, so that the trail can name them."""

from dataclasses import dataclass

from diary.rules.roles import Role, System


@dataclass(frozen=True)
class Actor:
    """A signed-in account, or the system itself (worker, first start), which has no id.

    `participant_ids` are those this account may write for: itself, or the linked children.
    """

    id: str | None
    role: Role | System
    site_id: str | None = None
    language: str = "zh-CN"
    participant_ids: tuple[str, ...] = ()


SYSTEM = Actor(id=None, role="system", language="en")
