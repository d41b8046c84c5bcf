import { describe, expect, it } from "vitest";
import { matches, passes, standings } from "../../src/site/order.ts";
import { alert, row } from "./rows.ts";

const order = (rows: Parameters<typeof standings>[0], alerts: Parameters<typeof standings>[1]): string[] =>
  standings(rows, alerts).map((s) => `${s.row.subject_no} ${s.group}`);

describe("whom to look at first", () => {
  it("is an open page, then desk alerts and held entries, then what somebody has in hand, then the rest by number", () => {
    const rows = [row("S001"), row("S002", { held_entries: 2 }), row("S003"), row("S004"), row("S005"), row("S006", { reconsent_due: true })];
    const alerts = [
      alert("a", "S005", { level: "page" }), alert("b", "S004"), alert("c", "S003", { level: "page", state: "acknowledged" }),
    ];
    expect(order(rows, alerts)).toEqual(["S005 now", "S004 today", "S002 today", "S006 today", "S003 taken", "S001 nothing"]);
  });
  it("is the one that has waited longest among equals", () => {
    const alerts = [
      alert("a", "S001", { level: "page", opened_at: "2026-03-14T06:00:00.000Z" }), alert("b", "S002", { level: "page", opened_at: "2026-03-14T05:30:00.000Z" }),
    ];
    expect(order([row("S001"), row("S002")], alerts)).toEqual(["S002 now", "S001 now"]);
  });
  it("leads each participant's alerts with the open page, however old the others are", () => {
    const alerts = [
      alert("old", "S001", { opened_at: "2026-03-01T00:00:00.000Z" }), alert("held", "S001", { level: "page", state: "acknowledged", opened_at: "2026-02-01T00:00:00.000Z" }),
      alert("page", "S001", { level: "page" }),
    ];
    expect(standings([row("S001")], alerts)[0]?.alerts.map((a) => a.id)).toEqual(["page", "old", "held"]);
  });
  it("never mixes one participant's alerts with another's", () => {
    expect(standings([row("S001"), row("S002")], [alert("a", "S002")]).map((s) => s.alerts.length)).toEqual([1, 0]);
  });
});

describe("the filters", () => {
  const [busy] = standings([row("S007", { held_entries: 1, state: "paused" })], [alert("a", "S007")]);
  const [calm] = standings([row("S008")], []);
  it("keep who has alerts, held entries or the state", () => {
    if (busy === undefined || calm === undefined) throw new Error("two standings");
    expect([passes(busy, "alerts", "", ""), passes(calm, "alerts", "", "")]).toEqual([true, false]);
    expect([passes(busy, "held", "", ""), passes(calm, "held", "", "")]).toEqual([true, false]);
    expect([passes(busy, "all", "paused", ""), passes(calm, "all", "paused", "")]).toEqual([true, false]);
    expect([passes(busy, "all", "", "8"), passes(calm, "all", "", "8")]).toEqual([false, true]);
  });
  it.each(["7", "07", "007", "s7", "S007", " s007 ", "Ｓ００７", ""])("find S007 by %j", (typed) => expect(matches("S007", typed)).toBe(true));
  it.each(["8", "S07 ", "70", "x"])("do not find S017 by %j", (typed) => expect(matches("S017", typed)).toBe(false));
});
