// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Entry } from "../../src/api/types.ts";
import { runningLows } from "../../src/patient/lows.ts";
import { addToOutbox, markOutbox } from "../../src/store/outbox.ts";
import { keepVersions, type Version } from "../../src/store/threads.ts";
import { closeAll, goTo, newPhone, openTab, OWN, reading, settle, signedIn, until, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;

function event(minutesAgo: number, data: object, more: Partial<Entry> = {}): Entry {
  return reading("p-7", "1", Date.now() - minutesAgo * MINUTE, { kind: "hypo_event", data: data as Record<string, unknown>, ...more });
}

function received(entry: Entry): Version {
  return { ...entry, received_at: entry.recorded_at, author_role: "participant", state: "stored", severe: null, basis: null, episode_id: null };
}

async function phoneWith(stored: Entry[], waiting: Entry[] = [], language = "en"): Promise<Tab> {
  localStorage.setItem("diary-preferences", JSON.stringify({ language }));
  const { db, account } = await signedIn(OWN);
  await keepVersions(db, account, "p-7", stored.map(received));
  if (waiting.length > 0) await addToOutbox(db, account, waiting);
  db.close();
  return openTab(null);
}

describe("an addition that the site did not take", () => {
  it.each(["refused", "conflict"] as const)("does not end the low whose event is stored (%s)", async (state) => {
    const stored = event(10, { could_self_treat: "no" });
    const more = event(10, { could_self_treat: "no", helped_by: "family" }, { replaces: stored.id, reason: "Add" });
    const tab = await phoneWith([stored], [more]);
    await markOutbox(tab.diary.db, more.id, state, state, "Another version.");
    await tab.diary.refresh();
    expect(runningLows(tab.diary.store.get(), Date.now())).toHaveLength(1);
    await goTo(`#/low/${stored.id}`);
    expect(tab.text()).toContain("Eat sugar now");
    expect(tab.text()).toContain("You answered: No");
  });

  it("does not make the question be asked again", async () => {
    const low = reading("p-7", "2.5", Date.now() - 10 * MINUTE);
    const stored = event(10, { could_self_treat: "no", reading_id: low.id });
    const more = event(10, { could_self_treat: "no", reading_id: low.id, helped_by: "family" }, { replaces: stored.id, reason: "Add" });
    const tab = await phoneWith([low, stored], [more]);
    await markOutbox(tab.diary.db, more.id, "conflict", "conflict", "Another version.");
    await tab.diary.refresh();
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).toContain("You answered: No");
    expect(tab.has("Not sure")).toBe(false);
  });

  it("counts for nothing where nothing of it was taken", async () => {
    const refused = event(10, { could_self_treat: "no" });
    const tab = await phoneWith([], [refused]);
    await markOutbox(tab.diary.db, refused.id, "refused", "refused", "No.");
    await tab.diary.refresh();
    expect(runningLows(tab.diary.store.get(), Date.now())).toEqual([]);
  });
});

describe("an hour after a low", () => {
  it.each([["en", "An hour has passed and no later reading is here. Test now. If it is low, treat it again.", "is over"], ["zh-CN", "一个小时过去了", "已经过去了"]] as const)(
    "without a later reading it is not called over, and the next test is one tap away (%s)", async (language, words, over) => {
      const low = reading("p-7", "2.2", Date.now() - 61 * MINUTE);
      const tab = await phoneWith([low], [], language);
      await goTo(`#/low/${low.id}`);
      expect(tab.text()).toContain(words);
      expect(tab.text()).not.toContain(over);
      expect(tab.root.querySelector(".main-act")?.getAttribute("href")).toBe("#/reading");
    });

  it("it is over where a reading says so", async () => {
    const low = reading("p-7", "2.2", Date.now() - 61 * MINUTE);
    const tab = await phoneWith([low, reading("p-7", "5.2", Date.now() - 40 * MINUTE)]);
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).toContain("This one is over");
  });

  it("a later low leads on to that one", async () => {
    const low = reading("p-7", "2.2", Date.now() - 80 * MINUTE);
    const next = reading("p-7", "2.6", Date.now() - 65 * MINUTE);
    const tab = await phoneWith([low, next]);
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).not.toContain("over");
    expect(tab.button("Open").getAttribute("href")).toBe(`#/low/${next.id}`);
  });

  it("a wait that began late runs to its end", async () => {
    const low = reading("p-7", "2.2", Date.now() - 61 * MINUTE);
    const tab = await phoneWith([low]);
    await tab.diary.keepLow({ root: low.id, ateAt: Date.now() - 4 * MINUTE });
    await goTo(`#/low/${low.id}`);
    expect(tab.text()).toContain("Test again at");
  });
});

describe("somebody who passed out", () => {
  const STEPS = ["Nothing in the mouth", "Lay them on their side", "Use glucagon if there is any", "Call 120"];

  it.each([{ lost_consciousness: "yes" }, { seizure: "yes" }])("is helped before all else, and is given nothing by mouth (%j)", async (sign) => {
    const happened = event(1, { could_self_treat: "no", ...sign });
    const tab = await phoneWith([], [happened]);
    await goTo(`#/low/${happened.id}`);
    expect([...tab.root.querySelectorAll(".steps4 b")].map((e) => e.textContent)).toEqual(STEPS);
    expect(tab.text()).not.toContain("Eat sugar");
    tab.button("Awake and can swallow").click();
    await settle();
    expect(tab.text()).toContain("Eat sugar now");
  });

  it("is helped so at the next low of the same hour, until a reading is back up", async () => {
    const first = reading("p-7", "2.0", Date.now() - 20 * MINUTE);
    const second = reading("p-7", "2.2", Date.now() - 2 * MINUTE);
    const tab = await phoneWith([first, second, event(20, { could_self_treat: "no", lost_consciousness: "yes", reading_id: first.id })]);
    for (const { id } of [second, first]) {
      await goTo(`#/low/${id}`);
      expect(tab.text()).toContain("Nothing in the mouth");
      expect(tab.text()).not.toContain("Eat sugar");
    }
    const { account } = tab.diary.store.get();
    if (account === null) throw new Error("nobody");
    await addToOutbox(tab.diary.db, account, [reading("p-7", "5.5", Date.now() - MINUTE)]);
    await tab.diary.refresh();
    await settle();
    expect(tab.text()).toContain("Back up");
  });

  it("added to an answer within the hour leads to these steps", async () => {
    const stored = event(5, { could_self_treat: "no" });
    const tab = await phoneWith([stored]);
    await goTo(`#/form/hypo_event?correct=${stored.id}`);
    const passedOut = [...tab.root.querySelectorAll("fieldset")].find((f) => f.textContent.includes("pass out"));
    [...(passedOut?.querySelectorAll<HTMLElement>(".chip") ?? [])].find((c) => c.textContent === "Yes")?.click();
    await settle();
    tab.root.querySelector<HTMLFormElement>("form#entry")?.requestSubmit();
    await until(() => location.hash.startsWith("#/low/"), tab.text);
    dispatchEvent(new Event("hashchange"));
    await until(() => tab.text().includes("Nothing in the mouth"), tab.text);
  });
});
