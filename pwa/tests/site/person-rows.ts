/** What the participant's page is made of, as the server would answer it, with what a test does not care about filled in. */
import type { Entry } from "../../src/site/api.ts";
import type { DayFigures, Window } from "../../src/site/person/api.ts";

let made = 0;

export function entry(kind: Entry["kind"], occurredAt: string, data: Record<string, unknown>, change: Partial<Entry> = {}): Entry {
  const id = `entry-${made++}`;
  return {
    id, root_id: id, version: 1, replaces: null, participant_id: "p", kind, occurred_at: occurredAt, zone: "Asia/Shanghai", local_day: occurredAt.slice(0, 10), recorded_at: occurredAt,
    received_at: occurredAt, skew_s: 0, author_role: "participant", author_id: "a", proxy_reason: null, reason: null, source_note: null, origin: "typed", app_version: null, data, state: "stored",
    late: false, is_current: true, severe: false, basis: "none", ada_level: null, in_summaries: true, episode_id: null, ...change,
  };
}

export function figures(day: string, change: Partial<DayFigures> = {}): DayFigures {
  return {
    day, n: 0, numbers: 0, days: 0, days_with_3: 0, span_days: 1, per_day: 0, mean: null, sd: null, cv: null, min: null, max: null, in_range_pct: null, below_pct: null, level2_pct: null,
    above_pct: null, very_high_pct: null, count_below: 0, count_level2: 0, count_severe: 0, count_lo: 0, count_hi: 0, lbgi: null, hbgi: null, adrr: null, li: null, li_weeks: 0,
    insulin_units: null, is_signed: false, ...change,
  };
}

export function window(day: string, slot: string, change: Partial<Window> = {}): Window {
  const at = `${day}T${slot}:00+08:00`;
  return { schedule_id: "s", kind: "reading", day, slot, due_at: at, opens_at: at, closes_at: at, drug: null, outcome: "done", at: null, entry_root_id: null, reason: null, ...change };
}
