import { describe, expect, it } from "vitest";
import { readStudy } from "../../make/study.ts";
import type { Unit } from "../../src/api/types.ts";
import { band, inUnit, isSevereByValue, needsConfirmation, parseGlucose, type Glucose } from "../../src/rules/glucose.ts";

const study = readStudy();

function read(text: string, unit: Unit | null = "mmol/L"): Glucose {
  const parsed = parseGlucose(text, unit, study);
  if (!("glucose" in parsed)) throw new Error(`${text}: ${parsed.refusal.code}`);
  return parsed.glucose;
}

function codeOf(text: string, unit: Unit | null = "mmol/L"): string {
  const parsed = parseGlucose(text, unit, study);
  return "refusal" in parsed ? parsed.refusal.code : "read";
}

describe("reading a glucose value", () => {
  it.each(["2,8", "２.８", " 2.8 mmol/L", "2.8", "2。8", "2.8 毫摩尔/升"])("reads %s as 2.8", (text) => {
    expect(read(text).text).toBe("2.8");
  });
  it("never places a point by itself: 28 stays 28 and is asked about", () => {
    expect(read("28").text).toBe("28");
    expect(needsConfirmation(read("28"), study)).toBe(true);
    expect(needsConfirmation(read("27.9"), study)).toBe(false);
  });
  it.each([["LO", "LO"], ["Lo", "LO"], ["低", "LO"], ["HI", "HI"], ["高", "HI"]])("reads %s without a unit", (text, word) => {
    expect(read(text, null)).toMatchObject({ censored: word, number: null });
  });
  it.each([
    ["0Lo", "glucose_did_you_mean_lo"], ["0Hi", "glucose_did_you_mean_hi"], ["ERR", "glucose_meter_error"],
    ["0", "glucose_zero"], ["-2.8", "glucose_negative"], ["", "glucose_empty"], ["52", "glucose_did_you_mean_mgdl"],
    ["601", "glucose_impossible"], ["5²", "glucose_not_a_number"], ["1,234", "glucose_not_a_number"],
  ])("refuses %s: %s", (text, code) => expect(codeOf(text)).toBe(code));
  it("asks for mmol/L below 10 mg/dL", () => expect(codeOf("5.6", "mg/dL")).toBe("glucose_did_you_mean_mmol"));
  it("needs a unit for a number", () => expect(codeOf("5.6", null)).toBe("glucose_unit_missing"));
});

describe("judging a value in its own unit", () => {
  it("knows every whole mg/dL from 10 to 600", () => {
    for (let n = 10; n <= 600; n++) {
      const where = band(read(String(n), "mg/dL"), study);
      const expected = n <= 52 ? "severe" : n < 54 ? "level2" : n < 70 ? "level1" : n <= 180 ? "in_range" : n <= 250 ? "high" : "very_high";
      expect([n, where]).toEqual([n, expected]);
    }
  });
  it("knows every tenth of a mmol/L from 0.1 to 33.3", () => {
    for (let tenths = 1; tenths <= 333; tenths++) {
      const text = `${Math.floor(tenths / 10)}.${tenths % 10}`;
      const where = band(read(text), study);
      const expected = tenths < 29 ? "severe" : tenths < 30 ? "level2" : tenths < 39 ? "level1"
        : tenths <= 100 ? "in_range" : tenths <= 139 ? "high" : "very_high";
      expect([text, where]).toEqual([text, expected]);
    }
  });
  it("judges before it rounds", () => {
    expect(isSevereByValue(read("2.89999999999999999999"), study)).toBe(true);
    expect(isSevereByValue(read("2.90"), study)).toBe(false);
    expect(isSevereByValue(read("52.2451", "mg/dL"), study)).toBe(true);
    expect(isSevereByValue(read("52.2452", "mg/dL"), study)).toBe(false);
  });
  it("converts for showing only", () => {
    expect(inUnit(read("5.6"), "mg/dL", study)).toBe("101");
    expect(inUnit(read("100", "mg/dL"), "mmol/L", study)).toBe("5.6");
    expect(inUnit(read("5.60"), "mmol/L", study)).toBe("5.60");
  });
});
