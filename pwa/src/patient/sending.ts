/** When the phone sends: on save, open, online, visible, and again later when it did not go through. */
import { countWaiting } from "../store/outbox.ts";
import { backOffS, syncOnce } from "../sync/cycle.ts";
import type { Stop } from "../sync/drain.ts";
import type { Diary } from "./diary.ts";
import { sendAnswers } from "./questions.ts";

const LOOK_EVERY_MS = 60_000;
const SYNC_TAG = "diary-sync";

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register: (tag: string) => Promise<void> };
}

export class Sending {
  private running: Promise<void> | null = null;
  private again = false;
  private askedAgain = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly diary: Diary) {}

  start(): void {
    addEventListener("online", () => void this.now());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.now();
    });
    setInterval(() => {
      if (document.visibilityState === "visible") void this.now();
    }, LOOK_EVERY_MS);
    void this.now();
  }

  /** Sends and fetches now; calls that come while it runs make it run once more. */
  now(): Promise<void> {
    if (this.running !== null) {
      this.again = true;
      return this.running;
    }
    this.running = this.run().finally(() => {
      this.running = null;
      if (this.again) {
        this.again = false;
        void this.now();
      }
    });
    return this.running;
  }

  /** Asks the browser to send even when the diary is closed, where it can. */
  async askBackgroundSync(): Promise<void> {
    try {
      const registration = (await navigator.serviceWorker.ready) as SyncRegistration;
      await registration.sync?.register(SYNC_TAG);
    } catch {
      // No background sync here: open, online and visible are left.
    }
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    const { store } = this.diary;
    const { account } = store.get();
    if (account === null) return;
    store.set({ syncing: { ...store.get().syncing, busy: true } });
    let stop: Stop = { why: "later", afterS: null };
    try {
      stop = await this.exchange(account.id);
    } catch {
      // The phone's own store failed: what waits goes on waiting, and the screens say so.
    } finally {
      store.set({ syncing: { ...store.get().syncing, busy: false, stop } });
      await this.planNext(stop.why === "later" ? stop.afterS : null, stop.why === "later").catch(() => undefined);
    }
  }

  private async exchange(account: string): Promise<Stop> {
    const { store } = this.diary;
    // What this phone can no longer read of the server's, it asks for again: once, not every minute.
    const again = store.get().missing > 0 && !this.askedAgain;
    const { stop, me } = await syncOnce(this.diary.db, this.diary.call, navigator.locks, again);
    if (again && stop.why === "done") this.askedAgain = true;
    const own = me?.account.id === account;
    if (own && stop.why === "done") await sendAnswers(this.diary);
    const lastAt = stop.why === "done" && own ? Date.now() : store.get().syncing.lastAt;
    if (lastAt !== null && stop.why === "done") await this.diary.keepLastSent(lastAt);
    await this.diary.refresh();
    // Somebody else is signed in to this browser: our own entries go when we sign in again.
    const shown = stop.why === "done" && !own ? ({ why: "sign_in" } as const) : stop;
    store.set({ syncing: { ...store.get().syncing, lastAt } });
    this.diary.changed();
    return shown;
  }

  private async planNext(afterS: number | null, failed: boolean): Promise<void> {
    this.tries = failed ? this.tries + 1 : 0;
    const { account } = this.diary.store.get();
    if (!failed || account === null) return;
    if ((await countWaiting(this.diary.db, account.id)) === 0) return;
    void this.askBackgroundSync();
    const waitS = Math.max(afterS ?? 0, backOffS(this.tries, Math.random));
    this.timer = setTimeout(() => void this.now(), waitS * 1000);
  }
}

