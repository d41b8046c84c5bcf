/** One participant on the overview: why, two weeks at a glance, what was done of what was due, and the one next step. */
import type { JSX, RefObject } from "preact";
import { useMemo } from "preact/hooks";
import type { Row } from "../api.ts";
import { AlertSentence, AlertTimes, useSeen } from "../alert-words.tsx";
import { useDesk } from "../context.tsx";
import { FALLING_POINTS, lastDays, type DueVisit, type Measured, type Reason, type Standing } from "../order.ts";
import { Level } from "../parts/bits.tsx";
import { Sparkline } from "../parts/spark.tsx";
import { agoWords, dayWords, moment } from "../when.ts";
import { stateWords } from "./overview.tsx";
import type { useAcknowledge } from "./resolve.tsx";
import type { DeskWords } from "../../text/site.ts";

export interface OfRow {
  standing: Standing;
  isTop: boolean;
  isChosen: boolean;
  busy: boolean;
  now: number;
  onAcknowledge: ReturnType<typeof useAcknowledge>["acknowledge"];
  onContact: (row: Row) => void;
}

/** A reason as a sentence; alerts have their own. */
export function reasonWords(reason: Exclude<Reason, { kind: "alert" }>, row: Row, t: DeskWords): string {
  const { needs } = t.work;
  switch (reason.kind) {
    case "more_pages": return needs.pages(reason.alerts);
    case "more_desk": return needs.deskAlerts(reason.alerts);
    case "unreachable": return needs.unreachable;
    case "silent": return row.last_contact_at === null ? needs.neverHeard(reason.days) : needs.silent(reason.days);
    case "attestation": return needs.attestation;
    case "reconsent": return t.overview.reconsent;
    case "held": return t.overview.held(reason.entries);
    case "refused": return needs.refused(reason.entries);
    case "falling": return needs.falling(needs.measured[reason.of], reason.from, reason.to);
    case "low": return needs.low(needs.measured[reason.of], reason.pct);
    case "overdue": return needs.overdue(reason.queries);
    case "queries": return needs.queries(reason.queries);
    case "visit": return visitWords(reason.visit, t);
    case "review": return needs.review;
  }
}

function visitWords(visit: DueVisit, t: DeskWords): string {
  const name = visit.names[t.common.code];
  const day = (of: string): string => dayWords(of, t, new Date().toISOString());
  const words = t.work.needs.visit;
  if (visit.state === "overdue") return words.overdue(name, day(visit.last_day));
  return visit.state === "due" ? words.due(name, day(visit.last_day)) : words.in_window(name, day(visit.day));
}

/** Where a reason is looked into. */
function placeOf(reason: Exclude<Reason, { kind: "alert" }>, id: string): string {
  switch (reason.kind) {
    case "unreachable": return `#/calls?p=${id}`;
    case "attestation": return `#/p/${id}/adherence?kind=contraception`;
    case "reconsent": return `#/p/${id}/person`;
    case "held": case "refused": return `#/p/${id}/waiting`;
    case "falling": case "low": return `#/p/${id}/adherence?kind=${reason.of}`;
    case "overdue": case "queries": return `#/queries?p=${id}`;
    case "visit": case "review": return `#/p/${id}/schedules`;
    case "more_pages": case "more_desk": case "silent": return `#/p/${id}`;
  }
}

export function PersonRow(props: OfRow): JSX.Element {
  const { t } = useDesk();
  const { row, alerts } = props.standing;
  const first = alerts[0];
  const seen = useSeen(first);
  const shownDay = Math.floor(props.now / 3_600_000);
  const days = useMemo(() => lastDays(row.zone, props.now), [row.zone, shownDay]);
  const hasMore = (kind: Reason["kind"]): boolean => props.standing.reasons.some((r) => r.kind === kind);
  const look = props.standing.group === "now" ? "page" : first?.state === "open" || hasMore("more_desk") ? "deskl" : "";
  return (
    <tr ref={seen as RefObject<HTMLTableRowElement>} class={`${look}${props.isChosen ? " chosen" : ""}`} aria-current={props.isChosen ? "true" : undefined}>
      <th scope="row" class="subj"><a class="num" href={`#/p/${row.id}`}>{row.subject_no}</a>
        <small>{row.is_child ? `${t.overview.child} · ` : ""}{stateWords(row, props.now, t)}</small>
        {row.identity === null ? null : <small class="name">{row.identity.name}</small>}
      </th>
      <td class="why"><Why {...props} /></td>
      <td class="glance-days"><Sparkline days={row.days} shown={days} /></td>
      <td class="fig"><span class="vh-wide">{t.work.needs.readings} </span><ShareFigure row={row} of="reading" /></td>
      <td class="fig"><span class="vh-wide">{t.work.needs.doses} </span><ShareFigure row={row} of="dose" /></td>
      <td class="fig"><span class="vh-wide">{t.work.needs.diary} </span><DiaryFigure row={row} /></td>
      <td class="fig heard"><span class="vh-wide">{t.work.needs.heard} </span>
        {row.last_contact_at === null ? <span class="meta">{t.overview.never}</span> : <><span class="num">{moment(row.last_contact_at, row.zone, props.now, t)}</span><small>{agoWords(row.last_contact_at, props.now, t)}</small></>}
      </td>
      <td class="step"><NextStep {...props} /></td>
    </tr>
  );
}

/** So many further reasons are said; the page of the participant has them all. */
const OTHERS = 2;

function Why({ standing }: OfRow): JSX.Element {
  const { t } = useDesk();
  const { row, reasons, alerts } = standing;
  const first = reasons[0];
  if (first === undefined) return <span class="meta">{t.overview.nothing}</span>;
  const leading = first.kind === "alert" ? first.alert : null;
  const others = reasons.slice(1).flatMap((r) => (r.kind === "alert" ? [] : [r]));
  const more = alerts.length - (leading === null ? 0 : 1);
  return (
    <>
      {first.kind === "alert"
        ? <><Level level={first.alert.level} /><AlertSentence alert={first.alert} /><AlertTimes alert={first.alert} brief /></>
        : <a class="also lead" href={placeOf(first, row.id)}>{reasonWords(first, row, t)}</a>}
      <span class="others">
        {more > 0 ? <a class="also" href="#/alerts">{t.overview.more(more)}</a> : null}
        {others.slice(0, OTHERS).map((r) => <a key={r.kind} class="also" href={placeOf(r, row.id)}>{reasonWords(r, row, t)}</a>)}
        {others.length > OTHERS ? <a class="also" href={`#/p/${row.id}`}>{t.work.needs.others(others.length - OTHERS)}</a> : null}
      </span>
    </>
  );
}

function ShareFigure({ row, of }: { row: Row; of: Measured }): JSX.Element {
  const { t } = useDesk();
  const { needs } = t.work;
  const { done, due, pct, before_pct: before } = row.adherence[of];
  if (pct === null) return <span class="meta">{needs.noneSet}</span>;
  const down = before === null ? 0 : Math.round(before) - Math.round(pct);
  const fell = down >= FALLING_POINTS ? `, ${needs.down(down)}` : "";
  return (
    <a class="figure num" href={`#/p/${row.id}/adherence?kind=${of}`} aria-label={`${needs.windows(needs.measured[of], row.subject_no)}: ${Math.round(pct)} %, ${needs.of(done, due)}${fell}`}>
      <b>{Math.round(pct)} %</b><span class="meterbar"><i style={{ width: `${Math.min(100, pct)}%` }} /></span>
      <small>{needs.of(done, due)}{down >= FALLING_POINTS ? <>, <span class="down">{needs.down(down)}</span></> : null}</small>
    </a>
  );
}

function DiaryFigure({ row }: { row: Row }): JSX.Element {
  const { t } = useDesk();
  const { needs } = t.work;
  const { done, due } = row.adherence.diary;
  if (due === 0) return <span class="meta">{needs.noneSet}</span>;
  return (
    <a class="figure num" href={`#/p/${row.id}/adherence?kind=diary`} aria-label={`${needs.windows(needs.measured.diary, row.subject_no)}: ${done} ${needs.ofDays(due)}`}>
      <b>{done}</b> <small>{needs.ofDays(due)}</small>
    </a>
  );
}

const CALLED: ReadonlySet<Reason["kind"]> = new Set(["silent", "attestation", "falling", "low"]);

function NextStep({ standing, isTop, busy, onAcknowledge, onContact }: OfRow): JSX.Element {
  const { t, may } = useDesk();
  const { row, reasons, group } = standing;
  const first = reasons[0];
  const look = isTop && group !== "nothing" ? "btn main-act" : "btn";
  const open = (href: string, label: string): JSX.Element => <a class={look} href={href}>{label}</a>;
  if (first === undefined) return open(`#/p/${row.id}`, t.overview.open);
  if (first.kind === "alert") {
    const { alert } = first;
    if (alert.state === "open" && may("acknowledge_alert")) {
      return <button type="button" class={look} disabled={busy} onClick={() => onAcknowledge(alert)}>{t.overview.acknowledge}</button>;
    }
    return open(`#/p/${row.id}`, t.overview.open);
  }
  if (first.kind === "unreachable" && may("close_call")) return open(`#/calls?p=${row.id}`, t.work.needs.call);
  if (CALLED.has(first.kind) && may("record_staff_entry")) return <button type="button" class={look} onClick={() => onContact(row)}>{t.work.needs.call}</button>;
  if (first.kind === "held" && may("accept_held_entry")) return open(placeOf(first, row.id), t.overview.review);
  if (first.kind === "refused") return open(placeOf(first, row.id), t.overview.review);
  if (first.kind === "overdue" || first.kind === "queries") return open(placeOf(first, row.id), t.work.needs.toQueries);
  if (first.kind === "visit" || first.kind === "review") return open(placeOf(first, row.id), t.page.care.visits);
  return open(`#/p/${row.id}`, t.overview.open);
}
