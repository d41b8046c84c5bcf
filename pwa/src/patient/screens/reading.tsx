/** The keypad: shows the number and nothing else until it is saved. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CONTEXTS, type Context, type ReadingData, type Unit } from "../../api/types.ts";
import { Chips, Icon, Mend, Sheet } from "../../parts/basics.tsx";
import { Keypad, press } from "../../parts/keypad.tsx";
import { instantOf, local } from "../../rules/days.ts";
import { useApp, type App } from "../app-context.tsx";
import { whatToAsk, type Ask, type Choice } from "../ask.ts";
import { phoneZone } from "../diary.ts";
import { Page } from "../frame.tsx";
import { useMoment } from "../moment.ts";
import { readingData, type Item } from "../items.ts";
import { ReasonField, useSave } from "../saving.tsx";
import { momentInWords, todayIs } from "../when.ts";
import { WhySheet } from "./why.tsx";

const LIKELY: [until: string, contexts: [Context, Context]][] = [
  ["04:30", ["night", "symptoms"]], ["08:00", ["fasting", "after_breakfast"]], ["10:30", ["after_breakfast", "before_lunch"]],
  ["12:15", ["before_lunch", "after_lunch"]], ["15:00", ["after_lunch", "before_supper"]], ["18:15", ["before_supper", "after_supper"]],
  ["20:30", ["after_supper", "bedtime"]], ["24:00", ["bedtime", "night"]],
];

/** The likeliest answers to "when", by the clock; the first is chosen. */
export function likelyContexts(clock: string): Context[] {
  const found: Context[] = LIKELY.find(([until]) => clock < until)?.[1] ?? ["bedtime", "night"];
  return found.includes("symptoms") ? found : [...found, "symptoms"];
}

type Sample = "mine" | "control" | "other";
const DEVICES = ["meter", "cgm", "lab"] as const;
type Device = (typeof DEVICES)[number];

interface More {
  context: Context | null;
  sample: Sample;
  device: Device;
}

function moreOf(data: ReadingData | null, clock: string): More {
  if (data === null) return { context: likelyContexts(clock)[0] ?? null, sample: "mine", device: "meter" };
  const sample = data.sample === "control" ? "control" : data.other_person === true ? "other" : "mine";
  return { context: data.context ?? null, sample, device: data.device ?? "meter" };
}

/** What the screen shows, over what was there: a meter's record stays that record. */
function dataOf(choice: Choice, more: More, old: ReadingData | null): ReadingData {
  const rest: Partial<ReadingData> = { ...old };
  delete rest.unit;
  delete rest.context;
  delete rest.confirmed;
  delete rest.other_person;
  const isSame = old?.device === more.device && old.sample !== "control";
  return {
    ...rest,
    value: choice.value,
    ...(choice.unit === null ? {} : { unit: choice.unit }),
    ...(more.context === null ? {} : { context: more.context }),
    sample: more.sample === "control" ? "control" : (isSame ? old.sample : undefined) ?? (more.device === "lab" ? "venous" : "capillary"),
    device: more.device,
    ...(choice.confirmed ? { confirmed: true } : {}),
    ...(more.sample === "other" ? { other_person: true } : {}),
  };
}

export function LogReading({ correct }: { correct: Item | null }): JSX.Element {
  const app = useApp();
  const { t, state } = app;
  const old = correct === null ? null : readingData(correct.current);
  const unit: Unit = old?.unit ?? state.participant?.display_unit ?? "mmol/L";
  const [typed, setTyped] = useState(old?.value ?? "");
  const { at, setAt, shown: occurredAt, happened } = useMoment(correct?.at ?? null);
  const clock = local(occurredAt, phoneZone());
  // Another time makes another context likely, unless the person has said which.
  const [chosen, choose] = useState<More | null>(old === null ? null : moreOf(old, clock.clock));
  const more = chosen ?? moreOf(null, clock.clock);
  const [sheet, setSheet] = useState<"ask" | "more" | "when" | "why" | null>(null);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const { save, busy, sheet: lateSheet } = useSave();

  const [asksWhy, setAsksWhy] = useState<Choice | null>(null);
  const keep = (choice: Choice, why?: string): void => {
    if (correct === null && more.sample !== "mine" && why === undefined) {
      setAsksWhy(choice);
      setSheet("why");
      return;
    }
    setSheet(null);
    const data = dataOf(choice, more, old);
    if (correct === null) save({ kind: "reading", data, occurredAt: happened(Date.now()), ...(why === undefined ? {} : { reason: why }) });
    else save({ kind: "reading", data, reason: reason.trim(), replaces: correct.current, ...(at === null ? {} : { occurredAt: at }) });
  };
  const submit = (): void => {
    setTried(true);
    if (typed === "" || busy || occurredAt > Date.now() + 300_000 || (correct !== null && reason.trim() === "")) return;
    const asked = whatToAsk(typed, unit, state.study);
    if (asked.why === "save") {
      keep({ value: asked.value, unit: asked.unit, confirmed: false });
      return;
    }
    setAsk(asked);
    setSheet("ask");
  };
  const likely = likelyContexts(clock.clock);
  const chips = more.context !== null && !likely.includes(more.context) ? [...likely.slice(0, 2), more.context] : likely;
  const special = more.sample !== "mine" || more.device !== "meter";
  return (
    <Page full title={correct === null ? t.reading.title : t.reading.correctTitle} back="" dock={
      <div class="act">
        <button type="button" class="btn main-act xl grow" disabled={typed === "" || busy} onClick={submit}><Icon name="check" />{busy ? t.common.saving : t.common.save}</button>
      </div>}>
      <p class="entry" aria-live="polite">
        <span class="val"><span class="num">{typed}</span><span class="caret" aria-hidden="true" /></span>
        {typed === "LO" || typed === "HI" ? null : <span class="unit">{unit}</span>}
        {typed === "" ? <span class="vh">{t.reading.empty}</span> : null}
      </p>
      <Mend text={tried && occurredAt > Date.now() + 300_000 ? t.reading.future : null} />
      <Chips scroll label={t.reading.whenGroup} options={chips.map((c) => [c, t.reading.context[c]] as const)} chosen={more.context === null ? [] : [more.context]}
        onChoose={(context) => choose({ ...more, context: more.context === context ? null : context })}>
        <button type="button" class="chip" aria-pressed={special} onClick={() => setSheet("more")}>{special ? <Icon name="check" /> : null}{t.common.more}</button>
      </Chips>
      <p class="whenline">
        <button type="button" class="btn" onClick={() => setSheet("when")}><Icon name="clock" /><span class="num">{momentInWords(clock, Date.now(), t)}</span></button>
        {correct === null ? <span class="meta">{t.reading.chosen}</span> : null}
      </p>
      {correct === null ? null : <ReasonField reason={reason} onReason={setReason} missing={tried && reason.trim() === ""} />}
      <Keypad t={t} idle={sheet !== null || lateSheet !== null} onKey={(key) => setTyped(press(typed, key))} onEnter={submit} />
      {sheet === "ask" && ask !== null ? <AskSheet ask={ask} unit={unit} t={t} onChoose={keep} onClose={() => { setSheet(null); setTyped(""); }} /> : null}
      {sheet === "more" ? <MoreSheet more={more} onMore={choose} onClose={() => setSheet(null)} /> : null}
      {sheet === "why" && asksWhy !== null && more.sample !== "mine" ? <WhySheet sample={more.sample} onWhy={(why) => keep(asksWhy, why)} onClose={() => setSheet(null)} /> : null}
      {sheet === "when" ? <WhenSheet at={occurredAt} onAt={setAt} onClose={() => setSheet(null)} /> : null}
      {lateSheet}
    </Page>
  );
}

function question(ask: Exclude<Ask, { why: "save" }>, unit: Unit, t: App["t"]): string {
  const { typed } = ask;
  switch (ask.why) {
    case "point": return t.ask.meant(typed, ask.choices[0]?.value ?? "");
    case "large": return t.ask.large(typed, unit === "mmol/L" ? "mg/dL" : "mmol/L");
    case "small": return t.ask.small(typed, unit === "mmol/L" ? "mg/dL" : "mmol/L");
    case "sure": return t.ask.sure(typed);
    case "lo": return t.ask.lo(typed);
    case "hi": return t.ask.hi(typed);
    case "impossible": return t.ask.impossible(`${typed} ${unit}`);
    case "zero": return t.ask.zero;
    case "empty":
    case "unreadable": return t.ask.unreadable(typed);
  }
}

/** Both answers look alike and neither is chosen: the meter decides, not the diary. */
function AskSheet({ ask, unit, t, onChoose, onClose }: {
  ask: Ask; unit: Unit; t: App["t"]; onChoose: (choice: Choice) => void; onClose: () => void;
}): JSX.Element | null {
  if (ask.why === "save") return null;
  const label = (choice: Choice): string => (ask.why === "lo" || ask.why === "hi" ? t.ask.isWord(choice.value) : choice.confirmed ? t.ask.really(choice.value) : t.ask.is([choice.value, choice.unit === unit ? null : choice.unit].filter(Boolean).join(" ")));
  return (
    <Sheet role="alertdialog" title={question(ask, unit, t)} onClose={onClose}>
      {ask.choices.length === 0 ? <button type="button" class="btn main-act xl" onClick={onClose}>{t.ask.retype}</button> : (<>
      <p>{t.ask.look}</p>
      <div class="meterpick">
        {ask.choices.map((choice) => (
          <button type="button" key={choice.value + String(choice.unit)} onClick={() => onChoose(choice)}>
            <span class="meter"><i class="num">{choice.value}</i><small>{choice.unit}</small></span>{label(choice)}
          </button>
        ))}
      </div>
      <button type="button" class="btn quiet" onClick={onClose}>{ask.choices.length === 1 ? t.ask.retype : t.ask.again}</button>
      </>)}
    </Sheet>
  );
}

function MoreSheet({ more, onMore, onClose }: { more: More; onMore: (more: More) => void; onClose: () => void }): JSX.Element {
  const { t, state } = useApp();
  const mine = state.me?.account.role === "guardian" ? t.reading.theChild : t.reading.mine;
  return (
    <Sheet title={t.reading.whenGroup} onClose={onClose}>
      <Chips label={t.reading.whenGroup} options={CONTEXTS.map((c) => [c, t.reading.context[c]] as const)} chosen={more.context === null ? [] : [more.context]}
        onChoose={(context) => onMore({ ...more, context })} />
      <h3>{t.reading.sample}</h3>
      <Chips label={t.reading.sample} options={[["mine", mine], ["control", t.reading.control], ["other", t.reading.otherPerson]]} chosen={[more.sample]}
        onChoose={(sample) => onMore({ ...more, sample })} />
      <h3>{t.reading.device}</h3>
      <Chips label={t.reading.device} options={DEVICES.map((d) => [d, t.reading[d]] as const)} chosen={[more.device]} onChoose={(device) => onMore({ ...more, device })} />
      <button type="button" class="btn main-act" onClick={onClose}>{t.common.ok}</button>
    </Sheet>
  );
}

/** The time it happened, by the phone's own pickers. */
export function WhenSheet({ at, onAt, onClose }: { at: number; onAt: (at: number) => void; onClose: () => void }): JSX.Element {
  const { t } = useApp();
  const [when, setWhen] = useState(local(at, phoneZone()));
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: Event): void => {
    event.preventDefault();
    const isWhole = /^\d{4}-\d\d-\d\d$/.test(when.day) && /^\d\d:\d\d/.test(when.clock);
    const chosen = isWhole ? instantOf(when.day, when.clock.slice(0, 5), phoneZone()) : NaN;
    if (!isWhole) setProblem(t.form.needDay);
    else if (chosen > Date.now() + 60_000) setProblem(t.reading.future);
    else {
      onAt(chosen);
      onClose();
    }
  };
  return (
    <Sheet title={t.form.when} onClose={onClose}>
      <form class="form" onSubmit={submit}>
        <Mend text={problem} />
        <div class="field"><label for="when-day">{t.form.day}</label>
          <input id="when-day" class="input" type="date" value={when.day} max={todayIs(Date.now())} onInput={(e) => setWhen({ ...when, day: e.currentTarget.value })} /></div>
        <div class="field"><label for="when-clock">{t.form.clock}</label>
          <input id="when-clock" class="input" type="time" value={when.clock} onInput={(e) => setWhen({ ...when, clock: e.currentTarget.value })} /></div>
        <button class="btn main-act xl">{t.common.ok}</button>
        <button type="button" class="btn quiet" onClick={onClose}>{t.common.back}</button>
      </form>
    </Sheet>
  );
}
