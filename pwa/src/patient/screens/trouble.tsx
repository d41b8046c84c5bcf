/** The phone's own store does not open, or not yet: what to do, and the ways to help, which need no store. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { useApp } from "../app-context.tsx";
import { Page } from "../frame.tsx";
import { CallSite } from "./entrance.tsx";
import { HelpDoor } from "./help.tsx";

/** Opening takes a moment; longer than this, another page of the diary holds the store. */
const LONG_MS = 1_500;

export function Trouble(): JSX.Element | null {
  const { t, state } = useApp();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  if (state.phase === "opening" && !isLong) return null;
  const emergency = state.study.site.emergency_phone;
  return (
    <Page title={t.appName} plain dock={<HelpDoor />}>
      <div class="center">
        <h2 class="lead">{state.phase === "opening" ? t.trouble.opening : t.trouble.title}</h2>
        <p>{state.phase === "open" ? t.trouble.signIn : t.trouble.lead}</p>
        {state.phase === "open" ? <a class="btn main-act xl" href="#/sign-in">{t.waiting.signInGo}</a>
          : <button type="button" class="btn main-act xl" onClick={() => location.reload()}>{t.common.retry}</button>}
        <CallSite />
        <a class="btn xl" href={`tel:${emergency}`}><Icon name="phone" />{t.help.call120(emergency)}</a>
      </div>
    </Page>
  );
}
