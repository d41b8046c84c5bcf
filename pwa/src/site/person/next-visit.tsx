/** The next visit on the participant's first page: due, in its window, overdue, or the one to come. */
import type { JSX } from "preact";
import { Icon } from "../../parts/basics.tsx";
import { useDesk, useLoad } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { dayWords } from "../when.ts";
import type { Visit } from "./api.ts";
import { usePersonApi } from "./later.tsx";

/** One line: its state in a word, its name, when it may be held, what for. */
export function VisitWords({ visit }: { visit: Visit }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.care;
  const day = (text: string): string => dayWords(text, t, new Date().toISOString());
  return (
    <span>
      <span class={`visit-state ${visit.state}`}>{visit.state === "overdue" ? <Icon name="alert" /> : null}{w.visitStates[visit.state]}</span> <b>{visit.names[t.common.code]}</b> <span class="num">{day(visit.day)}</span>
      <small class="meta num">{w.visitWindow(day(visit.first_day), day(visit.last_day))}{visit.planned_id === null ? ` · ${w.ofStudy}` : ""}{visit.purpose === null ? "" : ` · ${visit.purpose}`}</small>
    </span>
  );
}

/** What is to be done first, then what is to come; what was held stands in the list of the visits themselves. */
export function plannedInOrder(visits: readonly Visit[]): Visit[] {
  return visits.filter((one) => one.state !== "done").sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
}

export function NextVisit({ person, round }: { person: { id: string }; round: number }): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const plan = useLoad(() => api.listVisits(), [person.id, round]);
  const w = t.page.care;
  return (
    <Panel title={w.visits} act={<a class="btn quiet" href={`#/p/${person.id}/schedules`}>{w.all}</a>}>
      <Wait of={plan}>{(found) => {
        const next = plannedInOrder(found.visits)[0];
        return (
          <>
            {next === undefined ? <p class="meta">{w.noPlan}</p> : <ul class="plain-list"><li><VisitWords visit={next} /></li></ul>}
            {found.review_missing === true ? <p class="meta">{w.fertilityDue}</p> : null}
          </>
        );
      }}</Wait>
    </Panel>
  );
}
