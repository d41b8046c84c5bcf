import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Sprite } from "../parts/basics.tsx";
import { useDesk, usePolling } from "./context.tsx";
import { Frame } from "./frame.tsx";
import { useRoute, type Route } from "./route.ts";
import { Accounts } from "./screens/accounts.tsx";
import { Alerts } from "./screens/alerts.tsx";
import { Audit } from "./screens/audit.tsx";
import { Enrol } from "./screens/enrol.tsx";
import { Activate, SetUp, SignIn, SignInAgain } from "./screens/entrance.tsx";
import { MyAccount } from "./screens/me.tsx";
import { Overview } from "./screens/overview.tsx";
import { Person } from "./screens/person.tsx";
import { Sites } from "./screens/sites.tsx";

const ALERTS_EVERY_MS = 15_000;

export function App(): JSX.Element {
  const { desk, state, t } = useDesk();
  const route = useRoute();
  const me = state.me?.account.id ?? "";
  usePolling(() => desk.checkAlerts(), ALERTS_EVERY_MS, [desk, me]);
  useEffect(() => {
    document.documentElement.lang = state.language;
    const urgent = state.alerts.some((a) => a.level === "page" && a.state === "open");
    const count = state.alerts.length;
    document.title = count === 0 ? t.appName : `(${count}${urgent ? "!" : ""}) ${t.appName}`;
  }, [state.language, state.alerts, t]);
  return <><Sprite /><Inside route={route} />{state.signInAgain ? <SignInAgain /> : null}</>;
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
  if (may("manage_accounts")) return route.name === "sites" ? <Sites /> : <Accounts />;
  switch (route.name) {
    case "alerts": return <Alerts />;
    case "p": return <Person id={route.parts[0] ?? ""} tab={route.parts[1] ?? ""} query={route.query} />;
    case "enrol": return may("enrol") ? <Enrol /> : <Overview />;
    case "audit": return <Audit objectId={route.query.get("object") ?? ""} />;
    default: return <Overview />;
  }
}
