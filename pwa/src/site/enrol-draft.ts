/** What the enrolment wizard gathers, step by step, and the body that goes to the server. */
import type { Enrolment } from "./api.ts";
import { guardianBody, newGuardian, type GuardianDraft } from "./screens/record-people.tsx";

export const STEPS = ["person", "health", "consent", "meter", "check"] as const;
export type Step = (typeof STEPS)[number];

export interface Draft {
  subject_no: string;
  name: string;
  phone: string;
  email: string;
  birth_day: string;
  sex: "female" | "male" | "";
  language: "zh-CN" | "en";
  display_unit: "mmol/L" | "mg/dL";
  fertile: boolean | null;
  premenopausal: boolean | null;
  treated_by_carer: boolean;
  minor_contraception_approved: boolean;
  version: string;
  day: string;
  guardians: GuardianDraft[];
  serial: string;
  model: string;
}

export function newDraft(today: string): Draft {
  return {
    subject_no: "", name: "", phone: "", email: "", birth_day: "", sex: "", language: "zh-CN", display_unit: "mmol/L", fertile: null, premenopausal: null,
    treated_by_carer: false, minor_contraception_approved: false, version: "", day: today, guardians: [newGuardian(today)], serial: "", model: "",
  };
}

/** Whole years on `today`; null while no birth day is filled in. */
export function ageOn(birthDay: string, today: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(birthDay)) return null;
  const had = today.slice(5) >= birthDay.slice(5);
  return Number(today.slice(0, 4)) - Number(birthDay.slice(0, 4)) - (had ? 0 : 1);
}

export function enrolment(draft: Draft, isChild: boolean): Enrolment {
  const optional = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  const agreement = { version: draft.version, day: draft.day };
  return {
    subject_no: draft.subject_no.trim().toUpperCase(), name: draft.name, phone: optional(draft.phone), email: optional(draft.email), birth_day: draft.birth_day,
    sex: draft.sex as "female" | "male", fertile: draft.fertile, premenopausal: draft.sex === "female" ? draft.premenopausal : null,
    treated_by_carer: isChild && draft.treated_by_carer, minor_contraception_approved: isChild && draft.minor_contraception_approved,
    display_unit: draft.display_unit, language: draft.language,
    ...(isChild ? { assent: agreement, guardians: draft.guardians.map(guardianBody) } : { consent: agreement }),
    ...(draft.serial.trim() === "" ? {} : { meter: { serial: draft.serial.trim(), ...(draft.model.trim() === "" ? {} : { model: draft.model.trim() }) } }),
  };
}

const HEALTH = new Set(["fertile", "premenopausal", "treated_by_carer", "minor_contraception_approved"]);

/** The step in which a field of the server's answer is filled in. */
export function stepOf(field: string): Step {
  const [head = ""] = field.split(".");
  if (head === "consent" || head === "assent" || head === "guardians") return "consent";
  if (head === "meter") return "meter";
  return HEALTH.has(head) ? "health" : "person";
}
