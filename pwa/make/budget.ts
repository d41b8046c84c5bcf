/** First-load JavaScript of the patient app, gzipped: 60 kB at most. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 60;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const html = readFileSync(`${dist}index.html`, "utf8");
const scripts = [...html.matchAll(/<(?:script[^>]*src|link[^>]*rel="modulepreload"[^>]*href)="\/([^"]+\.js)"/g)].map((m) => m[1] ?? "");
if (scripts.length === 0) throw new Error("index.html loads no script: build first");
const sizes = scripts.map((name) => [name, gzipSync(readFileSync(dist + name), { level: 9 }).length / 1000] as const);
const total = sizes.reduce((sum, [, kb]) => sum + kb, 0);
for (const [name, kb] of sizes) console.log(`  ${kb.toFixed(1)} kB  ${name}`);
console.log(`first-load JavaScript of the patient app: ${total.toFixed(1)} kB gzip of ${LIMIT_KB}`);
if (total > LIMIT_KB) process.exit(1);
