/** Everything that is not glucose: twelve tiles, and contraception only where it may be asked. */
import type { JSX } from "preact";
import type { Kind } from "../../api/types.ts";
import { Icon, Sheet } from "../../parts/basics.tsx";
import type { IconName } from "../../parts/drawings.ts";
import { useApp } from "../app-context.tsx";
import type { State } from "../state.ts";

export const KIND_ICONS: Record<Kind, IconName> = {
  reading: "drop", insulin: "pen", meal: "bowl", dose: "pill", exercise: "run", hypo_event: "down", illness: "temp", ketone: "drop",
  other_medicine: "cap", contraception: "cap", blood_draw: "tube", hospital_stay: "bed", note: "note", day_complete: "book", call_me: "phone",
};

const TILES: Kind[] = [
  "insulin", "meal", "dose", "exercise", "hypo_event", "illness", "ketone", "other_medicine", "contraception", "hospital_stay", "note",
  "day_complete", "call_me",
];

/** Contraception is asked of the participant alone, where the study may ask; a guardian sees no trace. */
export function asksContraception({ me, participant }: State): boolean {
  return me?.account.role === "participant" && participant?.contraception === true;
}

export function OtherKinds({ onClose }: { onClose: () => void }): JSX.Element {
  const { t, state } = useApp();
  const tiles = TILES.filter((kind) => kind !== "contraception" || asksContraception(state));
  return (
    <Sheet title={t.kinds.title} onClose={onClose}>
      <div class="kinds">
        {tiles.map((kind) => <a key={kind} class="btn" href={`#/form/${kind}`}><Icon name={KIND_ICONS[kind]} />{t.kinds[kind]}</a>)}
      </div>
      <button type="button" class="btn quiet" onClick={onClose}>{t.common.close}</button>
    </Sheet>
  );
}
