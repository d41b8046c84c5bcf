import type { Sealed } from "./database.ts";

const PIN_ROUNDS = 210_000;

/** A key that the browser keeps: it seals and opens, and can be read out by nobody. */
export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function seal(key: CryptoKey, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    key,
    new TextEncoder().encode(JSON.stringify(value)),
  );
  return { iv, data };
}

export async function open<T>(key: CryptoKey, sealed: Sealed): Promise<T> {
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** What was sealed, or null where this key cannot open it: a broken record must not hide the whole ones. */
export async function tryOpen<T>(key: CryptoKey, sealed: Sealed): Promise<T | null> {
  try {
    return await open<T>(key, sealed);
  } catch {
    return null;
  }
}

async function stretch(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<ArrayBuffer> {
  const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, base, 256);
}

/** What the phone keeps of a PIN, so that the viewing lock works without a network. */
export async function pinCheck(pin: string): Promise<{ salt: Uint8Array<ArrayBuffer>; rounds: number; check: ArrayBuffer }> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  return { salt, rounds: PIN_ROUNDS, check: await stretch(pin, salt, PIN_ROUNDS) };
}

export async function isPin(
  pin: string,
  kept: { salt: Uint8Array<ArrayBuffer>; rounds: number; check: ArrayBuffer },
): Promise<boolean> {
  const typed = new Uint8Array(await stretch(pin, kept.salt, kept.rounds));
  const right = new Uint8Array(kept.check);
  let difference = typed.length ^ right.length;
  for (const [i, byte] of typed.entries()) difference |= byte ^ (right[i] ?? 0);
  return difference === 0;
}
