/** Whom to look at first: what is open for each participant, worst and longest waiting on top. */
import type { Alert, Row } from "./api.ts";

export type Group = "now" | "today" | "taken" | "nothing";
export const GROUPS: readonly Group[] = ["now", "today", "taken", "nothing"];

export interface Standing {
  row: Row;
  group: Group;
  /** The participant's alerts that are not resolved, the most pressing first. */
  alerts: Alert[];
}

const STATES: readonly Alert["state"][] = ["open", "acknowledged", "resolved"];

/** Open before acknowledged, page before desk, then the one that has waited longest. */
export function byPressure(a: Alert, b: Alert): number {
  if (a.state !== b.state) return STATES.indexOf(a.state) - STATES.indexOf(b.state);
  if (a.level !== b.level) return a.level === "page" ? -1 : 1;
  return a.opened_at < b.opened_at ? -1 : a.opened_at > b.opened_at ? 1 : 0;
}

function groupOf(row: Row, first: Alert | undefined): Group {
  if (first?.state === "open") return first.level === "page" ? "now" : "today";
  if (row.held_entries > 0 || row.reconsent_due) return "today";
  return first === undefined ? "nothing" : "taken";
}

export function standings(rows: readonly Row[], alerts: readonly Alert[]): Standing[] {
  const standing = rows.map((row) => {
    const own = alerts.filter((a) => a.participant_id === row.id).sort(byPressure);
    return { row, group: groupOf(row, own[0]), alerts: own };
  });
  return standing.sort((a, b) => {
    if (a.group !== b.group) return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group);
    const [first, second] = [a.alerts[0], b.alerts[0]];
    if (first !== undefined && second !== undefined) return byPressure(first, second);
    if ((first === undefined) !== (second === undefined)) return first === undefined ? 1 : -1;
    return a.row.subject_no < b.row.subject_no ? -1 : 1;
  });
}

export type Filter = "all" | "alerts" | "held";

export function passes(standing: Standing, filter: Filter, state: Row["state"] | "", search: string): boolean {
  const { row, alerts } = standing;
  if (filter === "alerts" && alerts.length === 0) return false;
  if (filter === "held" && row.held_entries === 0) return false;
  if (state !== "" && row.state !== state) return false;
  return matches(row.subject_no, search);
}

/** `7`, `s7`, `007` and `S007` all find S007; nothing finds everybody. */
export function matches(subjectNo: string, search: string): boolean {
  const text = search.normalize("NFKC").trim().toUpperCase();
  if (text === "") return true;
  return subjectNo.includes(text) || subjectNo.replace(/^S0*/, "") === text.replace(/^S?0*/, "");
}
