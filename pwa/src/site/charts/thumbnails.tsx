/** Fourteen days, each drawn by itself: what a day looked like, and on which nothing was measured. */
import type { JSX } from "preact";
import type { Study } from "../../api/study.ts";
import { useDesk } from "../context.tsx";
import type { Span } from "../person/api.ts";
import { eachDay } from "../person/spans.ts";
import { shortDay } from "../person/words.ts";
import { Figure, type Table } from "./figure.tsx";
import { PointMark } from "./marks.tsx";
import type { Point } from "./points.ts";
import { linear, logarithmic } from "./scale.ts";

const [WIDTH, HEIGHT] = [160, 72];
const [LOWEST, HIGHEST] = [2, 22];

export function Thumbnails({ points, span, study, today, transplantDays }: {
  points: readonly Point[]; span: Span; study: Study; today: string; transplantDays: readonly string[];
}): JSX.Element {
  const { t, p } = useDesk();
  const w = t.page.charts;
  const days = eachDay(span).reverse();
  const of = (day: string): Point[] => points.filter((one) => one.day === day).sort((a, b) => a.minute - b.minute);
  const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const table: Table = {
    head: [t.common.day, "n", w.readings],
    rows: days.map((day) => [day, of(day).length, of(day).map((one) => `${clock(one.minute)} ${one.text}${one.unit === null ? "" : ` ${one.unit}`} ${one.band === "in_range" ? "" : p.marks[one.band]}`.trim()).join("; ")]),
  };
  const empty = days.filter((day) => day < today && of(day).length === 0).length;
  const sentence = w.thumbsSentence(points.length, empty);
  return (
    <Figure title={w.thumbs} note={w.thumbsNote(points.length)} sentence={sentence} table={table}>
      {() => (
        <ul class="thumbs">
          {days.map((day) => (
            <li key={day} class={day === today ? "today" : ""}>
              <span class="num">{shortDay(day, t)} {transplantDays.includes(day) ? <b>{w.transplant}</b> : <span class="meta">{day === today ? t.common.today : ""}</span>}</span>
              <Thumbnail points={of(day)} study={study} isOpen={day === today} label={w.thumbLabel(shortDay(day, t), of(day).length)} isTransplant={transplantDays.includes(day)} />
            </li>
          ))}
        </ul>
      )}
    </Figure>
  );
}

function Thumbnail({ points, study, isOpen, isTransplant, label }: { points: readonly Point[]; study: Study; isOpen: boolean; isTransplant: boolean; label: string }): JSX.Element {
  const x = linear(0, 1440, 6, WIDTH - 6);
  const y = logarithmic(LOWEST, HIGHEST, HEIGHT - 8, 8);
  const within = (v: number): number => y(Math.max(LOWEST, Math.min(HIGHEST, v)));
  const { level1_below: low, in_range_to: high } = study.glucose.mmol;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <rect class="c-range" x={0} y={y(Number(high))} width={WIDTH} height={y(Number(low)) - y(Number(high))} />
      {isTransplant ? <path class="c-ink" d={`M1 0V${HEIGHT}`} /> : null}
      {points.length === 0 && !isOpen ? <rect class="c-gone" x={WIDTH / 2 - 14} y={HEIGHT - 6} width={28} height={3} /> : null}
      {points.map((p, i) => <PointMark key={i} of={p.band} x={x(p.minute)} y={p.mmol === null ? (p.band === "lo" ? HEIGHT - 8 : 8) : within(p.mmol)} small />)}
    </svg>
  );
}
