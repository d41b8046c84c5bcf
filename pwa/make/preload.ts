/** Lets the desk's page fetch the code that its start imports, beside the start itself instead of after it. */
import { fileURLToPath } from "node:url";
import type { HtmlTagDescriptor, Plugin } from "vite";

export interface Chunk {
  type: string;
  fileName: string;
  facadeModuleId?: string | null;
  imports?: string[];
}

/** The file of a module that is a chunk of its own, and all that it cannot run without. */
export function neededBy(bundle: Record<string, Chunk>, moduleId: string): string[] {
  const found = new Set<string>();
  const walk = (fileName: string): void => {
    if (found.has(fileName)) return;
    found.add(fileName);
    for (const next of bundle[fileName]?.imports ?? []) walk(next);
  };
  for (const chunk of Object.values(bundle)) if (chunk.facadeModuleId === moduleId) walk(chunk.fileName);
  return [...found];
}

/** `module` is preloaded by the page `page`; both are paths below this folder's parent. */
export function preloaded(page: string, module: string): Plugin {
  const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
  return {
    name: "diary-preloaded",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { filename, bundle }) {
        if (filename !== at(page) || bundle === undefined) return [];
        const files = neededBy(bundle, at(module));
        if (files.length === 0) throw new Error(`${module} is no chunk of its own`);
        return files.filter((file) => !html.includes(`/${file}"`))
          .map((file): HtmlTagDescriptor => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` }, injectTo: "head" }));
      },
    },
  };
}
