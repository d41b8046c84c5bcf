/** Today's list: the hold first, then what is due now, unanswered, later and done. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SKIP_REASONS } from "../../api/types.ts";
import { Icon, Sheet } from "../../parts/basics.tsx";
import { clockOf, lastContraception, SNOOZE_MIN, useAnswering } from "../answering.ts";
import { useApp, type App } from "../app-context.tsx";
import { dueTitle, slotKey, snoozeChoices, type Due } from "../due.ts";
import { AfterDraw, Hold } from "./hold.tsx";
import { WhenSheet } from "./reading.tsx";

/** What the blood draw of this morning asks for stands before all else. */
export function Holds({ due, now }: { due: Due[]; now: number }): JSX.Element {
  const asking = useAsking(now);
  return (
    <>
      {due.filter((d) => d.state === "hold").map((d) => <Hold key={slotKey(d.occurrence)} due={d} now={now} />)}
      {due.filter((d) => d.state === "drawn").map((d) => <AfterDraw key={slotKey(d.occurrence)} due={d} now={now} acts={<DoseActs due={d} now={now} {...asking.asks} />} />)}
      {asking.sheet}
    </>
  );
}

/** The sheets behind "skipped" and "at another time". */
function useAsking(now: number): { asks: Asks; sheet: JSX.Element | null } {
  const { taken } = useAnswering();
  const [skipping, onSkip] = useState<Due | null>(null);
  const [timing, onTime] = useState<Due | null>(null);
  const sheet = skipping !== null ? <SkipSheet due={skipping} onClose={() => onSkip(null)} />
    : timing !== null ? <WhenSheet at={now} onAt={(at) => taken(timing, at)} onClose={() => onTime(null)} /> : null;
  return { asks: { onSkip, onTime }, sheet };
}

export function DueSection({ due, now }: { due: Due[]; now: number }): JSX.Element {
  const { t } = useApp();
  const { asks, sheet } = useAsking(now);
  // Yesterday's unanswered doses are shown, but today's count is today's.
  const ofToday = due.filter((d) => d.isToday);
  const open = ofToday.filter((d) => d.state !== "done");
  const done = ofToday.length - open.length;
  const [showDone, setShowDone] = useState(false);
  const rows = due.filter((d) => d.state !== "hold" && d.state !== "drawn" && (d.state !== "done" || showDone));
  const first = rows.find((d) => d.state === "now");
  return (
    <>
      <div class="sec">
        <h2>{open.length > 0 ? t.today.left(open.length) : ofToday.length > 0 ? t.today.allDone : t.today.nothing}</h2>
        {done > 0 ? <button type="button" class="btn quiet" aria-expanded={showDone} onClick={() => setShowDone(!showDone)}>{t.today.done(done)}</button> : null}
      </div>
      {rows.length === 0 ? null : (
        <ul class="due">{rows.map((d) => <DueRow key={slotKey(d.occurrence)} due={d} first={d === first} now={now} alone={open.length === 1} {...asks} />)}</ul>
      )}
      <p class="meta">{t.today.meterRemembers}</p>
      {sheet}
    </>
  );
}

interface Asks {
  onSkip: (due: Due) => void;
  onTime: (due: Due) => void;
}

const ICON_OF = { dose: "pill", reading: "drop", contraception: "cap", diary: "book" } as const;

function lineOf({ occurrence: { at, closesAt }, state, isToday, snoozedUntil }: Due, t: App["t"]): string {
  const clock = clockOf(at);
  if (state === "now") return t.today.now(clockOf(closesAt));
  if (state === "snoozed") return t.today.again(clockOf(snoozedUntil ?? at));
  return state === "missed" ? t.today.missed(isToday ? clock : `${t.common.yesterday} ${clock}`) : clock;
}

function DueRow({ due, first, now, alone, ...asks }: Asks & { due: Due; first: boolean; now: number; alone: boolean }): JSX.Element {
  const app = useApp();
  const { t } = app;
  const { state, occurrence: { schedule: { kind } } } = due;
  const isOpen = state === "now" || state === "snoozed";
  const asked = isOpen && kind === "contraception" ? lastContraception(app) : null;
  const hasActs = isOpen && (kind === "dose" || asked !== null);
  return (
    <li class={state === "now" && first ? "now" : state === "done" ? "done" : ""}>
      <Icon name={ICON_OF[kind]} />
      <span><b>{dueTitle(due, t)}</b><span class="meta num">{lineOf(due, t)}</span></span>
      {state === "done" ? <span class="tag"><Icon name="check" />{t.today.doneTag}</span>
        : state === "later" ? <span class="tag meta"><Icon name="clock" />{t.today.later}</span>
          : hasActs ? <span /> : <RowButton due={due} alone={alone} />}
      {hasActs && kind === "dose" ? <DoseActs due={due} now={now} {...asks} /> : null}
      {hasActs && asked !== null ? <ContraceptionActs due={due} data={asked} /> : null}
    </li>
  );
}

const formOf = (kind: string, { occurrence: { schedule, day, slot } }: Due): string => `#/form/${kind}?schedule=${schedule.id}&day=${day}&slot=${slot}`;

function RowButton({ due, alone }: { due: Due; alone: boolean }): JSX.Element {
  const { t } = useApp();
  const { dayDone } = useAnswering();
  const { schedule, day } = due.occurrence;
  switch (schedule.kind) {
    case "reading": return <a class="btn" href="#/reading">{t.today.log}</a>;
    // With something still open the form says so before the day is signed off.
    case "diary": return alone ? <button type="button" class="btn" onClick={() => dayDone(due)}>{t.form.dayGo}</button> : <a class="btn" href={`#/form/day_complete?day=${day}`}>{t.today.log}</a>;
    case "contraception":
    case "dose": return <a class="btn" href={formOf(schedule.kind, due)}>{t.today.answer}</a>;
  }
}

/** Taken now, skipped with a reason, or not yet; and taken at another time. */
function DoseActs({ due, now, onSkip, onTime }: Asks & { due: Due; now: number }): JSX.Element {
  const { t } = useApp();
  const { taken, later } = useAnswering();
  const canWait = snoozeChoices(due, now, SNOOZE_MIN).length > 0;
  return (
    <div class={canWait ? "acts three" : "acts"}>
      <button type="button" class="btn" onClick={() => taken(due)}><Icon name="check" />{t.today.taken}</button>
      <button type="button" class="btn" onClick={() => onSkip(due)}>{t.today.skipped}</button>
      {canWait ? <button type="button" class="btn" onClick={() => later(due)}>{t.today.laterButton}</button> : null}
      <button type="button" class="btn quiet" onClick={() => onTime(due)}><Icon name="clock" />{t.today.otherTime}</button>
    </div>
  );
}

function ContraceptionActs({ due, data }: { due: Due; data: NonNullable<ReturnType<typeof lastContraception>> }): JSX.Element {
  const { t } = useApp();
  const { agreed } = useAnswering();
  return (
    <div class="acts">
      <button type="button" class="btn" onClick={() => agreed(due, data)}><Icon name="check" />{t.today.agreed}</button>
      <a class="btn" href={formOf("contraception", due)}>{t.today.agreedNot}</a>
    </div>
  );
}

function SkipSheet({ due, onClose }: { due: Due; onClose: () => void }): JSX.Element {
  const { t } = useApp();
  const { skipped } = useAnswering();
  return (
    <Sheet title={t.today.skipTitle} onClose={onClose}>
      <p class="meta">{dueTitle(due, t)}, <span class="num">{due.occurrence.slot}</span>. {t.today.skipLead}</p>
      <div class="kinds two">
        {SKIP_REASONS.map((reason) => (
          <button key={reason} type="button" class="btn" onClick={() => { skipped(due, reason); onClose(); }}>{t.skip[reason]}</button>
        ))}
      </div>
      <p class="meta">{t.today.doseHelp}</p>
      <button type="button" class="btn quiet" onClick={onClose}>{t.today.notDecided}</button>
    </Sheet>
  );
}
