/** What every scene of the browser tests stands on: phones, the desk, and the person at it. */
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadDeskWords } from "../../pwa/src/text/site.ts";

export const require = createRequire(new URL("../../pwa/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const [scene, json] = process.argv.slice(2);
/** What the test told: `origin`, `folder`, `chromium` and what its scene needs. */
export const known = JSON.parse(json);
const opened = [];

/**
 * A phone's only way to the network, as a proxy that can be cut. The browser's own "offline" stops its pages, but
 * not what a service worker sends from the background.
 */
async function networkLine() {
  const line = { cut: false };
  const server = createServer((asked, answer) => {
    if (line.cut || !asked.url.startsWith(known.origin)) {
      asked.socket.destroy();
      return;
    }
    const onward = request(asked.url, { method: asked.method, headers: asked.headers, family: 4, agent: false }, (came) => {
      answer.writeHead(came.statusCode, came.rawHeaders);
      came.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({ close: async () => { server.close(); server.closeAllConnections(); } });
  line.server = `http://127.0.0.1:${server.address().port}`;
  return line;
}

/** A phone: its own profile, 360 x 740. The same name is the same phone after it was closed or killed. */
export async function phone(name, { lang = "en", theme = "light", offline = false } = {}) {
  const line = await networkLine();
  line.cut = offline;
  const context = await chromium.launchPersistentContext(join(known.folder, `phone-${name}`), {
    executablePath: known.chromium, args: ["--no-sandbox"], viewport: { width: 360, height: 740 },
    locale: lang, colorScheme: theme, timezoneId: "Asia/Shanghai", hasTouch: true, offline, proxy: { server: line.server },
  });
  opened.push(context);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(60_000);
  const broken = [];
  page.on("pageerror", (error) => broken.push(error.message));
  const setOffline = async (off) => {
    line.cut = off;
    await context.setOffline(off);
  };
  return { context, page, broken, setOffline };
}

/** The phone's battery dies: SIGKILL to the whole browser, without a word to the page. */
export async function kill({ context }) {
  const session = await context.browser().newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const gone = new Promise((resolve) => context.once("close", resolve));
  process.kill(processInfo.find((p) => p.type === "browser").id, "SIGKILL");
  await gone;
}

/** The desk at 1280 x 800, with the coordinator signed in by its own page; `lang` is the one of the account. */
export async function desk(login, password, lang = "en") {
  const t = await loadDeskWords(lang);
  const browser = await chromium.launch({ executablePath: known.chromium, args: ["--no-sandbox"] });
  opened.push(browser);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: lang, timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const broken = [];
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => message.text().includes("Content Security Policy") && broken.push(message.text()));
  await page.goto(`${known.origin}/site/`);
  if (!(await page.evaluate(() => "deskEarly" in globalThis))) broken.push("the script in the desk's page did not run");
  await page.getByLabel(t.entrance.login, { exact: true }).fill(login);
  await page.getByLabel(t.entrance.secret, { exact: true }).fill(password);
  await page.getByRole("button", { name: t.entrance.go, exact: true }).click();
  await page.waitForSelector(`h1:has-text("${t.overview.title}")`);
  return { page, broken };
}

export const go = (page, hash) => page.evaluate((h) => { location.hash = h; }, hash);
/** Waits until the page says it; a page that does not is quoted. */
export async function says(page, text) {
  try {
    return await page.waitForSelector(`text=${text}`);
  } catch (error) {
    throw new Error(`${page.url()} does not say "${text}": ${await page.evaluate(() => document.body.innerText)}`, { cause: error });
  }
}

/** The worker is there and has this page: from now on the app opens without a network. */
export async function readyForOffline(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

export async function signIn(page, login, pin) {
  await page.goto(`${known.origin}/#/sign-in`);
  await page.fill("#login", login);
  await page.fill("#pin", pin);
  await page.click("button.main-act");
  await page.waitForFunction(() => location.hash === "#/");
}

/** A guardian says for whom, and why the child does not write. */
export async function choose(page, subject, reason) {
  await page.click(`.list button.line:has-text("${subject}")`);
  await page.click(`.chip:has-text("${reason}")`);
  await page.click("button.main-act");
}

export async function typeValue(page, text) {
  await go(page, "#/reading");
  await page.waitForSelector(".pad");
  for (const key of text) await page.keyboard.press(key);
}

/** Saves what the page holds; the phone goes home once it is kept, and not before. */
export async function save(page) {
  await page.click(".dock .main-act");
  await home(page);
}

export const home = (page) => page.waitForFunction(() => location.hash === "#/" && document.querySelector(".tabs") !== null);

/** A reading that is not low. */
export async function logReading(page, text) {
  await typeValue(page, text);
  await save(page);
}

/** Milliseconds from the tap on Save to the low screen. */
export function saveAndTime(page) {
  return page.evaluate(async () => {
    const start = performance.now();
    document.querySelector(".dock .main-act").click();
    while (document.querySelector(".lowhead") === null) await new Promise((next) => requestAnimationFrame(next));
    return performance.now() - start;
  });
}

/** Play the scene that was asked for, print its report, and leave no browser behind. */
export async function play(scenes) {
  try {
    console.log(JSON.stringify(await scenes[scene]()));
  } finally {
    for (const one of opened) await one.close().catch(() => undefined);
  }
}

export { assert };
