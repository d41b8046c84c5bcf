/** What a person sees of an entry: all its versions, sent or not, as one item. */
import type { Study } from "../api/study.ts";
import type { Entry, HypoEventData, ReadingData } from "../api/types.ts";
import { lived, type Local } from "../rules/days.ts";
import { band, inUnit, type Band } from "../rules/glucose.ts";
import { classify, readingOf } from "../rules/hypoglycaemia.ts";
import type { Unit } from "../api/types.ts";
import { currentOf, type Thread, type Version } from "../store/threads.ts";
import type { Waiting } from "../store/outbox.ts";

/** A version, with how far it has come when it is still on this phone. */
export interface SeenVersion extends Version {
  here: Waiting["state"] | null;
  code: string | null;
  message: string | null;
}

export interface Item {
  root: string;
  kind: string;
  current: SeenVersion;
  versions: SeenVersion[];
  /** Versions that the server did not take and that nobody has looked at. */
  open: SeenVersion[];
  at: number;
  local: Local;
  withdrawn: boolean;
}

function fromThread(version: Version): SeenVersion {
  return { ...version, here: null, code: null, message: null };
}

function fromOutbox(waiting: Waiting): SeenVersion {
  return {
    ...waiting.entry, received_at: null, author_role: null, state: "stored", severe: null, basis: null, episode_id: null,
    here: waiting.state, code: waiting.code, message: waiting.message,
  };
}

function itemOf(root: string, versions: SeenVersion[]): Item | null {
  const taken = versions.filter((v) => v.here === null || v.here === "waiting" || v.here === "unkept");
  const open = versions.filter((v) => v.here === "conflict" || v.here === "refused");
  const current = currentOf(taken) ?? open[0];
  if (current === undefined) return null;
  const shown = current.data === null ? (versions.findLast((v) => v.data !== null) ?? current) : current;
  return {
    root, kind: current.kind, current, versions, open,
    at: Date.parse(shown.occurred_at), local: lived(shown.occurred_at, shown.zone), withdrawn: current.data === null,
  };
}

/** Newest first. */
export function mergeItems(threads: Thread[], outbox: Waiting[], participant: string): Item[] {
  const byRoot = new Map<string, SeenVersion[]>();
  const rootOf = new Map<string, string>();
  for (const thread of threads) {
    byRoot.set(thread.root, thread.versions.map(fromThread));
    for (const v of thread.versions) rootOf.set(v.id, thread.root);
  }
  for (const waiting of outbox.filter((w) => w.entry.participant_id === participant)) {
    const { entry } = waiting;
    const known = rootOf.get(entry.id);
    // The answer came by another tab while this list was being read: the received copy is the one to show.
    if (known !== undefined && waiting.state === "waiting") continue;
    const parent = entry.replaces === undefined ? undefined : (rootOf.get(entry.replaces) ?? entry.replaces);
    const root = known ?? parent ?? entry.id;
    rootOf.set(entry.id, root);
    byRoot.set(root, [...(byRoot.get(root) ?? []), fromOutbox(waiting)]);
  }
  return [...byRoot]
    .map(([root, versions]) => itemOf(root, versions))
    .filter((item) => item !== null)
    .sort((a, b) => b.at - a.at || (a.root < b.root ? 1 : -1));
}

export type Mark = Band | "review";

export interface Shown {
  value: string;
  unit: Unit | null;
  mark: Mark;
}

/** A reading's number in the reader's unit with its mark; a value that cannot be read is shown as typed. */
export function showReading(data: ReadingData, unit: Unit, study: Study): Shown {
  const reading = readingOf(data, study);
  if (reading === null) return { value: data.value, unit: data.unit ?? null, mark: "review" };
  const verdict = classify(reading, null, { treatedByCarer: false, beforeEnrolment: false }, study);
  const doubtful = verdict.why !== null && verdict.why !== "unanswered";
  const { glucose } = reading;
  return {
    value: inUnit(glucose, unit, study),
    unit: glucose.censored === null ? unit : null,
    mark: doubtful ? "review" : band(glucose, study),
  };
}

/** It counts as far as anybody knows; what was not taken of it later does not undo what was. */
export const isTaken = ({ withdrawn, current: { here } }: Item): boolean => !withdrawn && here !== "refused" && here !== "conflict";

export const isReading = (item: Item): boolean => item.kind === "reading" && isTaken(item);

export const readingData = (entry: Pick<Entry, "data">): ReadingData => entry.data as unknown as ReadingData;
export const eventData = (entry: Pick<Entry, "data">): HypoEventData => entry.data as unknown as HypoEventData;

/** Calendar days between when it happened and when it was written, at least 1: for entries that are held. */
export function daysLate(entry: Pick<Entry, "occurred_at" | "recorded_at" | "zone">): number {
  return daysBetween(lived(entry.occurred_at, entry.zone).day, lived(entry.recorded_at, entry.zone).day);
}

export function daysBetween(fromDay: string, toDay: string): number {
  return Math.max(1, Math.round((Date.parse(toDay) - Date.parse(fromDay)) / 86_400_000));
}
