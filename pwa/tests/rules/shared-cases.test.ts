import { describe, expect, it } from "vitest";
import { readStudy } from "../../make/study.ts";
import type { HypoEventData, Origin, ReadingData } from "../../src/api/types.ts";
import { band, isBelowMeter, needsConfirmation, parseGlucose } from "../../src/rules/glucose.ts";
import { classify, readingOf } from "../../src/rules/hypoglycaemia.ts";
import { occurrences, type Schedule } from "../../src/rules/schedules.ts";
import { windowOf } from "../../src/rules/window.ts";
import { ownCases } from "../cases.ts";

const study = readStudy();

interface TextCase {
  text: string | null;
  unit: string | null;
  expect: {
    refused?: string;
    text?: string; unit?: string | null; number?: string | null; censored?: string | null; band?: string;
    needs_confirmation?: boolean; is_below_meter?: boolean;
  };
}

const isText = (value: unknown): boolean => value === null || typeof value === "string";

describe("glucose texts, the same cases as in Python", () => {
  const all = ownCases("glucose_text.json") as TextCase[];
  // What is no text at all cannot come from a keypad; the server refuses it.
  const cases = all.filter((c) => isText(c.text) && isText(c.unit));
  it("are many", () => expect(cases.length).toBeGreaterThan(50));
  it.each(cases.map((c) => [JSON.stringify(c.text), c.unit, c] as const))("%s in %s", (_text, _unit, c) => {
    const parsed = parseGlucose(c.text, c.unit, study);
    if ("refusal" in parsed) {
      expect(parsed.refusal.code).toBe(c.expect.refused);
      return;
    }
    const { glucose } = parsed;
    expect({
      text: glucose.text, unit: glucose.unit, censored: glucose.censored, band: band(glucose, study),
      needs_confirmation: needsConfirmation(glucose, study), is_below_meter: isBelowMeter(glucose, study),
    }).toEqual({
      text: c.expect.text, unit: c.expect.unit, censored: c.expect.censored, band: c.expect.band,
      needs_confirmation: c.expect.needs_confirmation, is_below_meter: c.expect.is_below_meter,
    });
  });
});

interface VerdictCase {
  name: string;
  reading: (ReadingData & { relabelled?: boolean }) | null;
  event: HypoEventData | null;
  circumstances?: { treated_by_carer?: boolean; before_enrolment?: boolean };
  expect: { severe: boolean | null; basis: string; ada_level: number | null; in_summaries: boolean; why: string | null };
}

describe("severe hypoglycaemia, the same cases as in Python", () => {
  const cases = (ownCases("severe_hypoglycaemia.json") as VerdictCase[]).filter((c) => c.reading?.relabelled !== true);
  it("are many", () => expect(cases.length).toBeGreaterThan(30));
  it.each(cases.map((c) => [c.name, c] as const))("%s", (_name, c) => {
    const data = c.reading === null ? null : { device: "meter" as const, sample: "capillary" as const, ...c.reading };
    const verdict = classify(data === null ? null : readingOf(data, study), c.event,
      { treatedByCarer: c.circumstances?.treated_by_carer ?? false, beforeEnrolment: c.circumstances?.before_enrolment ?? false }, study);
    expect({ severe: verdict.severe, basis: verdict.basis, ada_level: verdict.adaLevel, in_summaries: verdict.inSummaries, why: verdict.why })
      .toEqual(c.expect);
  });
});

interface WindowCase {
  name: string; origin: Origin; occurred_at: string; recorded_at: string; reason: string | null; expect: string;
}

describe("the entry window, the same cases as in Python", () => {
  it.each((ownCases("window.json") as WindowCase[]).map((c) => [c.name, c] as const))("%s", (_name, c) => {
    expect(windowOf(c.origin, Date.parse(c.occurred_at), Date.parse(c.recorded_at), c.reason, study.window)).toBe(c.expect);
  });
});

interface ScheduleCase {
  name: string; schedule: Omit<Schedule, "id" | "participant_id" | "kind" | "title">; day: string; expect: string[];
}

interface Slot { day: string; slot: string; due_at: string }
interface TravelCase { name: string; kind: Schedule["kind"]; times: string[]; to_zone: string; kept: Slot[]; expect: Slot[] }

describe("what a journey leaves where it was, the same cases as in Python", () => {
  it.each((ownCases("travel.json") as TravelCase[]).map((c) => [c.name, c] as const))("%s", (_name, c) => {
    const schedule: Schedule = {
      id: "s", participant_id: "p", kind: c.kind, title: "Tacrolimus", times: c.times, zone: c.to_zone, from_day: "2026-03-02", to_day: null,
      window_before_min: 60, window_after_min: 120, created_at: "2026-03-01T00:00:00.000Z", kept: c.kept,
    };
    for (const { day, slot, due_at } of c.expect) {
      const found = occurrences([schedule], day).find((one) => one.slot === slot);
      expect(found && new Date(found.at).toISOString()).toBe(due_at);
      expect(found && found.at - found.opensAt).toBe(60 * 60_000);
    }
  });
});

describe("what is due on a day, the same cases as in Python", () => {
  it.each((ownCases("schedules.json") as ScheduleCase[]).map((c) => [c.name, c] as const))("%s", (_name, c) => {
    const schedule: Schedule = { id: "s", participant_id: "p", kind: "dose", title: "Tacrolimus", ...c.schedule };
    const found = occurrences([schedule], c.day);
    expect(found.map((one) => new Date(one.at).toISOString().replace(".000Z", "Z"))).toEqual(c.expect);
  });
});
