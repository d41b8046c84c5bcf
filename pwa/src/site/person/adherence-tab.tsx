/** Adherence of a span: calendars, figures with n of N, and behind each the windows it was counted from. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { useDesk, useLoad } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { moment } from "../when.ts";
import type { DeskWords } from "../../text/site.ts";
import type { Adherence, Medication, Share, Span, WindowKind } from "./api.ts";
import { seenKinds, type InPage } from "./at-a-glance.tsx";
import { ConcordancePanel } from "./concordance.tsx";
import { HeatCalendar, HeatLegend } from "./heat-map.tsx";
import { KINDS } from "./heat.ts";
import { Later, usePersonApi } from "./later.tsx";
import { lastDays } from "./spans.ts";
import { shortSpan } from "./words.ts";
import { WindowsDialog, type Asked } from "./windows-dialog.tsx";

const SPANS = [28, 84, 365] as const;

/** From the overview: the windows of its two weeks, today's among them, stand open at once. */
function askedOf(kind: string, today: string, t: DeskWords): Asked | null {
  const known = KINDS.find((one) => one === kind);
  return known === undefined ? null : { title: `${t.page.adherence.kinds[known]} · ${t.page.summary.lastDays(14)}`, kind: known, span: lastDays(today, 14) };
}

export function AdherenceTab({ kind, ...props }: InPage & { kind: string }): JSX.Element {
  const { person, today, round, onOpen } = props;
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const [days, setDays] = useState<number>(SPANS[0]);
  const [asked, setAsked] = useState<Asked | null>(askedOf(kind, today, t));
  const span = lastDays(today, days);
  const found = useLoad(() => api.getAdherence(span), [person.id, round, span.from, span.to]);
  const w = t.page.adherence;
  const openDay = (kind: WindowKind, day: string): void => setAsked({ title: `${w.kinds[kind]} ${day}`, kind, span: { from: day, to: day } });
  return (
    <div class="stack">
      <Panel title={w.title} note={w.lead} act={(
        <div class="chips">{SPANS.map((n) => <button key={n} type="button" class="chip" aria-pressed={n === days} onClick={() => setDays(n)}>{n === days ? <Icon name="check" /> : null}{t.page.summary.lastDays(n)}</button>)}</div>
      )}>
        <Wait of={found}>{(of) => (
          <>
            <div class="heat-calendars">
              {seenKinds(of).map((kind) => (
                <section key={kind}>
                  <h3>{w.kinds[kind]} <span class="meta num">{shareWords(shareOf(of, kind), w.ofDue)}</span></h3>
                  <HeatCalendar kind={kind} span={span} days={of.days} transplantDays={person.transplant_days} onOpen={openDay} />
                </section>
              ))}
            </div>
            <HeatLegend />
            <Figures of={of} span={span} zone={person.zone} onAsk={setAsked} />
          </>
        )}</Wait>
      </Panel>
      <Later height={240}>{() => <ConcordancePanel {...props} span={span} />}</Later>
      {asked === null ? null : <WindowsDialog person={person} asked={asked} onClose={() => setAsked(null)} onOpen={onOpen} />}
    </div>
  );
}

function shareOf(of: Adherence, kind: WindowKind): Share {
  if (kind === "reading") return of.monitoring;
  if (kind === "diary") return of.diary;
  if (kind === "contraception") return of.contraception ?? { done: 0, due: 0, pct: null };
  const sum = (part: "done" | "due"): number => of.medication.reduce((all, m) => all + m.taking[part], 0);
  const due = sum("due");
  return { done: sum("done"), due, pct: due === 0 ? null : (sum("done") * 100) / due };
}

function shareWords(share: Share, ofDue: (done: number, due: number) => string): string {
  return share.pct === null ? ofDue(0, 0) : `${Math.round(share.pct)} % · ${ofDue(share.done, share.due)}`;
}

function Figures({ of, span, zone, onAsk }: { of: Adherence; span: Span; zone: string; onAsk: (asked: Asked) => void }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.adherence;
  const ask = (title: string, kind: WindowKind, only?: Asked["only"]) => (): void => onAsk({ title: `${title} · ${shortSpan(span, t)}`, kind, span, ...(only === undefined ? {} : { only }) });
  return (
    <div class="figures">
      <section><h3>{w.monitoring}</h3>
        <ul class="plain-list">
          <FigureRow name={w.allPoints} share={of.monitoring} onOpen={ask(w.monitoring, "reading")} />
          {of.by_slot.map((one) => <FigureRow key={one.slot} name={one.slot} share={one} onOpen={ask(`${w.monitoring} ${one.slot}`, "reading", (x) => x.slot === one.slot)} />)}
        </ul>
      </section>
      <section>
        {of.medication.map((one) => <DrugFigures key={one.drug} of={one} zone={zone} ask={ask} />)}
      </section>
      <section><h3>{w.diary}</h3>
        <ul class="plain-list">
          <FigureRow name={w.signedDays} share={of.diary} onOpen={ask(w.diary, "diary")} />
          <li><span>{w.savedAfter}</span><b class="num">{delayWords(of.saved_after_min, t)}</b></li>
          <li><span>{w.receivedAfter}</span><b class="num">{delayWords(of.received_after_min, t)}</b></li>
        </ul>
      </section>
      {of.contraception === null ? null : (
        <section><h3>{w.kinds.contraception}</h3><ul class="plain-list"><FigureRow name={w.attestations} share={of.contraception} onOpen={ask(w.kinds.contraception, "contraception")} /></ul></section>
      )}
      <p class="meta">{w.notCounted(of.left_out, of.open)}</p>
    </div>
  );
}

function delayWords(of: Adherence["saved_after_min"], t: DeskWords): string {
  const w = t.page.adherence;
  if (of.median === null || of.p90 === null) return w.noEntries;
  return w.delay(roughly(of.median, t), roughly(of.p90, t), of.n);
}

/** In the unit in which people say it, at least one minute: up to two hours in minutes, up to two days in hours. */
function roughly(minutes: number, t: DeskWords): string {
  if (minutes < 120) return t.schedules.duration(Math.max(1, Math.round(minutes)), "minutes");
  return minutes < 48 * 60 ? t.schedules.duration(Math.round(minutes / 60), "hours") : t.schedules.duration(Math.round(minutes / 1440), "days");
}

function FigureRow({ name, share, onOpen, note }: { name: string; share: Share; onOpen: () => void; note?: string }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.adherence;
  const text: ComponentChildren = share.pct === null ? w.noneDue : <><b>{Math.round(share.pct)} %</b> {w.ofDue(share.done, share.due)}</>;
  return (
    <li>
      <span>{name}{note === undefined ? null : <small class="meta">{note}</small>}</span>
      {share.due === 0 ? <span class="meta">{text}</span> : <button type="button" class="btn quiet num" aria-label={`${name}: ${Math.round(share.pct ?? 0)} %, ${w.ofDue(share.done, share.due)}. ${w.openWindows}`} onClick={onOpen}>{text}</button>}
    </li>
  );
}

function DrugFigures({ of, zone, ask }: { of: Medication; zone: string; ask: (title: string, kind: WindowKind, only?: Asked["only"]) => () => void }): JSX.Element {
  const { t } = useDesk();
  const w = t.page.adherence;
  const name = of.drug === "" ? w.unnamedDrug : of.drug;
  const own: Asked["only"] = (x) => (x.drug ?? "").toLowerCase() === of.drug;
  return (
    <>
      <h3>{name}</h3>
      <ul class="plain-list">
        <FigureRow name={w.taking} share={of.taking} onOpen={ask(name, "dose", own)} />
        <FigureRow name={w.inWindow} note={w.inWindowNote} share={of.in_window} onOpen={ask(`${name}: ${w.inWindow}`, "dose", own)} />
        <FigureRow name={w.intervals} note={w.intervalsNote} share={of.intervals} onOpen={ask(`${name}: ${w.intervals}`, "dose", own)} />
        <FigureRow name={w.rightDays} share={of.right_days} onOpen={ask(`${name}: ${w.rightDays}`, "dose", own)} />
        {of.runs.map((run) => (
          <li key={run.first_at}>
            <span>{w.run(run.length)}</span>
            <button type="button" class="btn quiet num" onClick={ask(`${name}: ${w.run(run.length)}`, "dose", (x) => own(x) && x.due_at >= run.first_at && x.due_at <= run.last_at)}>
              {run.length === 1 ? moment(run.first_at, zone, Date.now(), t) : w.fromTo(moment(run.first_at, zone, Date.now(), t), moment(run.last_at, zone, Date.now(), t))}
            </button>
          </li>
        ))}
        {of.runs.length === 0 ? <li><span class="meta">{w.noRuns}</span></li> : null}
      </ul>
    </>
  );
}
