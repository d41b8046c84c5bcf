/** What staff record themselves, and what they transcribe from paper with its source. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { instantOf, instantText, local } from "../../rules/days.ts";
import { uuid7 } from "../../store/uuid.ts";
import type { Detail } from "../api.ts";
import { useDesk, useLoad, useSending, type FieldErrors } from "../context.tsx";
import { fromForm, missing, momentOf, toForm, type FormValues } from "../form-values.ts";
import { BY_DAY, PAPER_KINDS, STAFF_KINDS, type Kind } from "../kinds.ts";
import { Dialog, FormDialog } from "../parts/dialog.tsx";
import { EntryFields } from "../parts/entry-fields.tsx";
import { AreaField, TextField } from "../parts/fields.tsx";
import { KindIcon } from "../parts/icons.tsx";
import { toInput } from "../when.ts";

export function StaffEntryDialog({ person, onClose, onSaved }: { person: Detail; onClose: () => void; onSaved: () => void }): JSX.Element {
  const { t, p } = useDesk();
  const [kind, setKind] = useState<Kind | null>(null);
  if (kind !== null) return <EntryForm key={kind} person={person} kind={kind} onClose={onClose} onSaved={onSaved} />;
  const forSite = STAFF_KINDS.filter((one) => one !== "pregnancy_test" || person.sex === "female");
  const groups = [[t.staff.fromSite, forSite], [t.staff.fromPaper, PAPER_KINDS]] as const;
  return (
    <Dialog title={t.staff.title} onClose={onClose} wide>
      {groups.map(([name, kinds]) => (
        <section key={name} class="kind-group">
          <h3>{name}</h3>
          <div class="kind-grid">
            {kinds.map((one) => <button key={one} type="button" class="btn" onClick={() => setKind(one)}><KindIcon kind={one} />{p.kinds[one]}</button>)}
          </div>
        </section>
      ))}
    </Dialog>
  );
}

/** Noon of that day in the participant's zone; now, when noon is still to come. */
function middleOf(day: string, zone: string): string {
  return instantText(Math.min(instantOf(day, "12:00", zone), Date.now()), zone);
}

/** `start` fills fields before anything is typed; `keep` goes along without a field of its own. */
export function EntryForm({ person, kind, start = {}, keep = {}, onClose, onSaved }: { person: Detail; kind: Kind; start?: FormValues; keep?: Record<string, unknown>; onClose: () => void; onSaved: () => void }): JSX.Element {
  const { api, desk, t, p } = useDesk();
  const sending = useSending();
  const schedules = useLoad(() => api.listSchedules(person.id), [person.id]);
  const fromPaper = !STAFF_KINDS.includes(kind);
  const { zone } = person;
  const today = local(Date.now(), zone).day;
  const [values, setValues] = useState<FormValues>({ ...startValues(kind, today, person.display_unit, zone), ...start });
  const [at, setAt] = useState(toInput(Date.now(), zone));
  const [note, setNote] = useState("");
  const [gaps, setGaps] = useState<FieldErrors>({});
  // Made once, so that trying again after a lost answer is the same entry.
  const id = useMemo(() => uuid7(Date.now()), []);
  const recordedAt = useMemo(() => instantText(Date.now(), zone), []);
  const day = values.day ?? values.from_day;
  const submit = (): void => {
    const empty = missing(kind, values);
    setGaps(Object.fromEntries(empty.map((name) => [name, t.staff.needed])));
    if (empty.length > 0) return;
    const entry = {
      id, participant_id: person.id, kind, zone, recorded_at: recordedAt, origin: fromPaper ? "paper" : "staff", app_version: __APP_VERSION__,
      occurred_at: BY_DAY.has(kind) && typeof day === "string" ? middleOf(day, zone) : momentOf(at, zone), data: fromForm(kind, values, keep, zone),
    };
    void sending.run(async () => {
      const result = await api.addStaffEntry(person.id, { entry, ...(note.trim() === "" ? {} : { source_note: note }) });
      desk.toast(result.severe === true ? t.staff.severe : t.staff.stored);
      void desk.checkAlerts();
      onSaved();
      onClose();
    });
  };
  return (
    <FormDialog title={p.kinds[kind]} lead={fromPaper ? t.staff.fromPaper : t.staff.fromSite} go={t.common.save} busy={sending.busy} problem={Object.keys(gaps).length > 0 ? t.common.form : sending.problem} onClose={onClose} onSubmit={submit} wide>
      {BY_DAY.has(kind) ? null : (
        <TextField label={t.staff.when} hint={t.staff.zoneNote(zone)} type="datetime-local" narrow value={at} onInput={setAt} error={sending.fields.occurred_at} />
      )}
      <EntryFields kind={kind} values={values} onChange={setValues} errors={{ ...sending.fields, ...gaps }} schedules={schedules.data ?? []} />
      {fromPaper ? <AreaField label={t.staff.paperNote} value={note} onInput={setNote} error={sending.fields.source_note} /> : null}
    </FormDialog>
  );
}

function startValues(kind: Kind, today: string, unit: string, zone: string): FormValues {
  const values = toForm(kind, {}, zone);
  if (kind === "reading" || kind === "ketone") values.unit = kind === "reading" ? unit : "mmol/L";
  if (kind !== "severe_history" && "day" in values) values.day = today;
  return values;
}
