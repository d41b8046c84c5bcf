/** Who needs me now: one row per participant, a sentence and one button. */
import type { JSX, RefObject } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Row } from "../api.ts";
import { useChosen } from "../chosen.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { useGrowing } from "../growing.ts";
import { useKeys } from "../keys.ts";
import { FILTERS, GROUPS, passes, standings, type Filter, type Standing } from "../order.ts";
import { Wait } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { OnCallLine } from "../parts/on-call.tsx";
import { go } from "../route.ts";
import { useRoute } from "../use-route.ts";
import { agoWords, daysSince } from "../when.ts";
import { ContactDialog } from "./contact.tsx";
import { PersonRow } from "./overview-row.tsx";
import { useAcknowledge } from "./resolve.tsx";
import type { DeskWords } from "../../text/site.ts";

const EVERY_MS = 30_000;
/** The order needs the clock to the minute only: rows that jump under a finger help nobody. */
const SORTED_EVERY_MS = 60_000;

/** The state, and after a transplant the day of it. */
export function stateWords(of: Pick<Row, "state" | "transplant_days" | "zone">, nowMs: number, t: DeskWords): string {
  const last = [...of.transplant_days].sort().at(-1);
  if (of.state !== "transplanted" || last === undefined) return t.overview.states[of.state];
  return t.overview.dayAfter(daysSince(last, of.zone, nowMs));
}

export function Overview(): JSX.Element {
  const { api, t, state, may } = useDesk();
  const rows = useLoad(() => api.listParticipants(), [], EVERY_MS);
  const now = useNow(15_000);
  const sortedAt = useNow(SORTED_EVERY_MS);
  const search = useRoute().query.get("q") ?? "";
  const [filter, setFilter] = useState<Filter>("all");
  const [only, setOnly] = useState<Row["state"] | "">("");
  const all = useMemo(() => standings(rows.data ?? [], state.alerts, sortedAt), [rows.data, state.alerts, sortedAt]);
  // A row that counts more alerts than are at hand is older than they are, or they are incomplete.
  const isBehind = all.some((s) => s.reasons.some((r) => r.kind === "more_pages" || r.kind === "more_desk"));
  useEffect(() => {
    if (isBehind && state.checkedAt !== null) void rows.reload();
  }, [isBehind, state.checkedAt]);
  // A count is what pressing it would show.
  const counts = FILTERS.map((f) => all.filter((s) => passes(s, f, only, search)).length);
  const shown = useMemo(() => all.filter((s) => passes(s, filter, only, search)), [all, filter, only, search]);
  const checked = state.checkedAt === null ? "" : t.overview.live(agoWords(new Date(state.checkedAt).toISOString(), Math.max(now, state.checkedAt), t));
  const clear = (): void => {
    setFilter("all");
    setOnly("");
    go("", true);
  };
  return (
    <>
      <div class="title">
        <h1>{t.overview.title}</h1>
        <span class={state.online ? "meta num" : "meta num offline"} role="status">{state.online ? checked : t.overview.offline}</span>
        <span class="gap" />
        <OnCallLine />
      </div>
      <div class="title filters">
        <div class="chips" role="group" aria-label={t.overview.title}>
          {FILTERS.map((value, i) => (
            <button key={value} type="button" class="chip" aria-pressed={filter === value} onClick={() => setFilter(value)}>
              {filter === value ? <Icon name="check" /> : null}{t.work.needs.filters[value]} <span class="num">{counts[i]}</span>
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
      <Wait of={rows}>{() => shown.length > 0 ? <People shown={shown} listed={`${filter} ${only} ${search}`} now={now} onChanged={() => void rows.reload()} /> : (
        <div class="panel empty">
          <p>{all.length === 0 ? t.overview.empty : t.overview.noMatch}</p>
          {all.length === 0 && may("enrol") ? <a class="btn main-act" href="#/enrol">{t.enrol.title}</a> : null}
          {all.length > 0 ? <button type="button" class="btn" onClick={clear}>{t.overview.clear}</button> : null}
        </div>
      )}</Wait>
    </>
  );
}

function People({ shown, listed, now, onChanged }: { shown: Standing[]; listed: string; now: number; onChanged: () => void }): JSX.Element {
  const { t, may } = useDesk();
  const [contacting, setContacting] = useState<Row | null>(null);
  const growing = useGrowing(shown.length, listed);
  const { acknowledge, busy, problem } = useAcknowledge();
  const { chosen, at, list, keys } = useChosen(shown, (s) => s.row.id, { listed, onStep: growing.reach });
  useEffect(() => {
    if (at >= growing.shown) growing.reach(at);
  }, [at]);
  useKeys({
    ...keys,
    Enter: () => chosen !== undefined && go(`p/${chosen.row.id}`),
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
  const drawn = shown.slice(0, growing.shown);
  const { needs } = t.work;
  return (
    <>
      <Problem text={problem} />
      <table class="people glance" ref={list as RefObject<HTMLTableElement>}>
        <colgroup><col class="c-subj" /><col /><col class="c-spark" /><col class="c-fig" /><col class="c-fig" /><col class="c-days" /><col class="c-heard" /><col class="c-step" /></colgroup>
        <thead><tr>
          <th scope="col">{t.overview.subject}</th><th scope="col">{t.overview.why}</th><th scope="col" title={needs.sparkKey}>{needs.spark}</th><th scope="col">{needs.readings}</th>
          <th scope="col">{needs.doses}</th><th scope="col">{needs.diary}</th><th scope="col">{needs.heard}</th><th scope="col"><span class="vh">{t.overview.next}</span></th>
        </tr></thead>
        {GROUPS.map((group) => {
          const rows = drawn.filter((s) => s.group === group);
          if (rows.length === 0) return null;
          const inGroup = shown.filter((s) => s.group === group).length;
          return (
            <tbody key={group}>
              <tr class="group"><th colSpan={8} scope="rowgroup">{needs.groups[group]} <span class="meta">{t.overview.people(inGroup)}{needs.notes[group] === "" ? "" : ` · ${needs.notes[group]}`}</span></th></tr>
              {rows.map((s) => <PersonRow key={s.row.id} standing={s} isTop={s === shown[0]} isChosen={s === chosen} busy={busy} now={now} onAcknowledge={acknowledge} onContact={setContacting} />)}
            </tbody>
          );
        })}
      </table>
      {growing.shown < shown.length ? (
        <p ref={growing.end as RefObject<HTMLParagraphElement>}><button type="button" class="btn" onClick={() => growing.reach(growing.shown)}>{needs.more(shown.length - growing.shown)}</button> <span class="meta num">{needs.shown(growing.shown, shown.length)}</span></p>
      ) : <p class="meta spark-key">{needs.sparkKey}</p>}
      {contacting === null ? null : <ContactDialog id={contacting.id} subject={contacting.subject_no} onClose={() => setContacting(null)} onDone={() => {
        setContacting(null);
        onChanged();
      }} />}
    </>
  );
}
