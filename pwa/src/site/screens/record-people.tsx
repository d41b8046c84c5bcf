/** Consents and guardians, and the dialog that asks for a reason only. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { local } from "../../rules/days.ts";
import type { Detail, GuardianBody } from "../api.ts";
import { useDesk, useLoad, useSending, type FieldErrors } from "../context.tsx";
import { matches } from "../order.ts";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, Choices, SelectField, TextField } from "../parts/fields.tsx";

interface Of {
  person: Detail;
  onClose: () => void;
  onDone: () => void;
}

export function ReasonDialog(props: { title: string; lead?: string; go: string; onClose: () => void; send: (reason: string) => Promise<void> }): JSX.Element {
  const { t } = useDesk();
  const sending = useSending();
  const [reason, setReason] = useState("");
  return (
    <FormDialog title={props.title} {...(props.lead === undefined ? {} : { lead: props.lead })} go={props.go} danger busy={sending.busy} problem={sending.problem} onClose={props.onClose}
      onSubmit={() => void sending.run(() => props.send(reason))}>
      <AreaField label={t.common.reason} hint={t.common.reasonHint} value={reason} onInput={setReason} error={sending.fields.reason} focus />
    </FormDialog>
  );
}

const GIVERS = ["participant", "guardian", "child_assent"] as const;

export function ConsentDialog({ person, onClose, onDone }: Of): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [giver, setGiver] = useState<(typeof GIVERS)[number]>(person.is_child ? "guardian" : "participant");
  const [guardian, setGuardian] = useState("");
  const [version, setVersion] = useState("");
  const [day, setDay] = useState(local(Date.now(), person.zone).day);
  const linked = person.guardians.filter((g) => g.ended_at === null);
  const submit = (): void => void sending.run(async () => {
    await api.recordConsent(person.id, { giver, version, day, ...(giver === "guardian" && guardian !== "" ? { guardian_id: guardian } : {}) });
    desk.toast(t.common.saved);
    onDone();
  });
  return (
    <FormDialog title={t.person.recordConsent} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <Choices label={t.person.giver} options={GIVERS.map((g) => [g, t.person.givers[g]] as const)} chosen={[giver]} onChoose={setGiver} error={sending.fields.giver} />
      {giver === "guardian" ? (
        <SelectField label={t.person.whichGuardian} value={guardian} empty={t.common.choose} options={linked.map((g) => [g.account_id, `${g.login} ${g.name ?? ""}`] as const)}
          onChoose={setGuardian} error={sending.fields.guardian_id} />
      ) : null}
      <TextField label={t.person.version} value={version} onInput={setVersion} error={sending.fields.version} />
      <TextField label={t.person.signedDay} type="date" narrow value={day} onInput={setDay} error={sending.fields.day} />
    </FormDialog>
  );
}

export interface GuardianDraft {
  isKnown: boolean;
  accountId: string;
  name: string;
  phone: string;
  email: string;
  relation: string;
  version: string;
  day: string;
}

export const newGuardian = (day: string): GuardianDraft => ({ isKnown: false, accountId: "", name: "", phone: "", email: "", relation: "", version: "", day });

export function guardianBody(draft: GuardianDraft): GuardianBody {
  const optional = (name: "phone" | "email"): object => (draft[name].trim() === "" ? {} : { [name]: draft[name].trim() });
  const who = draft.isKnown ? { account_id: draft.accountId } : { name: draft.name, ...optional("phone"), ...optional("email") };
  return { ...who, relation: draft.relation, consent: { version: draft.version, day: draft.day } };
}

/** A new guardian, or one who has another child in the study already; `at` is the prefix of the server's field names. */
export function GuardianFields({ draft, onChange, errors, at }: { draft: GuardianDraft; onChange: (draft: GuardianDraft) => void; errors: FieldErrors; at: string }): JSX.Element {
  const { t } = useDesk();
  const text = (name: "name" | "phone" | "email" | "relation" | "version" | "day") => ({ value: draft[name], onInput: (value: string) => onChange({ ...draft, [name]: value }) });
  const error = (name: string): string | undefined => errors[`${at}${name}`];
  return (
    <>
      <Choices label={t.person.whichGuardian} options={[["new", t.person.newPerson], ["known", t.person.existing]] as const} chosen={[draft.isKnown ? "known" : "new"]}
        onChoose={(which) => onChange({ ...draft, isKnown: which === "known" })} />
      <div class="fields2">
        {draft.isKnown ? <KnownGuardian draft={draft} onChange={onChange} error={error("account_id")} /> : (
          <>
            <TextField label={t.common.name} {...text("name")} error={error("name")} />
            <TextField label={t.common.phone} type="tel" optional {...text("phone")} error={error("phone")} />
            <TextField label={t.common.email} type="email" optional {...text("email")} error={error("email")} />
          </>
        )}
        <TextField label={t.person.relation} {...text("relation")} error={error("relation")} />
        <TextField label={`${t.person.givers.guardian}: ${t.person.version}`} {...text("version")} error={error("consent.version")} />
        <TextField label={t.person.signedDay} type="date" {...text("day")} error={error("consent.day")} />
      </div>
    </>
  );
}

function KnownGuardian({ draft, onChange, error }: { draft: GuardianDraft; onChange: (draft: GuardianDraft) => void; error: string | undefined }): JSX.Element {
  const { api, t } = useDesk();
  const [number, setNumber] = useState("");
  const found = useLoad(async () => {
    const rows = number.trim() === "" ? [] : await api.listParticipants();
    const child = rows.find((r) => matches(r.subject_no, number) && r.is_child);
    return child === undefined ? [] : (await api.getParticipant(child.id)).guardians.filter((g) => g.ended_at === null);
  }, [number]);
  const guardians = found.data ?? [];
  return (
    <>
      <TextField label={t.person.otherChild} value={number} onInput={setNumber} hint={number !== "" && found.data !== null && guardians.length === 0 ? t.person.noneFound : undefined} />
      <SelectField label={t.person.whichGuardian} value={draft.accountId} empty={t.common.choose} options={guardians.map((g) => [g.account_id, `${g.login} ${g.name ?? ""}`] as const)}
        onChoose={(accountId) => onChange({ ...draft, accountId })} error={error} />
    </>
  );
}

export function GuardianDialog({ person, onClose, onDone }: Of): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [draft, setDraft] = useState(newGuardian(local(Date.now(), person.zone).day));
  const submit = (): void => void sending.run(async () => {
    await api.addGuardian(person.id, guardianBody(draft));
    desk.toast(t.common.saved);
    onDone();
  });
  return (
    <FormDialog title={t.person.addGuardian} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit} wide>
      <GuardianFields draft={draft} onChange={setDraft} errors={sending.fields} at="" />
    </FormDialog>
  );
}
