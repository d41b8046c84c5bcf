/** Home: the last reading, what is due, and the one big button. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { SKIP_REASONS, type Context, type SkipReason } from "../../api/types.ts";
import { instantText, lived } from "../../rules/days.ts";
import { Icon, Mark, Sheet, Value } from "../../parts/basics.tsx";
import { useApp, useNow, type App } from "../app-context.tsx";
import { dueList, dueTitle, type Due } from "../due.ts";
import { phoneZone } from "../diary.ts";
import { Page, Tabs } from "../frame.tsx";
import { isReading, readingData, showReading, type Item } from "../items.ts";
import { findLows, isAnswered } from "../lows.ts";
import { agoInWords, dayInWords, momentInWords, todayIs } from "../when.ts";
import { CallSite } from "./entrance.tsx";
import { OtherKinds } from "./kinds.tsx";

export function Today(): JSX.Element {
  const { t, state } = useApp();
  const now = useNow(30_000);
  const [other, setOther] = useState(false);
  const today = todayIs(now);
  const due = dueList(state.around.schedules, state.items, today, now, state.drawn);
  return (
    <Page title={dayInWords(today, t)}
      aside={<a class="btn quiet back" href="#/settings" aria-label={t.common.settings}><Icon name="gear" /></a>}
      dock={<>
        <div class="act">
          <a class="btn main-act xl grow" href="#/reading"><Icon name="drop" />{t.today.logGlucose}</a>
          <button type="button" class="btn xl square" onClick={() => setOther(true)}><Icon name="plus" />{t.today.other}</button>
        </div>
        <Tabs on="" />
      </>}>
      <OpenLow now={now} />
      <Last now={now} today={today} />
      <DueSection due={due} today={today} />
      {other ? <OtherKinds onClose={() => setOther(false)} /> : null}
    </Page>
  );
}

/** A low whose question nobody has answered. */
function OpenLow({ now }: { now: number }): JSX.Element | null {
  const { t, state } = useApp();
  const open = findLows(state.items, state.study).find((low) => !isAnswered(low) && now - low.item.at < 3 * 86_400_000);
  if (open === undefined || open.item.kind !== "reading") return null;
  const shown = showReading(readingData(open.item.current), state.participant?.display_unit ?? "mmol/L", state.study);
  const value = [shown.value, shown.unit].filter(Boolean).join(" ");
  return (
    <div class="banner fail">
      <Icon name="alert" />
      <span><b>{t.today.lowOpen(value)}</b><span class="meta num">{momentInWords(open.item.local, now, t)}</span></span>
      <a class="btn" href={`#/low/${open.item.root}`}>{t.today.lowOpenGo}</a>
    </div>
  );
}

function contextWord(context: Context | null | undefined, t: App["t"]): string | null {
  return context === null || context === undefined ? null : t.reading.context[context];
}

function Last({ now, today }: { now: number; today: string }): JSX.Element {
  const { t, state } = useApp();
  const readings = state.items.filter((item) => isReading(item) && item.at <= now + 60_000);
  const [last, ...rest] = readings;
  const unit = state.participant?.display_unit ?? "mmol/L";
  if (last?.local.day !== today) {
    return (
      <section class="card last">
        <h2>{t.today.last}</h2>
        <p class="lead">{t.today.none}</p>
        {last === undefined ? null : <LastLine item={last} now={now} />}
      </section>
    );
  }
  const shown = showReading(readingData(last.current), unit, state.study);
  const context = contextWord(readingData(last.current).context, t);
  const earlier = rest.filter((item) => item.local.day === today).slice(0, 3).reverse();
  return (
    <section class="card last">
      <div class="line-row"><h2>{context === null ? t.today.last : `${t.today.last} · ${context}`}</h2>
        <span class="meta">{agoInWords(last.at, now, t)}</span></div>
      <p class="val"><Value value={shown.value} unit={shown.unit} /></p>
      <p class="line-row"><span class="verdict"><Mark of={shown.mark} />{t.marks[shown.mark]}</span>
        <span class="meta num">{momentInWords(last.local, now, t)}</span></p>
      {earlier.length === 0 ? null : <div class="strip">{earlier.map((item) => <StripCell key={item.root} item={item} />)}</div>}
    </section>
  );
}

function LastLine({ item, now }: { item: Item; now: number }): JSX.Element {
  const { t, state } = useApp();
  const shown = showReading(readingData(item.current), state.participant?.display_unit ?? "mmol/L", state.study);
  return (
    <p class="meta"><span class="num">{momentInWords(item.local, now, t)}</span>{" "}
      <b class="num">{shown.value}</b> {shown.unit} {t.marks[shown.mark]}</p>
  );
}

function StripCell({ item }: { item: Item }): JSX.Element {
  const { t, state } = useApp();
  const data = readingData(item.current);
  const shown = showReading(data, state.participant?.display_unit ?? "mmol/L", state.study);
  const word = shown.mark === "in_range" ? "" : t.marks[shown.mark];
  return (
    <a href={`#/entry/${item.root}`}>
      <b class="num">{shown.mark === "in_range" ? null : <Mark of={shown.mark} />}{shown.value}</b>
      <span class="meta">{[shown.unit, word].filter(Boolean).join(" ")}</span><br />
      {contextWord(data.context, t)} <span class="num">{item.local.clock}</span>
    </a>
  );
}

function DueSection({ due, today }: { due: Due[]; today: string }): JSX.Element {
  const { t } = useApp();
  // Yesterday's unanswered doses are shown, but today's count is today's.
  const ofToday = due.filter((d) => d.occurrence.day === today);
  const open = ofToday.filter((d) => d.state !== "done");
  const done = ofToday.length - open.length;
  const [showDone, setShowDone] = useState(false);
  const [skipping, setSkipping] = useState<Due | null>(null);
  const rows = due.filter((d) => d.state !== "hold" && (d.state !== "done" || showDone));
  const first = rows.find((d) => d.state === "now");
  return (
    <>
      {due.filter((d) => d.state === "hold").map((d) => <Hold key={d.occurrence.schedule.id} due={d} />)}
      <div class="sec">
        <h2>{open.length > 0 ? t.today.left(open.length) : ofToday.length > 0 ? t.today.allDone : t.today.nothing}</h2>
        {done > 0 ? <button type="button" class="btn quiet" aria-expanded={showDone} onClick={() => setShowDone(!showDone)}>{t.today.done(done)}</button> : null}
      </div>
      {rows.length === 0 ? null : (
        <ul class="due">{rows.map((d) => <DueRow key={`${d.occurrence.schedule.id} ${d.occurrence.day} ${d.occurrence.slot}`} due={d} first={d === first} today={today} onSkip={() => setSkipping(d)} />)}</ul>
      )}
      <p class="meta">{t.today.meterRemembers}</p>
      {skipping === null ? null : <SkipSheet due={skipping} onClose={() => setSkipping(null)} />}
    </>
  );
}

const ICON_OF = { dose: "pill", reading: "drop", contraception: "cap", diary: "book" } as const;

function clockOf(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 5);
}

function DueRow({ due, first, today, onSkip }: { due: Due; first: boolean; today: string; onSkip: () => void }): JSX.Element {
  const { t } = useApp();
  const { occurrence, state } = due;
  const { kind } = occurrence.schedule;
  const missedAt = occurrence.day === today ? occurrence.slot : `${t.common.yesterday} ${occurrence.slot}`;
  const line = state === "now" ? t.today.now(clockOf(occurrence.closesAt)) : state === "missed" ? t.today.missed(missedAt) : occurrence.slot;
  const isOpen = state === "now" || state === "missed";
  return (
    <li class={state === "now" && first ? "now" : state === "done" ? "done" : ""}>
      <Icon name={ICON_OF[kind]} />
      <span><b>{dueTitle(due, t)}</b><span class="meta num">{line}</span></span>
      {state === "done" ? <span class="tag"><Icon name="check" />{t.today.doneTag}</span>
        : state === "later" ? <span class="tag meta"><Icon name="clock" />{t.today.later}</span>
          : kind === "dose" && state === "now" ? <span /> : <RowButton due={due} />}
      {isOpen && kind === "dose" && state === "now" ? <DoseAnswers due={due} onSkip={onSkip} /> : null}
    </li>
  );
}

function RowButton({ due }: { due: Due }): JSX.Element {
  const { t } = useApp();
  const { schedule, day, slot } = due.occurrence;
  const query = `?schedule=${schedule.id}&day=${day}&slot=${slot}`;
  switch (schedule.kind) {
    case "reading": return <a class="btn" href="#/reading">{t.today.log}</a>;
    case "diary": return <a class="btn" href={`#/form/day_complete?day=${day}`}>{t.today.log}</a>;
    case "contraception": return <a class="btn" href={`#/form/contraception${query}`}>{t.today.answer}</a>;
    case "dose": return <a class="btn" href={`#/form/dose${query}`}>{t.today.answer}</a>;
  }
}

function useDose(): (due: Due, status: "taken" | "skipped", reason?: SkipReason) => void {
  const { writing, toast, t } = useApp();
  return (due, status, reason) => {
    const { schedule, day, slot } = due.occurrence;
    const taken = status === "taken" ? { taken_at: instantText(Date.now(), phoneZone()) } : {};
    const data = { schedule_id: schedule.id, due_day: day, slot, status, ...taken, ...(reason === undefined ? {} : { skip_reason: reason }) };
    void writing.save({ kind: "dose", data }).then((entry) =>
      toast(`${status === "taken" ? t.today.taken : t.today.skipped} · ${navigator.onLine ? t.common.saved : t.common.savedOffline}`, () => {
        void writing.undo("dose", entry, t.entry.reasonUndo).then(() => toast(t.common.undone));
      }));
  };
}

function DoseAnswers({ due, onSkip }: { due: Due; onSkip: () => void }): JSX.Element {
  const { t } = useApp();
  const answer = useDose();
  return (
    <div class="acts">
      <button type="button" class="btn" onClick={() => answer(due, "taken")}><Icon name="check" />{t.today.taken}</button>
      <button type="button" class="btn" onClick={onSkip}>{t.today.skipped}</button>
    </div>
  );
}

function SkipSheet({ due, onClose }: { due: Due; onClose: () => void }): JSX.Element {
  const { t } = useApp();
  const answer = useDose();
  return (
    <Sheet title={t.today.skipTitle} onClose={onClose}>
      <p class="meta">{dueTitle(due, t)}, <span class="num">{due.occurrence.slot}</span>. {t.today.skipLead}</p>
      <div class="kinds two">
        {SKIP_REASONS.map((reason) => (
          <button key={reason} type="button" class="btn" onClick={() => { answer(due, "skipped", reason); onClose(); }}>{t.skip[reason]}</button>
        ))}
      </div>
      <p class="meta">{t.today.doseHelp}</p>
      <button type="button" class="btn quiet" onClick={onClose}>{t.today.notDecided}</button>
    </Sheet>
  );
}

/** The medicine that waits for the blood draw of this morning. */
function Hold({ due }: { due: Due }): JSX.Element {
  const { t, diary } = useApp();
  const { schedule, day, slot } = due.occurrence;
  return (
    <section class="card hold">
      <p class="tag"><Icon name="tube" />{dueTitle(due, t)}</p>
      <h2 class="big">{t.today.holdTitle}</h2>
      <p>{t.today.hold(slot)}</p>
      <button type="button" class="btn xl" onClick={() => void diary.keepDrawn(schedule.id + day)}><Icon name="tube" />{t.today.drawn}</button>
      <p class="meta">{t.today.noDraw(schedule.hold == null ? "" : lived(schedule.hold.latest_at, schedule.zone).clock)}</p>
      <CallSite />
    </section>
  );
}
