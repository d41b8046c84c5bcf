import { openDB, type DBSchema, type IDBPDatabase } from "idb";

/** AES-GCM ciphertext with the nonce it was made with. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** A person who can be on this phone. The key never leaves the browser: it cannot be exported. */
export interface AccountRecord {
  id: string;
  login: string;
  key: CryptoKey;
  pin: { salt: Uint8Array<ArrayBuffer>; rounds: number; check: ArrayBuffer } | null;
  failed_pins: number;
  profile: Sealed;
}

export type OutboxState = "waiting" | "conflict" | "refused";

/** An entry that the server has not taken. `seq` keeps the order in which it was saved. */
export interface OutboxRecord {
  seq?: number;
  id: string;
  account: string;
  state: OutboxState;
  sealed: Sealed;
  code: string | null;
  message: string | null;
}

/** All versions of one entry as the server (or its answer to us) gave them. */
export interface ThreadRecord {
  scope: string;
  root: string;
  day: string;
  sealed: Sealed;
  /** Earlier contents that could not be opened any more when the server's versions came again. */
  aside?: Sealed[];
}

export interface DiaryDB extends DBSchema {
  accounts: { key: string; value: AccountRecord };
  outbox: { key: number; value: OutboxRecord; indexes: { id: string; account: string } };
  threads: { key: [string, string]; value: ThreadRecord; indexes: { day: [string, string] } };
  roots: { key: [string, string]; value: { scope: string; id: string; root: string } };
  sealed: { key: string; value: { key: string; sealed: Sealed } };
  plain: { key: string; value: { key: string; value: unknown } };
}

export type Database = IDBPDatabase<DiaryDB>;

export const DATABASE_NAME = "islet-diary";

/** What happens around an open connection. */
export interface Watch {
  /** A newer version of the diary wants to change the database and waits until `close` is called. */
  onWanted: (close: () => void) => void;
  /** The browser took the connection away. */
  onGone: () => void;
}

/** Opens the phone's database. Without a watch it gives way to a newer version at once. */
export function openDatabase(watch?: Watch): Promise<Database> {
  return openDB<DiaryDB>(DATABASE_NAME, 1, {
    upgrade(db) {
      db.createObjectStore("accounts", { keyPath: "id" });
      const outbox = db.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("id", "id", { unique: true });
      outbox.createIndex("account", "account");
      const threads = db.createObjectStore("threads", { keyPath: ["scope", "root"] });
      threads.createIndex("day", ["scope", "day"]);
      db.createObjectStore("roots", { keyPath: ["scope", "id"] });
      db.createObjectStore("sealed", { keyPath: "key" });
      db.createObjectStore("plain", { keyPath: "key" });
    },
    blocking(_current, _blocked, event) {
      const connection = event.target as IDBDatabase;
      const close = (): void => connection.close();
      if (watch === undefined) close();
      else watch.onWanted(close);
    },
    terminated: () => watch?.onGone(),
  });
}

/** Written through to the disk before the promise resolves: "saved" must survive a dead battery. */
export const STRICT = { durability: "strict" } as const;

export async function getPlain(db: Database, key: string): Promise<unknown> {
  return (await db.get("plain", key))?.value;
}

export async function putPlain(db: Database, key: string, value: unknown): Promise<void> {
  const tx = db.transaction("plain", "readwrite", STRICT);
  await Promise.all([tx.store.put({ key, value }), tx.done]);
}
