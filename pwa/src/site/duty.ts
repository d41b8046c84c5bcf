/** Who is on call now and next, and what the roster lacks. */
import type { Roster } from "./api.ts";

export type OnCallPerson = Roster["people"][number];

export interface Duty {
  now: OnCallPerson[];
  /** The first later day on which it is somebody else; null when nothing changes in the days shown. */
  next: { day: string; people: OnCallPerson[] } | null;
  /** Those of `now` whom no tested channel reaches. */
  untested: OnCallPerson[];
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one) => b.includes(one));

export function onCall(roster: Roster): Duty {
  const of = (ids: readonly string[]): OnCallPerson[] => roster.people.filter((p) => ids.includes(p.account_id));
  const today = roster.days.find((d) => d.day === roster.today)?.people ?? [];
  const later = roster.days.filter((d) => d.day > roster.today).find((d) => !isSame(d.people, today));
  const now = of(today);
  return { now, next: later === undefined ? null : { day: later.day, people: of(later.people) }, untested: now.filter((p) => !isTested(p)) };
}

export function isTested(person: OnCallPerson): boolean {
  return person.channels.some((channel) => channel.tested);
}

/** The days from today on, of those given, that have nobody. */
export function emptyDays(days: Roster["days"], today: string): string[] {
  return days.filter((d) => d.day >= today && d.people.length === 0).map((d) => d.day);
}

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
