/** Answering what is due: one tap each, without a network, and taken back within ten seconds. */
import type { DataByKind, Kind, SkipReason } from "../api/types.ts";
import { instantText, local } from "../rules/days.ts";
import { useApp, type App } from "./app-context.tsx";
import { phoneZone } from "./diary.ts";
import { slotKey, snoozeChoices, type Due } from "./due.ts";
import { snoozeOnServer } from "./snooze.ts";

/** By how much a person may put something off; the server takes the same two. */
export const SNOOZE_MIN = [10, 30] as const;

interface Slot {
  schedule_id: string;
  due_day: string;
  slot: string;
}

const slotOf = ({ occurrence: { schedule, day, slot } }: Due): Slot => ({ schedule_id: schedule.id, due_day: day, slot });
export const clockOf = (atMs: number): string => local(atMs, phoneZone()).clock;

/** What was said of contraception the last time: the same again is one tap. */
export function lastContraception({ state }: App): DataByKind["contraception"] | null {
  const last = state.items.find((item) => item.kind === "contraception" && !item.withdrawn && item.open.length === 0);
  const data = last?.current.data as unknown as Partial<DataByKind["contraception"]> | null | undefined;
  return data?.method === undefined || data.method.length === 0 ? null : { used_as_agreed: "yes", method: data.method, ...(data.form === undefined ? {} : { form: data.form }) };
}

export interface Answering {
  taken: (due: Due, at?: number) => void;
  skipped: (due: Due, reason: SkipReason) => void;
  later: (due: Due) => void;
  drawn: (due: Due, lastDoseAt: number | null) => void;
  agreed: (due: Due, data: DataByKind["contraception"]) => void;
  dayDone: (due: Due) => void;
}

export function useAnswering(): Answering {
  const app = useApp();
  const { writing, diary, toast, t } = app;
  const keep = <K extends Kind>(kind: K, data: DataByKind[K], word: string, at?: number): void => {
    const failed = (): void => toast(t.common.notSaved);
    void writing.save({ kind, data, ...(at === undefined ? {} : { occurredAt: at }) }).then((entry) =>
      toast(`${word} · ${navigator.onLine ? t.common.saved : t.common.savedOffline}`, () => {
        void writing.undo(kind, entry, t.entry.reasonUndo).then(() => toast(t.common.undone)).catch(failed);
      })).catch(failed);
  };
  const putOff = (due: Due, minutes: number, longer: number | undefined): void => {
    const until = Date.now() + minutes * 60_000;
    void diary.keepSnoozed(slotKey(due.occurrence), until);
    void snoozeOnServer(diary, due.occurrence, minutes);
    if (longer === undefined) toast(t.today.again(clockOf(until)));
    else toast(t.today.again(clockOf(until)), () => putOff(due, longer, undefined), t.today.inMinutes(longer));
  };
  return {
    taken: (due, at) => keep("dose", { ...slotOf(due), status: "taken", taken_at: instantText(at ?? Date.now(), phoneZone()) }, t.today.taken, at),
    skipped: (due, reason) => keep("dose", { ...slotOf(due), status: "skipped", skip_reason: reason }, t.today.skipped),
    later: (due) => {
      const [first, longer] = snoozeChoices(due, Date.now(), SNOOZE_MIN);
      if (first !== undefined) putOff(due, first, longer);
    },
    drawn: (due, lastDoseAt) => {
      const last = lastDoseAt === null ? {} : { last_dose_at: instantText(lastDoseAt, phoneZone()) };
      keep("blood_draw", { ...slotOf(due), ...last }, t.today.drawn);
    },
    agreed: (due, data) => keep("contraception", { ...data, ...slotOf(due) }, t.today.doneTag),
    dayDone: ({ occurrence: { day } }) => keep("day_complete", { day }, t.today.finishDay),
  };
}
