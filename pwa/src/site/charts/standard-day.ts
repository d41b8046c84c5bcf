/** When the standard day may show a median or a band (STUDY.md 9): dots are data, lines are summaries. */
import type { Point } from "./points.ts";

export const LEAST_READINGS = 30;
export const LEAST_FOR_MEDIAN = 3;
export const LEAST_FOR_BAND = 5;
const HOURS = 24;

/** One hour of the day; mmol/L. Null where the rule allows no line, or where the line would run through LO or HI. */
export interface Hour {
  hour: number;
  n: number;
  median: number | null;
  quartiles: readonly [lower: number, upper: number] | null;
}

/** LO is below and HI above every number: they have their place in the order, and no number of their own. */
function ordered(points: readonly Point[]): number[] {
  return points.map((p) => p.mmol ?? (p.band === "lo" ? -Infinity : Infinity)).sort((a, b) => a - b);
}

/** The share `q` of the way through sorted values, between neighbours in proportion; null where LO or HI stands there. */
export function quantile(sorted: readonly number[], q: number): number | null {
  const place = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (low === undefined || high === undefined || !Number.isFinite(low) || !Number.isFinite(high)) return null;
  return low + (high - low) * (place - Math.floor(place));
}

/** The 24 hours, or null below 30 readings: then there are dots and nothing else. */
export function standardDay(points: readonly Point[]): Hour[] | null {
  if (points.length < LEAST_READINGS) return null;
  return Array.from({ length: HOURS }, (_, hour) => {
    const sorted = ordered(points.filter((p) => Math.floor(p.minute / 60) === hour));
    const n = sorted.length;
    const [lower, upper] = n >= LEAST_FOR_BAND ? [quantile(sorted, 0.25), quantile(sorted, 0.75)] : [null, null];
    return {
      hour, n, median: n >= LEAST_FOR_MEDIAN ? quantile(sorted, 0.5) : null,
      quartiles: lower === null || upper === null ? null : [lower, upper] as const,
    };
  });
}

/** Neighbouring hours that have the value: a line is broken where the rule breaks, never bridged. */
export function runsOf(hours: readonly Hour[], has: (hour: Hour) => boolean): Hour[][] {
  const runs: Hour[][] = [];
  let open: Hour[] | null = null;
  for (const hour of hours) {
    if (!has(hour)) open = null;
    else if (open === null) runs.push((open = [hour]));
    else open.push(hour);
  }
  return runs;
}
