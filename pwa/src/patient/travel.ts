/** Reminders follow the zone that the person confirms (STUDY.md 6). */
import { offsetMinutes } from "../rules/days.ts";
import type { Language } from "../text/language.ts";
import { phoneZone, type Diary } from "./diary.ts";
import type { State, Travel } from "./state.ts";

/** The phone's zone where its clock differs from the one by which reminders ring; null at home. */
export function travelTo({ participant }: Pick<State, "participant">, nowMs: number, here = phoneZone()): string | null {
  if (participant === null || here === participant.zone) return null;
  return offsetMinutes(nowMs, here) === offsetMinutes(nowMs, participant.zone) ? null : here;
}

/** How the change to this zone stands: as the site decided it, else as this phone last knew. */
export function travelState({ participant, travel }: Pick<State, "participant" | "travel">, zone: string): Travel["state"] | "refused" | null {
  const kept = travel?.zone === zone && travel.participant === participant?.id ? travel.state : null;
  const told = participant?.zone_change?.zone === zone ? participant.zone_change.state : null;
  // Left as it is on this phone: seen, and asked about no more.
  if (kept === "stayed") return kept;
  if (told === "waiting" || (told === "refused" && kept === "waiting")) return told;
  return kept;
}

/** `Asia/Tokyo` as the reader calls it: Tokyo; 日本标准时间. */
export function placeName(zone: string, language: Language): string {
  if (language === "en") return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
  const parts = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, timeZoneName: "longGeneric" }).formatToParts(0);
  return parts.find((p) => p.type === "timeZoneName")?.value ?? zone;
}

/** Asks the server to move the reminders; `waiting` when the site looks at it first. */
export async function confirmZone(diary: Diary, participant: string, zone: string): Promise<"moved" | "waiting"> {
  const { state } = (await diary.call("POST", "/api/patient/zone", { participant_id: participant, zone })) as { state: string };
  const came = state === "waiting" ? "waiting" : "moved";
  await diary.keepTravel({ participant, zone, state: came });
  return came;
}
