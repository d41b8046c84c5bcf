/** How late is late (STUDY.md 5): by the age when it was written down, for typed entries. */
import type { Study } from "../api/study.ts";
import type { Origin } from "../api/types.ts";

export type WindowState = "free" | "late" | "held";

const HOUR_MS = 3_600_000;

export function windowOf(
  origin: Origin, occurredAtMs: number, recordedAtMs: number, reason: string | null, window: Study["window"],
): WindowState {
  const age = recordedAtMs - occurredAtMs;
  if (origin !== "typed" || age <= window.free_h * HOUR_MS) return "free";
  const hasReason = reason !== null && reason.trim() !== "";
  return hasReason && age <= window.with_reason_h * HOUR_MS ? "late" : "held";
}
