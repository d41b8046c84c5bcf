import type { Call } from "../api/client.ts";
import type { AccountRecord, Database } from "../store/database.ts";
import { getSealed, keepVersions, putSealed, type Version } from "../store/threads.ts";
import type { Schedule } from "../rules/schedules.ts";

export interface AlertState {
  id: string;
  entry_ids: string[];
  state: "open" | "acknowledged" | "resolved";
  at: string;
  seen_at: string | null;
  seen_by_role: string | null;
}

/** Something that was sent, from this phone or another, and could not become an entry. */
export interface SetAside {
  id: string;
  entry_id: string | null;
  status: "refused" | "conflict";
  kind: string | null;
  code: string;
  message: string;
  raw: string;
  received_at: string;
}

/** The site's question at a value, with what was said so far. */
export interface Question {
  id: string;
  /** The version that it was asked about, and its entry. */
  entry_id: string;
  root_id: string;
  kind: string;
  state: "open" | "answered" | "closed";
  messages: { author_role: string; is_mine: boolean; text: string; at: string }[];
}

interface Changes {
  entries: Version[];
  refusals?: SetAside[];
  schedules: Schedule[];
  queries: Question[];
  alerts: AlertState[];
  cursor: string;
}

/** What the phone knows of one participant besides entries. */
export interface Around {
  cursor: string;
  /** The first fetch has not come to its end: what is here is not all, and says nothing of what is missing. */
  isPartial?: boolean;
  refusals: SetAside[];
  schedules: Schedule[];
  queries: Question[];
  alerts: AlertState[];
}

export const NOTHING: Around = { cursor: "0", isPartial: true, refusals: [], schedules: [], queries: [], alerts: [] };

export async function getAround(db: Database, account: AccountRecord, participant: string): Promise<Around> {
  return (await getSealed<Around>(db, account, `around ${participant}`)) ?? NOTHING;
}

function byId<T extends { id: string }>(kept: T[], fresh: T[]): T[] {
  const all = new Map(kept.map((item) => [item.id, item]));
  for (const item of fresh) all.set(item.id, item);
  return [...all.values()];
}

/**
 * Fetches everything new of one participant, or with `again` everything there is, because something of it can
 * no longer be read here. Call it under the sync lock, signed in as the account.
 */
export async function pull(db: Database, account: AccountRecord, participant: string, call: Call, again = false): Promise<number> {
  let around = await getAround(db, account, participant);
  if (again) around = { ...around, cursor: NOTHING.cursor };
  let received = 0;
  for (;;) {
    const query = new URLSearchParams({ participant_id: participant, since: around.cursor });
    const changes = (await call("GET", `/api/patient/changes?${query.toString()}`)) as Changes;
    await keepVersions(db, account, participant, changes.entries);
    const { cursor: before, isPartial = false } = around;
    const isEnd = changes.cursor === before;
    around = {
      cursor: changes.cursor,
      isPartial: isPartial && !isEnd,
      refusals: byId(around.refusals, changes.refusals ?? []),
      schedules: byId(around.schedules, changes.schedules),
      queries: byId(around.queries, changes.queries),
      alerts: byId(around.alerts, changes.alerts),
    };
    // The cursor is kept after what it covers: a phone that dies in between asks again.
    if (!isEnd || isPartial) await putSealed(db, account, `around ${participant}`, around);
    received += changes.entries.length;
    // An empty page is not the end: only an unchanged cursor is.
    if (isEnd) return received;
  }
}
