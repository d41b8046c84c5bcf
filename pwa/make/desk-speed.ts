/**
 * How long the desk takes on a slow computer behind a slow line: overview and participant page, measured in Chromium
 * with a CPU 4 times slower and 10 Mbit/s, with an empty cache and with a warm one; before them a page of the same
 * server without a script or a style, which is what browser, line and this machine take by themselves.
 * `npm run desk-speed -- http://localhost:8000 ../instance/demo-accounts.json` prints one line per page and ends with 1 above a second.
 */
import { readFileSync } from "node:fs";
import { chromium, type BrowserContext, type CDPSession, type Page } from "playwright-core";
import type { Login } from "./screens/look.ts";

const [origin = "", accounts = ""] = process.argv.slice(2);
if (origin === "" || accounts === "") throw new Error("usage: desk-speed ORIGIN ACCOUNTS_JSON");
const SLOWER_CPU = 4;
const BYTES_PER_S = 10_000_000 / 8;
const LATENCY_MS = 20;
const LIMIT_MS = 1000;
const ROUNDS = 5;
/** A new tab starts a process of its own, which is no part of loading a page. */
const TAB_MS = 500;
const GIVEN_UP_MS = 30_000;

interface Look {
  name: string;
  path: string;
  /** What stands there when the page has answered its question. */
  ready: string;
}

declare global {
  function deskReady(ms: string): void;
}

/** Says the moment at which the content was first there and drawn, by the page's own clock from the start of loading. */
function watch(ready: string): void {
  const mark = (): boolean => {
    if (document.querySelector(ready) === null) return false;
    requestAnimationFrame(() => setTimeout(() => deskReady(String(performance.now())), 0));
    return true;
  };
  const start = (): void => {
    if (mark()) return;
    const observer = new MutationObserver(() => {
      if (mark()) observer.disconnect();
    });
    observer.observe(document, { childList: true, subtree: true });
  };
  start();
}

async function slowDown(page: Page, cached: boolean): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.enable");
  await session.send("Runtime.addBinding", { name: "deskReady" });
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: !cached });
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: LATENCY_MS, downloadThroughput: BYTES_PER_S, uploadThroughput: BYTES_PER_S });
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_CPU });
  return session;
}

/** The page says by itself when it is ready: looking again and again would take part of the slow computer that is measured. */
function told(session: CDPSession): Promise<number> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no content after ${GIVEN_UP_MS} ms`)), GIVEN_UP_MS);
    session.on("Runtime.bindingCalled", ({ name, payload }) => {
      if (name !== "deskReady") return;
      clearTimeout(late);
      resolve(Number(payload));
    });
  });
}

async function once(context: BrowserContext, look: Look, cached: boolean): Promise<{ ms: number; requests: number; kB: number }> {
  const page = await context.newPage();
  try {
    const session = await slowDown(page, cached);
    const traffic = { requests: 0, bytes: 0 };
    session.on("Network.loadingFinished", (one) => (traffic.bytes += one.encodedDataLength));
    session.on("Network.requestWillBeSent", () => (traffic.requests += 1));
    await page.addInitScript(watch, look.ready);
    await page.waitForTimeout(TAB_MS);
    const [ms] = await Promise.all([told(session), page.goto(`${origin}${look.path}`)]);
    return { ms, requests: traffic.requests, kB: traffic.bytes / 1000 };
  } finally {
    await page.close();
  }
}

const middle = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

async function middleOf(context: BrowserContext, look: Look, cached: boolean): Promise<{ ms: number; rounds: number[]; requests: number; kB: number }> {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await once(context, look, cached));
  return { ms: middle(rounds.map((r) => r.ms)), rounds: rounds.map((r) => Math.round(r.ms)), requests: rounds[0]?.requests ?? 0, kB: rounds[0]?.kB ?? 0 };
}

async function main(): Promise<number> {
  const login = (JSON.parse(readFileSync(accounts, "utf8")) as Login[]).find((one) => one.role === "coordinator" && one.totp_secret === null);
  if (login === undefined) throw new Error("nobody to sign in as coordinator");
  const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en" });
    const options = { headers: { Origin: origin } };
    const answer = await context.request.post(`${origin}/api/sign-in`, { ...options, data: { login: login.login, secret: login.secret } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
    const overview = (await (await context.request.get(`${origin}/api/site/participants`)).json()) as { participants: { id: string; subject_no: string; created_at: string }[] };
    // Whoever has been in the study for longest has the most to show.
    const longest = [...overview.participants].sort((a, b) => (a.created_at < b.created_at ? -1 : 1))[0];
    if (longest === undefined) throw new Error("no participant to look at");
    const empty = await middleOf(context, { name: "empty", path: "/api/health", ready: "body" }, false);
    console.log(`an empty page takes ${Math.round(empty.ms)} ms`);
    const looks: Look[] = [
      { name: "overview", path: "/site/#/", ready: ".people tbody tr td" },
      { name: `participant ${longest.subject_no}`, path: `/site/#/p/${longest.id}`, ready: ".logbook table.grid tbody tr" },
    ];
    let isSlow = false;
    for (const look of looks) {
      for (const cached of [false, true]) {
        // Not counted: the first time nothing is cached, and the desk does not know yet who looks.
        await once(context, look, cached);
        const { ms, rounds, requests, kB } = await middleOf(context, look, cached);
        isSlow ||= ms > LIMIT_MS;
        console.log(`${look.name}, ${cached ? "warm" : "empty"} cache: ${Math.round(ms)} ms to content (${rounds.join(" ")}); ${requests} requests, ${Math.round(kB)} kB; limit ${LIMIT_MS} ms`);
      }
    }
    return isSlow ? 1 : 0;
  } finally {
    await browser.close();
  }
}

process.exitCode = await main();
