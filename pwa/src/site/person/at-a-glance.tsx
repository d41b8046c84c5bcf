/** The participant's first page: logbook left; standard day, ranges and adherence right; severe events below. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Study } from "../../api/study.ts";
import type { Detail } from "../api.ts";
import { useDesk, useLoad } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import type { Adherence, Span, WindowKind } from "./api.ts";
import { HeatLegend, HeatStrip } from "./heat-map.tsx";
import { KINDS } from "./heat.ts";
import { Later, useCharts, usePersonApi } from "./later.tsx";
import { Logbook } from "./logbook-grid.tsx";
import { NextVisit } from "./next-visit.tsx";
import { lastDays } from "./spans.ts";
import { shortSpan } from "./words.ts";
import { WindowsDialog, type Asked } from "./windows-dialog.tsx";

const GLANCE_DAYS = 28;
const YEAR_DAYS = 365;

export interface InPage {
  person: Detail;
  study: Study;
  today: string;
  round: number;
  onOpen: (entryId: string) => void;
}

export function AtAGlance({ onReady, ...props }: InPage & { onReady: () => void }): JSX.Element {
  // The logbook comes first; the rest asks when it stands, so that the first look is not slowed down.
  const [ready, setReady] = useState(false);
  const span = lastDays(props.today, GLANCE_DAYS);
  return (
    <>
      <div class="cols">
        <Logbook {...props} onReady={() => { setReady(true); onReady(); }} />
        <div class="stack">
          {ready ? <><Later height={300}>{() => <Pictures {...props} span={span} />}</Later><Later height={200}>{() => <Done {...props} span={span} />}</Later><Later height={120}>{() => <NextVisit {...props} />}</Later></> : null}
        </div>
      </div>
      {ready ? <Later height={200}>{() => <SevereYear {...props} />}</Later> : null}
    </>
  );
}

function Pictures({ person, study, span, round }: InPage & { span: Span }): JSX.Element | null {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const charts = useCharts();
  const readings = useLoad(() => api.listSpan(span, "reading"), [person.id, span.to, round]);
  const summary = useLoad(() => api.getSummary(span), [person.id, span.to, round]);
  return (
    <>
      <Wait of={readings}>{(entries) => (charts === null ? null : <charts.StandardDay points={charts.pointsOf(entries, study)} span={span} study={study} />)}</Wait>
      <Wait of={summary}>{(found) => (charts === null ? null : <charts.RangeBar summary={found} study={study} note={t.page.charts.rangeNote(shortSpan(span, t), found.n)} />)}</Wait>
    </>
  );
}

const pct = (value: number | null): string => (value === null ? "–" : `${Math.round(value)} %`);

/** Each row's figure in the strip: shares in per cent, the diary in days. */
export function stripFigures(of: Adherence): Record<WindowKind, string> {
  const [taken, due] = of.medication.reduce<[number, number]>(([a, b], m) => [a + m.taking.done, b + m.taking.due], [0, 0]);
  return {
    reading: pct(of.monitoring.pct), dose: pct(due === 0 ? null : (taken * 100) / due), diary: of.diary.due === 0 ? "–" : `${of.diary.done}/${of.diary.due}`,
    contraception: of.contraception === null || of.contraception.due === 0 ? "–" : `${of.contraception.done}/${of.contraception.due}`,
  };
}

/** The kinds that the reader may see and that were prescribed. */
export function seenKinds(of: Adherence): WindowKind[] {
  return KINDS.filter((kind) => kind !== "contraception" || (of.contraception !== null && of.days.some((d) => (d.contraception?.due ?? 0) > 0)));
}

function Done({ person, span, round, onOpen }: InPage & { span: Span }): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const adherence = useLoad(() => api.getAdherence(span), [person.id, span.to, round]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const openDay = (kind: WindowKind, day: string): void => setAsked({ title: `${t.page.adherence.kinds[kind]} ${day}`, kind, span: { from: day, to: day } });
  return (
    <Panel title={t.page.adherence.title} note={t.page.adherence.stripLead(shortSpan(span, t))} act={<a class="btn quiet" href={`#/p/${person.id}/adherence`}>{t.page.adherence.all}</a>}>
      <Wait of={adherence}>{(found) => (
        <>
          <HeatStrip kinds={seenKinds(found)} span={span} days={found.days} figures={stripFigures(found)} transplantDays={person.transplant_days} onOpen={openDay} />
          <HeatLegend />
        </>
      )}</Wait>
      {asked === null ? null : <WindowsDialog person={person} asked={asked} onClose={() => setAsked(null)} onOpen={onOpen} />}
    </Panel>
  );
}

function SevereYear({ person, today, round }: InPage): JSX.Element {
  const api = usePersonApi(person.id);
  const charts = useCharts();
  const severe = useLoad(() => api.listSevereEvents(), [person.id, round]);
  return <Wait of={severe}>{(found) => (charts === null ? null : <charts.SevereLine severe={found} span={lastDays(today, YEAR_DAYS)} transplantDays={person.transplant_days} />)}</Wait>;
}
