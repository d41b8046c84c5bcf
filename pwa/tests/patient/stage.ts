/** A tab of the patient app in memory: its real screens and store, fake-indexeddb, and the contract's server. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { h, render } from "preact";
import { vi } from "vitest";
import type { Me, Participant } from "../../src/api/account.ts";
import type { Entry } from "../../src/api/types.ts";
import { Diary, phoneZone } from "../../src/patient/diary.ts";
import { Root } from "../../src/patient/root.tsx";
import { Sending } from "../../src/patient/sending.ts";
import { Writing } from "../../src/patient/writing.ts";
import { fetchLater } from "../../src/patient/later.tsx";
import { local } from "../../src/rules/days.ts";
import type { Schedule } from "../../src/rules/schedules.ts";
import { keepAccount, setCurrentAccount } from "../../src/store/accounts.ts";
import { openDatabase, type AccountRecord, type Database } from "../../src/store/database.ts";
import { uuid7 } from "../../src/store/uuid.ts";
import { SharedLocks } from "../locks.ts";
import { ContractServer, ownParticipant } from "../server.ts";

process.env.TZ = "Asia/Shanghai";

export const OWN: Me = {
  account: { id: "a-7", login: "S007", role: "participant", language: "en", name: null },
  participants: [ownParticipant("p-7")],
};

const child = (id: string, subject_no: string, name: string): Participant => ({ ...ownParticipant(id), subject_no, name, is_child: true });

export const GUARDIAN: Me = {
  account: { id: "a-g", login: "S008-G1", role: "guardian", language: "en", name: null },
  participants: [child("p-8", "S008", "Ming"), child("p-9", "S009", "Lan")],
};

const open: { diary: Diary; root: HTMLElement }[] = [];
let locks = new SharedLocks();

/** A new phone: nothing on its disk, nothing on its screen. */
export function newPhone(): void {
  globalThis.indexedDB = new IDBFactory();
  locks = new SharedLocks();
  location.hash = "";
  localStorage.clear();
  localStorage.setItem("diary-preferences", JSON.stringify({ language: "en" }));
  vi.stubGlobal("scrollTo", () => undefined);
  const storage = { persisted: () => Promise.resolve(true), persist: () => Promise.resolve(true) };
  Object.defineProperty(navigator, "storage", { configurable: true, value: storage });
}

export async function closeAll(): Promise<void> {
  vi.restoreAllMocks();
  for (const { diary, root } of open.splice(0)) {
    render(null, root);
    root.remove();
    await settle(10);
    // What is still being written says nothing more, as in a tab that was closed.
    diary.channel.close();
    diary.channel.postMessage = () => undefined;
  }
}

/** Puts who is signed in on this phone's disk. */
export async function signedIn(me: Me, pin: string | null = null): Promise<{ db: Database; account: AccountRecord }> {
  const db = await openDatabase();
  const account = await keepAccount(db, me, pin);
  await setCurrentAccount(db, account.id);
  return { db, account };
}

export interface Tab {
  diary: Diary;
  sending: Sending;
  writing: Writing;
  root: HTMLElement;
  text: () => string;
  button: (word: string) => HTMLElement;
  has: (word: string) => boolean;
}

/** Opens the app as its own start does; `server` null is a phone without a network. */
export async function openTab(server: ContractServer | null, { unlocked = true, name = `tab-${open.length}` } = {}): Promise<Tab> {
  const diary = new Diary();
  if (server === null) vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  else Object.assign(diary, { call: server.call });
  Object.defineProperty(navigator, "locks", { configurable: true, value: locks.forTab(name) });
  const sending = new Sending(diary);
  const writing = new Writing(diary, sending);
  const root = document.body.appendChild(document.createElement("div"));
  open.push({ diary, root });
  render(h(Root, { rooms: { diary, sending, writing } }), root);
  await fetchLater();
  await diary.open();
  if (unlocked && diary.store.get().account !== null) diary.store.set({ locked: false });
  const find = (word: string): HTMLElement | undefined =>
    [...root.querySelectorAll<HTMLElement>("button, a")].find((e) => e.closest("[hidden]") === null && e.textContent.includes(word));
  const tab: Tab = {
    diary, sending, writing, root,
    text: () => seen(root),
    has: (word) => find(word) !== undefined,
    button: (word) => {
      const found = find(word);
      if (found === undefined) throw new Error(`no "${word}" on the screen:\n${seen(root)}`);
      return found;
    },
  };
  await settle();
  return tab;
}

/** What stands on the screen, without what is hidden. */
function seen(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll("[hidden]")) hidden.remove();
  return copy.textContent;
}

/** Lets the screen and the store come to rest: as many turns of the loop as milliseconds, so that a busy machine gets as many. */
export async function settle(ms = 30): Promise<void> {
  for (let turn = 0; turn < ms; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}

export async function goTo(hash: string): Promise<void> {
  location.hash = hash;
  dispatchEvent(new Event("hashchange"));
  await settle();
}

export async function until(what: () => boolean, say: () => string = () => "it did not come"): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (what()) return;
    await settle(20);
  }
  throw new Error(say());
}

export async function type(tab: Tab, keys: string[]): Promise<void> {
  for (const key of keys) {
    tab.root.querySelectorAll<HTMLElement>(".pad .key").forEach((e) => {
      if (e.closest("[hidden]") === null && (key === "." ? e.getAttribute("aria-label") === "Decimal point" : e.textContent.startsWith(key))) e.click();
    });
    await settle(5);
  }
}

/** Due now, every day. */
export function schedule(kind: Schedule["kind"], more: Partial<Schedule> = {}): Schedule {
  const zone = phoneZone();
  const now = local(Date.now(), zone);
  return {
    id: `s-${kind}`, participant_id: "p-7", kind, title: "Tacrolimus", times: [now.clock], rrule: null, zone, from_day: "2026-01-01", to_day: null,
    drug: "tacrolimus", amount: "1 mg", window_before_min: 60, window_after_min: 120, created_at: "2026-01-01T00:00:00Z", hold: null, ...more,
  };
}

let made = 0;
export function reading(participant: string, value: string, at: number, more: Partial<Entry> = {}): Entry {
  const iso = new Date(at).toISOString().replace("Z", "+00:00");
  return {
    id: uuid7(at + made++), participant_id: participant, kind: "reading", occurred_at: iso, zone: "Asia/Shanghai", recorded_at: iso,
    data: { value, unit: "mmol/L", device: "meter", sample: "capillary" }, origin: "typed", app_version: "test", ...more,
  };
}

/** Damages what is kept under this key, as a bad block of the phone's memory does. */
export async function spoil(db: Database, store: "outbox" | "threads" | "sealed" | "accounts", hit: (value: never) => boolean): Promise<number> {
  let spoilt = 0;
  const tx = db.transaction(store, "readwrite");
  for (let cursor = await tx.store.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    const value = structuredClone(cursor.value) as { sealed?: { data: ArrayBuffer }; profile?: { data: ArrayBuffer } };
    if (!hit(cursor.value as never)) continue;
    const sealed = value.sealed ?? value.profile;
    if (sealed !== undefined) sealed.data = new Uint8Array(sealed.data.byteLength).buffer;
    await cursor.update(value as never);
    spoilt += 1;
  }
  await tx.done;
  return spoilt;
}
