import { en } from "./en.ts";
import { zh, type Words } from "./zh-CN.ts";

export type { Words };
export type Language = "zh-CN" | "en";

export function wordsFor(language: Language): Words {
  return language === "en" ? en : zh;
}

export function nearestLanguage(tags: readonly string[]): Language {
  const first = tags.find((tag) => /^(zh|en)\b/i.test(tag));
  return first !== undefined && /^en/i.test(first) ? "en" : "zh-CN";
}
