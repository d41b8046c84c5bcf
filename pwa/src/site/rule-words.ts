/** A rule of RFC 5545 that comes every so many days or weeks, in words. */
import type { DeskWords } from "../text/site.ts";

export function ruleWords(rule: string, t: DeskWords): string {
  const every = /^FREQ=(DAILY|WEEKLY);INTERVAL=(\d+)$/.exec(rule);
  if (every === null) return rule;
  const n = Number(every[2]);
  return every[1] === "DAILY" ? t.page.care.everyDays(n) : t.page.care.everyWeeks(n);
}
