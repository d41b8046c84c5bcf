/** Push on the phone: shows it, says that it came, and opens the diary where the tap leads. */
import { openDatabase, type Database } from "../store/database.ts";
import { sayKeptReceipts, sayReceipt, type ReceiptEvent } from "../store/receipts.ts";
import { placeOf, readMessage, type Message } from "./message.ts";

declare const self: ServiceWorkerGlobalScope;

const ICON = "/icons/icon-192.png";
/** iOS gives a worker about ten seconds for a message and punishes one that takes longer. */
const WITHIN_MS = 8_000;

/** The page does what is asked, unless something is being typed there. */
export interface Opened {
  open: string;
}

interface Shown {
  token: string | null;
  navigate: string;
}

interface ChangeEvent extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

/** A browser that showed a message without us may have kept nothing beside it. */
function shownOf({ data }: Notification): Shown {
  const { token = null, navigate = null } = (data ?? {}) as Partial<Shown>;
  return { token, navigate: placeOf(navigate, self.location.origin) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function withDatabase(work: (db: Database | null) => Promise<void>): Promise<void> {
  const db = await openDatabase().catch(() => null);
  try {
    await work(db);
  } finally {
    db?.close();
  }
}

function say(token: string | null, event: ReceiptEvent): Promise<void> {
  if (token === null) return Promise.resolve();
  return withDatabase((db) => sayReceipt(db, { token, event, at: new Date().toISOString() }));
}

/** One notification stands for everything that is due: older ones of ours go, also where tags do nothing. */
async function show({ title, body, lang, tag, navigate, token }: Message): Promise<void> {
  const before = await self.registration.getNotifications().catch(() => []);
  const data: Shown = { token, navigate };
  const options: NotificationOptions & { renotify: boolean; navigate: string } = { body, lang, tag, renotify: true, icon: ICON, data, navigate };
  try {
    await self.registration.showNotification(title, options);
  } catch {
    // A browser that does not take one of the extras still shows the words.
    await self.registration.showNotification(title, { body, tag, data });
  }
  for (const old of before) if (old.tag !== tag) old.close();
}

async function arrived(message: Message): Promise<void> {
  const received = say(message.token, "received");
  await show(message);
  await Promise.all([received, say(message.token, "shown")]);
  await withDatabase(async (db) => {
    if (db !== null) await sayKeptReceipts(db, Date.now());
  });
}

self.addEventListener("push", (event) => {
  let text: string | null = null;
  try {
    text = event.data?.text() ?? null;
  } catch {
    // Not text at all.
  }
  const message = readMessage(text, self.navigator.languages, self.location.origin);
  event.waitUntil(Promise.race([arrived(message), pause(WITHIN_MS)]));
});

/** Comes to the front where the diary is open already, or opens it. */
async function open(navigate: string): Promise<void> {
  const isDesk = navigate.startsWith("/site/");
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const here = windows.find((client) => new URL(client.url).pathname.startsWith("/site/") === isDesk);
  if (here === undefined) {
    await self.clients.openWindow(navigate);
    return;
  }
  here.postMessage({ open: navigate } satisfies Opened);
  await here.focus();
}

self.addEventListener("notificationclick", (event) => {
  const { token, navigate } = shownOf(event.notification);
  event.notification.close();
  // Opened first: a browser lets a tap open a window for a moment only.
  event.waitUntil(Promise.all([open(navigate).catch(() => undefined), say(token, "opened")]));
});

self.addEventListener("notificationclose", (event) => {
  event.waitUntil(say(shownOf(event.notification).token, "dismissed"));
});

/** The push service gave this phone another address: ask for reminders there, as whoever is signed in. */
self.addEventListener("pushsubscriptionchange", (event) => {
  const change = event as ChangeEvent;
  change.waitUntil(resubscribe(change).catch(() => undefined));
});

async function resubscribe({ oldSubscription, newSubscription }: ChangeEvent): Promise<void> {
  const key = oldSubscription?.options.applicationServerKey ?? null;
  const fresh = newSubscription ?? (key === null ? null : await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  // What does not arrive now is posted at the next start of the diary, which compares anyway.
  if (fresh !== null) {
    await fetch("/api/patient/push/subscriptions", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fresh),
    });
  }
}
