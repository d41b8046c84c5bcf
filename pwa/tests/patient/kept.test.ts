// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isCalm } from "../../src/patient/calm.ts";
import { sendState } from "../../src/patient/frame.tsx";
import { getSealed, keepVersions, readThreads, type Version } from "../../src/store/threads.ts";
import type { Entry } from "../../src/api/types.ts";
import { ContractServer } from "../server.ts";
import { closeAll, goTo, newPhone, openTab, OWN, reading, settle, signedIn, until, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;
const today = (): string => new Intl.DateTimeFormat("sv-SE").format(Date.now());
const version = (entry: Entry, root?: string): Version => ({
  ...entry, received_at: new Date().toISOString(), author_role: "participant", state: "stored", severe: null, basis: null, episode_id: null,
  ...(root === undefined ? {} : { root_id: root }),
});

async function tap(tab: Tab, word: string): Promise<void> {
  const chip = [...tab.root.querySelectorAll<HTMLElement>("fieldset .chip, .sheet .chip")].find((c) => c.textContent.includes(word));
  if (chip === undefined) throw new Error(`no ${word}: ${tab.text()}`);
  chip.click();
  await settle();
}

async function input(tab: Tab, id: string, value: string): Promise<void> {
  const field = tab.root.querySelector<HTMLInputElement>(id);
  if (field === null) throw new Error(`no ${id}: ${tab.text()}`);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

async function sent(tab: Tab): Promise<unknown> {
  await until(() => tab.diary.store.get().outbox.length === 1, tab.text);
  return JSON.parse(JSON.stringify(tab.diary.store.get().outbox[0]?.entry.data));
}

describe("a version that comes before its predecessor", () => {
  it.each([true, false])("is in one thread with it at last (the server names the root: %s)", async (named) => {
    const { db, account } = await signedIn(OWN);
    const at = Date.now() - 60 * MINUTE;
    const v1 = reading("p-7", "5.0", at);
    const v2 = reading("p-7", "5.1", at, { replaces: v1.id, reason: "r" });
    const v3 = reading("p-7", "5.2", at, { replaces: v2.id, reason: "r" });
    const v4 = reading("p-7", "5.3", at, { replaces: v3.id, reason: "r" });
    const root = named ? v1.id : undefined;
    const ids = async (): Promise<string[][]> =>
      (await readThreads(db, account, "p-7", "2020-01-01", "2035-01-01")).threads.map((t) => t.versions.map((v) => v.id).sort());
    await keepVersions(db, account, "p-7", [version(v1)]);
    await keepVersions(db, account, "p-7", [version(v3)]);
    await keepVersions(db, account, "p-7", [version(v4)]);
    expect(await ids()).toHaveLength(2);
    await keepVersions(db, account, "p-7", [version(v2, root)]);
    expect(await ids()).toEqual([[v1.id, v2.id, v3.id, v4.id].sort()]);
    await keepVersions(db, account, "p-7", [version(v3, root), version(v4, root)]);
    expect(await ids()).toEqual([[v1.id, v2.id, v3.id, v4.id].sort()]);
    db.close();
  });
});

describe("a correction", () => {
  it("of a meter's reading changes what the screen shows, and nothing of where it came from", async () => {
    const { db, account } = await signedIn(OWN);
    const record = { value: "6.1", unit: "mmol/L", device: "meter", sample: "venous", meter_serial: "M1", sequence: 42, raw: "0b", relabelled: true, text: "n" };
    const r = reading("p-7", "6.1", Date.now() - 3 * 60 * MINUTE, { origin: "bluetooth", data: { ...record, context: "other", other_person: true } });
    await keepVersions(db, account, "p-7", [version(r)]);
    db.close();
    const tab = await openTab(null);
    await goTo(`#/reading?correct=${r.id}`);
    tab.button("More").click();
    await settle();
    await tap(tab, "My");
    tab.button("OK").click();
    await settle();
    await tap(tab, "Wrong tap");
    tab.button("Save").click();
    expect(await sent(tab)).toEqual({ ...record, context: "other" });
  });

  it("from skipped to taken takes the reason along that it hides", async () => {
    const { db, account } = await signedIn(OWN);
    const slot = { schedule_id: "0b0e8e9a-0000-7000-8000-000000000001", due_day: today(), slot: "08:00" };
    const dose: Entry = { ...reading("p-7", "1", Date.now() - 60 * MINUTE), kind: "dose", data: { ...slot, status: "skipped", skip_reason: "forgot" } };
    await keepVersions(db, account, "p-7", [version(dose)]);
    db.close();
    const tab = await openTab(null);
    await goTo(`#/form/dose?correct=${dose.id}`);
    await tap(tab, "Taken");
    await tap(tab, "Wrong tap");
    tab.root.querySelector<HTMLFormElement>("form#entry")?.requestSubmit();
    expect(await sent(tab)).toEqual({ ...slot, status: "taken", taken_at: expect.any(String) as string });
  });
});

it("a dose of insulin is the number and Save, and nothing is chosen for anybody", async () => {
  const { db, account } = await signedIn(OWN);
  const last: Entry = { ...reading("p-7", "1", Date.now() - 60 * MINUTE), kind: "insulin", data: { units: "4", type: "bolus", product: "A" } };
  await keepVersions(db, account, "p-7", [version(last)]);
  db.close();
  const tab = await openTab(null);
  await goTo("#/form/insulin");
  expect([...tab.root.querySelectorAll("fieldset .chip[aria-pressed=true]")]).toHaveLength(0);
  await input(tab, "#f-units", "6");
  tab.root.querySelector<HTMLFormElement>("form#entry")?.requestSubmit();
  expect(await sent(tab)).toEqual({ units: "6" });
});

describe("a key that the phone lost while the diary was open", () => {
  it("is made anew by the next sync, and what is written then is kept and sent", async () => {
    const { db, account } = await signedIn(OWN);
    await db.put("accounts", { ...account, key: await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["decrypt"]) });
    db.close();
    const server = new ContractServer("a-7", "p-7");
    const tab = await openTab(server);
    await tab.sending.now();
    await until(() => tab.diary.store.get().me !== null);
    const entry = reading("p-7", "2.7", Date.now() - MINUTE);
    await tab.writing.keep(entry);
    await until(() => server.order.includes(entry.id));
  });
});

it("a low that the phone could not write down holds every update back", async () => {
  await signedIn(OWN);
  const tab = await openTab(null);
  await goTo("#/");
  expect(isCalm(tab.diary)).toBe(true);
  tab.diary.showEarly(reading("p-7", "2.2", Date.now() - MINUTE), "unkept");
  expect(isCalm(tab.diary)).toBe(false);
});

describe("an answer to the site's question", () => {
  it("that waits is counted, also before signing out", async () => {
    await signedIn(OWN);
    const tab = await openTab(null);
    await tab.diary.keepAnswers(() => [{ id: "q", text: "Before lunch" }, { id: "r", text: "Yes", sent: true }]);
    expect(sendState(tab.diary.store.get())).toMatchObject({ tone: "wait", waiting: 1 });
    await goTo("#/settings");
    tab.button("Sign out").click();
    await settle();
    expect(tab.root.querySelector(".sheet")?.textContent).toMatch(/\b1\b/);
  });

  it("of one tab, a put-off, a low's wait and what was seen stay beside those of another", async () => {
    const { db, account } = await signedIn(OWN);
    const [a, b] = [await openTab(null), await openTab(null)];
    b.diary.channel.onmessage = null;
    const later = Date.now() + 10 * MINUTE;
    const low = (root: string): Parameters<typeof a.diary.keepLow>[0] => ({ root, ateAt: Date.now() });
    await Promise.all([
      a.diary.keepAnswers((answers) => [...answers, { id: "q1", text: "one" }]), b.diary.keepAnswers((answers) => [...answers, { id: "q2", text: "two" }]),
      a.diary.keepLow(low("x")), b.diary.keepLow(low("y")), a.diary.keepSeen("s1"), b.diary.keepSeen("s2"),
      a.diary.keepSnoozed("k1", later), b.diary.keepSnoozed("k2", later),
    ]);
    const onDisk = async (key: string): Promise<string> => JSON.stringify(await getSealed(db, account, key));
    for (const [key, names] of Object.entries({ answers: ["q1", "q2"], lows: ["x", "y"], seen: ["s1", "s2"], snoozed: ["k1", "k2"] })) {
      const kept = await onDisk(key);
      for (const name of names) expect(kept).toContain(`"${name}"`);
    }
    await b.diary.refresh();
    expect(b.diary.store.get().answers.map((one) => one.id).sort()).toEqual(["q1", "q2"]);
    db.close();
  });
});

it("a code is not spent on a phone whose store does not open, and the person is told what to do", async () => {
  const server = new ContractServer("a-7", "p-7");
  const posted: string[] = [];
  const call = server.call;
  Object.assign(server, { call: ((method, path, body) => { posted.push(path); return call(method, path, body); }) satisfies typeof call });
  vi.spyOn(indexedDB, "open").mockImplementation(() => { throw new DOMException("no", "UnknownError"); });
  const tab = await openTab(server);
  await goTo("#code=ABCD-EFGH");
  await input(tab, "#pin", "480291");
  await input(tab, "#again", "480291");
  tab.root.querySelector("form")?.requestSubmit();
  await until(() => tab.text().includes("Close other pages of the diary and try again"), tab.text);
  expect(posted).not.toContain("/api/activate");
});

