import { describe, expect, it } from "vitest";
import type { Alert, Query, Roster } from "../../src/site/api.ts";
import { emptyDays, mondayOf, onCall } from "../../src/site/duty.ts";
import { pauseMs } from "../../src/site/pause.ts";
import { byDue, pressing } from "../../src/site/query-order.ts";
import { bySaeClock, saeClock } from "../../src/site/sae.ts";
import { SPARK, spark, sparkY } from "../../src/site/spark.ts";

const person = (id: string, tested: boolean): Roster["people"][number] => ({ account_id: id, role: "coordinator", login: `${id}@site`, name: id, channels: [{ name: "email", tested }] });
const roster = (...days: string[][]): Roster => ({
  today: "2026-03-13", version: 1, faults: [], people: [person("chen", true), person("zhao", false)],
  days: days.map((people, i) => ({ day: `2026-03-${13 + i}`, people })),
});

describe("who is on call", () => {
  it("is today's people, and the next ones from the first day on which it is somebody else", () => {
    const duty = onCall(roster(["chen"], ["chen"], ["zhao"], ["chen"]));
    expect(duty.now.map((p) => p.account_id)).toEqual(["chen"]);
    expect(duty.next).toMatchObject({ day: "2026-03-15", people: [{ account_id: "zhao" }] });
    expect(duty.untested).toEqual([]);
  });
  it("hands over to nobody where a day is empty, and to no one while nothing changes", () => {
    expect(onCall(roster(["chen"], [])).next).toEqual({ day: "2026-03-14", people: [] });
    expect(onCall(roster(["chen", "zhao"], ["zhao", "chen"])).next).toBeNull();
  });
  it("names those whom no tested channel reaches", () => expect(onCall(roster(["chen", "zhao"])).untested.map((p) => p.account_id)).toEqual(["zhao"]));
  it("counts empty days from today on, never past ones", () => {
    expect(emptyDays(roster([], ["chen"], []).days, "2026-03-14")).toEqual(["2026-03-15"]);
  });
  it.each([["2026-03-09", "2026-03-09"], ["2026-03-15", "2026-03-09"], ["2026-03-01", "2026-02-23"]])("puts %s into the week of %s", (day, monday) => expect(mondayOf(day)).toBe(monday));
});

describe("the SAE clock", () => {
  const seen = (change: Partial<Alert>): Pick<Alert, "seen_at" | "state" | "sae"> => ({ seen_at: "2026-03-13T06:00:00.000Z", state: "acknowledged", sae: null, ...change });
  const now = Date.parse("2026-03-14T00:00:00Z");
  it("runs from seen, not from opened or acknowledged", () => {
    expect(saeClock(seen({}), now)).toEqual({ leftMs: 6 * 3_600_000, share: 0.75 });
    expect(saeClock(seen({ seen_at: null }), now)).toBeNull();
  });
  it("goes on while nobody has decided, and stops once somebody has", () => {
    expect(saeClock(seen({ state: "resolved", sae: "undecided" }), now)).not.toBeNull();
    for (const sae of ["yes", "no", null] as const) expect(saeClock(seen({ state: "resolved", sae }), now)).toBeNull();
  });
  it("puts the one that was seen first on top of those that are undecided", () => {
    const list = [{ seen_at: "2026-03-14T05:00:00.000Z", opened_at: "2026-03-14T01:00:00.000Z" }, { seen_at: "2026-03-14T04:00:00.000Z", opened_at: "2026-03-14T03:00:00.000Z" }];
    expect(list.sort(bySaeClock).map((one) => one.seen_at.slice(11, 13))).toEqual(["04", "05"]);
  });
  it("says by how much it is over", () => expect(saeClock(seen({}), now + 8 * 3_600_000)).toEqual({ leftMs: -2 * 3_600_000, share: 1 }));
});

describe("queries", () => {
  const query = (id: string, change: Partial<Query>): Query => ({
    id, participant_id: "p", subject_no: "S001", entry_id: "e", root_id: "e", kind: "reading", field: null, state: "open", raised_at: "2026-03-01T00:00:00.000Z",
    due_day: "2026-03-20", answered_at: null, closed_at: null, messages: [], ...change,
  });
  const all = [
    query("later", { due_day: "2026-03-21" }), query("today", { due_day: "2026-03-14" }), query("answered", { state: "answered", due_day: "2026-03-01" }),
    query("late", { due_day: "2026-03-13" }), query("later still", { due_day: "2026-03-02" }),
  ];
  it("stand overdue first, then answered, then by the day they are due", () => {
    expect([...all].sort(byDue("2026-03-14")).map((q) => q.id)).toEqual(["later still", "late", "answered", "today", "later"]);
  });
  it("press when overdue or answered", () => expect(pressing(all, "2026-03-14")).toBe(3));
  it("that are closed stand newest first", () => {
    const closed = [query("a", { state: "closed", closed_at: "2026-03-01T00:00:00.000Z" }), query("b", { state: "closed", closed_at: "2026-03-05T00:00:00.000Z" })];
    expect(closed.sort(byDue("2026-03-14")).map((q) => q.id)).toEqual(["b", "a"]);
  });
});

describe("the pause before the server is asked again", () => {
  it("doubles with each failure up to two minutes, and starts afresh", () => {
    expect([0, 1, 2, 3, 4, 40].map((n) => pauseMs(15_000, n, false))).toEqual([15_000, 30_000, 60_000, 120_000, 120_000, 120_000]);
    expect(pauseMs(15_000, 0, true)).toBe(45_000);
  });
});

describe("the sparkline", () => {
  const days = ["2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14"];
  it("stands on a log scale from 2 to 22 mmol/L, and holds what lies outside at its edge", () => {
    expect(sparkY(2)).toBe(SPARK.foot);
    expect(sparkY(22)).toBeCloseTo(SPARK.top);
    expect(sparkY(Math.sqrt(44))).toBeCloseTo((SPARK.top + SPARK.foot) / 2);
    expect([sparkY(1.2), sparkY(30)]).toEqual([sparkY(2), sparkY(22)]);
  });
  it("draws a dot per day, a diamond where a severe low was, a triangle for a very high day, a bar for a day without", () => {
    const of = spark([{ day: "2026-03-11", readings: 5, severe: 0, mean: 6.1 }, { day: "2026-03-12", readings: 4, severe: 2, mean: 14.2 }, { day: "2026-03-14", readings: 1, severe: 1, mean: null }], days);
    expect(of.marks.map((m) => m.shape)).toEqual(["dot", "up", "severe", "none", "severe"]);
    expect(of).toMatchObject({ readings: 10, daysWith: 3, daysWithout: 1, severe: 3 });
    expect(of.marks[0]?.x).toBe(24.5);
  });
  it("draws today without a reading as open, and counts it neither way", () => {
    const of = spark([{ day: "2026-03-12", readings: 2, severe: 0, mean: 7 }], days);
    expect(of.marks.map((m) => m.shape)).toEqual(["none", "dot", "none", "open"]);
    expect(of).toMatchObject({ daysWith: 1, daysWithout: 2 });
  });
  it("leaves out what is older than the days shown", () => {
    expect(spark([{ day: "2026-03-01", readings: 9, severe: 1, mean: 5 }], days)).toMatchObject({ readings: 0, daysWith: 0, severe: 0 });
  });
});
