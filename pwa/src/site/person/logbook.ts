/** The logbook: which value stands in which cell of which day, and what was prescribed and not measured. */
import type { Study } from "../../api/study.ts";
import { lived } from "../../rules/days.ts";
import { band, parseGlucose, type Band } from "../../rules/glucose.ts";
import type { Entry } from "../api.ts";
import type { DayFigures, Window } from "./api.ts";
import { numberOf, textOf } from "./words.ts";

export const COLUMNS = ["night", "before_breakfast", "after_breakfast", "before_lunch", "after_lunch", "before_supper", "after_supper", "bedtime"] as const;
export type Column = (typeof COLUMNS)[number];

/** Where a value stands that names no meal: the end of each stretch of the day, on the wall of the participant. */
const UNTIL: readonly (readonly [clock: string, column: Column])[] = [
  ["05:30", "night"], ["08:30", "before_breakfast"], ["10:45", "after_breakfast"], ["12:30", "before_lunch"], ["16:30", "after_lunch"],
  ["18:45", "before_supper"], ["20:45", "after_supper"],
];

export function columnAt(clock: string): Column {
  return UNTIL.find(([until]) => clock < until)?.[1] ?? "bedtime";
}

export function columnOf(context: unknown, clock: string): Column {
  if (context === "fasting") return "before_breakfast";
  return COLUMNS.find((one) => one === context) ?? columnAt(clock);
}

export interface CellItem {
  entry: Entry;
  clock: string;
  /** As the meter showed it; null for an event without a reading. */
  value: string | null;
  unit: string | null;
  mark: Band | "review" | null;
  isSevere: boolean;
  isCorrected: boolean;
  isHeld: boolean;
}

export interface Cell {
  /** The worst first. */
  items: CellItem[];
  /** Prescribed, its window closed, and nothing was measured at that point of the day. */
  isMissing: boolean;
}

export interface LogbookDay {
  day: string;
  cells: Record<Column, Cell>;
  insulinUnits: number | null;
  insulin: Entry[];
  carbsG: number | null;
  meals: Entry[];
}

const WORST: readonly (CellItem["mark"])[] = ["lo", "severe", "level2", "level1", "review", "hi", "very_high", "high", "in_range", null];
const SEVERE: ReadonlySet<Entry["basis"]> = new Set(["value", "assistance", "both"]);

export function cellItem(entry: Entry, study: Study): CellItem {
  const data = entry.data ?? {};
  const { clock } = lived(entry.occurred_at, entry.zone);
  const common = { entry, clock, isSevere: SEVERE.has(entry.basis), isCorrected: entry.version > 1, isHeld: entry.state === "held" };
  const parsed = entry.kind === "reading" ? parseGlucose(textOf(data.value), typeof data.unit === "string" ? data.unit : null, study) : null;
  if (parsed === null) return { ...common, value: null, unit: null, mark: entry.basis === "review" ? "review" : common.isSevere ? "severe" : null };
  if (!("glucose" in parsed)) return { ...common, value: textOf(data.value), unit: null, mark: null };
  const { glucose } = parsed;
  const isTheirs = data.sample !== "control" && data.other_person !== true && data.relabelled !== true;
  const mark = entry.basis === "review" ? "review" : isTheirs ? band(glucose, study) : null;
  return { ...common, value: glucose.text, unit: glucose.number === null ? null : glucose.unit, mark, isSevere: common.isSevere || mark === "lo" || mark === "severe" };
}

/** The reading that an event belongs to stands for both. */
function standsAlone(entry: Entry): boolean {
  return entry.kind === "hypo_event" && (entry.data?.reading_id === undefined || entry.data.reading_id === null);
}

function emptyDay(day: string): LogbookDay {
  const cells = Object.fromEntries(COLUMNS.map((column) => [column, { items: [], isMissing: false }])) as unknown as LogbookDay["cells"];
  return { day, cells, insulinUnits: null, insulin: [], carbsG: null, meals: [] };
}

/** One row per day of `days` (newest first), whether anything was written on it or not. */
export function logbook(days: readonly string[], entries: readonly Entry[], windows: readonly Window[], figures: readonly DayFigures[], study: Study): LogbookDay[] {
  const rows = new Map(days.map((day) => [day, emptyDay(day)]));
  for (const entry of entries) {
    const row = rows.get(entry.local_day);
    if (row === undefined || entry.data === null) continue;
    if (entry.kind === "reading" || standsAlone(entry)) {
      const item = cellItem(entry, study);
      row.cells[columnOf(entry.data.context, item.clock)].items.push(item);
    }
    if (entry.kind === "insulin") row.insulin.push(entry);
    if (entry.kind === "meal") addMeal(row, entry);
  }
  for (const of of figures) {
    const row = rows.get(of.day);
    if (row !== undefined) row.insulinUnits = of.insulin_units;
  }
  for (const window of windows) {
    const cell = rows.get(window.day)?.cells[columnAt(window.slot)];
    if (cell !== undefined && window.kind === "reading" && window.outcome === "missed" && cell.items.length === 0) cell.isMissing = true;
  }
  const found = days.flatMap((day) => rows.get(day) ?? []);
  for (const row of found) for (const cell of Object.values(row.cells)) cell.items.sort(worstFirst);
  return found;
}

function addMeal(row: LogbookDay, entry: Entry): void {
  row.meals.push(entry);
  const carbs = numberOf(entry.data?.carbs_g);
  if (carbs !== null) row.carbsG = (row.carbsG ?? 0) + carbs;
}

function worstFirst(a: CellItem, b: CellItem): number {
  if (a.isSevere !== b.isSevere) return a.isSevere ? -1 : 1;
  return WORST.indexOf(a.mark) - WORST.indexOf(b.mark) || (a.entry.occurred_at < b.entry.occurred_at ? -1 : 1);
}
