/** Days, times and ages in words. The desk shows an instant in the zone of the site. */
import { addDays, lived, local } from "../rules/days.ts";
import type { DeskWords } from "../text/site.ts";

export { browserZone } from "../rules/days.ts";

export function dayWords(day: string, t: DeskWords, todayDay?: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const week = t.common.weekdays.split(" ")[date.getUTCDay()] ?? "";
  const words = t.common.dayWords(date.getUTCMonth() + 1, date.getUTCDate(), week);
  return todayDay !== undefined && todayDay.slice(0, 4) !== day.slice(0, 4) ? t.common.inYear(words, day.slice(0, 4)) : words;
}

/** `Today 12:40`, `Yesterday 20:05`, `Sat 14 Mar 08:10`. */
export function moment(instant: string, zone: string, nowMs: number, t: DeskWords): string {
  const { day, clock } = local(Date.parse(instant), zone);
  return `${dayName(day, zone, nowMs, t)} ${clock}`;
}

/** The time that the participant lived, whatever zone the desk is in. */
export function livedMoment(entry: { occurred_at: string; zone: string }, nowMs: number, t: DeskWords): string {
  const { day, clock } = lived(entry.occurred_at, entry.zone);
  return `${dayName(day, entry.zone, nowMs, t)} ${clock}`;
}

export function dayName(day: string, zone: string, nowMs: number, t: DeskWords): string {
  const today = local(nowMs, zone).day;
  if (day === today) return t.common.today;
  return day === addDays(today, -1) ? t.common.yesterday : dayWords(day, t, today);
}

export function ageWords(fromMs: number, toMs: number, t: DeskWords): string {
  const minutes = Math.max(0, Math.floor((toMs - fromMs) / 60_000));
  return t.common.age(Math.floor(minutes / 1440), Math.floor(minutes / 60), minutes % 60);
}

export function agoWords(instant: string, nowMs: number, t: DeskWords): string {
  return t.common.ago(ageWords(Date.parse(instant), nowMs, t));
}

/** Whole local days from `day` to today; 0 on the day itself. */
export function daysSince(day: string, zone: string, nowMs: number): number {
  return Math.round((Date.parse(`${local(nowMs, zone).day}T00:00:00Z`) - Date.parse(`${day}T00:00:00Z`)) / 86_400_000);
}

/** For `<input type="datetime-local">`, and back by `instantOf(day, clock, zone)`. */
export function toInput(atMs: number, zone: string): string {
  const { day, clock } = local(atMs, zone);
  return `${day}T${clock}`;
}
