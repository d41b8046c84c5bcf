/** One morning on which a dose waits for the blood draw. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addDays } from "../../rules/days.ts";
import type { Detail, NewSchedule, Schedule } from "../api.ts";
import { useDesk, useSending } from "../context.tsx";
import { momentOf } from "../form-values.ts";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, TextField } from "../parts/fields.tsx";

export interface HoldDraft {
  day: string;
  latest: string;
  reason: string;
}

/**
 * The same schedule with the hold, in the place of the one before, whose last day is today: it goes on tomorrow,
 * or today when the hold is today's.
 */
export function heldSchedule(schedule: Schedule, draft: HoldDraft, today: string, zone: string): NewSchedule {
  const { kind, title, times, rrule, drug, amount, window_before_min, window_after_min } = schedule;
  return {
    kind, title, times, rrule, zone: schedule.zone, window_before_min, window_after_min, replaces: schedule.id,
    from_day: draft.day === today ? today : addDays(today, 1), ...(schedule.to_day === null ? {} : { to_day: schedule.to_day }),
    ...(drug === null ? {} : { drug }), ...(amount === null ? {} : { amount }),
    hold: { day: draft.day, latest_at: draft.day === "" || draft.latest === "" ? "" : momentOf(`${draft.day}T${draft.latest}`, zone), reason: draft.reason },
  };
}

export function HoldDialog({ person, schedule, today, onClose, onDone }: { person: Detail; schedule: Schedule; today: string; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [draft, setDraft] = useState<HoldDraft>({ day: addDays(today, 1), latest: "11:00", reason: "" });
  const text = (name: keyof HoldDraft) => ({ value: draft[name], onInput: (value: string) => setDraft({ ...draft, [name]: value }) });
  const w = t.page.care;
  const e = sending.fields;
  const submit = (): void => void sending.run(async () => {
    await api.setSchedule(person.id, heldSchedule(schedule, draft, today, schedule.zone));
    desk.toast(w.holdSet);
    onDone();
  });
  return (
    <FormDialog title={w.holdTitle(schedule.title)} lead={w.holdLead} go={w.holdGo} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <div class="fields2">
        <TextField label={t.schedules.holdDay} type="date" {...text("day")} error={e["hold.day"] ?? e.from_day} />
        <TextField label={t.schedules.holdLatest} type="time" {...text("latest")} error={e["hold.latest_at"]} />
      </div>
      <AreaField label={t.schedules.holdReason} {...text("reason")} error={e["hold.reason"]} focus />
    </FormDialog>
  );
}
