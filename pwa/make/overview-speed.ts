/**
 * How much script the overview costs with many participants, in Chromium with generated rows:
 * `npm run overview-speed -- http://localhost:8000 ../instance/demo-accounts.json 1000` prints one JSON line, in milliseconds.
 */
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Login } from "./screens/look.ts";

const [origin = "", accounts = "", many = "1000"] = process.argv.slice(2);
if (origin === "" || accounts === "") throw new Error("usage: speed ORIGIN ACCOUNTS_JSON [PARTICIPANTS]");
const login = (JSON.parse(readFileSync(accounts, "utf8")) as Login[]).find((l) => l.role === "coordinator");
if (login === undefined) throw new Error("nobody to sign in as a coordinator");

const DAY_MS = 86_400_000;
const share = (i: number, due: number): object => {
  const done = Math.round((due * (60 + ((i * 7) % 41))) / 100);
  return { done, due, pct: (100 * done) / due, before_pct: 90 };
};

/** A row like a real one, with its number, its figures and what is open made from `i`. */
function made(like: Record<string, unknown>, i: number): Record<string, unknown> {
  const days = Array.from({ length: 14 }, (_, d) => ({
    day: new Date(Date.now() - d * DAY_MS).toISOString().slice(0, 10), readings: (i + d) % 8, severe: (i + d) % 29 === 0 ? 1 : 0, mean: (i + d) % 8 === 0 ? null : 4 + ((i * d) % 90) / 10,
  }));
  return {
    ...like, id: `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`, subject_no: `S${String(1000 + i)}`, days, held_entries: i % 17 === 0 ? 2 : 0, open_queries: i % 5, overdue_queries: i % 10 === 1 ? 1 : 0,
    last_contact_at: new Date(Date.now() - (i % 6) * DAY_MS).toISOString(), adherence: { reading: share(i, 98), dose: share(i + 3, 28), diary: share(i + 5, 14), contraception: share(i, 2) },
  };
}

const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.request.post(`${origin}/api/sign-in`, { headers: { Origin: origin }, data: { login: login.login, secret: login.secret } });
  const page = await context.newPage();
  await page.route("**/api/site/participants", async (route) => {
    const answer = (await (await route.fetch()).json()) as { participants: Record<string, unknown>[] };
    const like = answer.participants[0] ?? {};
    await route.fulfill({ json: { participants: Array.from({ length: Number(many) }, (_, i) => made(like, i)) } });
  });
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const measured = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await session.send("Performance.getMetrics")).metrics.map((m) => [m.name, m.value * 1000]));
  const during = async (work: () => Promise<unknown>): Promise<{ script_ms: number; layout_ms: number }> => {
    const before = await measured();
    await work();
    const after = await measured();
    const spent = (name: string): number => Math.round((after[name] ?? 0) - (before[name] ?? 0));
    return { script_ms: spent("ScriptDuration"), layout_ms: spent("LayoutDuration") + spent("RecalcStyleDuration") };
  };
  const drawn = (): Promise<unknown> => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  // Not by the pointer: what the measuring tool asks of the page would be counted as the page's own.
  const press = (nth: number): Promise<void> => page.evaluate((n) => document.querySelectorAll<HTMLElement>(".title .chip")[n]?.click(), nth);
  await page.goto(`${origin}/site/#/me`);
  await page.waitForSelector("h1");
  const open = await during(async () => {
    await page.evaluate(() => void (location.hash = "#/"));
    await page.evaluate(async () => {
      while (document.querySelector(".people .subj") === null) await new Promise((later) => setTimeout(later, 50));
    });
    await drawn();
  });
  const filter = await during(async () => {
    await press(3);
    await drawn();
  });
  const search = await during(async () => {
    await press(0);
    await page.evaluate(() => void (location.hash = "#/?q=1500"));
    await drawn();
  });
  console.log(JSON.stringify({ participants: Number(many), open, filter, search, rows_drawn: await page.locator(".people .subj").count() }));
} finally {
  await browser.close();
}
