/** What is further down the page asks for its data when it comes near the screen. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useDesk } from "../context.tsx";
import { personApi, type PersonApi } from "./api.ts";

const NEAR = "240px";

export function Later({ children, height }: { children: () => ComponentChildren; height: number }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (box.current === null || near) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && setNear(true), { rootMargin: NEAR });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [near]);
  return near ? <>{children()}</> : <div ref={box} style={{ minHeight: `${height}px` }} />;
}

const FETCHED_ANEW_KEY = "desk-fetched-anew";
const NOT_SOONER_MS = 60_000;

/** A new version of the desk has other files: the page begins anew with it, but not over and over. */
function fetchAnew(): void {
  const before = Number(sessionStorage.getItem(FETCHED_ANEW_KEY) ?? 0);
  if (!navigator.onLine || Date.now() - before < NOT_SOONER_MS) return;
  sessionStorage.setItem(FETCHED_ANEW_KEY, String(Date.now()));
  location.reload();
}

/** A part of the app that is its own file, fetched once it is `wanted`; null until it is there. */
export function useModule<T>(load: () => Promise<T>, wanted = true): T | null {
  const [module, setModule] = useState<T | null>(null);
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    void load().then((found) => {
      if (!gone) setModule(() => found);
    }, fetchAnew);
    return () => void (gone = true);
  }, [wanted]);
  return module;
}

export const useCharts = (): typeof import("../charts/index.ts") | null => useModule(() => import("../charts/index.ts"));

export function usePersonApi(id: string): PersonApi {
  const { desk } = useDesk();
  return useMemo(() => personApi(desk.call, id), [desk, id]);
}
