/** Twelve months by weeks, from the figures of their days. */
import { addDays } from "../../rules/days.ts";
import type { DayFigures, SevereEvent, Span } from "../person/api.ts";
import { dayNumber } from "./scale.ts";

export interface Weight {
  day: string;
  kg: number;
}

/** Seven local days, the last week ending with the span. Null where nothing was measured or written. */
export interface Week {
  from: string;
  to: string;
  n: number;
  perDay: number;
  mean: number | null;
  inRangePct: number | null;
  below: number;
  level2: number;
  severe: number;
  events: Record<SevereEvent["basis"], number>;
  insulinPerKg: number | null;
}

const WEEK = 7;

export function weeksOf(span: Span, days: readonly DayFigures[], events: readonly SevereEvent[], weights: readonly Weight[]): Week[] {
  const count = Math.floor((dayNumber(span.to) - dayNumber(span.from) + 1) / WEEK);
  return Array.from({ length: count }, (_, i) => {
    const to = addDays(span.to, -WEEK * (count - 1 - i));
    const from = addDays(to, 1 - WEEK);
    const within = (day: string): boolean => day >= from && day <= to;
    return weekOf(from, to, days.filter((d) => within(d.day)), events.filter((e) => within(e.day)), weights);
  });
}

function weekOf(from: string, to: string, days: readonly DayFigures[], events: readonly SevereEvent[], weights: readonly Weight[]): Week {
  const sum = (of: (day: DayFigures) => number): number => days.reduce((all, day) => all + of(day), 0);
  const [n, numbers] = [sum((d) => d.n), sum((d) => d.numbers)];
  const basis = (one: SevereEvent["basis"]): number => events.filter((e) => e.basis === one).length;
  return {
    from, to, n, perDay: n / WEEK,
    mean: numbers === 0 ? null : sum((d) => (d.mean ?? 0) * d.numbers) / numbers,
    inRangePct: n === 0 ? null : (sum((d) => Math.round(((d.in_range_pct ?? 0) * d.n) / 100)) * 100) / n,
    below: sum((d) => d.count_below), level2: sum((d) => d.count_level2), severe: sum((d) => d.count_severe),
    events: { value: basis("value"), assistance: basis("assistance"), both: basis("both") },
    insulinPerKg: insulinPerKg(days, weights),
  };
}

/** Mean over the days with insulin, by the weight known on that day; null when a weight is not known. */
function insulinPerKg(days: readonly DayFigures[], weights: readonly Weight[]): number | null {
  const taken = days.filter((d) => d.insulin_units !== null && d.insulin_units > 0);
  const perKg = taken.flatMap((d) => {
    const kg = weightOn(weights, d.day);
    return kg === null ? [] : [(d.insulin_units ?? 0) / kg];
  });
  return perKg.length === 0 || perKg.length < taken.length ? null : perKg.reduce((a, b) => a + b, 0) / perKg.length;
}

/** The last weight up to that day, else the first one after it. */
export function weightOn(weights: readonly Weight[], day: string): number | null {
  const sorted = [...weights].sort((a, b) => (a.day < b.day ? -1 : 1));
  return (sorted.findLast((w) => w.day <= day) ?? sorted[0])?.kg ?? null;
}
