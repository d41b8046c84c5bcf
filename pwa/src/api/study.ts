/** The study's numbers and texts, as `getStudy` answers them. Decimals are strings. */
import type { Unit } from "./types.ts";

export interface UnitLimits {
  severe_below: string;
  level2_below: string;
  level1_below: string;
  in_range_to: string;
  very_high_above: string;
  meter_prints_from: string;
  confirm_from: string;
  possible_to: string;
  refused_below?: string;
}

export interface Study {
  id: string;
  title: string;
  site: { name: string; zone: string; phone: string; emergency_phone: string };
  glucose: { mmol: UnitLimits; mgdl: UnitLimits; mgdl_per_mmol: string };
  window: { free_h: number; with_reason_h: number };
  episodes: { gap_min: number };
  low_screen: { max_age_min: number; recheck_min: number };
  texts: Record<string, Record<string, string>>;
  adult_age: number;
  contraception_min_age: number;
}

export function limitsOf(study: Study, unit: Unit): UnitLimits {
  return unit === "mmol/L" ? study.glucose.mmol : study.glucose.mgdl;
}
