/** The pictures over time: fourteen days, twelve months, severe events; and the summary of any span. */
import type { JSX } from "preact";
import { useDesk, useLoad } from "../context.tsx";
import { Facts, Panel, Wait } from "../parts/bits.tsx";
import { dayWords } from "../when.ts";
import type { Entry } from "../api.ts";
import type { Severe } from "./api.ts";
import type { InPage } from "./at-a-glance.tsx";
import { Later, useCharts, usePersonApi } from "./later.tsx";
import { lastDays } from "./spans.ts";
import { SummaryPanel } from "./summary.tsx";
import { numberOf } from "./words.ts";

const THUMB_DAYS = 14;
const TREND_DAYS = 364;

export function ChartsTab(props: InPage): JSX.Element {
  return (
    <div class="stack">
      <SummaryPanel {...props} />
      <Later height={320}>{() => <Fortnight {...props} />}</Later>
      <Later height={640}>{() => <Year {...props} />}</Later>
    </div>
  );
}

function Fortnight({ person, study, today, round }: InPage): JSX.Element {
  const api = usePersonApi(person.id);
  const charts = useCharts();
  const span = lastDays(today, THUMB_DAYS);
  const readings = useLoad(() => api.listSpan(span, "reading"), [person.id, today, round]);
  return (
    <Wait of={readings}>{(entries) => (charts === null ? null
      : <charts.Thumbnails points={charts.pointsOf(entries, study)} span={span} study={study} today={today} transplantDays={person.transplant_days} />)}</Wait>
  );
}

function weightsOf(entries: readonly Entry[]): { day: string; kg: number }[] {
  return entries.flatMap((e) => {
    const kg = numberOf(e.data?.kg);
    return kg !== null && kg > 0 ? [{ day: e.local_day, kg }] : [];
  });
}

function Year({ person, today, round }: InPage): JSX.Element {
  const api = usePersonApi(person.id);
  const charts = useCharts();
  const span = lastDays(today, TREND_DAYS);
  const found = useLoad(() => Promise.all([api.listDays(span), api.listSevereEvents(), api.listSpan({ from: "1900-01-01", to: today }, "weight")]), [person.id, today, round]);
  return (
    <Wait of={found}>{([days, severe, weights]) => (charts === null ? null : (
      <>
        <charts.Trend weeks={charts.weeksOf(span, days, severe.events, weightsOf(weights))} span={span} transplantDays={person.transplant_days} />
        <charts.SevereLine severe={severe} span={span} transplantDays={person.transplant_days} />
        <SevereCheck severe={severe} />
      </>
    ))}</Wait>
  );
}

function SevereCheck({ severe }: { severe: Severe }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.inclusion;
  const { inclusion_5: check } = severe;
  return (
    <Panel title={w.title} note={w.lead}>
      <Facts rows={[
        [w.last12, w.events(severe.in_12_months)], [w.last3, w.events(severe.in_3_months)],
        [w.until(dayWords(check.until, t, "")), `${w.in12(check.in_12_months)}, ${w.in3(check.in_3_months)}: ${check.is_met ? w.met : w.notMet}`],
      ]} />
    </Panel>
  );
}
