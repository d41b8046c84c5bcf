import type { Me } from "../api/account.ts";
import { STRICT, getPlain, putPlain, type AccountRecord, type Database } from "./database.ts";
import { isPin, makeKey, pinCheck, seal, tryOpen } from "./vault.ts";

const CURRENT = "current-account";
const PINS_BEFORE_SIGN_IN = 8;

/** Keeps who signed in, and the PIN's check for the viewing lock. The account's key is made once. */
export async function keepAccount(db: Database, me: Me, pin: string | null): Promise<AccountRecord> {
  const known = await db.get("accounts", me.account.id);
  const key = known !== undefined && (await isUsable(known.key)) ? known.key : await makeKey();
  const record: AccountRecord = {
    id: me.account.id,
    login: me.account.login,
    key,
    pin: pin === null ? (known?.pin ?? null) : await pinCheck(pin),
    failed_pins: pin === null ? (known?.failed_pins ?? 0) : 0,
    profile: await seal(key, me),
  };
  const tx = db.transaction("accounts", "readwrite", STRICT);
  const raced = await tx.store.get(record.id);
  // Another tab may have made the key meanwhile: what it sealed must stay readable.
  if (raced !== undefined && known === undefined) {
    await tx.done;
    return keepAccount(db, me, pin);
  }
  await Promise.all([tx.store.put(record), tx.done]);
  return record;
}

/** Some phones lose a key and keep its record: a new one is made, and what the old one sealed stays, unread. */
async function isUsable(key: CryptoKey): Promise<boolean> {
  try {
    await seal(key, null);
    return true;
  } catch {
    return false;
  }
}

/** Who this is and for whom they write; null when the phone can no longer read it, until the next sign-in. */
export function getProfile(account: AccountRecord): Promise<Me | null> {
  return tryOpen<Me>(account.key, account.profile);
}

export async function currentAccount(db: Database): Promise<AccountRecord | null> {
  const id = await getPlain(db, CURRENT);
  return typeof id === "string" ? ((await db.get("accounts", id)) ?? null) : null;
}

export function setCurrentAccount(db: Database, id: string | null): Promise<void> {
  return putPlain(db, CURRENT, id);
}

export type Unlock = "open" | "wrong" | "sign_in";

/** Checks the PIN of the viewing lock. After eight wrong ones only the server can say yes. */
export async function tryPin(db: Database, account: AccountRecord, pin: string): Promise<Unlock> {
  const fresh = (await db.get("accounts", account.id)) ?? account;
  if (fresh.pin === null || fresh.failed_pins >= PINS_BEFORE_SIGN_IN) return "sign_in";
  const right = await isPin(pin, fresh.pin);
  const failed = right ? 0 : fresh.failed_pins + 1;
  if (failed !== fresh.failed_pins) await db.put("accounts", { ...fresh, failed_pins: failed });
  if (right) return "open";
  return failed >= PINS_BEFORE_SIGN_IN ? "sign_in" : "wrong";
}
