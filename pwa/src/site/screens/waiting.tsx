/** What waits for staff: held entries to accept, and what could not be taken, as it came. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Entry, Refused, Version } from "../api.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { EntryWords, Panel, Wait } from "../parts/bits.tsx";
import { KindIcon } from "../parts/icons.tsx";
import { ageWords, agoWords, livedMoment } from "../when.ts";
import { AcceptDialog } from "./entry-change.tsx";
import { EntryDrawer } from "./entry-drawer.tsx";
import type { OfPerson } from "./person.tsx";
import type { Kind } from "../kinds.ts";

export function WaitingTab({ person, onChanged, round }: OfPerson & { round: number }): JSX.Element {
  const { api, t } = useDesk();
  const held = useLoad(() => api.listEntries(person.id, { held: true, limit: 500 }), [person.id, round]);
  const refusals = useLoad(() => api.listRefusals(person.id), [person.id, round]);
  const [open, setOpen] = useState("");
  const [accepting, setAccepting] = useState<Entry | null>(null);
  const more = async (before: string): Promise<void> => {
    const next = await api.listRefusals(person.id, before);
    refusals.set({ refusals: [...(refusals.data?.refusals ?? []), ...next.refusals], next: next.next });
  };
  return (
    <div class="stack">
      <Panel title={t.waiting.heldTitle} note={t.waiting.heldLead}>
        <Wait of={held}>{({ entries }) => entries.length === 0 ? <p class="meta">{t.waiting.noHeld}</p> : (
          <ul class="rows">{entries.map((e) => <HeldRow key={e.id} entry={e} onOpen={() => setOpen(e.id)} onAccept={() => setAccepting(e)} />)}</ul>
        )}</Wait>
      </Panel>
      <Panel title={t.waiting.refusedTitle} note={t.waiting.refusedLead}>
        <Wait of={refusals}>{(page) => page.refusals.length === 0 ? <p class="meta">{t.waiting.noRefused}</p> : (
          <>
            <ul class="rows">{page.refusals.map((r) => <RefusedRow key={r.id} refused={r} onOpen={setOpen} />)}</ul>
            {page.next === null ? null : <button type="button" class="btn" onClick={() => void more(page.next ?? "")}>{t.common.more}</button>}
          </>
        )}</Wait>
      </Panel>
      {open === "" ? null : <EntryDrawer key={open} person={person} entryId={open} onClose={() => setOpen("")} onChanged={onChanged} />}
      {accepting === null ? null : (
        <AcceptDialog person={person} version={accepting as Version} onClose={() => setAccepting(null)} onDone={() => {
          setAccepting(null);
          onChanged();
        }} />
      )}
    </div>
  );
}

function HeldRow({ entry, onOpen, onAccept }: { entry: Entry; onOpen: () => void; onAccept: () => void }): JSX.Element {
  const { t, p, state, may } = useDesk();
  const now = useNow(60_000);
  const age = ageWords(Date.parse(entry.occurred_at), Date.parse(entry.recorded_at), t);
  return (
    <li class="wait-row held">
      <span class="kind"><KindIcon kind={entry.kind} />{p.kinds[entry.kind]}</span>
      <span class="what">
        {entry.data === null || state.study === null ? t.diary.withdrawn : <EntryWords entry={entry} study={state.study} />}
        <span class="meta num">{livedMoment(entry, now, t)} · {t.waiting.writtenLater(age)}{entry.reason === null ? "" : ` · ${entry.reason}`}</span>
      </span>
      <span class="acts">
        {may("accept_held_entry") ? <button type="button" class="btn" onClick={onAccept}>{t.diary.accept}</button> : null}
        <button type="button" class="btn quiet" onClick={onOpen}>{t.diary.versions}</button>
      </span>
    </li>
  );
}

function RefusedRow({ refused, onOpen }: { refused: Refused; onOpen: (id: string) => void }): JSX.Element {
  const { t, p } = useDesk();
  const now = useNow(60_000);
  const kind = refused.kind as Kind | null;
  const other = refused.status === "conflict" ? standing(refused) : null;
  return (
    <li class="wait-row refused">
      <span class="kind">{kind === null ? <Icon name="alert" /> : <KindIcon kind={kind} />}{kind === null ? t.waiting.refused : p.kinds[kind]}</span>
      <span class="what">
        <span><b>{refused.status === "conflict" ? t.waiting.conflict : t.waiting.refused}.</b> {refused.message}</span>
        <span class="meta num">{t.waiting.sentAt} {agoWords(refused.received_at, now, t)}</span>
        <details><summary>{t.waiting.raw}</summary><pre>{indented(refused.raw)}</pre></details>
      </span>
      <span class="acts">{other === null ? null : <button type="button" class="btn quiet" onClick={() => onOpen(other)}>{t.waiting.seeEntry}</button>}</span>
    </li>
  );
}

function indented(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 1);
  } catch {
    return raw;
  }
}

/** The entry that a conflict ran into: the version it wanted to replace, else the one that has its id. */
function standing(refused: Refused): string | null {
  try {
    const { replaces } = JSON.parse(refused.raw) as { replaces?: unknown };
    return typeof replaces === "string" ? replaces : refused.entry_id;
  } catch {
    return refused.entry_id;
  }
}
