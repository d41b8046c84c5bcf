/** Turns diary/study.toml into the module `virtual:study`, in the shape that `getStudy` answers. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import type { Plugin } from "vite";
import type { Study } from "../src/api/study.ts";

export const STUDY_TOML = fileURLToPath(new URL("../../diary/study.toml", import.meta.url));

/** Words of messages that only the server sends; a phone that shows one asks the server first. */
const SERVER_ONLY = /^(page_|operator_|reminder_test_)/;

function numbersAsText(table: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(table as Record<string, number>).map(([k, v]) => [k, String(v)]));
}

export function readStudy(path: string = STUDY_TOML): Study {
  const raw = parse(readFileSync(path, "utf8")) as unknown as Study & {
    glucose: { mgdl_per_mmol: number };
    accounts: { adult_age: number; contraception_min_age: number };
  };
  return {
    id: raw.id,
    title: raw.title,
    site: raw.site,
    glucose: {
      mmol: numbersAsText(raw.glucose.mmol) as unknown as Study["glucose"]["mmol"],
      mgdl: numbersAsText(raw.glucose.mgdl) as unknown as Study["glucose"]["mgdl"],
      mgdl_per_mmol: String(raw.glucose.mgdl_per_mmol),
    },
    window: raw.window,
    episodes: raw.episodes,
    low_screen: raw.low_screen,
    texts: Object.fromEntries(Object.entries(raw.texts).filter(([key]) => !SERVER_ONLY.test(key))),
    adult_age: raw.accounts.adult_age,
    contraception_min_age: raw.accounts.contraception_min_age,
  };
}

export function studyModule(): Plugin {
  const id = "\0virtual:study";
  return {
    name: "diary-study",
    resolveId: (source) => (source === "virtual:study" ? id : undefined),
    load(loaded) {
      if (loaded !== id) return undefined;
      this.addWatchFile(STUDY_TOML);
      return `export default ${JSON.stringify(readStudy())};`;
    },
  };
}
