/** The number on the app's icon: what asks for an answer now. Where there is no badge, nothing happens. */
import { countDue, dueList } from "./due.ts";
import type { Diary } from "./diary.ts";

const LOOK_EVERY_MS = 60_000;

export function watchBadge({ store }: Diary): void {
  if (!("setAppBadge" in navigator)) return;
  let shown = -1;
  let seen: unknown[] = [];
  const look = (): void => {
    const { around, items, snoozed, account } = store.get();
    // The store speaks of much else; the clock is looked at every minute.
    const now = [around, items, snoozed, account, Math.floor(Date.now() / LOOK_EVERY_MS)];
    if (now.every((part, i) => part === seen[i])) return;
    seen = now;
    const due = account === null || around.isPartial === true ? 0 : countDue(dueList(around.schedules, items, Date.now(), snoozed));
    if (due === shown) return;
    shown = due;
    void (due === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(due)).catch(() => undefined);
  };
  store.subscribe(look);
  setInterval(look, LOOK_EVERY_MS);
  look();
}
