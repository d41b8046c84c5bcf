import { describe, expect, it } from "vitest";
import { fromForm, missing, momentOf, toForm } from "../../src/site/form-values.ts";
import { FIELDS, PAPER_KINDS, STAFF_KINDS, type Kind } from "../../src/site/kinds.ts";

const ZONE = "Asia/Shanghai";

describe("an entry in its form", () => {
  it("comes back exactly as it was when nothing is touched, the meter's own record included", () => {
    const data = { value: "2.80", unit: "mmol/L", context: "bedtime", raw: "06 0a", sequence: 12, confirmed: true };
    expect(fromForm("reading", toForm("reading", data, ZONE), data, ZONE)).toEqual(data);
    const event = { could_self_treat: "no", treatment: ["food", "glucagon"], symptoms: ["shaking", "sweat"], ended_at: "2026-03-14T08:05:31+08:00", reading_id: "x" };
    expect(fromForm("hypo_event", toForm("hypo_event", event, ZONE), event, ZONE)).toEqual(event);
  });
  it("keeps what it has no field for", () => {
    const visit = { visit: "Month 3", day: "2026-03-14", plan: "study:month_3" };
    expect(fromForm("visit", { ...toForm("visit", visit, ZONE), fertility: "fertile" }, visit, ZONE)).toEqual({ ...visit, fertility: "fertile" });
  });
  it("sends a value as it was typed, never as a number", () => {
    const data = { value: "28", unit: "mmol/L" };
    expect(fromForm("reading", { ...toForm("reading", data, ZONE), value: "2.8" }, data, ZONE)).toEqual({ value: "2.8", unit: "mmol/L" });
  });
  it("leaves out what was emptied", () => {
    const data = { units: "6.0", type: "bolus", product: "Aspart" };
    expect(fromForm("insulin", { ...toForm("insulin", data, ZONE), product: "  ", type: "" }, data, ZONE)).toEqual({ units: "6.0" });
    const flagged = { value: "6.1", unit: "mmol/L", other_person: true };
    expect(fromForm("reading", { ...toForm("reading", flagged, ZONE), other_person: false }, flagged, ZONE)).toEqual({ value: "6.1", unit: "mmol/L" });
  });
  it("reads a list by commas of both languages", () => {
    expect(fromForm("illness", { symptoms: "发热，咳嗽, pain、 " }, {}, ZONE)).toEqual({ symptoms: ["发热", "咳嗽", "pain"] });
  });
  it("turns a wall time into an instant of the participant's zone", () => {
    expect(momentOf("2026-03-14T08:05", ZONE)).toBe("2026-03-14T08:05:00+08:00");
    expect(momentOf("2026-07-01T08:05", "Europe/Berlin")).toBe("2026-07-01T08:05:00+02:00");
    expect(fromForm("lab", { test: "hba1c", value: "7.5", drawn_at: "2026-03-14T08:05" }, {}, ZONE)).toMatchObject({ drawn_at: "2026-03-14T08:05:00+08:00" });
  });
  it("names the needed fields that are empty", () => {
    expect(missing("contact", { how: "call", reached: "" })).toEqual(["reached"]);
    expect(missing("contact", { how: "call", reached: "no" })).toEqual([]);
  });
});

describe("the kinds that staff record", () => {
  it("are every kind once, but the wish to be called, which is the participant's own", () => {
    const offered: Kind[] = [...STAFF_KINDS, ...PAPER_KINDS, "call_me"];
    expect([...offered].sort()).toEqual(Object.keys(FIELDS).sort());
  });
});
