/** What a cell of the adherence calendar shows. */
import type { DayShares, Span, WindowKind } from "./api.ts";
import { eachDay } from "./spans.ts";

export const KINDS: readonly WindowKind[] = ["reading", "dose", "diary", "contraception"];

/** `fill`: how much of what was due and has closed was done, 0 to 1. */
export type HeatCell =
  | { look: "share"; day: string; done: number; due: number; fill: number; isOpen: boolean }
  | { look: "open" | "none"; day: string }
  | { look: "excluded"; day: string; reason: string };

export function heatCell(day: string, shares: DayShares | undefined, kind: WindowKind): HeatCell {
  const share = shares?.[kind];
  if (share === undefined || share === null) return { look: "none", day };
  if (share.due > 0) return { look: "share", day, done: share.done, due: share.due, fill: share.done / share.due, isOpen: share.open > 0 };
  if (share.open > 0) return { look: "open", day };
  return share.left_out === null ? { look: "none", day } : { look: "excluded", day, reason: share.left_out };
}

/** Each day of the span. */
export function heatCells(span: Span, days: readonly DayShares[], kind: WindowKind): HeatCell[] {
  const byDay = new Map(days.map((one) => [one.day, one]));
  return eachDay(span).map((day) => heatCell(day, byDay.get(day), kind));
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
