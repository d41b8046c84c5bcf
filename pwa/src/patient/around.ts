/** What the phone knows of one participant besides entries, also of a child that nobody writes for just now. */
import { useEffect, useState } from "preact/hooks";
import type { Participant } from "../api/account.ts";
import { getAround, NOTHING, type Around } from "../sync/pull.ts";
import { useApp } from "./app-context.tsx";

/** Of this person alone: nothing until it has been read, never another child's. */
export function useAround(person: Participant | null): Around {
  const { state, diary } = useApp();
  const [read, setRead] = useState<{ id: string; around: Around } | null>(null);
  const { account, others } = state;
  const id = person?.id ?? null;
  const isChosen = id !== null && id === state.participant?.id;
  useEffect(() => {
    let isGone = false;
    if (account !== null && id !== null && !isChosen) {
      void getAround(diary.db, account, id).then((around) => { if (!isGone) setRead({ id, around }); }).catch(() => undefined);
    }
    return () => { isGone = true; };
    // The others' lists are new whenever the store was read again.
  }, [diary, account, id, isChosen, others]);
  if (isChosen) return state.around;
  return read?.id === id ? read.around : NOTHING;
}
