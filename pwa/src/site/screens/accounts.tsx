/** The administrator's accounts: staff are invited, changed and closed; of participants only the logins stand here. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Account, Invitation, Site } from "../api.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { Wait } from "../parts/bits.tsx";
import { Dialog, FormDialog } from "../parts/dialog.tsx";
import { AreaField, Choices, SelectField, TextField } from "../parts/fields.tsx";
import { agoWords } from "../when.ts";
import { CodeDialog } from "./code.tsx";
import { ReasonDialog } from "./record-people.tsx";

const STAFF = ["coordinator", "investigator", "monitor", "administrator"] as const;
type Staff = (typeof STAFF)[number];
const isStaff = (account: Account): boolean => (STAFF as readonly string[]).includes(account.role);
type Doing = { what: "edit" | "close" | "reset" | "link"; account: Account } | { what: "create" } | null;

export function Accounts(): JSX.Element {
  const { api, t } = useDesk();
  const both = useLoad(async () => {
    const [accounts, sites] = await Promise.all([api.listAccounts(), api.listSites()]);
    return { accounts, sites };
  }, []);
  const [doing, setDoing] = useState<Doing>(null);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [text, setText] = useState("");
  const [group, setGroup] = useState<"staff" | "patients">("staff");
  const close = (): void => setDoing(null);
  const done = (invited?: Invitation): void => {
    close();
    if (invited !== undefined) setInvitation(invited);
    void both.reload();
  };
  return (
    <>
      <div class="title">
        <h1>{t.accounts.title}</h1><span class="gap" />
        <div class="chips" role="group" aria-label={t.accounts.title}>
          {(["staff", "patients"] as const).map((one) => (
            <button key={one} type="button" class="chip" aria-pressed={group === one} onClick={() => setGroup(one)}>{group === one ? <Icon name="check" /> : null}{one === "staff" ? t.accounts.staffOnly : t.accounts.patients}</button>
          ))}
        </div>
        <input class="input search" type="search" aria-label={t.accounts.filter} placeholder={t.accounts.filter} value={text} onInput={(e) => setText(e.currentTarget.value)} />
        <button type="button" class="btn main-act" onClick={() => setDoing({ what: "create" })}><Icon name="plus" />{t.accounts.create}</button>
      </div>
      <Wait of={both}>{({ accounts, sites }) => {
        const wanted = text.trim().toLowerCase();
        const shown = accounts.filter((a) => isStaff(a) === (group === "staff") && `${a.login} ${a.name ?? ""}`.toLowerCase().includes(wanted));
        return (
          <>
            {shown.length === 0 ? <p class="panel meta">{t.accounts.none}</p> : <AccountTable accounts={shown} sites={sites} onDo={setDoing} />}
            {doing?.what === "create" ? <CreateDialog sites={sites} onClose={close} onDone={done} /> : null}
            {doing?.what === "edit" ? <EditDialog account={doing.account} sites={sites} onClose={close} onDone={done} /> : null}
            {doing?.what === "link" ? <LinkDialog account={doing.account} onClose={close} onDone={done} /> : null}
            {doing?.what === "close" ? (
              <ReasonDialog title={t.accounts.closeTitle(doing.account.login)} lead={t.accounts.closeLead} go={t.accounts.close} onClose={close} send={async (reason) => {
                await api.closeAccount(doing.account.id, reason);
                done();
              }} />
            ) : null}
            {doing?.what === "reset" ? (
              <ReasonDialog title={t.accounts.resetTitle(doing.account.login)} lead={t.accounts.resetLead} go={t.accounts.resetSecond} onClose={close} send={async (reason) => {
                await api.resetSecondFactor(doing.account.id, reason);
                done();
              }} />
            ) : null}
          </>
        );
      }}</Wait>
      {invitation === null ? null : (
        <CodeDialog code={{ login: invitation.account.login, code: invitation.code, link: invitation.link, expires_at: invitation.expires_at }} lead={t.code.staffLead} onClose={() => setInvitation(null)} />
      )}
    </>
  );
}

function AccountTable({ accounts, sites, onDo }: { accounts: readonly Account[]; sites: readonly Site[]; onDo: (doing: Doing) => void }): JSX.Element {
  const { state, t } = useDesk();
  const now = useNow(60_000);
  const siteName = new Map(sites.map((s) => [s.id, s.name]));
  return (
    <table class="plain">
      <thead><tr><th scope="col">{t.person.login}</th><th scope="col">{t.accounts.role}</th><th scope="col">{t.accounts.site}</th><th scope="col">{t.accounts.state}</th><th scope="col">{t.accounts.second}</th><th scope="col">{t.accounts.lastSeen}</th><th scope="col"><span class="vh">{t.overview.next}</span></th></tr></thead>
      <tbody>
        {accounts.map((a) => (
          <tr key={a.id} class={a.state === "closed" ? "over" : ""}>
            <th scope="row">{a.name ?? ""}<small class="num">{a.login}</small></th>
            <td data-label={t.accounts.role}>{t.roles[a.role]}</td>
            <td data-label={t.accounts.site}>{a.site_id === null ? "" : (siteName.get(a.site_id) ?? "")}</td>
            <td data-label={t.accounts.state}>{t.person.accountStates[a.state]}</td>
            <td data-label={t.accounts.second}>{a.second_factor ? t.accounts.secondOn : t.accounts.secondOff}</td>
            <td data-label={t.accounts.lastSeen} class="num">{a.last_seen_at === null ? t.accounts.never : agoWords(a.last_seen_at, now, t)}</td>
            <td class="step">
              {a.state === "closed" ? null : (
                <div class="acts">
                  {isStaff(a) ? <button type="button" class="btn" onClick={() => onDo({ what: "edit", account: a })}>{t.accounts.edit}</button> : null}
                  {isStaff(a) ? <button type="button" class="btn" onClick={() => onDo({ what: "link", account: a })}>{t.accounts.newLink}</button> : null}
                  {a.second_factor ? <button type="button" class="btn" onClick={() => onDo({ what: "reset", account: a })}>{t.accounts.resetSecond}</button> : null}
                  {a.id === state.me?.account.id ? null : <button type="button" class="btn" onClick={() => onDo({ what: "close", account: a })}>{t.accounts.close}</button>}
                </div>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Of {
  onClose: () => void;
  onDone: (invited?: Invitation) => void;
}

function RoleAndSite(props: { role: Staff | ""; site: string; sites: readonly Site[]; onRole: (role: Staff) => void; onSite: (id: string) => void; errors: Record<string, string> }): JSX.Element {
  const { t } = useDesk();
  return (
    <>
      <Choices label={t.accounts.role} options={STAFF.map((r) => [r, t.roles[r]] as const)} chosen={props.role === "" ? [] : [props.role]} onChoose={props.onRole} error={props.errors.role} />
      {props.role === "administrator" ? null : (
        <SelectField label={t.accounts.site} value={props.site} empty={t.common.choose} options={props.sites.map((s) => [s.id, s.name] as const)} onChoose={props.onSite} error={props.errors.site_id} />
      )}
    </>
  );
}

function CreateDialog({ sites, onClose, onDone }: Of & { sites: readonly Site[] }): JSX.Element {
  const { api, t } = useDesk();
  const sending = useSending();
  const [role, setRole] = useState<Staff | "">("");
  const [site, setSite] = useState(sites.length === 1 ? (sites[0]?.id ?? "") : "");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [phone, setPhone] = useState("");
  const [language, setLanguage] = useState<"zh-CN" | "en">("zh-CN");
  if (sites.length === 0) {
    return (
      <Dialog title={t.accounts.createTitle} onClose={onClose}>
        <p>{t.accounts.needSite}</p><div class="acts"><a class="btn main-act" href="#/sites">{t.accounts.toSites}</a></div>
      </Dialog>
    );
  }
  const submit = (): void => void sending.run(async () => {
    const at = role === "administrator" || site === "" ? {} : { site_id: site };
    const number = phone.trim() === "" ? null : phone.trim();
    onDone(await api.createAccount({ role: role as Staff, name, email: email.trim(), language, phone: number, ...at }));
  });
  return (
    <FormDialog title={t.accounts.createTitle} go={t.accounts.create} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <RoleAndSite role={role} site={site} sites={sites} onRole={setRole} onSite={setSite} errors={sending.fields} />
      <TextField label={t.common.name} value={name} onInput={setName} error={sending.fields.name} />
      <TextField label={t.common.email} type="email" hint={t.accounts.emailHint} value={email} onInput={setEmail} error={sending.fields.email} />
      <TextField label={t.common.phone} type="tel" optional value={phone} onInput={setPhone} error={sending.fields.phone} />
      <SelectField label={t.common.language} value={language} options={[["zh-CN", t.common.languages["zh-CN"]], ["en", t.common.languages.en]] as const} onChoose={(one) => one !== "" && setLanguage(one)} />
    </FormDialog>
  );
}

function EditDialog({ account, sites, onClose, onDone }: Of & { account: Account; sites: readonly Site[] }): JSX.Element {
  const { api, t } = useDesk();
  const sending = useSending();
  const [role, setRole] = useState<Staff>(account.role as Staff);
  const [site, setSite] = useState<string>(account.site_id ?? "");
  const [name, setName] = useState(account.name ?? "");
  const [reason, setReason] = useState("");
  const submit = (): void => void sending.run(async () => {
    await api.updateAccount(account.id, {
      reason, ...(role === account.role ? {} : { role }), ...(name === account.name ? {} : { name }),
      ...(role === "administrator" || site === "" || site === account.site_id ? {} : { site_id: site }),
    });
    onDone();
  });
  return (
    <FormDialog title={t.accounts.editTitle(account.login)} lead={t.accounts.editLead} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <TextField label={t.common.name} value={name} onInput={setName} error={sending.fields.name} />
      <RoleAndSite role={role} site={site} sites={sites} onRole={setRole} onSite={setSite} errors={sending.fields} />
      <AreaField label={t.common.reason} hint={t.common.reasonHint} value={reason} onInput={setReason} error={sending.fields.reason} />
    </FormDialog>
  );
}

function LinkDialog({ account, onClose, onDone }: Of & { account: Account }): JSX.Element {
  const { api, t } = useDesk();
  const sending = useSending();
  return <FormDialog title={t.accounts.linkTitle(account.login)} lead={t.code.confirmLead} go={t.accounts.newLink} busy={sending.busy} problem={sending.problem} onClose={onClose}
    onSubmit={() => void sending.run(async () => onDone(await api.issueAccountCode(account.id)))} />;
}
