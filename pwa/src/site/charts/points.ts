/** Readings as points of a drawing: only those that count in summaries, judged in their own unit. */
import type { Study } from "../../api/study.ts";
import { lived } from "../../rules/days.ts";
import { band, parseGlucose, type Band } from "../../rules/glucose.ts";
import type { Entry } from "../api.ts";
import { textOf } from "../person/words.ts";

export interface Point {
  day: string;
  /** Minutes after midnight on the participant's wall. */
  minute: number;
  band: Band;
  /** For drawing only; null for LO and HI, which stand on the edge. */
  mmol: number | null;
  text: string;
  unit: string | null;
}

export function pointsOf(entries: readonly Entry[], study: Study): Point[] {
  const factor = Number(study.glucose.mgdl_per_mmol);
  return entries.flatMap((entry) => {
    if (entry.kind !== "reading" || !entry.in_summaries || entry.data === null) return [];
    const parsed = parseGlucose(textOf(entry.data.value), typeof entry.data.unit === "string" ? entry.data.unit : null, study);
    if (!("glucose" in parsed)) return [];
    const { glucose } = parsed;
    const { clock } = lived(entry.occurred_at, entry.zone);
    const number = glucose.number === null ? null : Number(glucose.text);
    const mmol = number === null ? null : glucose.unit === "mg/dL" ? number / factor : number;
    const minute = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
    return [{ day: entry.local_day, minute, band: band(glucose, study), mmol, text: glucose.text, unit: number === null ? null : glucose.unit }];
  });
}
