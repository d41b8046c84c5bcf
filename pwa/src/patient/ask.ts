/** Where a typed number may be a slip, what else the meter may have shown. */
import type { Study } from "../api/study.ts";
import type { Unit } from "../api/types.ts";
import { needsConfirmation, parseGlucose } from "../rules/glucose.ts";

export interface Choice {
  value: string;
  unit: Unit | null;
  confirmed: boolean;
}

export type Ask =
  | { why: "save"; value: string; unit: Unit | null }
  | { why: "point" | "large" | "small" | "sure" | "lo" | "hi"; typed: string; choices: Choice[] }
  | { why: "impossible" | "zero" | "unreadable" | "empty"; typed: string; choices: [] };

const otherUnit = (unit: Unit): Unit => (unit === "mmol/L" ? "mg/dL" : "mmol/L");

/** `120` with its point one place in: `12.0`. */
function pointed(text: string): string {
  return `${text.slice(0, -1)}.${text.slice(-1)}`;
}

function isReadable(value: string, unit: Unit, study: Study): boolean {
  return "glucose" in parseGlucose(value, unit, study);
}

/** What to ask before the typed text is kept; `save` when there is nothing to ask. */
export function whatToAsk(typed: string, unit: Unit, study: Study): Ask {
  const parsed = parseGlucose(typed, unit, study);
  if ("glucose" in parsed) {
    const { glucose } = parsed;
    if (!needsConfirmation(glucose, study)) return { why: "save", value: glucose.text, unit: glucose.unit };
    const really: Choice = { value: glucose.text, unit, confirmed: true };
    if (glucose.text.includes(".") || unit === "mg/dL") return { why: "sure", typed, choices: [really] };
    return { why: "point", typed, choices: [{ value: pointed(glucose.text), unit, confirmed: false }, really] };
  }
  const other = otherUnit(unit);
  switch (parsed.refusal.code) {
    case "glucose_did_you_mean_mgdl": {
      const choices: Choice[] = [{ value: typed, unit: other, confirmed: false }];
      const slip = pointed(typed);
      if (!typed.includes(".") && isReadable(slip, unit, study)) choices.unshift({ value: slip, unit, confirmed: false });
      return { why: "large", typed, choices };
    }
    case "glucose_did_you_mean_mmol":
      return { why: "small", typed, choices: [{ value: typed, unit: other, confirmed: false }] };
    case "glucose_did_you_mean_lo":
      return { why: "lo", typed, choices: [{ value: "LO", unit: null, confirmed: false }] };
    case "glucose_did_you_mean_hi":
      return { why: "hi", typed, choices: [{ value: "HI", unit: null, confirmed: false }] };
    case "glucose_impossible": return { why: "impossible", typed, choices: [] };
    case "glucose_empty": return { why: "empty", typed, choices: [] };
    case "glucose_zero":
    case "glucose_meter_error":
    case "glucose_negative": return { why: "zero", typed, choices: [] };
    default: return { why: "unreadable", typed, choices: [] };
  }
}
