/** The words of the contract, as the phone uses them. */

export type Unit = "mmol/L" | "mg/dL";
export type YesNo = "yes" | "no";
export type YesNoUnknown = "yes" | "no" | "unknown";
export type Origin = "typed" | "bluetooth" | "file" | "api" | "staff" | "paper";

export const CONTEXTS = [
  "fasting", "before_breakfast", "after_breakfast", "before_lunch", "after_lunch", "before_supper",
  "after_supper", "bedtime", "night", "exercise", "symptoms", "other",
] as const;
export type Context = (typeof CONTEXTS)[number];

export interface ReadingData {
  value: string;
  unit?: Unit | null;
  context?: Context | null;
  sample?: "capillary" | "venous" | "control";
  device?: "meter" | "cgm" | "lab";
  confirmed?: boolean;
  other_person?: boolean;
  relabelled?: boolean;
  meter_serial?: string | null;
  sequence?: number | null;
  raw?: string | null;
}

export const HELPED_BY = ["nobody", "family", "other", "paramedic", "hospital"] as const;
export const TREATMENTS = ["food", "glucose_gel", "glucagon", "iv_glucose", "other"] as const;
export interface HypoEventData {
  reading_id?: string | null;
  could_self_treat?: YesNoUnknown;
  helped_by?: (typeof HELPED_BY)[number];
  symptoms?: string[];
  lost_consciousness?: YesNoUnknown;
  seizure?: YesNoUnknown;
  treatment?: (typeof TREATMENTS)[number][];
  ended_at?: string | null;
}

export const INSULIN_TYPES = ["basal", "bolus", "correction", "day_total"] as const;
export const MEALS = ["breakfast", "lunch", "supper", "snack"] as const;
export const INTENSITIES = ["light", "moderate", "hard"] as const;
export const SKIP_REASONS = ["forgot", "ran_out", "side_effects", "vomiting", "told_by_site", "other"] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
export const METHODS = ["hormonal", "barrier", "abstinence"] as const;

export interface DoseData {
  schedule_id: string;
  due_day: string;
  slot: string;
  status: "taken" | "skipped";
  taken_at?: string | null;
  skip_reason?: SkipReason | null;
  text?: string | null;
}

export interface DataByKind {
  reading: ReadingData;
  hypo_event: HypoEventData;
  insulin: { units: string; type: (typeof INSULIN_TYPES)[number]; product?: string };
  meal: { meal: (typeof MEALS)[number]; carbs_g?: string; text?: string };
  exercise: { minutes: string; intensity: (typeof INTENSITIES)[number] };
  dose: DoseData;
  /** The draw that a dose waits for; it happened at the entry's own time. */
  blood_draw: { schedule_id: string; due_day: string; slot: string; last_dose_at?: string };
  other_medicine: { name: string; amount?: string; asked_site?: YesNo };
  contraception: {
    method: (typeof METHODS)[number][];
    form?: string;
    used_as_agreed: YesNoUnknown;
    schedule_id?: string;
    due_day?: string;
    slot?: string;
  };
  illness: { symptoms: string[]; temperature_c?: string; persistent_vomiting?: YesNo };
  hospital_stay: { from_day: string; to_day?: string | null; why?: string };
  ketone: { value: string; unit: Unit };
  note: { text: string };
  call_me: { text?: string };
  day_complete: { day: string };
}
export type Kind = keyof DataByKind;

/** An entry as it is sent. A new version names the one it `replaces`; `data: null` withdraws. */
export interface Entry<K extends string = string> {
  id: string;
  participant_id: string;
  kind: K;
  occurred_at: string;
  zone: string;
  recorded_at: string;
  data: K extends Kind ? DataByKind[K] | null : Record<string, unknown> | null;
  replaces?: string;
  reason?: string;
  proxy_reason?: string;
  origin: Origin;
  app_version: string;
}

export type ResultStatus = "stored" | "held" | "duplicate" | "conflict" | "refused";
export type Basis = "none" | "value" | "assistance" | "both" | "review";

export interface EntryResult {
  id: string | null;
  status: ResultStatus;
  severe: boolean | null;
  basis: Basis | null;
  episode_id: string | null;
  code: string | null;
  message: string | null;
}

export interface ApiError {
  code: string;
  message: string;
  fields?: Record<string, unknown>;
}
