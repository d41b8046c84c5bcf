import { describe, expect, it } from "vitest";
import { ageOn, enrolment, newDraft, stepOf, type Draft } from "../../src/site/enrol-draft.ts";

const filled = (change: Partial<Draft> = {}): Draft => ({
  ...newDraft("2026-03-14"), subject_no: " s019 ", name: "Wang Fang", birth_day: "1990-05-01", sex: "female", version: "2.1", fertile: true, premenopausal: true, ...change,
});

describe("taking somebody in", () => {
  it("counts whole years on the day", () => {
    expect(ageOn("2008-03-15", "2026-03-14")).toBe(17);
    expect(ageOn("2008-03-14", "2026-03-14")).toBe(18);
    expect(ageOn("2008-03-1", "2026-03-14")).toBeNull();
  });
  it("sends an adult's consent, and nothing of guardians", () => {
    const body = enrolment(filled(), false);
    expect(body).toMatchObject({ subject_no: "S019", consent: { version: "2.1", day: "2026-03-14" }, phone: null });
    expect(body).not.toHaveProperty("assent");
    expect(body).not.toHaveProperty("guardians");
    expect(body).not.toHaveProperty("meter");
  });
  it("sends a child's assent with its guardians' consents", () => {
    const [guardian] = newDraft("2026-03-14").guardians;
    if (guardian === undefined) throw new Error("a draft begins with one guardian");
    const known = { ...guardian, isKnown: true, accountId: "id-of-g1", name: "left behind", relation: "mother", version: "2.1" };
    const body = enrolment(filled({ guardians: [{ ...guardian, name: "Li", relation: "father", version: "2.1" }, known] }), true);
    expect(body).not.toHaveProperty("consent");
    expect(body.assent).toEqual({ version: "2.1", day: "2026-03-14" });
    expect(body.guardians).toEqual([
      { name: "Li", relation: "father", consent: { version: "2.1", day: "2026-03-14" } },
      { account_id: "id-of-g1", relation: "mother", consent: { version: "2.1", day: "2026-03-14" } },
    ]);
  });
  it("says nothing of menopause for a man, whatever was tapped before", () => {
    expect(enrolment(filled({ sex: "male" }), false).premenopausal).toBeNull();
  });
  it.each([["subject_no", "person"], ["fertile", "health"], ["guardians.0.consent.version", "consent"], ["assent", "consent"], ["meter.serial", "meter"]])("leads from the field %s to the step %s", (field, step) => {
    expect(stepOf(field)).toBe(step);
  });
});
