import type { Language } from "../../text/language.ts";
import { en } from "../../text/reminders.en.ts";
import { zh, type ReminderWords } from "../../text/reminders.zh-CN.ts";
import { useApp } from "../app-context.tsx";

export const reminderWords = (language: Language): ReminderWords => (language === "en" ? en : zh);

export function useWords(): ReminderWords {
  return reminderWords(useApp().state.preferences.language);
}
