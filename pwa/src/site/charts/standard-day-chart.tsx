/** All readings of a span on one day: dots, and a median and quartile band where the rule allows. */
import type { JSX } from "preact";
import type { Study } from "../../api/study.ts";
import { useDesk } from "../context.tsx";
import { shortSpan } from "../person/words.ts";
import type { Span } from "../person/api.ts";
import { daysIn } from "../person/spans.ts";
import { Figure, type Table } from "./figure.tsx";
import { PointMark } from "./marks.tsx";
import type { Point } from "./points.ts";
import { linear, type Scale } from "./scale.ts";
import { runsOf, standardDay, type Hour } from "./standard-day.ts";

const HEIGHT = 232;
const [LEFT, RIGHT, TOP, BOTTOM] = [38, 10, 26, 26];
const LEAST_TOP = 16;

const two = (n: number): string => String(n).padStart(2, "0");
const shown = (n: number | null): string => (n === null ? "" : n.toFixed(1));

export function StandardDay({ points, span, study }: { points: readonly Point[]; span: Span; study: Study }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.charts;
  const hours = standardDay(points);
  const days = daysIn(span);
  const severe = points.filter((p) => p.band === "lo" || p.band === "severe").length;
  const table: Table = {
    head: [w.hour, "n", `${w.median} mmol/L`, `${w.quartiles} mmol/L`],
    rows: Array.from({ length: 24 }, (_, hour) => {
      const one = hours?.[hour];
      const n = points.filter((p) => Math.floor(p.minute / 60) === hour).length;
      return [`${two(hour)}:00`, n, shown(one?.median ?? null), one?.quartiles ? `${shown(one.quartiles[0])}–${shown(one.quartiles[1])}` : ""];
    }),
  };
  return (
    <Figure title={w.standardDay} note={w.standardNote(shortSpan(span, t), points.length, (points.length / days).toFixed(1))} table={table}
      sentence={hours === null ? w.standardFew(points.length) : w.standardSentence(points.length, severe)}>
      {(width) => <Drawing points={points} hours={hours} study={study} width={width} label={hours === null ? w.standardFew(points.length) : w.standardSentence(points.length, severe)} />}
    </Figure>
  );
}

function Drawing({ points, hours, study, width, label }: { points: readonly Point[]; hours: Hour[] | null; study: Study; width: number; label: string }): JSX.Element {
  const [low, high] = [Number(study.glucose.mmol.level1_below), Number(study.glucose.mmol.in_range_to)];
  const most = Math.max(LEAST_TOP, ...points.map((p) => p.mmol ?? 0));
  const top = Math.ceil(most / 2) * 2;
  const x = linear(0, 1440, LEFT, width - RIGHT);
  const y = linear(0, top, HEIGHT - BOTTOM, TOP);
  const step = width < 420 ? 6 : 3;
  const ticks = [0, ...(top > 20 ? [20] : [15])];
  return (
    <svg class="drawing" width={width} height={HEIGHT} role="img" aria-label={label}>
      <text x={4} y={14}>mmol/L</text>
      {ticks.map((v) => <g key={v}><path class="c-grid" d={`M${LEFT} ${y(v)}H${width - RIGHT}`} /><text x={LEFT - 6} y={y(v) + 4} text-anchor="end">{v}</text></g>)}
      {[low, high].map((v) => <g key={v}><path class="c-limit" d={`M${LEFT} ${y(v)}H${width - RIGHT}`} /><text x={LEFT - 6} y={y(v) + 4} text-anchor="end">{v}</text></g>)}
      {Array.from({ length: 24 / step - 1 }, (_, i) => (i + 1) * step).map((h) => <text key={h} x={x(h * 60)} y={HEIGHT - 8} text-anchor="middle">{two(h)}:00</text>)}
      {hours === null ? null : <Lines hours={hours} x={x} y={y} />}
      {points.map((p, i) => <Dot key={i} point={p} x={x(p.minute)} y={p.mmol === null ? (p.band === "lo" ? y(0) : TOP) : y(p.mmol)} />)}
    </svg>
  );
}

function Dot({ point, x, y }: { point: Point; x: number; y: number }): JSX.Element {
  const mark = <PointMark of={point.band} x={x} y={y} />;
  return point.mmol === null ? <g>{mark}<text class="b" x={x + 8} y={y + 4}>{point.text}</text></g> : mark;
}

function Lines({ hours, x, y }: { hours: Hour[]; x: Scale; y: Scale }): JSX.Element {
  // An hour that stands alone is drawn over its width, so that it can be seen.
  const places = (run: readonly Hour[], h: Hour): number[] => (run.length === 1 ? [h.hour * 60 + 10, h.hour * 60 + 50] : [h.hour * 60 + 30]).map(x);
  const along = (run: readonly Hour[], value: (h: Hour) => number): string[] => run.flatMap((h) => places(run, h).map((at) => `${at} ${y(value(h))}`));
  const bands = runsOf(hours, (h) => h.quartiles !== null)
    .map((run) => `M${[...along(run, (h) => h.quartiles?.[1] ?? 0), ...along(run, (h) => h.quartiles?.[0] ?? 0).reverse()].join("L")}z`);
  const medians = runsOf(hours, (h) => h.median !== null).map((run) => `M${along(run, (h) => h.median ?? 0).join("L")}`);
  return <>{bands.map((d) => <path key={d} class="c-band" d={d} />)}{medians.map((d) => <path key={d} class="c-median" d={d} />)}</>;
}
