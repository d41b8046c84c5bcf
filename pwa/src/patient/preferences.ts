/** How this phone shows the diary. Nothing of a person is in here, so it is read before anything is drawn. */
import { nearestLanguage, type Language } from "../text/index.ts";

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

export function applyPreferences({ language, theme, textPercent }: Preferences): void {
  const root = document.documentElement;
  root.lang = language;
  root.style.fontSize = `${textPercent}%`;
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
}
