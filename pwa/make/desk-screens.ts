/**
 * Walks every screen of the desk on a running demo, as every role, in both languages and two sizes: axe, sideways
 * scrolling, errors of the page. `npm run desk-screens -- http://localhost:8000 ../instance/demo-accounts.json [folder for PNGs]`
 */
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";

interface Login {
  role: string;
  login: string;
  secret: string;
  totp_secret: string | null;
}
interface AxeResult {
  violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[];
}
type Language = "en" | "zh-CN";

const [base = "", accounts = "", pictures] = process.argv.slice(2);
if (base === "" || accounts === "") throw new Error("usage: desk-screens BASE_URL ACCOUNTS_JSON [PNG_FOLDER]");
const logins = JSON.parse(readFileSync(accounts, "utf8")) as Login[];
const axe = readFileSync(fileURLToPath(new URL("../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");
const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const SETTLE_MS = 500;
const found: string[] = [];
const find = (what: string): void => {
  found.push(what);
  console.log(what);
};
let looked = 0;
if (pictures !== undefined) mkdirSync(pictures, { recursive: true });

interface Screen {
  name: string;
  hash: (paths: Paths) => string;
  act?: (page: Page) => Promise<void>;
}
/** Participants worth looking at: whom to call first, one with held entries, a child. */
interface Paths {
  first: string;
  held: string;
  child: string;
}

const press = (selector: string, nth = 0) => async (page: Page): Promise<void> => {
  await page.locator(selector).nth(nth).click();
  await page.waitForTimeout(SETTLE_MS);
};
const steps = (...all: ((page: Page) => Promise<void>)[]) => async (page: Page): Promise<void> => {
  for (const one of all) await one(page);
};
const addEntry = press(".title button.btn");
const enrolStep = async (page: Page): Promise<void> => press("form.wizard .main-act")(page);
const fillChild = async (page: Page): Promise<void> => {
  await page.locator("form.wizard input").nth(0).fill("S990");
  await page.locator("form.wizard input").nth(1).fill("Demo");
  await page.locator("form.wizard input[type=date]").fill("2016-05-01");
  await page.locator("form.wizard .chip").first().click();
};

const READING: Screen[] = [
  { name: "overview", hash: () => "#/" },
  { name: "overview-nobody", hash: () => "#/?q=S99999" },
  { name: "alerts", hash: () => "#/alerts" },
  { name: "alerts-resolved", hash: () => "#/alerts", act: press(".title .chip", 1) },
  { name: "audit", hash: () => "#/audit" },
  { name: "person", hash: (p) => p.first },
  { name: "person-entry", hash: (p) => p.first, act: press(".row-line") },
  { name: "person-waiting", hash: (p) => `${p.held}/waiting` },
  { name: "person-schedules", hash: (p) => `${p.first}/schedules` },
  { name: "person-record", hash: (p) => `${p.first}/person` },
  { name: "child-record", hash: (p) => `${p.child}/person` },
  { name: "me", hash: () => "#/me" },
  { name: "keys", hash: () => "#/", act: (page) => page.keyboard.press("?") },
];
const WRITING: Screen[] = [
  { name: "alert-resolve", hash: () => "#/alerts", act: press(".alert .acts .btn:last-child") },
  { name: "entry-kinds", hash: (p) => p.first, act: addEntry },
  ...[0, 1, 2, 5, 6, 7, 8, 10].map((nth): Screen => ({ name: `entry-form-${nth}`, hash: (p) => p.first, act: steps(addEntry, press(".kind-grid .btn", nth)) })),
  { name: "entry-form-empty", hash: (p) => p.first, act: steps(addEntry, press(".kind-grid .btn", 0), press("dialog .main-act")) },
  { name: "entry-correct", hash: (p) => p.first, act: steps(press(".row-line"), press("dialog .acts .btn")) },
  { name: "entry-withdraw", hash: (p) => p.first, act: steps(press(".row-line"), press("dialog .acts .btn", 1)) },
];
const COORDINATING: Screen[] = [
  { name: "enrol-person", hash: () => "#/enrol" },
  { name: "enrol-health", hash: () => "#/enrol", act: steps(fillChild, enrolStep) },
  { name: "enrol-consent", hash: () => "#/enrol", act: steps(fillChild, enrolStep, enrolStep) },
  { name: "enrol-meter", hash: () => "#/enrol", act: steps(fillChild, enrolStep, enrolStep, enrolStep) },
  { name: "enrol-check", hash: () => "#/enrol", act: steps(fillChild, enrolStep, enrolStep, enrolStep, enrolStep) },
  { name: "schedule-form", hash: (p) => `${p.first}/schedules`, act: press(".panel header .btn") },
  { name: "schedule-end", hash: (p) => `${p.first}/schedules`, act: press(".wait-row .acts .btn", 1) },
  { name: "record-state", hash: (p) => `${p.first}/person`, act: press(".panel header .btn", 0) },
  { name: "record-edit", hash: (p) => `${p.first}/person`, act: press(".panel header .btn", 1) },
  { name: "record-consent", hash: (p) => `${p.child}/person`, act: press(".panel header .btn", 2) },
  { name: "record-code", hash: (p) => `${p.first}/person`, act: press(".panel header .btn", 3) },
  { name: "record-guardian", hash: (p) => `${p.child}/person`, act: press(".panel header .btn", 4) },
  { name: "held-accept", hash: (p) => `${p.held}/waiting`, act: press(".wait-row.held .btn") },
];
const ADMINISTERING: Screen[] = [
  { name: "accounts", hash: () => "#/accounts" },
  { name: "accounts-patients", hash: () => "#/accounts", act: press(".title .chip", 1) },
  { name: "account-new", hash: () => "#/accounts", act: press(".title .main-act") },
  { name: "account-edit", hash: () => "#/accounts", act: press(".plain .btn", 0) },
  { name: "account-link", hash: () => "#/accounts", act: press(".plain .btn", 1) },
  { name: "sites", hash: () => "#/sites" },
  { name: "site-new", hash: () => "#/sites", act: press(".title .main-act") },
  { name: "me", hash: () => "#/me" },
];
const ENTRANCE: Screen[] = [
  { name: "sign-in", hash: () => "#/" },
  { name: "sign-in-wrong", hash: () => "#/", act: press(".main-act") },
  { name: "set-up", hash: () => "#/setup?code=ABCDE-23456" },
  { name: "activate", hash: () => "#/activate?code=ABCDE-23456" },
];
const BY_ROLE: Record<string, Screen[]> = {
  coordinator: [...READING, ...WRITING, ...COORDINATING],
  investigator: [...READING, ...WRITING],
  monitor: READING,
  administrator: ADMINISTERING,
};

async function look(page: Page, title: string): Promise<void> {
  looked += 1;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) find(`${title}: ${String(wide)} px too wide`);
  await page.evaluate(axe);
  const result = await page.evaluate<AxeResult>("axe.run(document, {resultTypes: ['violations']})");
  for (const one of result.violations) {
    find(`${title}: ${one.id} (${one.help})\n    ${one.nodes.slice(0, 3).map((n) => `${JSON.stringify(n.target)} ${n.failureSummary ?? ""}`).join("\n    ")}`);
  }
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${title.replaceAll(" ", "-")}.png` });
}

async function show(page: Page, hash: string): Promise<void> {
  // A fresh page for each screen: no dialog and no half-filled form of the one before.
  await page.goto("about:blank");
  await page.goto(`${base}/site/${hash}`);
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(SETTLE_MS);
}

async function pathsOf(page: Page): Promise<Paths> {
  await show(page, "#/");
  await page.waitForSelector(".people");
  const links = await page.locator(".people .subj").evaluateAll((cells) => cells.map((c) => ({
    href: c.querySelector("a")?.getAttribute("href") ?? "", isChild: /child|儿童/.test(c.textContent), isHeld: c.parentElement?.querySelector("a[href$=waiting]") !== null,
  })));
  const first = links[0]?.href ?? "";
  return { first, held: links.find((l) => l.isHeld)?.href ?? first, child: links.find((l) => l.isChild)?.href ?? first };
}

async function walk(browser: Browser, role: string, size: keyof typeof SIZES, language: Language): Promise<void> {
  const context = await browser.newContext({ viewport: SIZES[size], locale: language, timezoneId: "Asia/Shanghai", reducedMotion: "reduce" });
  const page = await context.newPage();
  page.on("pageerror", (error) => find(`${role} ${size} ${language}: ${error.message}`));
  const login = logins.find((l) => l.role === role && l.totp_secret === null);
  let paths: Paths = { first: "", held: "", child: "" };
  if (login !== undefined) {
    const options = { headers: { Origin: new URL(base).origin } };
    await context.request.post(`${base}/api/sign-in`, { ...options, data: { login: login.login, secret: login.secret } });
    await context.request.patch(`${base}/api/me`, { ...options, data: { language } });
    if (role !== "administrator") paths = await pathsOf(page);
  }
  for (const screen of login === undefined ? ENTRANCE : (BY_ROLE[role] ?? [])) {
    const title = `${role} ${screen.name} ${size} ${language}`;
    try {
      await show(page, screen.hash(paths));
      await screen.act?.(page);
      await look(page, title);
    } catch (error) {
      find(`${title}: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`);
    }
  }
  await context.close();
}

const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
// WALKS=coordinator/phone/zh-CN,monitor/desk/en takes some of them only.
const some = process.env.WALKS?.split(",");
for (const role of ["nobody", ...Object.keys(BY_ROLE)]) {
  for (const size of ["desk", "phone"] as const) {
    for (const language of ["en", "zh-CN"] as const) {
      if (some?.includes(`${role}/${size}/${language}`) !== false) await walk(browser, role, size, language);
    }
  }
}
await browser.close();
console.log(`${String(looked)} screens looked at, ${String(found.length)} findings`);
if (found.length > 0 || looked === 0) process.exitCode = 1;
