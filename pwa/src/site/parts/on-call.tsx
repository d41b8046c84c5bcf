import type { JSX } from "preact";
import { Icon } from "../../parts/basics.tsx";
import { addDays } from "../../rules/days.ts";
import { useDesk } from "../context.tsx";
import { onCall, type OnCallPerson } from "../duty.ts";
import { dayWords } from "../when.ts";
import type { DeskWords } from "../../text/site.ts";

export function personName(person: OnCallPerson, t: DeskWords): string {
  return person.name ?? person.login ?? t.roles[person.role];
}

const names = (people: readonly OnCallPerson[], t: DeskWords): string => people.map((p) => personName(p, t)).join(t.work.duty.and);

/** Who is called today, who takes over and when; loud when a page would reach nobody. */
export function OnCallLine({ atRoster }: { atRoster?: boolean }): JSX.Element | null {
  const { state, t } = useDesk();
  if (state.roster === null) return null;
  const { roster } = state;
  const duty = onCall(roster);
  const toRoster = atRoster === true ? null : <a class="btn" href="#/roster">{t.work.duty.toRoster}</a>;
  if (duty.now.length === 0) return <div class="problem on-call" role="alert"><Icon name="phone" /><span>{t.work.duty.nobody}</span>{toRoster}</div>;
  const when = (day: string): string => (day === addDays(roster.today, 1) ? dayWords(day, t) : dayWords(day, t, roster.today));
  return (
    <>
      <p class="on-call"><Icon name="phone" />
        <b>{t.work.duty.now(names(duty.now, t))}</b>
        {duty.next === null ? null : <span class="meta">{duty.next.people.length === 0 ? t.work.duty.nextNobody(when(duty.next.day)) : t.work.duty.next(when(duty.next.day), names(duty.next.people, t))}</span>}
        {atRoster === true ? null : <a href="#/roster">{t.nav.roster}</a>}
      </p>
      {duty.untested.length === 0 ? null : <div class="problem"><Icon name="alert" /><span>{t.work.duty.untested(names(duty.untested, t))}</span></div>}
    </>
  );
}
