/** An alert in one sentence: what it is, the values behind it, and why it became a page. */
import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { NoAnswer, Refusal } from "../api/client.ts";
import type { Alert, Api, Entry } from "./api.ts";
import { useDesk, useNow } from "./context.tsx";
import { EntryWords } from "./parts/bits.tsx";
import { SeenQueue } from "./seen.ts";
import { agoWords, browserZone, livedMoment, moment } from "./when.ts";

const SHOWN = 3;

export interface Behind {
  entries: Entry[];
  /** Of a refused text: what was typed. */
  typed: string[];
}

const found = new Map<string, Promise<Behind>>();

function behind(api: Api, alert: Alert, written: number): Promise<Behind> {
  const key = `${alert.id} ${alert.entry_ids.join(" ")} ${alert.state} ${written}`;
  const known = found.get(key) ?? load(api, alert);
  found.set(key, known);
  known.catch(() => found.delete(key));
  return known;
}

async function load(api: Api, alert: Alert): Promise<Behind> {
  const ids = alert.entry_ids.slice(-SHOWN);
  if (alert.kind === "refused_text") {
    const { refusals } = await api.listRefusals(alert.participant_id);
    return { entries: [], typed: refusals.filter((r) => ids.includes(r.id)).map((r) => typedValue(r.raw)) };
  }
  const chains = await Promise.all(ids.map((id) => api.getEntryHistory(alert.participant_id, id)));
  const versions = chains.flatMap((chain, i) => chain.filter((v) => v.id === ids[i]));
  const readings = await Promise.all(readingsOf(versions).filter((id) => !ids.includes(id)).map((id) => api.getEntryHistory(alert.participant_id, id)));
  const all = [...readings.flatMap((chain) => chain.filter((v) => v.is_current)), ...versions];
  return { entries: [...new Map(all.map((v) => [v.root_id, v])).values()], typed: [] };
}

/** The readings that the answers in these entries belong to: an alert on an answer alone would show no number. */
function readingsOf(entries: readonly Entry[]): string[] {
  return entries.map((e) => e.data?.reading_id).filter((id): id is string => typeof id === "string");
}

/** The value inside what a phone sent, or the beginning of the text where there is none. */
export function typedValue(raw: string): string {
  try {
    const body = JSON.parse(raw) as { data?: { value?: unknown; unit?: unknown } };
    const parts = [body.data?.value, body.data?.unit].filter((p) => typeof p === "string" || typeof p === "number");
    if (parts.length > 0) return parts.join(" ");
  } catch {
    // Not JSON: shown as it came.
  }
  return raw.slice(0, 80);
}

/** A version that another one has replaced since. */
const isOld = (entry: Entry): boolean => !entry.is_current && entry.state !== "held";

export function useBehind(alert: Alert): Behind | null {
  const { api, state } = useDesk();
  const [data, set] = useState<Behind | null>(null);
  const entries = alert.entry_ids.join(" ");
  useEffect(() => {
    let gone = false;
    behind(api, alert, state.written).then((b) => {
      if (!gone) set(b);
    }, (error: unknown) => {
      // The sentence stays without its values; the participant's page says why.
      if (!(error instanceof Refusal || error instanceof NoAnswer)) throw error;
    });
    return () => void (gone = true);
  }, [alert.id, alert.state, entries, state.written]);
  return data;
}

export function AlertSentence({ alert }: { alert: Alert }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(30_000);
  const data = useBehind(alert);
  const more = alert.entry_ids.length - SHOWN;
  return (
    <span class="alert-words">
      <b>{t.alerts.kinds[alert.kind] ?? alert.kind}</b>
      {data?.entries.map((entry) => (
        <span key={entry.id} class="alert-value">
          {state.study === null ? null : <EntryWords entry={entry} study={state.study} brief struck={isOld(entry)} />}{isOld(entry) ? <span class="mark-word"> {t.diary.corrected}</span> : null} <span class="meta">{livedMoment(entry, now, t)}</span>
        </span>
      ))}
      {data?.typed.map((text, i) => <q key={i}>{text}</q>)}
      {more > 0 ? <span class="meta">{t.alerts.entries(alert.entry_ids.length)}</span> : null}
      {alert.reason === null ? null : <span>{t.alerts.reasons[alert.reason] ?? ""}</span>}
    </span>
  );
}

/** Since when it stands, whether somebody saw it, has it, closed it. */
export function AlertTimes({ alert }: { alert: Alert }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(30_000);
  const zone = state.me?.site?.zone ?? browserZone();
  const at = (instant: string): string => moment(instant, zone, now, t);
  return (
    <span class="meta times num">
      <span>{t.alerts.opened} {agoWords(alert.opened_at, now, t)}</span>
      <span>{alert.seen_at === null ? t.alerts.notSeen : `${t.alerts.seen} ${at(alert.seen_at)}`}</span>
      {alert.acknowledged_at === null ? null : <span>{t.alerts.acknowledgedAt} {at(alert.acknowledged_at)}</span>}
      {alert.resolved_at === null ? null : <span>{t.alerts.resolvedAt} {at(alert.resolved_at)}</span>}
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
