/** Whom to look at first, and the reasons why: worst and longest waiting on top. */
import { local } from "../rules/days.ts";
import type { Alert, Row } from "./api.ts";

export type Group = "now" | "today" | "week" | "nothing";
export const GROUPS: readonly Group[] = ["now", "today", "week", "nothing"];
export const MEASURED = ["reading", "dose", "diary"] as const;
export type Measured = (typeof MEASURED)[number];

/** One reason to look at somebody, in the order in which they press. */
export type Reason =
  | { kind: "alert"; alert: Alert }
  | { kind: "more_pages" | "more_desk"; alerts: number }
  | { kind: "unreachable"; calls: number }
  | { kind: "silent"; days: number }
  | { kind: "attestation" }
  | { kind: "reconsent" }
  | { kind: "held"; entries: number }
  | { kind: "refused"; entries: number }
  | { kind: "falling"; of: Measured; from: number; to: number }
  | { kind: "low"; of: Measured; pct: number }
  | { kind: "overdue"; queries: number }
  | { kind: "queries"; queries: number }
  | { kind: "visit"; visit: DueVisit }
  | { kind: "review" };

export type DueVisit = NonNullable<Row["visit"]>;

export interface Standing {
  row: Row;
  group: Group;
  /** The most pressing first; none when nothing is open. */
  reasons: Reason[];
  /** The participant's alerts that are not resolved, the most pressing first. */
  alerts: Alert[];
}

/** Days without anything received after which somebody who is followed, or still has doses due, is looked at: in hospital and with nothing prescribed too. */
export const SILENT_DAYS = 3;
/** The same in screening. */
export const SILENT_SCREENING_DAYS = 14;
/** So many points less than in the two weeks before is falling. */
export const FALLING_POINTS = 15;
/** Below this share, in percent, it is said even when it does not fall. */
export const LOW_PCT: Readonly<Record<Measured, number>> = { reading: 70, dose: 80, diary: 70 };
/** Fewer closed windows than this say nothing about a habit. */
const FEWEST_DUE = 7;
const DAY_MS = 86_400_000;
const FOLLOWED: ReadonlySet<Row["state"]> = new Set(["enrolled", "transplanted"]);
const STATES: readonly Alert["state"][] = ["open", "acknowledged", "resolved"];

/** Open before acknowledged, page before desk, then the one that has waited longest. */
export function byPressure(a: Alert, b: Alert): number {
  if (a.state !== b.state) return STATES.indexOf(a.state) - STATES.indexOf(b.state);
  if (a.level !== b.level) return a.level === "page" ? -1 : 1;
  return a.opened_at < b.opened_at ? -1 : a.opened_at > b.opened_at ? 1 : 0;
}

/** Whole days since anything was received; of somebody who never sent, since they were taken in. */
export function silentDays(row: Row, nowMs: number): number {
  return Math.floor((nowMs - Date.parse(row.last_contact_at ?? row.created_at)) / DAY_MS);
}

/** Doses go on through a pause, and after withdrawal and completion until each is ended. */
const hasDoses = (row: Row): boolean => row.adherence.dose.due > 0;

function isSilent(row: Row, nowMs: number): boolean {
  if (FOLLOWED.has(row.state) || hasDoses(row)) return silentDays(row, nowMs) >= SILENT_DAYS;
  return row.state === "screening" && silentDays(row, nowMs) >= SILENT_SCREENING_DAYS;
}

/** What fell most, or else what is lowest; both in whole percent, as they are shown. */
function habit(row: Row): Reason[] {
  const asked = MEASURED.filter((of) => of === "dose" || FOLLOWED.has(row.state));
  const all = asked.map((of) => ({ of, ...row.adherence[of] })).filter((one) => one.pct !== null && one.due >= FEWEST_DUE);
  const falls = all.flatMap(({ of, pct, before_pct }): { of: Measured; from: number; to: number }[] =>
    pct === null || before_pct === null ? [] : [{ of, from: Math.round(before_pct), to: Math.round(pct) }]);
  const fall = falls.sort((a, b) => b.from - b.to - (a.from - a.to))[0];
  if (fall !== undefined && fall.from - fall.to >= FALLING_POINTS) return [{ kind: "falling", ...fall }];
  const low = all.map(({ of, pct }) => ({ of, pct: Math.round(pct ?? 0), gap: LOW_PCT[of] - Math.round(pct ?? 0) })).sort((a, b) => b.gap - a.gap)[0];
  return low !== undefined && low.gap > 0 ? [{ kind: "low", of: low.of, pct: low.pct }] : [];
}

/** How many of the level the row counts beyond the alerts at hand: not loaded yet, or newer than they are. */
function unlisted(row: Row, alerts: readonly Alert[], level: Alert["level"]): number {
  return row.open_alerts[level] - alerts.filter((a) => a.level === level && a.state !== "resolved").length;
}

/** Every reason to look at a participant, the most pressing first. `alerts` are the participant's own, sorted. */
export function reasonsFor(row: Row, alerts: readonly Alert[], nowMs: number): Reason[] {
  const of = (state: Alert["state"]): Reason[] => alerts.filter((a) => a.state === state).map((alert) => ({ kind: "alert", alert }));
  const when = (is: boolean, reason: Reason): Reason[] => (is ? [reason] : []);
  const pages = of("open").filter((r) => r.kind === "alert" && r.alert.level === "page");
  const [morePages, moreDesk] = [unlisted(row, alerts, "page"), unlisted(row, alerts, "desk")];
  return [
    ...pages,
    ...when(morePages > 0, { kind: "more_pages", alerts: morePages }),
    ...when(row.open_calls > 0, { kind: "unreachable", calls: row.open_calls }),
    ...of("open").filter((r) => r.kind === "alert" && r.alert.level === "desk"),
    ...when(moreDesk > 0, { kind: "more_desk", alerts: moreDesk }),
    ...when(isSilent(row, nowMs), { kind: "silent", days: silentDays(row, nowMs) }),
    ...when(row.attestation_overdue === true, { kind: "attestation" }),
    ...when(row.reconsent_due, { kind: "reconsent" }),
    ...when(row.held_entries > 0, { kind: "held", entries: row.held_entries }),
    ...when(row.refused_entries > 0, { kind: "refused", entries: row.refused_entries }),
    ...of("acknowledged"),
    ...habit(row),
    ...when(row.overdue_queries > 0, { kind: "overdue", queries: row.overdue_queries }),
    ...when(row.open_queries > row.overdue_queries, { kind: "queries", queries: row.open_queries - row.overdue_queries }),
    ...(row.visit === null ? [] : [{ kind: "visit" as const, visit: row.visit }]),
    ...when(row.review_missing === true, { kind: "review" }),
  ];
}

const RANKS: readonly Reason["kind"][] = ["more_pages", "unreachable", "more_desk", "silent", "attestation", "reconsent", "held", "refused", "falling", "low", "overdue", "queries", "visit", "review"];
const THIS_WEEK: ReadonlySet<Reason["kind"]> = new Set(["falling", "low", "overdue", "queries", "visit", "review"]);

function groupOf(first: Reason | undefined): Group {
  if (first === undefined) return "nothing";
  if (first.kind === "more_pages") return "now";
  if (first.kind === "alert") return first.alert.state === "open" && first.alert.level === "page" ? "now" : "today";
  return THIS_WEEK.has(first.kind) ? "week" : "today";
}

/** Within a group: unreachable, desk alerts, silence ... and what somebody has in hand last. */
function rank(reason: Reason | undefined): number {
  if (reason === undefined) return 99;
  if (reason.kind !== "alert") return RANKS.indexOf(reason.kind);
  if (reason.alert.state !== "open") return RANKS.indexOf("refused") + 0.5;
  return reason.alert.level === "page" ? -1 : RANKS.indexOf("unreachable") + 0.5;
}

/** How much of the same reason: the longer, the more, the steeper comes first. */
function weight(reason: Reason): number {
  switch (reason.kind) {
    case "silent": return reason.days;
    case "more_pages": case "more_desk": return reason.alerts;
    case "unreachable": return reason.calls;
    case "held": case "refused": return reason.entries;
    case "falling": return reason.from - reason.to;
    case "low": return LOW_PCT[reason.of] - reason.pct;
    case "overdue": case "queries": return reason.queries;
    default: return 0;
  }
}

function byNeed(a: Standing, b: Standing): number {
  if (a.group !== b.group) return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group);
  const [first, second] = [a.reasons[0], b.reasons[0]];
  if (rank(first) !== rank(second)) return rank(first) - rank(second);
  if (first?.kind === "alert" && second?.kind === "alert") {
    const pressed = byPressure(first.alert, second.alert);
    if (pressed !== 0) return pressed;
  } else if (first !== undefined && second !== undefined && weight(first) !== weight(second)) return weight(second) - weight(first);
  return a.row.subject_no < b.row.subject_no ? -1 : 1;
}

export function standings(rows: readonly Row[], alerts: readonly Alert[], nowMs: number): Standing[] {
  const own = new Map<string, Alert[]>();
  for (const alert of alerts) {
    const mine = own.get(alert.participant_id);
    if (mine === undefined) own.set(alert.participant_id, [alert]);
    else mine.push(alert);
  }
  return rows.map((row) => {
    const mine = (own.get(row.id) ?? []).sort(byPressure);
    const reasons = reasonsFor(row, mine, nowMs);
    return { row, group: groupOf(reasons[0]), reasons, alerts: mine };
  }).sort(byNeed);
}

export const FILTERS = ["all", "alerts", "unreachable", "falling", "held", "queries", "visits"] as const;
export type Filter = (typeof FILTERS)[number];
const BY_FILTER: Readonly<Record<Exclude<Filter, "all">, readonly Reason["kind"][]>> = {
  alerts: ["alert", "more_pages", "more_desk"], unreachable: ["unreachable", "silent"], falling: ["falling", "low"], held: ["held", "refused"], queries: ["overdue", "queries"], visits: ["visit", "review"],
};

export function passes(standing: Standing, filter: Filter, state: Row["state"] | "", search: string): boolean {
  if (filter !== "all" && !standing.reasons.some((r) => BY_FILTER[filter].includes(r.kind))) return false;
  if (state !== "" && standing.row.state !== state) return false;
  return matches(standing.row.subject_no, search);
}

/** `7`, `s7`, `007` and `S007` all find S007; nothing finds everybody. */
export function matches(subjectNo: string, search: string): boolean {
  const text = search.normalize("NFKC").trim().toUpperCase();
  if (text === "") return true;
  return subjectNo.includes(text) || subjectNo.replace(/^S0*/, "") === text.replace(/^S?0*/, "");
}

/** The last 14 local days, the oldest first, whatever of them the row names. */
export function lastDays(zone: string, nowMs: number, n = 14): string[] {
  const today = Date.parse(`${local(nowMs, zone).day}T00:00:00Z`);
  return Array.from({ length: n }, (_, i) => new Date(today - (n - 1 - i) * DAY_MS).toISOString().slice(0, 10));
}
