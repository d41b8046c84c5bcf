/** The marks of DESIGN.md 3 as shapes at a place: the same in lists, grids and charts. */
import type { JSX } from "preact";
import type { Band } from "../../rules/glucose.ts";
import type { SevereEvent } from "../person/api.ts";

const HALF = 5;

const triangle = (x: number, y: number, up: boolean): string => {
  const tip = up ? -HALF : HALF;
  return `M${x - HALF} ${y - tip * 0.8}h${HALF * 2}L${x} ${y + tip}z`;
};
export const diamond = (x: number, y: number, half = HALF + 1): string => `M${x} ${y - half}l${half} ${half}-${half} ${half}-${half}-${half}z`;

export function PointMark({ of, x, y, small = false }: { of: Band; x: number; y: number; small?: boolean }): JSX.Element {
  switch (of) {
    case "lo": case "severe": return <path class="c-severe" d={diamond(x, y)} />;
    case "level2": return <path class="c-low" d={triangle(x, y, false)} />;
    case "level1": return <path class="c-low outline" d={triangle(x, y, false)} />;
    case "very_high": case "hi": return <path class="c-high" d={triangle(x, y, true)} />;
    default: return <circle class="c-dot" cx={x} cy={y} r={small ? 2.6 : 2.2} />;
  }
}

/** By value: a diamond; with help: a boxed cross; both: a boxed diamond. */
export function BasisMark({ of, x, y }: { of: SevereEvent["basis"]; x: number; y: number }): JSX.Element {
  const box = <rect class="c-severe ring" x={x - 8} y={y - 8} width={16} height={16} />;
  if (of === "value") return <path class="c-severe" d={diamond(x, y, 7)} />;
  if (of === "both") return <g>{box}<path class="c-severe" d={diamond(x, y, 5)} /></g>;
  return <g>{box}<path class="c-severe" d={`M${x - 5} ${y - 1.25}h3.75v-3.75h2.5v3.75h3.75v2.5h-3.75v3.75h-2.5v-3.75h-3.75z`} /></g>;
}

/** A day of transplantation: a line of ink with a flag, in every plot that has a calendar. */
export function TransplantLine({ x, top, bottom, label, end }: { x: number; top: number; bottom: number; label: string; end: number }): JSX.Element {
  const fits = x + 10 + label.length * 9 < end;
  return (
    <g class="c-transplant">
      <path class="line" d={`M${x} ${top}V${bottom}`} />
      <path class="flag" d={`M${x} ${top}h9l-3 4 3 4h-9z`} />
      {label === "" ? null : <text class="b" x={fits ? x + 13 : x - 5} y={top + 9} text-anchor={fits ? "start" : "end"}>{label}</text>}
    </g>
  );
}
