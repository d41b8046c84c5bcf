/** What stands around every screen: for whom, where we are, and whether the site has it. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Participant } from "../api/account.ts";
import { Icon } from "../parts/basics.tsx";
import type { IconName } from "../parts/drawings.ts";
import { useApp, useNow, type App } from "./app-context.tsx";
import { runningLows, type LowOf } from "./lows.ts";
import { goBack } from "./route.ts";
import type { State } from "./state.ts";

export interface SendState {
  tone: "sent" | "wait" | "fail" | "busy" | "fetching";
  waiting: number;
  attend: number;
}

/** Answers to the site's questions wait as entries do. */
export function sendState({ outbox, answers, unreadable, isUnread, syncing, around }: Pick<State, "outbox" | "answers" | "unreadable" | "isUnread" | "syncing" | "around">): SendState {
  const entries = outbox.filter((w) => w.state === "waiting").length;
  const waiting = entries + answers.filter((a) => a.sent !== true).length;
  const attend = outbox.length - entries + unreadable.length;
  if (attend > 0 || isUnread) return { tone: "fail", waiting, attend };
  if (waiting === 0) return { tone: around.isPartial === true && syncing.busy ? "fetching" : "sent", waiting, attend };
  if (syncing.stop?.why === "sign_in" && !syncing.busy) return { tone: "fail", waiting, attend };
  return { tone: syncing.busy && navigator.onLine ? "busy" : "wait", waiting, attend };
}

export function statusWord({ tone, waiting }: SendState, t: App["t"]): string {
  switch (tone) {
    case "sent": return t.status.sent;
    case "busy": return t.status.sending;
    case "fetching": return t.status.fetching;
    case "wait": return t.status.waiting(waiting);
    case "fail": return t.status.notSent;
  }
}

const ICONS: Record<SendState["tone"], IconName> = { sent: "sent", busy: "wait", fetching: "wait", wait: "wait", fail: "off" };

export function Status(): JSX.Element {
  const { state, t } = useApp();
  const send = sendState(state);
  return (
    <a class={`status ${send.tone === "busy" || send.tone === "fetching" ? "wait" : send.tone}`} href="#/waiting" >
      <Icon name={ICONS[send.tone]} /><span role="status">{statusWord(send, t)}</span>
    </a>
  );
}

export function Who(): JSX.Element | null {
  const { state, t } = useApp();
  if (state.me?.account.role !== "guardian" || state.participant === null) return null;
  return (
    <section class="who" aria-label={t.who.title}>
      <Icon name="user" /><span><b>{t.who.writing(state.participant.subject_no)}</b></span>
      <a class="btn quiet" href="#/choose">{t.who.change}</a>
    </section>
  );
}

/** How a person is called on this screen: a guardian knows the child by name. */
export const nameOf = ({ name, subject_no }: Participant): string => name ?? subject_no;

/** The lows that run, of every child of this phone: one tap away until they are over. */
export function Running({ besides }: { besides?: LowOf | null }): JSX.Element | null {
  const { state, t } = useApp();
  const lows = runningLows(state, useNow(15_000)).filter(({ participant }) => participant.id !== besides?.participant.id);
  if (lows.length === 0) return null;
  return (
    <nav class="running" aria-label={t.help.lowNow}>
      {lows.map(({ participant, low }) => (
        <a key={low.item.root} href={`#/low/${low.item.root}`}>
          <Icon name="down" /><b>{t.help.lowNow}</b>
          <span>{state.me?.account.role === "guardian" ? nameOf(participant) : null} <span class="num">{low.item.local.clock}</span></span>
        </a>
      ))}
    </nav>
  );
}

/** A page with its title; `back` for pages that were opened from another. */
export function Page(props: {
  title: ComponentChildren; back?: string; full?: boolean; plain?: boolean; aside?: ComponentChildren; children: ComponentChildren; dock?: ComponentChildren;
}): JSX.Element {
  const { t } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div class={props.full === true ? "app full" : "app"}>
      <Running />
      {props.plain === true ? null : <Who />}
      <header class="top">
        {props.back === undefined ? null : (
          <button type="button" class="btn quiet back" aria-label={t.common.back} onClick={() => goBack(props.back)}><Icon name="back" /></button>
        )}
        <h1 ref={heading} tabIndex={-1}>{props.title}</h1>
        {props.aside}
        {props.plain === true ? null : <Status />}
      </header>
      <main class="main">{props.children}</main>
      {props.dock === undefined ? null : <footer class="dock">{props.dock}</footer>}
    </div>
  );
}

const TABS = [["", "today", "today"], ["diary", "list", "diary"], ["help", "help", "help"]] as const;

export function Tabs({ on }: { on: "" | "diary" | "help" }): JSX.Element {
  const { t } = useApp();
  return (
    <nav class="tabs" aria-label={t.tabs.label}>
      {TABS.map(([path, icon, word]) => (
        <a key={path} href={`#/${path}`} aria-current={path === on ? "page" : undefined}><Icon name={icon} />{t.tabs[word]}</a>
      ))}
    </nav>
  );
}

/** "Undo" stays for ten seconds; what only tells goes sooner. */
const UNDO_MS = 10_000;
const TELL_MS = 5_000;

export function ToastBar({ unseen }: { unseen: boolean }): JSX.Element | null {
  const { state, diary, t } = useApp();
  const { toast } = state;
  useEffect(() => {
    if (toast === null) return undefined;
    const timer = setTimeout(() => diary.store.set({ toast: null }), toast.undo === null ? TELL_MS : UNDO_MS);
    return () => clearTimeout(timer);
  }, [toast, diary]);
  if (toast === null || unseen) return null;
  const undo = (): void => {
    // Tapped twice, it is taken back once.
    if (diary.store.get().toast !== toast) return;
    diary.store.set({ toast: null });
    toast.undo?.();
  };
  return (
    <div class="toast" role="status">
      <div>
        <span>{toast.text}</span>
        {toast.undo === null ? null : <button type="button" class="btn" onClick={undo}>{toast.word ?? t.common.undo}</button>}
      </div>
    </div>
  );
}
