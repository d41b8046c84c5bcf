/** How often a schedule comes, between its RFC 5545 text and a form. */
export const REPEATS = ["daily", "other_day", "weekly", "monthly"] as const;
export type Repeat = (typeof REPEATS)[number];
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface Rhythm {
  repeat: Repeat;
  weekdays: readonly Weekday[];
  monthDay: string;
}

/** Every day needs no rule. */
export function toRrule({ repeat, weekdays, monthDay }: Rhythm): string | null {
  switch (repeat) {
    case "daily": return null;
    case "other_day": return "FREQ=DAILY;INTERVAL=2";
    case "weekly": return weekdays.length === 0 ? "FREQ=WEEKLY" : `FREQ=WEEKLY;BYDAY=${WEEKDAYS.filter((d) => weekdays.includes(d)).join(",")}`;
    case "monthly": return monthDay === "" ? "FREQ=MONTHLY" : `FREQ=MONTHLY;BYMONTHDAY=${monthDay}`;
  }
}

export function fromRrule(rrule: string | null): Rhythm | null {
  const none: Rhythm = { repeat: "daily", weekdays: [], monthDay: "" };
  if (rrule === null || rrule === "FREQ=DAILY" || rrule === "FREQ=DAILY;INTERVAL=1") return none;
  if (rrule === "FREQ=DAILY;INTERVAL=2") return { ...none, repeat: "other_day" };
  const weekly = /^FREQ=WEEKLY(?:;BYDAY=([A-Z,]+))?$/.exec(rrule);
  if (weekly !== null) return { ...none, repeat: "weekly", weekdays: WEEKDAYS.filter((d) => (weekly[1] ?? "").split(",").includes(d)) };
  const monthly = /^FREQ=MONTHLY(?:;BYMONTHDAY=(\d+))?$/.exec(rrule);
  return monthly === null ? null : { ...none, repeat: "monthly", monthDay: monthly[1] ?? "" };
}
