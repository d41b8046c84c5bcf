/** One screen for all kinds but glucose: a column of fields and one button. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { DataByKind, Kind } from "../../api/types.ts";
import { Chips, Icon, Mend } from "../../parts/basics.tsx";
import { compare, decimal } from "../../rules/decimal.ts";
import { occurrences } from "../../rules/schedules.ts";
import { instantText, local } from "../../rules/days.ts";
import { useApp, useNow, type App } from "../app-context.tsx";
import { phoneZone } from "../diary.ts";
import { dueList, dueTitle, scheduleName } from "../due.ts";
import { fieldsOf, readNumber, type Data, type Field } from "../fields.ts";
import { Page } from "../frame.tsx";
import type { Item } from "../items.ts";
import { useMoment } from "../moment.ts";
import { ReasonField, useSave } from "../saving.tsx";
import { momentInWords, todayIs } from "../when.ts";
import { WhenSheet } from "./reading.tsx";
import { Fetching } from "./today.tsx";

type Problems = Record<string, string>;

function problemOf(field: Field, value: Data[string], t: App["t"]): string | null {
  const empty = value === undefined || value.length === 0 || (typeof value === "string" && value.trim() === "");
  if (empty) {
    if (field.needed !== true) return null;
    return field.type === "number" ? t.form.needNumber : field.type === "text" ? t.form.needText : field.type === "day" ? t.form.needDay : t.form.needChoice;
  }
  if (field.type !== "number" || typeof value !== "string") return null;
  const number = readNumber(value);
  if (number === null) return t.form.needNumber;
  const isInside = compare(decimal(number), decimal(field.low)) >= 0 && compare(decimal(number), decimal(field.high)) <= 0;
  return isInside ? null : t.form.needRange(field.low, field.high);
}

function check(fields: Field[], data: Data, t: App["t"]): Problems {
  const problems: Problems = {};
  for (const field of fields) {
    const problem = problemOf(field, data[field.name], t);
    if (problem !== null) problems[field.name] = problem;
  }
  const { from_day: from, to_day: to } = data;
  if (typeof from === "string" && typeof to === "string" && to !== "" && to < from) problems.to_day = t.form.daysOrder;
  return problems;
}

/** What is sent: empty fields are left out, numbers are in their one form. */
function cleaned(fields: Field[], data: Data): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    const value = data[field.name];
    if (value === undefined || value.length === 0) continue;
    if (typeof value !== "string") out[field.name] = value;
    else if (value.trim() !== "") out[field.name] = field.type === "number" ? readNumber(value) : value.trim();
  }
  return out;
}

function startOf(kind: Kind, query: URLSearchParams, correct: Item | null): Data {
  if (correct?.current.data != null) return correct.current.data as Data;
  const today = todayIs(Date.now());
  if (kind === "day_complete") return { day: query.get("day") ?? today };
  if (kind === "hospital_stay") return { from_day: today };
  if (kind === "dose") return { status: "taken" };
  return {};
}

/** What a form carries along without showing it. */
function fixedOf(kind: Kind, query: URLSearchParams, correct: Item | null): Record<string, unknown> {
  if (kind === "ketone") return { unit: "mmol/L" };
  if (kind !== "dose" && kind !== "contraception") return {};
  const old = correct?.current.data;
  if (old != null) return { schedule_id: old.schedule_id, due_day: old.due_day, slot: old.slot };
  const schedule = query.get("schedule");
  return schedule === null ? {} : { schedule_id: schedule, due_day: query.get("day"), slot: query.get("slot") };
}

export function Form({ kind, query, correct }: { kind: Kind; query: URLSearchParams; correct: Item | null }): JSX.Element {
  const app = useApp();
  const { t } = app;
  const { at, setAt, shown: occurredAt, happened } = useMoment(correct?.at ?? null);
  const [data, setData] = useState(startOf(kind, query, correct));
  const [reason, setReason] = useState(correct !== null && kind === "hypo_event" ? t.low.moreGo : "");
  const [problems, setProblems] = useState<Problems>({});
  const [picking, setPicking] = useState(false);
  const { save, busy, sheet } = useSave();
  const known = fieldsOf(kind, app);
  const fields = known.filter((f) => f.when?.(data) ?? true);
  const fixed = fixedOf(kind, query, correct);
  if (kind === "dose" && fixed.schedule_id === undefined) return <WhichDose />;

  const submit = (event: Event): void => {
    event.preventDefault();
    const found = check(fields, data, t);
    if (correct !== null && reason.trim() === "") found.reason = t.form.needText;
    setProblems(found);
    const first = fields.find((f) => found[f.name] !== undefined);
    if (first !== undefined) document.getElementById(`f-${first.name}`)?.scrollIntoView({ block: "center" });
    if (Object.keys(found).length > 0 || busy) return;
    const sent = { ...cleaned(fields, data), ...Object.fromEntries(Object.entries(fixed).filter(([, v]) => v != null)) } as DataByKind[Kind];
    const when = happened(Date.now());
    if (kind === "dose" && data.status === "taken") Object.assign(sent, { taken_at: instantText(when, phoneZone()) });
    if (correct === null) save({ kind, data: sent, occurredAt: when });
    else save({ kind, data: { ...(correct.current.data as object), ...emptied(known), ...sent }, reason: reason.trim(), replaces: correct.current, ...(at === null ? {} : { occurredAt: at }) });
  };
  const button = kind === "call_me" ? t.form.callGo : kind === "day_complete" ? t.form.dayGo : t.common.save;
  return (
    <Page title={t.kinds[kind]} back="" dock={
      <div class="act"><button type="submit" form="entry" class="btn main-act xl grow" disabled={busy}><Icon name="check" />{busy ? t.common.saving : button}</button></div>}>
      <Lead kind={kind} fixed={fixed} />
      <form id="entry" class="form" onSubmit={submit} noValidate>
        {fields.map((field) => (
          <FieldRow key={field.name} field={field} value={data[field.name]} problem={problems[field.name] ?? null} onValue={(value) => setData((before) => ({ ...before, [field.name]: value }))} />
        ))}
        {kind === "call_me" || kind === "day_complete" || kind === "hospital_stay" ? null : (
          <p class="whenline"><button type="button" class="btn" onClick={() => setPicking(true)}><Icon name="clock" /><span class="num">{momentInWords(local(occurredAt, phoneZone()), Date.now(), t)}</span></button></p>
        )}
        {correct === null ? null : <ReasonField reason={reason} onReason={setReason} missing={problems.reason !== undefined} />}
      </form>
      {picking ? <WhenSheet at={occurredAt} onAt={setAt} onClose={() => setPicking(false)} /> : null}
      {sheet}
    </Page>
  );
}

/** A correction that clears or hides a field must say so: what is not sent again is gone. */
function emptied(fields: Field[]): Record<string, undefined> {
  return Object.fromEntries([...fields.map((f) => f.name), "taken_at"].map((name) => [name, undefined]));
}

function Lead({ kind, fixed }: { kind: Kind; fixed: Record<string, unknown> }): JSX.Element | null {
  const { t, state, text } = useApp();
  const now = useNow(60_000);
  if (kind === "call_me") return <><p>{t.form.callLead}</p><p class="meta">{text("low_limits")}</p></>;
  if (kind === "hypo_event") return <p>{t.form.hypoLead}</p>;
  if (kind === "day_complete") {
    const open = dueList(state.around.schedules, state.items, now, state.snoozed)
      .filter((d) => d.state !== "done" && d.isToday && d.occurrence.schedule.kind !== "diary").length;
    return <p>{open === 0 ? t.form.dayLead : t.form.dayOpen(open)}</p>;
  }
  if (kind !== "dose") return null;
  const schedule = state.around.schedules.find((s) => s.id === fixed.schedule_id);
  return <p class="lead">{schedule === undefined ? "" : scheduleName(schedule)} <span class="num">{String(fixed.slot)}</span></p>;
}

function FieldRow({ field, value, problem, onValue }: { field: Field; value: Data[string]; problem: string | null; onValue: (value: string | string[]) => void }): JSX.Element {
  const { t } = useApp();
  const id = `f-${field.name}`;
  const label = field.needed === true ? field.label : t.common.optional(field.label);
  const hint = field.hint === undefined ? null : <p class="meta" id={`${id}-hint`}>{field.hint}</p>;
  const mend = <Mend text={problem} id={`${id}-mend`} />;
  const described = `${id}-hint ${id}-mend`;
  if (field.type === "choice" || field.type === "several") {
    const chosen = value === undefined ? [] : typeof value === "string" ? [value] : value;
    const choose = (option: string): void => {
      if (field.type === "choice") onValue(chosen.includes(option) && field.needed !== true ? "" : option);
      else onValue(chosen.includes(option) ? chosen.filter((c) => c !== option) : [...chosen, option]);
    };
    return <fieldset class="field" id={id}><legend>{label}</legend>{mend}<Chips label={field.label} options={field.options} chosen={chosen} onChoose={choose} />{hint}</fieldset>;
  }
  const text = typeof value === "string" ? value : "";
  const common = { id, value: text, "aria-describedby": described, onInput: (e: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => onValue(e.currentTarget.value) };
  return (
    <div class="field">
      <label for={id}>{label}</label>{mend}
      {field.type === "number" ? <div class="with"><input class="input num" inputMode="decimal" autocomplete="off" maxLength={11} {...common} /><span>{field.unit}</span></div>
        : field.type === "day" ? <input class="input" type="date" max={field.name === "day" ? todayIs(Date.now()) : undefined} {...common} />
          : field.long === true ? <textarea class="input" maxLength={field.chars} {...common} />
            : <input class="input" autocomplete="off" maxLength={field.chars} {...common} />}
      {hint}
    </div>
  );
}

/** From "Other": which of today's doses is meant. */
function WhichDose(): JSX.Element {
  const { t, state } = useApp();
  const now = useNow(60_000);
  const today = todayIs(now);
  const doses = occurrences(state.around.schedules, today).filter((o) => o.schedule.kind === "dose");
  const due = dueList(state.around.schedules, state.items, now, state.snoozed).filter((d) => d.occurrence.schedule.kind === "dose" && d.state !== "done");
  return (
    <Page title={t.form.whichDose} back="">
      {state.around.isPartial === true ? <Fetching /> : doses.length === 0 ? <p>{t.form.noDoses}</p> : due.length === 0 ? <p>{t.today.allDone}</p> : null}
      <ul class="list">
        {due.map((d) => {
          const { schedule, day, slot } = d.occurrence;
          return (
            <li key={`${schedule.id} ${day} ${slot}`}>
              <a class="line" href={`#/form/dose?schedule=${schedule.id}&day=${day}&slot=${slot}`}>
                <Icon name="pill" /><span><b>{dueTitle(d, t)}</b><span class="meta num">{day === today ? slot : `${t.common.yesterday} ${slot}`}</span></span>
              </a>
            </li>
          );
        })}
      </ul>
      <a class="btn" href="#/form/other_medicine">{t.kinds.other_medicine}</a>
    </Page>
  );
}
