import type { JSX } from "preact";
import type { Row } from "../api.ts";
import { useDesk } from "../context.tsx";
import { SPARK, spark, type SparkMark } from "../spark.ts";

const RIGHT = SPARK.width;
/** In the order of drawing: the gravest on top. */
const SHAPES: readonly (readonly [shape: SparkMark["shape"], look: string])[] = [["none", "bars"], ["open", "opens"], ["dot", "dots"], ["up", "ups"], ["severe", "severes"]];

function drawn({ x, y, shape }: SparkMark): string {
  if (shape === "severe") return `M${x} ${y - 5}l5 5-5 5-5-5z`;
  return shape === "up" ? `M${x - 4} ${y + 4}h8l-4-8z` : shape === "none" || shape === "open" ? `M${x - 4} ${y}h8` : `M${x} ${y}h0`;
}

/** Two weeks at a glance: a dot for each day's mean, a diamond where a severe low was, a bar where nothing was measured. */
export function Sparkline({ days, shown }: { days: Row["days"]; shown: readonly string[] }): JSX.Element {
  const { t } = useDesk();
  const of = spark(days, shown);
  const marks = SHAPES.flatMap(([shape, look]) => {
    const own = of.marks.filter((m) => m.shape === shape);
    return own.length === 0 ? [] : [<path key={shape} class={look} d={own.map(drawn).join("")} />];
  });
  const height = Math.round((of.bandFoot - of.bandTop) * 10) / 10;
  return (
    <svg class="spark" width={SPARK.width} height={SPARK.height} viewBox={`0 0 ${SPARK.width} ${SPARK.height}`} role="img"
      aria-label={t.work.needs.sparkAlt(of.readings, of.daysWith, of.daysWithout, of.severe)}>
      <rect class="band" x="0" y={of.bandTop} width={RIGHT} height={height} />
      <path class="limit" d={`M0 ${of.bandTop}h${RIGHT}M0 ${of.bandFoot}h${RIGHT}`} />
      {marks}
    </svg>
  );
}
