/** Which screen: by where we are, who is here, and whether the diary is locked. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Kind } from "../api/types.ts";
import { RoomsContext, useApp, type App, type Rooms } from "./app-context.tsx";
import { ToastBar } from "./frame.tsx";
import type { Item } from "./items.ts";
import { Later } from "./later.tsx";
import { runningLows } from "./lows.ts";
import { activationCode, isFinished, keepForm, useRoute, type Route } from "./route.ts";
import { Activate, Forgot, Lock, SignIn, Welcome } from "./screens/entrance.tsx";
import { EmergencyCard, Help } from "./screens/help.tsx";
import { asksContraception, KIND_ICONS } from "./screens/kinds.tsx";
import { LowHelp, LowScreen } from "./screens/low.tsx";
import { LogReading } from "./screens/reading.tsx";
import { Today } from "./screens/today.tsx";
import { Trouble } from "./screens/trouble.tsx";

export function Root({ rooms }: { rooms: Rooms }): JSX.Element {
  return <RoomsContext.Provider value={rooms}><Screen /></RoomsContext.Provider>;
}

function itemAt(app: App, root: string | null): Item | null {
  return app.state.items.find((item) => item.root === root || item.versions.some((v) => v.id === root)) ?? null;
}

/** What helps needs no PIN and no account. */
function openToAll(route: Route, app: App): JSX.Element | null {
  switch (route.name) {
    case "help": return <Help />;
    case "low": return <LowScreen key={`${route.part} ${route.query.toString()}`} root={route.part} named={route.query.get("child")} />;
    case "low-help": return <LowHelp whose={route.part} />;
    case "card": return <EmergencyCard key={route.part} whose={route.part} />;
    case "activate": return <Activate />;
    case "sign-in": return <SignIn />;
    case "forgot": return <Forgot />;
    case "waiting": return app.state.account === null ? null : <Later show={({ WaitingScreen }) => <WaitingScreen />} />;
    default: return activationCode(location.hash) === null ? null : <Activate />;
  }
}

function withPin(route: Route, app: App): JSX.Element {
  const { state } = app;
  if (state.me === null) return <Trouble />;
  if (state.participant === null || route.name === "choose") return state.me.account.role === "guardian" ? <Later key="choose" show={({ Choose }) => <Choose query={route.query} />} /> : <Today />;
  const corrects = route.query.get("correct");
  const correct = corrects === null ? null : itemAt(app, corrects);
  switch (route.name) {
    case "reading": return <LogReading key={corrects ?? ""} correct={correct} />;
    case "form": return formFor(route, app, correct);
    case "diary": return <Later key="diary" show={({ History }) => <History start={route.query.get("filter") === "attend" ? "attend" : "all"} />} />;
    case "entry": return <Later key={route.part} show={({ EntryScreen }) => <EntryScreen item={itemAt(app, route.part)} />} />;
    case "settings": return <Later key="settings" show={({ Settings }) => <Settings />} />;
    case "reminders": return <Later key="reminders" show={({ RemindersScreen }) => <RemindersScreen />} />;
    case "question": return <Later key={route.part} show={({ QuestionScreen }) => <QuestionScreen id={route.part} />} />;
    default: return <Today />;
  }
}

function formFor(route: Route, app: App, correct: Item | null): JSX.Element {
  const kind = route.part as Kind;
  const isKnown = route.part in KIND_ICONS && kind !== "reading" && (kind !== "blood_draw" || correct !== null) && (kind !== "contraception" || asksContraception(app.state));
  return isKnown ? <Later key={`${kind} ${route.query.toString()}`} show={({ Form }) => <Form kind={kind} query={route.query} correct={correct} />} /> : <Today />;
}

/** Where somebody writes, nothing lies over the keys. */
const WRITING = new Set(["reading", "form", "settings", "choose", "question"]);
/** What is typed here stays, unseen, while somebody unlocks, signs in or looks for help. */
const KEPT = new Set(["reading", "form", "choose", "question", "entry"]);

interface Stay {
  hash: string;
  route: Route;
  account: string;
}

/** The screen behind the lock and the open doors: where the person was. */
function useStay(route: Route, { state }: App, isFree: boolean): Stay | null {
  const stay = useRef<Stay | null>(null);
  const account = state.account?.id ?? null;
  const { hash } = location;
  const last = stay.current;
  if (account === null || state.phase !== "open") stay.current = null;
  else if (!isFree && !state.locked) stay.current = { hash, route, account };
  else if (last !== null) {
    const isKept = last.account === account && (last.hash === hash || (KEPT.has(last.route.name) && !isFinished(last.hash)));
    if (!isKept) stay.current = null;
  }
  const now = stay.current;
  useEffect(() => keepForm(now !== null && KEPT.has(now.route.name) ? now.hash : null));
  return now;
}

function Screen(): JSX.Element | null {
  const app = useApp();
  const route = useRoute();
  const { state } = app;
  // What helps comes before all else: also before the database, and without it.
  const free = openToAll(route, app) ?? lowBeforePin(route, app);
  const stay = useStay(route, app, free !== null);
  if (state.phase !== "open") return free ?? <Trouble />;
  if (state.account === null) return free === null ? <Welcome /> : <>{free}<ToastBar unseen /></>;
  const isAside = state.locked || free !== null;
  return (
    <>
      {free}
      {state.locked && free === null ? <Lock /> : null}
      {stay === null ? null : <div key="stay" hidden={isAside}>{withPin(stay.route, app)}</div>}
      <ToastBar unseen={isAside || WRITING.has(route.name)} />
    </>
  );
}

/** A low that runs comes before the PIN: a reload at 3 a.m. must not hide what to do. */
function lowBeforePin(route: Route, { state }: App): JSX.Element | null {
  if (!state.locked || route.name !== "") return null;
  const [first] = runningLows(state, Date.now());
  return first === undefined ? null : <LowScreen key={first.low.item.root} root={first.low.item.root} named={null} />;
}
