import { describe, expect, it } from "vitest";
import { fromRrule, toRrule } from "../../src/site/rrule.ts";

describe("how often a schedule comes", () => {
  it.each([null, "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=15"])("keeps %j through the form", (rule) => {
    const rhythm = fromRrule(rule);
    expect(rhythm).not.toBeNull();
    if (rhythm !== null) expect(toRrule(rhythm)).toBe(rule);
  });
  it("puts the days of the week in their order", () => {
    expect(toRrule({ repeat: "weekly", weekdays: ["SU", "MO"], monthDay: "" })).toBe("FREQ=WEEKLY;BYDAY=MO,SU");
  });
  it("does not pretend to know a rule that the form cannot hold", () => {
    expect(fromRrule("FREQ=MONTHLY;BYMONTHDAY=1,15")).toBeNull();
    expect(fromRrule("FREQ=WEEKLY;INTERVAL=2")).toBeNull();
  });
});
