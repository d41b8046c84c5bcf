import type { Basis, Entry, EntryResult } from "../api/types.ts";
import { lived } from "../rules/days.ts";
import { STRICT, type AccountRecord, type Database, type Sealed, type ThreadRecord } from "./database.ts";
import { open, seal, tryOpen } from "./vault.ts";

/** One version of an entry as the server keeps it; our own copy of its answer until `listChanges` brings it. */
export interface Version extends Omit<Entry, "replaces" | "reason" | "proxy_reason" | "app_version"> {
  replaces?: string | null;
  reason?: string | null;
  proxy_reason?: string | null;
  app_version?: string | null;
  root_id?: string;
  received_at: string | null;
  author_role: string | null;
  author_id?: string;
  state: "stored" | "held" | "accepted";
  severe: boolean | null;
  basis: Basis | null;
  episode_id: string | null;
}

export interface Thread {
  root: string;
  versions: Version[];
}

export function scopeOf(account: string, participant: string): string {
  return `${account} ${participant}`;
}

/** The version that no other version replaces; of two, the one received last. */
export function currentOf<V extends { id: string; replaces?: string | null }>(versions: V[]): V | undefined {
  const replaced = new Set(versions.map((v) => v.replaces));
  return versions.findLast((v) => !replaced.has(v.id)) ?? versions.at(-1);
}

function dayOf(versions: Version[]): string {
  const shown = currentOf(versions.filter((v) => v.data !== null)) ?? versions[0];
  return shown === undefined ? "" : lived(shown.occurred_at, shown.zone).day;
}

/** The root of each version, and where whole threads go: one that began before its predecessor came belongs to that one's. */
async function rootsFor(db: Database, scope: string, versions: Version[]): Promise<{ roots: Map<string, string>; moves: Map<string, string> }> {
  const roots = new Map<string, string>();
  const moves = new Map<string, string>();
  for (const version of versions) {
    const known = (await db.get("roots", [scope, version.id]))?.root;
    const parent = version.replaces ?? undefined;
    const inherited = parent === undefined ? undefined : (roots.get(parent) ?? (await db.get("roots", [scope, parent]))?.root);
    const root = version.root_id ?? inherited ?? known ?? parent ?? version.id;
    roots.set(version.id, root);
    for (const old of [version.id, known]) if (old !== undefined && old !== root) moves.set(old, root);
  }
  for (const [id, root] of roots) roots.set(id, endOf(root, moves));
  return { roots, moves };
}

function endOf(root: string, moves: ReadonlyMap<string, string>): string {
  let end = root;
  for (let left = moves.size; left > 0; left--) end = moves.get(end) ?? end;
  return end;
}

async function merged(
  db: Database, account: AccountRecord, scope: string, root: string, from: string[], fresh: Version[],
): Promise<{ record: ThreadRecord; ids: string[] }> {
  const byId = new Map<string, Version>();
  const aside: Sealed[] = [];
  for (const one of [root, ...from]) {
    const kept = await db.get("threads", [scope, one]);
    if (kept === undefined) continue;
    const known = await tryOpen<Version[]>(account.key, kept.sealed);
    for (const v of known ?? []) byId.set(v.id, v);
    aside.push(...(kept.aside ?? []), ...(known === null ? [kept.sealed] : []));
  }
  for (const v of fresh) byId.set(v.id, v);
  const versions = [...byId.values()];
  const record = { scope, root, day: dayOf(versions), sealed: await seal(account.key, versions), ...(aside.length === 0 ? {} : { aside }) };
  return { record, ids: [...byId.keys()] };
}

/**
 * Keeps received versions of one participant and takes those that are `settled` out of the outbox, in one
 * transaction. Call it under the sync lock: it reads, seals, and then writes.
 */
export async function keepVersions(
  db: Database, account: AccountRecord, participant: string, versions: Version[], settled: string[] = [],
): Promise<void> {
  const scope = scopeOf(account.id, participant);
  const { roots, moves } = await rootsFor(db, scope, versions);
  const groups = new Map<string, Version[]>();
  for (const v of versions) {
    const root = roots.get(v.id) ?? v.id;
    groups.set(root, [...(groups.get(root) ?? []), v]);
  }
  const left = [...moves.keys()].filter((old) => endOf(old, moves) !== old);
  const threads = await Promise.all([...groups].map(([root, group]) => merged(db, account, scope, root, left.filter((old) => endOf(old, moves) === root), group)));

  const tx = db.transaction(["threads", "roots", "outbox"], "readwrite", STRICT);
  const writes: Promise<unknown>[] = [];
  for (const old of left) writes.push(tx.objectStore("threads").delete([scope, old]));
  for (const { record, ids } of threads) {
    writes.push(tx.objectStore("threads").put(record));
    for (const id of ids) writes.push(tx.objectStore("roots").put({ scope, id, root: record.root }));
  }
  for (const id of settled) {
    const seq = await tx.objectStore("outbox").index("id").getKey(id);
    if (seq !== undefined) writes.push(tx.objectStore("outbox").delete(seq));
  }
  await Promise.all([...writes, tx.done]);
}

/** The entry as it stands once the server has answered for it, until `listChanges` brings its own copy. */
export function settledVersion(entry: Entry, result: EntryResult): Version {
  return {
    ...entry,
    received_at: null,
    author_role: null,
    state: result.status === "held" ? "held" : "stored",
    severe: result.severe,
    basis: result.basis,
    episode_id: result.episode_id,
  };
}

export interface Threads {
  threads: Thread[];
  /** Roots that this phone can no longer read; the server has them. */
  unreadable: string[];
}

/** Threads whose entry stands on a day from `fromDay` to `toDay`, both included, opened record by record. */
export async function readThreads(
  db: Database, account: AccountRecord, participant: string, fromDay: string, toDay: string,
): Promise<Threads> {
  const scope = scopeOf(account.id, participant);
  const range = IDBKeyRange.bound([scope, fromDay], [scope, toDay]);
  const records = await db.getAllFromIndex("threads", "day", range);
  const out: Threads = { threads: [], unreadable: [] };
  const opened = await Promise.all(records.map((r) => tryOpen<Version[]>(account.key, r.sealed)));
  for (const [i, { root }] of records.entries()) {
    const versions = opened[i] ?? null;
    if (versions === null) out.unreadable.push(root);
    else out.threads.push({ root, versions });
  }
  return out;
}

/** The first day before `day` that holds anything, so that a long gap is skipped at once. */
export async function dayBefore(
  db: Database, account: AccountRecord, participant: string, day: string,
): Promise<string | null> {
  const scope = scopeOf(account.id, participant);
  const range = IDBKeyRange.bound([scope, ""], [scope, day], false, true);
  const cursor = await db.transaction("threads").store.index("day").openCursor(range, "prev");
  return cursor === null ? null : cursor.value.day;
}

/** What the server's `listChanges` keeps besides entries: schedules, queries, alerts; sealed as one. */
export async function getSealed<T>(db: Database, account: AccountRecord, key: string): Promise<T | null> {
  const record = await db.get("sealed", `${account.id} ${key}`);
  if (record === undefined) return null;
  try {
    return await open<T>(account.key, record.sealed);
  } catch {
    // What cannot be read is started anew; the old bytes stay beside it.
    await db.put("sealed", { key: `${record.key} unreadable`, sealed: record.sealed });
    return null;
  }
}

/** Reads, changes and writes it with no other tab in between. */
export async function changeSealed<T>(db: Database, account: AccountRecord, key: string, change: (kept: T | null) => T): Promise<void> {
  await navigator.locks.request("diary-sealed", async () => putSealed(db, account, key, change(await getSealed<T>(db, account, key))));
}

export async function putSealed(db: Database, account: AccountRecord, key: string, value: unknown): Promise<void> {
  const sealed = await seal(account.key, value);
  const tx = db.transaction("sealed", "readwrite", STRICT);
  await Promise.all([tx.store.put({ key: `${account.id} ${key}`, sealed }), tx.done]);
}
