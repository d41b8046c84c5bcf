"""Glucose values: read exactly as typed or sent, and judged in their own unit (STUDY.md 3)."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from diary.rules.refusals import Refusal, shown

if TYPE_CHECKING:
    from diary.study import GlucoseLimits, Unit

Censored = Literal["LO", "HI"]
Band = Literal["lo", "severe", "level2", "level1", "in_range", "high", "very_high", "hi"]
REFUSAL_CODES: Final = (
    "glucose_empty",
    "glucose_not_text",
    "glucose_not_a_number",
    "glucose_meter_error",
    "glucose_zero",
    "glucose_negative",
    "glucose_did_you_mean_lo",
    "glucose_did_you_mean_hi",
    "glucose_did_you_mean_mgdl",
    "glucose_did_you_mean_mmol",
    "glucose_impossible",
    "glucose_unit_missing",
    "glucose_unit_unknown",
    "glucose_units_disagree",
)
BELOW_RANGE: Final[frozenset[Band]] = frozenset({"lo", "severe", "level2", "level1"})
MAX_CHARS: Final = 40

_UNITS: Final[dict[str, Unit]] = {
    "mmol/l": "mmol/L",
    "mmol": "mmol/L",
    "毫摩尔/升": "mmol/L",
    "mg/dl": "mg/dL",
    "mgdl": "mg/dL",
    "毫克/分升": "mg/dL",
}
_WITH_UNIT: Final = tuple(
    (re.compile(r"(.*?)\s*" + r"\s*/\s*".join(map(re.escape, name.split("/"))), re.DOTALL), unit)
    for name, unit in _UNITS.items()
)
_CENSORED: Final[dict[str, Censored]] = {"lo": "LO", "低": "LO", "hi": "HI", "高": "HI"}
# Slips of the two words, incl. the 0Lo and 0Hi that stand in real exports.
_MEANT_LO: Final = re.compile(r"0+\s*(?:lo|低)|l0|low|lo[.!。]+")
_MEANT_HI: Final = re.compile(r"0+\s*(?:hi|高)|h1|hl|high|hi[.!。]+")
_SAYS_LO: Final = re.compile(r"(?<![a-z])(?:lo|low|l0)(?![a-z0-9])|低")
_METER_ERROR: Final = re.compile(r"e(?:r|rr|rror)?[\s.:-]*\d{0,4}|错误|故障")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\d+,\d{1,2}|\d+,\d{4,}")
_MINUS: Final = re.compile(r"[-\u2212\u2010-\u2015]\s*(\d+(?:[.,]\d+)?)")
_ANY_NUMBER: Final = re.compile(
    r"(?<![\d.,])(\d{1,9}(?:[.,]\d{1,9})?|[.,]\d{1,9})(?:e([+-]?\d{1,2}))?(?!\d)", re.ASCII
)
_CHINESE_DIGITS: Final = str.maketrans("〇零一二两三四五六七八九点٫", "001223456789..")
# Pasted text brings these along; they show nothing and change nothing.
_INVISIBLE: Final = "\u200b\u200e\u200f\u2060\ufeff"


@dataclass(frozen=True)
class Glucose:
    """A value as the meter showed it: decimal text or LO / HI; `unit` may be None for those two only."""

    text: str
    unit: Unit | None
    number: Decimal | None
    censored: Censored | None


def parse_glucose(text: object, unit: object, limits: GlucoseLimits) -> Glucose | Refusal:
    """Read a value as people type it (`2,8`, `２.８`, ` 2.8 mmol/L`, `Lo`); no point or unit is guessed."""
    if text is None:
        return Refusal("glucose_empty")
    if not isinstance(text, str):
        return Refusal("glucose_not_text", {"value": _as_sent(text)})
    if len(text) > MAX_CHARS or _has_foreign_digit(text):
        return Refusal("glucose_not_a_number", {"value": shown(text)})
    value, typed_unit = _split_unit(_plain(text))
    if not value:
        return Refusal("glucose_empty")
    declared = _read_unit(unit)
    censored = _CENSORED.get(value)
    if censored is not None:
        known = declared if not isinstance(declared, Refusal) else None
        return Glucose(censored, known or typed_unit, None, censored)
    refusal = _not_a_number(value, text)
    if refusal is not None:
        return refusal
    number_text = value.replace(",", ".")
    agreed = _agree(declared, typed_unit, number_text)
    if isinstance(agreed, Refusal):
        return agreed
    number = Decimal(number_text)
    return _impossible(number, number_text, agreed, limits) or Glucose(number_text, agreed, number, None)


def band(glucose: Glucose, limits: GlucoseLimits) -> Band:
    """Where the value stands in its own unit's limits, unrounded; `severe` is the trial's own limit."""
    if glucose.number is None or glucose.unit is None:
        return "lo" if glucose.censored == "LO" else "hi"
    of = limits.of(glucose.unit)
    number = glucose.number
    if number < of.severe_below:
        return "severe"
    if number < of.level2_below:
        return "level2"
    if number < of.level1_below:
        return "level1"
    if number <= of.in_range_to:
        return "in_range"
    return "high" if number <= of.very_high_above else "very_high"


def is_low(glucose: Glucose, limits: GlucoseLimits) -> bool:
    """Below 3.9 mmol/L or 70 mg/dL, LO included."""
    return band(glucose, limits) in BELOW_RANGE


def is_severe_by_value(glucose: Glucose, limits: GlucoseLimits) -> bool:
    return band(glucose, limits) in ("lo", "severe")


def needs_confirmation(glucose: Glucose, limits: GlucoseLimits) -> bool:
    """28 mmol/L may be a 2.8 without its point: the person says which the meter showed."""
    if glucose.number is None or glucose.unit is None:
        return False
    return glucose.number >= limits.of(glucose.unit).confirm_from


def is_below_meter(glucose: Glucose, limits: GlucoseLimits) -> bool:
    """A number lower than any meter prints: a fault or a slip, so a person decides."""
    if glucose.number is None or glucose.unit is None:
        return False
    return glucose.number < limits.of(glucose.unit).meter_prints_from


def to_mmol(glucose: Glucose, limits: GlucoseLimits) -> Decimal | None:
    """In mmol/L for drawing and formulas, never for judging; None for LO and HI."""
    if glucose.number is None or glucose.unit == "mmol/L":
        return glucose.number
    return glucose.number / limits.mgdl_per_mmol


def to_mgdl(glucose: Glucose, limits: GlucoseLimits) -> Decimal | None:
    """In mg/dL for drawing and formulas, never for judging; None for LO and HI."""
    if glucose.number is None or glucose.unit == "mg/dL":
        return glucose.number
    return glucose.number * limits.mgdl_per_mmol


def looks_severe(text: object, unit: object, limits: GlucoseLimits) -> bool:
    """Whether a *refused* text may stand for a severe low: it says LO, or a number severe in a likely unit.

    Errs towards True: the price is one row on the desk. Meter error codes and zero are not severe.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return False
    value, typed_unit = _split_unit(_readable_digits(_plain(str(text)[:200])))
    if _METER_ERROR.fullmatch(value) or _MEANT_HI.fullmatch(value):
        return False
    if _SAYS_LO.search(value):
        return True
    declared = _read_unit(unit)
    units = {u for u in (declared, typed_unit) if u is not None and not isinstance(u, Refusal)}
    return any(_may_be_severe(number, units, limits) for number in _numbers(value))


def _may_be_severe(number: Decimal, units: set[Unit], limits: GlucoseLimits) -> bool:
    mmol, mgdl = limits.mmol, limits.mgdl
    if number <= 0:
        return False
    as_mmol = number < mmol.severe_below
    as_mgdl = mgdl.refused_below <= number < mgdl.severe_below
    if units == {"mmol/L"}:
        return as_mmol or (as_mgdl and number > mmol.possible_to)
    # A number below 10 labelled mg/dL is refused as a likely mmol/L value, so both readings count.
    return as_mmol or as_mgdl


def _plain(text: str) -> str:
    """Full-width forms to ASCII, blanks trimmed, lower case; a Chinese keyboard types 。 for the point."""
    normal = unicodedata.normalize("NFKC", text).casefold().replace("。", ".")
    return normal.strip().strip(_INVISIBLE).strip()


def _has_foreign_digit(text: str) -> bool:
    """Digits other than ASCII and full-width: NFKC would turn 5² into 52, and ② into 2."""
    return any(
        not char.isascii() and not "０" <= char <= "９" and unicodedata.category(char).startswith("N")
        for char in text
    )


def _split_unit(plain: str) -> tuple[str, Unit | None]:
    for pattern, unit in _WITH_UNIT:
        match = pattern.fullmatch(plain)
        if match:
            return match[1].strip(), unit
    return plain, None


def _read_unit(unit: object) -> Unit | Refusal | None:
    if unit is None:
        return None
    if not isinstance(unit, str) or len(unit) > MAX_CHARS:
        return Refusal("glucose_unit_unknown", {"unit": _as_sent(unit)})
    plain = _plain(unit)
    if not plain:
        return None
    return _UNITS.get(plain) or Refusal("glucose_unit_unknown", {"unit": shown(unit)})


def _as_sent(value: object) -> str:
    """What is no text as a sentence may quote it: as it was sent, true and not True."""
    return shown(value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False))


def _not_a_number(value: str, text: str) -> Refusal | None:
    fields = {"value": shown(text)}
    if _MEANT_LO.fullmatch(value):
        return Refusal("glucose_did_you_mean_lo", fields)
    if _MEANT_HI.fullmatch(value):
        return Refusal("glucose_did_you_mean_hi", fields)
    if _METER_ERROR.fullmatch(value):
        return Refusal("glucose_meter_error", fields)
    if _MINUS.fullmatch(value):
        return Refusal("glucose_negative", fields)
    if not value.isascii() or not _NUMBER.fullmatch(value):
        return Refusal("glucose_not_a_number", fields)
    return Refusal("glucose_zero", fields) if Decimal(value.replace(",", ".")) == 0 else None


def _agree(declared: Unit | Refusal | None, typed: Unit | None, number_text: str) -> Unit | Refusal:
    if isinstance(declared, Refusal):
        return declared
    if declared and typed and declared != typed:
        fields: dict[str, str] = {"value": number_text, "unit": declared, "typed_unit": typed}
        return Refusal("glucose_units_disagree", fields)
    return declared or typed or Refusal("glucose_unit_missing", {"value": number_text})


def _impossible(number: Decimal, text: str, unit: Unit, limits: GlucoseLimits) -> Refusal | None:
    fields = {"value": text, "unit": unit, "limit": str(limits.of(unit).possible_to)}
    if unit == "mmol/L" and limits.mmol.possible_to < number <= limits.mgdl.possible_to:
        return Refusal("glucose_did_you_mean_mgdl", fields)
    if number > limits.of(unit).possible_to:
        return Refusal("glucose_impossible", fields)
    if number < limits.of(unit).refused_below:
        fields["limit"] = str(limits.of(unit).refused_below)
        return Refusal("glucose_did_you_mean_mmol", fields)
    return None


def _readable_digits(plain: str) -> str:
    """Digits of other scripts as ASCII, so that a refused ٢٫٨ or 二点八 is still seen to be low."""
    plain = plain.translate(_CHINESE_DIGITS)
    return "".join(str(unicodedata.decimal(char, char)) for char in plain)


def _numbers(value: str) -> list[Decimal]:
    found = _ANY_NUMBER.findall(value)
    return [Decimal(mantissa.replace(",", ".")).scaleb(int(power or 0)) for mantissa, power in found]
