/** Whether an account wants reminders on this phone, and when it was asked. */
import { getPlain, putPlain, type Database } from "../store/database.ts";

const WANTED = "reminders-wanted";
const ASKED = "reminders-asked";

/** Whether this account asked for reminders on this phone. */
export async function isWanted(db: Database, account: string): Promise<boolean> {
  return (await getPlain(db, `${WANTED} ${account}`)) === true;
}

export const keepWanted = (db: Database, account: string, wanted: boolean): Promise<void> => putPlain(db, `${WANTED} ${account}`, wanted);

/** "Not now" on the card: asked again after a week, and not more often. */
export const keepAsked = (db: Database, account: string, nowMs: number): Promise<void> => putPlain(db, `${ASKED} ${account}`, nowMs);
const ASK_AGAIN_MS = 7 * 86_400_000;

export async function mayAsk(db: Database, account: string, nowMs: number): Promise<boolean> {
  if (await isWanted(db, account)) return false;
  const asked = await getPlain(db, `${ASKED} ${account}`);
  return typeof asked !== "number" || nowMs - asked > ASK_AGAIN_MS;
}
