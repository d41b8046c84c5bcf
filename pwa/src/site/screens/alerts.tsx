import type { JSX, RefObject } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Alert } from "../api.ts";
import { AlertSentence, AlertTimes, useSeen } from "../alert-words.tsx";
import { bell } from "../bell.ts";
import { useChosen } from "../chosen.ts";
import { useDesk, useLoad, useNow, usePolling } from "../context.tsx";
import { useKeys } from "../keys.ts";
import { byPressure } from "../order.ts";
import { Level, Wait } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { go } from "../route.ts";
import { OnCallLine } from "../parts/on-call.tsx";
import { DeskIcon } from "../parts/icons.tsx";
import { Rounds, SaeLine } from "../parts/alert-clocks.tsx";
import { agoWords, browserZone, moment } from "../when.ts";
import { bySaeClock } from "../sae.ts";
import { DecideDialog, ResolveDialog, useAcknowledge } from "./resolve.tsx";

type Shown = "live" | "undecided" | "resolved";
const UNDECIDED_EVERY_MS = 60_000;

export function Alerts(): JSX.Element {
  const { desk, t, state } = useDesk();
  const [shown, show] = useState<Shown>("live");
  const now = useNow(15_000);
  usePolling(() => desk.checkUndecided(), UNDECIDED_EVERY_MS, [desk]);
  const checked = state.checkedAt === null ? "" : t.overview.live(agoWords(new Date(state.checkedAt).toISOString(), Math.max(now, state.checkedAt), t));
  return (
    <>
      <div class="title">
        <h1>{t.alerts.title}</h1>
        <span class={state.online ? "meta num" : "meta num offline"} role="status">{state.online ? checked : t.overview.offline}</span><span class="gap" />
        <SoundSwitch />
        <div class="chips" role="group" aria-label={t.alerts.title}>
          {(["live", "undecided", "resolved"] as const).map((one) => (
            <button key={one} type="button" class="chip" aria-pressed={shown === one} onClick={() => show(one)}>
              {shown === one ? <Icon name="check" /> : null}{one === "resolved" ? t.alerts.resolved : one === "undecided" ? `${t.alerts.undecided} ${state.undecided.length}` : `${t.alerts.open} + ${t.alerts.acknowledged} ${state.alerts.length}`}
            </button>
          ))}
        </div>
      </div>
      <OnCallLine />
      {shown === "live" ? <AlertList alerts={[...state.alerts].sort(byPressure)} empty={t.alerts.allQuiet} /> : null}
      {shown === "undecided" ? <AlertList alerts={[...state.undecided].sort(bySaeClock)} empty={t.alerts.noUndecided} /> : null}
      {shown === "resolved" ? <Resolved /> : null}
    </>
  );
}

/** The sound of a new page: on, off, and to try, because browsers may keep a page silent. */
function SoundSwitch(): JSX.Element {
  const { t } = useDesk();
  const [isOn, setOn] = useState(bell.isOn);
  const turn = (): void => {
    bell.switch(!isOn);
    setOn(!isOn);
    bell.wake();
    bell.ring();
  };
  return <button type="button" class="chip" aria-pressed={isOn} onClick={turn}><DeskIcon name="bell" />{isOn ? t.work.inbox.soundOn : t.work.inbox.soundOff}</button>;
}

function Resolved(): JSX.Element {
  const { api, t } = useDesk();
  const first = useLoad(() => api.listAlerts({ state: "resolved", limit: 50 }), []);
  const more = async (before: string): Promise<void> => {
    const next = await api.listAlerts({ state: "resolved", limit: 50, before });
    first.set({ alerts: [...(first.data?.alerts ?? []), ...next.alerts], next: next.next });
  };
  return (
    <Wait of={first}>{(page) => (
      <>
        <AlertList alerts={page.alerts} empty={t.alerts.none} onDecided={(alert) => first.set({ ...page, alerts: page.alerts.map((one) => (one.id === alert.id ? alert : one)) })} />
        {page.next === null ? null : <button type="button" class="btn" onClick={() => void more(page.next ?? "")}>{t.common.more}</button>}
      </>
    )}</Wait>
  );
}

export function AlertList({ alerts, empty, within, onDecided }: { alerts: readonly Alert[]; empty: string; within?: boolean; onDecided?: (alert: Alert) => void }): JSX.Element {
  const { may } = useDesk();
  const { chosen, list, keys } = useChosen(alerts, (alert) => alert.id);
  const [resolving, setResolving] = useState<Alert | null>(null);
  const [deciding, setDeciding] = useState<Alert | null>(null);
  const { acknowledge, busy, problem } = useAcknowledge();
  useKeys(within === true ? {} : {
    ...keys,
    Enter: () => chosen !== undefined && go(`p/${chosen.participant_id}`),
    a: () => chosen?.state === "open" && may("acknowledge_alert") && acknowledge(chosen),
    r: () => chosen !== undefined && chosen.state !== "resolved" && may("resolve_alert") && setResolving(chosen),
  });
  return (
    <>
      <Problem text={problem} />
      {alerts.length === 0 ? <p class="panel meta">{empty}</p> : (
        <ul class="alerts" ref={list as RefObject<HTMLUListElement>}>
          {alerts.map((alert, i) => (
            <AlertItem key={alert.id} alert={alert} isTop={i === 0} isChosen={within !== true && alert === chosen} within={within === true} busy={busy}
              onAcknowledge={() => acknowledge(alert)} onResolve={() => setResolving(alert)} onDecide={() => setDeciding(alert)} />
          ))}
        </ul>
      )}
      {resolving === null ? null : <ResolveDialog alert={resolving} onClose={() => setResolving(null)} onDone={() => setResolving(null)} />}
      {deciding === null ? null : <DecideDialog alert={deciding} onClose={() => setDeciding(null)} onDone={(alert) => {
        setDeciding(null);
        onDecided?.(alert);
      }} />}
    </>
  );
}

function AlertItem(props: {
  alert: Alert; isTop: boolean; isChosen: boolean; within: boolean; busy: boolean; onAcknowledge: () => void; onResolve: () => void; onDecide: () => void;
}): JSX.Element {
  const { t, may } = useDesk();
  const { alert } = props;
  const seen = useSeen(alert);
  const urgent = alert.level === "page" && alert.state === "open";
  const main = props.isTop ? "btn main-act" : "btn";
  return (
    <li ref={seen as RefObject<HTMLLIElement>} class={`alert${urgent ? " urgent" : ""}${alert.level === "desk" ? " deskl" : ""}${props.isChosen ? " chosen" : ""}`} aria-current={props.isChosen ? "true" : undefined}>
      <div class="alert-head">
        <Level level={alert.level} />
        {props.within ? null : <a class="subject num" href={`#/p/${alert.participant_id}`}>{alert.subject_no}</a>}
        <span class="meta">{t.alerts[alert.state]}</span>
      </div>
      <div class="alert-body">
        <AlertSentence alert={alert} />
        <AlertTimes alert={alert} />
        <Rounds alert={alert} />
        <SaeLine alert={alert} />
        {alert.resolution === null ? null : (
          <p class="resolution"><span class="meta">{t.alerts.was}</span> {alert.resolution}{alert.sae === null ? null : <span class="meta"> · {t.alerts.saeWas}: {t.alerts.saeOptions[alert.sae]}</span>}</p>
        )}
        {alert.sae_at === null ? null : <Decision alert={alert} />}
      </div>
      <div class="acts">
        {alert.state === "open" && may("acknowledge_alert") ? <button type="button" class={main} disabled={props.busy} onClick={props.onAcknowledge}>{t.alerts.acknowledge}</button> : null}
        {alert.state !== "resolved" && may("resolve_alert") ? <button type="button" class={alert.state === "open" ? "btn" : main} onClick={props.onResolve}>{t.alerts.resolve}</button> : null}
        {alert.state === "resolved" && may("decide_sae") ? <button type="button" class={alert.sae === "undecided" ? main : "btn quiet"} onClick={props.onDecide}>{alert.sae === "undecided" || alert.sae === null ? t.alerts.decide : t.alerts.decideAnew}</button> : null}
      </div>
    </li>
  );
}

/** What was decided about the adverse event after the alert was closed: who, when, why. */
function Decision({ alert }: { alert: Alert }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(60_000);
  const at = alert.sae_at === null ? "" : moment(alert.sae_at, state.me?.site?.zone ?? browserZone(), now, t);
  return <p class="resolution"><span class="meta num">{t.alerts.decidedAt} {at}{alert.sae_by_name === null ? "" : ` ${t.work.inbox.by(alert.sae_by_name)}`}</span> {alert.sae_reason}</p>;
}
