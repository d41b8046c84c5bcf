import type { ComponentChildren, JSX } from "preact";
import { Icon, Mark, Value } from "../../parts/basics.tsx";
import type { Study } from "../../api/study.ts";
import type { Alert, Entry } from "../api.ts";
import { sentenceFor, useDesk, type Loaded } from "../context.tsx";
import { say } from "../entry-words.ts";
import { DeskIcon } from "./icons.tsx";

export function Level({ level }: { level: Alert["level"] }): JSX.Element {
  const { t } = useDesk();
  return (
    <span class={level === "page" ? "level page" : "level deskl"}>
      {level === "page" ? <DeskIcon name="bell" /> : <Icon name="note" />}{t.alerts.levels[level]}
    </span>
  );
}

export function Panel(props: { title: string; note?: ComponentChildren; act?: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <section class="panel">
      <header><h2>{props.title}</h2>{props.note === undefined ? null : <span class="meta">{props.note}</span>}<span class="gap" />{props.act}</header>
      {props.children}
    </section>
  );
}

/** What is loaded, or that it is on its way, or why it is not there. */
export function Wait<T>(props: { of: Loaded<T>; children: (data: T) => ComponentChildren }): JSX.Element {
  const { t } = useDesk();
  const { data, error, reload } = props.of;
  const failed = error === null ? null : (
    <div class="problem" role="alert">
      <Icon name="alert" /><span>{sentenceFor(error, t)}</span>
      <button type="button" class="btn" onClick={() => void reload()}>{t.common.retry}</button>
    </div>
  );
  if (data === null) return failed ?? <p class="meta quiet-wait" role="status">{t.common.loading}</p>;
  return <>{failed}{props.children(data)}</>;
}

/** The value of an entry with its unit, its mark and the mark's word; then the rest in words. */
export function EntryWords(props: { entry: Pick<Entry, "kind" | "data" | "basis">; study: Study; struck?: boolean; brief?: boolean }): JSX.Element {
  const { t, p, state } = useDesk();
  const said = say(props.entry, props.study, t, state.titles);
  // Behind an alert the value carries the mark; its answers need no second one.
  const marked = said.mark !== null && said.mark !== "in_range" && !(props.brief === true && said.value === null);
  const value = said.value === null ? null : <b class="entry-value"><Value value={said.value} unit={said.unit} /></b>;
  return (
    <span class="said">
      {marked && said.mark !== null ? <Mark of={said.mark} /> : null}
      {props.struck === true && value !== null ? <s>{value}</s> : value}
      {marked && said.mark !== null ? <span class="mark-word">{p.marks[said.mark]}</span> : null}
      {said.rest.length === 0 ? null : <span class={props.struck === true ? "struck" : ""}>{said.rest.join(" · ")}</span>}
    </span>
  );
}

export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ComponentChildren])[] }): JSX.Element {
  return <dl class="pairs">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}
