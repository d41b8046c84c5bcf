import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Sprite } from "../parts/basics.tsx";
import { useDesk, usePolling } from "./context.tsx";
import { Frame } from "./frame.tsx";
import { useRoute, type Route } from "./route.ts";
import { Accounts } from "./screens/accounts.tsx";
import { Alerts } from "./screens/alerts.tsx";
import { Audit } from "./screens/audit.tsx";
import { Calls } from "./screens/calls.tsx";
import { Enrol } from "./screens/enrol.tsx";
import { Activate, SetUp, SignIn, SignInAgain } from "./screens/entrance.tsx";
import { MyAccount } from "./screens/me.tsx";
import { Overview } from "./screens/overview.tsx";
import { Person } from "./screens/person.tsx";
import { Problems } from "./screens/problems.tsx";
import { Queries } from "./screens/queries.tsx";
import { Roster } from "./screens/roster.tsx";
import { Sites } from "./screens/sites.tsx";

const ALERTS_EVERY_MS = 15_000;
const WORK_EVERY_MS = 60_000;

export function App(): JSX.Element {
  const { desk, state, t } = useDesk();
  const route = useRoute();
  const me = state.me?.account.id ?? "";
  usePolling(() => desk.checkAlerts(), ALERTS_EVERY_MS, [desk, me]);
  usePolling(() => desk.checkWork(), WORK_EVERY_MS, [desk, me]);
  useEffect(() => {
    document.documentElement.lang = state.language;
    const urgent = state.alerts.some((a) => a.level === "page" && a.state === "open");
    const count = state.alerts.length;
    document.title = count === 0 ? t.appName : `(${count}${urgent ? "!" : ""}) ${t.appName}`;
    badge(count);
  }, [state.language, state.alerts, t]);
  return <><Sprite /><Inside route={route} />{state.signInAgain ? <SignInAgain /> : null}</>;
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
  if (state.phase === "opening") return null;
  if (state.phase === "signed_out" || state.me === null) return <SignIn />;
  return <Frame route={route}><Screen route={route} /></Frame>;
}

function Screen({ route }: { route: Route }): JSX.Element {
  const { may } = useDesk();
  if (route.name === "me") return <MyAccount />;
  if (may("manage_accounts")) return route.name === "sites" ? <Sites /> : route.name === "problems" ? <Problems /> : <Accounts />;
  switch (route.name) {
    case "alerts": return <Alerts />;
    case "queries": return <Queries participant={route.query.get("p") ?? ""} />;
    case "calls": return <Calls participant={route.query.get("p") ?? ""} />;
    case "roster": return <Roster />;
    case "p": return <Person id={route.parts[0] ?? ""} tab={route.parts[1] ?? ""} query={route.query} />;
    case "enrol": return may("enrol") ? <Enrol /> : <Overview />;
    case "audit": return <Audit objectId={route.query.get("object") ?? ""} />;
    default: return <Overview />;
  }
}
