/** Every screen of the site app, role by role. */
import type { Login, Walker } from "./look.ts";
import { PERSON_READING, PERSON_WRITING } from "./person.ts";

/** Participants worth looking at: whom to call first, one with held entries, a child. */
interface Paths {
  first: string;
  held: string;
  child: string;
}

export interface Screen {
  name: string;
  hash: (paths: Paths) => string;
  act?: (walker: Walker) => Promise<void>;
  /** Looked at in the dark theme as well. */
  dark?: boolean;
}

const press = (selector: string, nth = 0) => (walker: Walker): Promise<void> => walker.press(selector, nth);
const steps = (...all: ((walker: Walker) => Promise<void>)[]) => async (walker: Walker): Promise<void> => {
  for (const one of all) await one(walker);
};
const addEntry = press(".title button.btn");
const enrolStep = press("form.wizard .main-act");
const fillChild = async ({ page }: Walker): Promise<void> => {
  await page.locator("form.wizard input").nth(0).fill("S990");
  await page.locator("form.wizard input").nth(1).fill("Demo");
  await page.locator("form.wizard input[type=date]").fill("2016-05-01");
  await page.locator("form.wizard .chip").first().click();
};

const READING: Screen[] = [
  { name: "overview", hash: () => "#/", dark: true },
  { name: "overview nobody", hash: () => "#/?q=S99999" },
  { name: "alerts", hash: () => "#/alerts", dark: true },
  { name: "alerts resolved", hash: () => "#/alerts", act: press(".title .chip:last-child") },
  { name: "alerts undecided", hash: () => "#/alerts", act: press(".title .chips .chip", 1) },
  { name: "overview visits", hash: () => "#/", act: press(".title.filters .chip", 6) },
  { name: "queries", hash: () => "#/queries", dark: true },
  { name: "queries closed", hash: () => "#/queries", act: press(".title .chip", 1) },
  { name: "calls", hash: () => "#/calls" },
  { name: "roster", hash: () => "#/roster" },
  { name: "audit", hash: () => "#/audit" },
  { name: "person", hash: (p) => p.first, dark: true },
  { name: "person log", hash: (p) => `${p.first}/log` },
  { name: "person entry", hash: (p) => `${p.first}/log`, act: press(".row-line"), dark: true },
  { name: "person waiting", hash: (p) => `${p.held}/waiting` },
  { name: "person schedules", hash: (p) => `${p.first}/schedules` },
  { name: "person record", hash: (p) => `${p.first}/person` },
  { name: "child record", hash: (p) => `${p.child}/person` },
  { name: "me", hash: () => "#/me" },
  { name: "keys", hash: () => "#/", act: ({ page }) => page.keyboard.press("?") },
];
const WRITING: Screen[] = [
  { name: "alert resolve", hash: () => "#/alerts", act: press(".alert .acts .btn:last-child") },
  { name: "alert decide", hash: () => "#/alerts", act: steps(press(".title .chips .chip:last-child"), press(".alert .acts .btn:last-child")) },
  { name: "entry kinds", hash: (p) => p.first, act: addEntry },
  { name: "entry correct", hash: (p) => `${p.first}/log`, act: steps(press(".row-line"), press("dialog .acts .btn")) },
  { name: "entry withdraw", hash: (p) => `${p.first}/log`, act: steps(press(".row-line"), press("dialog .acts .btn", 1)) },
  { name: "held accept", hash: (p) => `${p.held}/waiting`, act: press(".wait-row.held .btn") },
];
const DUTY: Screen[] = [
  { name: "overview contact", hash: () => "#/", act: async ({ page }) => {
    await page.locator(".people .step button", { hasText: /^(Call|打电话)$/ }).first().click();
  } },
  { name: "query answer", hash: () => "#/queries", act: press(".card-row .acts .btn") },
  { name: "query close", hash: () => "#/queries", act: press(".card-row .acts .btn", 1) },
  { name: "query raise", hash: (p) => `${p.first}/log`, act: steps(press(".row-line"), press("dialog .acts .btn:last-child")) },
  { name: "call outcome", hash: () => "#/calls", act: press(".card-row .acts .btn:last-child") },
  { name: "roster fill", hash: () => "#/roster", act: press(".main-act") },
  { name: "roster later", hash: () => "#/roster", act: press(".title .acts .btn:last-child") },
  { name: "channel add", hash: () => "#/me", act: press(".panel header .btn") },
  { name: "channel end", hash: () => "#/me", act: press(".plain-list .acts .btn", 1) },
];
const entryForm = (nth: number): Screen => ({ name: `entry form ${nth}`, hash: (p) => p.first, act: steps(addEntry, press(".kind-grid .btn", nth)) });
const COORDINATING: Screen[] = [
  ...DUTY,
  ...[0, 1, 2, 5, 6, 7, 8, 10].map(entryForm),
  { name: "entry form empty", hash: (p) => p.first, act: steps(addEntry, press(".kind-grid .btn", 0), press("dialog .main-act")) },
  { name: "enrol person", hash: () => "#/enrol" },
  { name: "enrol health", hash: () => "#/enrol", act: steps(fillChild, enrolStep) },
  { name: "enrol consent", hash: () => "#/enrol", act: steps(fillChild, enrolStep, enrolStep) },
  { name: "enrol meter", hash: () => "#/enrol", act: steps(fillChild, enrolStep, enrolStep, enrolStep) },
  { name: "enrol check", hash: () => "#/enrol", act: steps(fillChild, enrolStep, enrolStep, enrolStep, enrolStep) },
  { name: "schedule form", hash: (p) => `${p.first}/schedules`, act: press(".panel:has(.wait-row) header .btn") },
  { name: "schedule end", hash: (p) => `${p.first}/schedules`, act: press(".wait-row .acts .btn:last-child") },
  { name: "record state", hash: (p) => `${p.first}/person`, act: press(".panel header .btn", 0) },
  { name: "record edit", hash: (p) => `${p.first}/person`, act: press(".panel header .btn", 1) },
  { name: "record consent", hash: (p) => `${p.child}/person`, act: press(".panel header .btn", 2) },
  { name: "record code", hash: (p) => `${p.first}/person`, act: press(".panel header .btn", 3) },
  { name: "record guardian", hash: (p) => `${p.child}/person`, act: press(".panel header .btn", 4) },
];
const ADMINISTERING: Screen[] = [
  { name: "accounts", hash: () => "#/accounts", dark: true },
  { name: "accounts patients", hash: () => "#/accounts", act: press(".title .chip", 1) },
  { name: "account new", hash: () => "#/accounts", act: press(".title .main-act") },
  { name: "account edit", hash: () => "#/accounts", act: press(".plain .btn", 0) },
  { name: "account link", hash: () => "#/accounts", act: press(".plain .btn", 1) },
  { name: "problems", hash: () => "#/problems" },
  { name: "sites", hash: () => "#/sites" },
  { name: "site new", hash: () => "#/sites", act: press(".title .main-act") },
  { name: "me", hash: () => "#/me" },
];
const ENTRANCE: Screen[] = [
  { name: "sign-in", hash: () => "#/", dark: true },
  { name: "sign-in wrong", hash: () => "#/", act: press(".main-act") },
  { name: "set-up", hash: () => "#/setup?code=ABCDE-23456" },
  { name: "activate", hash: () => "#/activate?code=ABCDE-23456" },
];
const SEEN_BY_ALL = new Set(["overview", "alerts", "queries", "calls", "roster", "audit", "person", "person entry", "person waiting", "person schedules", "child record", "alert resolve", "entry kinds", "entry correct", "held accept"]);
const BY_ROLE: Partial<Record<string, Screen[]>> = {
  nobody: ENTRANCE,
  coordinator: [...READING, ...PERSON_READING, ...WRITING, ...COORDINATING, ...PERSON_WRITING],
  // The same parts as the coordinator's: what their rights change is looked at.
  investigator: [...READING, ...WRITING].filter((s) => SEEN_BY_ALL.has(s.name)),
  monitor: [...READING.filter((s) => SEEN_BY_ALL.has(s.name)), ...PERSON_READING.filter((s) => s.name === "person adherence")],
  administrator: ADMINISTERING,
};

/** Every role has it, and its address is nobody else's. */
const ELSEWHERE = "#/me";

/** Opened at an address, as a bookmark does. */
async function open(walker: Walker, hash: string): Promise<void> {
  await walker.leave();
  await walker.page.goto(`${walker.origin}/site/${hash}`);
  await walker.page.waitForSelector("h1");
  await walker.settle();
}

/** To a screen by way of another one, so that nothing of a visit before stays; opened anew where a dialog would. */
async function show(walker: Walker, hash: string): Promise<void> {
  const { page } = walker;
  const isInside = await page.locator(".bar .who-am-i").count() > 0;
  for (const next of isInside ? [hash === ELSEWHERE ? "#/" : ELSEWHERE, hash] : []) {
    await page.evaluate((to) => void (location.hash = to), next);
    await walker.settle();
  }
  if (!isInside || await page.locator("dialog").count() > 0) await open(walker, hash);
}

async function pathsOf(walker: Walker): Promise<Paths> {
  const { page } = walker;
  await open(walker, "#/");
  await page.waitForSelector(".people");
  const links = await page.locator(".people .subj").evaluateAll((cells) => cells.map((c) => ({
    href: c.querySelector("a")?.getAttribute("href") ?? "", isChild: /child|儿童/.test(c.textContent), isHeld: c.parentElement?.querySelector("a[href$=waiting]") !== null,
  })));
  const first = links[0]?.href ?? "";
  return { first, held: links.find((l) => l.isHeld)?.href ?? first, child: links.find((l) => l.isChild)?.href ?? first };
}

/** Signs in by the API, as the page would, and walks all screens of the walk's role. */
export async function walkSite(walker: Walker, logins: readonly Login[]): Promise<void> {
  const { role, language, theme } = walker.walk;
  let paths: Paths = { first: "", held: "", child: "" };
  if (role !== "nobody") {
    const login = logins.find((l) => l.role === role && l.totp_secret === null);
    if (login === undefined) throw new Error(`nobody to sign in as ${role}`);
    const options = { headers: { Origin: walker.origin } };
    await walker.context.request.post(`${walker.origin}/api/sign-in`, { ...options, data: { login: login.login, secret: login.secret } });
    await walker.context.request.patch(`${walker.origin}/api/me`, { ...options, data: { language } });
    if (role !== "administrator") paths = await pathsOf(walker);
  }
  for (const screen of BY_ROLE[role] ?? []) {
    if (theme === "dark" && screen.dark !== true) continue;
    await walker.screen(screen.name, async () => {
      await show(walker, screen.hash(paths));
      await screen.act?.(walker);
    });
  }
}
