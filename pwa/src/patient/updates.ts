/**
 * A new version waits while anybody writes. It takes over when the diary is out of sight or locked, or when
 * the person says so in the settings: nothing typed and nothing unsent is lost, and no PIN is asked by surprise.
 */
import { isCalm } from "./calm.ts";
import type { Diary } from "./diary.ts";

function isUnseen(diary: Diary): boolean {
  return document.visibilityState === "hidden" || diary.store.get().locked;
}

let waiting: ServiceWorker | null = null;

/** The person wants the new version now. */
export function takeOver(): void {
  waiting?.postMessage("take-over");
}

export function startWorker(diary: Diary): void {
  if (!("serviceWorker" in navigator)) return;
  let hadWorker = navigator.serviceWorker.controller !== null;
  let mustReload = false;
  const look = (): void => {
    if (!isCalm(diary)) return;
    if (mustReload) location.reload();
    else if (isUnseen(diary)) takeOver();
  };
  const offer = (registration: ServiceWorkerRegistration): void => {
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    waiting = registration.waiting;
    diary.store.set({ updateWaits: true });
    look();
  };
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker of a first visit takes the page as it is; only a later one brings other files.
    mustReload = hadWorker;
    hadWorker = true;
    look();
  });
  // The screen changes a moment after the address: look when it stands.
  addEventListener("hashchange", () => setTimeout(look, 500));
  document.addEventListener("visibilitychange", look);
  void navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then((registration) => {
    offer(registration);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => offer(registration));
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
    });
  }).catch(() => undefined);
}
