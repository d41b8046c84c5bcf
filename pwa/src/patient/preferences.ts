/** How this phone shows the diary. Nothing of a person is in here, so it is read before anything is drawn. */
import { NoAnswer, Refusal, type Call } from "../api/client.ts";
import { nearestLanguage, type Language } from "../text/language.ts";

export type Theme = "auto" | "light" | "dark";
export const TEXT_SIZES = [100, 130, 160, 200] as const;

export interface Preferences {
  language: Language;
  theme: Theme;
  textPercent: number;
}

const KEY = "diary-preferences";

export function loadPreferences(): Preferences {
  const usual: Preferences = { language: nearestLanguage(navigator.languages), theme: "auto", textPercent: 100 };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>) };
  } catch {
    return usual;
  }
}

export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // A browser without storage shows the usual look again next time.
  }
}

/** The server writes its sentences in the language of the account; without a network it learns of it at the next sign-in. */
export async function tellLanguage({ call }: { call: Call }, language: Language): Promise<void> {
  try {
    await call("PATCH", "/api/me", { language });
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
  }
}

export function applyPreferences({ language, theme, textPercent }: Preferences): void {
  const root = document.documentElement;
  root.lang = language;
  root.style.fontSize = `${textPercent}%`;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
