/** What a cell of the adherence calendar shows. */
import { addDays } from "../../rules/days.ts";
import type { DayShares, Span, WindowKind } from "./api.ts";
import { eachDay } from "./spans.ts";

export const KINDS: readonly WindowKind[] = ["reading", "dose", "diary", "contraception"];

/** `fill`: how much of what was due and has closed was done, 0 to 1. */
export type HeatCell =
  | { look: "share"; day: string; done: number; due: number; fill: number; isOpen: boolean }
  | { look: "open" | "none"; day: string }
  | { look: "excluded"; day: string; reason: string };

/** The kinds that a reason can leave out; one that is not named here leaves out every kind. */
const LEFT_OUT: Readonly<Record<string, readonly WindowKind[]>> = {
  told_by_site: ["dose"], paused: ["reading", "diary"], withdrawn: ["reading", "diary"], completed: ["reading", "diary"], screening: ["reading", "diary"], study_state: ["reading", "diary"],
  not_asked: ["contraception"], contraception_ended: ["contraception"],
};
/** What leaves out a whole local day: nothing of it is still open. */
const WHOLE_DAY: ReadonlySet<string> = new Set(["hospital", "paused", "withdrawn", "completed"]);

export function heatCell(day: string, shares: DayShares | undefined, kind: WindowKind, today: string): HeatCell {
  const share = shares?.[kind];
  if (shares === undefined || share === undefined || share === null) return { look: "none", day };
  if (share.due > 0) return { look: "share", day, done: share.done, due: share.due, fill: share.done / share.due, isOpen: day >= today };
  // The day names one reason for all kinds: it is this kind's only where it can be.
  const reason = shares.left_out !== null && (LEFT_OUT[shares.left_out]?.includes(kind) ?? true) ? shares.left_out : null;
  if (day >= today && (reason === null || !WHOLE_DAY.has(reason))) return { look: "open", day };
  return reason === null ? { look: "none", day } : { look: "excluded", day, reason };
}

/** Each day of the span. A kind that was never due in it says why where it was left out, and nothing where it was not prescribed. */
export function heatCells(span: Span, days: readonly DayShares[], kind: WindowKind, today: string): HeatCell[] {
  const byDay = new Map(days.map((one) => [one.day, one]));
  const isDue = (of: WindowKind): boolean => days.some((one) => (one[of]?.due ?? 0) > 0);
  const cells = eachDay(span).map((day) => heatCell(day, byDay.get(day), kind, today));
  // A reason that fits few kinds shows that this one was prescribed; one that fits all shows it only where nothing else was due.
  if (isDue(kind) || cells.some((cell) => cell.look === "excluded" && LEFT_OUT[cell.reason] !== undefined)) return cells;
  const isQuiet = !KINDS.some(isDue);
  return cells.map((cell) => (isQuiet && cell.look === "excluded" ? cell : { look: "none", day: cell.day }));
}

/** Weeks from Monday to Sunday; null where the span has no such day. */
export function calendarWeeks<T extends { day: string }>(cells: readonly T[]): (T | null)[][] {
  const first = cells[0];
  if (first === undefined) return [];
  const weekday = (new Date(`${first.day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const padded: (T | null)[] = [...Array<null>(weekday).fill(null), ...cells];
  while (padded.length % 7 !== 0) padded.push(null);
  return Array.from({ length: padded.length / 7 }, (_, i) => padded.slice(i * 7, i * 7 + 7));
}

export const monday = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
