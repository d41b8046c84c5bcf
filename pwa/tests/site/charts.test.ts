import { describe, expect, it } from "vitest";
import type { Band } from "../../src/rules/glucose.ts";
import type { Point } from "../../src/site/charts/points.ts";
import { monthStarts, roundUp } from "../../src/site/charts/scale.ts";
import { quantile, runsOf, standardDay, type Hour } from "../../src/site/charts/standard-day.ts";
import { weeksOf, weightOn } from "../../src/site/charts/trend.ts";
import { figures } from "./person-rows.ts";

const point = (hour: number, mmol: number | null, band: Band = "in_range"): Point =>
  ({ day: "2026-03-01", minute: hour * 60 + 15, band, mmol, text: String(mmol), unit: "mmol/L" });
const many = (n: number, hour: number): Point[] => Array.from({ length: n }, (_, i) => point(hour, 5 + i / 10));
/** Enough readings elsewhere for lines to be allowed, without touching the hour looked at. */
const elsewhere = many(30, 20);
const at = (points: readonly Point[], hour: number): Hour | undefined => standardDay([...elsewhere, ...points])?.[hour];

describe("the standard day", () => {
  it("shows nothing but dots below 30 readings, and lines from 30", () => {
    expect(standardDay(many(29, 7))).toBeNull();
    expect(standardDay(many(30, 7))?.[7]?.median).not.toBeNull();
  });
  it("has a median from 3 readings in the hour", () => {
    expect(at(many(2, 7), 7)?.median).toBeNull();
    expect(at(many(3, 7), 7)?.median).toBeCloseTo(5.1, 9);
  });
  it("has a quartile band from 5 readings in the hour", () => {
    expect(at(many(4, 7), 7)?.quartiles).toBeNull();
    const [lower, upper] = at(many(5, 7), 7)?.quartiles ?? [0, 0];
    expect([lower, upper]).toEqual([expect.closeTo(5.1, 9), expect.closeTo(5.3, 9)]);
  });
  it("counts LO and HI in the order of an hour, and draws no line through them", () => {
    const lo = point(7, null, "lo");
    const hi = point(7, null, "hi");
    expect(at([lo, point(7, 5), point(7, 6)], 7)?.median).toBe(5);
    expect(at([point(7, 5), point(7, 6), hi], 7)?.median).toBe(6);
    expect(at([lo, lo, point(7, 5)], 7)?.median).toBeNull();
    expect(at([lo, lo, point(7, 5), point(7, 6), point(7, 7)], 7)).toMatchObject({ n: 5, median: 5, quartiles: null });
  });
  it("breaks its line where an hour has none", () => {
    const hours = standardDay([...elsewhere, ...many(3, 6), ...many(3, 7), ...many(3, 9)]) ?? [];
    expect(runsOf(hours, (h) => h.median !== null).map((run) => run.map((h) => h.hour))).toEqual([[6, 7], [9], [20]]);
  });
  it("interpolates quantiles between neighbours", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([], 0.5)).toBeNull();
  });
});

describe("the trend by weeks", () => {
  const span = { from: "2026-02-01", to: "2026-02-28" };
  const weeks = weeksOf(span, [
    figures("2026-02-22", { n: 3, numbers: 2, mean: 6, in_range_pct: 200 / 3, count_below: 1, insulin_units: 20 }),
    figures("2026-02-28", { n: 1, numbers: 1, mean: 9, in_range_pct: 100 }),
    figures("2026-02-21", { n: 1, numbers: 0, mean: null, in_range_pct: 0, count_lo: 1, count_below: 1 }),
  ], [{ day: "2026-02-22", at: null, basis: "both", episode_id: null, entry_id: "x", source: null }], [{ day: "2026-01-01", kg: 50 }]);
  const last = weeks.at(-1);

  it("ends with the span and has whole weeks only", () => {
    expect(weeks.map((w) => w.from)).toEqual(["2026-02-01", "2026-02-08", "2026-02-15", "2026-02-22"]);
    expect(weeksOf({ from: "2026-02-02", to: "2026-02-28" }, [], [], [])).toHaveLength(3);
  });
  it("weighs the mean by readings with a number", () => expect(last?.mean).toBeCloseTo(7, 9));
  it("takes the share of all readings, LO and HI included", () => expect(last?.inRangePct).toBe(75));
  it("puts events into their week, by basis", () => {
    expect(last?.events).toEqual({ value: 0, assistance: 0, both: 1 });
    expect(weeks[2]?.events.both).toBe(0);
  });
  it("has no mean where only LO was measured, and nothing at all where nothing was", () => {
    expect(weeks[2]).toMatchObject({ n: 1, mean: null, inRangePct: 0, below: 1 });
    expect(weeks[0]).toMatchObject({ n: 0, mean: null, inRangePct: null, insulinPerKg: null });
  });
  it("divides insulin by the weight of that day", () => expect(last?.insulinPerKg).toBeCloseTo(0.4, 9));
  it("knows the last weight up to a day, else the first after it", () => {
    const weights = [{ day: "2026-02-10", kg: 60 }, { day: "2026-01-10", kg: 58 }];
    expect(weightOn(weights, "2026-02-09")).toBe(58);
    expect(weightOn(weights, "2026-02-10")).toBe(60);
    expect(weightOn(weights, "2026-01-01")).toBe(58);
    expect(weightOn([], "2026-01-01")).toBeNull();
  });
});

describe("a calendar axis", () => {
  it("marks the first of each month, over the end of a year", () => expect(monthStarts({ from: "2025-11-02", to: "2026-02-01" })).toEqual(["2025-12-01", "2026-01-01", "2026-02-01"]));
  it("ends at a round number that no value passes", () => expect([0, 1, 3, 7, 12, 0.3].map(roundUp)).toEqual([1, 1, 5, 10, 20, 0.5]));
});
