// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listOutbox, addToOutbox, readOutbox } from "../../src/store/outbox.ts";
import { keepVersions, readThreads, putSealed, settledVersion } from "../../src/store/threads.ts";
import { ContractServer, type Fault } from "../server.ts";
import { closeAll, goTo, newPhone, openTab, OWN, reading, settle, signedIn, spoil, until } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const HOUR = 3_600_000;

describe("a record that cannot be read any more", () => {
  it("stops neither the sending nor the showing of the others, is kept, and is told with what to do", async () => {
    const { db, account } = await signedIn(OWN);
    const [first, bad, last] = [reading("p-7", "6.1", Date.now() - 3 * HOUR), reading("p-7", "6.2", Date.now() - 2 * HOUR), reading("p-7", "6.3", Date.now() - HOUR)];
    await addToOutbox(db, account, [first, bad, last]);
    expect(await spoil(db, "outbox", (r: { id: string }) => r.id === bad.id)).toBe(1);
    const server = new ContractServer("a-7", "p-7");
    const tab = await openTab(server);
    expect(tab.diary.store.get().items.map((i) => i.root)).toEqual([last.id, first.id]);
    await tab.sending.now();
    expect(server.order).toEqual([first.id, last.id]);
    expect((await readOutbox(db, account)).unreadable).toEqual([bad.id]);
    expect(await listOutbox(db, account)).toEqual([]);
    await goTo("#/waiting");
    expect(tab.text()).toContain("1 entry on this phone cannot be read and was not sent");
    expect(tab.text()).toContain("Log again what you remember");
    expect(tab.text()).toContain("Not sent");
    expect(tab.diary.store.get().syncing.busy).toBe(false);
    tab.button("Seen. Put it away").click();
    await until(() => !tab.text().includes("cannot be read"));
    expect(await db.count("outbox")).toBe(1);
    db.close();
  });

  it("is fetched again from the server where the server has it, and its old bytes stay", async () => {
    const { db, account } = await signedIn(OWN);
    const server = new ContractServer("a-7", "p-7");
    const second = reading("p-7", "7.2", Date.now() - 2 * HOUR);
    const entries = [reading("p-7", "7.1", Date.now() - HOUR), second, reading("p-7", "7.3", Date.now() - 3 * HOUR)];
    await addToOutbox(db, account, entries);
    const tab = await openTab(server);
    await tab.sending.now();
    expect(await spoil(db, "threads", (r: { root: string }) => r.root === second.id)).toBe(1);
    await tab.diary.refresh();
    expect(tab.diary.store.get().items.map((i) => i.root)).toEqual(entries.filter((e) => e !== second).map((e) => e.id));
    await tab.sending.now();
    expect(tab.diary.store.get().items.map((i) => i.root)).toEqual(entries.map((e) => e.id));
    expect(tab.diary.store.get().missing).toBe(0);
    const records = await db.getAll("threads");
    expect(records.filter((r) => r.aside !== undefined)).toHaveLength(1);
    db.close();
  });

  it("asks for nothing where the server had taken it and died before it could say so", async () => {
    const { db, account } = await signedIn(OWN);
    const one = reading("p-7", "6.1", Date.now() - HOUR);
    await addToOutbox(db, account, [one]);
    const server = new ContractServer("a-7", "p-7");
    const tab = await openTab(server);
    // Who is signed in is told, and the answer to what was sent is lost.
    const faults: Fault[] = ["none", "dies_after_commit"];
    server.nextFault = () => faults.shift() ?? "none";
    await tab.sending.now();
    expect([server.order, (await readOutbox(db, account)).waiting.length]).toEqual([[one.id], 1]);
    await spoil(db, "outbox", () => true);
    await tab.sending.now();
    expect(tab.diary.store.get().unreadable).toEqual([]);
    expect(tab.diary.store.get().items.map((i) => i.root)).toEqual([one.id]);
    expect(await db.count("outbox")).toBe(0);
    db.close();
  });

  it("does not stop newer versions of the same entry from being kept", async () => {
    const { db, account } = await signedIn(OWN);
    const one = reading("p-7", "6.1", Date.now());
    const result = { id: one.id, status: "stored", severe: null, basis: null, episode_id: null, code: null, message: null } as const;
    await keepVersions(db, account, "p-7", [settledVersion(one, result)]);
    await spoil(db, "threads", () => true);
    await keepVersions(db, account, "p-7", [settledVersion(one, result)]);
    const day = new Date().toISOString().slice(0, 4);
    expect((await readThreads(db, account, "p-7", `${day}-01-01`, `${day}-12-31`)).threads).toHaveLength(1);
    db.close();
  });

  it.each(["snoozed", "proxy", "around p-7", "lows"])("of the kind %s leaves the diary open", async (key) => {
    const { db, account } = await signedIn(OWN);
    const tab = await openTab(null);
    await tab.diary.keepSnoozed("a/b/c", Date.now() + HOUR);
    await tab.diary.keepLow({ root: "x", ateAt: Date.now() });
    await putSealed(db, account, "proxy", { participant: "p-7", reason: "x", day: "2026-01-01" });
    await putSealed(db, account, "around p-7", { cursor: "1", refusals: [], schedules: [], queries: [], alerts: [] });
    expect(await spoil(db, "sealed", (r: { key: string }) => r.key.endsWith(key))).toBe(1);
    const again = await openTab(null);
    expect(again.diary.store.get().phase).toBe("open");
    expect(again.text()).toContain("Log glucose");
    expect((await db.getAllKeys("sealed")).some((k) => k.endsWith(`${key} unreadable`))).toBe(true);
    db.close();
  });

  it("of who this is leads to the sign-in, and the session alone brings it back", async () => {
    const { db } = await signedIn(OWN);
    await spoil(db, "accounts", () => true);
    const server = new ContractServer("a-7", "p-7");
    const tab = await openTab(server);
    expect(tab.text()).toContain("This phone cannot read whose diary it is");
    expect(tab.has("Help")).toBe(true);
    await tab.sending.now();
    await until(() => tab.text().includes("Log glucose"), tab.text);
    db.close();
  });
});

describe("a store that does not open", () => {
  it("hides neither the help screen, nor the steps of a low, nor the number 120", async () => {
    vi.spyOn(indexedDB, "open").mockImplementation(() => { throw new DOMException("no", "UnknownError"); });
    const tab = await openTab(null);
    expect(tab.diary.store.get().phase).toBe("broken");
    expect(tab.root.querySelector('a[href="tel:120"]')).not.toBeNull();
    expect(tab.text()).toContain("cannot be opened");
    await goTo("#/help");
    expect(tab.root.querySelector('a[href="tel:120"]')).not.toBeNull();
    await goTo("#/low");
    expect(tab.text()).toContain("Eat sugar now");
    expect(tab.text()).toContain("Not sent: the site does not know");
    await goTo("#/low-help");
    expect(tab.root.querySelector('a[href="tel:120"]')).not.toBeNull();
    await goTo("#/card");
    expect(tab.text()).toContain("I have type 1 diabetes");
  });

  it("that takes long shows the way to help instead of a blank page", async () => {
    const held = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("islet-diary", 1);
      request.onsuccess = () => resolve(request.result);
    });
    // A page that never lets go: whatever comes after waits.
    indexedDB.deleteDatabase("islet-diary");
    const opening = openTab(null);
    await settle(1_700);
    expect(document.body.textContent).toContain("Opening the diary");
    expect(document.querySelector('a[href="tel:120"]')).not.toBeNull();
    location.hash = "#/low";
    dispatchEvent(new Event("hashchange"));
    await settle();
    expect(document.body.textContent).toContain("Eat sugar now");
    held.close();
    await opening;
  });

  it("for a moment says nothing of having sent all, and is well again with the next reading", async () => {
    const { db } = await signedIn(OWN);
    const tab = await openTab(null);
    expect(tab.root.querySelector(".status")?.textContent).toBe("Sent");
    const fails = vi.spyOn(tab.diary.db, "getAllFromIndex").mockRejectedValue(new DOMException("no", "UnknownError"));
    await tab.diary.refresh();
    await settle();
    expect(tab.root.querySelector(".status")?.textContent).toBe("Not sent");
    await goTo("#/waiting");
    expect(tab.text()).not.toContain("All of it has arrived");
    await goTo("#/low");
    expect(tab.text()).toContain("Not sent: the site does not know");
    fails.mockRestore();
    await tab.diary.refresh();
    await goTo("#/waiting");
    expect(tab.text()).toContain("All of it has arrived");
    db.close();
  });

  it("in the middle of the work does not leave the app sending for ever", async () => {
    const { db } = await signedIn(OWN);
    const tab = await openTab(new ContractServer("a-7", "p-7"));
    tab.diary.db.close();
    await tab.sending.now();
    expect(tab.diary.store.get().syncing.busy).toBe(false);
    db.close();
  });
});

it("a low that should be here and cannot be found is told as not sent", async () => {
  const { db } = await signedIn(OWN);
  const tab = await openTab(null);
  await goTo("#/low/019c0000-0000-7000-8000-000000000000");
  expect(tab.text()).toContain("Not sent: the site does not know");
  expect(tab.text()).toContain("Eat sugar now");
  db.close();
});
