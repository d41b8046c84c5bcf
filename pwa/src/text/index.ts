import { en } from "./en.ts";
import type { Language } from "./language.ts";
import { zh, type Words } from "./zh-CN.ts";

export type { Words };

export function wordsFor(language: Language): Words {
  return language === "en" ? en : zh;
}
