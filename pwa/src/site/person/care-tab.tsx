/** Care: what is prescribed, visits, contacts, contraception, changes of zone. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Banner, Icon } from "../../parts/basics.tsx";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { choiceWord } from "../entry-words.ts";
import { EntryWords, Facts, Panel, Wait } from "../parts/bits.tsx";
import { EntryDrawer } from "../screens/entry-drawer.tsx";
import type { OfPerson } from "../screens/person.tsx";
import { ReasonDialog } from "../screens/record-people.tsx";
import { SchedulesTab } from "../screens/schedules.tsx";
import { EntryForm } from "../screens/staff-entry.tsx";
import { dayWords, livedMoment, moment } from "../when.ts";
import type { Contraception, ZoneChange } from "./api.ts";
import { usePersonApi } from "./later.tsx";
import { Visits } from "./visits.tsx";

const EVER = { from: "1900-01-01", to: "9999-12-31" };

export function CareTab(props: OfPerson & { round: number }): JSX.Element {
  const { may } = useDesk();
  const [open, setOpen] = useState("");
  const own = { ...props, onOpen: setOpen };
  return (
    <div class="stack">
      <SchedulesTab {...props} />
      <div class="cols2">
        <div class="stack"><Visits {...own} />{may("see_contraception") ? <ContraceptionPanel {...props} /> : null}</div>
        <div class="stack"><Contacts {...own} /><Travel {...props} /></div>
      </div>
      {open === "" ? null : <EntryDrawer key={open} person={props.person} entryId={open} onClose={() => setOpen("")} onChanged={props.onChanged} />}
    </div>
  );
}

type OfList = OfPerson & { round: number; onOpen: (entryId: string) => void };

function Contacts({ person, round, onChanged, onOpen }: OfList): JSX.Element {
  const { t, may, state } = useDesk();
  const now = useNow(60_000);
  const api = usePersonApi(person.id);
  const found = useLoad(() => api.listSpan(EVER, "contact"), [person.id, round]);
  const [adding, setAdding] = useState(false);
  const w = t.page.care;
  return (
    <Panel title={w.contacts} act={may("record_staff_entry") ? <button type="button" class="btn" onClick={() => setAdding(true)}><Icon name="plus" />{w.addContact}</button> : null}>
      <Wait of={found}>{(entries) => (entries.length === 0 ? <p class="meta">{w.noContacts}</p> : (
        <ul class="plain-list">
          {entries.map((e) => (
            <li key={e.id}>
              <span><span class="num meta">{livedMoment(e, now, t)}</span> {state.study === null ? null : <EntryWords entry={e} study={state.study} />}</span>
              <button type="button" class="btn quiet" onClick={() => onOpen(e.id)}>{t.overview.open}</button>
            </li>
          ))}
        </ul>
      ))}</Wait>
      {adding ? <EntryForm person={person} kind="contact" onClose={() => setAdding(false)} onSaved={onChanged} /> : null}
    </Panel>
  );
}

function ContraceptionPanel({ person, round }: OfPerson & { round: number }): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const found = useLoad(() => api.getContraception(), [person.id, round]);
  const w = t.page.care;
  const day = (text: string): string => dayWords(text, t, "");
  const endOf = (of: Contraception): string => {
    if (of.applies === null) return w.notKnown;
    if (!of.applies) return w.notApplies;
    return of.end_day === null ? (of.no_end_because === null ? t.common.unknown : w.noEnd[of.no_end_because]) : w.endsOn(day(of.end_day));
  };
  return (
    <Panel title={w.contraception}>
      <Wait of={found}>{(of) => (
        <>
          {of.needs_second_method ? <Banner tone="info" icon="alert" title={w.secondMethod} /> : null}
          <Facts rows={[
            [w.ends, endOf(of)], [w.askedInApp, of.asked_in_app ? t.common.yes : t.common.no],
            [w.method, of.method.length === 0 ? t.common.notSet : of.method.map((m) => choiceWord(m, t)).join(", ")],
            ...of.agents.map((a) => [a.agent, a.runs ? w.agentRuns : a.last_dose_day === null || a.needed_to_day === null ? w.agentUnknown(a.washout_days) : w.agentLast(day(a.last_dose_day), a.washout_days, day(a.needed_to_day))] as const),
          ]} />
        </>
      )}</Wait>
    </Panel>
  );
}

function Travel({ person, round, onChanged }: OfPerson & { round: number }): JSX.Element {
  const { desk, t, may } = useDesk();
  const now = useNow(60_000);
  const api = usePersonApi(person.id);
  const found = useLoad(() => api.listZoneChanges(), [person.id, round]);
  const [deciding, setDeciding] = useState<{ change: ZoneChange; decision: "applied" | "refused" } | null>(null);
  const w = t.page.care;
  return (
    <Panel title={w.travel} note={w.travelLead}>
      <Wait of={found}>{(changes) => (changes.length === 0 ? <p class="meta">{w.noTravel}</p> : (
        <ul class="plain-list">
          {changes.map((one) => (
            <li key={one.id}>
              <span><b>{w.decideTitle(one.from_zone, one.to_zone)}</b> <span class="meta num">{moment(one.asked_at, person.zone, now, t)} · {w.travelStates[one.state]}</span>{one.reason === null ? null : <small class="meta">{one.reason}</small>}</span>
              {one.state === "waiting" && may("decide_zone_change") ? (
                <span class="acts">
                  <button type="button" class="btn" onClick={() => setDeciding({ change: one, decision: "applied" })}>{w.apply}</button>
                  <button type="button" class="btn" onClick={() => setDeciding({ change: one, decision: "refused" })}>{w.refuse}</button>
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      ))}</Wait>
      {deciding === null ? null : (
        <ReasonDialog title={w.decideTitle(deciding.change.from_zone, deciding.change.to_zone)} lead={w.travelLead} go={deciding.decision === "applied" ? w.apply : w.refuse} onClose={() => setDeciding(null)}
          send={async (reason) => {
            await api.decideZoneChange(deciding.change.id, deciding.decision, reason);
            desk.toast(t.common.saved);
            setDeciding(null);
            onChanged();
          }} />
      )}
    </Panel>
  );
}
