// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { instantText, local } from "../../src/rules/days.ts";
import type { Schedule } from "../../src/rules/schedules.ts";
import { addToOutbox } from "../../src/store/outbox.ts";
import { putSealed } from "../../src/store/threads.ts";
import { NOTHING } from "../../src/sync/pull.ts";
import { phoneZone } from "../../src/patient/diary.ts";
import { closeAll, goTo, GUARDIAN, newPhone, openTab, OWN, reading, schedule, settle, signedIn, until, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;

async function withSchedules(schedules: Schedule[]): Promise<Tab> {
  const { db, account } = await signedIn(OWN);
  await putSealed(db, account, "around p-7", { ...NOTHING, cursor: "1", isPartial: false, schedules });
  db.close();
  return openTab(null);
}

const kinds = (tab: Tab): string[] => tab.diary.store.get().outbox.map((w) => w.entry.kind);

describe("what is due is answered once, whatever the taps", () => {
  it.each([["at once", 0], ["a moment later", 1], ["while it is being read again", 15]])("taken, and tapped again %s", async (_when, pauseMs) => {
    const tab = await withSchedules([schedule("dose")]);
    const taken = tab.button("Taken");
    taken.click();
    if (pauseMs > 0) await settle(pauseMs);
    taken.click();
    taken.click();
    await settle(120);
    expect(kinds(tab)).toEqual(["dose"]);
    expect(await tab.diary.db.count("outbox")).toBe(1);
  });

  it("taken, and then skipped by the sheet that was open", async () => {
    const tab = await withSchedules([schedule("dose")]);
    tab.button("Skipped").click();
    await settle();
    const forgot = tab.button("Forgot");
    tab.button("Taken").click();
    forgot.click();
    forgot.click();
    await settle(120);
    expect(kinds(tab)).toEqual(["dose"]);
  });

  it("blood drawn", async () => {
    const zone = phoneZone();
    const { day } = local(Date.now(), zone);
    const hold = { day, latest_at: instantText(Date.now() + 30 * MINUTE, zone), reason: "level" };
    const tab = await withSchedules([schedule("dose", { hold })]);
    tab.button("Blood drawn").click();
    await settle();
    const unsure = tab.button("Not sure");
    unsure.click();
    unsure.click();
    await settle(120);
    expect(kinds(tab)).toEqual(["blood_draw"]);
  });

  it("the day, also from its form", async () => {
    const tab = await withSchedules([schedule("diary")]);
    const done = tab.button("Complete the day");
    done.click();
    done.click();
    await settle(120);
    await goTo("#/form/day_complete");
    tab.button("Complete the day").click();
    await settle(120);
    expect(kinds(tab)).toEqual(["day_complete"]);
  });

  it("can be answered again once it was taken back, and is taken back once by two taps", async () => {
    const tab = await withSchedules([schedule("dose")]);
    tab.button("Taken").click();
    await until(() => tab.has("Undo"), tab.text);
    const undo = tab.button("Undo");
    undo.click();
    undo.click();
    await until(() => tab.diary.store.get().outbox.length === 2);
    await settle(100);
    expect(tab.diary.store.get().outbox.map((w) => w.entry.data === null)).toEqual([false, true]);
    await until(() => tab.has("Taken"), tab.text);
    tab.button("Taken").click();
    await until(() => tab.diary.store.get().outbox.length === 3);
  });

  it("can be answered again when the phone could not keep it, and says so", async () => {
    const tab = await withSchedules([schedule("dose")]);
    const full = vi.spyOn(tab.diary.db, "transaction").mockImplementation(() => { throw new DOMException("full", "QuotaExceededError"); });
    tab.button("Taken").click();
    await until(() => tab.text().includes("Not saved"), tab.text);
    full.mockRestore();
    tab.button("Taken").click();
    await until(() => kinds(tab).length === 1, tab.text);
  });

  it("a form that is saved by two taps makes one entry", async () => {
    const tab = await withSchedules([]);
    await goTo("#/form/note");
    const field = tab.root.querySelector("textarea");
    if (field === null) throw new Error(tab.text());
    field.value = "Felt fine";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
    const form = tab.root.querySelector("form");
    form?.requestSubmit();
    form?.requestSubmit();
    await settle(150);
    expect(kinds(tab)).toEqual(["note"]);
  });
});

describe("undo after another child was chosen", () => {
  it("is a withdrawal for the child whose entry it was, with that child's reason", async () => {
    const { db, account } = await signedIn(GUARDIAN);
    await putSealed(db, account, "proxy", { participant: "p-8", reason: "Asleep", day: local(Date.now(), phoneZone()).day });
    db.close();
    const tab = await openTab(null);
    const entry = await tab.writing.save({ kind: "note", data: { text: "x" } });
    await tab.diary.choose({ participant: "p-9", reason: "At school", day: local(Date.now(), phoneZone()).day });
    await tab.writing.undo("note", entry, "undo");
    const [first, second] = tab.diary.store.get().outbox.map((w) => w.entry);
    expect([first?.participant_id, second?.participant_id]).toEqual(["p-8", "p-8"]);
    expect(second).toMatchObject({ data: null, replaces: entry.id, proxy_reason: "Asleep" });
  });
});

describe("a change of child", () => {
  it("is not undone by what was being read meanwhile, and shows no schedule of the other child", async () => {
    const { db, account } = await signedIn(GUARDIAN);
    const day = local(Date.now(), phoneZone()).day;
    await putSealed(db, account, "proxy", { participant: "p-8", reason: "Asleep", day });
    await putSealed(db, account, "around p-8", { ...NOTHING, cursor: "1", isPartial: false, schedules: [schedule("dose", { participant_id: "p-8" })] });
    await addToOutbox(db, account, [reading("p-8", "6.1", Date.now() - 5 * MINUTE), reading("p-9", "7.7", Date.now() - 4 * MINUTE)]);
    db.close();
    const tab = await openTab(null);
    expect(tab.has("Taken")).toBe(true);
    void tab.diary.refresh();
    const chosen = tab.diary.choose({ participant: "p-9", reason: "At school", day });
    void tab.diary.refresh();
    await chosen;
    await settle(60);
    expect(tab.diary.store.get().participant?.id).toBe("p-9");
    expect(tab.text()).toContain("7.7");
    expect(tab.text()).not.toContain("6.1");
    expect(tab.has("Taken")).toBe(false);
  });
});
