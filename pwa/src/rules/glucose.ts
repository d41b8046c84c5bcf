/** Glucose values: what a person typed, read exactly and judged in its own unit (STUDY.md 3). */
import type { Study } from "../api/study.ts";
import { limitsOf } from "../api/study.ts";
import type { Unit } from "../api/types.ts";
import { compare, convert, decimal, isAbove, isBelow, type Decimal } from "./decimal.ts";

export type Limits = Pick<Study, "glucose">;
export type Band = "lo" | "severe" | "level2" | "level1" | "in_range" | "high" | "very_high" | "hi";
export type RefusalCode =
  | "glucose_empty" | "glucose_not_text" | "glucose_not_a_number" | "glucose_meter_error" | "glucose_zero"
  | "glucose_negative" | "glucose_did_you_mean_lo" | "glucose_did_you_mean_hi" | "glucose_did_you_mean_mgdl"
  | "glucose_did_you_mean_mmol" | "glucose_impossible" | "glucose_unit_missing" | "glucose_unit_unknown"
  | "glucose_units_disagree";

/** A value as the meter showed it. `unit` may be null for LO and HI only, which have no number. */
export interface Glucose {
  text: string;
  unit: Unit | null;
  number: Decimal | null;
  censored: "LO" | "HI" | null;
}

export interface Refusal {
  code: RefusalCode;
  fields: Record<string, string>;
}

export type Parsed = { glucose: Glucose } | { refusal: Refusal };

const MAX_CHARS = 40;
const UNITS: Record<string, Unit> = {
  "mmol/l": "mmol/L", mmol: "mmol/L", "毫摩尔/升": "mmol/L",
  "mg/dl": "mg/dL", mgdl: "mg/dL", "毫克/分升": "mg/dL",
};
const CENSORED: Record<string, "LO" | "HI"> = { lo: "LO", 低: "LO", hi: "HI", 高: "HI" };
const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");
const MEANT_LO = whole("0+\\s*(?:lo|低)|l0|low|lo[.!。]+");
const MEANT_HI = whole("0+\\s*(?:hi|高)|h1|hl|high|hi[.!。]+");
const METER_ERROR = whole("e(?:r|rr|rror)?[\\s.:\\-]*\\d{0,4}|错误|故障");
const NUMBER = whole("\\d+(?:\\.\\d+)?|\\d+,\\d{1,2}|\\d+,\\d{4,}");
const MINUS = whole("[\\-\\u2212\\u2010-\\u2015]\\s*(\\d+(?:[.,]\\d+)?)");
const ENDS = /^[\s\u200b\u200e\u200f\u2060\ufeff]+|[\s\u200b\u200e\u200f\u2060\ufeff]+$/gu;

const refuse = (code: RefusalCode, fields: Record<string, string> = {}): { refusal: Refusal } => ({
  refusal: { code, fields },
});

/** Reads a value as people type it (`2,8`, `２.８`, ` 2.8 mmol/L`, `Lo`); never guesses a point or a unit. */
export function parseGlucose(text: string | null | undefined, unit: string | null | undefined, limits: Limits): Parsed {
  if (text === null || text === undefined) return refuse("glucose_empty");
  if ([...text].length > MAX_CHARS || hasForeignDigit(text)) {
    return refuse("glucose_not_a_number", { value: shown(text) });
  }
  const [value, typedUnit] = splitUnit(plain(text));
  if (value === "") return refuse("glucose_empty");
  const declared = readUnit(unit);
  const censored = CENSORED[value];
  if (censored !== undefined) {
    const known = typeof declared === "object" ? null : declared;
    return { glucose: { text: censored, unit: known ?? typedUnit, number: null, censored } };
  }
  const fields = { value: shown(text) };
  const slip = notANumber(value);
  if (slip !== null) return refuse(slip, fields);
  const numberText = value.replace(",", ".");
  if (typeof declared === "object" && declared !== null) return declared;
  if (declared !== null && typedUnit !== null && declared !== typedUnit) {
    return refuse("glucose_units_disagree", { value: numberText, unit: declared, typed_unit: typedUnit });
  }
  const agreed = declared ?? typedUnit;
  if (agreed === null) return refuse("glucose_unit_missing", { value: numberText });
  const number = decimal(numberText);
  const impossible = whyImpossible(number, numberText, agreed, limits);
  return impossible ?? { glucose: { text: numberText, unit: agreed, number, censored: null } };
}

/** Where the value stands in its own unit's limits, unrounded; `severe` is the trial's own limit. */
export function band(glucose: Glucose, limits: Limits): Band {
  if (glucose.number === null || glucose.unit === null) return glucose.censored === "LO" ? "lo" : "hi";
  const of = limitsOf(limits as Study, glucose.unit);
  const number = glucose.number;
  if (isBelow(number, of.severe_below)) return "severe";
  if (isBelow(number, of.level2_below)) return "level2";
  if (isBelow(number, of.level1_below)) return "level1";
  if (!isAbove(number, of.in_range_to)) return "in_range";
  return isAbove(number, of.very_high_above) ? "very_high" : "high";
}

const BELOW_RANGE: ReadonlySet<Band> = new Set<Band>(["lo", "severe", "level2", "level1"]);

export function isLow(glucose: Glucose, limits: Limits): boolean {
  return BELOW_RANGE.has(band(glucose, limits));
}

export function isSevereByValue(glucose: Glucose, limits: Limits): boolean {
  const where = band(glucose, limits);
  return where === "lo" || where === "severe";
}

/** 28 mmol/L may be a 2.8 without its point: the person says which the meter showed. */
export function needsConfirmation(glucose: Glucose, limits: Limits): boolean {
  if (glucose.number === null || glucose.unit === null) return false;
  return !isBelow(glucose.number, limitsOf(limits as Study, glucose.unit).confirm_from);
}

/** A number lower than any meter prints: a fault or a slip, so a person decides. */
export function isBelowMeter(glucose: Glucose, limits: Limits): boolean {
  if (glucose.number === null || glucose.unit === null) return false;
  return isBelow(glucose.number, limitsOf(limits as Study, glucose.unit).meter_prints_from);
}

/** The value in the reader's unit, for showing only: mmol/L to one place, mg/dL to none. */
export function inUnit(glucose: Glucose, unit: Unit, limits: Limits): string {
  if (glucose.number === null || glucose.unit === null || glucose.unit === unit) return glucose.text;
  const factor = decimal(limits.glucose.mgdl_per_mmol);
  return unit === "mg/dL" ? convert(glucose.number, factor, "times", 0) : convert(glucose.number, factor, "by", 1);
}

function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("。", ".").replace(ENDS, "");
}

/** Digits other than ASCII and full-width: NFKC would turn 5² into 52, and ② into 2. */
function hasForeignDigit(text: string): boolean {
  return [...text].some((c) => c > "\u007f" && !(c >= "０" && c <= "９") && /\p{N}/u.test(c));
}

function splitUnit(text: string): [string, Unit | null] {
  for (const [name, unit] of Object.entries(UNITS)) {
    const spaced = name.split("/").join("\\s*/\\s*");
    const match = new RegExp(`^(.*?)\\s*${spaced}$`, "su").exec(text);
    if (match !== null) return [(match[1] ?? "").trim(), unit];
  }
  return [text, null];
}

function readUnit(unit: string | null | undefined): Unit | { refusal: Refusal } | null {
  if (unit === null || unit === undefined) return null;
  if ([...unit].length > MAX_CHARS) return refuse("glucose_unit_unknown", { unit: shown(unit) });
  const text = plain(unit);
  if (text === "") return null;
  return UNITS[text] ?? refuse("glucose_unit_unknown", { unit: shown(unit) });
}

function notANumber(value: string): RefusalCode | null {
  if (MEANT_LO.test(value)) return "glucose_did_you_mean_lo";
  if (MEANT_HI.test(value)) return "glucose_did_you_mean_hi";
  if (METER_ERROR.test(value)) return "glucose_meter_error";
  if (MINUS.test(value)) return "glucose_negative";
  if (!/^[0-9.,]+$/.test(value) || !NUMBER.test(value)) return "glucose_not_a_number";
  return decimal(value.replace(",", ".")).units === 0n ? "glucose_zero" : null;
}

function whyImpossible(number: Decimal, text: string, unit: Unit, limits: Limits): { refusal: Refusal } | null {
  const { mmol, mgdl } = limits.glucose;
  const of = limitsOf(limits as Study, unit);
  const fields = { value: text, unit, limit: of.possible_to };
  if (unit === "mmol/L" && isAbove(number, mmol.possible_to) && !isAbove(number, mgdl.possible_to)) {
    return refuse("glucose_did_you_mean_mgdl", fields);
  }
  if (isAbove(number, of.possible_to)) return refuse("glucose_impossible", fields);
  if (of.refused_below !== undefined && compare(number, decimal(of.refused_below)) < 0) {
    return refuse("glucose_did_you_mean_mmol", { ...fields, limit: of.refused_below });
  }
  return null;
}

function shown(text: string): string {
  return [...text].slice(0, MAX_CHARS).filter((c) => !/\p{C}|\p{Zl}|\p{Zp}/u.test(c)).join("");
}
