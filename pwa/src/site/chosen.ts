/** The one of a list that the keys act on. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Move } from "./keys.ts";

export interface Chosen<T> {
  chosen: T | undefined;
  /** Its place in the list; -1 where nothing is chosen. */
  at: number;
  /** For the element around the list, in which the chosen one is marked by `aria-current`. */
  list: RefObject<HTMLElement | null>;
  keys: Record<Move, () => void>;
}

/**
 * Whatever the keys have gone to stays chosen when the list changes around it, and whoever reads further down stays
 * there: only the keys move the page. Where it is gone, what stands in its place is chosen.
 * `start` is chosen until a key is pressed (-1: nothing), and again when `listed` names another list.
 */
export function useChosen<T>(items: readonly T[], idOf: (item: T) => string, { start = 0, listed = "", onStep }: { start?: number; listed?: string; onStep?: (at: number) => void } = {}): Chosen<T> {
  const [place, setPlace] = useState<{ id: string | null; at: number }>({ id: null, at: start });
  const [steps, setSteps] = useState(0);
  const list = useRef<HTMLElement>(null);
  const found = place.id === null ? -1 : items.findIndex((item) => idOf(item) === place.id);
  const at = found === -1 ? Math.min(place.at, items.length - 1) : found;
  const step = (by: number) => (): void => {
    const next = Math.max(0, Math.min(items.length - 1, at + by));
    const item = items[next];
    if (item === undefined) return;
    onStep?.(next);
    setPlace({ id: idOf(item), at: next });
    setSteps((n) => n + 1);
  };
  // Where the chosen one stands now, or what took its place: the next change of the list starts from there.
  useLayoutEffect(() => {
    const item = items[at];
    if (place.id !== null && item !== undefined && (idOf(item) !== place.id || at !== place.at)) setPlace({ id: idOf(item), at });
  });
  useEffect(() => setPlace((was) => (was.id === null && was.at === start ? was : { id: null, at: start })), [listed]);
  useEffect(() => {
    if (steps > 0) list.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }, [steps]);
  return { chosen: items[at], at, list, keys: { j: step(1), k: step(-1), ArrowDown: step(1), ArrowUp: step(-1) } };
}
