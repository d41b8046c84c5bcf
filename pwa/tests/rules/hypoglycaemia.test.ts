import { describe, expect, it } from "vitest";
import { readStudy } from "../../make/study.ts";
import type { HypoEventData } from "../../src/api/types.ts";
import { classify, readingOf } from "../../src/rules/hypoglycaemia.ts";
import { parseGlucose } from "../../src/rules/glucose.ts";
import { sharedSevereCases } from "../cases.ts";

const study = readStudy();
const cases = sharedSevereCases();

function eventOf(row: Record<string, string>): HypoEventData | null {
  if (row.event !== "yes") return null;
  const event: Record<string, unknown> = {};
  for (const name of ["could_self_treat", "helped_by", "lost_consciousness", "seizure"]) {
    if (row[name] !== "") event[name] = row[name];
  }
  if (row.treatment !== "") event.treatment = (row.treatment ?? "").split(/[ ;|]/);
  return event;
}

describe.skipIf(cases === null)("the shared cases of severe hypoglycaemia", () => {
  it("are all 42 here", () => expect(cases).toHaveLength(42));

  it.each((cases ?? []).map((row) => [row.case_id, row.reason, row] as const))("%s %s", (_id, _reason, row) => {
    const noReading = row.value === "" && row.device === "";
    const data = {
      value: row.value ?? "", unit: row.unit as "mmol/L", device: row.device as "meter", sample: row.sample as "capillary",
      confirmed: row.confirmed === "yes", other_person: row.other_person === "yes",
    };
    const refused = !noReading && "refusal" in parseGlucose(data.value, data.unit, study);
    const verdict = classify(
      noReading ? null : readingOf(data, study), eventOf(row),
      { treatedByCarer: row.treated_by_carer === "yes", beforeEnrolment: row.before_enrolment === "yes" }, study,
    );
    const severe = refused ? "refused" : verdict.severe === null ? "review" : verdict.severe ? "yes" : "no";
    expect({ severe, basis: verdict.basis, in_summaries: verdict.inSummaries ? "1" : "0" })
      .toEqual({ severe: row.severe, basis: row.basis, in_summaries: row.in_summaries });
    expect(verdict.adaLevel === null ? "" : String(verdict.adaLevel)).toBe(row.ada_level);
  });
});
