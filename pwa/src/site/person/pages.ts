/** The logbook's pages: two weeks at a time, with the windows and figures of their days. */
import { addDays } from "../../rules/days.ts";
import type { Entry } from "../api.ts";
import type { DayFigures, PersonApi, Span, Window } from "./api.ts";

export const PAGE_DAYS = 14;

export interface Page {
  span: Span;
  entries: Entry[];
  windows: Window[];
  figures: DayFigures[];
}

/** The days of the page whose last day is `to`. */
export const pageSpan = (to: string): Span => ({ from: addDays(to, 1 - PAGE_DAYS), to });

export async function askPage(api: PersonApi, to: string): Promise<Page> {
  const span = pageSpan(to);
  const [entries, windows, figures] = await Promise.all([api.listSpan(span), api.listWindows(span, "reading"), api.listDays(span)]);
  return { span, entries, windows, figures };
}
