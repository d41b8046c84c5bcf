/** What the meter remembers beside what was typed: omitted, phantom, altered, each difference to open. */
import type { JSX } from "preact";
import { Value } from "../../parts/basics.tsx";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { Facts, Panel, Wait } from "../parts/bits.tsx";
import { moment } from "../when.ts";
import type { Pair, Span } from "./api.ts";
import type { InPage } from "./at-a-glance.tsx";
import { usePersonApi } from "./later.tsx";

export function ConcordancePanel({ person, span, round, onOpen }: InPage & { span: Span }): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const found = useLoad(() => api.getConcordance(span), [person.id, span.from, span.to, round]);
  const w = t.page.concordance;
  return (
    <Panel title={w.title} note={w.lead}>
      <Wait of={found}>{(of) => {
        const meterN = of.agrees + of.altered + of.omitted;
        const logN = of.agrees + of.altered + of.phantom;
        if (meterN === 0) return <p class="meta">{w.noMeter}</p>;
        return (
          <>
            <Facts rows={[
              [w.precision, of.precision_pct === null ? w.noLog : `${Math.round(of.precision_pct)} % · ${t.page.adherence.ofDue(of.agrees, logN)}`],
              [w.findings.omitted, t.page.adherence.ofDue(of.omitted, meterN)], [w.findings.phantom, t.page.adherence.ofDue(of.phantom, logN)], [w.findings.altered, t.page.adherence.ofDue(of.altered, logN)],
            ]} />
            {of.differences.length === 0 ? <p>{w.noDifferences}</p> : <Differences pairs={of.differences} zone={person.zone} onOpen={onOpen} />}
          </>
        );
      }}</Wait>
    </Panel>
  );
}

function Differences({ pairs, zone, onOpen }: { pairs: readonly Pair[]; zone: string; onOpen: (entryId: string) => void }): JSX.Element {
  const { t } = useDesk();
  const now = useNow(60_000);
  const w = t.page.concordance;
  return (
    <table class="plain windows">
      <thead><tr><th scope="col">{t.diary.time}</th><th scope="col">{w.finding}</th><th scope="col">{w.inMeter}</th><th scope="col">{w.inLog}</th><th scope="col"><span class="vh">{t.overview.open}</span></th></tr></thead>
      <tbody>
        {[...pairs].reverse().map((pair) => {
          const one = pair.log ?? pair.meter;
          return one === null ? null : (
            <tr key={one.entry_root_id}>
              <th scope="row" class="num">{moment(one.at, zone, now, t)}</th>
              <td data-label={w.finding}>{w.short[pair.finding]}</td>
              <td data-label={w.inMeter}>{pair.meter === null ? w.absent : <Value value={pair.meter.value} unit={pair.meter.unit} />}</td>
              <td data-label={w.inLog}>{pair.log === null ? w.absent : <Value value={pair.log.value} unit={pair.log.unit} />}</td>
              <td class="step"><button type="button" class="btn" onClick={() => onOpen(one.entry_root_id)}>{t.overview.open}</button></td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
