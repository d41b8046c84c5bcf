/** A grid that is one stop of the tab key: arrows move in it, Enter and space open a cell, Home and End go to the ends of a row. */
import { useRef } from "preact/hooks";

interface At {
  row: number;
  column: number;
}

const MOVES: Record<string, readonly [row: number, column: number]> = {
  ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1],
};

/** Where an arrow leads from there; the same place at an edge. */
export function moved(from: At, key: string, rows: number, columns: number): At | null {
  if (key === "Home") return { row: from.row, column: 0 };
  if (key === "End") return { row: from.row, column: columns - 1 };
  const by = MOVES[key];
  if (by === undefined) return null;
  const within = (n: number, most: number): number => Math.max(0, Math.min(most - 1, n));
  return { row: within(from.row + by[0], rows), column: within(from.column + by[1], columns) };
}

export interface GridKeys {
  cell: (row: number, column: number, open: (() => void) | null) => {
    tabIndex: number; "data-at": string; onKeyDown: (event: KeyboardEvent) => void; onClick: () => void; onFocus: (event: FocusEvent) => void;
  };
}

export function useGridKeys(rows: number, columns: number): GridKeys {
  const at = useRef<At>({ row: 0, column: 0 });
  const stop = { row: Math.min(at.current.row, Math.max(0, rows - 1)), column: Math.min(at.current.column, Math.max(0, columns - 1)) };
  return {
    cell: (row, column, open) => ({
      tabIndex: row === stop.row && column === stop.column ? 0 : -1,
      "data-at": `${row}/${column}`,
      onClick: () => open?.(),
      onFocus: (event) => {
        const cell = event.currentTarget as HTMLElement;
        cell.closest("[role=grid]")?.querySelectorAll<HTMLElement>("[data-at][tabindex='0']").forEach((one) => (one.tabIndex = -1));
        cell.tabIndex = 0;
        at.current = { row, column };
      },
      onKeyDown: (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const to = moved({ row, column }, event.key, rows, columns);
        if (to === null && event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        if (to === null) open?.();
        else (event.currentTarget as HTMLElement).closest("[role=grid]")?.querySelector<HTMLElement>(`[data-at="${to.row}/${to.column}"]`)?.focus();
      },
    }),
  };
}
