import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PushState, Test, TestStep } from "../../src/api/push.ts";
import { abilityOf, hasKey, TooLong, within } from "../../src/patient/push.ts";
import { breakOf, chainOf, isFine } from "../../src/patient/reminders/chain.ts";
import { DATABASE_NAME, openDatabase, type Database } from "../../src/store/database.ts";
import { sayKeptReceipts, sayReceipt, type Receipt } from "../../src/store/receipts.ts";
import { placeOf, readMessage } from "../../src/sw/message.ts";

const ORIGIN = "https://diary.example.org";
const SAID = { title: "该写日记了", body: "点一下打开", navigate: `${ORIGIN}/#/today?t=abc`, lang: "zh-CN", tag: "T".repeat(32), data: { delivery_id: "d", token: "abc" } };

describe("a push message", () => {
  it("is read in its declarative shape", () => {
    expect(readMessage(JSON.stringify({ web_push: 8030, notification: SAID }), ["en"], ORIGIN)).toEqual({
      title: SAID.title, body: SAID.body, lang: "zh-CN", tag: SAID.tag, navigate: "/#/today?t=abc", token: "abc",
    });
  });
  it.each([null, "", "{", "7", "null", "[]", '"x"', "{}", '{"notification":null}', '{"notification":{"title":""}}', '{"notification":{"title":7,"data":"x"}}', "\u0000"])(
    "is shown in neutral words when it is %j", (text) => {
      for (const [languages, title] of [[["en-GB"], "Time for your diary"], [["zh-CN"], "该写日记了"], [["fr"], "该写日记了"], [[], "该写日记了"]] as const) {
        const message = readMessage(text, languages, ORIGIN);
        expect(message).toMatchObject({ title, tag: "diary", navigate: "/#/today", token: null });
        expect(message.body).not.toBe("");
      }
    });
  it.each([["https://evil.example/#/today"], ["//evil.example"], ["javascript:alert(1)"], [""], [7], [undefined], ["https://diary.example.org.evil.example/"]])(
    "leads nowhere but to our own pages: %j", (navigate) => expect(new URL(placeOf(navigate, ORIGIN), ORIGIN).origin).toBe(ORIGIN));
});

describe("receipts", () => {
  const receipt = (token: string, day: string): Receipt => ({ token, event: "received", at: `2026-03-${day}T08:00:00Z` });
  const NOW = Date.parse("2026-03-14T09:00:00Z");
  let db: Database;
  beforeEach(async () => { db = await openDatabase(); vi.useFakeTimers({ toFake: ["setTimeout"] }); });
  afterEach(() => { vi.useRealTimers(); db.close(); indexedDB.deleteDatabase(DATABASE_NAME); });
  const kept = async (): Promise<string[]> => (await db.getAllKeys("plain")).filter((k) => k.startsWith("receipt "));
  const say = async (one: Receipt, statuses: number[]): Promise<number> => {
    let tries = 0;
    const done = sayReceipt(db, one, () => Promise.resolve(statuses[tries++] ?? 204));
    await vi.runAllTimersAsync();
    await done;
    return tries;
  };
  it("are said again within seconds, and not kept once heard", async () => {
    expect(await say(receipt("a", "14"), [0, 503, 204])).toBe(3);
    expect(await kept()).toEqual([]);
  });
  it("are not said again to a server that does not know them", async () => {
    expect(await say(receipt("a", "14"), [404])).toBe(1);
    expect(await kept()).toEqual([]);
  });
  it("are kept while nobody hears them, and said on the next occasion, oldest first", async () => {
    await say(receipt("b", "14"), [0, 0, 0]);
    await say(receipt("a", "13"), [0, 0, 0]);
    const heard: string[] = [];
    await sayKeptReceipts(db, NOW, ({ token }) => { heard.push(token); return Promise.resolve(heard.length === 1 ? 204 : 0); });
    expect(heard).toEqual(["a", "b"]);
    expect(await kept()).toEqual(["receipt b received"]);
  });
  it("are forgotten after a week", async () => {
    await say(receipt("old", "06"), [0, 0, 0]);
    await sayKeptReceipts(db, NOW, () => Promise.reject(new Error("must not be asked")));
    expect(await kept()).toEqual([]);
  });
});

describe("what a browser can do about reminders", () => {
  const iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15";
  it.each([
    [{ agent: iphone, installed: false, hasPush: false, permission: null }, "install_first"],
    [{ agent: iphone, installed: true, hasPush: true, permission: "default" }, "asks"],
    [{ agent: `${iphone} MicroMessenger/8.0`, installed: false, hasPush: false, permission: null }, "open_in_browser"],
    [{ agent: "Android MicroMessenger/8.0", installed: false, hasPush: true, permission: "granted" }, "open_in_browser"],
    [{ agent: "Android WebView", installed: false, hasPush: false, permission: null }, "unable"],
    [{ agent: "Android", installed: false, hasPush: true, permission: "denied" }, "denied"],
    [{ agent: "Android", installed: false, hasPush: true, permission: "granted" }, "able"],
  ] as const)("%j is %s", (browser, ability) => expect(abilityOf(browser)).toBe(ability));
  it("waits for a push service only so long", async () => {
    await expect(within(5, new Promise(() => undefined))).rejects.toBeInstanceOf(TooLong);
    await expect(within(1000, Promise.resolve(7))).resolves.toBe(7);
  });
  it("subscribes anew when the server has another key", () => {
    const options = (...bytes: number[]): Pick<PushSubscription, "options"> => ({ options: { applicationServerKey: Uint8Array.from(bytes).buffer, userVisibleOnly: true } });
    expect(hasKey(options(251, 255, 190), "-_--")).toBe(true);
    expect(hasKey(options(251, 255, 191), "-_--")).toBe(false);
    expect(hasKey(options(251, 255), "-_--")).toBe(false);
  });
});

describe("where the chain breaks", () => {
  const phone = { id: "s", device: "x", is_this: true, stopped: false };
  const state = (more: Partial<PushState> = {}): PushState => ({ public_key: "k", sends: true, subscriptions: [phone], channels: [], ...more });
  const step = (more: Partial<TestStep> = {}): TestStep => ({ channel: "push", state: "planned", status: null, handed_over_at: null, received_at: null, shown_at: null, ...more });
  const test = (...steps: TestStep[]): Test => ({ id: "t", steps });
  const found = (facts: Partial<Parameters<typeof chainOf>[0]>): [string | null, string[]] => {
    const chain = chainOf({ ability: "able", state: state(), test: null, isOver: false, ...facts });
    return [breakOf(chain), chain.map(([, standing]) => standing)];
  };
  const T = "2026-03-14T00:00:00Z";
  it.each([
    ["notifications are not allowed", { ability: "denied" as const, test: test(step()) }, "allowed"],
    ["this phone is not known", { state: state({ subscriptions: [] }), test: { id: null, steps: [] } }, "subscribed"],
    ["its push service is stopped", { state: state({ subscriptions: [{ ...phone, stopped: true }] }), test: test(step()) }, "subscribed"],
    ["another phone is known, this one is not", { state: state({ subscriptions: [{ ...phone, is_this: false }] }), test: test(step({ handed_over_at: T, received_at: T, shown_at: T })) }, "subscribed"],
    ["the service refuses it", { test: test(step({ state: "failed", status: 400 })) }, "handed_over"],
    ["there is only a message", { test: test(step({ channel: "message" })) }, "handed_over"],
    ["it is handed over and never comes", { test: test(step({ handed_over_at: T })), isOver: true }, "received"],
    ["it comes and is not shown", { test: test(step({ handed_over_at: T, received_at: T })), isOver: true }, "shown"],
  ])("%s", (_name, facts, broken) => expect(found(facts)[0]).toBe(broken));
  it("says nothing of a break while there is time", () => {
    expect(found({ test: test(step({ handed_over_at: T })) })).toEqual([null, ["done", "done", "done", "wait", "later"]]);
  });
  it("is fine from end to end", () => {
    expect(isFine(chainOf({ ability: "able", state: state(), test: test(step({ handed_over_at: T, received_at: T, shown_at: T })), isOver: false }))).toBe(true);
  });
});
