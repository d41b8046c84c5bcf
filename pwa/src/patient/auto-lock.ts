import type { Diary } from "./diary.ts";

const LOCK_AFTER_MS = 5 * 60_000;

/** Locks viewing when the diary has been out of sight for a while. What is being typed stays. */
export function watchLock(diary: Diary): void {
  let hiddenAt: number | null = null;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") hiddenAt = Date.now();
    else {
      if (hiddenAt !== null && Date.now() - hiddenAt > LOCK_AFTER_MS) diary.store.set({ locked: true });
      // A tab that slept heard nothing of a sign-out elsewhere.
      if (diary.store.get().phase === "open") void diary.checkWho().catch(() => undefined);
    }
  });
}
