/** Words of the desk, apart from the patient app's, which never loads them; each language is a file of its own. */
import type { Language } from "./language.ts";
import type { siteZh } from "./site.zh-CN.ts";

export type DeskWords = typeof siteZh;

export async function loadDeskWords(language: Language): Promise<DeskWords> {
  return language === "en" ? (await import("./site.en.ts")).siteEn : (await import("./site.zh-CN.ts")).siteZh;
}
