/** The diary: every entry with how it stands, newest day first. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Chips, Icon, Mark, Value } from "../../parts/basics.tsx";
import type { IconName } from "../../parts/drawings.ts";
import type { SetAside } from "../../sync/pull.ts";
import { addDays, lived } from "../../rules/days.ts";
import { useApp, useNow, type App } from "../app-context.tsx";
import { authorOf, contentOf, shownReading, titleOf } from "../describe.ts";
import { phoneZone } from "../diary.ts";
import { Page, Tabs } from "../frame.tsx";
import { daysLate, type Item, type SeenVersion } from "../items.ts";
import { momentInWords, dayInWords, todayIs } from "../when.ts";
import { KIND_ICONS } from "./kinds.tsx";
import { Fetching } from "./today.tsx";
import { readSent, SentWord } from "./yes-word.tsx";

type Filter = "all" | "glucose" | "medicine" | "attend";
const GLUCOSE = new Set(["reading", "hypo_event", "ketone"]);
/** A longer text than this is no slip of a value: it stands in the sentence below. */
const SHOWN_CHARS = 8;
const MEDICINE = new Set(["dose", "insulin", "other_medicine", "contraception"]);

/** Refused or conflicting entries of other phones: those of this one are items already. */
export function setAsideElsewhere({ state }: App): SetAside[] {
  const here = new Set(state.items.flatMap((item) => item.versions.map((v) => v.id)));
  return state.around.refusals.filter((r) => r.entry_id === null || !here.has(r.entry_id));
}

const isSeen = (r: SetAside, { state }: App): boolean => state.seen.has(r.id) || (r.entry_id !== null && state.seen.has(r.entry_id));

export function isOpenItem(item: Item): boolean {
  return item.open.length > 0;
}

function fits(item: Item, filter: Filter): boolean {
  switch (filter) {
    case "all": return true;
    case "glucose": return GLUCOSE.has(item.kind);
    case "medicine": return MEDICINE.has(item.kind);
    case "attend": return isOpenItem(item);
  }
}

export function History({ start }: { start: Filter }): JSX.Element {
  const app = useApp();
  const { t, state, diary } = app;
  const { isPartial = false } = state.around;
  const now = useNow(60_000);
  const [filter, setFilter] = useState<Filter>(start);
  const elsewhere = setAsideElsewhere(app);
  const unseen = elsewhere.filter((r) => !isSeen(r, app));
  const attend = state.items.filter(isOpenItem).length + unseen.length;
  const shown = state.items.filter((item) => fits(item, filter));
  const days = [...new Set(shown.map((item) => item.local.day))];
  return (
    <Page title={t.diary.title} dock={<Tabs on="diary" />}>
      <Chips scroll label={t.diary.filter} chosen={[filter]} onChoose={setFilter}
        options={[["all", t.diary.all], ["glucose", t.diary.glucose], ["medicine", t.diary.medicine], ["attend", t.diary.attend(attend)]]} />
      {shown.length > 0 || (filter === "attend" && unseen.length > 0) ? null : isPartial && filter !== "attend" ? <Fetching /> : <p>{filter === "attend" ? t.diary.nothingToDo : t.diary.empty}</p>}
      {days.map((day) => (
        <section key={day}>
          <div class="day"><h2>{dayTitle(day, now, app)}</h2></div>
          <ul class="log">{shown.filter((item) => item.local.day === day).map((item) => <Row key={item.root} item={item} now={now} />)}</ul>
        </section>
      ))}
      {filter === "attend" ? <Elsewhere list={unseen} now={now} /> : filter === "all" ? <Elsewhere list={elsewhere} now={now} /> : null}
      {state.hasEarlier ? <button type="button" class="btn" onClick={() => void diary.readEarlier()}>{t.diary.earlier}</button>
        : isPartial || state.items.length === 0 ? null : <p class="meta foot">{t.diary.noEarlier}</p>}
    </Page>
  );
}

function dayTitle(day: string, now: number, { t }: App): string {
  const today = todayIs(now);
  const words = dayInWords(day, t);
  if (day === today) return `${t.common.today} ${words}`;
  return day === addDays(today, -1) ? `${t.common.yesterday} ${words}` : words;
}

export interface Standing {
  tone: "" | "held" | "refused";
  icon: IconName;
  word: string;
  note: string | null;
}

/** How an entry stands, and what happens next. */
export function standingOf(item: Item, app: App, now: number): Standing | null {
  const { t } = app;
  const { current } = item;
  const problem = item.open[0];
  if (problem !== undefined) {
    const conflict = problem.here === "conflict";
    return { tone: "refused", icon: "x", word: conflict ? t.diary.conflict : t.diary.refused, note: problem.message ?? (conflict ? t.diary.conflictNote : t.diary.refusedNote) };
  }
  if (current.here === "unkept") return { tone: "refused", icon: "x", word: t.diary.unkept, note: app.text("low_not_kept") };
  if (current.here === "waiting") return { tone: "", icon: "wait", word: t.diary.waiting, note: t.diary.waitingNote };
  if (item.withdrawn) return { tone: "", icon: "x", word: t.diary.withdrawn, note: changeLine(current, app, now, t.diary.withdrawnBy) };
  if (current.state === "held") return { tone: "held", icon: "pause", word: t.diary.held, note: heldNote(current, app) };
  if (item.versions.length > 1) return { tone: "", icon: "edit", word: t.diary.corrected, note: changeLine(current, app, now) };
  return null;
}

function heldNote(version: SeenVersion, { t, state }: App): string {
  const isLate = Date.parse(version.recorded_at) - Date.parse(version.occurred_at) > state.study.window.free_h * 3_600_000;
  return isLate ? t.diary.heldNote(daysLate(version)) : t.entry.heldLeadNow;
}

function changeLine(version: SeenVersion, app: App, now: number, sentence = app.t.diary.changedBy): string {
  return sentence(momentInWords(lived(version.recorded_at, version.zone), now, app.t), authorOf(version, app), version.reason ?? "");
}

function Row({ item, now }: { item: Item; now: number }): JSX.Element {
  const app = useApp();
  const { t } = app;
  const shown = item.kind === "reading" ? shownReading(item.current, app) : null;
  const standing = standingOf(item, app, now);
  const before = item.versions.length > 1 && !item.withdrawn ? item.versions.findLast((v) => v.id === item.current.replaces) : undefined;
  const verdict = shown === null || shown.mark === "in_range" ? null : t.marks[shown.mark];
  return (
    <li class={standing?.tone ?? ""}>
      <a class="rowlink" href={`#/entry/${item.root}`}><span class="vh">{`${titleOf(item, app)} ${item.local.clock}`}</span></a>
      <time class="num">{item.local.clock}</time>
      <span>{titleOf(item, app)}{verdict === null ? null : <span class="meta block">{verdict}</span>}</span>
      {shown === null ? <span /> : <span class="val">{shown.mark === "in_range" ? null : <Mark of={shown.mark} />}<Value value={shown.value} unit={shown.unit} /></span>}
      {item.kind === "reading" || item.withdrawn ? null : <p class="more">{contentOf(item.current, app)}</p>}
      {standing === null ? null : (
        <p class="more">
          <span class="tag"><Icon name={standing.icon} />{standing.word}</span>
          {before === undefined || standing.icon !== "edit" ? null : <><br />{t.diary.was} <s>{contentOf(before, app)}</s></>}
          {standing.note === null ? null : <><br />{standing.note}</>}
        </p>
      )}
    </li>
  );
}

/** When it happened and what was typed, as far as it can be read; else when it came. */
function SentHead({ of, now }: { of: SetAside; now: number }): JSX.Element {
  const { t } = useApp();
  const sent = readSent(of.raw);
  const when = sent === null ? lived(of.received_at, phoneZone()) : lived(sent.occurred_at, sent.zone);
  const value = sent?.data.value;
  return (
    <>
      <time class="num">{when.clock}</time>
      <span>{t.kinds[of.kind ?? ""] ?? ""}<span class="meta block">{momentInWords(when, now, t).replace(` ${when.clock}`, "")}</span></span>
      {typeof value === "string" && value.length <= SHOWN_CHARS ? <span class="val">“{value}”</span> : <span />}
    </>
  );
}

function Elsewhere({ list, now }: { list: SetAside[]; now: number }): JSX.Element | null {
  const app = useApp();
  const { t, diary } = app;
  if (list.length === 0) return null;
  return (
    <section>
      <div class="day"><h2>{t.diary.refused}</h2></div>
      <ul class="log">
        {list.map((r) => (
          <li key={r.id} class="refused">
            <SentHead of={r} now={now} />
            <p class="more"><span class="tag"><Icon name="x" />{r.status === "conflict" ? t.diary.conflict : t.diary.refused}</span><br />{r.message}</p>
            {isSeen(r, app) ? null : <SentWord of={r} />}
            {isSeen(r, app) ? null : (
              <div class="more row">
                {r.status === "refused" && (r.kind ?? "") in KIND_ICONS ? <a class="btn" href={r.kind === "reading" ? "#/reading" : `#/form/${r.kind ?? ""}`}>{t.entry.again}</a> : null}
                <button type="button" class="btn" onClick={() => void diary.keepSeen(r.id)}>{t.entry.kept}</button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
