/** Twelve months by weeks, one row per figure over one calendar, with the days of transplantation through all. */
import type { JSX } from "preact";
import { useDesk } from "../context.tsx";
import type { Span } from "../person/api.ts";
import { monthWords, shortDay } from "../person/words.ts";
import { Figure, type Table } from "./figure.tsx";
import { BasisMark, TransplantLine } from "./marks.tsx";
import { dayScale, linear, monthStarts, roundUp } from "./scale.ts";
import type { Week } from "./trend.ts";

type Drawn = "dots" | "bars" | "marks";
interface Row {
  title: string;
  drawn: Drawn;
  value: (week: Week) => number | null;
  most: number;
  limits?: readonly number[];
  grid?: readonly number[];
}

const [LEFT, RIGHT, TOP, FOOT] = [38, 12, 22, 22];
const [ROW, GAP, ROW_TITLE] = [68, 10, 18];
const BASES = ["value", "assistance", "both"] as const;
const fixed = (n: number | null, places: number): string => (n === null ? "" : n.toFixed(places));

export function Trend({ weeks, span, transplantDays }: { weeks: readonly Week[]; span: Span; transplantDays: readonly string[] }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.charts;
  const n = weeks.reduce((sum, week) => sum + week.n, 0);
  const most = (of: (week: Week) => number | null, least: number): number => roundUp(Math.max(least, ...weeks.map((week) => of(week) ?? 0)));
  const rows: Row[] = [
    { title: w.weeklyMean, drawn: "dots", value: (k) => k.mean, most: Math.max(15, ...weeks.map((k) => k.mean ?? 0)), limits: [3.9, 10] },
    { title: w.inRange, drawn: "dots", value: (k) => k.inRangePct, most: 100, grid: [50, 100] },
    { title: w.perDay, drawn: "dots", value: (k) => (k.n === 0 ? null : k.perDay), most: most((k) => k.perDay, 5) },
    { title: w.below, drawn: "bars", value: (k) => k.below, most: most((k) => k.below, 5) },
    { title: w.level2, drawn: "bars", value: (k) => k.level2, most: most((k) => k.below, 5) },
    { title: w.severeEvents, drawn: "marks", value: () => null, most: 1 },
    { title: w.insulin, drawn: "dots", value: (k) => k.insulinPerKg, most: most((k) => k.insulinPerKg, 0.5) },
  ];
  const table: Table = {
    head: [w.weekFrom, "n", w.weeklyMean, w.inRange, w.perDay, w.below, w.level2, w.severeReadings, ...BASES.map((b) => `${w.severeEvents}: ${t.page.bases[b]}`), w.insulin],
    rows: [...weeks].reverse().map((k) => [k.from, k.n, fixed(k.mean, 1), fixed(k.inRangePct, 0), fixed(k.perDay, 1), k.below, k.level2, k.severe, ...BASES.map((b) => k.events[b]), fixed(k.insulinPerKg, 2)]),
  };
  const events = weeks.reduce((sum, k) => sum + k.events.value + k.events.assistance + k.events.both, 0);
  const sentence = w.trendSentence(weeks.length, n, events);
  return (
    <Figure title={w.trend} note={w.trendNote(n)} sentence={sentence} table={table}>
      {(width) => <Drawing weeks={weeks} rows={rows} span={span} width={width} transplantDays={transplantDays} label={sentence} />}
    </Figure>
  );
}

function Drawing({ weeks, rows, span, width, transplantDays, label }: {
  weeks: readonly Week[]; rows: readonly Row[]; span: Span; width: number; transplantDays: readonly string[]; label: string;
}): JSX.Element {
  const { t } = useDesk();
  const x = dayScale(span, LEFT, width - RIGHT);
  const height = TOP + rows.length * (ROW + GAP + ROW_TITLE) + FOOT;
  const months = monthStarts(span).filter((_, i) => width > 620 || i % 3 === 0);
  const inside = transplantDays.filter((d) => d >= span.from && d <= span.to);
  return (
    <svg class="drawing" width={width} height={height} role="img" aria-label={label}>
      {months.map((day) => <g key={day}><path class="c-grid" d={`M${x(day)} ${TOP}V${height - FOOT}`} /><text x={x(day)} y={height - 6} text-anchor="middle">{monthWords(day, t)}</text></g>)}
      {inside.map((day, i) => <TransplantLine key={day} x={x(day)} top={4} bottom={height - FOOT} label={width > 620 ? `${t.page.charts.nthTransplant(transplantDays.indexOf(day) + 1)} ${shortDay(day, t)}` : String(i + 1)} end={width} />)}
      {rows.map((row, i) => <RowDrawing key={row.title} row={row} weeks={weeks} x={x} top={TOP + i * (ROW + GAP + ROW_TITLE) + ROW_TITLE} width={width} />)}
    </svg>
  );
}

function RowDrawing({ row, weeks, x, top, width }: { row: Row; weeks: readonly Week[]; x: (day: string) => number; top: number; width: number }): JSX.Element {
  const y = linear(0, row.most, top + ROW, top);
  const bar = Math.max(2, (x(weeks[1]?.from ?? "") - x(weeks[0]?.from ?? "")) * 0.6 || 3);
  const middle = (week: Week): number => (x(week.from) + x(week.to)) / 2;
  const ticks = row.drawn === "marks" ? [] : (row.limits ?? row.grid ?? [row.most]);
  return (
    <g>
      <text class="b" x={LEFT} y={top - 5}>{row.title}</text>
      <path class="c-axis" d={`M${LEFT} ${top + ROW}H${width - RIGHT}`} />
      {ticks.map((v) => <g key={v}><path class={row.limits === undefined ? "c-grid" : "c-limit"} d={`M${LEFT} ${y(v)}H${width - RIGHT}`} /><text x={LEFT - 6} y={y(v) + 4} text-anchor="end">{v}</text></g>)}
      {weeks.map((week) => {
        if (row.drawn === "marks") return BASES.flatMap((basis, i) => (week.events[basis] === 0 ? [] : [<BasisMark key={basis + week.from} of={basis} x={middle(week)} y={top + 10 + i * 18} />]));
        const value = row.value(week);
        if (value === null || (row.drawn === "bars" && value === 0)) return null;
        return row.drawn === "bars"
          ? <rect key={week.from} class="c-bar" x={middle(week) - bar / 2} y={y(value)} width={bar} height={top + ROW - y(value)} />
          : <circle key={week.from} class="c-week" cx={middle(week)} cy={y(value)} r={3} />;
      })}
    </g>
  );
}
