/**
 * Walks the screens of both apps on a running diary and prints what is wrong with them, one JSON line:
 * `npm run screens -- http://localhost:8000 ../instance/demo-accounts.json participant/zh-CN/light/360x740 monitor/en/dark/1280x800`
 * DIARY_PICTURES=folder keeps a PNG of each.
 */
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";
import { Walker, type Language, type Login, type Theme, type Walk } from "./screens/look.ts";
import { walkPatient } from "./screens/patient.ts";
import { walkSite } from "./screens/site.ts";

const [origin = "", accounts = "", ...asked] = process.argv.slice(2);
if (origin === "" || accounts === "" || asked.length === 0) throw new Error("usage: screens ORIGIN ACCOUNTS_JSON ROLE/LANGUAGE/THEME/WIDTHxHEIGHT ...");
const logins = JSON.parse(readFileSync(accounts, "utf8")) as Login[];
const PATIENT_SIDE = new Set(["participant", "guardian", "child"]);

function readWalk(text: string): Walk {
  const [role = "", language = "", theme = "", size = ""] = text.split("/");
  const [width = 0, height = 0] = size.split("x").map(Number);
  return { role, language: language as Language, theme: theme as Theme, width, height };
}

const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const found: string[] = [];
const looked: Record<string, number> = {};
try {
  for (const text of asked) {
    const walk = readWalk(text);
    const walker = await Walker.start(browser, origin, walk, process.env.DIARY_PICTURES);
    await (PATIENT_SIDE.has(walk.role) ? walkPatient(walker, logins) : walkSite(walker, logins));
    await walker.context.close();
    found.push(...walker.found);
    looked[text] = walker.looked;
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify({ looked, found }));
