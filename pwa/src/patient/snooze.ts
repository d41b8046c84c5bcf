/** Putting a reminder off: the phone does it at once, the server when it can be asked. */
import { NoAnswer, Refusal } from "../api/client.ts";
import type { Occurrence } from "../rules/schedules.ts";
import type { Diary } from "./diary.ts";

interface Reminder {
  id: string;
  schedule_id: string | null;
  local_day: string;
  slot: string;
}

/** Asks that no push comes before then. Without a network none does, and the phone's own list waits anyway. */
export async function snoozeOnServer({ call }: Diary, { schedule, day, slot }: Occurrence, minutes: number): Promise<void> {
  try {
    const query = new URLSearchParams({ participant_id: schedule.participant_id });
    const { reminders } = (await call("GET", `/api/patient/reminders?${query.toString()}`)) as { reminders: Reminder[] };
    const found = reminders.find((r) => r.schedule_id === schedule.id && r.local_day === day && r.slot === slot);
    if (found !== undefined) await call("POST", `/api/patient/reminders/${found.id}/snooze`, { minutes, participant_id: schedule.participant_id });
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
  }
}
