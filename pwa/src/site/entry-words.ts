/** What an entry says, in words: the value with its unit first, then what belongs to it. */
import type { Study } from "../api/study.ts";
import { lived } from "../rules/days.ts";
import { band, parseGlucose, type Band } from "../rules/glucose.ts";
import type { DeskWords } from "../text/site.ts";
import type { Entry } from "./api.ts";
import { FIELDS, type Field } from "./kinds.ts";

export interface Said {
  value: string | null;
  unit: string | null;
  /** What the value means, for its mark: the shape of the reading, or `review` when the server waits for a person. */
  mark: Band | "review" | null;
  rest: string[];
}

type Data = Record<string, unknown>;
type Judged = Pick<Entry, "kind" | "data" | "basis">;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export function choiceWord(value: unknown, t: DeskWords): string {
  return (t.entry.choices as Partial<Record<string, string>>)[text(value)] ?? text(value);
}

export type Titles = Readonly<Record<string, string>>;

/** A symptom that the apps offer, in words; what somebody wrote stays as it is. */
function symptomWord(value: unknown, t: DeskWords): string {
  return t.entry.symptoms[text(value)] ?? text(value);
}

export function say(entry: Judged, study: Study, t: DeskWords, titles: Titles = {}): Said {
  const data = entry.data ?? {};
  const said = entry.kind === "reading" ? reading(data, study, t) : { value: null, unit: null, mark: null, rest: [], ...OTHERS[entry.kind]?.(data, t, titles) };
  const mark = entry.basis === "review" ? "review" : said.mark;
  return { ...said, mark, rest: said.rest.filter((part) => part !== "") };
}

function reading(data: Data, study: Study, t: DeskWords): Said {
  const parsed = parseGlucose(text(data.value), text(data.unit), study);
  const unmarked = data.sample === "control" || data.other_person === true || data.relabelled === true;
  const rest = [
    choiceWord(data.context, t), data.other_person === true ? t.entry.otherPerson : "", data.sample === "control" ? t.entry.control : "",
    data.relabelled === true ? t.entry.relabelled : "",
    data.device === "cgm" || data.device === "lab" ? choiceWord(data.device, t) : "", text(data.text),
  ];
  if (!("glucose" in parsed)) return { value: text(data.value), unit: text(data.unit) || null, mark: null, rest };
  const { glucose } = parsed;
  return { value: glucose.text, unit: glucose.number === null ? null : glucose.unit, mark: unmarked ? null : band(glucose, study), rest };
}

const choice = (value: unknown, t: DeskWords): string => (value === undefined || value === null ? "" : choiceWord(value, t));

const OTHERS: Partial<Record<Entry["kind"], (data: Data, t: DeskWords, titles: Titles) => Partial<Said>>> = {
  hypo_event: (d, t) => ({
    rest: [
      d.could_self_treat === undefined ? "" : t.entry.selfTreat[d.could_self_treat as "yes" | "no" | "unknown"],
      d.helped_by === undefined || d.helped_by === "nobody" ? "" : t.entry.helpedBy(choiceWord(d.helped_by, t)),
      d.lost_consciousness === "yes" ? t.entry.lostConsciousness : "", d.seizure === "yes" ? t.entry.seizure : "",
      ...list(d.treatment).map((one) => choiceWord(one, t)), ...list(d.symptoms).map((one) => symptomWord(one, t)), text(d.text),
    ],
  }),
  insulin: (d, t) => ({ value: text(d.units), unit: "U", rest: [choice(d.type, t), text(d.product)] }),
  meal: (d, t) => ({ ...amount(d.carbs_g, "g"), rest: [choice(d.meal, t), text(d.text)] }),
  exercise: (d, t) => ({ ...amount(d.minutes, "min"), rest: [choice(d.intensity, t), text(d.text)] }),
  dose: (d, t, titles) => ({ rest: [titles[text(d.schedule_id)] ?? "", choice(d.status, t), slot(d), choice(d.skip_reason, t), text(d.text)] }),
  blood_draw: (d, _t, titles) => ({ rest: [titles[text(d.schedule_id)] ?? "", slot(d)] }),
  other_medicine: (d, t) => ({ rest: [text(d.name), text(d.amount), d.asked_site === undefined ? "" : t.entry.askedSite[d.asked_site as "yes" | "no"], text(d.text)] }),
  contraception: (d, t) => ({
    rest: [
      d.used_as_agreed === undefined ? "" : t.entry.used[d.used_as_agreed as "yes" | "no" | "unknown"],
      ...list(d.method).map((one) => choiceWord(one, t)), text(d.form), slot(d), text(d.text),
    ],
  }),
  illness: (d, t) => ({ ...amount(d.temperature_c, "°C"), rest: [...list(d.symptoms).map((one) => symptomWord(one, t)), d.persistent_vomiting === "yes" ? t.entry.vomiting : "", text(d.text)] }),
  hospital_stay: (d, t) => ({ rest: [`${text(d.from_day)} ${d.to_day === undefined ? t.entry.stillIn : `${t.entry.until} ${text(d.to_day)}`}`, text(d.why)] }),
  ketone: (d) => ({ value: text(d.value), unit: text(d.unit) }),
  note: (d) => ({ rest: [text(d.text)] }),
  call_me: (d) => ({ rest: [text(d.text)] }),
  day_complete: (d) => ({ rest: [text(d.day)] }),
  lab: (d, t) => ({ value: text(d.value), unit: text(d.unit) || null, rest: [t.entry.labs[text(d.test)] ?? text(d.test), text(d.text)] }),
  pregnancy_test: (d, t) => ({ rest: [choice(d.result, t), choice(d.specimen, t), text(d.day)] }),
  visit: (d, t) => ({ rest: [text(d.visit), text(d.day), choice(d.fertility, t), text(d.text)] }),
  administered_dose: (d) => ({ ...amount(d.amount, text(d.unit)), rest: [text(d.agent), text(d.route)] }),
  weight: (d) => ({ value: text(d.kg), unit: "kg" }),
  severe_history: (d, t) => ({ ...amount(d.value, text(d.unit)), rest: [choice(d.basis, t), text(d.day), text(d.source)] }),
  contact: (d, t) => ({ rest: [choice(d.how, t), d.reached === undefined ? "" : t.entry.reached[d.reached as "yes" | "no"], choice(d.spoke_to, t), text(d.text)] }),
};

function amount(value: unknown, unit: string): Partial<Said> {
  return text(value) === "" ? {} : { value: text(value), unit: unit === "" ? null : unit };
}

function slot(d: Data): string {
  return d.due_day === undefined ? "" : `${text(d.due_day)} ${text(d.slot)}`.trim();
}

/** One field of an entry, for the history: with its unit, choices in words. */
export function fieldWords(name: string, value: unknown, zone: string, t: DeskWords): string {
  if (value === null || value === undefined || value === "") return t.diary.empty;
  if (value === true) return t.common.yes;
  if (value === false) return t.common.no;
  const bare = name.replace(/^data\./, "");
  if (Array.isArray(value)) return value.map((one) => (bare === "symptoms" ? symptomWord(one, t) : choiceWord(one, t))).join(", ");
  if (bare.endsWith("_at")) return momentWords(text(value), zone);
  const unit = t.entry.units[bare];
  return unit === undefined ? choiceWord(value, t) : `${text(value)} ${unit}`;
}

function momentWords(instant: string, zone: string): string {
  if (Number.isNaN(Date.parse(instant))) return instant;
  const { day, clock } = lived(instant, zone);
  return `${day} ${clock}`;
}

/** The name of an entry's field as the trail keeps it, without what it is a part of. */
export const bareField = (name: string): string => name.replace(/^data\.?/, "");

export function fieldName(name: string, t: DeskWords): string {
  const bare = bareField(name);
  return bare === "" ? t.diary.what : ((t.entry.fields as Partial<Record<string, string>>)[bare] ?? bare);
}

/** The filled fields of an entry in the order of its form. */
export function facts(entry: { kind: Entry["kind"]; zone: string; data: Data | null }, t: DeskWords): [name: string, value: string][] {
  const data = entry.data ?? {};
  const shown = (f: Field): boolean => f.type !== "kept" && f.type !== "schedule" && data[f.name] !== undefined && data[f.name] !== false;
  return FIELDS[entry.kind].filter(shown).map((f) => [t.entry.fields[f.name], fieldWords(f.name, data[f.name], entry.zone, t)]);
}
