/** The clock of a serious adverse event: 24 hours from the moment a staff member saw the alert. */
import type { Alert } from "./api.ts";

const SAE_MS = 24 * 3_600_000;

export interface SaeClock {
  /** What is left of the 24 h; negative when they are over. */
  leftMs: number;
  share: number;
}

/** Null while nobody has seen it (`"unseen"` is said in words), and once somebody decided that it is none. */
export function saeClock(alert: Pick<Alert, "seen_at" | "state" | "sae">, nowMs: number): SaeClock | null {
  if (alert.seen_at === null) return null;
  if (alert.state === "resolved" && alert.sae !== "undecided") return null;
  const leftMs = Date.parse(alert.seen_at) + SAE_MS - nowMs;
  return { leftMs, share: Math.min(1, Math.max(0, 1 - leftMs / SAE_MS)) };
}

/** Whose 24 hours are over first stands on top. */
export function bySaeClock(a: Pick<Alert, "seen_at" | "opened_at">, b: Pick<Alert, "seen_at" | "opened_at">): number {
  const [first, second] = [a.seen_at ?? a.opened_at, b.seen_at ?? b.opened_at];
  return first < second ? -1 : first > second ? 1 : 0;
}
