/** The fields of each kind of entry: one table for showing, recording, transcribing and correcting. */
import type { components } from "../api/openapi.d.ts";
import type { DeskWords } from "../text/site.ts";
import type { Entry } from "./api.ts";

type Schemas = components["schemas"];
export type Kind = Entry["kind"];
export type FieldName = keyof DeskWords["entry"]["fields"];
export type ChoiceName = keyof DeskWords["entry"]["choices"];
export type FieldType = "glucose" | "number" | "words" | "text" | "choice" | "choices" | "list" | "day" | "moment" | "flag" | "slot" | "kept" | "lab" | "schedule";

interface Bodies {
  reading: Schemas["ReadingBody"]; hypo_event: Schemas["HypoEventBody"]; insulin: Schemas["InsulinBody"]; meal: Schemas["MealBody"];
  exercise: Schemas["ExerciseBody"]; dose: Schemas["DoseBody"]; blood_draw: Schemas["BloodDrawBody"]; other_medicine: Schemas["OtherMedicineBody"];
  contraception: Schemas["ContraceptionBody"]; illness: Schemas["IllnessBody"]; hospital_stay: Schemas["HospitalStayBody"];
  ketone: Schemas["KetoneBody"]; note: Schemas["NoteBody"]; day_complete: Schemas["DayCompleteBody"]; call_me: Schemas["CallMeBody"];
  lab: Schemas["LabBody"]; pregnancy_test: Schemas["PregnancyTestBody"]; visit: Schemas["VisitBody"];
  administered_dose: Schemas["AdministeredDoseBody"]; weight: Schemas["WeightBody"]; severe_history: Schemas["SevereHistoryBody"];
  contact: Schemas["ContactBody"];
}
type Each<T> = T extends readonly (infer E)[] ? E : T;

export interface Field {
  name: FieldName;
  type: FieldType;
  needed: boolean;
  options: readonly ChoiceName[];
}

/** A field whose name and choices are the document's own for this kind. */
function field<K extends Kind, N extends keyof Bodies[K] & FieldName>(
  _kind: K, name: N, type: FieldType, options: readonly (Extract<Each<NonNullable<Bodies[K][N]>>, string> & ChoiceName)[] = [], needed = false,
): Field {
  return { name, type, needed, options };
}
function must<K extends Kind, N extends keyof Bodies[K] & FieldName>(
  kind: K, name: N, type: FieldType, options: readonly (Extract<Each<NonNullable<Bodies[K][N]>>, string> & ChoiceName)[] = [],
): Field {
  return field(kind, name, type, options, true);
}

const CONTEXTS = [
  "fasting", "before_breakfast", "after_breakfast", "before_lunch", "after_lunch", "before_supper", "after_supper", "bedtime", "night",
  "exercise", "symptoms", "other",
] as const;
const YES_NO_UNKNOWN = ["yes", "no", "unknown"] as const;
const UNITS = ["mmol/L", "mg/dL"] as const;

export const FIELDS: Record<Kind, readonly Field[]> = {
  reading: [
    must("reading", "value", "glucose"), field("reading", "unit", "choice", UNITS), field("reading", "context", "choice", CONTEXTS),
    field("reading", "sample", "choice", ["capillary", "venous", "control"]), field("reading", "device", "choice", ["meter", "cgm", "lab"]),
    field("reading", "confirmed", "flag"), field("reading", "other_person", "flag"), field("reading", "relabelled", "flag"),
    field("reading", "meter_serial", "words"),
    field("reading", "sequence", "kept"), field("reading", "raw", "kept"), field("reading", "text", "text"),
  ],
  hypo_event: [
    field("hypo_event", "reading_id", "kept"), field("hypo_event", "could_self_treat", "choice", YES_NO_UNKNOWN),
    field("hypo_event", "helped_by", "choice", ["nobody", "family", "other", "paramedic", "hospital"]),
    field("hypo_event", "lost_consciousness", "choice", YES_NO_UNKNOWN), field("hypo_event", "seizure", "choice", YES_NO_UNKNOWN),
    field("hypo_event", "treatment", "choices", ["food", "glucose_gel", "glucagon", "iv_glucose", "other"]),
    field("hypo_event", "symptoms", "list"), field("hypo_event", "ended_at", "moment"), field("hypo_event", "text", "text"),
  ],
  insulin: [
    must("insulin", "units", "number"), field("insulin", "type", "choice", ["basal", "bolus", "correction", "day_total"]),
    field("insulin", "product", "words"),
  ],
  meal: [field("meal", "meal", "choice", ["breakfast", "lunch", "supper", "snack"]), field("meal", "carbs_g", "number"), field("meal", "text", "text")],
  exercise: [field("exercise", "minutes", "number"), field("exercise", "intensity", "choice", ["light", "moderate", "hard"]), field("exercise", "text", "text")],
  dose: [
    must("dose", "status", "choice", ["taken", "skipped"]), field("dose", "schedule_id", "schedule"), field("dose", "due_day", "day"),
    field("dose", "slot", "slot"), field("dose", "taken_at", "moment"),
    field("dose", "skip_reason", "choice", ["forgot", "ran_out", "side_effects", "vomiting", "told_by_site", "other"]), field("dose", "text", "text"),
  ],
  blood_draw: [
    must("blood_draw", "schedule_id", "schedule"), must("blood_draw", "due_day", "day"), must("blood_draw", "slot", "slot"),
    field("blood_draw", "drawn_at", "moment"), field("blood_draw", "last_dose_at", "moment"),
  ],
  other_medicine: [
    must("other_medicine", "name", "words"), field("other_medicine", "amount", "words"), field("other_medicine", "asked_site", "choice", ["yes", "no"]),
    field("other_medicine", "text", "text"),
  ],
  contraception: [
    must("contraception", "used_as_agreed", "choice", YES_NO_UNKNOWN), field("contraception", "method", "choices", ["hormonal", "barrier", "abstinence"]),
    field("contraception", "form", "words"), field("contraception", "schedule_id", "schedule"), field("contraception", "due_day", "day"),
    field("contraception", "slot", "slot"), field("contraception", "text", "text"),
  ],
  illness: [
    field("illness", "symptoms", "list"), field("illness", "temperature_c", "number"), field("illness", "persistent_vomiting", "choice", ["yes", "no"]),
    field("illness", "text", "text"),
  ],
  hospital_stay: [must("hospital_stay", "from_day", "day"), field("hospital_stay", "to_day", "day"), field("hospital_stay", "why", "text")],
  ketone: [must("ketone", "value", "number"), must("ketone", "unit", "choice", UNITS)],
  note: [must("note", "text", "text")],
  day_complete: [must("day_complete", "day", "day")],
  call_me: [field("call_me", "text", "text")],
  lab: [
    must("lab", "test", "lab"), must("lab", "value", "words"), field("lab", "unit", "words"), field("lab", "drawn_at", "moment"),
    field("lab", "last_dose_at", "moment"), field("lab", "text", "text"),
  ],
  pregnancy_test: [
    must("pregnancy_test", "result", "choice", ["negative", "positive", "unclear"]), field("pregnancy_test", "specimen", "choice", ["urine", "serum"]),
    must("pregnancy_test", "day", "day"),
  ],
  visit: [
    must("visit", "visit", "words"), must("visit", "day", "day"), field("visit", "fertility", "choice", ["fertile", "not_fertile", "unknown"]),
    field("visit", "text", "text"),
  ],
  administered_dose: [
    must("administered_dose", "agent", "words"), field("administered_dose", "amount", "number"), field("administered_dose", "unit", "words"),
    field("administered_dose", "route", "words"), field("administered_dose", "given_at", "moment"),
  ],
  weight: [must("weight", "kg", "number")],
  severe_history: [
    must("severe_history", "day", "day"), must("severe_history", "basis", "choice", ["value", "assistance", "both"]),
    must("severe_history", "source", "text"), field("severe_history", "value", "words"), field("severe_history", "unit", "choice", UNITS),
  ],
  contact: [
    must("contact", "how", "choice", ["call", "message", "visit", "other"]), must("contact", "reached", "choice", ["yes", "no"]),
    field("contact", "spoke_to", "choice", ["participant", "guardian", "relative", "other"]), field("contact", "text", "text"),
  ],
};

export const STAFF_KINDS: readonly Kind[] = ["contact", "visit", "lab", "weight", "administered_dose", "pregnancy_test", "severe_history"];
export const PAPER_KINDS: readonly Kind[] = [
  "reading", "hypo_event", "insulin", "dose", "meal", "exercise", "illness", "ketone", "other_medicine", "hospital_stay", "contraception",
  "note", "day_complete", "blood_draw",
];
/** Those that name a day are about that day; the others ask for a time. */
export const BY_DAY: ReadonlySet<Kind> = new Set(["pregnancy_test", "visit", "severe_history", "hospital_stay", "day_complete"]);
