/** Days, months and spans as a chart or a grid can hold them. */
import type { DeskWords } from "../../text/site.ts";
import { dayWords } from "../when.ts";
import type { Span } from "./api.ts";

/** `3/14 Sat`: for the head of a row. */
export function shortDay(day: string, t: DeskWords): string {
  const date = new Date(`${day}T00:00:00Z`);
  return t.page.shortDay(date.getUTCMonth() + 1, date.getUTCDate(), t.common.weekdays.split(" ")[date.getUTCDay()] ?? "");
}

export function monthWords(day: string, t: DeskWords): string {
  return t.page.month(Number(day.slice(0, 4)), Number(day.slice(5, 7)));
}

export function shortSpan(span: Span, t: DeskWords): string {
  return t.page.span(dayWords(span.from, t, span.to), dayWords(span.to, t, span.from));
}

/** A field of an entry as text; empty when it is not there. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** A number as people type it, with point or comma; null for anything else. */
export function numberOf(value: unknown): number | null {
  const text = textOf(value).replace(",", ".").trim();
  const number = Number(text);
  return text === "" || !Number.isFinite(number) ? null : number;
}
