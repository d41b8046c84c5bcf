/** All versions of one entry at the side: who, in which role, when, why, old and new; and what staff may do. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Query, Version } from "../api.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { fieldName, fieldWords, facts } from "../entry-words.ts";
import { EntryWords, Facts, Wait } from "../parts/bits.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ageWords, browserZone, livedMoment, moment } from "../when.ts";
import { QueryList, RaiseDialog } from "./queries.tsx";
import { AcceptDialog, CorrectDialog, WithdrawDialog } from "./entry-change.tsx";
import type { OfPerson } from "./person.tsx";
import type { DeskWords } from "../../text/site.ts";

type Doing = "accept" | "correct" | "withdraw" | "ask" | null;
const SKEW_SAID_S = 120;
const DELAY_SAID_MS = 5 * 60_000;

export function EntryDrawer({ person, entryId, onClose, onChanged }: OfPerson & { entryId: string; onClose: () => void }): JSX.Element {
  const { api, t, p } = useDesk();
  const history = useLoad(() => api.getEntryHistory(person.id, entryId), [person.id, entryId]);
  const queries = useLoad(async () => {
    const asked = await Promise.all([api.listQueries({ participant_id: person.id }), api.listQueries({ participant_id: person.id, state: "closed" })]);
    return asked.flat();
  }, [person.id, entryId]);
  const [doing, setDoing] = useState<Doing>(null);
  const done = (): void => {
    setDoing(null);
    void history.reload();
    void queries.reload();
    onChanged();
  };
  const kind = history.data?.[0]?.kind;
  return (
    <Dialog drawer title={<>{person.subject_no}{kind === undefined ? "" : ` · ${p.kinds[kind]}`}</>} onClose={onClose}>
      <Wait of={history}>{(versions) => {
        const held = versions.findLast((v) => v.state === "held");
        const current = versions.find((v) => v.is_current);
        return (
          <>
            <Acts held={held} current={current} onDo={setDoing} />
            <Asked of={queries.data ?? []} versions={versions} onChanged={() => void queries.reload()} />
            <h3>{t.diary.versions}</h3>
            <ol class="versions">{[...versions].reverse().map((v) => <VersionItem key={v.id} version={v} />)}</ol>
            <p><a href={`#/audit?object=${versions[0]?.root_id ?? ""}`}>{t.nav.audit}</a></p>
            {doing === "ask" && versions.length > 0 ? <RaiseDialog version={current ?? held ?? (versions.at(-1) as Version)} onClose={() => setDoing(null)} onDone={done} /> : null}
            {doing === "accept" && held !== undefined ? <AcceptDialog person={person} version={held} onClose={() => setDoing(null)} onDone={done} /> : null}
            {doing === "correct" && current !== undefined ? <CorrectDialog person={person} version={current} onClose={() => setDoing(null)} onDone={done} /> : null}
            {doing === "withdraw" && current !== undefined ? <WithdrawDialog person={person} version={current} onClose={() => setDoing(null)} onDone={done} /> : null}
          </>
        );
      }}</Wait>
    </Dialog>
  );
}

/** What was asked about any version of the entry, closed ones as well. */
function Asked({ of, versions, onChanged }: { of: readonly Query[]; versions: readonly Version[]; onChanged: () => void }): JSX.Element | null {
  const { t } = useDesk();
  const root = versions[0]?.root_id;
  const own = of.filter((q) => q.root_id === root);
  if (own.length === 0) return null;
  return <section><h3>{t.work.queries.ofEntry}</h3><QueryList queries={own} empty="" within onChanged={onChanged} /></section>;
}

function Acts({ held, current, onDo }: { held: Version | undefined; current: Version | undefined; onDo: (what: Doing) => void }): JSX.Element | null {
  const { t, may } = useDesk();
  const mayAccept = held !== undefined && may("accept_held_entry");
  const mayCorrect = current !== undefined && may("correct_entry");
  const mayAsk = may("raise_query");
  if (!mayAccept && !mayCorrect && !mayAsk) return null;
  return (
    <div class="acts">
      {mayAccept ? <button type="button" class="btn main-act" onClick={() => onDo("accept")}>{t.diary.accept}</button> : null}
      {mayCorrect ? <button type="button" class="btn" onClick={() => onDo("correct")}>{t.diary.correct}</button> : null}
      {mayCorrect && current.data !== null ? <button type="button" class="btn" onClick={() => onDo("withdraw")}>{t.diary.withdraw}</button> : null}
      {mayAsk ? <button type="button" class="btn" onClick={() => onDo("ask")}>{t.work.queries.raise}</button> : null}
    </div>
  );
}

function VersionItem({ version }: { version: Version }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(60_000);
  const zone = state.me?.site?.zone ?? browserZone();
  const named = (role: string): string => t.roles[role as keyof DeskWords["roles"]];
  const delay = Date.parse(version.received_at) - Date.parse(version.recorded_at);
  const skew = version.skew_s ?? 0;
  const notes = [
    ...(delay > DELAY_SAID_MS ? [t.diary.delay(ageWords(0, delay, t))] : []),
    ...(Math.abs(skew) > SKEW_SAID_S ? [t.diary.skew(ageWords(0, Math.abs(skew) * 1000, t))] : []),
    ...(version.late ? [t.diary.late] : []),
  ];
  return (
    <li class={`version${version.is_current ? " current" : ""}${version.state === "held" ? " held" : ""}`}>
      <header>
        <b>{t.diary.version(version.version)}</b>
        {version.is_current ? <span class="tag"><Icon name="check" />{t.diary.counts}</span> : null}
        {version.state === "held" ? <span class="tag"><Icon name="pause" />{t.diary.waits}</span> : null}
        {version.data === null ? <span class="tag"><Icon name="x" />{t.diary.withdrawn}</span> : null}
      </header>
      {version.data === null || state.study === null ? null : (
        <p class="big-said"><EntryWords entry={version} study={state.study} struck={!version.is_current && version.state !== "held"} /></p>
      )}
      <Changes version={version} />
      <Facts rows={[
        [t.diary.who, `${version.author_name === null ? "" : `${version.author_name}, `}${named(version.author_role)} · ${t.diary.origins[version.origin]}`],
        ...(version.proxy_reason === null ? [] : [[t.diary.proxy, version.proxy_reason] as const]),
        ...(version.reason === null ? [] : [[t.diary.why, version.reason] as const]),
        ...(version.source_note === null ? [] : [[t.diary.source, version.source_note] as const]),
        [t.diary.occurred, `${livedMoment(version, now, t)} (${version.zone})`],
        [t.diary.recorded, moment(version.recorded_at, version.zone, now, t)],
        [t.diary.received, `${moment(version.received_at, zone, now, t)}${notes.length === 0 ? "" : ` · ${notes.join(" · ")}`}`],
        ...(version.version > 1 ? [] : facts(version, t)),
        ...(version.is_current || version.state === "held" ? [[t.diary.marks, judgement(version, t)] as const] : []),
        ...(version.decision_note === null ? [] : [[t.diary.acceptedBy, `${version.decided_by_name ?? ""} ${version.decided_at === null ? "" : moment(version.decided_at, zone, now, t)}: ${version.decision_note}`] as const]),
      ]} />
    </li>
  );
}

/** What the server made of it, in its own words. */
function judgement(version: Version, t: DeskWords): string {
  const parts = [t.diary.bases[version.basis], ...(version.ada_level === null || version.ada_level === 0 ? [] : [t.diary.adaLevel(version.ada_level)])];
  return [...parts, ...(version.is_current && !version.in_summaries ? [t.diary.notCounted] : [])].join(" · ");
}

function Changes({ version }: { version: Version }): JSX.Element | null {
  const { t } = useDesk();
  if (version.changes.length === 0 || version.data === null) return null;
  const { zone } = version;
  // A value whose unit changed as well has the two units in their own row.
  const unit = version.changes.some((c) => c.field === "data.unit") ? undefined : version.data.unit;
  const inWords = (field: string, value: unknown): string => {
    const words = fieldWords(field, value, zone, t);
    return field === "data.value" && typeof unit === "string" && /^\d/.test(words) ? `${words} ${unit}` : words;
  };
  return (
    <table class="changes">
      <thead><tr><th scope="col">{t.diary.changes}</th><th scope="col">{t.diary.was}</th><th scope="col">{t.diary.now}</th></tr></thead>
      <tbody>
        {version.changes.map((c) => (
          <tr key={c.field}><th scope="row">{fieldName(c.field, t)}</th><td><s>{inWords(c.field, c.old)}</s></td><td>{inWords(c.field, c.new)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
