const LONGEST_MS = 120_000;
const HIDDEN_TIMES = 3;

/** How long to wait before asking again: twice as long after each failure, up to two minutes; longer unseen. */
export function pauseMs(everyMs: number, failures: number, isHidden: boolean): number {
  const wanted = everyMs * 2 ** Math.min(failures, 10);
  return Math.max(everyMs, Math.min(wanted, LONGEST_MS)) * (isHidden && failures === 0 ? HIDDEN_TIMES : 1);
}
