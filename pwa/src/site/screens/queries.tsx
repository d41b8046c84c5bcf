/** Queries: what was asked at values, overdue on top; answered by phone or desk, closed with a sentence. */
import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { Refusal } from "../../api/client.ts";
import { addDays, local } from "../../rules/days.ts";
import type { Query, Version } from "../api.ts";
import { useChosen } from "../chosen.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { fieldName } from "../entry-words.ts";
import { useKeys } from "../keys.ts";
import { Wait } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, SelectField, TextField } from "../parts/fields.tsx";
import { byDue, isOverdue } from "../query-order.ts";
import { go } from "../route.ts";
import { browserZone, daysSince, dayWords, moment } from "../when.ts";
import type { DeskWords } from "../../text/site.ts";

const EVERY_MS = 30_000;
const ANSWER_WITHIN_DAYS = 7;
type Shown = "due" | "closed";

function useSiteZone(): string {
  return useDesk().state.me?.site?.zone ?? browserZone();
}

export function Queries({ participant }: { participant: string }): JSX.Element {
  const { api, t } = useDesk();
  const [shown, show] = useState<Shown>("due");
  const of = participant === "" ? {} : { participant_id: participant };
  const list = useLoad(() => api.listQueries(shown === "due" ? of : { ...of, state: "closed" }), [shown, participant], EVERY_MS);
  return (
    <>
      <div class="title">
        <h1>{t.work.queries.title}</h1>
        {participant === "" ? null : <a class="btn" href="#/queries"><Icon name="x" />{t.work.queries.of(list.data?.[0]?.subject_no ?? "")}</a>}
        <span class="gap" />
        <div class="chips" role="group" aria-label={t.work.queries.title}>
          {(["due", "closed"] as const).map((one) => (
            <button key={one} type="button" class="chip" aria-pressed={shown === one} onClick={() => show(one)}>
              {shown === one ? <Icon name="check" /> : null}{t.work.queries.filters[one]}{shown === one && list.data !== null ? <span class="num"> {list.data.length}</span> : null}
            </button>
          ))}
        </div>
      </div>
      <Wait of={list}>{(queries) => <QueryList queries={queries} empty={shown === "due" ? t.work.queries.none : t.work.queries.noneClosed} onChanged={() => void list.reload()} />}</Wait>
    </>
  );
}

/** Cards of queries; `within` an entry, whose keys and heading are its own. */
export function QueryList({ queries, empty, within, onChanged }: { queries: readonly Query[]; empty: string; within?: boolean; onChanged: () => void }): JSX.Element {
  const { may } = useDesk();
  const now = useNow(60_000);
  const today = local(now, useSiteZone()).day;
  const [doing, setDoing] = useState<{ query: Query; what: "answer" | "close" } | null>(null);
  const sorted = [...queries].sort(byDue(today));
  const { chosen, list, keys } = useChosen(sorted, (query) => query.id);
  const does = (what: "answer" | "close") => (): void => {
    if (chosen !== undefined && chosen.state !== "closed" && may(what === "answer" ? "answer_query" : "close_query")) setDoing({ query: chosen, what });
  };
  useKeys(within === true ? {} : {
    ...keys, q: does("answer"), r: does("close"),
    Enter: () => chosen !== undefined && go(`p/${chosen.participant_id}?entry=${chosen.entry_id}`),
  });
  const done = (): void => {
    setDoing(null);
    onChanged();
  };
  return (
    <>
      {sorted.length === 0 ? <p class={within === true ? "meta" : "panel meta"}>{empty}</p> : (
        <ul class="cards" ref={list as RefObject<HTMLUListElement>}>
          {sorted.map((q, i) => (
            <QueryCard key={q.id} query={q} today={today} isTop={within !== true && i === 0} isChosen={within !== true && q === chosen} within={within === true} onDo={(what) => setDoing({ query: q, what })} />
          ))}
        </ul>
      )}
      {doing === null ? null : <SayDialog key={doing.what} query={doing.query} what={doing.what} onClose={() => setDoing(null)} onDone={done} />}
    </>
  );
}

function dueWords(query: Query, today: string, zone: string, now: number, t: DeskWords): string {
  if (query.state !== "open") return t.work.queries.states[query.state];
  if (isOverdue(query, today)) return t.work.queries.overdue(daysSince(query.due_day, zone, now));
  return query.due_day === today ? t.work.queries.dueToday : t.work.queries.due(dayWords(query.due_day, t, today));
}

function Thread({ query }: { query: Query }): JSX.Element {
  const { t } = useDesk();
  const now = useNow(60_000);
  const zone = useSiteZone();
  return (
    <ol class="thread">
      {query.messages.map((said, i) => (
        <li key={i} class={said.is_mine ? "mine" : ""}><span class="meta num">{said.is_mine ? t.work.queries.you : t.roles[said.author_role as keyof DeskWords["roles"]]} · {moment(said.at, zone, now, t)}</span><br />{said.text}</li>
      ))}
    </ol>
  );
}

function QueryCard(props: { query: Query; today: string; isTop: boolean; isChosen: boolean; within: boolean; onDo: (what: "answer" | "close") => void }): JSX.Element {
  const { t, p, may } = useDesk();
  const now = useNow(60_000);
  const zone = useSiteZone();
  const { query, today } = props;
  const words = t.work.queries;
  const look = isOverdue(query, today) ? " late" : query.state === "answered" ? " answered" : query.state === "closed" ? " over" : "";
  const about = `${p.kinds[query.kind] ?? query.kind}${query.field === null ? "" : ` · ${fieldName(query.field, t)}`}`;
  const mainIs = query.state === "answered" ? "close" : "answer";
  const looks = (what: "answer" | "close"): string => (props.isTop && mainIs === what ? "btn main-act" : "btn");
  return (
    <li class={`card-row${look}${props.isChosen ? " chosen" : ""}`} aria-current={props.isChosen ? "true" : undefined}>
      <div class="card-head">
        {props.within ? null : <a class="subject num" href={`#/p/${query.participant_id}`}>{query.subject_no}</a>}
        <span class="due">{dueWords(query, today, zone, now, t)}</span>
      </div>
      <div class="card-body">
        {props.within ? (query.field === null ? null : <span class="meta">{fieldName(query.field, t)}</span>) : <a href={`#/p/${query.participant_id}?entry=${query.entry_id}`}>{words.about}: {about}</a>}
        <Thread query={query} />
      </div>
      {query.state === "closed" ? null : (
        <div class="acts">
          {may("answer_query") ? <button type="button" class={looks("answer")} onClick={() => props.onDo("answer")}>{words.answer}</button> : null}
          {may("close_query") ? <button type="button" class={looks("close")} onClick={() => props.onDo("close")}>{words.close}</button> : null}
        </div>
      )}
    </li>
  );
}

/** The thread as it was read; where somebody wrote meanwhile, it is fetched and shown before anything is closed. */
function SayDialog({ query: opened, what, onClose, onDone }: { query: Query; what: "answer" | "close"; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [query, setQuery] = useState(opened);
  const [text, setText] = useState("");
  const words = t.work.queries;
  const isAnswer = what === "answer";
  const readAgain = async (error: unknown): Promise<never> => {
    if (error instanceof Refusal && error.body.code === "query_said_more") {
      const now = (await api.listQueries({ participant_id: query.participant_id })).find((q) => q.id === query.id);
      if (now !== undefined) {
        desk.replaceQuery(now);
        setQuery(now);
      }
    }
    throw error;
  };
  const submit = (): void => void sending.run(async () => {
    desk.replaceQuery(await (isAnswer ? api.answerQuery(query.id, text) : api.closeQuery(query.id, text, query.messages.length).catch(readAgain)));
    desk.toast(isAnswer ? words.answered : words.closed);
    onDone();
  });
  return (
    <FormDialog title={isAnswer ? words.answerTitle(query.subject_no) : words.closeTitle(query.subject_no)} go={isAnswer ? words.answer : words.close} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <Thread query={query} />
      <AreaField label={isAnswer ? words.answerLabel : words.closeLabel} {...(isAnswer ? {} : { hint: words.closeHint })} value={text} onInput={setText} error={sending.fields.text} focus />
    </FormDialog>
  );
}

/** Asks about a version of an entry, or about one part of it. */
export function RaiseDialog({ version, onClose, onDone }: { version: Version; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const zone = useSiteZone();
  const parts = ["occurred_at", ...Object.keys(version.data ?? {}).map((name) => `data.${name}`)];
  const [text, setText] = useState("");
  const [field, setField] = useState(parts.includes("data.value") ? "data.value" : "");
  const [due, setDue] = useState(addDays(local(Date.now(), zone).day, ANSWER_WITHIN_DAYS));
  const words = t.work.queries;
  const submit = (): void => void sending.run(async () => {
    desk.replaceQuery(await api.raiseQuery(version.participant_id, {
      entry_id: version.id, text, ...(field === "" ? {} : { field }), ...(due === "" ? {} : { due_day: due }),
    }));
    desk.toast(words.raised);
    onDone();
  });
  return (
    <FormDialog title={words.raiseTitle} lead={words.raiseLead} go={words.raise} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <AreaField label={words.question} value={text} onInput={setText} error={sending.fields.text} focus />
      <SelectField label={words.field} value={field} options={parts.map((name) => [name, fieldName(name, t)] as const)} empty={words.whole} onChoose={setField} error={sending.fields.field} />
      <TextField label={words.dueDay} type="date" narrow value={due} onInput={setDue} error={sending.fields.due_day} />
    </FormDialog>
  );
}
