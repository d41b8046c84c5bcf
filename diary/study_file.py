"""The study's file: its settings read once from TOML, checked, and refused with the key that is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from diary.rules.visits import ANCHORS, StudyVisit
from diary.study import (
    LANGUAGES,
    Accounts,
    AlertRules,
    Contraception,
    EpisodeRules,
    GlucoseLimits,
    Language,
    LowScreen,
    Medicines,
    ReceiptWithin,
    RedFlags,
    Reminders,
    Sessions,
    Site,
    Study,
    UnitLimits,
    Window,
)

PACKAGED: Final = Path(__file__).with_name("study.toml")
# No visit is further from what it is counted from: twenty years.
MOST_DAYS: Final = 7300
_RISING: Final = (
    "refused_below",
    "meter_prints_from",
    "severe_below",
    "level2_below",
    "level1_below",
    "in_range_to",
    "very_high_above",
    "confirm_from",
    "possible_to",
)
_T = TypeVar("_T")


class StudyError(Exception):
    """A setting that is missing or cannot be: names the key and what to put there."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"study settings: {key}: {what}")
        self.key = key
        self.what = what


def load(path: Path | None = None) -> Study:
    """Read and check the settings (the packaged study without a path); StudyError says what to mend."""
    source = path or PACKAGED
    try:
        with source.open("rb") as file:
            raw = tomllib.load(file, parse_float=Decimal)
    except OSError as error:
        raise StudyError(str(source), f"cannot be read ({error.strerror}); name a readable file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StudyError(str(source), f"is not TOML ({error}); mend that line") from error
    study = _study(_Table("", raw))
    _check(study)
    return study


class _Table:
    """One table of the file: hands out typed values, and names the full key when one is wrong."""

    def __init__(self, path: str, values: Mapping[str, Any]) -> None:
        self.path = path
        self.values = values
        self.asked: set[str] = set()

    def _get(self, key: str, what: str) -> Any:
        self.asked.add(key)
        if key not in self.values:
            raise StudyError(self.key(key), f"is missing; put {what}")
        return self.values[key]

    def key(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def table(self, key: str) -> _Table:
        value = self._get(key, f"a table [{self.key(key)}]")
        if not isinstance(value, dict):
            raise StudyError(self.key(key), f"must be a table [{self.key(key)}]")
        return _Table(self.key(key), value)

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        value = self._get(key, "a text in quotes")
        if not isinstance(value, str) or "\0" in value or not (value.strip() or may_be_empty):
            raise StudyError(self.key(key), f"must be a text in quotes, is {value!r}")
        return value

    def whole(self, key: str) -> int:
        value = self._get(key, "a whole number above 0")
        if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            raise StudyError(self.key(key), f"must be a whole number above 0, is {value!r}")
        return value

    def days(self, key: str) -> int:
        value = self._get(key, "a number of days")
        if isinstance(value, bool) or not isinstance(value, int) or not -MOST_DAYS <= value <= MOST_DAYS:
            raise StudyError(self.key(key), f"must be a number of days up to {MOST_DAYS}, is {value!r}")
        return value

    def decimal(self, key: str) -> Decimal:
        value = self._get(key, "a number above 0")
        number = Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(number, Decimal) or not number.is_finite() or number <= 0:
            raise StudyError(self.key(key), f"must be a number above 0, is {value!r}")
        return number

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, 'a list of texts, such as ["tacrolimus"]')
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            raise StudyError(self.key(key), f'must be a list of texts, such as ["tacrolimus"], is {value!r}')
        return tuple(value)

    def done(self) -> None:
        """Refuse keys nobody asked for: a misspelt one would otherwise be silently without effect."""
        for key in self.values:
            if key not in self.asked:
                raise StudyError(self.key(key), f"is unknown; known here: {', '.join(sorted(self.asked))}")


def _study(top: _Table) -> Study:
    contraception = _contraception(top.table("contraception"))
    study = Study(
        id=top.text("id"),
        registry_id=top.text("registry_id"),
        title=top.text("title"),
        site=_site(top.table("site")),
        glucose=_glucose(top.table("glucose")),
        window=_wholes(Window, top.table("window")),
        episodes=_wholes(EpisodeRules, top.table("episodes")),
        low_screen=_wholes(LowScreen, top.table("low_screen")),
        alerts=_wholes(AlertRules, top.table("alerts")),
        red_flags=_red_flags(top.table("red_flags")),
        medicines=_medicines(top.table("medicines"), tuple(contraception.washout_days_by_agent)),
        reminders=_reminders(top.table("reminders")),
        contraception=contraception,
        accounts=_wholes(Accounts, top.table("accounts")),
        sessions=_wholes(Sessions, top.table("sessions")),
        texts=_texts(top.table("texts")),
        visits=_visits(top.table("visits") if "visits" in top.values else _Table("visits", {})),
    )
    top.done()
    return study


def _visits(table: _Table) -> tuple[StudyVisit, ...]:
    """The visits that the protocol asks for; a study without the table has none."""
    visits = []
    for key in table.values:
        one = table.table(key)
        said = one.text("from")
        anchor = next((known for known in ANCHORS if known == said), None)
        if anchor is None:
            raise StudyError(one.key("from"), f"must be one of {', '.join(ANCHORS)}, is {said!r}")
        names: dict[str, str] = {language: one.text(language) for language in LANGUAGES}
        days = {name: one.days(name) for name in ("day", "before_days", "after_days")}
        for name in ("before_days", "after_days"):
            if days[name] < 0:
                raise StudyError(one.key(name), f"must be 0 or more, is {days[name]}")
        one.done()
        visits.append(StudyVisit(key, MappingProxyType(names), anchor, **days))
    return tuple(visits)


def _wholes(kind: type[_T], table: _Table) -> _T:
    values = {field.name: table.whole(field.name) for field in fields(kind)}  # type: ignore[arg-type]
    table.done()
    return kind(**values)


def _site(table: _Table) -> Site:
    zone = table.text("zone")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise StudyError("site.zone", f"must be an IANA zone, such as Asia/Shanghai, is {zone!r}") from error
    site = Site(
        name=table.text("name"),
        zone=zone,
        phone=table.text("phone", may_be_empty=True),
        emergency_phone=table.text("emergency_phone"),
    )
    table.done()
    return site


def _glucose(table: _Table) -> GlucoseLimits:
    limits = GlucoseLimits(
        mmol=_unit_limits(table.table("mmol"), refuses_low=False),
        mgdl=_unit_limits(table.table("mgdl"), refuses_low=True),
        mgdl_per_mmol=table.decimal("mgdl_per_mmol"),
    )
    table.done()
    return limits


def _unit_limits(table: _Table, *, refuses_low: bool) -> UnitLimits:
    names = [field.name for field in fields(UnitLimits) if field.name != "refused_below"]
    values = {name: table.decimal(name) for name in names}
    limits = UnitLimits(**values, refused_below=table.decimal("refused_below") if refuses_low else Decimal(0))
    table.done()
    for lower, upper in pairwise(_RISING):
        if getattr(limits, lower) >= getattr(limits, upper):
            raise StudyError(table.key(upper), f"must be more than {table.key(lower)}")
    return limits


def _red_flags(table: _Table) -> RedFlags:
    flags = RedFlags(
        fever_c=table.decimal("fever_c"),
        high_above_mmol=table.decimal("high_above_mmol"),
        high_above_mgdl=table.decimal("high_above_mgdl"),
        high_running=table.whole("high_running"),
        missed_doses=table.whole("missed_doses"),
    )
    table.done()
    return flags


def _reminders(table: _Table) -> Reminders:
    snooze = table.texts("snooze_min")
    if not all(re.fullmatch(r"[1-9][0-9]?", minutes) for minutes in snooze):
        raise StudyError(table.key("snooze_min"), f'must be minutes such as ["10", "30"], is {snooze!r}')
    receipt = _wholes(ReceiptWithin, table.table("receipt_within_min"))
    texts = {"snooze_min", "quiet_from", "quiet_to", "receipt_within_min"}
    wholes = {field.name: table.whole(field.name) for field in fields(Reminders) if field.name not in texts}
    reminders = Reminders(
        **wholes, snooze_min=snooze, quiet_from=_wall_time(table, "quiet_from"),
        quiet_to=_wall_time(table, "quiet_to"), receipt_within_min=receipt,
    )  # fmt: skip
    table.done()
    return reminders


def _wall_time(table: _Table, key: str) -> str:
    text = table.text(key)
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise StudyError(table.key(key), f'must be a time such as "22:00", is {text!r}')
    return text


def _medicines(table: _Table, by_label: Sequence[str]) -> Medicines:
    """`by_label` are the agents with washout days of their own; each agent's other names are asked for."""
    agents = table.texts("immunosuppressants")
    others = table.table("other_names")
    names = {agent: others.texts(agent) for agent in dict.fromkeys((*agents, *by_label))}
    others.done()
    table.done()
    return Medicines(agents, MappingProxyType(names))


def _contraception(table: _Table) -> Contraception:
    by_agent = table.table("washout_days_by_agent")
    days = {agent: by_agent.whole(agent) for agent in by_agent.values}
    contraception = Contraception(table.whole("washout_days"), MappingProxyType(days))
    table.done()
    return contraception


def _texts(table: _Table) -> Mapping[str, Mapping[Language, str]]:
    texts: dict[str, Mapping[Language, str]] = {}
    for key in table.values:
        entry = table.table(key)
        words: dict[Language, str] = {language: entry.text(language) for language in LANGUAGES}
        entry.done()
        if len({frozenset(re.findall(r"{(\w+)}", text)) for text in words.values()}) > 1:
            raise StudyError(entry.path, "must have the same {placeholders} in every language")
        texts[key] = MappingProxyType(words)
    return MappingProxyType(texts)


def _check(study: Study) -> None:
    ages = study.accounts
    hours = study.window
    for first, low, second, high in (
        ("window.free_h", hours.free_h, "window.with_reason_h", hours.with_reason_h),
        ("accounts.min_age", ages.min_age, "accounts.max_age", ages.max_age),
        ("accounts.contraception_min_age", ages.contraception_min_age, "accounts.adult_age", ages.adult_age),
    ):
        if low > high:
            raise StudyError(second, f"must be at least {first} ({low}), is {high}")
