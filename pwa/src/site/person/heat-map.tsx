/** Adherence as a calendar: how much of a cell is filled is how much of the day was done. */
import type { JSX } from "preact";
import { useDesk } from "../context.tsx";
import type { DayShares, Span, WindowKind } from "./api.ts";
import { useGridKeys } from "./grid-keys.ts";
import { calendarWeeks, heatCells, type HeatCell } from "./heat.ts";
import { shortDay } from "./words.ts";

export type OpenDay = (kind: WindowKind, day: string) => void;

function useLabel(): (cell: HeatCell) => string {
  const { t } = useDesk();
  const w = t.page.adherence;
  return (cell) => {
    const day = shortDay(cell.day, t);
    if (cell.look === "share") return `${day}: ${w.ofDue(cell.done, cell.due)}${cell.isOpen ? `, ${w.stillOpen}` : ""}`;
    if (cell.look === "excluded") return `${day}: ${w.excluded}, ${w.reasons[cell.reason] ?? cell.reason}`;
    return `${day}: ${cell.look === "open" ? w.stillOpen : w.nonePrescribed}`;
  };
}

export function HeatBox({ cell }: { cell: HeatCell }): JSX.Element {
  const open = cell.look === "open" || (cell.look === "share" && cell.isOpen);
  return (
    <span class={`heat ${cell.look}${open ? " open" : ""}`}>
      {cell.look === "share" ? <i style={{ height: `${Math.round(cell.fill * 100)}%` }} /> : null}
    </span>
  );
}

/** One row per kind, one narrow cell per day: four weeks at a glance. */
export function HeatStrip({ kinds, span, days, figures, transplantDays, onOpen }: {
  kinds: readonly WindowKind[]; span: Span; days: readonly DayShares[]; figures: Record<WindowKind, string>; transplantDays: readonly string[]; onOpen: OpenDay;
}): JSX.Element {
  const { t } = useDesk();
  const label = useLabel();
  const rows = kinds.map((kind) => heatCells(span, days, kind));
  const keys = useGridKeys(rows.length, rows[0]?.length ?? 0);
  return (
    <table class="strip-heat" role="grid" aria-label={t.page.adherence.title}>
      <tbody>
        {rows.map((cells, r) => {
          const kind = kinds[r] ?? "reading";
          return (
            <tr key={kind}>
              <th scope="row">{t.page.adherence.kinds[kind]}</th>
              {cells.map((cell, c) => (
                <td key={cell.day} role="gridcell" class={`${transplantDays.includes(cell.day) ? "tx" : ""}${cell.look === "none" ? "" : " full"}`} aria-label={label(cell)} {...keys.cell(r, c, cell.look === "none" ? null : () => onOpen(kind, cell.day))}>
                  <HeatBox cell={cell} />
                </td>
              ))}
              <td class="num sum">{figures[kind]}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Weeks from Monday to Sunday, the newest on top. */
export function HeatCalendar({ kind, span, days, transplantDays, onOpen }: {
  kind: WindowKind; span: Span; days: readonly DayShares[]; transplantDays: readonly string[]; onOpen: OpenDay;
}): JSX.Element {
  const { t } = useDesk();
  const label = useLabel();
  const weeks = calendarWeeks(heatCells(span, days, kind)).reverse();
  const keys = useGridKeys(weeks.length, 7);
  const names = t.common.weekdays.split(" ");
  const month = (cell: HeatCell): string => (cell.day.endsWith("-01") ? t.page.firstOf(Number(cell.day.slice(5, 7))) : String(Number(cell.day.slice(8))));
  return (
    <table class="heat-calendar" role="grid" aria-label={t.page.adherence.kinds[kind]}>
      <thead><tr>{[1, 2, 3, 4, 5, 6, 0].map((i) => <th key={i} scope="col">{names[i]}</th>)}</tr></thead>
      <tbody>
        {weeks.map((week, r) => (
          <tr key={week.find((one) => one !== null)?.day ?? r}>
            {week.map((cell, c) => (cell === null
              ? <td key={c} role="gridcell" class="blank" aria-label={t.page.adherence.outside} {...keys.cell(r, c, null)} />
              : (
                <td key={c} role="gridcell" class={`${transplantDays.includes(cell.day) ? "tx" : ""}${cell.look === "none" ? "" : " full"}`} aria-label={`${label(cell)}${transplantDays.includes(cell.day) ? `, ${t.page.charts.transplant}` : ""}`}
                  {...keys.cell(r, c, cell.look === "none" ? null : () => onOpen(kind, cell.day))}>
                  <HeatBox cell={cell} /><small class="num">{month(cell)}</small>
                </td>
              )))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function HeatLegend(): JSX.Element {
  const { t } = useDesk();
  const w = t.page.adherence;
  return (
    <p class="legend">
      <span><span class="heat share"><i style={{ height: "60%" }} /></span>{w.keyShare}</span><span><span class="heat open" />{w.stillOpen}</span>
      <span><span class="heat excluded" />{w.excluded}</span><span><span class="heat none" />{w.nonePrescribed}</span>
    </p>
  );
}
