/** Every screen of the patient app: an adult's, a guardian's, a child's own, and those before anybody is signed in. */
import type { Login, Walker } from "./look.ts";
import { walkReminders } from "./reminders.ts";

const FORMS = [
  "insulin", "meal", "dose", "exercise", "hypo_event", "illness", "ketone", "other_medicine", "contraception", "hospital_stay", "note", "day_complete", "call_me",
];

const go = (walker: Walker, path: string): Promise<void> => walker.page.evaluate((p) => void (location.hash = `#/${p}`), path);

async function openHere(walker: Walker, path: string): Promise<void> {
  await walker.leave();
  await walker.page.goto(`${walker.origin}/${path}`);
  await walker.page.waitForSelector("h1");
}

async function enter(walker: Walker, { login, secret }: Login): Promise<void> {
  const { page } = walker;
  await openHere(walker, "#/sign-in");
  await page.fill("#login", login);
  await page.fill("#pin", secret);
  await page.click("button.main-act");
  await page.waitForFunction(() => location.hash === "#/");
}

async function signIn(walker: Walker, login: Login): Promise<void> {
  await enter(walker, login);
  await walker.page.waitForSelector(".sec, .list");
  await walker.settle();
}

/** The first minutes on a phone whose network goes while the diary is fetched; then it is back. */
async function signInSlowly(walker: Walker, login: Login): Promise<void> {
  const { page } = walker;
  const pages = "**/api/patient/changes*";
  await page.route(pages, (route) => route.abort());
  await enter(walker, login);
  await walker.screen("home not fetched", () => page.waitForSelector(".stack > .lead"));
  await walker.screen("diary not fetched", () => go(walker, "diary"));
  await page.unroute(pages);
  await go(walker, "");
  await page.evaluate(() => void dispatchEvent(new Event("online")));
  await page.waitForSelector(".sec");
  await walker.settle();
}

async function typeValue(walker: Walker, text: string): Promise<void> {
  await go(walker, "");
  await walker.page.waitForSelector(".dock .tabs");
  await go(walker, "reading");
  await walker.page.waitForSelector(".pad");
  for (const key of text) await walker.page.keyboard.press(key);
}

async function save(walker: Walker): Promise<void> {
  await walker.press(".dock .main-act");
}

/** Opens the first entry of the diary that says so. */
async function openEntry(walker: Walker, words: RegExp): Promise<void> {
  const { page } = walker;
  // From elsewhere, so that no filter and no sheet of the visit before stays.
  await go(walker, "settings");
  await page.waitForSelector(".foot");
  await go(walker, "diary");
  await page.waitForSelector(".log");
  await page.locator(".log > li", { hasText: words }).first().locator(".rowlink").click();
  await page.waitForSelector(".versions");
}

async function beforeSignIn(walker: Walker): Promise<void> {
  const { screen } = pinned(walker);
  await screen("welcome", () => openHere(walker, ""));
  for (const name of ["activate", "sign-in", "forgot", "help", "low", "low-help", "card"]) await screen(`out ${name}`, () => go(walker, name));
  await screen("activate pin", () => openHere(walker, "#code=ABCDE-23456"));
  await screen("activate pin easy", async () => {
    await walker.page.fill("#pin", "1234");
    await walker.press("button.main-act");
  });
  await screen("sign-in wrong", async () => {
    await openHere(walker, "#/sign-in");
    await walker.page.fill("#login", "S999");
    await walker.page.fill("#pin", "0000");
    await walker.press("button.main-act");
  });
}

function pinned(walker: Walker): { screen: Walker["screen"] } {
  return { screen: (name, arrive) => walker.screen(name, arrive) };
}

async function diaryScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await screen("diary", () => go(walker, "diary"));
  await screen("diary glucose", () => walker.press(".chips .chip", 1));
  await screen("diary medicine", () => walker.press(".chips .chip", 2));
  await screen("diary attend", () => walker.press(".chips .chip", 3));
  await screen("entry corrected", () => openEntry(walker, /Corrected|已更正/));
  await screen("entry withdraw", () => walker.press(".row button.btn"));
  await screen("entry withdraw without a reason", () => walker.press(".sheet .main-act"));
  await screen("entry correct", async () => {
    await page.keyboard.press("Escape");
    await walker.press(".row a.btn");
  });
  await screen("entry withdrawn", () => openEntry(walker, /Withdrawn|已撤回/));
  await screen("entry held", () => openEntry(walker, /Waits for the site|等医院确认/));
  await screen("entry insulin", () => openEntry(walker, /Insulin|胰岛素/));
}

async function formScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await screen("other kinds", async () => {
    await go(walker, "");
    await walker.press(".dock .square");
  });
  for (const kind of FORMS) {
    await screen(`form ${kind}`, async () => {
      await go(walker, "");
      await page.waitForSelector(".dock .tabs");
      await go(walker, `form/${kind}`);
      await page.waitForSelector(`.top h1`);
    });
  }
  await screen("form dose answer", async () => {
    await go(walker, "form/dose");
    await walker.press(".list a.line");
  });
  await screen("form dose skipped", () => walker.press("#f-status .chip", 1));
  await screen("form empty", async () => {
    await go(walker, "form/insulin");
    await page.waitForSelector("#f-units");
    await save(walker);
  });
  await screen("form when", () => walker.press(".whenline .btn"));
}

async function keypadScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await screen("keypad empty", () => typeValue(walker, ""));
  await screen("keypad typing", () => typeValue(walker, "13.9"));
  await screen("keypad more", () => walker.press(".chips .chip:last-child"));
  await screen("keypad control", () => walker.press(".sheet .chips:nth-of-type(2) .chip", 1));
  await screen("keypad why", async () => {
    await page.keyboard.press("Escape");
    await save(walker);
  });
  await screen("keypad why none", () => walker.press(".sheet .main-act"));
  await page.keyboard.press("Escape");
  for (const [name, typed] of [["point", "28"], ["large", "120"], ["sure", "28.4"], ["zero", "0"], ["impossible", "9999"], ["lo", "l"]] as const) {
    await screen(`ask ${name}`, async () => {
      await typeValue(walker, typed);
      if (name !== "lo") await save(walker);
    });
    await page.keyboard.press("Escape");
  }
  await screen("late", async () => {
    await typeValue(walker, "8.3");
    await walker.press(".whenline .btn");
    await page.fill("#when-day", await page.evaluate(() => new Date(Date.now() - 2 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)));
    await walker.press(".sheet .main-act");
    await save(walker);
  });
  await page.keyboard.press("Escape");
}

/** A low while there is no network, then with one: what the screen says on the way. */
async function lowScreens(walker: Walker): Promise<void> {
  const { page, context } = walker;
  const { screen } = pinned(walker);
  await context.setOffline(true);
  await screen("low now not sent", async () => {
    await typeValue(walker, "2.8");
    await page.click(".dock .main-act");
    await page.waitForSelector(".lowhead");
  });
  await screen("low waiting", () => walker.press(".main-act.huge"));
  await screen("low answered", () => walker.press(".ask .row .btn"));
  await screen("waiting", () => go(walker, "waiting"));
  await screen("home with a low", () => go(walker, ""));
  await context.setOffline(false);
  await screen("low sent", async () => {
    await page.evaluate(() => dispatchEvent(new Event("online")));
    await page.waitForSelector("a.status.sent");
    await openEntry(walker, /2\.8/);
    await walker.press("main > a.btn");
    await page.waitForSelector(".lowhead");
  });
  await screen("low recovered", async () => {
    await typeValue(walker, "5.6");
    await save(walker);
    await openEntry(walker, /2\.8/);
    await walker.press("main > a.btn");
    await page.waitForSelector(".lowhead");
  });
}

/** What the server does not take: a text longer than it stores, and a dose that another phone has answered. */
async function refusedScreens(walker: Walker): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await screen("entry refused", async () => {
    await go(walker, "form/insulin");
    await page.fill("#f-units", "6");
    await page.locator("#f-type .chip").first().click();
    await page.evaluate(() => document.getElementById("f-product")?.removeAttribute("maxlength"));
    await page.fill("#f-product", "Insulin aspart ".repeat(10));
    await save(walker);
    await page.waitForSelector("a.status.fail");
    await go(walker, "waiting");
    await walker.press(".list a.line");
    await page.waitForSelector(".banner.fail");
  });
  await screen("waiting refused", () => go(walker, "waiting"));
  await screen("diary attend refused", () => go(walker, "diary?filter=attend"));
}

async function adult(walker: Walker, login: Login): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await signInSlowly(walker, login);
  await screen("home", () => page.waitForSelector(".log, .due, .last"));
  for (const name of ["settings", "help", "card", "waiting", "low-help"]) await screen(name, () => go(walker, name));
  await screen("card edit", async () => {
    await go(walker, "card");
    await page.waitForSelector(".facts");
    await page.locator("main > button.btn").last().click();
  });
  await screen("sign out", async () => {
    await go(walker, "settings");
    await page.waitForSelector(".foot");
    await page.locator("main > button.btn").last().click();
  });
  await page.keyboard.press("Escape");
  await formScreens(walker);
  await keypadScreens(walker);
  await diaryScreens(walker);
  await lowScreens(walker);
  await refusedScreens(walker);
  await walkReminders(walker);
  await screen("lock", () => openHere(walker, ""));
  await screen("lock wrong", async () => {
    await page.fill("#pin", "0000");
    await walker.press(".main-act");
  });
}

async function guardian(walker: Walker, login: Login): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await signIn(walker, login);
  await screen("choose", () => page.waitForSelector(".list"));
  await screen("choose without", () => walker.press(".main-act"));
  await screen("choose other reason", () => walker.press(".chips .chip:last-child"));
  await screen("guardian home", async () => {
    await walker.press(".list button.line");
    await walker.press(".chips .chip");
    await walker.press(".main-act");
    await page.waitForSelector(".who");
  });
  await screen("guardian keypad", () => typeValue(walker, "6.4"));
  await screen("guardian diary", () => go(walker, "diary"));
}

async function child(walker: Walker, login: Login): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await signIn(walker, login);
  await screen("child home", () => page.waitForSelector(".last"));
  await screen("child low", async () => {
    await typeValue(walker, "2.6");
    await page.click(".dock .main-act");
    await page.waitForSelector(".lowhead");
  });
  await screen("child low waiting", () => walker.press(".main-act.huge"));
}

/** In the dark: what is read at 3 a.m. */
async function dark(walker: Walker, login: Login): Promise<void> {
  const { page } = walker;
  const { screen } = pinned(walker);
  await screen("welcome", () => openHere(walker, ""));
  await screen("out low-help", () => go(walker, "low-help"));
  await signIn(walker, login);
  await screen("home", () => page.waitForSelector(".last"));
  await screen("diary", () => go(walker, "diary"));
  await screen("keypad typing", () => typeValue(walker, "2.8"));
  await lowScreens(walker);
}

export async function walkPatient(walker: Walker, logins: readonly Login[]): Promise<void> {
  const { role, language, theme } = walker.walk;
  const find = (wanted: string, isWanted: (l: Login) => boolean = () => true): Login => {
    const login = logins.find((l) => l.role === wanted && isWanted(l));
    if (login === undefined) throw new Error(`nobody to sign in as ${wanted}`);
    return login;
  };
  await walker.page.addInitScript((chosen) => {
    if (location.protocol.startsWith("http")) localStorage.setItem("diary-preferences", JSON.stringify({ language: chosen, theme: "auto", textPercent: 100 }));
  }, language);
  const own = find("participant");
  if (theme === "dark") return dark(walker, own);
  switch (role) {
    case "participant":
      await beforeSignIn(walker);
      return adult(walker, own);
    case "guardian": return guardian(walker, find("guardian"));
    case "child": return child(walker, find("child"));
    default: throw new Error(`no screens for ${role}`);
  }
}
