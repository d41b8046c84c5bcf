/** Changes of what is known of a participant: only what differs is sent, with the reason. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Detail, ParticipantChange } from "../api.ts";
import { useDesk, useLoad, useSending } from "../context.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, CheckField, Choices, SelectField, TextField } from "../parts/fields.tsx";
import { Icon } from "../../parts/basics.tsx";

interface Of {
  person: Detail;
  onClose: () => void;
  onDone: () => void;
}

type Known = Omit<ParticipantChange, "reason">;
const TRI = ["yes", "no", "unknown"] as const;
type Tri = (typeof TRI)[number];
export const triOf = (flag: boolean | null): Tri => (flag === null ? "unknown" : flag ? "yes" : "no");
export const flagOf = (tri: Tri): boolean | null => (tri === "unknown" ? null : tri === "yes");

export function TriField(props: { label: string; value: boolean | null; onChange: (value: boolean | null) => void; error?: string | undefined; hint?: string }): JSX.Element {
  const { t } = useDesk();
  return <Choices label={props.label} options={TRI.map((one) => [one, t.common[one]] as const)} chosen={[triOf(props.value)]} onChoose={(one) => props.onChange(flagOf(one))}
    error={props.error} hint={props.hint} />;
}

function knownOf(person: Detail): Known {
  const id = person.identity;
  return {
    name: id?.name ?? "", phone: id?.phone ?? "", email: id?.email ?? "", birth_day: id?.birth_day ?? "", sex: person.sex, fertile: person.fertile,
    premenopausal: person.premenopausal, treated_by_carer: person.treated_by_carer, minor_contraception_approved: person.minor_contraception_approved ?? false,
    display_unit: person.display_unit, zone: person.zone, language: person.language,
  };
}

/** The fields that differ; an emptied one is sent as null. */
export function changed<T extends object>(before: T, after: T): Partial<T> {
  const different = (Object.keys(after) as (keyof T)[]).filter((name) => after[name] !== before[name]);
  return Object.fromEntries(different.map((name) => [name, after[name] === "" ? null : after[name]])) as Partial<T>;
}

export function EditDialog({ person, onClose, onDone }: Of): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const before = knownOf(person);
  const [known, setKnown] = useState(before);
  const [reason, setReason] = useState("");
  const set = (change: Known): void => setKnown({ ...known, ...change });
  const text = (name: "name" | "phone" | "email" | "birth_day" | "zone") => ({ value: known[name] ?? "", onInput: (value: string) => set({ [name]: value }), error: sending.fields[name] });
  const submit = (): void => void sending.run(async () => {
    await api.updateParticipant(person.id, { ...changed(before, known), reason });
    desk.toast(t.common.saved);
    onDone();
  });
  return (
    <FormDialog title={t.person.editTitle} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit} wide>
      <div class="fields2">
        <TextField label={t.common.name} {...text("name")} />
        <TextField label={t.person.birthDay} type="date" {...text("birth_day")} />
        <TextField label={t.common.phone} type="tel" optional {...text("phone")} />
        <TextField label={t.common.email} type="email" optional {...text("email")} />
        <Choices label={t.person.sexLabel} options={[["female", t.person.sex.female], ["male", t.person.sex.male]] as const} chosen={known.sex === undefined ? [] : [known.sex]} onChoose={(sex) => set({ sex })} error={sending.fields.sex} />
        <TriField label={t.person.fertile} value={known.fertile ?? null} onChange={(fertile) => set({ fertile })} error={sending.fields.fertile} />
        {known.sex === "female" ? <TriField label={t.person.premenopausal} value={known.premenopausal ?? null} onChange={(premenopausal) => set({ premenopausal })} error={sending.fields.premenopausal} /> : null}
        <SelectField label={t.person.unit} value={known.display_unit ?? ""} options={[["mmol/L", "mmol/L"], ["mg/dL", "mg/dL"]] as const} onChoose={(unit) => unit !== "" && set({ display_unit: unit })} />
        <SelectField label={t.common.language} value={known.language ?? ""} options={[["zh-CN", t.common.languages["zh-CN"]], ["en", t.common.languages.en]] as const} onChoose={(language) => language !== "" && set({ language })} />
        <TextField label={t.person.zone} {...text("zone")} />
      </div>
      {person.is_child ? <CheckField label={t.person.treatedByCarer} value={known.treated_by_carer === true} onChange={(on) => set({ treated_by_carer: on })} /> : null}
      {person.is_child ? <CheckField label={t.person.minorApproved} value={known.minor_contraception_approved === true} onChange={(on) => set({ minor_contraception_approved: on })} /> : null}
      <AreaField label={t.common.reason} hint={t.common.reasonHint} value={reason} onInput={setReason} error={sending.fields.reason} />
    </FormDialog>
  );
}

const STATES = ["screening", "enrolled", "transplanted", "paused", "withdrawn", "completed"] as const;

export function StateDialog({ person, onClose, onDone }: Of): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [state, setState] = useState(person.state);
  const [days, setDays] = useState<string[]>([...person.transplant_days]);
  const [newDay, setNewDay] = useState("");
  const [reason, setReason] = useState("");
  const submit = (): void => void sending.run(async () => {
    const all = newDay === "" ? days : [...days, newDay];
    const sameDays = JSON.stringify([...all].sort()) === JSON.stringify([...person.transplant_days].sort());
    await api.updateParticipant(person.id, { ...(state === person.state ? {} : { state }), ...(sameDays ? {} : { transplant_days: all }), reason });
    desk.toast(t.common.saved);
    onDone();
  });
  return (
    <FormDialog title={t.person.stateTitle} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <Choices label={t.person.state} options={STATES.map((s) => [s, t.overview.states[s]] as const)} chosen={[state]} onChoose={setState} error={sending.fields.state} />
      {state !== person.state && (state === "paused" || state === "withdrawn" || state === "completed") ? <AfterState id={person.id} state={state} /> : null}
      <fieldset class="field"><legend>{t.person.transplantDays}</legend>
        <ul class="plain-list">{days.map((d) => (
          <li key={d}><b class="num">{d}</b><button type="button" class="btn quiet" onClick={() => setDays(days.filter((one) => one !== d))}><Icon name="x" />{t.person.removeDay}</button></li>
        ))}</ul>
      </fieldset>
      <TextField label={t.person.addTransplant} type="date" narrow optional value={newDay} onInput={setNewDay} error={sending.fields.transplant_days ?? sending.fields["transplant_days.0"]} />
      <AreaField label={t.common.reason} hint={t.common.reasonHint} value={reason} onInput={setReason} error={sending.fields.reason} />
    </FormDialog>
  );
}

/** What goes on after this step, with the reminders by name: nobody believes that a step ends them. */
function AfterState({ id, state }: { id: string; state: "paused" | "withdrawn" | "completed" }): JSX.Element {
  const { api, t } = useDesk();
  const schedules = useLoad(() => api.listSchedules(id), [id]);
  const w = t.page.care;
  const doses = (schedules.data ?? []).filter((s) => s.kind === "dose" && s.ended_at === null);
  return (
    <div class="inset" role="status">
      <p>{w.afterState[state]}</p>
      {schedules.data === null ? null : doses.length === 0 ? <p class="meta">{w.noneRunning}</p> : <><b>{w.stillRunning}</b><ul class="plain-list">{doses.map((s) => <li key={s.id}>{s.title} <span class="num meta">{s.times.join("  ")}</span></li>)}</ul></>}
    </div>
  );
}
