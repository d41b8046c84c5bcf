/** How a page, or word of what went wrong, reaches me: my channels, each proved by a code that came through it. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Channel } from "../api.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { FormDialog, Problem } from "../parts/dialog.tsx";
import { SelectField, TextField } from "../parts/fields.tsx";
import { browserZone, moment } from "../when.ts";

function useMine() {
  const { api, may } = useDesk();
  // Who operates the service belongs to no site.
  return api.myChannels(may("operate") ? "admin" : "site");
}

export function MyChannels(): JSX.Element {
  const { desk, t, may } = useDesk();
  const mine = useMine();
  const list = useLoad(() => mine.list(), []);
  const [adding, setAdding] = useState(false);
  const words = may("operate") ? { ...t.work.channels, ...t.work.channels.operator } : t.work.channels;
  const changed = (): void => {
    void list.reload();
    void desk.checkWork();
  };
  const add = (list.data?.names.length ?? 0) > 0 ? <button type="button" class="btn" onClick={() => setAdding(true)}><Icon name="plus" />{words.add}</button> : null;
  return (
    <Panel title={words.title} act={add}>
      <p class="meta">{words.lead}</p>
      <Wait of={list}>{({ names, channels }) => (
        <>
          {names.length === 0 ? <p>{words.noNames}</p> : channels.length === 0 ? <p>{words.none}</p> : null}
          <ul class="plain-list">{channels.map((c) => <ChannelRow key={c.id} channel={c} onChanged={changed} />)}</ul>
          {adding ? <AddDialog names={names} onClose={() => setAdding(false)} onDone={() => {
            setAdding(false);
            changed();
          }} /> : null}
        </>
      )}</Wait>
    </Panel>
  );
}

function ChannelRow({ channel, onChanged }: { channel: Channel; onChanged: () => void }): JSX.Element {
  const { desk, state, t } = useDesk();
  const mine = useMine();
  const now = useNow(60_000);
  const sending = useSending();
  const [asked, setAsked] = useState(false);
  const [ending, setEnding] = useState(false);
  const [code, setCode] = useState("");
  const words = t.work.channels;
  const zone = state.me?.site?.zone ?? browserZone();
  const test = (): void => void sending.run(async () => {
    await mine.test(channel.id);
    setAsked(true);
  });
  const confirm = (): void => void sending.run(async () => {
    await mine.confirm(channel.id, code.trim());
    setAsked(false);
    setCode("");
    desk.toast(words.confirmed);
    onChanged();
  });
  const end = (): void => void sending.run(async () => {
    await mine.end(channel.id);
    setEnding(false);
    desk.toast(words.ended);
    onChanged();
  });
  return (
    <li>
      <span><b>{words.names[channel.name] ?? channel.name}</b> {channel.address}<br />
        <span class="tag"><Icon name={channel.tested_at === null ? "alert" : "check"} />{channel.tested_at === null ? words.notTested : words.testedAt(moment(channel.tested_at, zone, now, t))}</span></span>
      <span class="acts">
        <button type="button" class={channel.tested_at === null ? "btn main-act" : "btn"} disabled={sending.busy} onClick={test}>{words.test}</button>
        <button type="button" class="btn" onClick={() => setEnding(true)}>{words.end}</button>
      </span>
      {sending.problem === null || ending ? null : <span class="code-line"><Problem text={sending.problem} /></span>}
      {asked ? (
        <form class="code-line" noValidate onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}>
          <p role="status" class="code-line">{words.sent}</p>
          <TextField label={words.code} value={code} onInput={setCode} inputMode="numeric" maxLength={6} autocomplete="one-time-code" narrow error={sending.fields.code} focus />
          <button class="btn main-act" disabled={sending.busy}>{words.confirm}</button>
        </form>
      ) : null}
      {ending ? <FormDialog title={words.endTitle(channel.address)} go={words.end} danger busy={sending.busy} problem={sending.problem} onClose={() => setEnding(false)} onSubmit={end} /> : null}
    </li>
  );
}

function AddDialog({ names, onClose, onDone }: { names: readonly string[]; onClose: () => void; onDone: () => void }): JSX.Element {
  const { desk, t } = useDesk();
  const mine = useMine();
  const sending = useSending();
  const words = t.work.channels;
  const [name, setName] = useState(names[0] ?? "");
  const [address, setAddress] = useState("");
  const submit = (): void => void sending.run(async () => {
    await mine.add({ name, address: address.trim() });
    desk.toast(words.added);
    onDone();
  });
  return (
    <FormDialog title={words.add} go={t.common.add} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <SelectField label={words.name} value={name} options={names.map((n) => [n, words.names[n] ?? n] as const)} onChoose={setName} error={sending.fields.name} />
      <TextField label={words.address} hint={words.addressHint} value={address} onInput={setAddress} error={sending.fields.address} focus />
    </FormDialog>
  );
}
