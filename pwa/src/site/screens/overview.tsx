/** Who needs me now: one row per participant, a sentence and one button. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Row } from "../api.ts";
import { AlertSentence, AlertTimes, useSeen } from "../alert-words.tsx";
import { useDesk, useLoad, useNow, usePolling } from "../context.tsx";
import { useKeys } from "../keys.ts";
import { GROUPS, passes, standings, type Filter, type Standing } from "../order.ts";
import { Level, Wait } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { go, useRoute } from "../route.ts";
import { agoWords, daysSince, moment } from "../when.ts";
import { useAcknowledge } from "./resolve.tsx";
import type { DeskWords } from "../../text/site.ts";

const EVERY_MS = 30_000;

/** The state, and after a transplant the day of it. */
export function stateWords(of: Pick<Row, "state" | "transplant_days" | "zone">, nowMs: number, t: DeskWords): string {
  const last = [...of.transplant_days].sort().at(-1);
  if (of.state !== "transplanted" || last === undefined) return t.overview.states[of.state];
  return t.overview.dayAfter(daysSince(last, of.zone, nowMs));
}

export function Overview(): JSX.Element {
  const { api, t, state, may } = useDesk();
  const rows = useLoad(() => api.listParticipants(), []);
  usePolling(() => rows.reload(), EVERY_MS, []);
  const now = useNow(15_000);
  const search = useRoute().query.get("q") ?? "";
  const [filter, setFilter] = useState<Filter>("all");
  const [only, setOnly] = useState<Row["state"] | "">("");
  const all = useMemo(() => standings(rows.data ?? [], state.alerts), [rows.data, state.alerts]);
  const shown = all.filter((s) => passes(s, filter, only, search));
  const checked = state.checkedAt === null ? "" : t.overview.live(agoWords(new Date(state.checkedAt).toISOString(), Math.max(now, state.checkedAt), t));
  const count = (f: Filter): number => all.filter((s) => passes(s, f, "", "")).length;
  const filters: [Filter, string][] = [["all", t.overview.filterAll], ["alerts", t.overview.filterAlerts], ["held", t.overview.filterHeld]];
  return (
    <>
      <div class="title">
        <h1>{t.overview.title}</h1>
        <span class={state.online ? "meta num" : "meta num offline"} role="status">{state.online ? checked : t.overview.offline}</span>
        <span class="gap" />
        <div class="chips" role="group" aria-label={t.overview.title}>
          {filters.map(([value, label]) => (
            <button key={value} type="button" class="chip" aria-pressed={filter === value} onClick={() => setFilter(value)}>
              {filter === value ? <Icon name="check" /> : null}{label} {count(value)}
            </button>
          ))}
          <label class="pick"><span class="vh">{t.overview.filterState}</span>
            <select class="input" value={only} onChange={(e) => setOnly(e.currentTarget.value as Row["state"] | "")}>
              <option value="">{t.overview.everyState}</option>
              {Object.entries(t.overview.states).map(([value, label]) => <option key={value} value={value}>{label}</option>)}
            </select>
          </label>
        </div>
      </div>
      <Wait of={rows}>{() => shown.length > 0 ? <People shown={shown} /> : (
        <div class="panel empty">
          <p>{all.length === 0 ? t.overview.empty : t.overview.noMatch}</p>
          {all.length === 0 && may("enrol") ? <a class="btn main-act" href="#/enrol">{t.enrol.title}</a> : null}
          {all.length > 0 ? <button type="button" class="btn" onClick={() => {
            setFilter("all");
            setOnly("");
            go("", true);
          }}>{t.overview.clear}</button> : null}
        </div>
      )}</Wait>
    </>
  );
}

function People({ shown }: { shown: Standing[] }): JSX.Element {
  const { t, may } = useDesk();
  const now = useNow(15_000);
  const [at, setAt] = useState(0);
  const { acknowledge, busy, problem } = useAcknowledge();
  const chosen = shown[Math.min(at, shown.length - 1)];
  const step = (by: number) => (): void => setAt((i) => Math.max(0, Math.min(shown.length - 1, i + by)));
  const open = (): void => {
    if (chosen !== undefined) go(`p/${chosen.row.id}`);
  };
  useKeys({
    j: step(1), k: step(-1), ArrowDown: step(1), ArrowUp: step(-1), Enter: open,
    a: () => chosen?.alerts[0]?.state === "open" && may("acknowledge_alert") && acknowledge(chosen.alerts[0]),
  });
  useEffect(() => {
    const first = shown[0];
    const openFound = (): void => {
      if (first !== undefined) go(`p/${first.row.id}`);
    };
    document.addEventListener("desk-open-found", openFound);
    return () => document.removeEventListener("desk-open-found", openFound);
  }, [shown]);
  return (
    <>
      <Problem text={problem} />
      <table class="people">
        <colgroup><col style={{ width: "128px" }} /><col /><col style={{ width: "168px" }} /><col style={{ width: "150px" }} /><col style={{ width: "136px" }} /></colgroup>
        <thead><tr><th scope="col">{t.overview.subject}</th><th scope="col">{t.overview.why}</th><th scope="col">{t.overview.lastReading}</th><th scope="col">{t.overview.lastContact}</th><th scope="col"><span class="vh">{t.overview.next}</span></th></tr></thead>
        {GROUPS.map((group) => {
          const rows = shown.filter((s) => s.group === group);
          if (rows.length === 0) return null;
          return (
            <tbody key={group}>
              <tr class="group"><th colSpan={5} scope="rowgroup">{t.overview.groups[group]} <span class="meta">{group === "nothing" ? t.overview.people(rows.length) : t.overview.groupNotes[group]}</span></th></tr>
              {rows.map((s) => <PersonRow key={s.row.id} standing={s} isTop={s === shown[0]} isChosen={s === chosen} busy={busy} now={now} onAcknowledge={acknowledge} />)}
            </tbody>
          );
        })}
      </table>
    </>
  );
}

function PersonRow(props: {
  standing: Standing; isTop: boolean; isChosen: boolean; busy: boolean; now: number; onAcknowledge: ReturnType<typeof useAcknowledge>["acknowledge"];
}): JSX.Element {
  const { t } = useDesk();
  const { row, alerts, group } = props.standing;
  const first = alerts[0];
  const seen = useSeen(first);
  const own = useRef<HTMLTableRowElement | null>(null);
  useEffect(() => {
    if (props.isChosen) own.current?.scrollIntoView({ block: "nearest" });
  }, [props.isChosen]);
  const at = (instant: string | null): JSX.Element => instant === null
    ? <span class="meta">{t.overview.never}</span>
    : <><span class="num">{moment(instant, row.zone, props.now, t)}</span><small>{agoWords(instant, props.now, t)}</small></>;
  const look = first?.state === "open" ? (first.level === "page" ? "page" : "deskl") : "";
  return (
    <tr ref={(e) => {
      own.current = e;
      seen.current = e;
    }} class={`${look}${props.isChosen ? " chosen" : ""}`} aria-current={props.isChosen ? "true" : undefined}>
      <th scope="row" class="subj"><a class="num" href={`#/p/${row.id}`}>{row.subject_no}</a>
        <small>{row.is_child ? `${t.overview.child} · ` : ""}{stateWords(row, props.now, t)}</small>
        {row.identity === null ? null : <small class="name">{row.identity.name}</small>}
      </th>
      <td class="why">
        {first === undefined ? null : <><Level level={first.level} /><AlertSentence alert={first} /><AlertTimes alert={first} /></>}
        {alerts.length > 1 ? <span class="also">{t.overview.more(alerts.length - 1)}</span> : null}
        {row.held_entries > 0 ? <a class="also" href={`#/p/${row.id}/waiting`}>{t.overview.held(row.held_entries)}</a> : null}
        {row.reconsent_due ? <a class="also" href={`#/p/${row.id}/person`}>{t.overview.reconsent}</a> : null}
        {group === "nothing" ? <span class="meta">{t.overview.nothing}</span> : null}
      </td>
      <td class="fig"><span class="vh-wide">{t.overview.lastReading} </span>{at(row.last_reading_at)}</td>
      <td class="fig"><span class="vh-wide">{t.overview.lastContact} </span>{at(row.last_contact_at)}</td>
      <td class="step"><NextStep {...props} /></td>
    </tr>
  );
}

function NextStep({ standing, isTop, busy, onAcknowledge }: Parameters<typeof PersonRow>[0]): JSX.Element {
  const { t, may } = useDesk();
  const { row, alerts, group } = standing;
  const first = alerts[0];
  const look = isTop && group !== "nothing" ? "btn main-act" : "btn";
  if (first?.state === "open" && may("acknowledge_alert")) {
    return <button type="button" class={look} disabled={busy} onClick={() => onAcknowledge(first)}>{t.overview.acknowledge}</button>;
  }
  if (row.held_entries > 0 && may("accept_held_entry")) return <a class={look} href={`#/p/${row.id}/waiting`}>{t.overview.review}</a>;
  return <a class={look} href={`#/p/${row.id}`}>{t.overview.open}</a>;
}
