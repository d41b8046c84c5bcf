/** Puts the desk's early script into its page, before the style sheet that it would wait for: it runs before any file is there. */
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const SCRIPT = at("src/site/early-start.ts");
const PAGE = at("site/index.html");
const WORDS = { en: at("src/text/site.en.ts"), "zh-CN": at("src/text/site.zh-CN.ts") };

const CHARSET = '<meta charset="utf-8">';

export interface Chunk {
  fileName: string;
  facadeModuleId?: string | null;
}

/** The file that begins with a module. */
export function fileOf(bundle: Record<string, Chunk>, moduleId: string): string {
  const chunk = Object.values(bundle).find((one) => one.facadeModuleId === moduleId);
  if (chunk === undefined) throw new Error(`${moduleId} is no file of its own`);
  return chunk.fileName;
}

async function buildScript(): Promise<string> {
  const made = await build({
    configFile: false,
    root: at("."),
    logLevel: "warn",
    publicDir: false,
    build: { write: false, target: "es2022", rolldownOptions: { input: SCRIPT, output: { format: "iife", codeSplitting: false } } },
  });
  const [first] = (Array.isArray(made) ? made : [made]).flatMap((one) => ("output" in one ? one.output : []));
  if (first?.type !== "chunk") throw new Error(`${SCRIPT} was not built`);
  return first.code.trim();
}

/** Behind the line that says how the page is written, which has to be among its first. */
export function withScript(html: string, script: string): string {
  const [before, after, ...more] = html.split(CHARSET);
  if (before === undefined || after === undefined || more.length > 0) throw new Error(`the page needs one ${CHARSET}`);
  return `${before}${CHARSET}\n${script}${after}`;
}

/** The server lets the page run what it holds, and nothing else that is written in a page: see diary/static.py. */
export function earlyScript(): Plugin {
  return {
    name: "diary-early-script",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      async handler(html, { filename, bundle }) {
        if (filename !== PAGE || bundle === undefined) return undefined;
        const words = Object.entries(WORDS).map(([language, id]) => `data-${language}="/${fileOf(bundle, id)}"`);
        return withScript(html, `<script ${words.join(" ")}>${await buildScript()}</script>`);
      },
    },
  };
}
