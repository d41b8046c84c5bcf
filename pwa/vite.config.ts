import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { packed } from "./make/compress.ts";
import { earlyScript } from "./make/early.ts";
import { serviceWorker } from "./make/worker.ts";
import { studyModule } from "./make/study.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(at("package.json"), "utf8")) as { version: string };
// The site app joins the build once it has a page and a start.
const siteApp = at("site/index.html");
const hasSite = existsSync(siteApp) && existsSync(at("src/site/main.tsx"));
// What both apps begin with is one file: a file each packs worse, and costs the patient's phone a request more.
const IN_BOTH_APPS = /node_modules\/preact\/|vite\/preload-helper|src\/(?:api\/(?:client|study)|parts\/(?:basics|drawings)|rules\/(?:days|decimal|glucose)|store\/uuid|text\/(?:language|names))\.tsx?$/;

export default defineConfig({
  root: at("."),
  plugins: [studyModule(), serviceWorker(), earlyScript(), packed()],
  define: { __APP_VERSION__: JSON.stringify(version) },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    // What the patient app fetches later needs nothing besides that is not there already: no list of scripts for it.
    modulePreload: { polyfill: false, resolveDependencies: (_file, needed, { hostId, hostType }) => (hostType === "js" && hostId.startsWith("assets/patient-") ? needed.filter((file) => file.endsWith(".css")) : needed) },
    rolldownOptions: {
      input: { patient: at("index.html"), ...(hasSite ? { site: siteApp } : {}) },
      output: { codeSplitting: { groups: [{ name: "shared", test: IN_BOTH_APPS }] } },
    },
  },
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    environment: "node",
    sequence: { shuffle: true },
    // Stops what hangs; it measures nothing. A shared machine may be slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    onConsoleLog: () => undefined,
  },
});
