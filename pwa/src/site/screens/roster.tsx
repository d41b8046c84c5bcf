/** Who is on call: two weeks of days, a button per person in each. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { Refusal } from "../../api/client.ts";
import { addDays } from "../../rules/days.ts";
import type { Roster as Answer, RosterChange } from "../api.ts";
import { useDesk, useLoad, useSending, type Sending } from "../context.tsx";
import { emptyDays, isTested, mondayOf, type OnCallPerson } from "../duty.ts";
import { Panel, Wait } from "../parts/bits.tsx";
import { FormDialog, Problem } from "../parts/dialog.tsx";
import { Choices, TextField } from "../parts/fields.tsx";
import { OnCallLine, personName } from "../parts/on-call.tsx";
import { dayWords } from "../when.ts";

const DAYS = 14;
const WEEK = 7;

export function Roster(): JSX.Element {
  const { api, t, state } = useDesk();
  const today = state.roster?.today;
  const [from, setFrom] = useState<string | null>(null);
  const first = from ?? (today === undefined ? null : mondayOf(today));
  const roster = useLoad(() => (first === null ? api.getRoster() : api.getRoster(first, addDays(first, DAYS - 1))), [first]);
  return (
    <>
      <div class="title">
        <h1>{t.work.roster.title}</h1><span class="gap" />
        {first === null || today === undefined ? null : (
          <div class="acts">
            <button type="button" class="btn" onClick={() => setFrom(addDays(first, -DAYS))}>{t.work.roster.previous}</button>
            {first === mondayOf(today) ? null : <button type="button" class="btn" onClick={() => setFrom(null)}>{t.work.roster.thisWeek}</button>}
            <button type="button" class="btn" onClick={() => setFrom(addDays(first, DAYS))}>{t.work.roster.next}</button>
          </div>
        )}
      </div>
      <OnCallLine atRoster />
      <Wait of={roster}>{(answer) => first === null ? <p class="meta quiet-wait">{t.common.loading}</p> : <TwoWeeks roster={answer} first={first} onAnswer={roster.set} onReload={() => void roster.reload()} />}</Wait>
    </>
  );
}

function TwoWeeks({ roster, first, onAnswer, onReload }: { roster: Answer; first: string; onAnswer: (roster: Answer) => void; onReload: () => void }): JSX.Element {
  const { api, desk, t, may } = useDesk();
  const sending = useSending();
  const [filling, setFilling] = useState(false);
  const words = t.work.roster;
  const put = (change: Omit<RosterChange, "version">): Promise<boolean> => sending.run(async () => {
    try {
      const answer = await api.setRoster({ ...change, version: roster.version });
      const changed = new Map(answer.days.map((d) => [d.day, d]));
      onAnswer({ ...answer, days: roster.days.map((d) => changed.get(d.day) ?? d) });
      desk.toast(words.saved);
      void desk.checkWork();
    } catch (error) {
      if (error instanceof Refusal && error.status === 409) onReload();
      throw error;
    }
  });
  const days = roster.days.filter((d) => d.day >= first).slice(0, DAYS);
  const bare = emptyDays(days, roster.today).length;
  const mayChange = may("set_roster");
  return (
    <>
      <div class="title"><p class="meta">{mayChange ? words.lead : words.readOnly}</p><span class="gap" />{mayChange && roster.people.length > 0 ? <button type="button" class="btn main-act" onClick={() => setFilling(true)}>{words.fill}</button> : null}</div>
      {bare > 0 ? <div class="problem"><Icon name="alert" /><span>{words.emptyDays(bare)}</span></div> : null}
      <Problem text={sending.problem} />
      {roster.people.length === 0 ? <p class="panel meta">{words.noStaff}</p> : (
        <div class="weeks">
          {[0, WEEK].map((start) => (
            <ol key={start} class="week">
              {days.slice(start, start + WEEK).map((d) => <DayCell key={d.day} day={d} roster={roster} busy={sending.busy} onPut={(people) => void put({ from_day: d.day, to_day: d.day, weekdays: [...WEEKDAYS], people })} />)}
            </ol>
          ))}
        </div>
      )}
      <People people={roster.people} />
      {filling ? <FillDialog roster={roster} first={first} sending={sending} onPut={put} onClose={() => setFilling(false)} /> : null}
    </>
  );
}

function DayCell({ day, roster, busy, onPut }: { day: Answer["days"][number]; roster: Answer; busy: boolean; onPut: (people: string[]) => void }): JSX.Element {
  const { t, may } = useDesk();
  const isPast = day.day < roster.today;
  const shown = isPast || !may("set_roster") ? roster.people.filter((p) => day.people.includes(p.account_id)) : roster.people;
  const look = day.day === roster.today ? " today" : isPast ? " past" : "";
  const words = dayWords(day.day, t);
  return (
    <li class={`day${look}${!isPast && day.people.length === 0 ? " bare" : ""}`}>
      <h2>{words} {day.day === roster.today ? <small>{t.common.today}</small> : isPast ? <small>{t.work.roster.past}</small> : null} {day.people.length === 0 ? <small>{t.work.roster.empty}</small> : null}</h2>
      <div class="names">{shown.map((person) => {
        const isOn = day.people.includes(person.account_id);
        const name = personName(person, t);
        if (isPast || !may("set_roster")) return <span key={person.account_id}>{name}</span>;
        return (
          <button key={person.account_id} type="button" class="chip" aria-pressed={isOn} aria-label={t.work.roster.on(name, words)} disabled={busy}
            onClick={() => onPut(isOn ? day.people.filter((id) => id !== person.account_id) : [...day.people, person.account_id])}>
            {isOn ? <Icon name="check" /> : null}{name}
          </button>
        );
      })}</div>
    </li>
  );
}

function People({ people }: { people: readonly OnCallPerson[] }): JSX.Element | null {
  const { t } = useDesk();
  const words = t.work.roster;
  if (people.length === 0) return null;
  return (
    <Panel title={words.people1}>
      <ul class="plain-list">
        {people.map((person) => (
          <li key={person.account_id}><span>{personName(person, t)} <span class="meta">{t.roles[person.role]}</span></span>
            <span class="tag"><Icon name={isTested(person) ? "check" : "alert"} />{person.channels.length === 0 ? words.noChannel : person.channels.map((c) => `${t.work.channels.names[c.name] ?? c.name}: ${c.tested ? words.tested : words.untested}`).join(t.work.duty.and)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
type Weekday = (typeof WEEKDAYS)[number];
const toggled = <T,>(all: readonly T[], one: T): T[] => (all.includes(one) ? all.filter((o) => o !== one) : [...all, one]);

function FillDialog({ roster, first, sending, onPut, onClose }: { roster: Answer; first: string; sending: Sending; onPut: (change: Omit<RosterChange, "version">) => Promise<boolean>; onClose: () => void }): JSX.Element {
  const { t } = useDesk();
  const words = t.work.roster;
  const [from, setFrom] = useState(first > roster.today ? first : roster.today);
  const [to, setTo] = useState(addDays(first > roster.today ? first : roster.today, DAYS - 1));
  const [weekdays, setWeekdays] = useState<readonly Weekday[]>(WEEKDAYS);
  const [people, setPeople] = useState<readonly string[]>([]);
  const submit = (): void => void onPut({ from_day: from, to_day: to, weekdays: [...weekdays], people: [...people] }).then((went) => went && onClose());
  return (
    <FormDialog title={words.fillTitle} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <div class="fields2">
        <TextField label={t.common.from} type="date" value={from} onInput={setFrom} error={sending.fields.from_day} />
        <TextField label={t.common.to} type="date" value={to} onInput={setTo} error={sending.fields.to_day} />
      </div>
      <Choices label={words.weekdays} options={WEEKDAYS.map((d) => [d, words.weekdayNames[d]] as const)} chosen={weekdays} onChoose={(d) => setWeekdays(toggled(weekdays, d))} error={sending.fields.weekdays} />
      <Choices label={words.people} hint={words.peopleHint} options={roster.people.map((p) => [p.account_id, personName(p, t)] as const)} chosen={people} onChoose={(id) => setPeople(toggled(people, id))} error={sending.fields.people} />
    </FormDialog>
  );
}
