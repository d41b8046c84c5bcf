// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call } from "../../src/api/client.ts";
import { whenCalm } from "../../src/patient/calm.ts";
import { ContractServer } from "../server.ts";
import { closeAll, goTo, newPhone, openTab, OWN, settle, signedIn, type, until, type Tab } from "./stage.ts";

beforeEach(newPhone);
afterEach(closeAll);

async function fill(tab: Tab, selector: string, value: string): Promise<void> {
  const field = [...tab.root.querySelectorAll<HTMLInputElement>(selector)].find((f) => f.closest("[hidden]") === null);
  if (field === undefined) throw new Error(`no ${selector}: ${tab.text()}`);
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

const submit = (tab: Tab): void => [...tab.root.querySelectorAll("form")].find((f) => f.closest("[hidden]") === null)?.requestSubmit();
const typedOn = (tab: Tab): string | undefined => tab.root.querySelector(".entry .num")?.textContent;

describe("two tabs", () => {
  it("lock together", async () => {
    await signedIn(OWN);
    const [one, two] = [await openTab(null), await openTab(null)];
    await goTo("#/settings");
    one.button("Lock now").click();
    await until(() => two.diary.store.get().locked);
    await settle();
    expect(two.text()).toContain("Type your PIN");
  });

  it("sign out together, and a tab that heard nothing follows when it is looked at again", async () => {
    const { db } = await signedIn(OWN);
    const [one, two, deaf] = [await openTab(null), await openTab(null), await openTab(null)];
    deaf.diary.channel.onmessage = null;
    await one.diary.leave();
    await until(() => two.text().includes("I have a code"), two.text);
    expect(deaf.text()).not.toContain("I have a code");
    await deaf.diary.checkWho();
    await until(() => deaf.text().includes("I have a code"), deaf.text);
    db.close();
  });

  it("follow when somebody else signs in, and are locked", async () => {
    await signedIn(OWN);
    const [one, two] = [await openTab(null), await openTab(null)];
    const other = { account: { ...OWN.account, id: "a-8", login: "S010" }, participants: OWN.participants.map((p) => ({ ...p, id: "p-10" })) };
    await one.diary.enter(other, "135790");
    await until(() => two.diary.store.get().account?.id === "a-8");
    expect(two.diary.store.get().locked).toBe(true);
    expect(two.diary.store.get().participant?.id).toBe("p-10");
  });
});

describe("an open form", () => {
  async function withDigits(server: ContractServer | null): Promise<Tab> {
    await signedIn(OWN, "135790");
    const tab = await openTab(server);
    await goTo("#/reading");
    await type(tab, ["6", ".", "4"]);
    expect(typedOn(tab)).toBe("6.4");
    return tab;
  }

  async function signIn(tab: Tab): Promise<void> {
    const answers: Call = (_method, path) => Promise.resolve(path === "/api/me" ? OWN : null);
    Object.assign(tab.diary, { call: answers });
    await fill(tab, "#pin", "135790");
    submit(tab);
    await until(() => location.hash !== "#/sign-in", tab.text);
    await until(() => !tab.diary.store.get().locked, tab.text);
    dispatchEvent(new Event("hashchange"));
    await settle();
  }

  it("is there with its digits after the way over what waits to the sign-in, and makes one entry", async () => {
    const tab = await withDigits(null);
    for (const place of ["#/waiting", "#/help", "#/sign-in"]) await goTo(place);
    expect(tab.text()).not.toContain("6.4");
    dispatchEvent(new KeyboardEvent("keydown", { key: "9" }));
    await signIn(tab);
    expect(location.hash).toBe("#/reading");
    expect(typedOn(tab)).toBe("6.4");
    tab.button("Save").click();
    await until(() => tab.diary.store.get().outbox.length === 1);
    expect(tab.diary.store.get().outbox[0]?.entry.data).toMatchObject({ value: "6.4" });
  });

  it("is there after the lock asked for the PIN and the session had ended", async () => {
    const tab = await withDigits(null);
    tab.diary.store.set({ syncing: { busy: false, stop: { why: "sign_in" }, lastAt: null } });
    tab.diary.lock();
    await settle();
    expect(tab.text()).not.toContain("6.4");
    await signIn(tab);
    expect(location.hash).toBe("#/reading");
    expect(typedOn(tab)).toBe("6.4");
  });

  it("of other fields is there as well, and is gone once it was saved", async () => {
    await signedIn(OWN, "135790");
    const tab = await openTab(null);
    await goTo("#/form/note");
    await fill(tab, "textarea", "Felt dizzy");
    await goTo("#/waiting");
    await goTo("#/sign-in");
    await signIn(tab);
    expect(location.hash).toBe("#/form/note");
    expect(tab.root.querySelector("textarea")?.value).toBe("Felt dizzy");
    submit(tab);
    await until(() => tab.diary.store.get().outbox.length === 1 && location.hash !== "#/form/note");
    dispatchEvent(new Event("hashchange"));
    await goTo("#/waiting");
    await goTo("#/form/note");
    expect(tab.root.querySelector("textarea")?.value).toBe("");
  });

  it("does not go to another person who signs in instead", async () => {
    const tab = await withDigits(null);
    await goTo("#/sign-in");
    await tab.diary.enter({ account: { ...OWN.account, id: "a-8" }, participants: OWN.participants }, "135790");
    await settle();
    await goTo("#/reading");
    expect(typedOn(tab)).toBe("");
  });

  it.each(["#/reading", "#/help"])("is not closed by a newer version of the database (at %s), which comes once it is", async (place) => {
    const tab = await withDigits(null);
    const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
    await goTo(place);
    const newer = new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("islet-diary", 2);
      request.onsuccess = () => resolve(request.result);
    });
    await settle(1_300);
    expect(reload).not.toHaveBeenCalled();
    expect(await tab.diary.db.count("outbox")).toBe(0);
    await goTo("#/reading");
    expect(typedOn(tab)).toBe("6.4");
    tab.button("Save").click();
    await until(() => tab.diary.store.get().outbox.length === 1);
    dispatchEvent(new Event("hashchange"));
    tab.diary.store.set({ toast: null });
    const db = await newer;
    expect(reload).toHaveBeenCalledTimes(1);
    expect(db.version).toBe(2);
    db.close();
  });

  it("hidden behind a help page is no calm moment", async () => {
    const tab = await withDigits(null);
    const act = vi.fn();
    await goTo("#/help");
    whenCalm(tab.diary, act);
    await settle(1_200);
    expect(act).not.toHaveBeenCalled();
    await goTo("#/");
    await settle(1_200);
    expect(act).toHaveBeenCalledTimes(1);
  });
});
