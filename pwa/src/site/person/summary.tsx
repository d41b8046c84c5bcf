/** The figures of any span, and of two side by side, with the warning where they were not measured alike. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Banner, Icon } from "../../parts/basics.tsx";
import { useDesk, useLoad } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { TextField } from "../parts/fields.tsx";
import { dayWords } from "../when.ts";
import type { DeskWords } from "../../text/site.ts";
import type { Span, Summary } from "./api.ts";
import type { InPage } from "./at-a-glance.tsx";
import { useCharts, usePersonApi } from "./later.tsx";
import { beforeAndAfter, frequencyDiffers, lastDays, whyUndefined, type FigureName } from "./spans.ts";
import { shortSpan } from "./words.ts";

const PRESET_DAYS = [28, 84, 365] as const;

export function SummaryPanel({ person, study, today, round }: InPage): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const charts = useCharts();
  const [spans, setSpans] = useState<Span[]>([lastDays(today, PRESET_DAYS[0])]);
  const pair = beforeAndAfter(person.transplant_days, today);
  const found = useLoad(() => Promise.all(spans.map(api.getSummary)), [person.id, round, JSON.stringify(spans)]);
  const w = t.page.summary;
  const isSame = (other: readonly Span[]): boolean => JSON.stringify(other) === JSON.stringify(spans);
  const preset = (label: string, other: Span[]): JSX.Element => <button key={label} type="button" class="chip" aria-pressed={isSame(other)} onClick={() => setSpans(other)}>{isSame(other) ? <Icon name="check" /> : null}{label}</button>;
  return (
    <Panel title={w.title} note={w.lead}>
      <div class="chips spans">
        {PRESET_DAYS.map((days) => preset(w.lastDays(days), [lastDays(today, days)]))}
        {pair === null ? null : preset(w.beforeAfter, pair)}
        {spans.length === 1 ? <button type="button" class="chip" aria-pressed={false} onClick={() => setSpans([previous(spans[0] ?? lastDays(today, PRESET_DAYS[0])), ...spans])}>{w.compare}</button> : preset(w.one, spans.slice(-1))}
      </div>
      <div class="span-fields">{spans.map((span, i) => <SpanFields key={i} name={spans.length === 1 ? "" : w.nth(i)} span={span} onChange={(next) => setSpans(spans.map((one, at) => (at === i ? next : one)))} />)}</div>
      <Wait of={found}>{(summaries) => (
        <>
          {summaries.length === 2 && summaries[0] !== undefined && summaries[1] !== undefined && frequencyDiffers(summaries[0], summaries[1])
            ? <Banner tone="info" icon="alert" title={w.unlike}>{w.unlikeWhy(perDay(summaries[0]), perDay(summaries[1]))}</Banner> : null}
          <FigureTable summaries={summaries} />
          {charts === null ? null : <div class="cols2">{summaries.map((one) => <charts.RangeBar key={one.from} summary={one} study={study} note={t.page.charts.rangeNote(shortSpan(one, t), one.n)} />)}</div>}
        </>
      )}</Wait>
    </Panel>
  );
}

/** As many days, just before. */
function previous(span: Span): Span {
  const before = lastDays(span.from, 2).from;
  return lastDays(before, Math.round((Date.parse(span.to) - Date.parse(span.from)) / 86_400_000) + 1);
}

const perDay = (of: Summary): string => (of.n / of.span_days).toFixed(1);

/** A span is asked for when both days stand and are in order. */
function SpanFields({ name, span, onChange }: { name: string; span: Span; onChange: (span: Span) => void }): JSX.Element {
  const { t } = useDesk();
  const [typed, setTyped] = useState<Span | null>(null);
  const shown = typed ?? span;
  const set = (change: Partial<Span>): void => {
    const next = { ...shown, ...change };
    const isWhole = /^\d{4}-\d\d-\d\d$/.test(next.from) && /^\d{4}-\d\d-\d\d$/.test(next.to) && next.from <= next.to;
    setTyped(isWhole ? null : next);
    if (isWhole) onChange(next);
  };
  return (
    <fieldset class="span-field"><legend>{name === "" ? t.page.summary.span : name}</legend>
      <TextField label={t.common.from} type="date" narrow value={shown.from} onInput={(from) => set({ from })} error={shown.from > shown.to ? t.page.summary.order : undefined} />
      <TextField label={t.common.to} type="date" narrow value={shown.to} onInput={(to) => set({ to })} />
    </fieldset>
  );
}

interface Line {
  name: string;
  unit: string;
  say: (of: Summary, t: DeskWords) => string;
}

const number = (name: FigureName, places: number) => (of: Summary, t: DeskWords): string => {
  const value = of[name];
  return value === null ? t.page.summary.undefined(t.page.summary.why[whyUndefined(name, of)]) : value.toFixed(places);
};
const share = (name: FigureName) => (of: Summary, t: DeskWords): string => {
  const value = of[name];
  return value === null ? t.page.summary.undefined(t.page.summary.why[whyUndefined(name, of)]) : t.page.summary.share(value.toFixed(0), Math.round((value * of.n) / 100), of.n);
};

function insulin(of: Summary, t: DeskWords): string {
  const { days, units_per_kg_day: perKg, units_per_day: perDayUnits } = of.insulin;
  if (days === 0 || perDayUnits === null) return t.page.summary.undefined(t.page.summary.why.no_insulin);
  return perKg === null ? t.page.summary.undefined(t.page.summary.why.no_weight) : t.page.summary.onDays(perKg.toFixed(2), days);
}

function lines(t: DeskWords): [first: Line[], second: Line[]] {
  const w = t.page.summary.figures;
  return [
    [
      { name: w.readings, unit: "n", say: (s) => String(s.n) },
      { name: w.perDay, unit: "", say: (s) => perDay(s) },
      { name: w.daysWith3, unit: "", say: (s) => t.page.summary.ofDays(s.days_with_3, s.span_days) },
      { name: w.mean, unit: "mmol/L", say: number("mean", 1) },
      { name: w.sd, unit: "mmol/L", say: number("sd", 1) },
      { name: w.cv, unit: "%", say: number("cv", 0) },
      { name: w.min, unit: "mmol/L", say: (s, words) => (s.count_lo > 0 ? words.page.summary.censored("LO", s.count_lo, s.min?.toFixed(1) ?? "") : number("min", 1)(s, words)) },
      { name: w.max, unit: "mmol/L", say: (s, words) => (s.count_hi > 0 ? words.page.summary.censored("HI", s.count_hi, s.max?.toFixed(1) ?? "") : number("max", 1)(s, words)) },
      { name: w.inRange, unit: "", say: share("in_range_pct") },
      { name: w.below, unit: "", say: share("below_pct") },
      { name: w.level2, unit: "", say: share("level2_pct") },
      { name: w.above, unit: "", say: share("above_pct") },
      { name: w.veryHigh, unit: "", say: share("very_high_pct") },
      { name: w.severeReadings, unit: "n", say: (s) => String(s.count_severe) },
      { name: w.severeEvents, unit: "n", say: (s) => t.page.summary.events(s.severe_events.value, s.severe_events.assistance, s.severe_events.both) },
      { name: w.insulin, unit: "U/kg", say: insulin },
      { name: w.insulinFree, unit: "", say: (s) => t.page.summary.days(s.insulin.free_days) },
    ],
    [
      { name: w.lbgi, unit: "", say: number("lbgi", 1) },
      { name: w.hbgi, unit: "", say: number("hbgi", 1) },
      { name: w.adrr, unit: "", say: number("adrr", 1) },
      { name: w.li, unit: t.page.summary.liUnit, say: (s, words) => (s.li === null ? number("li", 1)(s, words) : words.page.summary.liAt(s.li.toFixed(0), perDay(s))) },
    ],
  ];
}

function FigureTable({ summaries }: { summaries: readonly Summary[] }): JSX.Element {
  const { t } = useDesk();
  const [first, second] = lines(t);
  const row = (line: Line): JSX.Element => (
    <tr key={line.name}><th scope="row">{line.name}{line.unit === "" ? null : <span class="meta"> {line.unit}</span>}</th>{summaries.map((one, i) => <td key={i} class="num">{line.say(one, t)}</td>)}</tr>
  );
  return (
    <table class="data summary">
      <thead><tr><th scope="col">{t.page.summary.figure}</th>{summaries.map((one, i) => <th key={i} scope="col" class="num">{dayWords(one.from, t, "")} – {dayWords(one.to, t, "")}</th>)}</tr></thead>
      <tbody>{first.map(row)}</tbody>
      <tbody><tr><th scope="colgroup" colSpan={summaries.length + 1} class="part">{t.page.summary.second}</th></tr>{second.map(row)}</tbody>
    </table>
  );
}
