/** Severe hypoglycaemia: both limbs of the trial's definition, for a reading and its event (STUDY.md 4). */
import type { Basis, HypoEventData, ReadingData } from "../api/types.ts";
import {
  band, isBelowMeter, isLow, isSevereByValue, needsConfirmation, parseGlucose, type Glucose, type Limits,
} from "./glucose.ts";

export interface Reading {
  glucose: Glucose;
  device: "meter" | "cgm" | "lab" | null;
  sample: "capillary" | "venous" | "control" | null;
  confirmed: boolean;
  otherPerson: boolean;
  relabelled: boolean;
}

export type Why =
  | "before_enrolment" | "implausible" | "sensor" | "unconfirmed" | "carer_treated" | "unknown" | "unanswered";

export interface Circumstances {
  treatedByCarer: boolean;
  beforeEnrolment: boolean;
}

/** `severe` is null with basis review: a person decides. `adaLevel` is null where nothing can be said. */
export interface Verdict {
  severe: boolean | null;
  basis: Basis;
  adaLevel: number | null;
  inSummaries: boolean;
  why: Why | null;
}

/** The reading that an entry's data tell of; null when the value cannot be read. */
export function readingOf(data: ReadingData, limits: Limits): Reading | null {
  const parsed = parseGlucose(data.value, data.unit, limits);
  if (!("glucose" in parsed)) return null;
  return {
    glucose: parsed.glucose,
    device: data.device ?? null,
    sample: data.sample ?? null,
    confirmed: data.confirmed ?? false,
    otherPerson: data.other_person ?? false,
    relabelled: data.relabelled ?? false,
  };
}

/** Control solution, another person, re-labelled: kept, but it says nothing of this participant. */
export const isExcluded = (reading: Reading): boolean => reading.sample === "control" || reading.otherPerson || reading.relabelled;

/** A sign that speaks for itself, whatever else is answered or not, at any age. */
export function hasSign(event: HypoEventData): boolean {
  return event.lost_consciousness === "yes" || event.seizure === "yes"
    || event.helped_by === "paramedic" || event.helped_by === "hospital"
    || (event.treatment ?? []).some((t) => t === "glucagon" || t === "iv_glucose");
}

export function classify(
  reading: Reading | null, event: HypoEventData | null, circumstances: Circumstances, limits: Limits,
): Verdict {
  const own = reading !== null && !isExcluded(reading) ? reading : null;
  const doubt = own === null ? null : doubtOf(own, limits);
  const byValue = own !== null && doubt === null && isSevereByValue(own.glucose, limits);
  const byHelp = event !== null && neededHelp(event, circumstances);
  let why = doubt ?? openQuestion(own, event, circumstances, limits);
  let basis: Basis = byValue && byHelp ? "both" : byValue ? "value" : byHelp ? "assistance" : "none";
  if (basis === "none" && why !== null) basis = "review";
  if (circumstances.beforeEnrolment && basis !== "none") {
    basis = "review";
    why = "before_enrolment";
  }
  return {
    severe: basis === "review" ? null : basis !== "none",
    basis,
    adaLevel: byHelp ? 3 : adaLevel(own, limits),
    inSummaries: own !== null && counts(own, doubt, circumstances),
    why: basis === "review" ? why : null,
  };
}

function doubtOf(reading: Reading, limits: Limits): Why | null {
  if (isBelowMeter(reading.glucose, limits)) return "implausible";
  if (reading.device === "cgm" && isSevereByValue(reading.glucose, limits)) return "sensor";
  if (!reading.confirmed && needsConfirmation(reading.glucose, limits)) return "unconfirmed";
  return null;
}

function neededHelp(event: HypoEventData, circumstances: Circumstances): boolean {
  return hasSign(event) || (event.could_self_treat === "no" && !circumstances.treatedByCarer);
}

function openQuestion(
  reading: Reading | null, event: HypoEventData | null, circumstances: Circumstances, limits: Limits,
): Why | null {
  if (event === null) return reading !== null && isLow(reading.glucose, limits) ? "unanswered" : null;
  if (event.could_self_treat === "no" && circumstances.treatedByCarer) return "carer_treated";
  const answered = event.could_self_treat === "yes" || event.could_self_treat === "no";
  return !answered || event.lost_consciousness === "unknown" || event.seizure === "unknown" ? "unknown" : null;
}

function adaLevel(reading: Reading | null, limits: Limits): number | null {
  if (reading === null) return null;
  const where = band(reading.glucose, limits);
  if (where === "lo" || where === "severe" || where === "level2") return 2;
  return where === "level1" ? 1 : 0;
}

function counts(reading: Reading, doubt: Why | null, circumstances: Circumstances): boolean {
  return (reading.device === "meter" || reading.device === null) && doubt === null && !circumstances.beforeEnrolment;
}
