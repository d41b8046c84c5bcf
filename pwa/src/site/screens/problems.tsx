/** What the administrator looks at: messages that no service takes, and push services that are stopped. */
import type { JSX } from "preact";
import { Icon } from "../../parts/basics.tsx";
import type { Problems as Answer } from "../api.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { browserZone, moment } from "../when.ts";

const EVERY_MS = 30_000;

export function Problems(): JSX.Element {
  const { api, desk, t } = useDesk();
  const list = useLoad(() => api.listProblems(), [], EVERY_MS);
  const sending = useSending();
  const now = useNow(60_000);
  const words = t.work.problems;
  const at = (instant: string): string => moment(instant, browserZone(), now, t);
  const close = (id: string): void => void sending.run(async () => {
    await api.closeProblem(id);
    await list.reload();
  });
  const resume = (host: string): void => void sending.run(async () => {
    await api.resumePushHost(host);
    desk.toast(words.resumed);
    await list.reload();
  });
  const setAside = (host: string, phones: string[]): void => void sending.run(async () => {
    await api.setPhonesAside(host, phones);
    desk.toast(words.phonesAside(phones.length));
    await list.reload();
  });
  return (
    <>
      <div class="title"><h1>{words.title}</h1></div>
      <p class="meta">{words.lead}</p>
      <Problem text={sending.problem} />
      <Wait of={list}>{({ problems, stopped_hosts: hosts }) => (
        <>
          <Panel title={words.hosts} note={words.hostsLead}>
            {hosts.length === 0 ? <p class="meta">{words.noHosts}</p> : (
              <ul class="plain-list">{hosts.map((h) => <StoppedHost key={h.host} host={h} busy={sending.busy} at={at} onResume={() => resume(h.host)} onSetAside={(phones) => setAside(h.host, phones)} />)}</ul>
            )}
          </Panel>
          {problems.length === 0 ? <p class="panel meta">{words.none}</p> : (
            <ul class="cards">{problems.map((one) => <ProblemCard key={one.id} problem={one} busy={sending.busy} at={at} onClose={() => close(one.id)} />)}</ul>
          )}
        </>
      )}</Wait>
    </>
  );
}

function ProblemCard({ problem, busy, at, onClose }: { problem: Answer["problems"][number]; busy: boolean; at: (instant: string) => string; onClose: () => void }): JSX.Element {
  const { t } = useDesk();
  const words = t.work.problems;
  const isOpen = problem.closed_at === null;
  return (
    <li class={`card-row${isOpen ? " late" : " over"}`}>
      <div class="card-head"><b class="tag"><Icon name={isOpen ? "alert" : "check"} />{words.kinds[problem.kind] ?? problem.kind}</b></div>
      <div class="card-body"><b>{problem.subject}</b><span>{problem.detail}</span>
        <span class="meta num">{words.times(problem.times)} · {words.opened} {at(problem.opened_at)} · {words.last} {at(problem.last_at)}{problem.closed_at === null ? "" : ` · ${words.closed(at(problem.closed_at))}`}</span></div>
      {isOpen ? <div class="acts"><button type="button" class="btn" disabled={busy} onClick={onClose}>{words.close}</button></div> : null}
    </li>
  );
}

interface HostProps {
  host: Answer["stopped_hosts"][number];
  busy: boolean;
  at: (instant: string) => string;
  onResume: () => void;
  onSetAside: (phones: string[]) => void;
}

/** How many of the phones there it refused says whether it is our key, or theirs. */
function StoppedHost({ host: h, busy, at, onResume, onSetAside }: HostProps): JSX.Element {
  const { t } = useDesk();
  const words = t.work.problems;
  return (
    <li>
      <span><b>{h.host}</b><br />
        <span class="meta num">{words.stopped(at(h.stopped_at))}{h.status === null ? "" : ` · ${words.status(h.status)}`}{h.detail === null ? "" : ` · ${h.detail}`}</span>
        {h.refused_phones === 0 ? null : <><br /><span class="meta num">{words.refused(h.refused_phones, h.phones)}</span></>}
        {h.refused.map((phone) => <span key={phone.id}><br /><span class="meta num">{words.phone(phone.id, at(phone.created_at), at(phone.refused_at))} · {phone.device}</span></span>)}
      </span>
      <span class="acts">
        <button type="button" class="btn main-act" disabled={busy} onClick={onResume}>{words.resume}</button>
        {h.refused.length === 0 ? null : <button type="button" class="btn" disabled={busy} onClick={() => onSetAside(h.refused.map((phone) => phone.id))}>{words.setAside(h.refused.length)}</button>}
      </span>
    </li>
  );
}
