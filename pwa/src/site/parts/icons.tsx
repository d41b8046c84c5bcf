import type { JSX } from "preact";
import type { Entry } from "../api.ts";
import { Icon } from "../../parts/basics.tsx";
import type { IconName } from "../../parts/drawings.ts";

const DRAWINGS = {
  bell: '<path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 22h4"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="M16 16l5 5"/>',
  shield: '<path d="M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6z"/>',
  copy: '<path d="M9 9h11v11H9zM5 15H4V4h11v1"/>',
} as const;

/** Icons that only the desk has; the others are the patient's too. */
export function DeskIcon({ name }: { name: keyof typeof DRAWINGS }): JSX.Element {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: DRAWINGS[name] }} />;
}

const KINDS: Record<Entry["kind"], IconName> = {
  reading: "drop", insulin: "pen", meal: "bowl", exercise: "run", hypo_event: "alert", dose: "pill", other_medicine: "cap", contraception: "today",
  illness: "temp", hospital_stay: "bed", ketone: "drop", note: "note", day_complete: "book", call_me: "phone", lab: "tube", blood_draw: "tube", pregnancy_test: "tube",
  visit: "today", administered_dose: "pen", weight: "chart", severe_history: "alert", contact: "phone",
};

export function KindIcon({ kind }: { kind: Entry["kind"] }): JSX.Element {
  return <Icon name={KINDS[kind]} />;
}
