import type { Entry } from "../api/types.ts";
import { STRICT, type AccountRecord, type Database, type OutboxRecord, type OutboxState } from "./database.ts";
import { seal, tryOpen } from "./vault.ts";

/** `unkept`: the phone could not write it down; it is in memory only, so that a low is not lost from sight. */
export interface Waiting {
  entry: Entry;
  state: OutboxState | "unkept";
  code: string | null;
  message: string | null;
}

/** Keeps entries until the server has them, all or none; on the disk when the promise resolves. */
export async function addToOutbox(db: Database, account: AccountRecord, entries: Entry[]): Promise<void> {
  const records = await Promise.all(
    entries.map(async (entry): Promise<OutboxRecord> => ({
      id: entry.id,
      account: account.id,
      state: "waiting",
      sealed: await seal(account.key, entry),
      code: null,
      message: null,
    })),
  );
  const tx = db.transaction("outbox", "readwrite", STRICT);
  await Promise.all([...records.map((r) => tx.store.add(r)), tx.done]);
}

export interface Outbox {
  waiting: Waiting[];
  /** Ids of records that this phone can no longer read: kept, never sent, never counted as sent. */
  unreadable: string[];
}

/** All that is kept for this account, in the order it was saved; opened record by record. */
export async function readOutbox(db: Database, account: AccountRecord): Promise<Outbox> {
  const records = await db.getAllFromIndex("outbox", "account", account.id);
  records.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  const out: Outbox = { waiting: [], unreadable: [] };
  for (const { id, sealed, state, code, message } of records) {
    const entry = await tryOpen<Entry>(account.key, sealed);
    if (entry === null) out.unreadable.push(id);
    else out.waiting.push({ entry, state, code, message });
  }
  return out;
}

/** What the server has not taken from this account, in the order it was saved. */
export async function listOutbox(db: Database, account: AccountRecord): Promise<Waiting[]> {
  return (await readOutbox(db, account)).waiting;
}

/**
 * Lets go of records that can no longer be read where the server turned out to have their entry: it died before
 * it could say so, and its own copy is here by now. `scopes` are those of the account's participants.
 */
export async function settleReceived(db: Database, account: AccountRecord, scopes: string[]): Promise<void> {
  const { unreadable } = await readOutbox(db, account);
  for (const id of unreadable) {
    const tx = db.transaction(["roots", "outbox"], "readwrite", STRICT);
    const known = await Promise.all(scopes.map((scope) => tx.objectStore("roots").get([scope, id])));
    const seq = await tx.objectStore("outbox").index("id").getKey(id);
    if (seq !== undefined && known.some((root) => root !== undefined)) await tx.objectStore("outbox").delete(seq);
    await tx.done;
  }
}

export async function countWaiting(db: Database, account: string): Promise<number> {
  const records = await db.getAllFromIndex("outbox", "account", account);
  return records.filter((r) => r.state === "waiting").length;
}

/** Marks an entry that the server answered with a conflict or a refusal; it stays until looked at. */
export async function markOutbox(
  db: Database,
  id: string,
  state: OutboxState,
  code: string | null,
  message: string | null,
): Promise<void> {
  const tx = db.transaction("outbox", "readwrite", STRICT);
  const record = await tx.store.index("id").get(id);
  if (record !== undefined) await tx.store.put({ ...record, state, code, message });
  await tx.done;
}

/** Takes an answered entry that its author has looked at off the phone's list; never one that waits. */
export async function dismissFromOutbox(db: Database, id: string): Promise<boolean> {
  const tx = db.transaction("outbox", "readwrite", STRICT);
  const record = await tx.store.index("id").get(id);
  const answered = record?.seq !== undefined && record.state !== "waiting";
  if (answered && record.seq !== undefined) await tx.store.delete(record.seq);
  await tx.done;
  return answered;
}
