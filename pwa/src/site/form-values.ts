/** Between an entry's data and what stands in its form. */
import { instantOf, instantText } from "../rules/days.ts";
import { FIELDS, type Field, type Kind } from "./kinds.ts";
import { toInput } from "./when.ts";

export type FormValue = string | boolean | string[];
export type FormValues = Record<string, FormValue>;
export type Data = Record<string, unknown>;

const SEPARATORS = /[,，、;；\n]/;

export function emptyValue(field: Field): FormValue {
  if (field.type === "flag") return false;
  return field.type === "choices" ? [] : "";
}

export function toForm(kind: Kind, data: Data, zone: string): FormValues {
  return Object.fromEntries(FIELDS[kind].filter((f) => f.type !== "kept").map((f) => [f.name, shown(f, data[f.name], zone)]));
}

function shown(field: Field, value: unknown, zone: string): FormValue {
  if (value === undefined || value === null) return emptyValue(field);
  if (field.type === "flag") return value === true;
  if (field.type === "choices") return (value as unknown[]).map(String);
  if (field.type === "list") return (value as unknown[]).map(String).join(", ");
  if (field.type === "moment") return Number.isNaN(Date.parse(value as string)) ? "" : toInput(Date.parse(value as string), zone);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The data to send: what was not touched stays exactly as it was, what was emptied is left out. */
export function fromForm(kind: Kind, values: FormValues, before: Data, zone: string): Data {
  const untouched = toForm(kind, before, zone);
  const shown = new Set<string>(FIELDS[kind].map((field) => field.name));
  // What has no field here, such as the plan that a visit fills, goes along.
  const data: Data = Object.fromEntries(Object.entries(before).filter(([name]) => !shown.has(name)));
  for (const field of FIELDS[kind]) {
    const value = values[field.name];
    const isSame = value === undefined || JSON.stringify(value) === JSON.stringify(untouched[field.name]);
    const written = isSame ? before[field.name] : read(field, value, zone);
    if (written !== undefined && written !== null) data[field.name] = written;
  }
  return data;
}

function read(field: Field, value: FormValue, zone: string): unknown {
  if (typeof value === "boolean") return value ? true : undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value;
  const text = value.trim();
  if (text === "") return undefined;
  if (field.type === "list") return text.split(SEPARATORS).map((one) => one.trim()).filter((one) => one !== "");
  return field.type === "moment" ? momentOf(text, zone) : text;
}

/** `2026-03-14T08:05` on the wall of `zone`, as an instant with its offset. */
export function momentOf(input: string, zone: string): string {
  const [day = "", clock = ""] = input.split("T");
  return instantText(instantOf(day, clock.slice(0, 5), zone), zone);
}

/** The needed fields that are still empty. */
export function missing(kind: Kind, values: FormValues): string[] {
  return FIELDS[kind].filter((f) => f.needed && isEmpty(values[f.name])).map((f) => f.name);
}

function isEmpty(value: FormValue | undefined): boolean {
  return value === undefined || (typeof value === "string" ? value.trim() === "" : Array.isArray(value) && value.length === 0);
}
