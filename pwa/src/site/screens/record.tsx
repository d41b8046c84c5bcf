/** Who the participant is: identity, state, consent, guardians, meters, phones. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Detail, Session } from "../api.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { Facts, Panel, Wait } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/fields.tsx";
import { agoWords, dayWords, moment } from "../when.ts";
import { IssueCode } from "./code.tsx";
import type { OfPerson } from "./person.tsx";
import { ConsentDialog, GuardianDialog, ReasonDialog } from "./record-people.tsx";
import { EditDialog, StateDialog } from "./record-edit.tsx";

export function RecordTab(props: OfPerson): JSX.Element {
  return (
    <div class="cols2">
      <div class="stack"><Identity {...props} /><Consents {...props} /></div>
      <div class="stack"><AccountPanel {...props} /><Guardians {...props} /><Meters {...props} /><Devices {...props} /></div>
    </div>
  );
}

const opener = (label: string, onClick: () => void): JSX.Element => <button type="button" class="btn" onClick={onClick}>{label}</button>;

function Identity({ person, onChanged }: OfPerson): JSX.Element {
  const { t, may } = useDesk();
  const [open, setOpen] = useState<"edit" | "state" | null>(null);
  const yes = (flag: boolean | null): string => (flag === null ? t.common.unknown : flag ? t.common.yes : t.common.no);
  const day = (text: string): string => dayWords(text, t, "");
  const close = (): void => setOpen(null);
  const acts = may("enrol") ? <>{opener(t.person.stateGo, () => setOpen("state"))}{opener(t.common.edit, () => setOpen("edit"))}</> : null;
  const id = person.identity;
  return (
    <Panel title={t.person.identity} act={acts}>
      <Facts rows={[
        [t.person.subject, person.subject_no],
        ...(id === null ? [[t.common.name, t.common.notSeenHere] as const] : [
          [t.common.name, id.name], [t.common.phone, id.phone ?? t.common.notSet], [t.common.email, id.email ?? t.common.notSet], [t.person.birthDay, id.birth_day],
        ] as const),
        [t.person.age, t.common.years(person.age_years)], [t.person.sexLabel, t.person.sex[person.sex]],
        [t.person.state, t.overview.states[person.state]],
        [t.person.transplantDays, person.transplant_days.length === 0 ? t.common.none : person.transplant_days.map(day).join(", ")],
        ...(id === null ? [] : [[t.person.fertile, yes(person.fertile)] as const]),
        ...(id !== null && person.sex === "female" ? [[t.person.premenopausal, yes(person.premenopausal)] as const] : []),
        ...(person.is_child ? [[t.person.treatedByCarer, yes(person.treated_by_carer)] as const] : []),
        ...(id !== null && person.is_child ? [[t.person.minorApproved, yes(person.minor_contraception_approved)] as const] : []),
        [t.person.unit, person.display_unit], [t.person.zone, person.zone], [t.common.language, t.common.languages[person.language]], [t.person.since, day(person.created_at.slice(0, 10))],
      ]} />
      <p><a href={`#/audit?object=${person.id}`}>{t.nav.audit}</a></p>
      {open === "edit" ? <EditDialog person={person} onClose={close} onDone={() => { close(); onChanged(); }} /> : null}
      {open === "state" ? <StateDialog person={person} onClose={close} onDone={() => { close(); onChanged(); }} /> : null}
    </Panel>
  );
}

function AccountPanel({ person }: OfPerson): JSX.Element {
  const { t, may } = useDesk();
  const { account } = person;
  return (
    <Panel title={t.person.account} act={account !== null && may("issue_code") ? <IssueCode participantId={person.id} login={account.login} fresh={account.state === "invited"} /> : null}>
      <Facts rows={account === null ? [[t.person.account, t.common.none]] : [[t.person.login, account.login], [t.person.state, t.person.accountStates[account.state]]]} />
    </Panel>
  );
}

function Consents({ person, onChanged }: OfPerson): JSX.Element {
  const { t, may } = useDesk();
  const [open, setOpen] = useState(false);
  const byId = new Map(person.guardians.map((g) => [g.account_id, g]));
  return (
    <Panel title={t.person.consents} act={may("enrol") ? opener(t.person.recordConsent, () => setOpen(true)) : null}>
      {person.reconsent_due ? <p class="problem"><Icon name="alert" /><span>{t.person.reconsent}</span></p> : null}
      <ul class="plain-list">
        {person.consents.map((c) => (
          <li key={c.id}><b>{t.person.givers[c.giver]}</b>{c.guardian_id === null ? "" : ` (${byId.get(c.guardian_id)?.login ?? ""})`} <span class="meta num">{t.person.version} {c.version} · {dayWords(c.day, t, "")}</span></li>
        ))}
      </ul>
      {open ? <ConsentDialog person={person} onClose={() => setOpen(false)} onDone={() => { setOpen(false); onChanged(); }} /> : null}
    </Panel>
  );
}

function Guardians({ person, onChanged }: OfPerson): JSX.Element | null {
  const { api, desk, t, may } = useDesk();
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<Detail["guardians"][number] | null>(null);
  if (!person.is_child && person.guardians.length === 0) return null;
  return (
    <Panel title={t.person.guardians} act={may("enrol") && person.is_child ? opener(t.person.addGuardian, () => setAdding(true)) : null}>
      {person.guardians.length === 0 ? <p class="meta">{t.person.noGuardians}</p> : null}
      <ul class="plain-list">
        {person.guardians.map((g) => (
          <li key={g.account_id} class={g.ended_at === null ? "" : "over"}>
            <span><b class="num">{g.login}</b> {[g.name, g.relation, g.phone, g.email].filter((x) => x !== null).join(" · ")} <span class="meta">{g.ended_at === null ? t.person.accountStates[g.state] : `${t.person.endedAt} ${dayWords(g.ended_at.slice(0, 10), t, "")}`}</span></span>
            {g.ended_at === null ? (
              <span class="acts">
                {may("issue_code") ? <IssueCode participantId={person.id} guardianId={g.account_id} login={g.login} fresh={g.state === "invited"} /> : null}
                {may("enrol") ? opener(t.person.endGuardian, () => setEnding(g)) : null}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {adding ? <GuardianDialog person={person} onClose={() => setAdding(false)} onDone={() => { setAdding(false); onChanged(); }} /> : null}
      {ending === null ? null : (
        <ReasonDialog title={t.person.endGuardianTitle(ending.login)} go={t.person.endGuardian} onClose={() => setEnding(null)} send={async (reason) => {
          await api.endGuardian(person.id, ending.account_id, reason);
          desk.toast(t.common.saved);
          setEnding(null);
          onChanged();
        }} />
      )}
    </Panel>
  );
}

function Meters({ person, onChanged }: OfPerson): JSX.Element {
  const { t, may } = useDesk();
  const [open, setOpen] = useState(false);
  return (
    <Panel title={t.person.meters} act={may("enrol") ? opener(t.person.assignMeter, () => setOpen(true)) : null}>
      {person.meters.length === 0 ? <p class="meta">{t.person.noMeters}</p> : null}
      <ul class="plain-list">
        {person.meters.map((m) => (
          <li key={m.id} class={m.returned_day === null ? "" : "over"}><b class="num">{m.serial}</b> {m.model ?? ""} <span class="meta num">{t.person.given} {dayWords(m.given_day, t, "")} · {m.returned_day === null ? t.person.inUse : `${t.person.returned} ${dayWords(m.returned_day, t, "")}`}</span></li>
        ))}
      </ul>
      {open ? <MeterDialog person={person} onClose={() => setOpen(false)} onDone={() => { setOpen(false); onChanged(); }} /> : null}
    </Panel>
  );
}

function MeterDialog({ person, onClose, onDone }: { person: Detail; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [serial, setSerial] = useState("");
  const [model, setModel] = useState("");
  const submit = (): void => void sending.run(async () => {
    await api.assignMeter(person.id, { serial, ...(model.trim() === "" ? {} : { model }) });
    desk.toast(t.common.saved);
    onDone();
  });
  return (
    <FormDialog title={t.person.assignMeter} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <TextField label={t.person.serial} value={serial} onInput={setSerial} error={sending.fields.serial} focus />
      <TextField label={t.person.model} value={model} onInput={setModel} error={sending.fields.model} optional />
    </FormDialog>
  );
}

function Devices({ person }: OfPerson): JSX.Element | null {
  const { may } = useDesk();
  return may("issue_code") ? <DeviceList person={person} /> : null;
}

function DeviceList({ person }: { person: Detail }): JSX.Element {
  const { api, desk, t } = useDesk();
  const now = useNow(60_000);
  const sessions = useLoad(() => api.listSessions(person.id), [person.id]);
  const [revoking, setRevoking] = useState<Session | null>(null);
  return (
    <Panel title={t.person.devices}>
      <Wait of={sessions}>{(list) => list.length === 0 ? <p class="meta">{t.person.noDevices}</p> : (
        <ul class="plain-list">
          {list.map((s) => (
            <li key={s.id}>
              <span><b class="num">{s.login}</b> {s.device} <span class="meta num">{t.person.lastSeen} {agoWords(s.last_seen_at, now, t)} · {moment(s.created_at, person.zone, now, t)}</span></span>
              <span class="acts">{opener(t.person.revoke, () => setRevoking(s))}</span>
            </li>
          ))}
        </ul>
      )}</Wait>
      {revoking === null ? null : (
        <ReasonDialog title={t.person.revokeTitle} lead={t.person.revokeLead} go={t.person.revoke} onClose={() => setRevoking(null)} send={async (reason) => {
          await api.revokeSession(person.id, revoking.id, reason);
          desk.toast(t.person.revoked);
          setRevoking(null);
          void sessions.reload();
        }} />
      )}
    </Panel>
  );
}

