/** Draws the PNG icons from public/icons/icon.svg with the system's Chromium: `npm run icons`. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const at = (name: string): string => fileURLToPath(new URL(`../public/icons/${name}`, import.meta.url));
const svg = readFileSync(at("icon.svg"), "utf8");
// A launcher cuts a maskable icon to its own shape and iOS rounds by itself: paper to the edge, the page smaller.
const square = svg.replace('rx="112"', 'rx="0"');
const maskable = square
  .replace(/(<path d="M144)/, '<g transform="translate(51 51) scale(.8)">$1')
  .replace("</svg>", "</g></svg>");

const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const [name, size, drawing] of [
  ["icon-192.png", 192, svg],
  ["icon-512.png", 512, svg],
  ["maskable-512.png", 512, maskable],
  ["apple-touch-180.png", 180, square],
] as const) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${String(size)}px}</style>${drawing}`);
  writeFileSync(at(name), await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
