// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addToOutbox } from "../../src/store/outbox.ts";
import { getSealed } from "../../src/store/threads.ts";
import { closeAll, goTo, GUARDIAN, newPhone, openTab, OWN, reading, settle, signedIn } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const MINUTE = 60_000;

function later(ms: number): void {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => real() + ms);
}

describe("the wait of a low that nobody wrote down", () => {
  it("runs on after a reload, and three days later the same door begins with sugar", async () => {
    await signedIn(OWN);
    const tab = await openTab(null, { unlocked: false });
    await goTo("#/low");
    tab.button("Done. Start").click();
    await settle(100);
    await closeAll();
    const soon = await openTab(null, { unlocked: false });
    expect(soon.text()).toContain("Test again at");
    await closeAll();
    later(3 * 24 * 60 * MINUTE);
    const then = await openTab(null, { unlocked: false });
    expect(then.text()).toContain("Eat sugar now");
    expect(then.diary.store.get().lows).toEqual([]);
    then.button("Done. Start").click();
    await settle(100);
    const { account } = then.diary.store.get();
    if (account === null) throw new Error("nobody");
    expect(await getSealed<unknown[]>(then.diary.db, account, "lows"), "the old one is gone from the disk").toHaveLength(1);
  });

  it("is over an hour later also on a screen that stays open", async () => {
    await signedIn(OWN);
    const tab = await openTab(null, { unlocked: false });
    await goTo("#/low");
    tab.button("Done. Start").click();
    await settle();
    later(61 * MINUTE);
    document.dispatchEvent(new Event("visibilitychange"));
    await settle();
    expect(tab.text()).toContain("Eat sugar now");
  });

  it("is over with the next entry of that participant", async () => {
    await signedIn(OWN);
    const tab = await openTab(null, { unlocked: false });
    await goTo("#/low");
    tab.button("Done. Start").click();
    await settle();
    const { account } = tab.diary.store.get();
    if (account === null) throw new Error("nobody");
    await addToOutbox(tab.diary.db, account, [reading("p-7", "5.6", Date.now() + 1)]);
    await tab.diary.refresh();
    await settle();
    expect(tab.text()).toContain("Eat sugar now");
  });

  it("is of one child only, whoever the guardian writes for", async () => {
    await signedIn(GUARDIAN);
    const tab = await openTab(null, { unlocked: false });
    await goTo("#/low");
    expect(tab.has("Lan")).toBe(true);
    tab.button("Ming").click();
    dispatchEvent(new Event("hashchange"));
    await settle();
    expect(tab.root.querySelector(".lowhead")?.textContent).toContain("Ming");
    expect(tab.text()).toContain("Test again at");
    expect(tab.button("Test now").getAttribute("href")).toBe("#/choose?child=p-8&then=reading");
    await goTo("#/low?child=p-9");
    expect(tab.text()).not.toContain("Test again at");
    await goTo("#/low");
    expect(tab.text()).not.toContain("Test again at");
    expect(tab.button("Ming").getAttribute("href")).toBe("#/low?child=p-8");
  });
});
