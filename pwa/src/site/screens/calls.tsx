/** The call list: whom no channel reached, since when, the number, and what came of the call. */
import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { CallOutcome, Telephone } from "../api.ts";
import { useChosen } from "../chosen.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { useKeys } from "../keys.ts";
import { Wait } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, Choices } from "../parts/fields.tsx";
import { go } from "../route.ts";
import { ageWords, agoWords } from "../when.ts";
import { ContactLog, Dial } from "./contact.tsx";

const EVERY_MS = 30_000;
const OUTCOMES: readonly CallOutcome["outcome"][] = ["spoke", "no_answer", "reached_otherwise"];

export function Calls({ participant }: { participant: string }): JSX.Element {
  const { api, desk, t } = useDesk();
  const list = useLoad(() => api.listCalls(), [], EVERY_MS);
  return (
    <>
      <div class="title"><h1>{t.work.calls.title}</h1>{participant === "" ? null : <a class="btn" href="#/calls"><Icon name="x" />{t.work.queries.everybody}</a>}</div>
      <p class="meta">{t.work.calls.lead}</p>
      <Wait of={list}>{(calls) => (
        <CallCards calls={calls.filter((c) => participant === "" || c.participant_id === participant)} onChanged={() => {
          void list.reload();
          void desk.checkWork();
        }} />
      )}</Wait>
    </>
  );
}

function CallCards({ calls, onChanged }: { calls: readonly Telephone[]; onChanged: () => void }): JSX.Element {
  const { t, may } = useDesk();
  const { chosen, list, keys } = useChosen(calls, (call) => call.id);
  const [closing, setClosing] = useState<Telephone | null>(null);
  useKeys({
    ...keys, Enter: () => chosen !== undefined && go(`p/${chosen.participant_id}`),
    r: () => chosen !== undefined && may("close_call") && setClosing(chosen),
  });
  return (
    <>
      {calls.length === 0 ? <p class="panel meta">{t.work.calls.none}</p> : (
        <ul class="cards" ref={list as RefObject<HTMLUListElement>}>{calls.map((c, i) => <CallCard key={c.id} call={c} isTop={i === 0} isChosen={c === chosen} onClose={() => setClosing(c)} />)}</ul>
      )}
      {closing === null ? null : <OutcomeDialog call={closing} onClose={() => setClosing(null)} onDone={() => {
        setClosing(null);
        onChanged();
      }} />}
    </>
  );
}

function CallCard({ call, isTop, isChosen, onClose }: { call: Telephone; isTop: boolean; isChosen: boolean; onClose: () => void }): JSX.Element {
  const { t, may } = useDesk();
  const now = useNow(30_000);
  const { calls } = t.work;
  return (
    <li class={`card-row${call.about === "reminder" ? "" : " late"}${isChosen ? " chosen" : ""}`} aria-current={isChosen ? "true" : undefined}>
      <div class="card-head"><a class="subject num" href={`#/p/${call.participant_id}`}>{call.subject_no}</a><span class="meta">{t.roles[call.role]}</span></div>
      <div class="card-body">
        <span><b>{calls.about[call.about]}.</b> {calls.since(ageWords(Date.parse(call.since_at), now, t))}</span>
        {call.name === null ? <span class="meta">{calls.hiddenPhone}</span> : <span>{call.name}{call.login === null ? "" : <span class="meta num"> {call.login}</span>}</span>}
        <span class="meta">{call.last_contact_at === null ? calls.never : calls.last(agoWords(call.last_contact_at, now, t))}</span>
      </div>
      <div class="acts">
        {call.phone === null ? (may("see_names") ? <span class="meta">{calls.noPhone}</span> : null) : <Dial phone={call.phone} />}
        {may("close_call") ? <button type="button" class={isTop ? "btn main-act" : "btn"} onClick={onClose}>{calls.called}</button> : null}
      </div>
    </li>
  );
}

function OutcomeDialog({ call, onClose, onDone }: { call: Telephone; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [outcome, setOutcome] = useState<CallOutcome["outcome"] | null>(null);
  const [note, setNote] = useState("");
  const [gap, setGap] = useState(false);
  const { calls } = t.work;
  const submit = (): void => {
    setGap(outcome === null);
    if (outcome === null) return;
    void sending.run(async () => {
      await api.closeCall(call.id, { outcome, ...(note.trim() === "" ? {} : { note: note.trim() }) });
      desk.toast(calls.saved);
      onDone();
    });
  };
  return (
    <FormDialog title={calls.outcomeTitle(call.subject_no)} go={t.common.save} busy={sending.busy} problem={gap ? calls.needOutcome : sending.problem} onClose={onClose} onSubmit={submit}>
      {call.phone === null ? null : <p>{call.name} <Dial phone={call.phone} /></p>}
      <Choices label={calls.outcome} options={OUTCOMES.map((o) => [o, calls.outcomes[o]] as const)} chosen={outcome === null ? [] : [outcome]} onChoose={setOutcome} error={sending.fields.outcome} />
      <AreaField label={calls.note} optional value={note} onInput={setNote} error={sending.fields.note} />
      <ContactLog id={call.participant_id} />
    </FormDialog>
  );
}
