/** Packs what the build made once, so that the server hands it out packed: `.gz` and `.br` beside each text file. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(?:js|css|html|svg|json|webmanifest)$/;
const WORTH_IT = 0.95;

export function pack(dist: string): void {
  // A build that failed left nothing; its own error is the one to show.
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || !TEXT.test(file.name)) continue;
    const path = join(file.parentPath, file.name);
    const plain = readFileSync(path);
    for (const [ending, packed] of [["gz", gzipSync(plain, { level: 9 })], ["br", brotliCompressSync(plain)]] as const) {
      if (packed.length < plain.length * WORTH_IT) writeFileSync(`${path}.${ending}`, packed);
    }
  }
}

export function packed(): Plugin {
  let dist = "";
  return {
    name: "diary-packed",
    apply: "build",
    configResolved(config) {
      dist = join(config.root, config.build.outDir);
    },
    // Last of all: the service worker is built, and its list of files made, before.
    closeBundle: { order: "post", sequential: true, handler: () => pack(dist) },
  };
}
