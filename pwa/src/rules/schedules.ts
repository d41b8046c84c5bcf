/** What is due on a day: wall-clock slots of the schedules, and how each stands. */
import { addDays, instantOf } from "./days.ts";

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
  ended_at?: string | null;
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
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  const byDay = rule.get("BYDAY")?.split(",");
  const byMonthDay = rule.get("BYMONTHDAY")?.split(",").map(Number);
  switch (rule.get("FREQ")) {
    case "DAILY":
      return daysBetween(fromDay, day) % interval === 0 && (byDay === undefined || byDay.includes(WEEKDAYS[weekday] ?? ""));
    case "WEEKLY": {
      const monday = (d: string): string => addDays(d, -((new Date(`${d}T00:00:00Z`).getUTCDay() + 6) % 7));
      const weeks = daysBetween(monday(fromDay), monday(day)) / 7;
      const days = byDay ?? [WEEKDAYS[new Date(`${fromDay}T00:00:00Z`).getUTCDay()] ?? ""];
      return weeks % interval === 0 && days.includes(WEEKDAYS[weekday] ?? "");
    }
    case "MONTHLY": {
      const days = byMonthDay ?? [Number(fromDay.slice(8))];
      return monthsBetween(fromDay, day) % interval === 0 && days.includes(Number(day.slice(8)));
    }
    default:
      // A rule of another kind: rather one question too many than a dose that nobody asked about.
      return true;
  }
}

/** The day's occurrences of all schedules, in order of time. */
export function occurrences(schedules: Schedule[], day: string): Occurrence[] {
  return schedules
    .filter((s) => day >= s.from_day && (s.to_day === null || day <= s.to_day) && fallsOn(s.rrule, s.from_day, day))
    .flatMap((schedule) => schedule.times.map((slot): Occurrence => {
      const at = instantOf(day, slot, schedule.zone);
      return {
        schedule, day, slot, at,
        opensAt: at - schedule.window_before_min * 60_000,
        closesAt: at + schedule.window_after_min * 60_000,
      };
    }))
    .filter(({ schedule, at }) => schedule.ended_at == null || at < Date.parse(schedule.ended_at))
    .sort((a, b) => a.at - b.at);
}
