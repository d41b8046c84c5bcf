/** The service worker: keeps the app's own files, opens it without a network, sends what waits, and shows what is pushed. */
import { makeCall } from "../api/client.ts";
import { openDatabase } from "../store/database.ts";
import { sayKeptReceipts } from "../store/receipts.ts";
import { CHANNEL, syncOnce } from "../sync/cycle.ts";
import "./push.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __KEPT__: string[];
declare const __VERSION__: string;

const CACHE = `diary-${__VERSION__}`;
const KEPT = new Set(__KEPT__);
const SYNC_TAG = "diary-sync";

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(__KEPT__.map((url) => new Request(url, { cache: "reload" })))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((n) => n.startsWith("diary-") && n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

// The page says when: a new version takes over while no form is open.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") void self.skipWaiting();
});

async function fromCache(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // The site app and the server answer for themselves, always.
  if (/^\/(site|api)(\/|$)/.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(fromCache("/", request));
  else if (KEPT.has(url.pathname)) event.respondWith(fromCache(url.pathname, request));
});

async function sendWaiting(): Promise<void> {
  const db = await openDatabase();
  try {
    await sayKeptReceipts(db, Date.now());
    const { stop } = await syncOnce(db, makeCall(() => self.navigator.language), self.navigator.locks);
    new BroadcastChannel(CHANNEL).postMessage("changed");
    // A promise that fails makes the browser try again by itself.
    if (stop.why === "later") throw new Error("not sent yet");
  } finally {
    db.close();
  }
}

self.addEventListener("sync", (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === SYNC_TAG) sync.waitUntil(sendWaiting());
});
