import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../src/api/client.ts";
import type { Entry } from "../src/api/types.ts";
import { keepAccount } from "../src/store/accounts.ts";
import { openDatabase, type Database } from "../src/store/database.ts";
import { addToOutbox, listOutbox } from "../src/store/outbox.ts";
import { listThreads } from "../src/store/threads.ts";
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

  sync(server: ContractServer): Promise<unknown> {
    return syncOnce(this.db, this.call(server), this.locks.forTab(this.name)).catch((error: unknown) => {
      // What a killed tab was doing ends with its closed database; a living one has no excuse.
      if (this.alive) throw error;
    });
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
  tab: Tab;
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

  const add = async (tab: Tab): Promise<void> => {
    const earlier = random() < 0.25 ? saved.findLast((e) => !refused.has(e.id)) : undefined;
    const entry = reading(saved.length, earlier?.id);
    if (earlier === undefined && random() < 0.1) {
      entry.data = { value: "ERR", unit: "mmol/L" };
      refused.add(entry.id);
    }
    await addToOutbox(tab.db, account, [entry]);
    saved.push(entry);
  };

  for (let step = 0; step < 24; step++) {
    const index = Math.floor(random() * tabs.length);
    const tab = tabs[index] as Tab;
    const action = random();
    if (action < 0.4) await add(tab);
    else if (action < 0.5) server.online = !server.online;
    else if (action < 0.75) running.push(tab.sync(server));
    else if (action < 0.9) {
      tab.kill();
      tabs = [...tabs.slice(0, index), await Tab.open(`tab-${opened++}`, locks), ...tabs.slice(index + 1)];
    } else await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 3)));
  }

  server.online = true;
  server.nextFault = () => "none";
  for (const tab of tabs) tab.kill();
  await Promise.race([Promise.allSettled(running), new Promise((resolve) => setTimeout(resolve, 5))]);
  const last = await Tab.open("last", locks);
  await last.sync(server);
  const doubled = server.order.filter((id, i) => server.order.indexOf(id) !== i);
  return { saved, refused, server, doubled, tab: last };
}

describe("100 random schedules of offline, online, reload and kill", () => {
  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
  });

  it.each(Array.from({ length: 100 }, (_, i) => i + 1))("schedule %i loses nothing and doubles nothing", async (seed) => {
    const { saved, refused, server, doubled, tab } = await runSchedule(seed);
    const account = await tab.db.get("accounts", "a-7");
    if (account === undefined) throw new Error("the account is gone");
    const good = saved.filter((e) => !refused.has(e.id));

    expect(doubled).toEqual([]);
    expect([...server.order].sort()).toEqual(good.map((e) => e.id).sort());
    for (const entry of good) expect(server.entries.get(entry.id)?.entry).toEqual(entry);

    const left = await listOutbox(tab.db, account);
    expect(left.map((w) => [w.entry.id, w.state])).toEqual(saved.filter((e) => refused.has(e.id)).map((e) => [e.id, "refused"]));

    const threads = await listThreads(tab.db, account, PARTICIPANT, "2026-01-01", "2026-12-31");
    expect(threads.flatMap((t) => t.versions.map((v) => v.id)).sort()).toEqual(good.map((e) => e.id).sort());
    for (const thread of threads) {
      for (const v of thread.versions) if (v.replaces !== undefined) expect(thread.versions.map((o) => o.id)).toContain(v.replaces);
    }
    tab.db.close();
  });
});

it("the schedules do meet every fault, and entries do arrive more than once", async () => {
  let again = 0;
  for (let seed = 1; seed <= 20; seed++) {
    globalThis.indexedDB = new IDBFactory();
    const { server, tab } = await runSchedule(seed);
    again += [...server.arrivals.values()].filter((n) => n > 1).length;
    tab.db.close();
  }
  expect(again).toBeGreaterThan(5);
});
