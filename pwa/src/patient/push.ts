/** This phone's push subscription: taken once, compared and posted again at every start, given up at sign-out. */
import { NoAnswer, Refusal, type Call } from "../api/client.ts";
import type { PushState } from "../api/push.ts";
import { sayKeptReceipts, sayReceipt } from "../store/receipts.ts";
import type { Diary } from "./diary.ts";
import type { Sending } from "./sending.ts";
import { isWanted } from "./wanted.ts";
import { isTyping } from "./calm.ts";
import { lowPlace } from "./lows.ts";
import { go, readRoute } from "./route.ts";

/** Where no push service can be reached (Android without Google) the browser waits for ever. */
export const SUBSCRIBE_WITHIN_MS = 8_000;

/** How this browser stands to push: what can be done, or why nothing can. */
export type Ability = "able" | "asks" | "denied" | "install_first" | "open_in_browser" | "unable";

interface Browser {
  agent: string;
  installed: boolean;
  hasPush: boolean;
  permission: NotificationPermission | null;
}

export function abilityOf({ agent, installed, hasPush, permission }: Browser): Ability {
  if (/MicroMessenger/i.test(agent)) return "open_in_browser";
  if (!hasPush || permission === null) return /iPhone|iPad/.test(agent) && !installed ? "install_first" : "unable";
  if (permission === "denied") return "denied";
  return permission === "granted" ? "able" : "asks";
}

export function ability(): Ability {
  // An iPad says that it is a Mac; only its fingers tell.
  const isPad = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;
  return abilityOf({
    agent: isPad ? "iPad" : navigator.userAgent,
    installed: matchMedia("(display-mode: standalone)").matches,
    hasPush: "serviceWorker" in navigator && "PushManager" in window,
    permission: "Notification" in window ? Notification.permission : null,
  });
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

export function hasKey(subscription: Pick<PushSubscription, "options">, publicKey: string): boolean {
  const given = subscription.options.applicationServerKey;
  if (given === null) return true;
  const [is, wanted] = [new Uint8Array(given), bytesOf(publicKey)];
  return is.length === wanted.length && is.every((byte, i) => byte === wanted[i]);
}

/** What has not come within the time; the work itself goes on. */
export class TooLong extends Error {}

export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => { timer = setTimeout(() => fail(new TooLong(`${ms} ms`)), ms); });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The browser's own subscription under the server's key; TooLong when its push service is out of reach. */
export async function subscribe(publicKey: string): Promise<PushSubscription> {
  return within(SUBSCRIBE_WITHIN_MS, (async () => {
    const { pushManager } = await navigator.serviceWorker.ready;
    const old = await pushManager.getSubscription();
    if (old !== null && hasKey(old, publicKey)) return old;
    await old?.unsubscribe();
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) });
  })());
}

/** Subscribes this phone for whoever is signed in; what the server says comes back. */
export async function turnOn(call: Call): Promise<PushState> {
  const state = (await call("GET", "/api/patient/push")) as PushState;
  const subscription = await subscribe(state.public_key);
  await call("POST", "/api/patient/push/subscriptions", subscription.toJSON());
  return (await call("GET", "/api/patient/push")) as PushState;
}

export async function turnOff(call: Call): Promise<void> {
  if (!("serviceWorker" in navigator && "PushManager" in window)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription().catch(() => null);
  if (subscription == null) return;
  // The browser first: also without a network nothing comes any more, and the server hears "gone" at the next try.
  await within(SUBSCRIBE_WITHIN_MS, subscription.unsubscribe()).catch(() => false);
  await call("POST", "/api/patient/push/unsubscribe", { endpoint: subscription.endpoint }).catch(() => undefined);
}

/** Subscriptions die without a word: compared and posted again at every start, for who wanted it. */
export async function renew(diary: Diary): Promise<void> {
  const { account } = diary.store.get();
  if (account === null || ability() !== "able" || !(await isWanted(diary.db, account.id))) return;
  try {
    await turnOn(diary.call);
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Refusal || error instanceof TooLong || error instanceof DOMException)) throw error;
  }
}

/** Where a notification or a message led: said to the server, then on to the screen. */
export function followLink(diary: Diary, sending: Sending): void {
  const route = readRoute(location.hash);
  const token = route.name === "today" ? route.query.get("t") : null;
  if (token === null) return;
  go(lowPlace(diary.store.get(), Date.now(), ""), true);
  void sayReceipt(diary.db, { token, event: "opened", at: new Date().toISOString() });
  // What it speaks of may be newer than what this phone knows.
  void sending.now();
}

/** Where somebody writes or is helped: a tap on a notification brings the diary to the front and no more. */
const STAYS = new Set(["reading", "form", "question", "choose", "low", "low-help"]);

export function watchPush(diary: Diary, sending: Sending): void {
  navigator.serviceWorker.addEventListener("message", (event: MessageEvent<{ open?: unknown } | null>) => {
    const place = event.data?.open;
    if (typeof place === "string" && !STAYS.has(readRoute(location.hash).name) && !isTyping()) location.hash = new URL(place, location.origin).hash;
  });
  addEventListener("hashchange", () => followLink(diary, sending));
  addEventListener("online", () => void sayKeptReceipts(diary.db, Date.now()));
  followLink(diary, sending);
  void sayKeptReceipts(diary.db, Date.now());
  void renew(diary);
}
