/** A new version waits until no form is open; then it takes over. Nothing typed and nothing unsent is lost. */
import type { Diary } from "./diary.ts";
import { readRoute } from "./route.ts";

const CALM = new Set(["", "diary", "help", "waiting", "settings"]);

/** Nothing is being typed, no sheet is open, and no low is running on the screen. */
function isCalm(): boolean {
  return CALM.has(readRoute(location.hash).name) && document.querySelector(".sheet, form") === null;
}

export function startWorker(diary: Diary): void {
  if (!("serviceWorker" in navigator)) return;
  const hadWorker = navigator.serviceWorker.controller !== null;
  let mustReload = false;
  const reloadWhenCalm = (): void => {
    if (mustReload && isCalm()) location.reload();
  };
  const offer = (registration: ServiceWorkerRegistration): void => {
    if (registration.waiting === null || navigator.serviceWorker.controller === null) return;
    diary.store.set({ updateWaits: true });
    if (isCalm()) registration.waiting.postMessage("take-over");
  };
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    mustReload = hadWorker;
    reloadWhenCalm();
  });
  void navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).then((registration) => {
    offer(registration);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => offer(registration));
    });
    addEventListener("hashchange", () => {
      offer(registration);
      reloadWhenCalm();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void registration.update().catch(() => undefined);
    });
  }).catch(() => undefined);
}
