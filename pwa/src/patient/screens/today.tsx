/** Home: the last reading, what is due, and the one big button. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Context } from "../../api/types.ts";
import { Icon, Mark, Value } from "../../parts/basics.tsx";
import { useApp, useNow, type App } from "../app-context.tsx";
import { dueList } from "../due.ts";
import { Page, Tabs } from "../frame.tsx";
import { isReading, readingData, showReading, type Item } from "../items.ts";
import { Later } from "../later.tsx";
import { findLows, isAnswered, runningLows } from "../lows.ts";
import { openQuestions } from "../questions.ts";
import { agoInWords, dayInWords, momentInWords, todayIs } from "../when.ts";
import { DueSection, Holds } from "./due-rows.tsx";
import { OtherKinds } from "./kinds.tsx";

export function Today(): JSX.Element {
  const { t, state } = useApp();
  const now = useNow(30_000);
  const [other, setOther] = useState(false);
  const today = todayIs(now);
  const due = dueList(state.around.schedules, state.items, now, state.snoozed);
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
      <Questions />
      <Later aside show={({ TravelCard }) => <TravelCard />} />
      <Holds due={due} now={now} />
      <Last now={now} today={today} />
      {state.around.isPartial === true ? <Fetching /> : <DueSection due={due} now={now} />}
      <Later aside show={({ Offer }) => <Offer />} />
      {other ? <OtherKinds onClose={() => setOther(false)} /> : null}
    </Page>
  );
}

/** The site's questions. */
function Questions(): JSX.Element | null {
  const { t, state } = useApp();
  const open = openQuestions(state);
  const [first] = open;
  if (first === undefined) return null;
  return (
    <div class="banner wait">
      <Icon name="note" />
      <span><b>{t.today.questions(open.length)}</b></span>
      <a class="btn" href={`#/question/${first.id}`}>{t.today.questionGo}</a>
    </div>
  );
}

/** A low whose question nobody has answered. */
function OpenLow({ now }: { now: number }): JSX.Element | null {
  const { t, state } = useApp();
  // What runs stands above every page already.
  const running = new Set(runningLows(state, now).map((l) => l.low.item.root));
  const open = findLows(state.items, state.study).find((low) => !isAnswered(low) && !running.has(low.item.root) && now - low.item.at < 3 * 86_400_000);
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

function Last({ now, today }: { now: number; today: string }): JSX.Element | null {
  const { t, state } = useApp();
  const readings = state.items.filter((item) => isReading(item) && item.at <= now + 60_000);
  const [last, ...rest] = readings;
  const unit = state.participant?.display_unit ?? "mmol/L";
  if (last?.local.day !== today) {
    if (state.around.isPartial === true) return null;
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

/** A phone that has just signed in says that the diary is on its way, not that there is none. */
export function Fetching(): JSX.Element {
  const { t, state: { syncing: { stop, busy } } } = useApp();
  const isOnItsWay = busy || stop === null;
  return (
    <section class="card stack">
      <p class="lead">{isOnItsWay ? t.today.fetching : t.today.notHere}</p>
      {isOnItsWay ? null : stop.why === "sign_in" ? <p>{t.today.fetchSignIn} <a href="#/sign-in">{t.waiting.signInGo}</a></p> : <p>{t.today.restComes}</p>}
      <p class="meta">{t.today.canLog}</p>
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
