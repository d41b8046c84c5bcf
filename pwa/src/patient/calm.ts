/** Whether the app may go away under the person's hands: nothing typed, no sheet open, no low on the screen. */
import type { Diary } from "./diary.ts";
import { readRoute } from "./route.ts";

const CALM = new Set(["", "diary", "help", "waiting", "settings", "unlock"]);
const LOOK_EVERY_MS = 1_000;

/** Where something is being written or answered; also one that stands hidden behind a lock or a help page. */
const BUSY = ".sheet, .lowhead, .pad, form#entry";

export function isTyping(): boolean {
  const typed = [...document.querySelectorAll<HTMLInputElement>("form input, form textarea")].some((field) => field.value !== "");
  return typed || document.querySelector(BUSY) !== null;
}

export function isCalm(diary: Diary): boolean {
  const { toast, outbox } = diary.store.get();
  return CALM.has(readRoute(location.hash).name) && !isTyping() && toast === null && !outbox.some((w) => w.state === "unkept");
}

/** Does it at the first calm moment. */
export function whenCalm(diary: Diary, act: () => void): void {
  if (isCalm(diary)) {
    act();
    return;
  }
  const timer = setInterval(() => {
    if (!isCalm(diary)) return;
    clearInterval(timer);
    act();
  }, LOOK_EVERY_MS);
}
