/** Visits: what is planned, when it may be held, what was held, and whether fertility was looked at. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Banner, Icon } from "../../parts/basics.tsx";
import { local } from "../../rules/days.ts";
import type { Entry } from "../api.ts";
import { useDesk, useLoad, useSending } from "../context.tsx";
import { choiceWord } from "../entry-words.ts";
import { Panel, Wait } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/fields.tsx";
import type { OfPerson } from "../screens/person.tsx";
import { ReasonDialog } from "../screens/record-people.tsx";
import { EntryForm } from "../screens/staff-entry.tsx";
import { dayWords } from "../when.ts";
import type { Visit } from "./api.ts";
import { usePersonApi } from "./later.tsx";
import { plannedInOrder, VisitWords } from "./next-visit.tsx";
import { textOf } from "./words.ts";

const EVER = { from: "1900-01-01", to: "9999-12-31" };
const OPEN: ReadonlySet<Visit["state"]> = new Set(["in_window", "due", "overdue"]);

/** Newest day first. */
export function visitsInOrder(entries: readonly Entry[]): Entry[] {
  const day = (e: Entry): string => (typeof e.data?.day === "string" ? e.data.day : e.local_day);
  return entries.filter((e) => e.data !== null).sort((a, b) => (day(a) < day(b) ? 1 : day(a) > day(b) ? -1 : 0));
}

type Doing = { what: "record"; visit: Visit | null } | { what: "plan" } | { what: "cancel"; visit: Visit };

export function Visits({ person, round, onChanged, onOpen }: OfPerson & { round: number; onOpen: (entryId: string) => void }): JSX.Element {
  const { t, may, desk } = useDesk();
  const api = usePersonApi(person.id);
  const held = useLoad(() => api.listSpan(EVER, "visit"), [person.id, round]);
  const plan = useLoad(() => api.listVisits(), [person.id, round]);
  const [doing, setDoing] = useState<Doing | null>(null);
  const w = t.page.care;
  const end = (): void => setDoing(null);
  // Whoever does not see the contraception section sees no review of fertility in a visit either.
  const seesFertility = may("see_contraception");
  return (
    <Panel title={w.visits} {...(seesFertility ? { note: w.visitsLead } : {})} act={(
      <span class="acts">
        {may("plan_visit") ? <button type="button" class="btn" onClick={() => setDoing({ what: "plan" })}>{w.planVisit}</button> : null}
        {may("record_staff_entry") ? <button type="button" class="btn" onClick={() => setDoing({ what: "record", visit: null })}><Icon name="plus" />{w.addVisit}</button> : null}
      </span>
    )}>
      <Wait of={plan}>{(found) => (
        <>
          {found.review_missing === true ? <Banner tone="info" icon="alert" title={w.fertilityDue} /> : null}
          <h3>{w.planned}</h3>
          <Planned visits={plannedInOrder(found.visits)} onDo={setDoing} />
        </>
      )}</Wait>
      <h3>{w.heldVisits}</h3>
      <Wait of={held}>{(entries) => <Held entries={visitsInOrder(entries)} onOpen={onOpen} />}</Wait>
      {doing?.what === "record" ? <EntryForm person={person} kind="visit" {...(doing.visit === null ? {} : { start: { visit: doing.visit.names[t.common.code] }, keep: { plan: doing.visit.key } })} onClose={end} onSaved={onChanged} /> : null}
      {doing?.what === "plan" ? <PlanDialog person={person} onClose={end} onDone={() => { end(); onChanged(); }} /> : null}
      {doing?.what === "cancel" ? (
        <ReasonDialog title={w.cancelTitle(doing.visit.names[t.common.code])} lead={w.cancelLead} go={w.cancelVisit} onClose={end} send={async (reason) => {
          await api.cancelVisit(doing.visit.planned_id ?? "", reason);
          desk.toast(w.cancelled);
          end();
          onChanged();
        }} />
      ) : null}
    </Panel>
  );
}

function Planned({ visits, onDo }: { visits: readonly Visit[]; onDo: (doing: Doing) => void }): JSX.Element {
  const { t, may } = useDesk();
  const w = t.page.care;
  if (visits.length === 0) return <p class="meta">{w.noPlan}</p>;
  return (
    <ul class="plain-list">
      {visits.map((visit) => (
        <li key={visit.key}>
          <VisitWords visit={visit} />
          <span class="acts">
            {OPEN.has(visit.state) && may("record_staff_entry") ? <button type="button" class="btn" onClick={() => onDo({ what: "record", visit })}>{w.record}</button> : null}
            {visit.planned_id !== null && may("plan_visit") ? <button type="button" class="btn quiet" onClick={() => onDo({ what: "cancel", visit })}>{w.cancelVisit}</button> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Held({ entries, onOpen }: { entries: readonly Entry[]; onOpen: (entryId: string) => void }): JSX.Element {
  const { t, may } = useDesk();
  const w = t.page.care;
  if (entries.length === 0) return <p class="meta">{w.noVisits}</p>;
  return (
    <ul class="plain-list">
      {entries.map((e) => (
        <li key={e.id}>
          <span><b>{textOf(e.data?.visit)}</b> <span class="num">{dayWords(textOf(e.data?.day) || e.local_day, t, "")}</span>{may("see_contraception") ? <span class="meta"> · {w.fertilityReviewed}: {e.data?.fertility === undefined ? w.fertilityNone : choiceWord(e.data.fertility, t)}</span> : null}
            {typeof e.data?.text === "string" ? <small class="meta">{e.data.text}</small> : null}</span>
          <button type="button" class="btn quiet" onClick={() => onOpen(e.id)}>{t.overview.open}</button>
        </li>
      ))}
    </ul>
  );
}

function PlanDialog({ person, onClose, onDone }: OfPersonOnly & { onClose: () => void; onDone: () => void }): JSX.Element {
  const { desk, t } = useDesk();
  const api = usePersonApi(person.id);
  const sending = useSending();
  const [name, setName] = useState("");
  const [day, setDay] = useState(local(Date.now(), person.zone).day);
  const [before, setBefore] = useState("3");
  const [after, setAfter] = useState("3");
  const [purpose, setPurpose] = useState("");
  const w = t.page.care;
  const submit = (): void => void sending.run(async () => {
    await api.planVisit({ name, day, before_days: Number(before), after_days: Number(after), ...(purpose.trim() === "" ? {} : { purpose }) });
    desk.toast(w.planSaved);
    onDone();
  });
  return (
    <FormDialog title={w.planTitle} lead={w.planLead} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <TextField label={w.visitName} value={name} onInput={setName} error={sending.fields.name} maxLength={60} focus />
      <TextField label={w.visitDay} type="date" narrow value={day} onInput={setDay} error={sending.fields.day} />
      <TextField label={w.visitBefore} narrow inputMode="numeric" value={before} onInput={setBefore} error={sending.fields.before_days} />
      <TextField label={w.visitAfter} narrow inputMode="numeric" value={after} onInput={setAfter} error={sending.fields.after_days} />
      <TextField label={w.visitPurpose} value={purpose} onInput={setPurpose} error={sending.fields.purpose} maxLength={400} />
    </FormDialog>
  );
}

type OfPersonOnly = Pick<OfPerson, "person">;
