/** Rows as the server would answer them, with what a test does not care about filled in. */
import type { Alert, Row } from "../../src/site/api.ts";

export type Share = Row["adherence"]["reading"];

/** Done of due, in percent as the server reckons it; `beforePct` of the two weeks before. */
export function share(done = 0, due = 0, beforePct: number | null = null): Share {
  return { done, due, pct: due === 0 ? null : (100 * done) / due, before_pct: beforePct };
}

export function row(subjectNo: string, change: Partial<Row> = {}): Row {
  return {
    id: `id-${subjectNo}`, subject_no: subjectNo, identity: null, state: "enrolled", age_years: 40, is_child: false, sex: "female", treated_by_carer: false,
    display_unit: "mmol/L", zone: "Asia/Shanghai", language: "zh-CN", consented_day: "2026-01-01", transplant_days: [], reconsent_due: false,
    created_at: "2026-01-01T00:00:00.000Z", last_contact_at: null, last_reading_at: null, open_alerts: { page: 0, desk: 0 }, held_entries: 0, refused_entries: 0, open_calls: 0, open_queries: 0, overdue_queries: 0, visit: null, review_missing: false, attestation_overdue: false,
    adherence: { reading: share(), dose: share(), diary: share(), contraception: share() }, days: [], ...change,
  };
}

export function alert(id: string, subjectNo: string, change: Partial<Alert> = {}): Alert {
  return {
    id, participant_id: `id-${subjectNo}`, subject_no: subjectNo, entry_ids: [], entries: [], typed: [], level: "desk", kind: "severe_value", state: "open", reason: null,
    opened_at: "2026-03-14T05:00:00.000Z", value_at: null, paged_at: null, sent_at: null, delivered_at: null, seen_at: null, acknowledged_at: null,
    resolved_at: null, resolution: null, sae: null, sae_at: null, sae_by_name: null, sae_reason: null, seen_by_name: null, acknowledged_by_name: null, resolved_by_name: null, rounds: [], ...change,
  };
}
