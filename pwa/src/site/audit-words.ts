/** What a row of the trail says in words: its field, and the values before and after. */
import type { DeskWords } from "../text/site.ts";
import type { AuditPerson, AuditRow } from "./api.ts";
import { bareField, choiceWord, fieldName } from "./entry-words.ts";
import { FIELDS } from "./kinds.ts";
import { dayWords, moment } from "./when.ts";

type Kept = Pick<AuditRow, "object" | "field">;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
/** Fields of a participant that are stored as 0 and 1. */
const YES_NO = new Set(["fertile", "premenopausal", "treated_by_carer", "minor_contraception_approved"]);

/** Fields of an entry whose value is one of our choices; any other is what somebody wrote, and stays as it is. */
const CHOSEN: ReadonlySet<string> = new Set(Object.values(FIELDS).flat().filter((f) => f.options.length > 0).map((f) => f.name));

const isChosen = ({ object, field }: Kept): boolean => object === "entry" && CHOSEN.has(bareField(field ?? ""));

const isListed = (row: Kept): boolean => row.object === "roster" || row.field === "transplant_days" || row.field === "times" || isChosen(row);

export function auditField({ object, field }: Kept, t: DeskWords): string {
  if (field === null) return "";
  // The roster keeps a row per day.
  if (object === "roster" && DAY.test(field)) return dayWords(field, t);
  return t.audit.fields[field] ?? fieldName(field, t);
}

export function auditValue(row: Kept, value: string, people: readonly AuditPerson[], zone: string, nowMs: number, t: DeskWords): string {
  const list = isListed(row) ? listIn(value) : null;
  if (list !== null) return list.length === 0 ? t.audit.nothing : list.map((one) => auditValue(row, one, people, zone, nowMs, t)).join(t.work.duty.and);
  const person = people.find((p) => p.id === value);
  if (person !== undefined) return person.login === null ? t.roles[person.role] : `${t.roles[person.role]} ${person.login}`;
  if (INSTANT.test(value)) return moment(value, zone, nowMs, t);
  if (YES_NO.has(row.field ?? "") && (value === "0" || value === "1")) return choiceWord(value === "1" ? "yes" : "no", t);
  return choices(row, t)[value] ?? (isChosen(row) ? choiceWord(value, t) : value);
}

function choices({ object, field }: Kept, t: DeskWords): Partial<Record<string, string>> {
  const { open, acknowledged, resolved, levels, saeOptions } = t.alerts;
  const state = field === "state";
  switch (object) {
    case "alert": return field === "sae" ? saeOptions : { ...(state ? { open, acknowledged, resolved } : {}), ...levels };
    case "query": return state ? t.audit.queryStates : {};
    case "zone_change": return state ? t.audit.zoneStates : {};
    case "call": return field === "about" ? t.work.calls.about : field === "outcome" ? t.work.calls.outcomes : {};
    case "account": return field === "role" ? t.roles : state ? t.person.accountStates : field === "language" ? t.common.languages : {};
    case "participant": return state ? t.overview.states : field === "sex" ? t.person.sex : field === "language" ? t.common.languages : {};
    default: return {};
  }
}

function listIn(value: string): string[] | null {
  if (!value.startsWith("[")) return null;
  try {
    const parsed = JSON.parse(value) as unknown;
    return Array.isArray(parsed) && parsed.every((one) => typeof one === "string") ? parsed : null;
  } catch {
    return null;
  }
}
