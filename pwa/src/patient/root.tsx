/** Which screen: by where we are, who is here, and whether the diary is locked. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Kind } from "../api/types.ts";
import { Sprite } from "../parts/basics.tsx";
import { RoomsContext, useApp, type App, type Rooms } from "./app-context.tsx";
import { ToastBar } from "./frame.tsx";
import type { Item } from "./items.ts";
import { Later } from "./later.tsx";
import { isNow, runningLow } from "./lows.ts";
import { activationCode, useRoute, type Route } from "./route.ts";
import { Choose } from "./screens/choose.tsx";
import { Activate, Forgot, Lock, SignIn, Welcome } from "./screens/entrance.tsx";
import { Form } from "./screens/form.tsx";
import { EmergencyCard, Help } from "./screens/help.tsx";
import { asksContraception, KIND_ICONS } from "./screens/kinds.tsx";
import { LowHelp, LowScreen } from "./screens/low.tsx";
import { LogReading } from "./screens/reading.tsx";
import { Settings } from "./screens/settings.tsx";
import { Today } from "./screens/today.tsx";

export function Root({ rooms }: { rooms: Rooms }): JSX.Element {
  return <RoomsContext.Provider value={rooms}><Sprite /><Screen /></RoomsContext.Provider>;
}

function itemAt(app: App, root: string | null): Item | null {
  return app.state.items.find((item) => item.root === root || item.versions.some((v) => v.id === root)) ?? null;
}

/** What helps needs no PIN and no account. */
function openToAll(route: Route, app: App): JSX.Element | null {
  switch (route.name) {
    case "help": return <Help />;
    case "low": return <LowScreen key={route.part} root={route.part} />;
    case "low-help": return <LowHelp />;
    case "card": return <EmergencyCard />;
    case "activate": return <Activate />;
    case "sign-in": return <SignIn />;
    case "forgot": return <Forgot />;
    case "waiting": return app.state.account === null ? null : <Later show={({ WaitingScreen }) => <WaitingScreen />} />;
    default: return activationCode(location.hash) === null ? null : <Activate />;
  }
}

function withPin(route: Route, app: App): JSX.Element {
  const { state } = app;
  if (state.participant === null || route.name === "choose") return state.me?.account.role === "guardian" ? <Choose /> : <Today />;
  const corrects = route.query.get("correct");
  const correct = corrects === null ? null : itemAt(app, corrects);
  switch (route.name) {
    case "reading": return <LogReading key={corrects ?? ""} correct={correct} />;
    case "form": return formFor(route, app, correct);
    case "diary": return <Later key="diary" show={({ History }) => <History start={route.query.get("filter") === "attend" ? "attend" : "all"} />} />;
    case "entry": return <Later key={route.part} show={({ EntryScreen }) => <EntryScreen item={itemAt(app, route.part)} />} />;
    case "settings": return <Settings />;
    case "reminders": return <Later key="reminders" show={({ RemindersScreen }) => <RemindersScreen />} />;
    case "question": return <Later key={route.part} show={({ QuestionScreen }) => <QuestionScreen id={route.part} />} />;
    default: return <Today />;
  }
}

function formFor(route: Route, app: App, correct: Item | null): JSX.Element {
  const kind = route.part as Kind;
  const isKnown = route.part in KIND_ICONS && kind !== "reading" && (kind !== "blood_draw" || correct !== null) && (kind !== "contraception" || asksContraception(app.state));
  return isKnown ? <Form key={`${kind} ${route.query.toString()}`} kind={kind} query={route.query} correct={correct} /> : <Today />;
}

/** Where somebody writes, nothing lies over the keys. */
const WRITING = new Set(["reading", "form", "settings", "choose", "question"]);

function Screen(): JSX.Element | null {
  const app = useApp();
  const route = useRoute();
  const { state, t } = app;
  const wasOpen = useRef<string | null>(null);
  if (state.phase === "broken") return <div class="app"><main class="main"><p class="lead center">{t.common.unreadable}</p></main></div>;
  if (state.phase === "opening") return null;
  const free = openToAll(route, app);
  if (free !== null) return <>{free}<ToastBar unseen /></>;
  if (state.account === null) return <Welcome />;
  // A low that runs comes before the PIN: a reload at 3 a.m. must not hide what to do.
  const low = runningLow(state.items, Date.now(), state.study);
  if (state.locked && low !== null && isNow(low, Date.now(), state.study) && route.name === "") return <LowScreen root={low.item.root} />;
  if (!state.locked) wasOpen.current = location.hash;
  // Locked while something was being typed: it stays, unseen, until the PIN is typed.
  const keeps = state.locked && wasOpen.current === location.hash;
  return (
    <>
      {state.locked ? <Lock /> : null}
      {state.locked && !keeps ? null : <div hidden={state.locked}>{withPin(route, app)}</div>}
      <ToastBar unseen={state.locked || WRITING.has(route.name)} />
    </>
  );
}
