// @vitest-environment happy-dom
/** A phone that has just signed in has not got the diary yet: it says so, and never that there is none. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ContractServer } from "../server.ts";
import { closeAll, goTo, newPhone, openTab, OWN, reading, schedule, settle, signedIn, until, type Tab } from "./stage.ts";

const DAY_MS = 86_400_000;
const PAGES = 4;

beforeEach(newPhone);
afterEach(closeAll);

/** A server with a diary of several pages; its answer to each page waits until it is let go. */
async function longDiary(): Promise<{ server: ContractServer; letGo: (pages: number) => void }> {
  const server = new ContractServer("a-7", "p-7");
  const entries = Array.from({ length: PAGES * 3 }, (_, i) => reading("p-7", "6.1", Date.now() - i * DAY_MS));
  await server.call("POST", "/api/patient/entries/sync", { entries });
  const { call } = server;
  let free = 0;
  Object.assign(server, {
    call: async (...asked: Parameters<typeof call>) => {
      const isPage = asked[1].startsWith("/api/patient/changes");
      while (isPage && free <= 0 && server.online) await settle(2);
      if (isPage && server.online) free -= 1;
      const answer = await call(...asked);
      return isPage ? { ...(answer as object), schedules: [schedule("dose")] } : answer;
    },
  });
  return { server, letGo: (pages) => { free = pages; } };
}

function saysNothingOfIt(tab: Tab): void {
  for (const claim of ["No glucose yet today", "Nothing is planned", "left today", "Taken", "Nothing is logged"]) {
    expect(tab.text()).not.toContain(claim);
  }
}

describe("a diary that is on its way", () => {
  it("is said to be, on home and in the list, until the last page is here", async () => {
    const { server, letGo } = await longDiary();
    (await signedIn(OWN)).db.close();
    const tab = await openTab(server);
    void tab.sending.now();
    await until(() => tab.text().includes("Fetching the diary"), tab.text);
    expect(tab.root.querySelector(".status")?.textContent).toBe("Fetching");
    saysNothingOfIt(tab);
    letGo(2);
    await settle(60);
    await tab.diary.refresh();
    await goTo("#/form/dose");
    expect(tab.text()).toContain("Fetching the diary");
    expect(tab.has("Tacrolimus")).toBe(true);
    expect(tab.text()).not.toContain("The site has not planned medicines");
    await goTo("#/diary");
    saysNothingOfIt(tab);
    expect(tab.text()).not.toContain("This is the beginning");
    letGo(Infinity);
    await until(() => tab.diary.store.get().items.length === PAGES * 3, tab.text);
    await until(() => tab.text().includes("This is the beginning"), tab.text);
    await goTo("");
    await until(() => tab.text().includes("Sent"), tab.text);
    await until(() => tab.has("Taken") || tab.text().includes("today"), tab.text);
    expect(tab.text()).not.toContain("Fetching");
    expect(tab.text()).toContain("6.1");
  });

  it("whose network ended in the middle is said to be not all here, also after a restart, and can be written", async () => {
    const { server, letGo } = await longDiary();
    (await signedIn(OWN)).db.close();
    const tab = await openTab(server);
    const sent = tab.sending.now();
    letGo(2);
    await settle(60);
    server.online = false;
    await sent;
    await until(() => tab.text().includes("Not all of the diary is here yet"), tab.text);
    saysNothingOfIt(tab);
    const later = await openTab(null);
    expect(later.text()).toContain("the diary");
    saysNothingOfIt(later);
    expect(later.has("Log glucose")).toBe(true);
    server.online = true;
    letGo(Infinity);
    await tab.sending.now();
    await until(() => !tab.text().includes("Not all of the diary"), tab.text);
    expect(tab.diary.store.get().items).toHaveLength(PAGES * 3);
  });

  it("of somebody who has written nothing ends as well", async () => {
    (await signedIn(OWN)).db.close();
    const tab = await openTab(new ContractServer("a-7", "p-7"));
    await tab.sending.now();
    await until(() => tab.text().includes("No glucose yet today"), tab.text);
    expect(tab.text()).toContain("Nothing is planned today");
  });

  it("asks to sign in where the session has ended", async () => {
    (await signedIn(OWN)).db.close();
    const server = new ContractServer("a-7", "p-7");
    server.signedIn = null;
    const tab = await openTab(server);
    await tab.sending.now();
    await until(() => tab.text().includes("Sign in and the rest comes"), tab.text);
    saysNothingOfIt(tab);
  });
});
