/** The log of a participant, newest first; each row opens all versions of its entry. */
import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { lived } from "../../rules/days.ts";
import type { Entry } from "../api.ts";
import { useChosen } from "../chosen.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { useKeys } from "../keys.ts";
import { PAPER_KINDS, STAFF_KINDS, type Kind } from "../kinds.ts";
import { EntryWords, Wait } from "../parts/bits.tsx";
import { KindIcon } from "../parts/icons.tsx";
import { dayName } from "../when.ts";
import type { OfPerson } from "./person.tsx";
import type { DeskWords } from "../../text/site.ts";

const PAGE = 100;
const KINDS: readonly Kind[] = [...PAPER_KINDS, "call_me", ...STAFF_KINDS];

export function DiaryTab({ person, round, open, onOpen }: OfPerson & { round: number; open: string; onOpen: (entryId: string) => void }): JSX.Element {
  const { api, t, p } = useDesk();
  const [kind, setKind] = useState<Kind | "">("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const query = { kind, from, to, limit: PAGE };
  const first = useLoad(() => api.listEntries(person.id, query), [person.id, kind, from, to, round]);
  const more = async (before: string): Promise<void> => {
    const next = await api.listEntries(person.id, { ...query, before });
    first.set({ entries: [...(first.data?.entries ?? []), ...next.entries], next: next.next });
  };
  return (
    <section class="panel log-panel">
      <header>
        <h2>{t.diary.title}</h2><span class="gap" />
        <label class="pick"><span>{t.diary.kind}</span>
          <select class="input" value={kind} onChange={(e) => setKind(e.currentTarget.value as Kind | "")}>
            <option value="">{t.common.all}</option>
            {KINDS.map((one) => <option key={one} value={one}>{p.kinds[one]}</option>)}
          </select>
        </label>
        <label class="pick"><span>{t.common.from}</span><input class="input" type="date" value={from} onInput={(e) => setFrom(e.currentTarget.value)} /></label>
        <label class="pick"><span>{t.common.to}</span><input class="input" type="date" value={to} onInput={(e) => setTo(e.currentTarget.value)} /></label>
      </header>
      <Wait of={first}>{(page) => (
        <>
          {page.entries.length === 0 ? <p class="meta">{t.diary.none}</p> : <Days entries={page.entries} zone={person.zone} onOpen={onOpen} open={open} />}
          {page.next === null ? null : <button type="button" class="btn" onClick={() => void more(page.next ?? "")}>{t.common.more}</button>}
        </>
      )}</Wait>
    </section>
  );
}

function Days({ entries, zone, onOpen, open }: { entries: readonly Entry[]; zone: string; onOpen: (id: string) => void; open: string }): JSX.Element {
  const { t } = useDesk();
  const now = useNow(60_000);
  const { chosen, list, keys } = useChosen(entries, (entry) => entry.id, { start: -1 });
  useKeys({ ...keys, Enter: () => chosen !== undefined && onOpen(chosen.id) });
  const days = [...new Set(entries.map((e) => e.local_day))];
  return (
    <div ref={list as RefObject<HTMLDivElement>}>
      {days.map((day) => {
        const own = entries.filter((e) => e.local_day === day);
        return (
          <section key={day} class="log-day">
            <h3>{dayName(day, zone, now, t)} <span class="meta num">{day}</span> <span class="meta">{t.diary.byDay(own.length)}</span></h3>
            <ul class="rows">{own.map((entry) => <EntryRow key={entry.id} entry={entry} onOpen={onOpen} isChosen={entry === chosen || entry.id === open} />)}</ul>
          </section>
        );
      })}
    </div>
  );
}

export function EntryRow({ entry, onOpen, isChosen }: { entry: Entry; onOpen: (id: string) => void; isChosen: boolean }): JSX.Element {
  const { t, p, state } = useDesk();
  return (
    <li>
      <button type="button" class={`row-line${isChosen ? " chosen" : ""}${entry.state === "held" ? " held" : ""}`} aria-current={isChosen ? "true" : undefined} onClick={() => onOpen(entry.id)}>
        <time class="num">{lived(entry.occurred_at, entry.zone).clock}</time>
        <span class="kind"><KindIcon kind={entry.kind} />{p.kinds[entry.kind]}</span>
        <span class="what">{entry.data === null || state.study === null ? <span class="struck">{t.diary.withdrawn}</span> : <EntryWords entry={entry} study={state.study} />}</span>
        <span class="tags">{tagsOf(entry, t).map(([icon, word]) => <span key={word} class="tag"><Icon name={icon} />{word}</span>)}</span>
        <span class="meta who">{t.roles[entry.author_role as keyof DeskWords["roles"]]}</span>
      </button>
    </li>
  );
}

/** What the row says beside the value, each a shape and a word. */
export function tagsOf(entry: Entry, t: DeskWords): ["pause" | "edit" | "clock" | "alert" | "book" | "eye", string][] {
  const tags: ReturnType<typeof tagsOf> = [];
  if (entry.basis === "assistance" || entry.basis === "both" || (entry.basis === "value" && entry.kind !== "reading")) tags.push(["alert", t.diary.bases[entry.basis]]);
  if (entry.state === "held") tags.push(["pause", t.diary.waits]);
  if (entry.version > 1 && entry.data !== null) tags.push(["edit", t.diary.corrected]);
  if (entry.late && entry.state !== "held") tags.push(["clock", t.diary.late]);
  if (entry.origin !== "typed" && entry.origin !== "staff") tags.push(["book", t.diary.origins[entry.origin]]);
  if (entry.kind === "reading" && !entry.in_summaries && entry.data !== null && entry.state !== "held") tags.push(["eye", t.diary.notCounted]);
  return tags;
}
