/** The bar, what new alerts say aloud, the toast and the list of keys around every screen. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/basics.tsx";
import { bell } from "./bell.ts";
import { useDesk } from "./context.tsx";
import { isTyping } from "./keys.ts";
import { Dialog } from "./parts/dialog.tsx";
import { DeskIcon } from "./parts/icons.tsx";
import { Strip } from "./parts/strip.tsx";
import { go, type Route } from "./route.ts";
import type { DeskWords } from "../text/site.ts";

type NavName = Extract<keyof DeskWords["nav"], "overview" | "alerts" | "queries" | "calls" | "roster" | "problems" | "enrol" | "audit" | "accounts" | "sites">;

export function LanguageButton(): JSX.Element {
  const { desk, state, t } = useDesk();
  const other = state.language === "en" ? "zh-CN" : "en";
  return <button type="button" class="btn quiet lang" lang={other} onClick={() => void desk.chooseLanguage(other)}>{t.common.languages[other]}</button>;
}

export function Frame({ route, children }: { route: Route; children: ComponentChildren }): JSX.Element {
  const { t } = useDesk();
  const [keys, showKeys] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "?" && !isTyping(event)) showKeys(true);
    };
    const onTouch = (): void => bell.wake();
    document.addEventListener("keydown", onKey);
    addEventListener("pointerdown", onTouch);
    addEventListener("keydown", onTouch);
    return () => {
      document.removeEventListener("keydown", onKey);
      removeEventListener("pointerdown", onTouch);
      removeEventListener("keydown", onTouch);
    };
  }, []);
  return (
    <div class="desk">
      <button type="button" class="skip" onClick={() => document.getElementById("content")?.focus()}>{t.nav.skip}</button>
      <Bar route={route} />
      <main class="wrap" id="content" tabIndex={-1}>{children}</main>
      <NewAlerts />
      <Toast />
      {keys ? (
        <Dialog title={t.keys.title} onClose={() => showKeys(false)}>
          <dl class="pairs keys">{t.keys.list.map(([key, what]) => <div key={key}><dt>{key.split(" ").map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{what}</dd></div>)}</dl>
        </Dialog>
      ) : null}
    </div>
  );
}

function Bar({ route }: { route: Route }): JSX.Element {
  const { t, state, may } = useDesk();
  const admin = may("manage_accounts");
  const names: NavName[] = admin ? ["accounts", "sites", "problems"] : ["overview", "alerts", "queries", "calls", "roster", ...(may("enrol") ? ["enrol" as const] : []), "audit"];
  const here = route.name === "" || route.name === "p" ? "overview" : route.name;
  const at = admin && here === "overview" ? "accounts" : here;
  const person = state.me?.account;
  const counts: Partial<Record<NavName, [n: number, words: (n: number) => string]>> = {
    alerts: [state.alerts.length, t.alerts.count], queries: [state.queries.length, t.work.queries.count], calls: [state.calls.length, t.work.calls.count],
  };
  const counted = (name: NavName): JSX.Element | null => {
    const [n, words] = counts[name] ?? [0, String];
    return n === 0 ? null : <span class="count num" title={words(n)}>{n}</span>;
  };
  return (
    <header class="bar">
      <a class="name" href="#/">{t.appName}</a>
      <Strip label={t.nav.label} at={at}>
        {names.map((name) => (
          <a key={name} href={name === "overview" ? "#/" : `#/${name}`} aria-current={at === name ? "page" : undefined}>
            {t.nav[name]}{counted(name)}
          </a>
        ))}
      </Strip>
      <span class="gap" />
      {admin ? null : <Find />}
      <a class="who-am-i" href="#/me" aria-current={route.name === "me" ? "page" : undefined}>
        <Icon name="user" /><span><b>{person?.name ?? person?.login}</b><small>{person === undefined ? "" : t.roles[person.role]}</small></span>
      </a>
      <LanguageButton />
    </header>
  );
}

/** Finds a subject by its number; the overview shows what is typed, and `/` comes here from anywhere. */
function Find(): JSX.Element {
  const { t } = useDesk();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "/" || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    const onHash = (): void => {
      if (input.current !== null && !location.hash.startsWith("#/?q=")) input.current.value = "";
    };
    document.addEventListener("keydown", onKey);
    addEventListener("hashchange", onHash);
    return () => {
      document.removeEventListener("keydown", onKey);
      removeEventListener("hashchange", onHash);
    };
  }, []);
  const search = (text: string): void => go(text.trim() === "" ? "" : `?q=${encodeURIComponent(text.trim())}`, true);
  return (
    <form class="find" role="search" onSubmit={(event) => {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent("desk-open-found"));
    }}>
      <DeskIcon name="search" />
      <input ref={input} type="search" aria-label={t.nav.search} placeholder={t.nav.search} autocomplete="off" spellcheck={false} onInput={(e) => search(e.currentTarget.value)} />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

/** A page that opens while the desk is in front of somebody is said aloud and shown until it is looked at. */
function NewAlerts(): JSX.Element {
  const { t, state } = useDesk();
  const known = useRef<Set<string> | null>(null);
  const [fresh, setFresh] = useState<{ id: string; participant: string; subject: string } | null>(null);
  useEffect(() => {
    if (state.checkedAt === null) return;
    const pages = state.alerts.filter((a) => a.level === "page" && a.state === "open");
    const before = known.current;
    const added = before === null ? undefined : pages.find((a) => !before.has(a.id));
    known.current = new Set(pages.map((a) => a.id));
    if (added !== undefined) bell.ring();
    if (added !== undefined) setFresh({ id: added.id, participant: added.participant_id, subject: added.subject_no });
    else setFresh((now) => (now !== null && known.current?.has(now.id) === true ? now : null));
  }, [state.alerts, state.checkedAt]);
  return (
    <div class="fresh" role="alert">
      {fresh === null ? null : (
        <div>
          <DeskIcon name="bell" /><b>{t.alerts.newAlert(fresh.subject)}</b>
          <a class="btn" href={`#/p/${fresh.participant}`} onClick={() => setFresh(null)}>{t.overview.open}</a>
          <button type="button" class="btn" aria-label={t.common.close} onClick={() => setFresh(null)}><Icon name="x" /></button>
        </div>
      )}
    </div>
  );
}

const TOAST_MS = 6000;

function Toast(): JSX.Element {
  const { desk, state } = useDesk();
  useEffect(() => {
    if (state.toast === null) return undefined;
    const timer = setTimeout(() => desk.store.set({ toast: null }), TOAST_MS);
    return () => clearTimeout(timer);
  }, [state.toast, desk]);
  return <div class="said-toast" role="status">{state.toast === null ? null : <span><Icon name="check" />{state.toast}</span>}</div>;
}
