/**
 * Builds the service worker beside the pages and hands it the list of files that the patient app needs
 * without a network. The worker's text changes exactly when one of those files does.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import { studyModule } from "./study.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const NOT_KEPT = /^(site\/|sw\.js$)|\.map$/;

export interface Kept {
  url: string;
  hash: string;
}

/** The files of `dist` that the patient app opens with; what only the site app loads is left out. */
export function listKept(dist: string, siteOnly: ReadonlySet<string>): Kept[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile())
    .map((f) => relative(dist, join(f.parentPath, f.name)).replaceAll("\\", "/"))
    .filter((name) => !NOT_KEPT.test(name) && !siteOnly.has(name))
    .sort()
    .map((name) => ({
      url: name === "index.html" ? "/" : `/${name}`,
      hash: createHash("sha256").update(readFileSync(join(dist, name))).digest("hex").slice(0, 16),
    }));
}

interface Chunk {
  type: string;
  fileName: string;
  imports?: string[];
  dynamicImports?: string[];
  isEntry?: boolean;
  name?: string;
  viteMetadata?: { importedCss?: Set<string>; importedAssets?: Set<string> };
}

/** All files that one entry can load. */
export function filesOf(bundle: Record<string, Chunk>, entry: string): Set<string> {
  const found = new Set<string>();
  const walk = (fileName: string): void => {
    const chunk = bundle[fileName];
    if (chunk === undefined || found.has(fileName)) return;
    found.add(fileName);
    for (const css of chunk.viteMetadata?.importedCss ?? []) found.add(css);
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) found.add(asset);
    for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) walk(next);
  };
  for (const chunk of Object.values(bundle)) if (chunk.isEntry === true && chunk.name === entry) walk(chunk.fileName);
  return found;
}

async function buildWorker(dist: string, kept: Kept[]): Promise<void> {
  const version = createHash("sha256").update(JSON.stringify(kept)).digest("hex").slice(0, 12);
  await build({
    configFile: false,
    root: ROOT,
    logLevel: "warn",
    publicDir: false,
    plugins: [studyModule()],
    define: { __KEPT__: JSON.stringify(kept.map((k) => k.url)), __VERSION__: JSON.stringify(version) },
    build: {
      outDir: dist,
      emptyOutDir: false,
      target: "es2022",
      rolldownOptions: {
        input: join(ROOT, "src/sw/sw.ts"),
        output: { format: "iife", entryFileNames: "sw.js", codeSplitting: false },
      },
    },
  });
}

export function serviceWorker(): Plugin {
  let dist = join(ROOT, "dist");
  return {
    name: "diary-service-worker",
    apply: "build",
    configResolved(config) {
      dist = join(config.root, config.build.outDir);
    },
    async writeBundle(_options, bundle) {
      const chunks = bundle as unknown as Record<string, Chunk>;
      const patient = filesOf(chunks, "patient");
      const siteOnly = new Set([...filesOf(chunks, "site")].filter((name) => !patient.has(name)));
      await buildWorker(dist, listKept(dist, siteOnly));
    },
  };
}
