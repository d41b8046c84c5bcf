/** What is due on a day: wall-clock slots of the schedules, and how each stands. */
import { addDays, dayExists, instantOf, local } from "./days.ts";

export type ScheduleKind = "dose" | "reading" | "contraception" | "diary";

export interface Schedule {
  id: string;
  participant_id: string;
  kind: ScheduleKind;
  title: string;
  times: string[];
  rrule?: string | null;
  zone: string;
  from_day: string;
  to_day: string | null;
  drug?: string | null;
  amount?: string | null;
  window_before_min: number;
  window_after_min: number;
  /** Wait for the blood draw on `day`, at the latest until the instant `latest_at`. */
  hold?: { day: string; latest_at: string; reason: string } | null;
  /** Nothing before this instant is due. */
  created_at: string;
  ended_at?: string | null;
  /** Slots that stay at the instant they had before a journey (STUDY.md 6). */
  kept?: { day: string; slot: string; due_at: string }[];
}

export interface Occurrence {
  schedule: Schedule;
  day: string;
  slot: string;
  at: number;
  opensAt: number;
  closesAt: number;
}

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

function ruleParts(rrule: string): Map<string, string> {
  const body = rrule.replace(/^RRULE:/, "");
  return new Map(body.split(";").map((part) => {
    const [name = "", value = ""] = part.split("=");
    return [name.toUpperCase(), value.toUpperCase()];
  }));
}

const weekdayOf = (day: string): string => WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? "";
const mondayOf = (day: string): string => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

function monthsBetween(from: string, to: string): number {
  return (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
}

/** Whether a repeat rule (daily, weekly or monthly, with interval, days and end) falls on the day. */
export function fallsOn(rrule: string | null | undefined, fromDay: string, day: string): boolean {
  if (rrule === null || rrule === undefined || rrule === "") return true;
  const rule = ruleParts(rrule);
  const interval = Number(rule.get("INTERVAL") ?? "1");
  const until = rule.get("UNTIL");
  if (until !== undefined && day.replaceAll("-", "") > until.slice(0, 8)) return false;
  const byDay = rule.get("BYDAY")?.split(",");
  const byMonthDay = rule.get("BYMONTHDAY")?.split(",").map(Number);
  const onWeekday = byDay === undefined || byDay.includes(weekdayOf(day));
  const onMonthDay = byMonthDay === undefined || byMonthDay.includes(Number(day.slice(8)));
  if (!onWeekday || !onMonthDay) return false;
  switch (rule.get("FREQ")) {
    case "DAILY":
      return daysBetween(fromDay, day) % interval === 0;
    case "WEEKLY":
      if (byDay === undefined && weekdayOf(fromDay) !== weekdayOf(day)) return false;
      return (daysBetween(mondayOf(fromDay), mondayOf(day)) / 7) % interval === 0;
    case "MONTHLY":
      if (byDay === undefined && byMonthDay === undefined && fromDay.slice(8) !== day.slice(8)) return false;
      return monthsBetween(fromDay, day) % interval === 0;
    default:
      // A rule of another kind: rather one question too many than a dose that nobody asked about.
      return true;
  }
}

/** Ended ahead it counts through `to_day`; on the day on which it was ended, what came before that instant does. */
function isOver(schedule: Schedule, at: number): boolean {
  if (schedule.ended_at == null) return false;
  const ended = Date.parse(schedule.ended_at);
  const ahead = schedule.to_day !== null && local(ended, schedule.zone).day < schedule.to_day;
  return at >= ended && !ahead;
}

/** The day's occurrences of all schedules, in order of time. */
export function occurrences(schedules: Schedule[], day: string): Occurrence[] {
  return schedules
    .filter((s) => day >= s.from_day && (s.to_day === null || day <= s.to_day) && fallsOn(s.rrule, s.from_day, day)
      && dayExists(day, s.zone))
    .flatMap((schedule) => schedule.times.map((slot): Occurrence => {
      const kept = schedule.kept?.find((one) => one.day === day && one.slot === slot);
      const at = kept ? Date.parse(kept.due_at) : instantOf(day, slot, schedule.zone);
      return {
        schedule, day, slot, at,
        opensAt: at - schedule.window_before_min * 60_000,
        closesAt: at + schedule.window_after_min * 60_000,
      };
    }))
    .filter(({ schedule, at }) => at >= Date.parse(schedule.created_at) && !isOver(schedule, at))
    .sort((a, b) => a.at - b.at || (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : 0));
}

/** Blood was drawn: the dose that waited for it is due at the draw, and its window runs from there (STUDY.md 6). */
export function afterDraw(occurrence: Occurrence, drawnAt: number): Occurrence {
  return { ...occurrence, at: drawnAt, opensAt: drawnAt, closesAt: drawnAt + occurrence.schedule.window_after_min * 60_000 };
}
