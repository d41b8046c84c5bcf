/** A long list is drawn as far as somebody looks: the rest follows when its end comes near. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** What a screen shows at once; the others are drawn after it. */
const FIRST_ROWS = 8;
const MORE_ROWS = 30;
const NEAR_PX = 800;

export interface Growing {
  shown: number;
  /** For an element behind the last row. */
  end: RefObject<HTMLElement | null>;
  /** Draws at least the rows up to this one. */
  reach: (index: number) => void;
}

/** `key` names what is listed: another list starts from its top. */
export function useGrowing(total: number, key: string): Growing {
  const [drawn, setDrawn] = useState(FIRST_ROWS);
  const end = useRef<HTMLElement>(null);
  useEffect(() => setDrawn(FIRST_ROWS), [key]);
  useEffect(() => {
    if (end.current === null || drawn >= total) return undefined;
    const watch = new IntersectionObserver((entries) => {
      if (entries.some((e) => e.isIntersecting)) setDrawn((n) => n + MORE_ROWS);
    }, { rootMargin: `${NEAR_PX}px` });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [drawn, total]);
  const reach = (index: number): void => setDrawn((n) => Math.max(n, index + MORE_ROWS / 2));
  return { shown: Math.min(drawn, total), end, reach };
}
