/** The five ranges of a span as one bar, the two milder ones hatched in opposite directions. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { limitsOf, type Study } from "../../api/study.ts";
import { Mark } from "../../parts/basics.tsx";
import { useDesk } from "../context.tsx";
import type { Summary } from "../person/api.ts";
import { rangeParts, type RangePart } from "../person/spans.ts";
import { Figure } from "./figure.tsx";

const [HEIGHT, GAP] = [28, 1.5];
const TONES: Record<RangePart["band"], string> = { level2: "c-low", level1: "hatched", in_range: "c-in", high: "hatched", very_high: "c-high" };

/** What the ranges are in mmol/L, from the study's own limits. */
export function rangeWords(study: Study): Record<RangePart["band"], string> {
  const of = limitsOf(study, "mmol/L");
  const next = (limit: string, by: number): string => (Number(limit) + by).toFixed(1);
  return {
    level2: `< ${of.level2_below}`, level1: `${of.level2_below}–${next(of.level1_below, -0.1)}`, in_range: `${of.level1_below}–${of.in_range_to}`,
    high: `${next(of.in_range_to, 0.1)}–${of.very_high_above}`, very_high: `> ${of.very_high_above}`,
  };
}

export function RangeBar({ summary, study, note }: { summary: Summary; study: Study; note: string }): JSX.Element {
  const { t, p } = useDesk();
  const w = t.page.charts;
  const parts = rangeParts(summary);
  const limits = rangeWords(study);
  const sentence = summary.n === 0 ? w.rangeNone : w.rangeSentence(parts.find((one) => one.band === "in_range")?.pct ?? 0, summary.n);
  return (
    <Figure title={w.range} note={note} sentence={sentence}
      table={{ head: [w.rangeHead, "mmol/L", "%", "n"], rows: parts.map((one) => [p.marks[one.band], limits[one.band], one.pct, one.n]) }}>
      {(width) => (summary.n === 0 ? null : <><Bar parts={parts} width={width} label={sentence} />
        <ul class="rkeys">
          {parts.map((one) => (
            <li key={one.band}><span class="word"><Mark of={one.band} />{p.marks[one.band]}</span><b class="num">{one.pct} %</b><small class="num">{limits[one.band]}</small><small class="num">n = {one.n}</small></li>
          ))}
        </ul></>)}
    </Figure>
  );
}

function Bar({ parts, width, label }: { parts: readonly RangePart[]; width: number; label: string }): JSX.Element {
  const id = useId().replaceAll(":", "");
  const drawn = parts.filter((one) => one.n > 0);
  const total = drawn.reduce((sum, one) => sum + one.n, 0);
  const room = width - GAP * (drawn.length - 1);
  let left = 0;
  return (
    <svg class="drawing" width={width} height={HEIGHT} role="img" aria-label={label}>
      <defs>
        <pattern id={`${id}-level1`} class="c-low" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="4.5" height="7" /></pattern>
        <pattern id={`${id}-high`} class="c-high" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="4.5" height="7" /></pattern>
      </defs>
      {drawn.map((one) => {
        const own = (one.n / total) * room;
        const x = left;
        left += own + GAP;
        const tone = TONES[one.band];
        return <rect key={one.band} x={x} y={0} width={own} height={HEIGHT} {...(tone === "hatched" ? { fill: `url(#${id}-${one.band})` } : { class: tone })} />;
      })}
    </svg>
  );
}
