import { describe, expect, it } from "vitest";
import { readStudy } from "../../make/study.ts";
import { facts, fieldWords, say } from "../../src/site/entry-words.ts";
import { FIELDS } from "../../src/site/kinds.ts";
import { agoWords, dayName, daysSince, livedMoment, moment } from "../../src/site/when.ts";
import { loadDeskWords } from "../../src/text/site.ts";

const study = readStudy();
const en = await loadDeskWords("en");
const zh = await loadDeskWords("zh-CN");

/** Every key with how many places its sentence has. */
function keys(words: object, path = ""): string[] {
  return Object.entries(words).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === "function") return [`${path}${name}(${String(value.length)})`];
    return typeof value === "object" && value !== null ? keys(value, `${path}${name}.`) : [`${path}${name}`];
  });
}

describe("the words of the desk", () => {
  it("are complete in both languages, with the same places in each", () => expect(keys(en).sort()).toEqual(keys(zh).sort()));
  it("never scold", () => {
    for (const words of [en, zh]) expect(JSON.stringify(words)).not.toMatch(/\b(error|invalid|failed|must|bad|non-compliant)\b|!|！/i);
  });
  it("name every field and choice of every kind", () => {
    for (const field of Object.values(FIELDS).flat()) {
      for (const words of [en.entry, zh.entry]) {
        expect(words.fields[field.name]).toBeTruthy();
        for (const choice of field.options) expect(words.choices[choice]).toBeTruthy();
      }
    }
  });
});

describe("an entry in words", () => {
  const reading = (value: string, unit: string | null, more: object = {}) => ({ kind: "reading" as const, basis: "none" as const, data: { value, unit, ...more } });
  it("keeps the number as the meter showed it, with its unit and the mark of that unit", () => {
    expect(say(reading("2.80", "mmol/L"), study, en)).toMatchObject({ value: "2.80", unit: "mmol/L", mark: "severe" });
    expect(say(reading("2.9", "mmol/L"), study, en)).toMatchObject({ mark: "level2" });
    expect(say(reading("54", "mg/dL"), study, en)).toMatchObject({ value: "54", unit: "mg/dL", mark: "level1" });
  });
  it("shows LO without a unit and as severe", () => expect(say(reading("LO", null), study, en)).toMatchObject({ value: "LO", unit: null, mark: "lo" }));
  it("marks what the server leaves to a person, whatever the number", () => {
    expect(say({ ...reading("3.4", "mmol/L"), basis: "review" }, study, en).mark).toBe("review");
  });
  it("gives control solution and another person's blood no mark and says what they are", () => {
    expect(say(reading("2.1", "mmol/L", { sample: "control" }), study, en)).toMatchObject({ mark: null, rest: ["control solution"] });
    expect(say(reading("2.1", "mmol/L", { other_person: true }), study, zh)).toMatchObject({ mark: null, rest: ["别人的血"] });
  });
  it("says what happened in a low", () => {
    const said = say({ kind: "hypo_event", basis: "assistance", data: { could_self_treat: "no", helped_by: "family", seizure: "yes", treatment: ["glucagon"] } }, study, en);
    expect(said.rest).toEqual(["could not treat it alone", "helped by: Family", "seizure", "Glucagon"]);
  });
  it("says nothing of what was withdrawn", () => expect(say({ kind: "note", basis: "none", data: null }, study, en).rest).toEqual([]));
  it("prints the fields of the history with unit, choice and lived time", () => {
    expect(fieldWords("data.temperature_c", "38.4", "Asia/Shanghai", en)).toBe("38.4 °C");
    expect(fieldWords("data.context", "bedtime", "Asia/Shanghai", zh)).toBe("睡前");
    expect(fieldWords("occurred_at", "2026-03-14T00:30:00+08:00", "Asia/Shanghai", en)).toBe("2026-03-14 00:30");
    expect(fieldWords("data.text", null, "Asia/Shanghai", en)).toBe("empty");
    expect(facts({ kind: "insulin", zone: "Asia/Shanghai", data: { units: "6.0", type: "bolus" } }, en)).toEqual([["Units", "6.0 U"], ["Kind of insulin", "Bolus"]]);
  });
});

describe("days and ages in words", () => {
  const now = Date.parse("2026-03-14T06:05:00Z");
  it("are of the zone, not of the computer", () => {
    expect(moment("2026-03-13T16:30:00Z", "Asia/Shanghai", now, en)).toBe("Today 00:30");
    expect(moment("2026-03-13T15:30:00Z", "Asia/Shanghai", now, en)).toBe("Yesterday 23:30");
    expect(livedMoment({ occurred_at: "2026-03-10T08:00:00+01:00", zone: "Europe/Berlin" }, now, en)).toBe("Tue 10 Mar 08:00");
    expect(dayName("2025-03-10", "Asia/Shanghai", now, zh)).toBe("2025年3月10日 周一");
    expect(daysSince("2025-12-21", "Asia/Shanghai", now)).toBe(83);
  });
  it("say an age in minutes, hours and days", () => {
    expect(agoWords("2026-03-14T06:04:40Z", now, en)).toBe("just now");
    expect(agoWords("2026-03-14T05:40:00Z", now, zh)).toBe("25 分钟前");
    expect(agoWords("2026-03-14T01:40:00Z", now, en)).toBe("4 h 25 min ago");
    expect(agoWords("2026-03-10T06:00:00Z", now, zh)).toBe("4 天前");
  });
});

describe("the verbs of closing", () => {
  it("are other words than the one that puts a dialog away", () => {
    for (const t of [en, zh]) {
      expect([t.work.queries.close, t.alerts.resolve, t.common.cancel]).not.toContain(t.common.close);
    }
  });
});
