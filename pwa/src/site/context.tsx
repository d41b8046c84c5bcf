import { createContext, type ComponentChildren, type JSX } from "preact";
import { useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { NoAnswer, Refusal } from "../api/client.ts";
import { namesEn, namesZh, type Names } from "../text/names.ts";
import type { DeskWords } from "../text/site.ts";
import type { Desk, DeskState } from "./desk.ts";
import type { Api } from "./api.ts";
import { pauseMs } from "./pause.ts";

export interface InDesk {
  desk: Desk;
  api: Api;
  state: DeskState;
  /** The desk's words, and the names of marks and kinds, which the patient app has too. */
  t: DeskWords;
  p: Names;
  may: Desk["may"];
}

const DeskContext = createContext<InDesk | null>(null);

/** Listens to the desk once for all that is drawn in it. */
export function WithDesk({ desk, children }: { desk: Desk; children: ComponentChildren }): JSX.Element {
  const [state, show] = useState(desk.store.get());
  useLayoutEffect(() => {
    const listen = (): void => show(desk.store.get());
    listen();
    return desk.store.subscribe(listen);
  }, [desk]);
  const own = useMemo((): InDesk => ({ desk, api: desk.api, state, t: state.words, p: state.language === "en" ? namesEn : namesZh, may: (action) => desk.may(action) }), [desk, state]);
  return <DeskContext.Provider value={own}>{children}</DeskContext.Provider>;
}

export function useDesk(): InDesk {
  const own = useContext(DeskContext);
  if (own === null) throw new Error("outside of the desk");
  return own;
}

/** What a person reads when the server, or the lack of one, says no. */
export function sentenceFor(error: unknown, t: DeskWords): string {
  // The single fields say their own sentences; the list of their names is for programs.
  if (error instanceof Refusal && error.body.code === "fields") return t.common.form;
  if (error instanceof Refusal) return error.message === "" ? t.common.noAnswer : error.message;
  if (error instanceof NoAnswer) return t.common.noAnswer;
  throw error;
}

export type FieldErrors = Record<string, string>;

/** The sentences of single fields, by their dotted names. */
export function fieldErrors(error: unknown): FieldErrors {
  const fields = error instanceof Refusal ? (error.body.fields ?? {}) : {};
  return Object.fromEntries(Object.entries(fields).map(([name, said]) => [name, String(said)]));
}

export interface Loaded<T> {
  data: T | null;
  error: unknown;
  /** Answers whether it came. */
  reload: () => Promise<boolean>;
  set: (data: T) => void;
}

/** Loads when `deps` change, before anything is drawn, so that what is there already is drawn at once; and again every so often where `everyMs` is given; a later answer of an earlier question is left aside. */
export function useLoad<T>(load: () => Promise<T>, deps: readonly unknown[], everyMs: number | null = null): Loaded<T> {
  const [data, set] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const round = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(async () => {
    const mine = ++round.current;
    try {
      const found = await latest.current();
      if (mine !== round.current) return true;
      set(found);
      setError(null);
      return true;
    } catch (caught) {
      if (mine === round.current) setError(caught);
      return false;
    }
  }, []);
  useLayoutEffect(() => {
    set(null);
    return () => void (round.current += 1);
  }, deps);
  usePolling(reload, everyMs, deps, useLayoutEffect);
  return { data, error, reload, set };
}

export interface Sending {
  busy: boolean;
  problem: string | null;
  fields: FieldErrors;
  /** Runs one request; what the server says stays beside the form. Answers whether it went well. */
  run: (work: () => Promise<void>) => Promise<boolean>;
  clear: () => void;
}

export function useSending(): Sending {
  const { t } = useDesk();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [fields, setFields] = useState<FieldErrors>({});
  const running = useRef(false);
  const clear = (): void => {
    setProblem(null);
    setFields({});
  };
  const run = async (work: () => Promise<void>): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    try {
      await work();
      clear();
      return true;
    } catch (error) {
      setProblem(sentenceFor(error, t));
      setFields(fieldErrors(error));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, problem, fields, run, clear };
}

/** The clock, read again every so often while the page is on a screen. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const read = (): void => setNow(Date.now());
    const timer = setInterval(read, everyMs);
    document.addEventListener("visibilitychange", read);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", read);
    };
  }, [everyMs]);
  return now;
}

/** Runs now and every so often (null: never again): more slowly behind another tab, and while `work` answers that it failed (false). */
export function usePolling(work: () => Promise<boolean>, everyMs: number | null, deps: readonly unknown[], useStart: typeof useEffect = useEffect): void {
  const latest = useRef(work);
  latest.current = work;
  useStart(() => {
    if (everyMs === null) {
      void latest.current();
      return undefined;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    let ended = false;
    let failures = 0;
    const round = async (): Promise<void> => {
      clearTimeout(timer);
      failures = (await latest.current()) ? 0 : failures + 1;
      clearTimeout(timer);
      if (!ended) timer = setTimeout(() => void round(), pauseMs(everyMs, failures, document.hidden));
    };
    const onVisible = (): void => {
      if (!document.hidden) void round();
    };
    void round();
    document.addEventListener("visibilitychange", onVisible);
    addEventListener("online", onVisible);
    return () => {
      ended = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
      removeEventListener("online", onVisible);
    };
  }, deps);
}
