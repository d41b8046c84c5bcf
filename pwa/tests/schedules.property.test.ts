import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../src/api/client.ts";
import type { Entry } from "../src/api/types.ts";
import { keepAccount } from "../src/store/accounts.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { addToOutbox, readOutbox } from "../src/store/outbox.ts";
import { readThreads } from "../src/store/threads.ts";
import { uuid7 } from "../src/store/uuid.ts";
import { syncOnce } from "../src/sync/cycle.ts";
import { SharedLocks } from "./locks.ts";
import { ContractServer, ownParticipant, type Fault } from "./server.ts";

const PARTICIPANT = "p-7";
const ME = {
  account: { id: "a-7", login: "S007", role: "participant", language: "en", name: null },
  participants: [ownParticipant(PARTICIPANT)],
};

/** Small, repeatable randomness (mulberry32), so that a failing schedule can be run again by its number. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A tab: its own connection, and calls that never come back once it is killed. */
class Tab {
  alive = true;
  /** Its syncs that run. */
  busy = 0;
  private constructor(readonly name: string, readonly db: Database, private readonly locks: SharedLocks) {}

  static async open(name: string, locks: SharedLocks): Promise<Tab> {
    return new Tab(name, await openDatabase(), locks);
  }

  call(server: ContractServer): Call {
    return async (...args) => {
      if (!this.alive) return new Promise(() => undefined);
      const answer = await server.call(...args);
      return this.isDead() ? new Promise(() => undefined) : answer;
    };
  }

  sync(server: ContractServer, again = false): Promise<unknown> {
    this.busy += 1;
    return syncOnce(this.db, this.call(server), this.locks.forTab(this.name), again).catch((error: unknown) => {
      // What a killed tab was doing ends with its closed database; a living one has no excuse.
      if (this.alive) throw error;
    }).finally(() => { this.busy -= 1; });
  }

  private isDead(): boolean {
    return !this.alive;
  }

  kill(): void {
    this.alive = false;
    this.locks.kill(this.name);
    this.db.close();
  }
}

function reading(n: number, replaces?: string): Entry {
  return {
    id: uuid7(1_770_000_000_000 + n), participant_id: PARTICIPANT, kind: "reading",
    occurred_at: `2026-03-0${(n % 9) + 1}T07:10:00+08:00`, zone: "Asia/Shanghai",
    recorded_at: "2026-03-01T07:10:05.000+08:00", data: { value: `${5 + (n % 5)}.${n % 10}`, unit: "mmol/L" },
    origin: "typed", app_version: "test", ...(replaces === undefined ? {} : { replaces, reason: "read again" }),
  };
}

const FAULTS: Fault[] = ["none", "none", "none", "lost_request", "dies_after_commit", "busy", "dies_midway"];

interface Run {
  saved: Entry[];
  refused: Set<string>;
  server: ContractServer;
  doubled: string[];
  /** Records whose ciphertext was damaged on the disk. */
  spoilt: number;
  /** Saves that a killed tab never said to be kept. */
  unsaid: number;
  tab: Tab;
}

/** A bad block of the phone's memory: one record of the store can no longer be opened. */
async function spoil(db: Database, store: "outbox" | "threads", pick: <T>(items: readonly T[]) => T): Promise<number> {
  const tx = db.transaction(store, "readwrite");
  const records = await tx.store.getAll();
  if (records.length > 0) {
    const record = pick(records);
    record.sealed = { iv: record.sealed.iv, data: new Uint8Array(record.sealed.data.byteLength).buffer };
    await tx.store.put(record);
  }
  await tx.done;
  return Math.min(1, records.length);
}

/** Until the syncs that run have asked the server a few times more: a busy machine must not make the schedules tame. */
async function someCalls(server: ContractServer, tabs: Tab[], calls: number): Promise<void> {
  const enough = server.calls + calls;
  while (server.calls < enough && tabs.some((t) => t.busy > 0)) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function runSchedule(seed: number): Promise<Run> {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const server = new ContractServer("a-7", PARTICIPANT);
  server.nextFault = () => pick(FAULTS);
  const locks = new SharedLocks();
  let tabs = [await Tab.open("tab-0", locks), await Tab.open("tab-1", locks)];
  const account = await keepAccount((tabs[0] as Tab).db, ME, null);
  const saved: Entry[] = [];
  const refused = new Set<string>();
  const running: Promise<unknown>[] = [];
  let opened = 2;
  let spoilt = 0;
  let unsaid = 0;
  let number = 0;

  const add = async (tab: Tab): Promise<void> => {
    const earlier = random() < 0.25 ? saved.findLast((e) => !refused.has(e.id)) : undefined;
    const entry = reading(number++, earlier?.id);
    const isBad = earlier === undefined && random() < 0.1;
    if (isBad) entry.data = { value: "ERR", unit: "mmol/L" };
    await addToOutbox(tab.db, account, [entry]);
    saved.push(entry);
    if (isBad) refused.add(entry.id);
  };

  for (let step = 0; step < 24; step++) {
    const index = Math.floor(random() * tabs.length);
    const tab = tabs[index] as Tab;
    const action = random();
    if (action < 0.35) await add(tab);
    else if (action < 0.4) {
      // Killed in the middle of a save: kept where it was said to be kept, else not at all.
      const adding = add(tab).catch(() => { unsaid += 1; });
      if (random() < 0.5) await Promise.resolve();
      tab.kill();
      await adding;
      tabs = [...tabs.slice(0, index), await Tab.open(`tab-${opened++}`, locks), ...tabs.slice(index + 1)];
    }
    else if (action < 0.5) server.online = !server.online;
    else if (action < 0.75) running.push(tab.sync(server));
    else if (action < 0.9) {
      tab.kill();
      tabs = [...tabs.slice(0, index), await Tab.open(`tab-${opened++}`, locks), ...tabs.slice(index + 1)];
    } else if (action < 0.94) spoilt += await spoil(tab.db, random() < 0.6 ? "outbox" : "threads", pick);
    else await someCalls(server, tabs, 1 + Math.floor(random() * 4));
  }

  server.online = true;
  server.nextFault = () => "none";
  for (const tab of tabs) tab.kill();
  await Promise.race([Promise.allSettled(running), new Promise((resolve) => setTimeout(resolve, 5))]);
  // However fast the machine was: one more entry that the server takes, and whose answer is lost on the way.
  const cut = await Tab.open("cut", locks);
  await add(cut);
  server.nextFault = () => (server.calls % 2 === 0 ? "dies_after_commit" : "none");
  server.calls = 0;
  await cut.sync(server);
  server.nextFault = () => "none";
  cut.kill();
  const last = await Tab.open("last", locks);
  await last.sync(server, true);
  const doubled = server.order.filter((id, i) => server.order.indexOf(id) !== i);
  return { saved, refused, server, doubled, spoilt, unsaid, tab: last };
}

/** What cannot be sent because it replaces something that can no longer be read. */
function blockedBy(saved: Entry[], unreadable: ReadonlySet<string>): Set<string> {
  const blocked = new Set<string>();
  for (const { id, replaces } of saved) if (!unreadable.has(id) && replaces !== undefined && (unreadable.has(replaces) || blocked.has(replaces))) blocked.add(id);
  return blocked;
}

describe("100 random schedules of offline, online, reload, kill and broken records in two tabs", () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });

  it.each(Array.from({ length: 100 }, (_, i) => i + 1))("schedule %i loses nothing and doubles nothing", async (seed) => {
    const { saved, refused, server, doubled, tab } = await runSchedule(seed);
    const account = await tab.db.get("accounts", "a-7");
    if (account === undefined) throw new Error("the account is gone");
    const outbox = await readOutbox(tab.db, account);
    // Kept for ever, each a record of its own; of all others nothing is missing.
    const unreadable = new Set(outbox.unreadable);
    const blocked = blockedBy(saved, unreadable);
    const good = saved.filter((e) => !refused.has(e.id) && !unreadable.has(e.id) && !blocked.has(e.id));

    expect(doubled).toEqual([]);
    expect([...server.order].sort()).toEqual(good.map((e) => e.id).sort());
    for (const entry of good) expect(server.entries.get(entry.id)?.entry).toEqual(entry);

    const stays = saved.filter((e) => !unreadable.has(e.id) && (refused.has(e.id) || blocked.has(e.id)));
    expect(outbox.waiting.map((w) => [w.entry.id, w.state])).toEqual(stays.map((e) => [e.id, blocked.has(e.id) ? "conflict" : "refused"]));

    // What was damaged of the server's is whole again.
    const { threads, unreadable: gone } = await readThreads(tab.db, account, PARTICIPANT, "2026-01-01", "2026-12-31");
    expect(gone).toEqual([]);
    expect(threads.flatMap((t) => t.versions.map((v) => v.id)).sort()).toEqual(good.map((e) => e.id).sort());
    for (const thread of threads) {
      for (const v of thread.versions) if (v.replaces !== undefined) expect(thread.versions.map((o) => o.id)).toContain(v.replaces);
    }
    tab.db.close();
  });
});

it("the schedules do meet every fault, and entries do arrive more than once", async () => {
  let [again, damaged, lost, cut] = [0, 0, 0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    globalThis.indexedDB = new IDBFactory();
    const { server, tab, spoilt, unsaid } = await runSchedule(seed);
    again += [...server.arrivals.values()].filter((n) => n > 1).length;
    damaged += spoilt;
    cut += unsaid;
    const account = await tab.db.get("accounts", "a-7");
    if (account !== undefined) lost += (await readOutbox(tab.db, account)).unreadable.length;
    tab.db.close();
  }
  // In each of the thirty schedules at least the entry whose answer was lost at its end.
  expect(again).toBeGreaterThanOrEqual(30);
  expect(damaged).toBeGreaterThan(5);
  expect(lost).toBeGreaterThan(2);
  expect(cut).toBeGreaterThan(3);
});
