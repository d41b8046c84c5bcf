"""The study's settings: limits, times, ages and texts, as `study_file` reads them from one TOML file."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal

from diary.rules.visits import StudyVisit

Unit = Literal["mmol/L", "mg/dL"]
Language = Literal["zh-CN", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("zh-CN", "en")

# What a phone needs of the study, besides two ages.
PHONE_PARTS: Final = (
    "id", "title", "site", "glucose", "window", "episodes", "low_screen", "red_flags", "texts",
)  # fmt: skip


@dataclass(frozen=True)
class UnitLimits:
    """The published limits in one unit (STUDY.md 3); a value is judged by those of its own unit."""

    severe_below: Decimal
    level2_below: Decimal
    level1_below: Decimal
    in_range_to: Decimal
    very_high_above: Decimal
    meter_prints_from: Decimal
    confirm_from: Decimal
    possible_to: Decimal
    refused_below: Decimal


@dataclass(frozen=True)
class GlucoseLimits:
    """Both units' limits, and the factor that is for drawing and formulas only."""

    mmol: UnitLimits
    mgdl: UnitLimits
    mgdl_per_mmol: Decimal

    def of(self, unit: Unit) -> UnitLimits:
        return self.mmol if unit == "mmol/L" else self.mgdl


@dataclass(frozen=True)
class Site:
    name: str
    zone: str
    phone: str
    emergency_phone: str


@dataclass(frozen=True)
class Window:
    free_h: int
    with_reason_h: int


@dataclass(frozen=True)
class EpisodeRules:
    gap_min: int


@dataclass(frozen=True)
class LowScreen:
    max_age_min: int
    recheck_min: int


@dataclass(frozen=True)
class AlertRules:
    unanswered_min: int
    recheck_min: int
    late_after_min: int
    acknowledge_h: int
    late_group_min: int
    repeat_min: int


@dataclass(frozen=True)
class RedFlags:
    fever_c: Decimal
    high_above_mmol: Decimal
    high_above_mgdl: Decimal
    high_running: int
    missed_doses: int

    def high_above(self, unit: Unit) -> Decimal:
        return self.high_above_mmol if unit == "mmol/L" else self.high_above_mgdl


@dataclass(frozen=True)
class ReceiptWithin:
    """Minutes in which a phone must say that a message of this kind arrived; then the next channel."""

    dose: int
    reading: int
    contraception: int
    diary: int
    recheck: int
    page: int


@dataclass(frozen=True)
class Reminders:
    """`quiet_from` and `quiet_to` are wall-clock times (HH:MM) of the participant; `snooze_min` minutes."""

    plan_ahead_h: int
    repeats: int
    repeat_every_min: int
    interval_from_h: int
    interval_to_h: int
    reach_days: int
    call_after_missed: int
    push_silent_min: int
    snooze_min: tuple[str, ...]
    quiet_from: str
    quiet_to: str
    receipt_within_min: ReceiptWithin


@dataclass(frozen=True)
class Medicines:
    """The agents, and what else each is called: in Chinese, by brand."""

    immunosuppressants: tuple[str, ...]
    other_names: Mapping[str, tuple[str, ...]]

    def agent_of(self, drug: str | None, agents: Sequence[str]) -> str | None:
        """The one of these agents whose name, or another name of it, is in a drug's name."""
        folded = _folded(drug or "")
        for agent in agents:
            if any(_folded(name) in folded for name in (agent, *self.other_names.get(agent, ()))):
                return agent
        return None


@dataclass(frozen=True)
class Contraception:
    washout_days: int
    washout_days_by_agent: Mapping[str, int]

    def washout_days_of(self, agent: str) -> int:
        return self.washout_days_by_agent.get(agent, self.washout_days)


@dataclass(frozen=True)
class Accounts:
    min_age: int
    max_age: int
    adult_age: int
    contraception_min_age: int
    code_valid_h: int
    failures_per_account: int
    failures_per_address: int
    failures_within_min: int


@dataclass(frozen=True)
class Sessions:
    participant_days: int
    staff_idle_min: int
    staff_max_h: int


@dataclass(frozen=True)
class Study:
    id: str
    registry_id: str
    title: str
    site: Site
    glucose: GlucoseLimits
    window: Window
    episodes: EpisodeRules
    low_screen: LowScreen
    alerts: AlertRules
    red_flags: RedFlags
    medicines: Medicines
    reminders: Reminders
    contraception: Contraception
    accounts: Accounts
    sessions: Sessions
    texts: Mapping[str, Mapping[Language, str]]
    visits: tuple[StudyVisit, ...]

    def text(self, key: str, language: Language) -> str:
        return self.texts[key][language]

    def for_phone(self) -> dict[str, Any]:
        """What `getStudy` answers: plain JSON, decimals as strings, texts by key and language."""
        phone = {part: _plain(getattr(self, part)) for part in PHONE_PARTS}
        ages = self.accounts
        phone["adult_age"] = ages.adult_age
        phone["contraception_min_age"] = ages.contraception_min_age
        return phone


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    """Full-width letters and small ones are the same."""
    return unicodedata.normalize("NFKC", name).casefold()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value
