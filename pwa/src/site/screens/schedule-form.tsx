import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { local } from "../../rules/days.ts";
import type { Detail, NewSchedule, Schedule } from "../api.ts";
import { useDesk, useLoad, useSending } from "../context.tsx";
import { momentOf } from "../form-values.ts";
import { FormDialog } from "../parts/dialog.tsx";
import { CheckField, Choices, SelectField, TextField } from "../parts/fields.tsx";
import type { Template } from "../person/api.ts";
import { usePersonApi } from "../person/later.tsx";
import { ruleWords } from "../rule-words.ts";
import { fromRrule, REPEATS, toRrule, WEEKDAYS, type Rhythm } from "../rrule.ts";

const KINDS = ["dose", "reading", "contraception", "diary"] as const;

export interface Draft {
  kind: Schedule["kind"];
  title: string;
  times: string;
  rhythm: Rhythm;
  /** A rule that the form has no fields for (every 28 days): it is kept as it is until another rhythm is chosen. */
  rule: string | null;
  from_day: string;
  to_day: string;
  drug: string;
  amount: string;
  before: string;
  after: string;
  holds: boolean;
  holdDay: string;
  holdLatest: string;
  holdReason: string;
}

/** What the form starts from: a template of the site, everything but its days and amount. */
export function withTemplate(draft: Draft, from: Template): Draft {
  const rhythm = fromRrule(from.rrule);
  return {
    ...draft, kind: from.kind, title: from.title, times: from.times.join(" "), rhythm: rhythm ?? draft.rhythm, rule: rhythm === null ? from.rrule : null,
    drug: from.drug ?? "", before: String(from.window_before_min), after: String(from.window_after_min),
  };
}

export function draftOf(from: Schedule | null, today: string): Draft {
  const known = fromRrule(from?.rrule ?? null);
  const rhythm = known ?? { repeat: "daily", weekdays: [], monthDay: "" };
  return {
    kind: from?.kind ?? "dose", title: from?.title ?? "", times: from?.times.join(" ") ?? "", rhythm, rule: known === null ? (from?.rrule ?? null) : null, from_day: today, to_day: "", drug: from?.drug ?? "",
    amount: from?.amount ?? "", before: String(from?.window_before_min ?? 60), after: String(from?.window_after_min ?? 120),
    holds: false, holdDay: "", holdLatest: "", holdReason: "",
  };
}

/** The body of setSchedule; what the server does not take comes back at its field. */
export function scheduleBody(draft: Draft, replaces: string | null, zone: string): NewSchedule {
  const given = (name: "to_day" | "drug" | "amount"): object => (draft[name].trim() === "" ? {} : { [name]: draft[name].trim() });
  const hold = draft.holds ? { hold: { day: draft.holdDay, latest_at: holdInstant(draft, zone), reason: draft.holdReason } } : {};
  return {
    kind: draft.kind, title: draft.title, times: draft.times.split(/[\s,，、;]+/).filter((one) => one !== ""), from_day: draft.from_day, rrule: draft.rule ?? toRrule(draft.rhythm),
    window_before_min: Number(draft.before), window_after_min: Number(draft.after), ...given("to_day"), ...(draft.kind === "dose" ? { ...given("drug"), ...given("amount") } : {}),
    ...hold, ...(replaces === null ? {} : { replaces }),
  };
}

function holdInstant(draft: Draft, zone: string): string {
  return draft.holdDay === "" || draft.holdLatest === "" ? "" : momentOf(`${draft.holdDay}T${draft.holdLatest}`, zone);
}

export function ScheduleDialog({ person, replaces, onClose, onDone }: { person: Detail; replaces: Schedule | null; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, state, t } = useDesk();
  const sending = useSending();
  const [draft, setDraft] = useState(draftOf(replaces, local(Date.now(), person.zone).day));
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const text = (name: keyof Draft) => ({ value: draft[name] as string, onInput: (value: string) => set({ [name]: value }) });
  const e = sending.fields;
  const own = usePersonApi(person.id);
  const templates = useLoad(() => (replaces === null ? own.listScheduleTemplates() : Promise.resolve([])), [replaces, state.language]);
  const submit = (): void => void sending.run(async () => {
    await api.setSchedule(person.id, scheduleBody(draft, replaces?.id ?? null, person.zone));
    desk.toast(t.schedules.set);
    onDone();
  });
  const [from, setFrom] = useState("");
  const choose = (id: string): void => {
    setFrom(id);
    const template = templates.data?.find((one) => one.id === id);
    if (template !== undefined) setDraft(withTemplate(draft, template));
  };
  const timesError = e.times ?? Object.entries(e).find(([name]) => name.startsWith("times."))?.[1];
  return (
    <FormDialog title={replaces === null ? t.schedules.add : t.schedules.replaceTitle(replaces.title)} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit} wide>
      {templates.data === null || templates.data.length === 0 ? null : (
        <SelectField label={t.page.care.templates} hint={t.page.care.templateHint} value={from} empty={t.page.care.templateNone} options={templates.data.map((one) => [one.id, one.title] as const)} onChoose={choose} />
      )}
      <Choices label={t.schedules.kind} options={KINDS.map((k) => [k, t.schedules.kinds[k]] as const)} chosen={[draft.kind]} onChoose={(kind) => set({ kind })} error={e.kind} />
      <div class="fields2">
        <TextField label={t.schedules.name} {...text("title")} error={e.title} />
        <TextField label={t.schedules.times} hint={t.schedules.timesHint} {...text("times")} error={timesError} />
        {draft.kind === "dose" ? <><TextField label={t.schedules.drug} optional {...text("drug")} error={e.drug} /><TextField label={t.schedules.amount} optional {...text("amount")} error={e.amount} /></> : null}
        <RhythmFields rhythm={draft.rhythm} rule={draft.rule} onChange={(rhythm) => set({ rhythm, rule: null })} error={e.rrule} />
        <TextField label={t.schedules.fromDay} type="date" {...text("from_day")} error={e.from_day} />
        <TextField label={t.schedules.toDay} type="date" optional {...text("to_day")} error={e.to_day} />
        <TextField label={`${t.schedules.before} (${t.schedules.minutes})`} inputMode="numeric" {...text("before")} error={e.window_before_min} />
        <TextField label={`${t.schedules.after} (${t.schedules.minutes})`} inputMode="numeric" {...text("after")} error={e.window_after_min} />
      </div>
      {draft.kind === "dose" ? <CheckField label={t.schedules.withHold} value={draft.holds} onChange={(holds) => set({ holds })} error={e.hold} /> : null}
      {draft.kind === "dose" && draft.holds ? (
        <fieldset class="inset"><legend>{t.schedules.hold}</legend>
          <div class="fields2">
            <TextField label={t.schedules.holdDay} type="date" {...text("holdDay")} error={e["hold.day"]} />
            <TextField label={t.schedules.holdLatest} type="time" {...text("holdLatest")} error={e["hold.latest_at"]} />
            <TextField label={t.schedules.holdReason} {...text("holdReason")} error={e["hold.reason"]} />
          </div>
        </fieldset>
      ) : null}
    </FormDialog>
  );
}

function RhythmFields({ rhythm, rule, onChange, error }: { rhythm: Rhythm; rule: string | null; onChange: (rhythm: Rhythm) => void; error: string | undefined }): JSX.Element {
  const { t } = useDesk();
  const names = t.common.weekdays.split(" ");
  return (
    <>
      <SelectField label={t.schedules.every} value={rule === null ? rhythm.repeat : ""} options={REPEATS.map((r) => [r, t.schedules.rrules[r]] as const)} error={error}
        {...(rule === null ? {} : { empty: ruleWords(rule, t) })}
        onChoose={(repeat) => repeat !== "" && onChange({ ...rhythm, repeat })} />
      {rule === null && rhythm.repeat === "weekly" ? (
        <Choices label={t.schedules.weekdaysLabel} options={WEEKDAYS.map((d, i) => [d, names[(i + 1) % 7] ?? d] as const)} chosen={rhythm.weekdays}
          onChoose={(d) => onChange({ ...rhythm, weekdays: rhythm.weekdays.includes(d) ? rhythm.weekdays.filter((one) => one !== d) : [...rhythm.weekdays, d] })} />
      ) : null}
      {rule === null && rhythm.repeat === "monthly" ? <TextField label={t.schedules.monthDay} inputMode="numeric" value={rhythm.monthDay} onInput={(monthDay) => onChange({ ...rhythm, monthDay })} /> : null}
    </>
  );
}
