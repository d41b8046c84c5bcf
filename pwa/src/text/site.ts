/** Words of the desk, apart from the patient app's, which never loads them. */
import type { Language } from "./index.ts";
import { siteEn } from "./site.en.ts";
import { siteZh } from "./site.zh-CN.ts";

export type DeskWords = typeof siteZh;

export function deskWordsFor(language: Language): DeskWords {
  return language === "en" ? siteEn : siteZh;
}
