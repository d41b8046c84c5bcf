import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { wordsFor, type Words } from "../text/index.ts";
import type { Diary } from "./diary.ts";
import { applyPreferences, savePreferences, type Preferences } from "./preferences.ts";
import type { Sending } from "./sending.ts";
import type { State } from "./state.ts";
import type { Writing } from "./writing.ts";

export interface Rooms {
  diary: Diary;
  sending: Sending;
  writing: Writing;
}

export const RoomsContext = createContext<Rooms | null>(null);

export interface App extends Rooms {
  state: State;
  t: Words;
  /** A clinical sentence of the study, with its {places} filled; {minutes} are those until the next test. */
  text: (key: string, places?: Record<string, string>) => string;
  setPreferences: (change: Partial<Preferences>) => void;
  toast: (text: string, undo?: () => void, word?: string) => void;
}

export function useApp(): App {
  const rooms = useContext(RoomsContext);
  if (rooms === null) throw new Error("outside of the app");
  const { store } = rooms.diary;
  const [state, show] = useState(store.get());
  useEffect(() => {
    const listen = (): void => show(store.get());
    listen();
    return store.subscribe(listen);
  }, [store]);
  const { language } = state.preferences;
  return {
    ...rooms,
    state,
    t: wordsFor(language),
    text: (key, places) => fill(state.study.texts[key]?.[language] ?? key, { minutes: String(state.study.low_screen.recheck_min), ...places }),
    setPreferences: (change) => {
      const preferences = { ...store.get().preferences, ...change };
      savePreferences(preferences);
      applyPreferences(preferences);
      store.set({ preferences });
    },
    toast: (text, undo, word) => store.set({ toast: { text, undo: undo ?? null, ...(word === undefined ? {} : { word }) } }),
  };
}

function fill(text: string, places: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
}

/** The clock, read again every so often and whenever the app comes back to the front. */
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
