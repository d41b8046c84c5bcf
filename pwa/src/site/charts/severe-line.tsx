/** Severe events on the calendar of twelve months, by what made them severe. */
import type { JSX } from "preact";
import { useDesk } from "../context.tsx";
import type { Severe, Span } from "../person/api.ts";
import { monthWords } from "../person/words.ts";
import { Figure, type Table } from "./figure.tsx";
import { BasisMark, TransplantLine } from "./marks.tsx";
import { dayScale, monthStarts } from "./scale.ts";

const HEIGHT = 112;
const [LEFT, RIGHT, MIDDLE] = [14, 14, 66];
const BASES = ["value", "assistance", "both"] as const;

export function SevereLine({ severe, span, transplantDays }: { severe: Severe; span: Span; transplantDays: readonly string[] }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.charts;
  const events = severe.events.filter((e) => e.day >= span.from && e.day <= span.to);
  const first = [...transplantDays].sort()[0];
  const before = first === undefined ? null : events.filter((e) => e.day < first).length;
  const sentence = w.severeSentence(events.length, severe.in_3_months, before, before === null ? 0 : events.length - before);
  const table: Table = {
    head: [t.common.day, t.page.basis, t.page.source],
    rows: [...events].reverse().map((e) => [e.day, t.page.bases[e.basis], e.source ?? t.page.fromDiary]),
  };
  const legend = BASES.map((basis) => <span key={basis}><svg class="mark-key" viewBox="0 0 18 18" aria-hidden="true"><BasisMark of={basis} x={9} y={9} /></svg>{t.page.bases[basis]}</span>);
  return (
    <Figure title={w.severeEvents} note={w.severeNote(events.length)} sentence={sentence} table={table} legend={legend}>
      {(width) => {
        const x = dayScale(span, LEFT, width - RIGHT);
        const months = monthStarts(span);
        const inside = transplantDays.filter((d) => d >= span.from && d <= span.to);
        return (
          <svg class="drawing" width={width} height={HEIGHT} role="img" aria-label={sentence}>
            <path class="c-axis" d={`M${LEFT} ${MIDDLE}H${width - RIGHT}`} />
            {months.map((day, i) => <g key={day}><path class="c-axis" d={`M${x(day)} ${MIDDLE - 4}v8`} />{width > 620 || i % 3 === 0 ? <text x={x(day)} y={HEIGHT - 8} text-anchor="middle">{monthWords(day, t)}</text> : null}</g>)}
            {inside.map((day) => (
              <TransplantLine key={day} x={x(day)} top={8 + (transplantDays.indexOf(day) % 2) * 14} bottom={MIDDLE + 16} end={width}
                label={width > 620 ? `${w.nthTransplant(transplantDays.indexOf(day) + 1)} ${day}` : w.nthTransplant(transplantDays.indexOf(day) + 1)} />
            ))}
            {events.map((e, i) => <BasisMark key={i} of={e.basis} x={x(e.day)} y={MIDDLE} />)}
          </svg>
        );
      }}
    </Figure>
  );
}
