/** Looking at one screen: axe, sideways scrolling, targets too small for a thumb, and a picture of it when asked. */
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";

export type Language = "en" | "zh-CN";
export type Theme = "light" | "dark";

/** One person at one app on one screen size. */
export interface Walk {
  role: string;
  language: Language;
  theme: Theme;
  width: number;
  height: number;
}

/** Somebody who can sign in, as `make demo` writes them into its demo-accounts.json. */
export interface Login {
  role: string;
  login: string;
  secret: string;
  totp_secret: string | null;
  subject: string | null;
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[];
}

const AXE = readFileSync(fileURLToPath(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url)), "utf8");
/** Names of screens, with commas: these alone are looked at. */
const ASKED = process.env.DIARY_SCREENS?.split(",");
const QUIET_MS = 60;
/** A page that is quiet by then is looked at; one that never is, too. */
const QUIET_BY_MS = 6_000;
/** Stops what hangs. */
const PATIENCE_MS = 30_000;
/** What stands where the desk's data will be (site/parts/bits.tsx). */
const LOADING = ".quiet-wait";
const TARGET_PX = 48;
/** What looks smaller is still this much larger to the thumb, by an `::after` (css/controls.css). */
const GROWN_PX = 16;

/** One browser page on a walk; `found` gathers a sentence for everything that is wrong. */
export class Walker {
  readonly found: string[] = [];
  readonly page: Page;
  readonly context: BrowserContext;
  readonly origin: string;
  readonly walk: Walk;
  looked = 0;
  private readonly pictures: string | undefined;
  private waiting = 0;

  private constructor(page: Page, context: BrowserContext, origin: string, walk: Walk, pictures: string | undefined) {
    [this.page, this.context, this.origin, this.walk, this.pictures] = [page, context, origin, walk, pictures];
    page.setDefaultTimeout(PATIENCE_MS);
    page.on("request", () => (this.waiting += 1));
    page.on("requestfinished", () => (this.waiting -= 1));
    page.on("requestfailed", () => (this.waiting -= 1));
    page.on("pageerror", (error) => this.find("page", error.message));
    if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
  }

  static async start(browser: Browser, origin: string, walk: Walk, pictures: string | undefined): Promise<Walker> {
    const { width, height, language, theme } = walk;
    const context = await browser.newContext({
      viewport: { width, height }, locale: language, colorScheme: theme, timezoneId: "Asia/Shanghai", reducedMotion: "reduce", hasTouch: width < 600,
    });
    return new Walker(await context.newPage(), context, origin, walk, pictures);
  }

  find(name: string, what: string): void {
    const { role, language, theme, width } = this.walk;
    this.found.push(`${role} ${language} ${theme} ${width} ${name}: ${what}`);
  }

  /** Waits until nothing is asked of the server, nothing says that it is being loaded, and the page has been drawn since. */
  async settle(): Promise<void> {
    const start = Date.now();
    let quietSince = Date.now();
    while (Date.now() - quietSince < QUIET_MS && Date.now() - start < QUIET_BY_MS) {
      await this.page.evaluate(drawn);
      // On a busy machine the page may only now have come to ask for something.
      if (this.waiting > 0 || await this.page.locator(LOADING).count() > 0) quietSince = Date.now();
      await this.page.waitForTimeout(QUIET_MS / 3);
    }
    await this.page.evaluate(drawn);
  }

  /** Leaves the app, so that no dialog and no half-filled form of the screen before stays. */
  async leave(): Promise<void> {
    await this.page.goto("about:blank");
    this.waiting = 0;
  }

  async press(selector: string, nth = 0): Promise<void> {
    await this.page.locator(selector).nth(nth).click();
    await this.settle();
  }

  /** Goes there by `arrive`, then looks; a screen that cannot be reached is a finding. */
  async screen(name: string, arrive: () => Promise<unknown>): Promise<void> {
    if (ASKED !== undefined && !ASKED.includes(name)) return;
    try {
      await arrive();
      await this.settle();
      await this.look(name);
    } catch (error) {
      this.find(name, error instanceof Error ? error.message.split("\n").slice(0, 2).join(" ") : String(error));
    }
  }

  private async look(name: string): Promise<void> {
    this.looked += 1;
    const { page } = this;
    // The pages' policy lets no foreign script in, so it comes by the debugger.
    if (await page.evaluate("globalThis.axe === undefined")) await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResult>("axe.run(document, {resultTypes: ['violations']})");
    for (const one of violations) {
      const where = one.nodes.slice(0, 3).map((n) => `${JSON.stringify(n.target)} ${n.failureSummary ?? ""}`).join("\n    ");
      this.find(name, `${one.id} (${one.help})\n    ${where}`);
    }
    for (const sentence of await page.evaluate(measured, { least: this.walk.width < 600 ? TARGET_PX : 0, grown: GROWN_PX })) this.find(name, sentence);
    if (this.pictures !== undefined) await this.picture(name, this.pictures);
  }

  /** What the reader sees first, and in a second picture all of a page that goes on below. */
  private async picture(name: string, folder: string): Promise<void> {
    const { role, language, theme, width } = this.walk;
    const path = `${folder}/${role}-${name.replaceAll(/[ /]/g, "-")}-${width}-${language}${theme === "dark" ? "-dark" : ""}`;
    await this.page.screenshot({ path: `${path}.png` });
    const below = await this.page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    if (below > 40) await this.page.screenshot({ path: `${path}-whole.png`, fullPage: true });
  }
}

/** In the page: once it has nothing else to do and has been drawn. */
function drawn(): Promise<unknown> {
  return new Promise((idle) => requestIdleCallback(() => requestAnimationFrame(() => requestAnimationFrame(idle)), { timeout: 1_000 }));
}

/** In the page: what is wider than it, and which targets are too small. */
function measured({ least, grown }: { least: number; grown: number }): string[] {
  const sideways = document.documentElement.scrollWidth - innerWidth;
  const targets = [...document.querySelectorAll<HTMLElement>("button, a[href], input, textarea, select")].filter((e) => e.offsetParent !== null);
  const small = targets.filter((e) => {
    const box = e.getBoundingClientRect();
    const more = getComputedStyle(e, "::after").position === "absolute" ? grown : 0;
    const isHidden = box.width <= 1 || e.closest(".vh") !== null || e.classList.contains("vh");
    return !isHidden && !e.classList.contains("rowlink") && (box.width + more + 0.5 < least || box.height + more + 0.5 < least);
  });
  return [
    ...(sideways > 0 ? [`scrolls sideways by ${sideways} px`] : []),
    ...small.map((e) => `small target ${Math.round(e.getBoundingClientRect().width)} x ${Math.round(e.getBoundingClientRect().height)}: ${e.outerHTML.slice(0, 120)}`),
  ];
}
