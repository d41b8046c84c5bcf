export type Language = "zh-CN" | "en";

/** The first of these language tags that the diary speaks; Chinese where it speaks none. */
export function nearestLanguage(tags: readonly string[]): Language {
  const first = tags.find((tag) => /^(zh|en)\b/i.test(tag));
  return first !== undefined && /^en/i.test(first) ? "en" : "zh-CN";
}
