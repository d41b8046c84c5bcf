/** Accept, correct, withdraw: each a new record with its reason and its source. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { instantText } from "../../rules/days.ts";
import { uuid7 } from "../../store/uuid.ts";
import type { Detail, Version } from "../api.ts";
import { useDesk, useLoad, useSending } from "../context.tsx";
import { fromForm, momentOf, toForm } from "../form-values.ts";
import { EntryWords } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { EntryFields } from "../parts/entry-fields.tsx";
import { AreaField, TextField } from "../parts/fields.tsx";
import { toInput } from "../when.ts";

interface Of {
  person: Detail;
  version: Version;
  onClose: () => void;
  onDone: () => void;
}

export function AcceptDialog({ person, version, onClose, onDone }: Of): JSX.Element {
  const { api, desk, state, t } = useDesk();
  const sending = useSending();
  const [note, setNote] = useState("");
  const submit = (): void => void sending.run(async () => {
    await api.acceptHeldEntry(person.id, version.id, note);
    desk.toast(t.waiting.accepted);
    onDone();
  });
  return (
    <FormDialog title={t.diary.acceptTitle} go={t.diary.accept} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      {state.study === null ? null : <p class="big-said"><EntryWords entry={version} study={state.study} /></p>}
      <AreaField label={t.common.sourceNote} hint={t.common.sourceHint} value={note} onInput={setNote} error={sending.fields.source_note} focus />
    </FormDialog>
  );
}

/** The new version of `version`: same chain, own id, made once so that trying again is the same version. */
function useNewVersion(version: Version): (data: Record<string, unknown> | null, occurredAt: string, reason: string) => Record<string, unknown> {
  const id = useMemo(() => uuid7(Date.now()), [version.id]);
  const recordedAt = useMemo(() => instantText(Date.now(), version.zone), [version.id]);
  return (data, occurredAt, reason) => ({
    id, kind: version.kind, occurred_at: occurredAt, zone: version.zone, recorded_at: recordedAt, data, replaces: version.id,
    reason: reason.trim() === "" ? null : reason, origin: "staff", app_version: __APP_VERSION__,
  });
}

export function CorrectDialog({ person, version, onClose, onDone }: Of): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const schedules = useLoad(() => api.listSchedules(person.id), [person.id]);
  const before = version.data ?? {};
  const [values, setValues] = useState(toForm(version.kind, before, version.zone));
  const wasAt = toInput(Date.parse(version.occurred_at), version.zone);
  const [at, setAt] = useState(wasAt);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const newVersion = useNewVersion(version);
  const submit = (): void => void sending.run(async () => {
    const occurredAt = at === wasAt ? version.occurred_at : momentOf(at, version.zone);
    const entry = newVersion(fromForm(version.kind, values, before, version.zone), occurredAt, reason);
    await api.correctEntry(person.id, version.id, { entry, ...(note.trim() === "" ? {} : { source_note: note }) });
    desk.toast(t.staff.stored);
    onDone();
  });
  return (
    <FormDialog title={t.diary.correctTitle} lead={t.diary.askedBy} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit} wide>
      <TextField label={t.diary.occurredAt} hint={t.staff.zoneNote(version.zone)} type="datetime-local" narrow value={at} onInput={setAt} error={sending.fields.occurred_at} />
      <EntryFields kind={version.kind} values={values} onChange={setValues} errors={sending.fields} schedules={schedules.data ?? []} />
      <AreaField label={t.diary.why} value={reason} onInput={setReason} error={sending.fields.reason} />
      <AreaField label={t.common.sourceNote} hint={t.common.sourceHint} value={note} onInput={setNote} error={sending.fields.source_note} />
    </FormDialog>
  );
}

export function WithdrawDialog({ person, version, onClose, onDone }: Of): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const newVersion = useNewVersion(version);
  const submit = (): void => void sending.run(async () => {
    const entry = newVersion(null, version.occurred_at, reason);
    await api.correctEntry(person.id, version.id, { entry, ...(note.trim() === "" ? {} : { source_note: note }) });
    desk.toast(t.staff.stored);
    onDone();
  });
  return (
    <FormDialog title={t.diary.withdrawTitle} lead={t.diary.withdrawLead} go={t.diary.withdraw} danger busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <AreaField label={t.common.reason} value={reason} onInput={setReason} error={sending.fields.reason} focus />
      <AreaField label={t.common.sourceNote} hint={t.common.sourceHint} value={note} onInput={setNote} error={sending.fields.source_note} />
    </FormDialog>
  );
}
