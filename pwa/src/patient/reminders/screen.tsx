/** Reminders on this phone: turn them on, see whether they arrive, and the calendar that rings without them. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { NoAnswer, Refusal } from "../../api/client.ts";
import type { PushState } from "../../api/push.ts";
import { Banner, Icon, Mend } from "../../parts/basics.tsx";
import { useApp } from "../app-context.tsx";
import { Page } from "../frame.tsx";
import { ability, TooLong, turnOff, turnOn, type Ability } from "../push.ts";
import { sentenceFor } from "../screens/entrance.tsx";
import { keepWanted } from "../wanted.ts";
import { CalendarPart } from "./calendar.tsx";
import { TestPart } from "./test.tsx";
import { useWords } from "./words.ts";

type Standing = Ability | "on" | "unproved";

function standingOf(can: Ability, state: PushState | null, unproved: boolean): Standing {
  if (can === "able" && state?.subscriptions.some((s) => s.is_this) === true) return "on";
  return unproved && (can === "able" || can === "asks") ? "unproved" : can;
}

export function RemindersScreen(): JSX.Element {
  const { t, diary } = useApp();
  const w = useWords();
  const [can, setCan] = useState(ability());
  const [state, setState] = useState<PushState | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [unproved, setUnproved] = useState(false);

  const read = async (): Promise<PushState | null> => {
    setCan(ability());
    try {
      const fresh = (await diary.call("GET", "/api/patient/push")) as PushState;
      setState(fresh);
      return fresh;
    } catch (error) {
      setProblem(sentenceFor(error, t));
      return null;
    }
  };
  useEffect(() => {
    void read();
    // Back from the phone's own settings: look again.
    const look = (): void => { if (document.visibilityState === "visible") void read(); };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);

  const standing = standingOf(can, state, unproved);
  return (
    <Page title={w.title} back="settings">
      <p>{w.lead}</p>
      <Switch standing={standing} state={state} problem={problem} onState={setState} onUnproved={setUnproved} onLook={() => void read()} onProblem={setProblem} />
      {state === null || state.sends ? null : <Banner tone="info" icon="alert" title={w.notSending} />}
      <TestPart state={state} onState={read} />
      <CalendarPart recommended={standing === "unproved" || standing === "unable" || state?.sends === false} />
    </Page>
  );
}

function Switch(props: {
  standing: Standing; state: PushState | null; problem: string | null; onState: (state: PushState) => void; onUnproved: (unproved: boolean) => void; onLook: () => void;
  onProblem: (problem: string | null) => void;
}): JSX.Element {
  const { t, diary, state: { account } } = useApp();
  const w = useWords();
  const [busy, setBusy] = useState(false);
  const { standing } = props;

  const switchOn = async (): Promise<void> => {
    if (account === null) return;
    // The question of the browser comes from this tap, and only after the words above.
    if (Notification.permission === "default" && (await Notification.requestPermission()) !== "granted") { props.onLook(); return; }
    await keepWanted(diary.db, account.id, true);
    props.onState(await turnOn(diary.call));
    props.onUnproved(false);
    props.onLook();
    await diary.keepOffered();
  };
  const switchOff = async (): Promise<void> => {
    if (account === null) return;
    await keepWanted(diary.db, account.id, false);
    await turnOff(diary.call);
    props.onLook();
  };
  const attempt = (work: () => Promise<void>): void => {
    setBusy(true);
    props.onProblem(null);
    work().catch((error: unknown) => {
      props.onLook();
      if (error instanceof TooLong || error instanceof DOMException) props.onUnproved(true);
      else if (error instanceof Refusal || error instanceof NoAnswer) props.onProblem(sentenceFor(error, t));
      else throw error;
    }).finally(() => setBusy(false));
  };
  const steps = standing === "denied" || standing === "install_first" || standing === "open_in_browser" ? w.steps[standing] : null;
  const canTry = standing === "able" || standing === "asks" || standing === "unproved";
  return (
    <section class="card stack">
      <h2>{w.sample}</h2>
      <Sample />
      <p class="tag"><Icon name={standing === "on" ? "check" : "off"} />{standing === "able" || standing === "asks" ? w.state.off : w.state[standing]}</p>
      {standing === "asks" ? <p class="meta">{w.askFirst}</p> : null}
      {standing === "unable" ? <p>{w.unable}</p> : standing === "unproved" ? <p>{w.unproved}</p> : null}
      {steps === null ? null : <ol class="steps">{steps.map((step) => <li key={step}>{step}</li>)}</ol>}
      <Mend text={props.problem} />
      {canTry ? <button type="button" class="btn main-act xl" disabled={busy} onClick={() => attempt(switchOn)}>{busy ? w.turningOn : w.turnOn}</button> : null}
      {standing === "on" ? <button type="button" class="btn" disabled={busy} onClick={() => attempt(switchOff)}>{w.turnOff}</button> : null}
      <Ways state={props.state} />
    </section>
  );
}

/** The words as strangers may read them. */
function Sample(): JSX.Element {
  const { text, t } = useApp();
  return <p class="well"><b>{t.appName}</b><br />{text("reminder_title")}</p>;
}

function Ways({ state }: { state: PushState | null }): JSX.Element | null {
  const w = useWords();
  if (state === null) return null;
  const ways = state.channels.map((c) => w.way[c.kind]);
  return (
    <>
      {state.subscriptions.length > 1 ? <p class="meta">{w.phones(state.subscriptions.length)}</p> : null}
      {ways.length === 0 ? null : <p class="meta">{w.others}: {[...new Set(ways)].join(", ")}</p>}
    </>
  );
}
