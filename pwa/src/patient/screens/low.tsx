/** The low screen: what was measured, one step, who knows, and the ways to a human, always in the same place. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Participant } from "../../api/account.ts";
import type { Entry, HypoEventData, YesNoUnknown } from "../../api/types.ts";
import { Banner, Icon, Mark, Value } from "../../parts/basics.tsx";
import { local } from "../../rules/days.ts";
import type { AlertState, Around } from "../../sync/pull.ts";
import { useApp, useNow, type App } from "../app-context.tsx";
import { useAround } from "../around.ts";
import { phoneZone } from "../diary.ts";
import { nameOf, Running, Who } from "../frame.tsx";
import { eventData, readingData, showReading, type Item } from "../items.ts";
import { everybody, hasSign, isAgain, isAnswered, isNow, itemsOf, lowAt, waitSince, whoseLow, type Low, type LowOf } from "../lows.ts";
import { readerOf, said } from "../reader.ts";
import { go } from "../route.ts";
import { useSave } from "../saving.tsx";
import { useWakeLock } from "../wake-lock.ts";
import { momentInWords } from "../when.ts";

const LOOK_EVERY_MS = 10_000;

/** `named`: for whom, where a guardian has said so and there is no entry. */
export function LowScreen({ root, named }: { root: string; named: string | null }): JSX.Element {
  const app = useApp();
  const { state, sending, text, t } = app;
  const now = useNow(1000);
  const found = lowAt(state, root);
  // Without the PIN only what runs now is shown: an older low is an entry like any other.
  const isHidden = found !== null && state.locked && !isNow(found.low, now, state.study);
  const of = isHidden ? null : found;
  const low = of?.low ?? null;
  const whose = whoseLow(state, of, named);
  const at = low?.item.root ?? root;
  const around = useAround(whose);
  const read = of === null ? null : readBy(app, of, around);
  const ateAt = waitSince(state, at, whose, now);
  // An entry that should be here and is not, or a store that does not open: nobody can say that the site knows.
  const isUnknown = found === null && (root !== "" || state.phase !== "open" || state.isUnread || state.unreadable.length > 0);
  const turned = found === null ? itemAt(state, root) : null;
  const isPast = low !== null && !isNow(low, now, state.study);
  useWakeLock(!isPast);
  useEffect(() => {
    const timer = setInterval(() => void sending.now(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [sending]);
  return (
    <div class="app full">
      {state.locked || (of !== null && of.participant.id !== state.participant?.id) ? null : <Who />}
      <Running besides={of} />
      <LowHead of={of} whose={whose} now={now} />
      <main class="main low">
        {of !== null && isPast ? <Past of={of} ateAt={ateAt} now={now} /> : <Step of={of} root={at} whose={whose} ateAt={ateAt} now={now} />}
        {low === null || (!isPast && ateAt === null && !isOver(low)) ? null : <Questions of={{ low, participant: of?.participant ?? null }} waiting={ateAt !== null} />}
        <Undo />
        {low !== null ? <WhoKnows low={low} read={read} /> : turned !== null ? <NotTaken item={turned} /> : isUnknown ? <NotSent /> : <span class="push" />}
        <Calls filled={read === null} />
        <a class="btn xl danger" href={whose === null ? "#/low-help" : `#/low-help/${whose.id}`}><Icon name="alert" />{text("low_help_door")}</a>
        <a class="btn quiet" href={state.locked && state.account !== null ? "#/unlock" : "#/"}>{t.low.backToDiary}</a>
        <p class="meta foot">{text("low_limits")}</p>
      </main>
    </div>
  );
}

/** An hour later: over only where a reading says so. */
function Past({ of, ateAt, now }: { of: LowOf; ateAt: number | null; now: number }): JSX.Element {
  const app = useApp();
  const { low, participant } = of;
  const again = placeFor(app, participant, "reading");
  if (low.recovered !== null) return <h1 class="lead">{app.text("low_over")}</h1>;
  if (low.still !== null) {
    return <><h1 class="lead">{app.text("low_past_still")}</h1><a class="btn" href={`#/low/${low.still.root}`}>{app.t.today.lowOpenGo}</a></>;
  }
  // A wait that began late in the hour still ends by itself.
  if (ateAt !== null && now < ateAt + app.state.study.low_screen.recheck_min * 60_000) return <Timer ateAt={ateAt} now={now} again={again} onAgain={() => undefined} />;
  return <><h1 class="lead">{said(app, "low_past")}</h1><Recheck href={again} /></>;
}

function Recheck({ href }: { href: string }): JSX.Element {
  return <a class="btn main-act xl" href={href}><Icon name="drop" />{useApp().text("low_recheck_now")}</a>;
}

/** What was not taken of this entry is no low any more; what became of it is said all the same. */
const itemAt = (state: App["state"], root: string): Item | null =>
  everybody(state).flatMap(({ items }) => items).find((item) => item.open.length > 0 && item.versions.some((v) => v.id === root)) ?? null;

/** The step is done: there is time for the questions. Before, there is one thing on the screen. */
const isOver = (low: Low): boolean => low.recovered !== null || low.still !== null || isAnswered(low);

function LowHead({ of, whose, now }: { of: LowOf | null; whose: Participant | null; now: number }): JSX.Element {
  const { t, state } = useApp();
  const who = state.me?.account.role === "guardian" && whose !== null ? <b>{nameOf(whose)} </b> : null;
  if (of === null) return <header class="lowhead"><h1 class="val">{t.low.noEntry}</h1>{who === null ? null : <span class="meta">{who}</span>}</header>;
  const { low, participant } = of;
  const when = <>{who}<span class="num">{momentInWords(low.item.local, now, t)}</span></>;
  if (low.item.kind !== "reading") {
    return <header class="lowhead"><span class="val">{t.kinds.hypo_event}</span><span class="meta">{when}</span></header>;
  }
  const shown = showReading(readingData(low.item.current), participant.display_unit, state.study);
  return (
    <header class="lowhead">
      <span class="val"><Mark of={shown.mark} /><Value value={shown.value} unit={shown.unit} /></span>
      <span class="meta"><b>{t.marks[shown.mark]}</b><br />{when}</span>
    </header>
  );
}

/** A screen that writes for this participant: a guardian who writes for another child, or for none yet, says so first. */
export function placeFor({ state }: App, participant: Participant | null, place: string): string {
  if (participant === null || participant.id === state.participant?.id) return `#/${place}`;
  return `#/choose?${new URLSearchParams({ child: participant.id, then: place }).toString()}`;
}

interface StepOf {
  of: LowOf | null;
  root: string;
  whose: Participant | null;
  ateAt: number | null;
  now: number;
}

function Step({ of, root, whose, ateAt, now }: StepOf): JSX.Element {
  const app = useApp();
  const { text, t, state, diary } = app;
  const [awake, setAwake] = useState(false);
  const low = of?.low ?? null;
  const eaten = (who = whose): void => void diary.keepLow({ root, participant: who?.id ?? null, ateAt: Date.now() }).catch(() => undefined);
  if (low?.recovered != null) {
    const shown = showReading(readingData(low.recovered.current), of?.participant.display_unit ?? "mmol/L", state.study);
    const places = { value: shown.value, unit: shown.unit ?? "" };
    return <div class="banner ok" role="status"><Icon name="check" /><h1>{said(app, "low_recovered", places)}</h1></div>;
  }
  if (of !== null && !awake && hasSign(state, of)) {
    return <><HelpSteps /><button type="button" class="btn" onClick={() => setAwake(true)}>{text("low_help_back")}</button></>;
  }
  if (low?.still != null) {
    return (
      <div class="banner wait">
        <Icon name="drop" /><h1>{said(app, "low_still")}</h1>
        <a class="btn" href={`#/low/${low.still.root}`}>{t.today.lowOpenGo}</a>
      </div>
    );
  }
  if (ateAt !== null) return <Timer ateAt={ateAt} now={now} again={placeFor(app, whose, "reading")} onAgain={() => eaten()} />;
  const again = of !== null && isAgain(state, of);
  const children = state.me?.participants ?? [];
  const reader = readerOf(state);
  const key = `low_${reader}`;
  const sentence = again ? said(app, "low_still") : text(key);
  return (
    <>
      <section class="step">
        <h1 class={again ? "again" : undefined}>{whole(sentence)}</h1>
        <p>{text(`${key}_how`)}</p>
      </section>
      {reader === "child" ? <div class="juice" aria-hidden="true"><Icon name="user" /><Icon name="juice" /></div> : null}
      {root === "" && whose === null && children.length > 1 ? children.map((one) => (
        waitSince(state, "", one, now) !== null ? <a key={one.id} class="btn xl" href={`#/low?child=${one.id}`}><Icon name="clock" />{nameOf(one)}</a>
          : <button key={one.id} type="button" class="btn xl" onClick={() => { readyToRing(); eaten(one); go(`low?child=${one.id}`); }}><Icon name="check" />{text(`${key}_done`)} {nameOf(one)}</button>
      )) : (
        <button type="button" class="btn main-act xl huge" onClick={() => { readyToRing(); eaten(); }}>
          <Icon name="check" />{text(`${key}_done`)}
        </button>
      )}
    </>
  );
}

/** A word with a hyphen stays on one line: "grown-up" broken in two is read twice. */
function whole(sentence: string): (string | JSX.Element)[] {
  return sentence.split(/(\S+-\S+)/).map((part) => (part.includes("-") ? <span class="nowrap">{part}</span> : part));
}

/** Minutes; in the last one seconds, because 12:46 beside a clock time is read as a clock. */
function Timer({ ateAt, now, again, onAgain }: { ateAt: number; now: number; again: string; onAgain: () => void }): JSX.Element {
  const { text, state } = useApp();
  const dueAt = ateAt + state.study.low_screen.recheck_min * 60_000;
  // The screen's clock may be a second behind the tap, and 16 minutes were never asked for.
  const leftS = Math.min(Math.ceil((dueAt - now) / 1000), state.study.low_screen.recheck_min * 60);
  const isDue = leftS <= 0;
  const rung = useRef(isDue);
  useEffect(() => {
    if (isDue && !rung.current) ring();
    rung.current = isDue;
  }, [isDue]);
  const inSeconds = leftS <= 60;
  const left = inSeconds ? text("low_seconds_left", { seconds: "|" }) : text("low_minutes_left", { minutes: "|" });
  const [before = "", after = ""] = left.split("|");
  return (
    <>
      <section class="timer">
        <h1>{isDue ? text("low_ring") : text("low_recheck_at", { time: local(dueAt, phoneZone()).clock })}</h1>
        {isDue ? null : (
          <p class="left" role="timer"><span class="meta">{before}</span> <span class="val num">{inSeconds ? leftS : Math.ceil(leftS / 60)}</span> <span class="meta">{after}</span></p>
        )}
        {isDue ? null : <p class="meta keep">{text("low_timer")}</p>}
      </section>
      <Recheck href={again} />
      {isDue ? <button type="button" class="btn" onClick={() => { readyToRing(); onAgain(); }}>{text("low_again")}</button> : null}
    </>
  );
}

let sound: AudioContext | null = null;

/** A browser lets a page sound only after a tap: this one. */
function readyToRing(): void {
  try {
    sound ??= new AudioContext();
    void sound.resume();
  } catch {
    sound = null;
  }
}

function ring(): void {
  if ("vibrate" in navigator) navigator.vibrate([400, 200, 400]);
  if (sound === null) return;
  for (const [at, pitch] of [[0, 660], [0.35, 880], [0.7, 660]] as const) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + at);
    tone.stop(sound.currentTime + at + 0.25);
  }
}

const ANSWERS: YesNoUnknown[] = ["yes", "no", "unknown"];

function Questions({ of: { low, participant }, waiting }: { of: { low: Low; participant: Participant | null }; waiting: boolean }): JSX.Element {
  const app = useApp();
  const { text, t, state } = app;
  // No toast here: whether it was sent stands on this screen all the time.
  const { save, busy, sheet } = useSave(() => undefined);
  if (state.locked) return <a class="btn" href="#/unlock">{t.low.unlock}</a>;
  if (participant?.id !== state.participant?.id) {
    return <a class="btn" href={placeFor(app, participant, `low/${low.item.root}`)}><Icon name="user" />{t.low.answerFor(participant === null ? "" : nameOf(participant))}</a>;
  }
  if (isAnswered(low) && low.event !== null) {
    const answer = eventData(low.event.current).could_self_treat ?? "unknown";
    return (
      <section class="card ask">
        <p>{t.low.answered(text(`low_answer_${answer}`))}</p>
        <p><b>{t.low.more}</b></p>
        <div class="row"><a class="btn" href={`#/form/hypo_event?correct=${low.event.root}`}>{t.low.moreGo}</a></div>
      </section>
    );
  }
  const say = (could_self_treat: YesNoUnknown): void => {
    if (busy) return;
    const reading = low.item.kind === "reading" ? { reading_id: low.item.current.id } : {};
    const data: HypoEventData = { ...reading, could_self_treat };
    if (low.event === null) save({ kind: "hypo_event", data, occurredAt: low.item.at });
    else save({ kind: "hypo_event", data: { ...eventData(low.event.current), could_self_treat }, replaces: low.event.current, reason: t.low.moreGo });
  };
  return (
    <section class="card ask">
      <p><b>{said(app, waiting ? "low_question_wait" : "low_question")}</b></p>
      <div class="row">
        {ANSWERS.map((answer) => <button key={answer} type="button" class="btn" onClick={() => say(answer)}>{text(`low_answer_${answer}`)}</button>)}
      </div>
      {sheet}
    </section>
  );
}

/** Who read all that now counts of this low and its episode, and when; null while any of it has not been read. Server's clock. */
function readBy({ state, t }: App, { low, participant }: LowOf, { alerts: all }: Around): { who: string; time: string } | null {
  const ids = new Set([...low.item.versions, ...(low.event?.versions ?? [])].map((v) => v.id));
  const alerts = all.filter((alert) => alert.entry_ids.some((id) => ids.has(id)));
  const inEpisode = new Set([...ids, ...alerts.flatMap((alert) => alert.entry_ids)]);
  const entries = itemsOf(state, participant).filter((item) => item.versions.some((v) => inEpisode.has(v.id)));
  const last = Math.max(...entries.map(({ current }) => (current.received_at === null ? NaN : Date.parse(current.received_at))));
  // Seen or taken in charge before the last of it came, that says nothing of the last of it.
  const times = alerts.map((alert) => readAt(alert, last));
  const [alert] = alerts;
  const [time] = times;
  if (alert === undefined || time == null || times.includes(null)) return null;
  return { who: t.low.roles[alert.seen_by_role ?? ""] ?? t.low.someone, time: local(time, phoneZone()).clock };
}

function readAt({ state, at, seen_at }: AlertState, last: number): number | null {
  const seen = seen_at === null ? NaN : Date.parse(seen_at);
  if (seen >= last) return seen;
  return state !== "open" && Date.parse(at) >= last ? Date.parse(at) : null;
}

/** Taken back here: the bar that says "saved" would lie over the ways to a human. */
function Undo(): JSX.Element | null {
  const { state, diary, t } = useApp();
  const { toast } = state;
  if (state.locked || toast?.undo == null) return null;
  const undo = (): void => {
    if (diary.store.get().toast !== toast) return;
    diary.store.set({ toast: null });
    toast.undo?.();
  };
  return <button type="button" class="btn quiet" onClick={undo}>{t.common.undo}</button>;
}

/** Never "saved" where the site does not know. */
function WhoKnows({ low, read }: { low: Low; read: ReturnType<typeof readBy> }): JSX.Element {
  const { text, state } = useApp();
  const versions = [low.item.current, ...(low.event === null ? [] : [low.event.current])];
  const unkept = state.outbox.find((w) => w.state === "unkept" && versions.some((v) => v.id === w.entry.id));
  if (unkept !== undefined) return <NotKept entry={unkept.entry} />;
  const turned = [low.event, low.item].find((item) => item !== null && item.open.length > 0);
  if (turned != null) return <NotTaken item={turned} />;
  if (versions.some((v) => v.here !== null)) return <NotSent />;
  if (read !== null) return <Banner tone="ok" icon="eye" live push title={text("low_read", read)} />;
  return <Banner tone="wait" icon="sent" live push title={text("low_sent")}>{versions.some((v) => v.state === "held") ? <span class="meta">{text("low_held")}</span> : null}</Banner>;
}

function NotSent(): JSX.Element {
  const { text, state, t } = useApp();
  const { stop } = state.syncing;
  const isBusy = stop?.why === "later" && stop.afterS !== null;
  // A phone that believes in a network and has no answer cannot know why.
  const why = stop?.why === "sign_in" ? t.waiting.signIn : text(!navigator.onLine ? "low_not_sent_how" : isBusy ? "low_not_sent_busy" : "low_not_sent_yet");
  return <Banner tone="fail" icon="off" live push title={text("low_not_sent")}><span class="meta">{why}</span></Banner>;
}

/** The site has it not, or has another version: sending again changes nothing. */
function NotTaken({ item }: { item: Item }): JSX.Element {
  const { text, t, state } = useApp();
  const [version] = item.open;
  const isConflict = version?.here === "conflict";
  return (
    <>
      <Banner tone="fail" icon="off" live push title={text(isConflict ? "low_conflict" : "low_refused")}><span class="meta">{version?.message}</span></Banner>
      {state.locked || !state.items.some(({ root }) => root === item.root) ? null : <a class="btn" href={`#/entry/${item.root}`}>{t.today.lowOpenGo}</a>}
    </>
  );
}

/** The phone could not write it down: it is on this screen and nowhere else. */
function NotKept({ entry }: { entry: Entry }): JSX.Element {
  const { text, t, writing } = useApp();
  const [busy, setBusy] = useState(false);
  const again = (): void => {
    setBusy(true);
    void writing.keep(entry).catch(() => undefined).finally(() => setBusy(false));
  };
  return (
    <>
      <Banner tone="fail" icon="off" live push title={text("low_not_sent")}><span class="meta">{text("low_not_kept")}</span></Banner>
      <button type="button" class="btn" disabled={busy} onClick={again}>{busy ? t.common.saving : t.low.keepAgain}</button>
    </>
  );
}

function Calls({ filled }: { filled: boolean }): JSX.Element {
  const { text, state } = useApp();
  const { phone, emergency_phone: emergency } = state.study.site;
  return (
    <>
      {phone === "" ? <p class="meta">{text("low_call_site_card")}</p> : null}
      <div class="row calls">
        {phone === "" ? null : <a class={filled ? "btn xl call" : "btn xl"} href={`tel:${phone}`}><Icon name="phone" />{text("low_call_site")}</a>}
        <a class="btn xl" href={`tel:${emergency}`}><Icon name="phone" />{text("low_call_emergency")}</a>
      </div>
    </>
  );
}

/** Unconscious, or cannot swallow (STUDY.md 4). */
function HelpSteps(): JSX.Element {
  const { text } = useApp();
  return (
    <ol class="steps4">
      {["mouth", "side", "glucagon", "call"].map((step) => (
        <li key={step}><span><b>{text(`low_help_${step}`)}</b>{text(`low_help_${step}_how`)}</span></li>
      ))}
    </ol>
  );
}

/** For whoever stands beside: not awake, or cannot swallow. */
export function LowHelp({ whose }: { whose: string }): JSX.Element {
  const { text, state } = useApp();
  useWakeLock(true);
  return (
    <div class="app full">
      <Running />
      <header class="lowhead"><h1 class="val">{text("low_help_door")}</h1><span class="meta whole">{text("low_help_for")}</span></header>
      <main class="main low">
        <HelpSteps />
        <a class="btn call xl huge push" href={`tel:${state.study.site.emergency_phone}`}><Icon name="phone" />{text("low_call_emergency")}</a>
        <a class="btn" href={whose === "" ? "#/card" : `#/card/${whose}`}><Icon name="user" />{text("low_emergency_card")}</a>
        <button type="button" class="btn quiet" onClick={() => (history.length > 1 ? history.back() : go("help"))}>{text("low_help_back")}</button>
      </main>
    </div>
  );
}
