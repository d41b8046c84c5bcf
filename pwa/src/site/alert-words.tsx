/** An alert in one sentence: what it is, the values behind it, and why it became a page. */
import type { JSX, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Alert, AlertEntry } from "./api.ts";
import { useDesk, useNow } from "./context.tsx";
import { EntryWords } from "./parts/bits.tsx";
import { SeenQueue } from "./seen.ts";
import { agoWords, browserZone, livedMoment, moment } from "./when.ts";

/** A version that another one has replaced since. */
const isOld = (entry: AlertEntry): boolean => !entry.is_current && entry.state !== "held";

/** A reading and its answers share their moment: it is said once, after the last of them. */
const sameMoment = (entry: AlertEntry, next: AlertEntry | undefined): boolean => next?.occurred_at === entry.occurred_at && next.zone === entry.zone;

export function AlertSentence({ alert }: { alert: Alert }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(30_000);
  const ofIt = alert.entries.filter((entry) => alert.entry_ids.includes(entry.id)).length;
  const more = alert.entry_ids.length - Math.max(ofIt, alert.typed.length);
  return (
    <span class="alert-words">
      <b>{t.alerts.kinds[alert.kind] ?? alert.kind}</b>
      {alert.entries.map((entry, i) => (
        <span key={entry.id} class="alert-value">
          {state.study === null ? null : <EntryWords entry={entry} study={state.study} brief struck={isOld(entry)} />}{isOld(entry) ? <span class="mark-word"> {t.diary.corrected}</span> : null} {sameMoment(entry, alert.entries[i + 1]) ? null : <span class="meta">{livedMoment(entry, now, t)}</span>}
        </span>
      ))}
      {alert.typed.map((text, i) => <q key={i}>{text}</q>)}
      {more > 0 ? <span class="meta">{t.alerts.entries(alert.entry_ids.length)}</span> : null}
      {alert.reason === null ? null : <span>{t.alerts.reasons[alert.reason] ?? ""}</span>}
    </span>
  );
}

/** Since when it stands, whether somebody saw it, has it, closed it. */
export function AlertTimes({ alert, brief }: { alert: Alert; brief?: boolean }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(30_000);
  const zone = state.me?.site?.zone ?? browserZone();
  const at = (instant: string): string => moment(instant, zone, now, t);
  const by = (name: string | null): string => (name === null || brief === true ? "" : ` ${t.work.inbox.by(name)}`);
  return (
    <span class="meta times num">
      <span>{t.alerts.opened(agoWords(alert.opened_at, now, t))}</span>
      <span>{alert.seen_at === null ? t.alerts.notSeen : `${t.alerts.seen} ${at(alert.seen_at)}${by(alert.seen_by_name)}`}</span>
      {alert.acknowledged_at === null ? null : <span>{t.alerts.acknowledgedAt} {at(alert.acknowledged_at)}{by(alert.acknowledged_by_name)}</span>}
      {alert.resolved_at === null ? null : <span>{t.alerts.resolvedAt} {at(alert.resolved_at)}{by(alert.resolved_by_name)}</span>}
    </span>
  );
}

let queue: SeenQueue | null = null;

/** A ref for the element that shows the alert: once it is on a visible screen, the server is told. */
export function useSeen(alert: Alert | undefined): RefObject<HTMLElement | null> {
  const { desk, may } = useDesk();
  const element = useRef<HTMLElement>(null);
  const id = alert?.seen_at === null ? alert.id : null;
  const allowed = may("acknowledge_alert");
  useEffect(() => {
    if (id === null || !allowed || element.current === null) return undefined;
    const told = (queue ??= new SeenQueue((ids) => desk.api.seeAlerts(ids)));
    let inSight = false;
    const look = (): void => {
      if (inSight && document.visibilityState === "visible") told.add(id);
      else told.drop(id);
    };
    const watch = new IntersectionObserver((entries) => {
      inSight = entries.some((e) => e.isIntersecting);
      look();
    }, { threshold: 0.5 });
    watch.observe(element.current);
    document.addEventListener("visibilitychange", look);
    return () => {
      watch.disconnect();
      document.removeEventListener("visibilitychange", look);
      told.drop(id);
    };
  }, [id, allowed, desk]);
  return element;
}
