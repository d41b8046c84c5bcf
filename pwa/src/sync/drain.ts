import { NoAnswer, Refusal, type Call } from "../api/client.ts";
import type { Entry, EntryResult } from "../api/types.ts";
import type { AccountRecord, Database } from "../store/database.ts";
import { listOutbox, markOutbox } from "../store/outbox.ts";
import { keepVersions, settledVersion } from "../store/threads.ts";

const BATCH = 100;

/** Why sending stopped: nothing waits, sign in first, or try again later. */
export type Stop = { why: "done" } | { why: "sign_in" } | { why: "later"; afterS: number | null };

/** What may follow an entry that the server could not take just now must wait behind it. */
function dependsOn(entry: Entry, stuck: Set<string>): boolean {
  const reading = entry.data !== null && "reading_id" in entry.data ? entry.data.reading_id : undefined;
  return (entry.replaces !== undefined && stuck.has(entry.replaces))
    || (typeof reading === "string" && stuck.has(reading));
}

async function settle(db: Database, account: AccountRecord, entry: Entry, result: EntryResult): Promise<boolean> {
  switch (result.status) {
    case "stored":
    case "held":
    case "duplicate":
      await keepVersions(db, account, entry.participant_id, [settledVersion(entry, result)], [entry.id]);
      return true;
    case "conflict":
    case "refused":
      await markOutbox(db, entry.id, result.status, result.code, result.message);
      return true;
    default:
      // A word that this version of the app does not know is no answer: the entry goes on waiting.
      return false;
  }
}

function stopFor(error: unknown): Stop {
  if (error instanceof Refusal) {
    if (error.status === 401) return { why: "sign_in" };
    return { why: "later", afterS: error.retryAfterS };
  }
  if (error instanceof NoAnswer) return { why: "later", afterS: null };
  throw error;
}

const wantsLater = (status: number): boolean => status === 401 || status === 429 || status >= 500;

async function sendBatch(db: Database, account: AccountRecord, call: Call, entries: Entry[]): Promise<boolean> {
  const answer = (await call("POST", "/api/patient/entries/sync", { entries, sent_at: new Date().toISOString() })) as { results: EntryResult[] };
  const byId = new Map(answer.results.map((r) => [r.id, r]));
  let settled = 0;
  for (const entry of entries) {
    const result = byId.get(entry.id);
    if (result !== undefined && (await settle(db, account, entry, result))) settled += 1;
  }
  return settled === entries.length;
}

/** One entry by `putEntry`: a 4xx is the answer to this entry, kept with the server's sentence. */
async function sendOne(db: Database, account: AccountRecord, call: Call, entry: Entry): Promise<boolean> {
  try {
    const result = (await call("PUT", `/api/patient/entries/${entry.id}`, entry)) as EntryResult;
    return await settle(db, account, entry, result);
  } catch (error) {
    if (!(error instanceof Refusal) || wantsLater(error.status)) throw error;
    const state = error.status === 409 ? "conflict" : "refused";
    await markOutbox(db, entry.id, state, error.body.code, error.body.message);
    return true;
  }
}

/** The batch was turned down as a whole: one at a time, so that one bad entry blocks no other. */
async function sendSingly(db: Database, account: AccountRecord, call: Call, entries: Entry[]): Promise<Stop> {
  const stuck = new Set<string>();
  let stop: Stop = { why: "done" };
  let failuresInARow = 0;
  for (const entry of entries) {
    if (dependsOn(entry, stuck)) {
      stuck.add(entry.id);
      continue;
    }
    try {
      if (!(await sendOne(db, account, call, entry))) stuck.add(entry.id);
      failuresInARow = 0;
    } catch (error) {
      stop = stopFor(error);
      stuck.add(entry.id);
      failuresInARow += 1;
      const one = error instanceof Refusal && error.status >= 500 && failuresInARow < 2;
      if (!one) return stop;
    }
  }
  return stuck.size > 0 && stop.why === "done" ? { why: "later", afterS: null } : stop;
}

/**
 * Sends what waits for this account, oldest first, and takes each entry out of the outbox only when the
 * server has answered for it. Call it under the sync lock and with the account's own session.
 */
export async function drain(db: Database, account: AccountRecord, call: Call): Promise<Stop> {
  const seen = new Set<string>();
  for (;;) {
    const waiting = (await listOutbox(db, account)).filter((w) => w.state === "waiting" && !seen.has(w.entry.id));
    const entries = waiting.slice(0, BATCH).map((w) => w.entry);
    if (entries.length === 0) return { why: "done" };
    for (const entry of entries) seen.add(entry.id);
    try {
      if (!(await sendBatch(db, account, call, entries))) return { why: "later", afterS: null };
    } catch (error) {
      const whole = error instanceof Refusal && error.status !== 401 && error.status !== 429;
      if (!whole) return stopFor(error);
      const stop = await sendSingly(db, account, call, entries);
      if (stop.why !== "done") return stop;
    }
  }
}
