// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Refusal, type Call } from "../../src/api/client.ts";
import { packagedStudy } from "../../src/store/packaged-study.ts";
import type { Me, Participant } from "../../src/api/account.ts";
import { putPlain } from "../../src/store/database.ts";
import { keptStudy, wholeStudy } from "../../src/store/study.ts";
import { addToOutbox } from "../../src/store/outbox.ts";
import { putSealed } from "../../src/store/threads.ts";
import { closeAll, goTo, newPhone, openTab, OWN, reading, settle, signedIn, type, until } from "./stage.ts";

beforeEach(newPhone);
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

const MINUTE = 60_000;

describe("a study that an older version kept", () => {
  const older = structuredClone(packagedStudy) as unknown as Record<string, Record<string, unknown>>;
  for (const key of ["low_screen", "window", "contraception_min_age"]) Reflect.deleteProperty(older, key);
  const mmol = older.glucose?.mmol as Record<string, unknown>;
  Reflect.deleteProperty(mmol, "confirm_from");
  mmol.severe_below = "2.8";
  Reflect.deleteProperty(older.texts ?? {}, "low_adult");
  Reflect.deleteProperty(older.site ?? {}, "emergency_phone");
  Object.assign(older.site ?? {}, { phone: "021 1234" });

  it("is filled in field by field, and what it says itself stands", async () => {
    const { db } = await signedIn(OWN);
    await putPlain(db, "study", older);
    const study = await keptStudy(db);
    expect(study.low_screen).toEqual(packagedStudy.low_screen);
    expect(study.site).toMatchObject({ phone: "021 1234", emergency_phone: "120" });
    expect(study.glucose.mmol).toEqual({ ...packagedStudy.glucose.mmol, severe_below: "2.8" });
    expect(study.texts.low_adult).toEqual(packagedStudy.texts.low_adult);
    db.close();
  });

  it.each([null, undefined, "x", [], { glucose: null, texts: 7 }])("is the packaged one where it is %j", (kept) => {
    expect(wholeStudy(kept)).toEqual(packagedStudy);
  });

  it("breaks neither the keypad nor the low screen", async () => {
    const { db } = await signedIn(OWN);
    await putPlain(db, "study", older);
    db.close();
    const tab = await openTab(null);
    await goTo("#/reading");
    await type(tab, ["2", ".", "6"]);
    tab.button("Save").click();
    await until(() => location.hash.startsWith("#/low/"), tab.text);
    dispatchEvent(new Event("hashchange"));
    await settle();
    expect(tab.text()).toContain("Eat sugar now");
    expect(tab.root.querySelector('a[href="tel:120"]')).not.toBeNull();
  });
});

describe("the time of what is written", () => {
  it.each([["#/form/insulin", "insulin", 10], ["#/reading", "reading", 10], ["#/form/insulin", "insulin", 1], ["#/reading", "reading", 1]])(
    "at %s is that of the writing when the screen lay open for long, and is shown (%s, %i min)", async (place, kind, minutes) => {
      await signedIn(OWN);
      const tab = await openTab(null);
      const opened = Date.parse("2026-03-14T12:00:00+08:00");
      vi.useFakeTimers({ toFake: ["Date"], now: opened });
      await goTo(place);
      expect(tab.text()).toContain("12:00");
      vi.setSystemTime(opened + minutes * MINUTE);
      document.dispatchEvent(new Event("visibilitychange"));
      await settle();
      expect(tab.text()).toContain(minutes > 2 ? "12:10" : "12:00");
      if (kind === "reading") await type(tab, ["6", ".", "4"]);
      else {
        const units = tab.root.querySelector<HTMLInputElement>("#f-units");
        if (units === null) throw new Error(tab.text());
        units.value = "6";
        units.dispatchEvent(new Event("input", { bubbles: true }));
        tab.button("Long-acting").click();
        await settle();
      }
      tab.button("Save").click();
      await until(() => tab.diary.store.get().outbox.length === 1, tab.text);
      expect(Date.parse(tab.diary.store.get().outbox[0]?.entry.occurred_at ?? "")).toBe(opened + (minutes > 2 ? minutes : 0) * MINUTE);
    });
});

describe("a journey", () => {
  const away = (zone_change: Participant["zone_change"]): Me => ({ ...OWN, participants: OWN.participants.map((p) => ({ ...p, zone: "Europe/Berlin", ...(zone_change === undefined ? {} : { zone_change }) })) });
  const asked = { participant: "p-7", zone: "Asia/Shanghai" };

  it.each([
    ["asks", undefined, null, "You seem to be in Shanghai"],
    ["asks also after the site refused another time", { zone: "Asia/Shanghai", state: "refused" }, null, "You seem to be in Shanghai"],
    ["waits for the site", undefined, "waiting", "Your site looks at the new times first"],
    ["waits for the site, asked from another phone", { zone: "Asia/Shanghai", state: "waiting" }, null, "Your site looks at the new times first"],
    ["was refused, and the medicine is asked about", { zone: "Asia/Shanghai", state: "refused" }, "waiting", "For when to take your medicine, ask your site"],
  ] as const)("%s", async (_what, change, state, sentence) => {
    const { db, account } = await signedIn(away(change));
    if (state !== null) await putSealed(db, account, "travel", { ...asked, state });
    db.close();
    const tab = await openTab(null);
    expect(tab.text()).toContain(sentence);
    if (state === null) return;
    tab.button("OK").click();
    await until(() => !tab.text().includes(sentence), tab.text);
  });

  it("that the server does not take is told in its own words", async () => {
    await signedIn(away(null));
    const tab = await openTab(null);
    const refuse: Call = () => Promise.reject(new Refusal(422, { code: "fields", message: "This zone is not known." }, null));
    Object.assign(tab.diary, { call: refuse });
    tab.button("Move them").click();
    await until(() => tab.text().includes("This zone is not known."), tab.text);
  });
});

describe("words", () => {
  it.each([["en", "Why it is withdrawn", "Why it changes"], ["zh-CN", "为什么撤回", "为什么改"]] as const)("of a withdrawal ask about the withdrawal (%s)", async (language, asked, not) => {
    const { db, account } = await signedIn(OWN);
    const entry = reading("p-7", "6.1", Date.now() - MINUTE);
    await addToOutbox(db, account, [entry]);
    db.close();
    localStorage.setItem("diary-preferences", JSON.stringify({ language }));
    const tab = await openTab(null);
    await goTo(`#/entry/${entry.id}`);
    tab.button(language === "en" ? "Withdraw" : "撤回").click();
    await settle();
    expect(tab.text()).toContain(asked);
    expect(tab.text()).not.toContain(not);
  });

  it.each([["en", "Shanghai Changzheng Hospital", "上海长征医院"], ["zh-CN", "上海长征医院", "Shanghai"]] as const)("of the emergency card name the site in its language (%s)", async (language, name, not) => {
    await signedIn(OWN);
    localStorage.setItem("diary-preferences", JSON.stringify({ language }));
    const tab = await openTab(null);
    await goTo("#/card");
    expect(tab.text()).toContain(name);
    expect(tab.text()).not.toContain(not);
  });
});
