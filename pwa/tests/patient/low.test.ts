// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runningLows } from "../../src/patient/lows.ts";
import { followLink, watchPush } from "../../src/patient/push.ts";
import { addToOutbox, readOutbox } from "../../src/store/outbox.ts";
import { putSealed } from "../../src/store/threads.ts";
import { ContractServer } from "../server.ts";
import { closeAll, goTo, GUARDIAN, newPhone, openTab, OWN, reading, settle, signedIn, type, until, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;

/** A guardian's phone on which Ming's low runs. */
async function mingIsLow(proxyDay: string, childNow: string): Promise<Tab> {
  const { db, account } = await signedIn(GUARDIAN);
  await putSealed(db, account, "proxy", { participant: childNow, reason: "Still young", day: proxyDay });
  await addToOutbox(db, account, [reading("p-8", "2.7", Date.now() - 12 * MINUTE)]);
  db.close();
  return openTab(null);
}

const today = (): string => new Intl.DateTimeFormat("sv-SE").format(Date.now());

describe("a low that runs", () => {
  it("stays one tap away after midnight, when a guardian must say again for whom and why", async () => {
    const tab = await mingIsLow("2026-01-01", "p-8");
    expect(tab.diary.store.get().participant).toBeNull();
    for (const place of ["#/", "#/choose", "#/help", "#/card", "#/waiting"]) {
      await goTo(place);
      expect(tab.root.querySelector(".running a")?.textContent, place).toContain("Ming");
    }
    await goTo(tab.root.querySelector(".running a")?.getAttribute("href") ?? "");
    expect(tab.text()).toContain("2.7");
    expect(tab.text()).toContain("Not sent: the site does not know");
  });

  it("of one child stays one tap away while the guardian writes for another, and locked as well", async () => {
    const tab = await mingIsLow(today(), "p-9");
    for (const place of ["#/", "#/reading", "#/diary", "#/form/meal", "#/settings", "#/help"]) {
      await goTo(place);
      await until(() => tab.root.querySelector(".running a") !== null, () => `${place}: ${tab.text()}`);
      expect(tab.root.querySelector(".running")?.textContent, place).toContain("Ming");
    }
    tab.diary.lock();
    await goTo("#/diary");
    expect(tab.text()).toContain("Ming");
    await goTo("#/");
    expect(tab.text(), "the low comes before the PIN").toContain("2.7");
  });

  it("of one child is one tap away from the low of the other, and from the page for helpers", async () => {
    const tab = await mingIsLow(today(), "p-9");
    const { account } = tab.diary.store.get();
    if (account === null) throw new Error("nobody");
    const lan = reading("p-9", "2.5", Date.now() - 2 * MINUTE);
    await addToOutbox(tab.diary.db, account, [lan]);
    await tab.diary.refresh();
    await goTo(`#/low/${lan.id}`);
    expect(tab.root.querySelector(".lowhead")?.textContent).toContain("Lan");
    expect([...tab.root.querySelectorAll(".running a")].map((a) => a.textContent)).toEqual([expect.stringContaining("Ming")]);
    await goTo("#/low-help");
    expect(tab.root.querySelectorAll(".running a")).toHaveLength(2);
  });

  it("is answered for the child whose low it is, after saying for whom and why", async () => {
    const tab = await mingIsLow(today(), "p-9");
    const [running] = runningLows(tab.diary.store.get(), Date.now());
    await goTo(`#/low/${running?.low.item.root ?? ""}`);
    tab.button("Done. Start").click();
    await settle();
    expect(tab.has("Yes")).toBe(false);
    tab.button("Answer for Ming").click();
    await goTo(tab.button("Answer for Ming").getAttribute("href") ?? "");
    tab.button("Start").click();
    await settle();
    tab.root.querySelector<HTMLButtonElement>(".chip")?.click();
    await settle();
    tab.root.querySelector("form")?.requestSubmit();
    await until(() => location.hash.startsWith("#/low/"), tab.text);
    dispatchEvent(new Event("hashchange"));
    await until(() => tab.has("Yes"), tab.text);
    tab.button("Yes").click();
    await until(() => tab.diary.store.get().outbox.length === 2);
    const event = tab.diary.store.get().outbox.find((w) => w.entry.kind === "hypo_event");
    expect(event?.entry.participant_id).toBe("p-8");
  });

  it("keeps the wait of each child", async () => {
    const tab = await mingIsLow(today(), "p-8");
    const now = Date.now();
    await tab.diary.keepLow({ root: "a", ateAt: now - 3 });
    await tab.diary.keepLow({ root: "b", ateAt: now - 2 });
    await tab.diary.keepLow({ root: "a", ateAt: now - 1 });
    expect(tab.diary.store.get().lows).toEqual([{ root: "a", ateAt: now - 1 }, { root: "b", ateAt: now - 2 }]);
  });

  it("is over an hour later, and when it has recovered", async () => {
    const tab = await mingIsLow(today(), "p-9");
    const state = tab.diary.store.get();
    expect(runningLows(state, Date.now())).toHaveLength(1);
    expect(runningLows(state, Date.now() + 49 * MINUTE)).toHaveLength(0);
    const { account } = state;
    if (account === null) throw new Error("nobody");
    await addToOutbox(tab.diary.db, account, [reading("p-8", "5.1", Date.now() - MINUTE)]);
    await tab.diary.refresh();
    expect(runningLows(tab.diary.store.get(), Date.now())).toHaveLength(0);
  });

  it("is not left by a push, whoever it is of, and a push leads to it", async () => {
    const tab = await mingIsLow(today(), "p-9");
    const [running] = runningLows(tab.diary.store.get(), Date.now());
    const place = `#/low/${running?.low.item.root ?? ""}`;
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
    const workers = new EventTarget();
    Object.defineProperty(navigator, "serviceWorker", { configurable: true, value: workers });
    watchPush(tab.diary, tab.sending);
    await goTo("#/today?t=token-1");
    expect(location.hash).toBe(place);
    dispatchEvent(new Event("hashchange"));
    await settle();
    workers.dispatchEvent(new MessageEvent("message", { data: { open: "http://x/#/today?t=token-2" } }));
    await settle();
    expect(location.hash).toBe(place);
    followLink(tab.diary, tab.sending);
    expect(location.hash).toBe(place);
  });
});

describe("from the tap to the low screen", () => {
  async function logLow(tab: Tab): Promise<void> {
    await goTo("#/reading");
    await type(tab, ["2", ".", "7"]);
    tab.button("Save").click();
    await until(() => location.hash.startsWith("#/low/"), tab.text);
    dispatchEvent(new Event("hashchange"));
    await settle();
  }

  it("it opens once the value is kept, without reading all the rest, and background sync is asked for at once", async () => {
    await signedIn(OWN);
    const tab = await openTab(null);
    const asked = vi.spyOn(tab.sending, "askBackgroundSync").mockResolvedValue();
    vi.spyOn(tab.diary, "refresh").mockImplementation(() => new Promise(() => undefined));
    vi.spyOn(tab.sending, "now").mockImplementation(() => new Promise(() => undefined));
    await logLow(tab);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(tab.text()).toContain("2.7");
    expect(tab.text()).toContain("Not sent: the site does not know");
    expect((await readOutbox(tab.diary.db, tab.diary.store.get().account as never)).waiting).toHaveLength(1);
  });

  it("it opens also while a slow phone is still writing, and nothing is doubled once it has", async () => {
    await signedIn(OWN);
    const server = new ContractServer("a-7", "p-7");
    const tab = await openTab(server);
    const keep = tab.writing.keep.bind(tab.writing);
    let written: () => void = () => undefined;
    const disk = new Promise<void>((resolve) => { written = resolve; });
    vi.spyOn(tab.writing, "keep").mockImplementation(async (entry) => { await disk; await keep(entry); });
    await logLow(tab);
    expect(tab.text()).toContain("2.7");
    expect(await tab.diary.db.count("outbox")).toBe(0);
    expect(tab.text()).toContain("Not sent: the site does not know");
    written();
    await until(() => server.order.length === 1);
    await tab.sending.now();
    expect(tab.diary.store.get().outbox).toEqual([]);
    expect(tab.diary.store.get().items).toHaveLength(1);
    expect(tab.text()).not.toContain("Not sent");
  });

  it("it opens when the value could not be kept, says so, and a second try keeps it once", async () => {
    await signedIn(OWN);
    const tab = await openTab(null);
    const real = tab.diary.db.transaction.bind(tab.diary.db);
    const full = vi.spyOn(tab.diary.db, "transaction").mockImplementation(() => { throw new DOMException("full", "QuotaExceededError"); });
    await logLow(tab);
    expect(tab.text()).toContain("2.7");
    expect(tab.text()).toContain("Eat sugar now");
    expect(tab.text()).toContain("Not sent: the site does not know");
    expect(tab.text()).toContain("The phone could not save it");
    expect(tab.text()).not.toContain("Saved");
    await tab.diary.refresh();
    expect(tab.text(), "it stays in sight").toContain("2.7");
    full.mockImplementation(real);
    tab.button("Try to save it again").click();
    await until(() => !tab.text().includes("could not save"), tab.text);
    expect(await tab.diary.db.count("outbox")).toBe(1);
    expect(tab.diary.store.get().outbox.map((w) => w.state)).toEqual(["waiting"]);
    await goTo("#/reading");
    expect(tab.root.querySelector(".entry .num")?.textContent, "the next keypad is a fresh one").toBe("");
  });
});

describe("without the PIN", () => {
  it("an older low is not shown, nor said to be unsent; the present one is", async () => {
    const { db, account } = await signedIn(OWN);
    const old = reading("p-7", "2.4", Date.now() - 90 * MINUTE);
    const present = reading("p-7", "2.6", Date.now() - 5 * MINUTE);
    await addToOutbox(db, account, [old, present]);
    db.close();
    const tab = await openTab(null, { unlocked: false });
    await goTo(`#/low/${old.id}`);
    expect(tab.text()).not.toContain("2.4");
    expect(tab.text()).not.toContain("Not sent: the site");
    await goTo(`#/low/${present.id}`);
    expect(tab.text()).toContain("2.6");
    tab.diary.store.set({ locked: false });
    await goTo(`#/low/${old.id}`);
    expect(tab.text()).toContain("2.4");
  });
});
