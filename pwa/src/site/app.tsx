import type { JSX } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import { useDesk, usePolling } from "./context.tsx";
import { Frame } from "./frame.tsx";
import { useModule } from "./person/later.tsx";
import type { Route } from "./route.ts";
import { Activate, SetUp, SignIn, SignInAgain } from "./screens/entrance.tsx";
import { Overview } from "./screens/overview.tsx";
import { Person } from "./screens/person.tsx";
import { useRoute } from "./use-route.ts";

const ALERTS_EVERY_MS = 15_000;
const WORK_EVERY_MS = 60_000;

export function App(): JSX.Element {
  const { desk, state, t } = useDesk();
  const route = useRoute();
  const me = state.me?.account.id ?? "";
  usePolling(() => desk.checkAlerts(), ALERTS_EVERY_MS, [desk, me]);
  usePolling(() => desk.checkWork(), WORK_EVERY_MS, [desk, me]);
  // Before anything is drawn: another language means other letters, and all would be drawn twice.
  useLayoutEffect(() => {
    document.documentElement.lang = state.language;
  }, [state.language]);
  useEffect(() => {
    const urgent = state.alerts.some((a) => a.level === "page" && a.state === "open");
    const count = state.alerts.length;
    document.title = count === 0 ? t.appName : `(${count}${urgent ? "!" : ""}) ${t.appName}`;
    badge(count);
  }, [state.alerts, t]);
  return <><Inside route={route} />{state.signInAgain ? <SignInAgain /> : null}</>;
}

/** On the icon of an installed desk, where there is one. */
function badge(count: number): void {
  const own = navigator as { setAppBadge?: (n: number) => Promise<void>; clearAppBadge?: () => Promise<void> };
  void (count === 0 ? own.clearAppBadge?.() : own.setAppBadge?.(count))?.catch(() => undefined);
}

function Inside({ route }: { route: Route }): JSX.Element | null {
  const { state } = useDesk();
  if (route.name === "setup") return <SetUp code={route.query.get("code") ?? ""} />;
  if (route.name === "activate") return <Activate code={route.query.get("code") ?? ""} />;
  if (state.phase === "signed_out" || state.me === null) return <SignIn />;
  return <Frame route={route}><Screen route={route} /></Frame>;
}

function Screen({ route }: { route: Route }): JSX.Element {
  const { may } = useDesk();
  const isOther = !BEGIN_WITH.has(route.name) || may("manage_accounts");
  if (isOther) return <Other route={route} />;
  return route.name === "p" ? <Person id={route.parts[0] ?? ""} tab={route.parts[1] ?? ""} query={route.query} /> : <Overview />;
}

/** Overview and participant: what a day at the desk begins with. Any other name may be one of the others. */
const BEGIN_WITH: ReadonlySet<string> = new Set(["", "p"]);

function Other({ route }: { route: Route }): JSX.Element {
  const { may, t } = useDesk();
  const all = useModule(() => import("./screens/others.ts"));
  if (all === null) return <p class="meta quiet-wait" role="status">{t.common.loading}</p>;
  if (route.name === "me") return <all.MyAccount />;
  if (may("manage_accounts")) return route.name === "sites" ? <all.Sites /> : route.name === "problems" ? <all.Problems /> : <all.Accounts />;
  switch (route.name) {
    case "alerts": return <all.Alerts />;
    case "queries": return <all.Queries participant={route.query.get("p") ?? ""} />;
    case "calls": return <all.Calls participant={route.query.get("p") ?? ""} />;
    case "roster": return <all.Roster />;
    case "enrol": return may("enrol") ? <all.Enrol /> : <Overview />;
    case "audit": return <all.Audit objectId={route.query.get("object") ?? ""} />;
    default: return <Overview />;
  }
}
