/** When the thing that is written down happened: chosen, kept of what is corrected, or the present. */
import { useState } from "preact/hooks";
import { useNow } from "./app-context.tsx";

/** A form that lay open for longer was not opened for what is written in it now. */
const OPEN_LONG_MS = 120_000;

export interface Moment {
  /** Chosen by the person. */
  at: number | null;
  setAt: (at: number) => void;
  /** What is shown beside the field. */
  shown: number;
  /** What is kept when the person saves at this instant. */
  happened: (nowMs: number) => number;
}

export function useMoment(correctAt: number | null): Moment {
  const [opened] = useState(Date.now());
  const [at, setAt] = useState<number | null>(null);
  const now = useNow(15_000);
  const happened = (nowMs: number): number => at ?? correctAt ?? (nowMs - opened > OPEN_LONG_MS ? nowMs : opened);
  return { at, setAt, shown: happened(now), happened };
}
