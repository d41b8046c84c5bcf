import type { SettingsWords } from "./settings.zh-CN.ts";

export const en: SettingsWords = {
  reminders: "Reminders", remindersLead: "Set up, test, calendar", title: "Settings", language: "Language", textSize: "Text size", theme: "Colours", auto: "As the phone", light: "Light", dark: "Dark", unit: "Glucose unit", unitNote: "To change it, tell your site.", install: "On the home screen", installGo: "Install",
  installIos: "In Safari, tap Share, then Add to Home Screen.", installAndroid: "In the browser menu, tap Add to Home screen or Install.", installed: "It is on the home screen.", storage: "How it is kept", storageKept: "The phone keeps it and does not clear it by itself.", storageNot: "The phone may clear what is not used for long. On the home screen it is safer.", storageAsk: "Ask the phone to keep it",
  signOut: "Sign out", signOutTitle: "Sign out now?", signOutWaiting: (n) => `${n} not sent yet. Kept on this phone for you until you sign in again.`, signOutLead: "What was sent is with the site.", signOutGo: "Sign out", account: "Your number", lockNow: "Lock now", privacy: "Who can see it", privacyNote: "Only the study staff of your site see what you write.", update: "A new version is ready.", updateGo: "Start it now",
};
