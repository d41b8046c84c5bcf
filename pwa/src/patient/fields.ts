/** The short forms: which fields each kind has, as data. */
import {
  HELPED_BY, INSULIN_TYPES, INTENSITIES, MEALS, METHODS, TREATMENTS, } from "../api/types.ts";
import type { App } from "./app-context.tsx";
import { said } from "./reader.ts";

interface Common {
  name: string;
  label: string;
  needed?: boolean;
  hint?: string;
  /** Shown only when the other answers say so. */
  when?: (data: Data) => boolean;
}

export type Options = readonly (readonly [value: string, label: string])[];
export type Field =
  | (Common & { type: "choice"; options: Options })
  | (Common & { type: "several"; options: Options })
  | (Common & { type: "number"; low: string; high: string; unit: string })
  | (Common & { type: "text"; long?: boolean; chars: number })
  | (Common & { type: "day" });

export type Data = Record<string, string | string[] | undefined>;

const options = <T extends string>(values: readonly T[], word: (value: T) => string): Options => values.map((v) => [v, word(v)]);

export const SYMPTOMS = ["fever", "cough", "diarrhoea", "vomiting", "pain", "jaundice", "otherSymptom"] as const;

export function fieldsOf(kind: string, app: App): Field[] {
  const { t, text } = app;
  const f = t.form;
  const yesNo = (): Options => [["yes", f.yes], ["no", f.no]];
  const had = (): Options => [["yes", text("low_answer_had")], ["no", text("low_answer_had_not")], ["unknown", text("low_answer_unknown")]];
  const words: Field = { name: "text", type: "text", label: f.text, long: true, chars: 4000 };
  switch (kind) {
    case "insulin": return [
      { name: "units", type: "number", label: f.units, unit: f.unitsUnit, low: "0", high: "500", needed: true },
      { name: "type", type: "choice", label: f.insulinType, options: options(INSULIN_TYPES, (v) => f[v]) },
      { name: "product", type: "text", label: f.product, chars: 120 },
    ];
    case "meal": return [
      { name: "meal", type: "choice", label: f.mealWhich, options: options(MEALS, (v) => f[v]) },
      { name: "carbs_g", type: "number", label: f.carbs, unit: "g", low: "0", high: "2000" }, words,
    ];
    case "exercise": return [
      { name: "minutes", type: "number", label: f.minutes, unit: f.minutesUnit, low: "0", high: "1440", needed: true },
      { name: "intensity", type: "choice", label: f.intensity, options: options(INTENSITIES, (v) => f[v]) }, words,
    ];
    case "hypo_event": return [
      { name: "could_self_treat", type: "choice", label: said(app, "low_question"), needed: true,
        options: [["yes", text("low_answer_yes")], ["no", text("low_answer_no")], ["unknown", text("low_answer_unknown")]] },
      { name: "helped_by", type: "choice", label: said(app, "low_question_helped_by"), options: options(HELPED_BY, (v) => text(`low_helped_by_${v}`)) },
      { name: "lost_consciousness", type: "choice", label: said(app, "low_question_lost_consciousness"), options: had() },
      { name: "seizure", type: "choice", label: said(app, "low_question_seizure"), options: had() },
      { name: "treatment", type: "several", label: text("low_question_treatment"), options: options(TREATMENTS, (v) => text(`low_treatment_${v}`)) }, words,
    ];
    case "other_medicine": return [
      { name: "name", type: "text", label: f.medicineName, chars: 200, needed: true },
      { name: "amount", type: "text", label: f.amount, chars: 120 },
      { name: "asked_site", type: "choice", label: f.askedSite, options: [["yes", f.asked], ["no", f.notAsked]], hint: f.askNote }, words,
    ];
    case "contraception": return [
      { name: "used_as_agreed", type: "choice", label: f.agreed, options: [["yes", f.used], ["no", f.notUsed], ["unknown", f.unknown]], needed: true },
      { name: "method", type: "several", label: f.method, options: options(METHODS, (v) => f[v]) },
      { name: "form", type: "choice", label: f.hormonalForm, options: Object.entries(f.forms), when: (d) => d.method?.includes("hormonal") === true }, words,
    ];
    case "illness": return [
      { name: "symptoms", type: "several", label: f.symptoms, options: options(SYMPTOMS, (v) => f[v]) },
      { name: "temperature_c", type: "number", label: f.temperature, unit: "°C", low: "30", high: "45" },
      { name: "persistent_vomiting", type: "choice", label: f.vomitingLong, options: yesNo() }, words,
    ];
    case "hospital_stay": return [
      { name: "from_day", type: "day", label: f.fromDay, needed: true },
      { name: "to_day", type: "day", label: f.toDay, hint: f.stillIn },
      { name: "why", type: "text", label: f.why, long: true, chars: 4000 },
    ];
    case "ketone": return [{ name: "value", type: "number", label: f.ketone, unit: "mmol/L", low: "0", high: "30", needed: true }];
    case "note": return [{ name: "text", type: "text", label: f.note, long: true, chars: 4000, needed: true }];
    case "call_me": return [{ name: "text", type: "text", label: f.callText, long: true, chars: 4000 }];
    case "day_complete": return [{ name: "day", type: "day", label: f.day, needed: true }];
    case "dose": return [
      { name: "status", type: "choice", label: f.status, options: [["taken", t.today.taken], ["skipped", t.today.skipped]], needed: true },
      { name: "skip_reason", type: "choice", label: t.today.skipTitle, options: Object.entries(t.skip), when: (d) => d.status === "skipped" },
      { name: "text", type: "text", label: f.text, chars: 4000 },
    ];
    default: return [];
  }
}

/** A number as people type it, as the contract wants it: `６,５` is 6.5. Null when it is none. */
export function readNumber(typed: string): string | null {
  const text = typed.normalize("NFKC").trim().replace(/[,。]/, ".");
  return /^\d{1,6}(\.\d{1,4})?$/.test(text) ? text : null;
}
