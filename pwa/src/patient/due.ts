/** Today's list: which occurrence was answered, is open, comes later or was missed. */
import type { DoseData } from "../api/types.ts";
import { occurrences, type Occurrence, type Schedule } from "../rules/schedules.ts";
import { addDays } from "../rules/days.ts";
import type { Words } from "../text/index.ts";
import { isReading, type Item } from "./items.ts";

export type DueState = "hold" | "now" | "missed" | "later" | "done";

export interface Due {
  occurrence: Occurrence;
  state: DueState;
  answer: Item | null;
}

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

function isHeld(occurrence: Occurrence, drawn: ReadonlySet<string>): boolean {
  const hold = occurrence.schedule.hold;
  const first = [...occurrence.schedule.times].sort()[0];
  return hold?.day === occurrence.day && occurrence.slot === first && !drawn.has(occurrence.schedule.id + occurrence.day);
}

function stateOf(occurrence: Occurrence, answer: Item | null, nowMs: number, drawn: ReadonlySet<string>): DueState {
  if (answer !== null) return "done";
  if (isHeld(occurrence, drawn)) return "hold";
  if (nowMs < occurrence.opensAt) return "later";
  return nowMs <= occurrence.closesAt ? "now" : "missed";
}

const ORDER: DueState[] = ["hold", "now", "missed", "later", "done"];

/** Today's occurrences and yesterday's unanswered doses, in the order in which they matter. */
export function dueList(
  schedules: Schedule[], items: Item[], today: string, nowMs: number, drawn: ReadonlySet<string>,
): Due[] {
  const used = new Set<string>();
  const read = (occurrence: Occurrence): Due => {
    const answer = items.findLast((item) => !used.has(item.root) && isAnswer(item, occurrence)) ?? null;
    if (answer !== null && occurrence.schedule.kind === "reading") used.add(answer.root);
    return { occurrence, answer, state: stateOf(occurrence, answer, nowMs, drawn) };
  };
  const yesterday = occurrences(schedules, addDays(today, -1)).map(read)
    .filter((d) => d.state !== "done" && d.occurrence.schedule.kind === "dose");
  const all = [...yesterday, ...occurrences(schedules, today).map(read)];
  return all.sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.occurrence.at - b.occurrence.at);
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
