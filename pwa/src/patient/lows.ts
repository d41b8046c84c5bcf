/** Which lows are running or unanswered (STUDY.md 4, "on the phone"). */
import type { Participant } from "../api/account.ts";
import type { Study } from "../api/study.ts";
import { isLow } from "../rules/glucose.ts";
import { isExcluded, readingOf } from "../rules/hypoglycaemia.ts";
import { eventData, isReading, isTaken, readingData, type Item } from "./items.ts";
import type { LowProgress, Person, State } from "./state.ts";

export interface Low {
  /** The reading, or the event when there was none. */
  item: Item;
  /** The event that answers for it. */
  event: Item | null;
  /** A later reading that is no longer low. */
  recovered: Item | null;
  /** A later reading that is still low. */
  still: Item | null;
}

function lowness(item: Item, study: Study): "low" | "recovered" | null {
  if (!isReading(item)) return null;
  const reading = readingOf(readingData(item.current), study);
  if (reading === null || isExcluded(reading)) return null;
  if (isLow(reading.glucose, study)) return "low";
  return reading.device === "cgm" ? null : "recovered";
}

const isEvent = (item: Item): boolean => item.kind === "hypo_event" && isTaken(item);

/** Lows among these items (newest first), newest first. An event of its own counts as one. */
export function findLows(items: Item[], study: Study): Low[] {
  const events = items.filter(isEvent);
  const linked = new Map(events.map((e) => [eventData(e.current).reading_id ?? e.root, e]));
  const ofReading = (item: Item): Item | null =>
    item.versions.map((v) => linked.get(v.id)).find((e) => e !== undefined) ?? null;
  return items.flatMap((item): Low[] => {
    const isOwn = isEvent(item) && (eventData(item.current).reading_id ?? null) === null;
    if (lowness(item, study) !== "low" && !isOwn) return [];
    const after = items.filter((other) => other.at > item.at && other.root !== item.root).reverse();
    const recovered = after.find((other) => lowness(other, study) === "recovered") ?? null;
    const still = after.find((other) => lowness(other, study) === "low") ?? null;
    return [{ item, event: isOwn ? item : ofReading(item), recovered, still }];
  });
}

/** Of this hour, as the study counts it: to be told what to do now, and for a wait to run on. */
export function isRecent(atMs: number, nowMs: number, study: Study): boolean {
  const age = nowMs - atMs;
  return age < study.low_screen.max_age_min * 60_000 && age > -600_000;
}

/** Young enough to be told what to do now. */
export const isNow = (low: Low, nowMs: number, study: Study): boolean => isRecent(low.item.at, nowMs, study);

export function isAnswered(low: Low): boolean {
  const answer = low.event === null ? undefined : eventData(low.event.current).could_self_treat;
  return answer !== undefined;
}

/** A low and whose it is. */
export interface LowOf {
  participant: Participant;
  low: Low;
}

type Everybody = Pick<State, "participant" | "items" | "others" | "study">;

export const everybody = ({ participant, items, others }: Everybody): Person[] => [...(participant === null ? [] : [{ participant, items }]), ...others];

export const itemsOf = (state: Everybody, whose: Participant | null): Item[] =>
  everybody(state).find(({ participant }) => participant.id === whose?.id)?.items ?? [];

/** The lows that run, of everybody this phone writes for: now, not recovered from, the newest of its run. */
export function runningLows(state: Everybody, nowMs: number): LowOf[] {
  return everybody(state).flatMap(({ participant, items }) => {
    const low = findLows(items, state.study).find((one) => isNow(one, nowMs, state.study) && one.recovered === null && one.still === null);
    return low === undefined ? [] : [{ participant, low }];
  });
}

/** The low of this entry or of any of its versions, whoever has it. */
export function lowAt(state: Everybody, root: string): LowOf | null {
  const is = (item: Item | null): boolean => item !== null && (item.root === root || item.versions.some((v) => v.id === root));
  for (const { participant, items } of everybody(state)) {
    const low = findLows(items, state.study).find((one) => is(one.item) || is(one.event));
    if (low !== undefined) return { participant, low };
  }
  return null;
}

/** A low within the hour after another of the same person: still low. */
export function isAgain(state: Everybody, { participant, low }: LowOf): boolean {
  return findLows(itemsOf(state, participant), state.study).some((l) => l.still?.root === low.item.root && low.item.at - l.item.at < 3_600_000);
}

/** Somebody who passed out or had a seizure gets nothing by mouth: so it was written of a low of this run. */
export function hasSign(state: Everybody, { participant, low }: LowOf): boolean {
  const near = state.study.low_screen.max_age_min * 60_000;
  return findLows(itemsOf(state, participant), state.study).some(({ item, event }) => {
    if (event === null || Math.abs(item.at - low.item.at) >= near) return false;
    const { lost_consciousness, seizure } = eventData(event.current);
    return lost_consciousness === "yes" || seizure === "yes";
  });
}

/** Where a low that runs is shown; `otherwise` when there is none. */
export function lowPlace(state: Everybody, nowMs: number, otherwise: string): string {
  const [first] = runningLows(state, nowMs);
  return first === undefined ? otherwise : `low/${first.low.item.root}`;
}

/** Whose low: of this entry, of one child that was named, or of the only person this phone writes for. */
export function whoseLow({ me }: Pick<State, "me">, of: LowOf | null, named: string | null): Participant | null {
  const everyone = me?.participants ?? [];
  return of?.participant ?? everyone.find(({ id }) => id === named) ?? (everyone.length === 1 ? (everyone[0] ?? null) : null);
}

/**
 * When sugar was taken for the low at `root`; where nobody wrote it down (`root` empty), by this participant since
 * their last entry. What is older than the study's hour counts for nothing: it belongs to another low.
 */
export function waitSince(state: Everybody & Pick<State, "lows">, root: string, whose: Participant | null, nowMs: number): number | null {
  const items = itemsOf(state, whose);
  const isOf = (wait: LowProgress): boolean => wait.root === root
    && (root !== "" || ((wait.participant ?? null) === (whose?.id ?? null) && !items.some((item) => Date.parse(item.current.recorded_at) > wait.ateAt)));
  return state.lows.find((wait) => isRecent(wait.ateAt, nowMs, state.study) && isOf(wait))?.ateAt ?? null;
}
