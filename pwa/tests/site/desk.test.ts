import { describe, expect, it, vi } from "vitest";
import { Ahead } from "../../src/site/ahead.ts";
import type { Me } from "../../src/site/api.ts";
import { Desk } from "../../src/site/desk.ts";
import { readRoute } from "../../src/site/route.ts";
import * as words from "../../src/text/site.ts";
import { siteEn } from "../../src/text/site.en.ts";
import { siteZh } from "../../src/text/site.zh-CN.ts";
import { alert } from "./rows.ts";

vi.mock("../../src/text/site.ts", { spy: true });

const ME = {
  account: { id: "c1", role: "coordinator", login: "c@site", language: "en", name: "C", second_factor: false, may: ["see_participants", "acknowledge_alert"] },
  participants: [], site: null,
} as unknown as Me;

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
const SIGN_IN = { code: "sign_in", message: "Please sign in first.", fields: {} };

/** A desk whose server answers by path; `null` is no network. */
function deskWith(answer: (path: string) => Response | null): { desk: Desk; ahead: Ahead; asked: string[] } {
  const asked: string[] = [];
  const doFetch = vi.fn((path: string) => {
    asked.push(path);
    const response = answer(path);
    return response === null ? Promise.reject(new TypeError("no network")) : Promise.resolve(response);
  });
  const ahead = new Ahead(() => "en", doFetch as unknown as typeof fetch);
  return { desk: new Desk({ language: "en", words: siteEn }, ahead, doFetch as unknown as typeof fetch), ahead, asked };
}

describe("a session that ends under an open page", () => {
  it("asks to sign in and then sends what was being sent, once for all that waited", async () => {
    let signedIn = false;
    const { desk, asked } = deskWith((path) => (path === "/api/study" ? json(200, {}) : signedIn ? json(200, { participants: [path] }) : json(401, SIGN_IN)));
    await desk.enter(ME);
    const both = Promise.all([desk.api.listParticipants(), desk.call("POST", "/api/site/alerts/a/acknowledge")]);
    await vi.waitFor(() => expect(desk.store.get().signInAgain).toBe(true));
    signedIn = true;
    await desk.enter(ME);
    expect(await both).toEqual([["/api/site/participants"], { participants: ["/api/site/alerts/a/acknowledge"] }]);
    expect(desk.store.get().signInAgain).toBe(false);
    expect(asked.filter((path) => path.endsWith("acknowledge"))).toHaveLength(2);
  });
  it("is no such end when the secret was wrong", async () => {
    const { desk } = deskWith((path) => (path === "/api/study" ? json(200, {}) : json(401, { code: "wrong_secret", message: "No.", fields: {} })));
    await desk.enter(ME);
    await expect(desk.call("POST", "/api/sign-in", {})).rejects.toThrow("No.");
    expect(desk.store.get().signInAgain).toBe(false);
  });
});

describe("the alerts", () => {
  it("that are open or in somebody's hand are kept newest first", async () => {
    const open = alert("old", "S001", { opened_at: "2026-03-14T01:00:00.000Z" });
    const taken = alert("new", "S002", { opened_at: "2026-03-14T02:00:00.000Z", state: "acknowledged" });
    const { desk } = deskWith((path) => (path === "/api/study" ? json(200, {}) : json(200, { alerts: path.includes("state=open") ? [open] : [taken], next: null })));
    await desk.enter(ME);
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
    await desk.enter(ME);
    expect(await desk.checkAlerts(() => 1)).toBe(true);
    expect(desk.store.get().alerts.map((a) => a.id).sort()).toEqual(["a", "b", "c"]);
    expect(asked.filter((path) => path.includes("/alerts"))).toHaveLength(4);
  });
  it("are not asked for without end where the list has none", async () => {
    let n = 0;
    const { desk } = deskWith((path) => json(200, path.includes("state=open") ? { alerts: [alert(`a${n++}`, "S001")], next: "more" } : { alerts: [], next: null }));
    await desk.enter(ME);
    await desk.checkAlerts();
    expect(desk.store.get().alerts).toHaveLength(20);
  });
  it("stand once, as taken, when one is acknowledged between two answers", async () => {
    const { desk } = deskWith((path) => json(200, { alerts: [alert("a", "S001", { state: path.includes("state=open") ? "open" : "acknowledged" })], next: null }));
    await desk.enter(ME);
    await desk.checkAlerts();
    expect(desk.store.get().alerts.map((a) => a.state)).toEqual(["acknowledged"]);
  });
  it("stay on the screen, and the desk says so, while the server does not answer", async () => {
    let there = true;
    const { desk } = deskWith((path) => (path === "/api/study" ? json(200, {}) : there ? json(200, { alerts: path.includes("state=open") ? [alert("a", "S001")] : [], next: null }) : null));
    await desk.enter(ME);
    await desk.checkAlerts(() => 1);
    there = false;
    await desk.checkAlerts(() => 2);
    expect(desk.store.get()).toMatchObject({ online: false, checkedAt: 1 });
    expect(desk.store.get().alerts).toHaveLength(1);
  });
  it("that wait for a decision are a list of their own, which the work at hand does not ask for", async () => {
    const closed = alert("c", "S001", { state: "resolved", sae: "undecided" });
    const { desk, asked } = deskWith((path) => json(200, path.includes("sae=undecided") ? { alerts: [closed], next: null } : { queries: [], calls: [] }));
    await desk.enter(ME);
    await desk.checkWork();
    expect(asked.some((path) => path.includes("sae="))).toBe(false);
    expect(await desk.checkUndecided()).toBe(true);
    expect(desk.store.get().undecided).toEqual([closed]);
  });
  it("are not asked for by an account that may not see participants", async () => {
    const { desk, asked } = deskWith(() => json(200, {}));
    await desk.enter({ ...ME, account: { ...ME.account, may: ["manage_accounts"] } });
    await desk.checkAlerts();
    expect(asked).toEqual(["/api/study"]);
  });
});

describe("what the first screen shows", () => {
  const participant = { id: "p", zone: "Asia/Shanghai" };
  const answers = (path: string): Response => json(200, path === "/api/me" ? ME : path.endsWith("/participants") ? { participants: [participant] } : path.endsWith("/participants/p") ? participant : { entries: [], alerts: [], next: null, windows: [], days: [] });

  it("is asked for once, ahead, and is there when the desk opens", async () => {
    const { desk, ahead, asked } = deskWith(answers);
    ahead.ask(readRoute("#/"));
    await desk.open();
    expect(desk.store.get()).toMatchObject({ phase: "open", me: { account: { id: "c1" } } });
    expect(await desk.api.listParticipants()).toEqual([participant]);
    expect(asked.sort()).toEqual(["/api/me", "/api/site/participants"]);
    await desk.api.listParticipants();
    expect(asked.filter((path) => path === "/api/site/participants")).toHaveLength(2);
  });
  it("comes with the study where the words of entries are shown, and only there", async () => {
    const { desk, ahead, asked } = deskWith(answers);
    ahead.ask(readRoute("#/p/p/person"));
    await desk.open();
    expect(desk.store.get().study).not.toBeNull();
    await desk.checkAlerts();
    expect(asked.filter((path) => path === "/api/study")).toHaveLength(1);
  });
  it("leaves the study to the first look at the alerts where the overview opens; one in vain is made good by the next", async () => {
    let isThere = false;
    const { desk, ahead, asked } = deskWith((path) => (path === "/api/study" && !isThere ? json(503, { code: "unavailable", message: "Later.", fields: {} }) : answers(path)));
    ahead.ask(readRoute("#/"));
    await desk.open();
    expect(asked).not.toContain("/api/study");
    await desk.checkAlerts();
    expect(desk.store.get().study).toBeNull();
    isThere = true;
    await desk.checkAlerts();
    await desk.checkAlerts();
    await vi.waitFor(() => expect(desk.store.get().study).not.toBeNull());
    expect(asked.filter((path) => path === "/api/study")).toHaveLength(2);
  });
  it("is the first page of a participant's logbook, by the day in the participant's zone", async () => {
    vi.useFakeTimers({ now: new Date("2026-03-14T17:00:00Z"), toFake: ["Date"] });
    const { desk, ahead, asked } = deskWith(answers);
    ahead.ask(readRoute("#/p/p"));
    await desk.open();
    vi.useRealTimers();
    const of = "/api/site/participants/p";
    expect(asked.filter((path) => path.startsWith(of))).toEqual([
      of, `${of}/entries?from=2026-03-02&to=2026-03-15&limit=500`, `${of}/adherence?from=2026-03-02&to=2026-03-15&detail=windows&kind=reading`, `${of}/days?from=2026-03-02&to=2026-03-15`,
    ]);
  });
  it("is not waited for without end: the desk opens beside a server that does not come to it", async () => {
    vi.useFakeTimers();
    const slow = vi.fn((path: string) => (path === "/api/me" ? Promise.resolve(json(200, ME)) : new Promise<Response>(() => undefined)));
    const ahead = new Ahead(() => "en", slow as unknown as typeof fetch);
    const desk = new Desk({ language: "en", words: siteEn }, ahead, slow as unknown as typeof fetch);
    ahead.ask(readRoute("#/"));
    const opened = desk.open();
    await vi.advanceTimersByTimeAsync(400);
    expect(desk.store.get().phase).toBe("signed_out");
    await vi.advanceTimersByTimeAsync(200);
    await opened;
    vi.useRealTimers();
    expect(desk.store.get().phase).toBe("open");
  });
  it("leads to the sign-in where nobody is signed in", async () => {
    const { desk, ahead } = deskWith(() => json(401, SIGN_IN));
    ahead.ask(readRoute("#/p/p"));
    await desk.open();
    expect(desk.store.get()).toMatchObject({ phase: "signed_out", online: true });
  });
  it("gives whoever signs in then none of the answers from before", async () => {
    let isIn = false;
    const { desk, ahead } = deskWith((path) => !isIn && path === "/api/me" ? json(401, SIGN_IN) : json(200, path === "/api/me" ? ME : { participants: [{ id: isIn ? "mine" : "theirs" }] }));
    ahead.ask(readRoute("#/"));
    await desk.open();
    isIn = true;
    await desk.enter(ME);
    expect(await desk.api.listParticipants()).toMatchObject([{ id: "mine" }]);
    expect(desk.store.get().signInAgain).toBe(false);
  });
});

describe("the language", () => {
  it("stays, on this desk and in the account, where the words of the other do not come", async () => {
    vi.mocked(words.loadDeskWords).mockRejectedValueOnce(new TypeError("no network"));
    const { desk, asked } = deskWith((path) => json(200, path === "/api/me" ? ME : {}));
    await desk.enter(ME);
    await desk.chooseLanguage("zh-CN");
    expect(desk.store.get()).toMatchObject({ language: "en", words: { appName: siteEn.appName }, toast: siteEn.common.noAnswer });
    expect(asked).not.toContain("/api/me");
  });
  it("changes together with its words", async () => {
    const { desk } = deskWith((path) => json(200, path === "/api/me" ? ME : {}));
    await desk.chooseLanguage("zh-CN");
    expect(desk.store.get()).toMatchObject({ language: "zh-CN", words: { appName: siteZh.appName } });
    await desk.enter(ME);
    expect(desk.store.get()).toMatchObject({ language: "en", words: { appName: siteEn.appName } });
  });
});
