import { describe, expect, it, vi } from "vitest";
import { Desk } from "../../src/site/desk.ts";
import type { Me } from "../../src/site/api.ts";
import { alert } from "./rows.ts";

const ME = {
  account: { id: "c1", role: "coordinator", login: "c@site", language: "en", name: "C", second_factor: false, may: ["see_participants", "acknowledge_alert"] },
  participants: [], site: null,
} as unknown as Me;

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const SIGN_IN = { code: "sign_in", message: "Please sign in first.", fields: {} };

/** A desk whose server answers by path; `null` is no network. */
function deskWith(answer: (path: string) => Response | null): { desk: Desk; asked: string[] } {
  const asked: string[] = [];
  const doFetch = vi.fn((path: string) => {
    asked.push(path);
    const response = answer(path);
    return response === null ? Promise.reject(new TypeError("no network")) : Promise.resolve(response);
  });
  return { desk: new Desk(doFetch as unknown as typeof fetch), asked };
}

describe("a session that ends under an open page", () => {
  it("asks to sign in and then sends what was being sent, once for all that waited", async () => {
    let signedIn = false;
    const { desk, asked } = deskWith((path) => (path === "/api/study" ? json(200, {}) : signedIn ? json(200, { participants: [path] }) : json(401, SIGN_IN)));
    desk.enter(ME);
    const both = Promise.all([desk.api.listParticipants(), desk.call("POST", "/api/site/alerts/a/acknowledge")]);
    await vi.waitFor(() => expect(desk.store.get().signInAgain).toBe(true));
    signedIn = true;
    desk.enter(ME);
    expect(await both).toEqual([["/api/site/participants"], { participants: ["/api/site/alerts/a/acknowledge"] }]);
    expect(desk.store.get().signInAgain).toBe(false);
    expect(asked.filter((path) => path.endsWith("acknowledge"))).toHaveLength(2);
  });
  it("is no such end when the secret was wrong", async () => {
    const { desk } = deskWith((path) => (path === "/api/study" ? json(200, {}) : json(401, { code: "wrong_secret", message: "No.", fields: {} })));
    desk.enter(ME);
    await expect(desk.call("POST", "/api/sign-in", {})).rejects.toThrow("No.");
    expect(desk.store.get().signInAgain).toBe(false);
  });
});

describe("the alerts", () => {
  it("that are open or in somebody's hand are kept newest first", async () => {
    const open = alert("old", "S001", { opened_at: "2026-03-14T01:00:00.000Z" });
    const taken = alert("new", "S002", { opened_at: "2026-03-14T02:00:00.000Z", state: "acknowledged" });
    const { desk } = deskWith((path) => (path === "/api/study" ? json(200, {}) : json(200, { alerts: path.includes("state=open") ? [open] : [taken], next: null })));
    desk.enter(ME);
    await desk.checkAlerts(() => 42);
    expect(desk.store.get().alerts.map((a) => a.id)).toEqual(["new", "old"]);
    expect(desk.store.get()).toMatchObject({ checkedAt: 42, online: true });
    desk.replaceAlert({ ...open, state: "resolved" });
    expect(desk.store.get().alerts.map((a) => a.id)).toEqual(["new"]);
  });
  it("are followed to the end of a long list", async () => {
    const { desk, asked } = deskWith((path) => {
      const query = new URLSearchParams(path.split("?")[1]);
      if (query.get("state") !== "open") return json(200, { alerts: [], next: null });
      const pages: Record<string, unknown> = { "": { alerts: [alert("c", "S003")], next: "c|1" }, "c|1": { alerts: [alert("b", "S002")], next: "b|2" }, "b|2": { alerts: [alert("a", "S001")], next: null } };
      return json(200, pages[query.get("before") ?? ""]);
    });
    desk.enter(ME);
    expect(await desk.checkAlerts(() => 1)).toBe(true);
    expect(desk.store.get().alerts.map((a) => a.id).sort()).toEqual(["a", "b", "c"]);
    expect(asked.filter((path) => path.includes("/alerts"))).toHaveLength(4);
  });
  it("are not asked for without end where the list has none", async () => {
    let n = 0;
    const { desk } = deskWith((path) => json(200, path.includes("state=open") ? { alerts: [alert(`a${n++}`, "S001")], next: "more" } : { alerts: [], next: null }));
    desk.enter(ME);
    await desk.checkAlerts();
    expect(desk.store.get().alerts).toHaveLength(20);
  });
  it("stand once, as taken, when one is acknowledged between two answers", async () => {
    const { desk } = deskWith((path) => json(200, { alerts: [alert("a", "S001", { state: path.includes("state=open") ? "open" : "acknowledged" })], next: null }));
    desk.enter(ME);
    await desk.checkAlerts();
    expect(desk.store.get().alerts.map((a) => a.state)).toEqual(["acknowledged"]);
  });
  it("stay on the screen, and the desk says so, while the server does not answer", async () => {
    let there = true;
    const { desk } = deskWith((path) => (path === "/api/study" ? json(200, {}) : there ? json(200, { alerts: path.includes("state=open") ? [alert("a", "S001")] : [], next: null }) : null));
    desk.enter(ME);
    await desk.checkAlerts(() => 1);
    there = false;
    await desk.checkAlerts(() => 2);
    expect(desk.store.get()).toMatchObject({ online: false, checkedAt: 1 });
    expect(desk.store.get().alerts).toHaveLength(1);
  });
  it("are not asked for by an account that may not see participants", async () => {
    const { desk, asked } = deskWith(() => json(200, {}));
    desk.enter({ ...ME, account: { ...ME.account, may: ["manage_accounts"] } });
    await desk.checkAlerts();
    expect(asked).toEqual(["/api/study"]);
  });
});
