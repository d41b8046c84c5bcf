import type { Me } from "../api/account.ts";
import { NoAnswer, Refusal, type Call } from "../api/client.ts";
import { keepAccount } from "../store/accounts.ts";
import type { Database } from "../store/database.ts";
import { settleReceived } from "../store/outbox.ts";
import { scopeOf } from "../store/threads.ts";
import { drain, type Stop } from "./drain.ts";
import { pull } from "./pull.ts";

/** One holder among all tabs and the service worker: what waits is never sent twice at once. */
export const SYNC_LOCK = "diary-sync";
export const CHANNEL = "islet-diary";

export type Locks = Pick<LockManager, "request">;

export interface Outcome {
  stop: Stop;
  me: Me | null;
}

const isPatientSide = (me: Me): boolean => me.account.role === "participant" || me.account.role === "guardian";

async function exchange(db: Database, call: Call, again: boolean): Promise<Outcome> {
  const me = (await call("GET", "/api/me")) as Me;
  // Another person, or staff, may have signed in to this browser: entries go only with their own session.
  if (!isPatientSide(me)) return { stop: { why: "sign_in" }, me };
  const account = await keepAccount(db, me, null);
  const stop = await drain(db, account, call);
  if (stop.why === "sign_in") return { stop, me };
  for (const participant of me.participants) await pull(db, account, participant.id, call, again);
  await settleReceived(db, account, me.participants.map((p) => scopeOf(account.id, p.id)));
  return { stop, me };
}

/** Sends what waits and fetches what is new (with `again`: everything), for whoever is signed in. */
export async function syncOnce(db: Database, call: Call, locks: Locks, again = false): Promise<Outcome> {
  return await locks.request(SYNC_LOCK, async (): Promise<Outcome> => {
    try {
      return await exchange(db, call, again);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return { stop: { why: "sign_in" }, me: null };
      const afterS = error instanceof Refusal ? error.retryAfterS : null;
      if (error instanceof Refusal || error instanceof NoAnswer) return { stop: { why: "later", afterS }, me: null };
      throw error;
    }
  });
}

/** Seconds to wait before try `n` (from 1): doubling from 2 s to 5 min, spread so that phones do not march in step. */
export function backOffS(n: number, random: () => number): number {
  return Math.min(300, 2 ** Math.min(n, 9)) * (0.5 + random() / 2);
}
