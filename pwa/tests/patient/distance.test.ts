// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addToOutbox, markOutbox } from "../../src/store/outbox.ts";
import { keepVersions, putSealed, type Version } from "../../src/store/threads.ts";
import type { Entry } from "../../src/api/types.ts";
import { closeAll, goTo, GUARDIAN, newPhone, openTab, OWN, reading, settle, signedIn, type, until, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;
const today = (): string => new Intl.DateTimeFormat("sv-SE").format(Date.now());
const received = (entry: Entry, state: Version["state"] = "stored"): Version =>
  ({ ...entry, received_at: entry.recorded_at, author_role: "participant", state, severe: null, basis: null, episode_id: null });

describe("why the site does not have a low", () => {
  it.each([["refused", "Not taken: call the site"], ["conflict", "The site has another version"]] as const)("is said where it was %s", async (state, words) => {
    const { db, account } = await signedIn(OWN);
    const low = reading("p-7", "2.1", Date.now() - 5 * MINUTE);
    await addToOutbox(db, account, [low]);
    await markOutbox(db, low.id, state, "record_locked", "The record is locked.");
    db.close();
    const tab = await openTab(null);
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).toContain(words);
    expect(tab.text()).toContain("The record is locked.");
    expect(tab.text()).not.toContain("It goes by itself");
  });

  it.each([
    ["no network", false, null, "No network"],
    ["no answer", true, { why: "later", afterS: null }, "No answer from the server yet"],
    ["a busy server", true, { why: "later", afterS: 30 }, "The server is busy"],
    ["nobody signed in", true, { why: "sign_in" }, "Sign in to send"],
  ] as const)("is said with %s", async (_what, onLine, stop, words) => {
    const { db, account } = await signedIn(OWN);
    const low = reading("p-7", "2.1", Date.now() - 5 * MINUTE);
    await addToOutbox(db, account, [low]);
    db.close();
    const tab = await openTab(null);
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(onLine);
    vi.spyOn(tab.sending, "now").mockResolvedValue();
    tab.diary.store.set({ syncing: { busy: false, stop, lastAt: null } });
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).toContain("Not sent: the site does not know, call them");
    expect(tab.text()).toContain(words);
  });

  it("is not the matter where it came late and is held", async () => {
    const { db, account } = await signedIn(OWN);
    const low = reading("p-7", "2.1", Date.now() - 100 * 60 * MINUTE);
    await keepVersions(db, account, "p-7", [received(low, "held")]);
    db.close();
    const tab = await openTab(null);
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).toContain("it counts once the site has seen it");
  });
});

it("What waits is listed with the name of its child, whoever is written for", async () => {
  const { db, account } = await signedIn(GUARDIAN);
  await putSealed(db, account, "proxy", { participant: "p-8", reason: "Still young", day: today() });
  const ofMing = reading("p-8", "7.1", Date.now() - 50 * MINUTE);
  const ofLan = reading("p-9", "6.2", Date.now() - 5 * MINUTE);
  await addToOutbox(db, account, [ofMing, ofLan]);
  for (const { id } of [ofMing, ofLan]) await markOutbox(db, id, "refused", "record_locked", "The record is locked.");
  db.close();
  const tab = await openTab(null);
  await goTo("#/waiting");
  await settle();
  expect(tab.text()).toContain("2 to look at");
  const lines = [...tab.root.querySelectorAll<HTMLElement>(".list a.line")];
  expect(lines.map((a) => a.textContent)).toEqual([expect.stringMatching(/Ming.*7\.1/), expect.stringMatching(/Lan.*6\.2/)]);
  expect(lines[1]?.getAttribute("href")).toBe(`#/choose?${new URLSearchParams({ child: "p-9", then: `entry/${ofLan.id}` }).toString()}`);
});

it("A correction that was not taken is made again as a correction, a new reading as a new one", async () => {
  const { db, account } = await signedIn(OWN);
  const stored = reading("p-7", "7.1", Date.now() - 50 * MINUTE);
  await keepVersions(db, account, "p-7", [received(stored)]);
  const correction = reading("p-7", "7.9", Date.now() - 50 * MINUTE, { replaces: stored.id, reason: "Misread" });
  const other = reading("p-7", "6.9", Date.now() - 40 * MINUTE);
  await addToOutbox(db, account, [correction, other]);
  for (const { id } of [correction, other]) await markOutbox(db, id, "refused", "record_locked", "The record is locked.");
  db.close();
  const tab = await openTab(null);
  await goTo(`#/entry/${stored.id}`);
  expect(tab.button("Log it again").getAttribute("href")).toBe(`#/reading?correct=${stored.id}`);
  await goTo(`#/entry/${other.id}`);
  expect(tab.button("Log it again").getAttribute("href")).toBe("#/reading");
});

describe("undo", () => {
  async function logLow(): Promise<Tab> {
    await signedIn(OWN);
    const tab = await openTab(null);
    await goTo("#/reading");
    await type(tab, ["2", ".", "7"]);
    tab.button("Save").click();
    await until(() => location.hash.startsWith("#/low/"), tab.text);
    dispatchEvent(new Event("hashchange"));
    await until(() => tab.has("Undo"), tab.text);
    return tab;
  }

  it("of a low stands on its screen beside the step, and takes it back by a new version", async () => {
    const tab = await logLow();
    expect(tab.text()).toContain("Eat sugar now");
    expect(tab.root.querySelector(".toast")).toBeNull();
    tab.button("Undo").click();
    await until(() => location.hash === "#/", tab.text);
    expect(tab.diary.store.get().outbox.map((w) => w.entry.data === null)).toEqual([false, true]);
  });

  it("of an answer takes back the answer alone, and the low runs on", async () => {
    const tab = await logLow();
    tab.button("Done. Start").click();
    await settle();
    tab.button("Yes").click();
    await until(() => tab.text().includes("You answered: Yes"), tab.text);
    await until(() => tab.has("Undo"), tab.text);
    tab.button("Undo").click();
    await until(() => tab.has("Not sure"), tab.text);
    expect(tab.text()).toContain("2.7");
    expect(tab.diary.store.get().outbox.map((w) => [w.entry.kind, w.entry.data === null])).toEqual([["reading", false], ["hypo_event", false], ["hypo_event", true]]);
  });
});
