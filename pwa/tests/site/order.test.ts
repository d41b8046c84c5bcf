import { describe, expect, it } from "vitest";
import { FILTERS, GROUPS, lastDays, matches, passes, reasonsFor, standings, type Reason } from "../../src/site/order.ts";
import type { Row } from "../../src/site/api.ts";
import { alert, row, share } from "./rows.ts";

const NOW = Date.parse("2026-03-14T06:05:00Z");
const FRESH = "2026-03-14T05:00:00.000Z";
const heard = (subject: string, change: Partial<Row> = {}): Row => row(subject, { last_contact_at: FRESH, ...change });
const measured = (change: Partial<Row["adherence"]>): Pick<Row, "adherence"> => ({ adherence: { ...row("S000").adherence, ...change } });
const order = (rows: readonly Row[], alerts: Parameters<typeof standings>[1]): string[] =>
  standings(rows, alerts, NOW).map((s) => `${s.row.subject_no} ${s.group}`);
const kinds = (of: Row): Reason["kind"][] => reasonsFor(of, [], NOW).map((r) => r.kind);

describe("whom to look at first", () => {
  it("is an open page, then who cannot be reached, desk alerts, silence, what waits for staff, what is in hand; then habits and queries; then the rest", () => {
    const rows = [
      heard("S001"), heard("S002", { held_entries: 2 }), heard("S003"), heard("S004"), heard("S005"), heard("S006", { reconsent_due: true }),
      heard("S007", { open_calls: 1 }), heard("S008", { overdue_queries: 1, open_queries: 1 }), heard("S009", measured({ reading: share(66, 100, 91) })),
      row("S010", { last_contact_at: "2026-03-10T05:00:00.000Z", ...measured({ dose: share(28, 28, 100) }) }), heard("S011", { attestation_overdue: true }),
      heard("S012", { refused_entries: 1 }), heard("S013", { open_queries: 3 }), heard("S014", measured({ dose: share(20, 28, 72) })),
    ];
    const alerts = [
      alert("a", "S005", { level: "page" }), alert("b", "S004"), alert("c", "S003", { level: "page", state: "acknowledged" }),
    ];
    expect(order(rows, alerts)).toEqual([
      "S005 now", "S007 today", "S004 today", "S010 today", "S011 today", "S006 today", "S002 today", "S012 today", "S003 today",
      "S009 week", "S014 week", "S008 week", "S013 week", "S001 nothing",
    ]);
  });
  it("is the one that has waited longest among equals", () => {
    const alerts = [
      alert("a", "S001", { level: "page", opened_at: "2026-03-14T06:00:00.000Z" }), alert("b", "S002", { level: "page", opened_at: "2026-03-14T05:30:00.000Z" }),
    ];
    expect(order([heard("S001"), heard("S002")], alerts)).toEqual(["S002 now", "S001 now"]);
    const silent = (subject: string, day: string): Row => row(subject, { last_contact_at: `${day}T05:00:00.000Z`, ...measured({ diary: share(1, 14) }) });
    expect(order([silent("S001", "2026-03-10"), silent("S002", "2026-03-02")], [])).toEqual(["S002 today", "S001 today"]);
  });
  it("leads each participant's alerts with the open page, however old the others are", () => {
    const alerts = [
      alert("old", "S001", { opened_at: "2026-03-01T00:00:00.000Z" }), alert("held", "S001", { level: "page", state: "acknowledged", opened_at: "2026-02-01T00:00:00.000Z" }),
      alert("page", "S001", { level: "page" }),
    ];
    expect(standings([heard("S001")], alerts, NOW)[0]?.alerts.map((a) => a.id)).toEqual(["page", "old", "held"]);
  });
  it("never mixes one participant's alerts with another's", () => {
    expect(standings([heard("S001"), heard("S002")], [alert("a", "S002")], NOW).map((s) => s.alerts.length)).toEqual([1, 0]);
  });
  it("sorts a thousand, and looks at an alert no more often because of it", () => {
    const rows = Array.from({ length: 1000 }, (_, i) => heard(`S${1000 + i}`, { open_queries: i % 7, held_entries: i % 11 === 0 ? 1 : 0, ...measured({ reading: share(i % 100, 100, 90) }) }));
    let looks = 0;
    const alerts = Array.from({ length: 300 }, (_, i) => {
      const one = alert(`a${i}`, `S${1000 + i * 3}`, { level: i % 5 === 0 ? "page" : "desk" });
      const of = one.participant_id;
      return Object.defineProperty(one, "participant_id", { get: () => ((looks += 1), of) });
    });
    const found = standings(rows, alerts, NOW);
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(10 * alerts.length);
    expect(found.map((s) => GROUPS.indexOf(s.group))).toEqual(found.map((s) => GROUPS.indexOf(s.group)).sort((a, b) => a - b));
  });
});

describe("the reasons", () => {
  it("call nobody silent who is paused or done, or was heard of two days ago", () => {
    const long = "2026-02-01T00:00:00.000Z";
    const due = measured({ reading: share(90, 100, 90) });
    expect(kinds(row("S001", { last_contact_at: long, ...due }))).toEqual(["silent"]);
    for (const state of ["paused", "withdrawn", "completed"] as const) expect(kinds(row("S001", { state, last_contact_at: long, ...due }))).toEqual([]);
    expect(kinds(row("S001", { last_contact_at: "2026-03-12T05:00:00.000Z", ...due }))).toEqual([]);
  });
  it.each(["enrolled", "transplanted"] as const)("call somebody %s silent after three days, in hospital and with nothing prescribed too", (state) => {
    const leftOut = measured({ reading: share(0, 0, 95), dose: share(0, 0, 100), diary: share(0, 0, 100) });
    expect(kinds(row("S001", { state, last_contact_at: "2026-03-11T07:00:00.000Z", ...leftOut }))).toEqual([]);
    expect(standings([row("S001", { state, last_contact_at: "2026-03-11T06:00:00.000Z", ...leftOut })], [], NOW)).toMatchObject([{ group: "today", reasons: [{ kind: "silent", days: 3 }] }]);
    expect(kinds(row("S001", { state, last_contact_at: "2026-03-11T06:00:00.000Z" }))).toEqual(["silent"]);
  });
  it("wait two weeks in screening, and count from the start for who never sent", () => {
    expect(kinds(row("S001", { state: "screening", last_contact_at: "2026-02-28T07:00:00.000Z" }))).toEqual([]);
    expect(reasonsFor(row("S001", { state: "screening", created_at: "2026-02-27T06:00:00.000Z" }), [], NOW)).toEqual([{ kind: "silent", days: 15 }]);
  });
  it.each(["paused", "withdrawn", "completed", "screening"] as const)("go on for the doses of somebody %s, and for nothing else", (state) => {
    const doses = measured({ dose: share(14, 28, 100), reading: share(1, 50, 100), diary: share(0, 14, 100) });
    expect(reasonsFor(heard("S001", { state, ...doses }), [], NOW)).toEqual([{ kind: "falling", of: "dose", from: 100, to: 50 }]);
    expect(reasonsFor(heard("S001", { state, ...measured({ dose: share(20, 28, 72), reading: share(1, 50, 100) }) }), [], NOW)).toEqual([{ kind: "low", of: "dose", pct: 71 }]);
    expect(reasonsFor(row("S001", { state, last_contact_at: "2026-03-11T05:00:00.000Z", ...measured({ dose: share(28, 28, 100) }) }), [], NOW)).toEqual([{ kind: "silent", days: 3 }]);
    expect(kinds(heard("S001", { state, ...measured({ reading: share(1, 50, 100), diary: share(0, 14, 100) }) }))).toEqual([]);
  });
  it("name the alerts that the row counts and the list does not hold: never nothing, and a page now", () => {
    const counted = (page: number, desk: number): Row => heard("S001", { open_alerts: { page, desk } });
    expect(standings([counted(2, 0)], [], NOW)).toMatchObject([{ group: "now", reasons: [{ kind: "more_pages", alerts: 2 }] }]);
    expect(standings([counted(0, 3)], [], NOW)).toMatchObject([{ group: "today", reasons: [{ kind: "more_desk", alerts: 3 }] }]);
    const held = [alert("a", "S001", { level: "page", state: "acknowledged" }), alert("b", "S001")];
    expect(reasonsFor(counted(1, 1), held, NOW).map((r) => r.kind)).toEqual(["alert", "alert"]);
    expect(standings([counted(2, 1)], held, NOW)).toMatchObject([{ group: "now", reasons: [{ kind: "more_pages", alerts: 1 }, { kind: "alert" }, { kind: "alert" }] }]);
    expect(order([counted(1, 0), heard("S002"), heard("S003", { open_calls: 1 }), heard("S004", { open_alerts: { page: 0, desk: 1 } }), heard("S005")], [alert("c", "S002", { level: "page" }), alert("d", "S005")]))
      .toEqual(["S002 now", "S001 now", "S003 today", "S005 today", "S004 today"]);
  });
  it("say what fell most, or what is lowest, never both, and nothing of too few windows", () => {
    const falls = heard("S001", measured({ reading: share(66, 100, 91), dose: share(20, 28, 100) }));
    expect(reasonsFor(falls, [], NOW)).toEqual([{ kind: "falling", of: "dose", from: 100, to: 71 }]);
    expect(reasonsFor(heard("S001", measured({ diary: share(7, 14, 55) })), [], NOW)).toEqual([{ kind: "low", of: "diary", pct: 50 }]);
    expect(kinds(heard("S001", measured({ dose: share(0, 6, 100) })))).toEqual([]);
    expect(kinds(heard("S001", measured({ reading: share(86, 100, 100) })))).toEqual([]);
  });
  it("keep attestation to themselves where the server does", () => expect(kinds(heard("S001", { attestation_overdue: null }))).toEqual([]));
});

describe("the filters", () => {
  const [busy] = standings([heard("S007", { held_entries: 1, state: "paused", open_queries: 1 })], [alert("a", "S007")], NOW);
  const [calm] = standings([heard("S008")], [], NOW);
  it("count alerts that are not at hand among the alerts", () => {
    for (const open_alerts of [{ page: 1, desk: 0 }, { page: 0, desk: 1 }]) {
      const [unlisted] = standings([heard("S009", { open_alerts })], [], NOW);
      expect(unlisted !== undefined && passes(unlisted, "alerts", "", "")).toBe(true);
    }
  });
  it("keep who has that reason, or the state", () => {
    if (busy === undefined || calm === undefined) throw new Error("two standings");
    expect(FILTERS.filter((f) => passes(busy, f, "", ""))).toEqual(["all", "alerts", "held", "queries"]);
    expect(FILTERS.filter((f) => passes(calm, f, "", ""))).toEqual(["all"]);
    expect([passes(busy, "all", "paused", ""), passes(calm, "all", "paused", "")]).toEqual([true, false]);
    expect([passes(busy, "all", "", "8"), passes(calm, "all", "", "8")]).toEqual([false, true]);
  });
  it.each(["7", "07", "007", "s7", "S007", " s007 ", "Ｓ００７", ""])("find S007 by %j", (typed) => expect(matches("S007", typed)).toBe(true));
  it.each(["8", "S07 ", "70", "x"])("do not find S017 by %j", (typed) => expect(matches("S017", typed)).toBe(false));
});

describe("the last 14 days", () => {
  it("end on the participant's own today", () => {
    const late = Date.parse("2026-03-14T17:00:00Z");
    expect(lastDays("Asia/Shanghai", late).at(-1)).toBe("2026-03-15");
    expect(lastDays("Europe/Berlin", late)).toHaveLength(14);
    expect(lastDays("Europe/Berlin", late)[0]).toBe("2026-03-01");
  });
});

describe("visits", () => {
  const visit = (state: "in_window" | "due" | "overdue"): NonNullable<Row["visit"]> =>
    ({ names: { "zh-CN": "三个月", en: "Month 3" }, day: "2026-03-10", first_day: "2026-03-08", last_day: "2026-03-12", state });
  it("are work of this week, after queries, and have a filter of their own", () => {
    const due = heard("S001", { visit: visit("overdue"), review_missing: true });
    expect(kinds(due)).toEqual(["visit", "review"]);
    expect(order([heard("S003"), due, heard("S002", { open_queries: 1 })], [])).toEqual(["S002 week", "S001 week", "S003 nothing"]);
    const [first] = standings([due], [], NOW);
    expect(first !== undefined && passes(first, "visits", "", "")).toBe(true);
    expect(first !== undefined && passes(first, "queries", "", "")).toBe(false);
  });
});
