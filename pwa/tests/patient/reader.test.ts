// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Me } from "../../src/api/account.ts";
import { packagedStudy } from "../../src/store/packaged-study.ts";
import { addToOutbox } from "../../src/store/outbox.ts";
import { putSealed } from "../../src/store/threads.ts";
import { closeAll, goTo, GUARDIAN, newPhone, openTab, OWN, reading, settle, signedIn, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

const today = (): string => new Intl.DateTimeFormat("sv-SE").format(Date.now());
const CHILD: Me = { ...OWN, participants: OWN.participants.map((p) => ({ ...p, is_child: true })) };

async function atLow(me: Me, language: string): Promise<Tab> {
  localStorage.setItem("diary-preferences", JSON.stringify({ language }));
  const { db, account } = await signedIn(me);
  const id = me.participants[0]?.id ?? "";
  if (me === GUARDIAN) await putSealed(db, account, "proxy", { participant: id, reason: "Still young", day: today() });
  const low = reading(id, "2.4", Date.now() - 60_000);
  await addToOutbox(db, account, [low]);
  db.close();
  const tab = await openTab(null);
  await goTo(`#/low/${low.id}`);
  return tab;
}

describe("a low is spoken of to whoever reads", () => {
  it.each([
    ["a mother", GUARDIAN, "en", "Give sugar now", "could the child have treated this low without help?"],
    ["a mother", GUARDIAN, "zh-CN", "现在给孩子吃糖", "孩子自己能处理吗"],
    ["a child", CHILD, "en", "Get a grown-up", "could you have treated this low yourself?"],
    ["a child", CHILD, "zh-CN", "叫大人来", "这次你自己能处理吗"],
    ["an adult", OWN, "en", "Eat sugar now", "could you have treated this low yourself?"],
    ["an adult", OWN, "zh-CN", "现在吃糖", "这次您自己能处理吗"],
  ])("%s (%s)", async (_who, me, language, step, question) => {
    const tab = await atLow(me, language);
    expect(tab.text()).toContain(step);
    tab.root.querySelector<HTMLButtonElement>(".main-act.huge")?.click();
    await settle();
    expect(tab.text()).toContain(question);
  });

  it("and a mother is asked in the form, too, about the child", async () => {
    const tab = await atLow(GUARDIAN, "en");
    await goTo("#/form/hypo_event");
    const asked = [...tab.root.querySelectorAll("#entry legend")].map((e) => e.textContent);
    expect(asked.filter((words) => /\byou\b/i.test(words))).toEqual([]);
    for (const words of ["Could the child have treated this low without help?", "Did the child pass out?", "Did the child have a seizure?", "Who helped the child?"]) {
      expect(asked.join("|")).toContain(words);
    }
  });
});

it("The minutes on the low screen are the study's", async () => {
  const tab = await atLow(OWN, "en");
  tab.diary.store.set({ study: { ...packagedStudy, low_screen: { max_age_min: 60, recheck_min: 12 } } });
  await settle();
  expect(tab.text()).toContain("Start 12 minutes");
  const low = tab.diary.store.get().items[0]?.root ?? "";
  await tab.diary.keepLow({ root: low, ateAt: Date.now() - 13 * 60_000 });
  await settle();
  expect(tab.text()).toContain("12 minutes are up. Please test again.");
  expect(tab.has("Wait 12 minutes more")).toBe(true);
  expect(tab.text()).not.toContain("15 min");
});
