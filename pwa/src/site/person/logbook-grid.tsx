/** The logbook: a row per day, a column per point of the day; every cell opens what stands behind it. */
import { Fragment, type JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Study } from "../../api/study.ts";
import { Icon, Mark } from "../../parts/basics.tsx";
import { addDays } from "../../rules/days.ts";
import type { Detail, Entry } from "../api.ts";
import { sentenceFor, useDesk } from "../context.tsx";
import { EntryRow } from "../screens/diary.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { useGridKeys, type GridKeys } from "./grid-keys.ts";
import { usePersonApi } from "./later.tsx";
import { COLUMNS, logbook, type Cell, type CellItem, type Column, type LogbookDay } from "./logbook.ts";
import { MissingMark } from "./missing-mark.tsx";
import { askPage, PAGE_DAYS, type Page } from "./pages.ts";
import { eachDay } from "./spans.ts";
import { shortDay } from "./words.ts";

const COUNT = COLUMNS.length + 2;
/** A rule before the first of each pair: before and after a meal stand together. */
const RULED: ReadonlySet<Column> = new Set(["before_breakfast", "before_lunch", "before_supper", "bedtime"]);

/** Two weeks at a time, newest first; all that is shown is asked for again when something was written. */
function usePages(id: string, today: string, round: number): { pages: Page[]; more: () => Promise<void>; problem: unknown; busy: boolean; retry: () => Promise<void> } {
  const api = usePersonApi(id);
  const [pages, setPages] = useState<Page[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  const wanted = useRef(1);
  const turn = useRef(0);
  const load = async (ends: readonly string[], keep: readonly Page[]): Promise<void> => {
    const mine = ++turn.current;
    setBusy(true);
    try {
      const found = await Promise.all(ends.map((to) => askPage(api, to)));
      if (mine === turn.current) setPages([...keep, ...found]);
      if (mine === turn.current) setProblem(null);
    } catch (error) {
      if (mine === turn.current) setProblem(error);
    } finally {
      if (mine === turn.current) setBusy(false);
    }
  };
  const all = (): Promise<void> => load(Array.from({ length: wanted.current }, (_, i) => addDays(today, -i * PAGE_DAYS)), []);
  // Before the first drawing: what was asked ahead is there at once.
  useLayoutEffect(() => void all(), [id, today, round]);
  const more = (): Promise<void> => {
    wanted.current += 1;
    return load([addDays(today, -(wanted.current - 1) * PAGE_DAYS)], pages);
  };
  return { pages, more, problem, busy, retry: all };
}

export function Logbook({ person, study, today, round, onOpen, onReady }: {
  person: Detail; study: Study; today: string; round: number; onOpen: (entryId: string) => void; onReady: () => void;
}): JSX.Element {
  const { t } = useDesk();
  const { pages, more, problem, busy, retry } = usePages(person.id, today, round);
  const [listed, setListed] = useState<{ title: string; entries: Entry[] } | null>(null);
  const isReady = pages.length > 0;
  useEffect(() => {
    if (!isReady) return undefined;
    // The logbook is on the screen first.
    const timer = setTimeout(onReady);
    return () => clearTimeout(timer);
  }, [isReady]);
  const rows = pages.flatMap((page) => logbook(eachDay(page.span).reverse(), page.entries, page.windows, page.figures, study));
  const oldest = pages.at(-1)?.span.from ?? today;
  const open = (title: string, entries: readonly Entry[]): void => {
    const only = entries.length === 1 ? entries[0] : undefined;
    if (only !== undefined) onOpen(only.id);
    else setListed({ title, entries: [...entries] });
  };
  return (
    <section class="panel logbook" aria-labelledby="logbook-title">
      <header><h2 id="logbook-title">{t.page.logbook.title(person.display_unit)}</h2><span class="meta">{t.page.logbook.lead}</span></header>
      {problem === null ? null : <div class="problem" role="alert"><Icon name="alert" /><span>{sentenceFor(problem, t)}</span><button type="button" class="btn" onClick={() => void retry()}>{t.common.retry}</button></div>}
      {isReady ? <Grid person={person} rows={rows} today={today} onOpen={open} /> : busy ? <p class="meta quiet-wait" role="status">{t.common.loading}</p> : null}
      <Legend study={study} />
      {isReady && oldest > person.consented_day ? <button type="button" class="btn" disabled={busy} onClick={() => void more()}>{t.page.logbook.earlier}</button> : null}
      {listed === null ? null : (
        <Dialog title={`${person.subject_no} · ${listed.title}`} onClose={() => setListed(null)} wide>
          <ul class="rows">{listed.entries.map((e) => <EntryRow key={e.id} entry={e} isChosen={false} onOpen={(id) => { setListed(null); onOpen(id); }} />)}</ul>
        </Dialog>
      )}
    </section>
  );
}

function Grid({ person, rows, today, onOpen }: { person: Detail; rows: readonly LogbookDay[]; today: string; onOpen: (title: string, entries: readonly Entry[]) => void }): JSX.Element {
  const { t } = useDesk();
  const keys = useGridKeys(rows.length, COUNT);
  const words = t.page.logbook;
  return (
    <div class="scroll-table grid-box">
      <table class="grid" role="grid" aria-label={words.title(person.display_unit)}>
        <thead>
          <tr>
            <th scope="col">{t.common.day}</th>
            {COLUMNS.map((column) => <th key={column} scope="col" class={RULED.has(column) ? "l" : ""}>{words.columns[column]}</th>)}
            <th scope="col" class="l">{words.insulin}<small>{words.insulinUnit}</small></th><th scope="col">{words.meals}<small>{words.mealsUnit}</small></th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <Fragment key={row.day}>
              <tr class={row.day === today ? "today" : ""}>
                <th scope="row" class="num">{shortDay(row.day, t)}</th>
                {COLUMNS.map((column, c) => <ValueCell key={column} cell={row.cells[column]} row={r} at={c} keys={keys} column={column} day={row.day} unit={person.display_unit} onOpen={onOpen} />)}
                <SideCell class="l" keys={keys} row={r} at={COLUMNS.length} text={row.insulinUnits === null ? "" : String(Math.round(row.insulinUnits * 100) / 100)} label={words.insulin} unit="U" day={row.day} entries={row.insulin} onOpen={onOpen} />
                <SideCell keys={keys} row={r} at={COLUMNS.length + 1} text={row.carbsG === null ? (row.meals.length === 0 ? "" : words.mealCount(row.meals.length)) : String(row.carbsG)} label={words.meals} unit={row.carbsG === null ? "" : "g"} day={row.day} entries={row.meals} onOpen={onOpen} />
              </tr>
              {/* Days run downwards into the past: all above the rule, this day included, is after. */}
              {person.transplant_days.includes(row.day) ? <tr class="transplant"><th scope="row" colSpan={COUNT + 1}>{t.page.charts.nthTransplant(person.transplant_days.indexOf(row.day) + 1)} <span class="num">{row.day}</span></th></tr> : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface OfCell {
  keys: GridKeys;
  row: number;
  at: number;
  day: string;
  onOpen: (title: string, entries: readonly Entry[]) => void;
}

function ValueCell({ cell, keys, row, at, column, day, unit, onOpen }: OfCell & { cell: Cell; column: Column; unit: string }): JSX.Element {
  const { t, p } = useDesk();
  const [first] = cell.items;
  const words = t.page.logbook;
  const place = `${shortDay(day, t)} ${words.columns[column]}`;
  const said = (item: CellItem): string => [
    item.value === null ? `${words.event}, ${p.kinds.hypo_event}` : [item.value, item.unit].filter((x) => x !== null).join(" "), item.clock, item.mark === null ? "" : p.marks[item.mark],
    item.isCorrected ? t.diary.corrected : "", item.isHeld ? t.diary.waits : "",
  ].filter((x) => x !== "").join(", ");
  const label = `${place}: ${cell.items.length > 0 ? cell.items.map(said).join("; ") : cell.isMissing ? words.missingKey : words.empty}`;
  const open = cell.items.length === 0 ? null : (): void => onOpen(place, cell.items.map((item) => item.entry));
  return (
    <td role="gridcell" class={`${RULED.has(column) ? "l" : ""}${open === null ? "" : " full"}`} aria-label={label} {...keys.cell(row, at, open)}>
      {first === undefined ? (cell.isMissing ? <span class="cell miss"><MissingMark />{words.missingShort}</span> : null) : <ValueBox item={first} more={cell.items.length - 1} unit={unit} />}
    </td>
  );
}

function ValueBox({ item, more, unit }: { item: CellItem; more: number; unit: string }): JSX.Element {
  const { t } = useDesk();
  const isLow = item.mark === "level1" || item.mark === "level2";
  const isHigh = item.mark === "high" || item.mark === "very_high" || item.mark === "hi";
  const tone = item.isSevere ? " severe-c" : item.mark === "review" || item.isHeld ? " held-c" : isLow ? " low-c" : isHigh ? " high-c" : "";
  return (
    // The cell's own label says all of this in words.
    <span aria-hidden="true" class={`cell num${tone}${item.isCorrected ? " fixed" : ""}`}>
      {item.mark === null || item.mark === "in_range" ? (item.isSevere ? <Mark of="severe" /> : null) : <Mark of={item.isSevere ? "severe" : item.mark} />}
      {item.value ?? t.page.logbook.event}
      {item.unit === null || item.unit === unit ? null : <> <small>{item.unit}</small></>}
      {item.isCorrected ? <Icon name="edit" /> : null}{item.isHeld ? <Icon name="pause" /> : null}
      {more > 0 ? <small class="more" data-more={more} /> : null}
    </span>
  );
}

function SideCell(props: OfCell & { text: string; label: string; unit: string; entries: readonly Entry[]; class?: string }): JSX.Element {
  const { t } = useDesk();
  const { keys, row, at, entries, day } = props;
  const title = `${shortDay(day, t)} ${props.label}`;
  const open = entries.length === 0 ? null : (): void => props.onOpen(title, entries);
  return (
    <td role="gridcell" class={`num ${props.class ?? ""}${open === null ? "" : " full"}`} aria-label={`${title}: ${props.text === "" ? t.page.logbook.empty : `${props.text} ${props.unit}`.trim()}`} {...keys.cell(row, at, open)}>{props.text}</td>
  );
}

function Legend({ study }: { study: Study }): JSX.Element {
  const { t, p } = useDesk();
  const of = study.glucose.mmol;
  const rows = [["severe", `< ${of.severe_below}`], ["level2", `< ${of.level2_below}`], ["level1", `< ${of.level1_below}`], ["high", `> ${of.in_range_to}`], ["very_high", `> ${of.very_high_above}`]] as const;
  return (
    <p class="legend">
      {rows.map(([mark, limit]) => <span key={mark} class="num"><Mark of={mark} />{p.marks[mark]} {limit}</span>)}
      <span><Icon name="edit" />{t.diary.corrected}</span><span><Icon name="pause" />{t.diary.waits}</span><span><MissingMark />{t.page.logbook.missingKey}</span>
    </p>
  );
}
