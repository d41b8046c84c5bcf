/** Days and times in words. */
import type { Words } from "../text/index.ts";
import { addDays, local, type Local } from "../rules/days.ts";
import { phoneZone } from "./diary.ts";

export function dayInWords(day: string, t: Words): string {
  const date = new Date(`${day}T00:00:00Z`);
  const week = t.common.weekdays.split(" ")[date.getUTCDay()] ?? "";
  return t.common.day(date.getUTCMonth() + 1, date.getUTCDate(), week);
}

export function todayIs(nowMs: number): string {
  return local(nowMs, phoneZone()).day;
}

/** `Today 12:40`, `Yesterday 20:05`, `Sat 14 March 08:10`. */
export function momentInWords(when: Local, nowMs: number, t: Words): string {
  const today = todayIs(nowMs);
  const day = when.day === today ? t.common.today : when.day === addDays(today, -1) ? t.common.yesterday : dayInWords(when.day, t);
  return `${day} ${when.clock}`;
}

export function agoInWords(atMs: number, nowMs: number, t: Words): string {
  const minutes = Math.max(0, Math.floor((nowMs - atMs) / 60_000));
  if (minutes >= 48 * 60) return t.common.daysAgo(Math.floor(minutes / 1440));
  return t.common.ago(Math.floor(minutes / 60), minutes % 60);
}
