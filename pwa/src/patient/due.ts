/** Today's list: which occurrence was answered, is open, waits, comes later or was missed. */
import type { DoseData } from "../api/types.ts";
import { afterDraw, occurrences, type Occurrence, type Schedule } from "../rules/schedules.ts";
import { addDays, local } from "../rules/days.ts";
import type { Words } from "../text/index.ts";
import { isReading, type Item } from "./items.ts";

/** `hold` waits for the blood draw; `drawn` is the dose after it; `snoozed` was put off by the person. */
export type DueState = "hold" | "drawn" | "now" | "snoozed" | "missed" | "later" | "done";

export interface Due {
  occurrence: Occurrence;
  state: DueState;
  answer: Item | null;
  /** It falls on today in the schedule's zone; the others are yesterday's unanswered doses. */
  isToday: boolean;
  drawnAt: number | null;
  snoozedUntil: number | null;
}

/** One slot of one day, as the server keys it. */
export const slotKey = ({ schedule, day, slot }: Pick<Occurrence, "schedule" | "day" | "slot">): string => `${schedule.id}/${day}/${slot}`;

function answersSlot(item: Item, occurrence: Occurrence): boolean {
  if (item.withdrawn || item.open.length > 0) return false;
  const data = item.current.data as unknown as Partial<DoseData> | null;
  return data?.schedule_id === occurrence.schedule.id && data.due_day === occurrence.day && data.slot === occurrence.slot;
}

function isAnswer(item: Item, occurrence: Occurrence): boolean {
  switch (occurrence.schedule.kind) {
    case "dose":
    case "contraception":
      return item.kind === occurrence.schedule.kind && answersSlot(item, occurrence);
    case "reading":
      return isReading(item) && item.at >= occurrence.opensAt && item.at <= occurrence.closesAt;
    case "diary":
      return item.kind === "day_complete" && !item.withdrawn
        && (item.current.data as { day?: string } | null)?.day === occurrence.day;
  }
}

function isHeld({ schedule, day, slot }: Occurrence): boolean {
  const first = [...schedule.times].sort()[0];
  return schedule.hold?.day === day && slot === first;
}

/** When the blood was drawn that this dose waits for, as the entry says; null while it was not. */
function drawOf(occurrence: Occurrence, items: Item[]): number | null {
  return items.find((item) => item.kind === "blood_draw" && answersSlot(item, occurrence))?.at ?? null;
}

function stateOf(due: Omit<Due, "state">, held: boolean, nowMs: number): DueState {
  const { occurrence, answer, drawnAt, snoozedUntil } = due;
  if (answer !== null) return "done";
  if (held && drawnAt === null) return "hold";
  // A draw has happened, whatever a clock that was read before it says.
  if (nowMs < occurrence.opensAt && drawnAt === null) return "later";
  if (nowMs > occurrence.closesAt) return "missed";
  if (snoozedUntil !== null) return "snoozed";
  return drawnAt === null ? "now" : "drawn";
}

const ORDER: DueState[] = ["hold", "drawn", "now", "missed", "snoozed", "later", "done"];

function ofDay(schedules: Schedule[], nowMs: number, days: number): Occurrence[] {
  return schedules.flatMap((s) => occurrences([s], addDays(local(nowMs, s.zone).day, days))).sort((a, b) => a.at - b.at);
}

/** Today's occurrences and yesterday's unanswered doses, in the order in which they matter. */
export function dueList(schedules: Schedule[], items: Item[], nowMs: number, snoozed: ReadonlyMap<string, number>): Due[] {
  const used = new Set<string>();
  const read = (planned: Occurrence): Due => {
    const { at, schedule: { zone } } = planned;
    const isToday = local(at, zone).day === local(nowMs, zone).day;
    const held = isHeld(planned);
    const drawnAt = held ? drawOf(planned, items) : null;
    const occurrence = drawnAt === null ? planned : afterDraw(planned, drawnAt);
    const answer = items.findLast((item) => !used.has(item.root) && isAnswer(item, occurrence)) ?? null;
    if (answer !== null && occurrence.schedule.kind === "reading") used.add(answer.root);
    const until = snoozed.get(slotKey(occurrence)) ?? 0;
    const due = { occurrence, answer, isToday, drawnAt, snoozedUntil: until > nowMs ? until : null };
    return { ...due, state: stateOf(due, held, nowMs) };
  };
  const yesterday = ofDay(schedules, nowMs, -1).map(read)
    .filter((d) => d.isToday || (d.state !== "done" && d.occurrence.schedule.kind === "dose"));
  // Of tomorrow only what keeps a time that is over: the journey went west over the date line.
  const tomorrow = ofDay(schedules, nowMs, 1).filter((o) => o.at <= nowMs).map(read);
  const all = [...yesterday, ...ofDay(schedules, nowMs, 0).map(read), ...tomorrow];
  return all.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.occurrence.at - b.occurrence.at);
}

/** What asks for an answer at this moment: the number on the app's icon. */
export function countDue(due: Due[]): number {
  return due.filter((d) => d.state === "hold" || d.state === "drawn" || d.state === "now").length;
}

/** Minutes by which this may be put off and still be answered in its window. */
export function snoozeChoices({ occurrence }: Due, nowMs: number, minutes: readonly number[]): number[] {
  return minutes.filter((m) => nowMs + m * 60_000 < occurrence.closesAt);
}

/** When the same medicine was last taken before this occurrence, for the level in the blood; null when it is not known. */
export function lastDoseAt({ schedule }: Occurrence, schedules: Schedule[], items: Item[], beforeMs: number): number | null {
  const same = new Set(schedules.filter((s) => s.id === schedule.id || (s.drug != null && s.drug === schedule.drug)).map((s) => s.id));
  const times = items.flatMap((item) => {
    const data = item.current.data as unknown as Partial<DoseData> | null;
    if (item.kind !== "dose" || item.withdrawn || data?.status !== "taken" || !same.has(data.schedule_id ?? "")) return [];
    const at = data.taken_at == null ? item.at : Date.parse(data.taken_at);
    return at <= beforeMs ? [at] : [];
  });
  return times.length === 0 ? null : Math.max(...times);
}

/** The schedule as staff named it, with the amount unless the name says it already. */
export function scheduleName({ title, amount }: Pick<Schedule, "title" | "amount">): string {
  return amount == null || title.includes(amount) ? title : `${title} ${amount}`;
}

export function dueTitle({ occurrence: { schedule } }: Due, t: Words): string {
  if (schedule.kind === "diary") return t.today.finishDay;
  if (schedule.kind === "contraception") return t.kinds.contraception ?? "";
  return scheduleName(schedule);
}
