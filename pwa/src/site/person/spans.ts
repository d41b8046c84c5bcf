/** Spans of local days: what is chosen, what two of them may be compared for, and why a figure has no value. */
import { addDays } from "../../rules/days.ts";
import type { Span, Summary } from "./api.ts";

/** Two spans are compared only at like test frequency (STUDY.md 9). */
export const FREQUENCY_DIFFERS_PCT = 25;
export const COMPARED_DAYS = 84;
const ADRR_DAYS = 14;
const LI_WEEKS = 4;

export function lastDays(to: string, days: number): Span {
  return { from: addDays(to, 1 - days), to };
}

export function daysIn(span: Span): number {
  return Math.round((Date.parse(span.to) - Date.parse(span.from)) / 86_400_000) + 1;
}

/** Every local day, oldest first. */
export function eachDay(span: Span): string[] {
  return Array.from({ length: Math.max(0, daysIn(span)) }, (_, i) => addDays(span.from, i));
}

/** The twelve weeks up to the day before the first transplantation, and the last twelve since the latest one. */
export function beforeAndAfter(transplantDays: readonly string[], today: string): [before: Span, after: Span] | null {
  const days = [...transplantDays].sort();
  const [first, latest] = [days[0], days.at(-1)];
  if (first === undefined || latest === undefined || latest > today) return null;
  const after = lastDays(today, COMPARED_DAYS);
  return [lastDays(addDays(first, -1), COMPARED_DAYS), after.from < latest ? { from: latest, to: today } : after];
}

/** Whether readings per day differ by more than a quarter of the lower of the two. */
export function frequencyDiffers(a: Pick<Summary, "n" | "span_days">, b: Pick<Summary, "n" | "span_days">): boolean {
  // Over all days of the span: a span that was measured on one day a week is not measured often.
  const [low = 0, high = 0] = [a.n / a.span_days, b.n / b.span_days].sort((x, y) => x - y);
  return high > 0 && high * 100 > low * (100 + FREQUENCY_DIFFERS_PCT);
}

export type Undefined = "no_readings" | "no_numbers" | "one_number" | "days_with_3" | "full_weeks" | "no_insulin" | "no_weight";
export type FigureName =
  | "per_day" | "mean" | "sd" | "cv" | "min" | "max" | "below_pct" | "level2_pct" | "in_range_pct" | "above_pct" | "very_high_pct"
  | "lbgi" | "hbgi" | "adrr" | "li";

/** Why a figure that is null has no value. */
export function whyUndefined(name: FigureName, of: Pick<Summary, "n" | "numbers" | "days_with_3" | "li_weeks">): Undefined {
  if (of.n === 0) return "no_readings";
  if (name === "adrr" && of.days_with_3 < ADRR_DAYS) return "days_with_3";
  if (name === "li" && of.li_weeks < LI_WEEKS) return "full_weeks";
  if ((name === "sd" || name === "cv") && of.numbers === 1) return "one_number";
  return "no_numbers";
}

export interface RangePart {
  band: "level2" | "level1" | "in_range" | "high" | "very_high";
  n: number;
  pct: number;
}

/** The five ranges, lowest first; their counts add to n, and their whole per cents to 100. */
export function rangeParts(of: Pick<Summary, "n" | "in_range_pct" | "below_pct" | "level2_pct" | "above_pct" | "very_high_pct">): RangePart[] {
  const count = (pct: number | null): number => Math.round(((pct ?? 0) * of.n) / 100);
  const [level2, below, within, above, veryHigh] = [of.level2_pct, of.below_pct, of.in_range_pct, of.above_pct, of.very_high_pct].map(count) as [number, number, number, number, number];
  const counts = [["level2", level2], ["level1", below - level2], ["in_range", within], ["high", above - veryHigh], ["very_high", veryHigh]] as const;
  const pcts = wholePercents(counts.map(([, n]) => n));
  return counts.map(([band, n], i) => ({ band, n, pct: pcts[i] ?? 0 }));
}

/** Whole per cents that add to 100: the largest remainders are rounded up. */
export function wholePercents(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, n) => sum + n, 0);
  if (total === 0) return counts.map(() => 0);
  const exact = counts.map((n) => (n * 100) / total);
  const whole = exact.map(Math.floor);
  const missing = 100 - whole.reduce((sum, n) => sum + n, 0);
  const byRemainder = exact.map((x, i) => [x - Math.floor(x), i] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, i] of byRemainder.slice(0, missing)) whole[i] = (whole[i] ?? 0) + 1;
  return whole;
}
