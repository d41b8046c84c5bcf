import { describe, expect, it } from "vitest";
import { readStudy } from "../../make/study.ts";
import { instantText } from "../../src/rules/days.ts";
import type { Entry, Schedule } from "../../src/site/api.ts";
import type { DayShares } from "../../src/site/person/api.ts";
import { moved } from "../../src/site/person/grid-keys.ts";
import { calendarWeeks, heatCell, heatCells, KINDS } from "../../src/site/person/heat.ts";
import { columnAt, columnOf, logbook, type LogbookDay } from "../../src/site/person/logbook.ts";
import { beforeAndAfter, daysIn, eachDay, frequencyDiffers, rangeParts, wholePercents, whyUndefined } from "../../src/site/person/spans.ts";
import { offBy } from "../../src/site/person/windows-dialog.tsx";
import { heldSchedule } from "../../src/site/screens/hold-form.tsx";
import { draftOf, scheduleBody, withTemplate } from "../../src/site/screens/schedule-form.tsx";
import { entry, figures, window } from "./person-rows.ts";

const study = readStudy();
const DAY = "2026-03-14";
const read = (clock: string, value: string, change: Partial<Entry> = {}): Entry => entry("reading", `${DAY}T${clock}:00+08:00`, { value, unit: "mmol/L" }, change);
const only = (entries: Entry[], windows = [] as ReturnType<typeof window>[]): LogbookDay => {
  const [day] = logbook([DAY], entries, windows, [figures(DAY, { insulin_units: 12.5 })], study);
  if (day === undefined) throw new Error("a day is missing");
  return day;
};

describe("the logbook", () => {
  it("puts a value where its meal is named, else where its clock belongs", () => {
    expect(columnOf("after_lunch", "19:00")).toBe("after_lunch");
    expect(columnOf("fasting", "07:00")).toBe("before_breakfast");
    expect(columnOf("symptoms", "03:10")).toBe("night");
    expect(["00:00", "05:30", "08:30", "10:45", "12:30", "16:30", "18:45", "20:45", "23:59"].map(columnAt)).toEqual([
      "night", "before_breakfast", "after_breakfast", "before_lunch", "after_lunch", "before_supper", "after_supper", "bedtime", "bedtime",
    ]);
  });
  it("shows the worst of several first", () => {
    const cell = only([read("07:00", "6.0"), read("07:20", "2.8"), read("07:40", "3.5")]).cells.before_breakfast;
    expect(cell.items.map((i) => i.value)).toEqual(["2.8", "3.5", "6.0"]);
    expect(cell.items[0]).toMatchObject({ mark: "severe", isSevere: true });
  });
  it("judges a value in its own unit", () => {
    const cell = only([entry("reading", `${DAY}T07:00:00+08:00`, { value: "54", unit: "mg/dL" })]).cells.before_breakfast;
    expect(cell.items[0]).toMatchObject({ value: "54", unit: "mg/dL", mark: "level1", isSevere: false });
  });
  it("calls a low that needed help severe, whatever its number", () => {
    expect(only([read("07:00", "3.5", { basis: "assistance", severe: true })]).cells.before_breakfast.items[0]?.isSevere).toBe(true);
  });
  it("marks what was corrected and what is held", () => {
    expect(only([read("07:00", "6.0", { version: 2, state: "held" })]).cells.before_breakfast.items[0]).toMatchObject({ isCorrected: true, isHeld: true });
  });
  it("shows an event without a reading, and one with a reading only once", () => {
    const [alone, with_] = [entry("hypo_event", `${DAY}T03:00:00+08:00`, {}), entry("hypo_event", `${DAY}T03:05:00+08:00`, { reading_id: "r" })];
    expect(only([alone, with_]).cells.night.items.map((i) => i.entry.id)).toEqual([alone.id]);
  });
  it("shows a prescribed point as missing once its window is closed and nothing stands there", () => {
    const missed = window(DAY, "07:00", { outcome: "missed" });
    expect(only([], [missed]).cells.before_breakfast.isMissing).toBe(true);
    expect(only([read("07:10", "6.0")], [missed]).cells.before_breakfast.isMissing).toBe(false);
    expect(only([], [window(DAY, "07:00", { outcome: "open" })]).cells.before_breakfast.isMissing).toBe(false);
    expect(only([], [window(DAY, "07:00", { outcome: "left_out" })]).cells.before_breakfast.isMissing).toBe(false);
  });
  it("adds up carbohydrates and takes insulin as the server counted it", () => {
    const meals = ["40", "12,5"].map((carbs) => entry("meal", `${DAY}T12:00:00+08:00`, { meal: "lunch", carbs_g: carbs }));
    expect(only(meals)).toMatchObject({ carbsG: 52.5, insulinUnits: 12.5 });
    expect(only([entry("meal", `${DAY}T12:00:00+08:00`, { meal: "lunch" })])).toMatchObject({ carbsG: null });
  });
  it("keeps a row for a day without entries, and leaves out what was withdrawn", () => {
    const rows = logbook(["2026-03-15", DAY], [{ ...read("07:00", "6.0"), data: null }], [], [], study);
    expect(rows.map((r) => [r.day, Object.values(r.cells).flatMap((c) => c.items).length])).toEqual([["2026-03-15", 0], [DAY, 0]]);
  });
});

describe("spans", () => {
  const of = (n: number, days: number): { n: number; span_days: number } => ({ n, span_days: days });
  it("warn where readings per day differ by more than a quarter", () => {
    expect(frequencyDiffers(of(400, 100), of(500, 100))).toBe(false);
    expect(frequencyDiffers(of(400, 100), of(501, 100))).toBe(true);
    expect(frequencyDiffers(of(501, 100), of(400, 100))).toBe(true);
    expect(frequencyDiffers(of(0, 10), of(1, 10))).toBe(true);
    expect(frequencyDiffers(of(0, 10), of(0, 10))).toBe(false);
  });
  it("take twelve weeks before the first and since the latest transplantation", () => {
    expect(beforeAndAfter([], "2026-03-14")).toBeNull();
    const pair = beforeAndAfter(["2026-02-08", "2025-12-21"], "2026-03-14");
    expect(pair).toEqual([{ from: "2025-09-28", to: "2025-12-20" }, { from: "2026-02-08", to: "2026-03-14" }]);
    expect(beforeAndAfter(["2025-01-01"], "2026-03-14")?.map(daysIn)).toEqual([84, 84]);
  });
  it("have every day, over the end of a month", () => expect(eachDay({ from: "2026-02-27", to: "2026-03-01" })).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]));
  it("say why a figure has no value", () => {
    const some = { n: 10, numbers: 10, days_with_3: 20, li_weeks: 3 };
    expect(whyUndefined("li", some)).toBe("full_weeks");
    expect(whyUndefined("adrr", { ...some, days_with_3: 13 })).toBe("days_with_3");
    expect(whyUndefined("sd", { ...some, numbers: 1 })).toBe("one_number");
    expect(whyUndefined("mean", { ...some, numbers: 0 })).toBe("no_numbers");
    expect(whyUndefined("li", { ...some, n: 0 })).toBe("no_readings");
  });
  it("split readings into five ranges that add up", () => {
    const parts = rangeParts({ n: 7, level2_pct: 100 / 7, below_pct: 200 / 7, in_range_pct: 300 / 7, above_pct: 200 / 7, very_high_pct: 100 / 7 });
    expect(parts.map((p) => p.n)).toEqual([1, 1, 3, 1, 1]);
    expect(parts.reduce((sum, p) => sum + p.pct, 0)).toBe(100);
    expect(wholePercents([1, 1, 1])).toEqual([34, 33, 33]);
    expect(wholePercents([0, 0])).toEqual([0, 0]);
  });
});

describe("the adherence calendar", () => {
  const share = (done: number, due: number, more: { open?: number; left_out?: string } = {}): DayShares["reading"] =>
    ({ done, due, pct: due === 0 ? null : (done * 100) / due, open: 0, left_out: null, ...more });
  const none = share(0, 0);
  const on = (day: string, of: Partial<DayShares>): DayShares => ({ day, reading: none, dose: none, diary: none, contraception: null, ...of });
  it("fills a cell by the share that was done", () => expect(heatCell(DAY, on(DAY, { reading: share(3, 4) }), "reading")).toMatchObject({ look: "share", fill: 0.75, isOpen: false }));
  it("draws a day as open while one of its windows is, and what has closed of it as well", () => {
    expect(heatCell(DAY, on(DAY, { reading: share(0, 0, { open: 2 }) }), "reading")).toEqual({ look: "open", day: DAY });
    expect(heatCell(DAY, on(DAY, { reading: share(1, 2, { open: 1 }) }), "reading")).toMatchObject({ look: "share", fill: 0.5, isOpen: true });
  });
  it("says why a day is not counted, and is blank where nothing was prescribed", () => {
    expect(heatCell(DAY, on(DAY, { reading: share(0, 0, { left_out: "hospital" }) }), "reading")).toEqual({ look: "excluded", day: DAY, reason: "hospital" });
    expect(heatCell(DAY, undefined, "reading")).toMatchObject({ look: "none" });
    expect(heatCell(DAY, on(DAY, { reading: share(1, 1) }), "contraception")).toMatchObject({ look: "none" });
  });
  it("gives a reason to the kind that it left out, and to no other", () => {
    const day = on(DAY, { dose: share(0, 0, { left_out: "told_by_site" }), diary: share(1, 1, { left_out: "told_by_site" }) });
    expect(KINDS.map((kind) => heatCell(DAY, day, kind).look)).toEqual(["none", "excluded", "share", "none"]);
  });
  it("keeps a day open while one dose of it was left out on the site's word and another is to come", () => {
    expect(heatCell(DAY, on(DAY, { dose: share(0, 0, { open: 1, left_out: "told_by_site" }) }), "dose")).toEqual({ look: "open", day: DAY });
  });
  it("has a cell for each day of the span", () => {
    const cells = heatCells({ from: DAY, to: "2026-03-15" }, [on("2026-03-15", { dose: share(2, 2) })], "dose");
    expect(cells.map((cell) => cell.look)).toEqual(["none", "share"]);
  });
  it("has weeks from Monday to Sunday", () => {
    const weeks = calendarWeeks(eachDay({ from: "2026-03-14", to: "2026-03-17" }).map((day) => ({ day })));
    expect(weeks.map((w) => w.map((c) => c?.day.slice(8) ?? ""))).toEqual([["", "", "", "", "", "14", "15"], ["16", "17", "", "", "", "", ""]]);
  });
});

describe("arrow keys in a grid", () => {
  it("stop at its edges", () => {
    expect(moved({ row: 0, column: 0 }, "ArrowUp", 3, 4)).toEqual({ row: 0, column: 0 });
    expect(moved({ row: 2, column: 3 }, "ArrowRight", 3, 4)).toEqual({ row: 2, column: 3 });
    expect(moved({ row: 1, column: 1 }, "ArrowDown", 3, 4)).toEqual({ row: 2, column: 1 });
    expect(moved({ row: 1, column: 1 }, "End", 3, 4)).toEqual({ row: 1, column: 3 });
    expect(moved({ row: 1, column: 1 }, "x", 3, 4)).toBeNull();
  });
});

describe("a window's answer", () => {
  it("is so many minutes off its time", () => {
    expect(offBy({ due_at: "2026-03-14T00:00:00.000Z", at: "2026-03-14T00:35:00.000Z" })).toBe(35);
    expect(offBy({ due_at: "2026-03-14T00:00:00.000Z", at: null })).toBeNull();
  });
});

describe("a day to wait for the blood draw", () => {
  const schedule = {
    id: "s1", kind: "dose", title: "T", times: ["08:00", "20:00"], rrule: null, zone: "Asia/Shanghai", drug: "tacrolimus", amount: "1 mg", to_day: null,
    window_before_min: 60, window_after_min: 120,
  } as unknown as Schedule;
  const draft = { day: "2026-03-16", latest: "11:00", reason: "trough" };
  it("takes the place of the schedule from tomorrow on, without a day between", () => {
    expect(heldSchedule(schedule, draft, "2026-03-14", "Asia/Shanghai")).toMatchObject({
      replaces: "s1", from_day: "2026-03-15", drug: "tacrolimus", amount: "1 mg", times: ["08:00", "20:00"],
      hold: { day: "2026-03-16", latest_at: instantText(Date.parse("2026-03-16T03:00:00Z"), "Asia/Shanghai"), reason: "trough" },
    });
  });
  it("begins today when the draw is today", () => expect(heldSchedule(schedule, { ...draft, day: "2026-03-14" }, "2026-03-14", "Asia/Shanghai").from_day).toBe("2026-03-14"));
});

describe("a schedule from a template", () => {
  const template = { id: "ring", kind: "contraception", title: "Ring", times: ["09:00"], rrule: "FREQ=DAILY;INTERVAL=28", drug: null, window_before_min: 60, window_after_min: 720 } as const;
  it("fills everything but the days, and keeps a rhythm the form has no fields for", () => {
    const draft = withTemplate(draftOf(null, DAY), { ...template, times: [...template.times] });
    expect(scheduleBody(draft, null, "Asia/Shanghai")).toMatchObject({ kind: "contraception", title: "Ring", times: ["09:00"], rrule: "FREQ=DAILY;INTERVAL=28", from_day: DAY, window_after_min: 720 });
    expect(scheduleBody({ ...draft, rule: null }, null, "Asia/Shanghai").rrule).toBeNull();
  });
});
