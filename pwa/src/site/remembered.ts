/** What this browser keeps of the last one to sign in at the desk: nothing but the language and whether they see participants. */
import { nearestLanguage, type Language } from "../text/language.ts";

const LANGUAGE_KEY = "desk-language";
const SEES_KEY = "desk-sees-participants";

export function rememberedLanguage(): Language {
  const kept = read(LANGUAGE_KEY);
  return kept === "en" || kept === "zh-CN" ? kept : nearestLanguage(typeof navigator === "undefined" ? [] : navigator.languages);
}

export function rememberLanguage(language: Language): void {
  keep(LANGUAGE_KEY, language);
}

export function lastSawParticipants(): boolean {
  return read(SEES_KEY) !== null;
}

export function rememberSeesParticipants(sees: boolean): void {
  keep(SEES_KEY, sees ? "1" : null);
}

function read(key: string): string | null {
  return typeof localStorage === "undefined" ? null : localStorage.getItem(key);
}

function keep(key: string, value: string | null): void {
  if (typeof localStorage === "undefined") return;
  if (value === null) localStorage.removeItem(key);
  else localStorage.setItem(key, value);
}
