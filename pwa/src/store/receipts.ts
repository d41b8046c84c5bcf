/** What this phone has to say about push messages, kept until the server has heard it. */
import { STRICT, type Database } from "./database.ts";

export type ReceiptEvent = "received" | "shown" | "opened" | "dismissed";

export interface Receipt {
  token: string;
  event: ReceiptEvent;
  at: string;
}

const PREFIX = "receipt ";
/** After this long the reminder is over and the site has gone another way. */
const KEPT_MS = 7 * 86_400_000;
const TRY_MS = 2_500;
const PAUSES_MS = [300, 1_200];

const keyOf = ({ token, event }: Receipt): string => `${PREFIX}${token} ${event}`;
const ALL = (): IDBKeyRange => IDBKeyRange.bound(PREFIX, `${PREFIX}\uffff`);

/** Kept in the plain store: a token says nothing of a person, and the worker has no key of an account. */
async function keep(db: Database, receipt: Receipt): Promise<void> {
  const tx = db.transaction("plain", "readwrite", STRICT);
  await Promise.all([tx.store.put({ key: keyOf(receipt), value: receipt }), tx.done]);
}

export type Post = (receipt: Receipt) => Promise<number>;

/** The status of `postReceipt`; 0 when nobody answered in time. */
export async function postReceipt(receipt: Receipt): Promise<number> {
  try {
    const { status } = await fetch("/api/receipts", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(receipt), keepalive: true,
      signal: AbortSignal.timeout(TRY_MS),
    });
    return status;
  } catch {
    return 0;
  }
}

/** No answer, too busy, or too many: worth another try. Anything else is the server's last word. */
const isSettled = (status: number): boolean => status !== 0 && status !== 408 && status !== 429 && status < 500;

/** Says it now, a few times within seconds; what nobody heard is kept for the next occasion. */
export async function sayReceipt(db: Database | null, receipt: Receipt, post: Post = postReceipt): Promise<void> {
  for (const pause of [0, ...PAUSES_MS]) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    if (isSettled(await post(receipt))) return;
  }
  if (db !== null) await keep(db, receipt);
}

/** Says what is still unsaid, oldest first; the first that nobody hears ends it. */
export async function sayKeptReceipts(db: Database, nowMs: number, post: Post = postReceipt): Promise<void> {
  const kept = (await db.getAll("plain", ALL())).map(({ value }) => value as Receipt);
  kept.sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const receipt of kept) {
    const isOver = nowMs - Date.parse(receipt.at) > KEPT_MS;
    if (!isOver && !isSettled(await post(receipt))) return;
    await db.delete("plain", keyOf(receipt));
  }
}
