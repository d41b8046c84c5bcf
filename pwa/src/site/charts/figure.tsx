/** What every chart has: a title with n, one sentence that says what it shows, and its table. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useDesk } from "../context.tsx";

export interface Table {
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

export function Figure(props: {
  title: string; note?: string; sentence: string; table: Table; legend?: ComponentChildren; children: (width: number) => ComponentChildren;
}): JSX.Element {
  const { t } = useDesk();
  const [shown, setShown] = useState(false);
  const id = useId();
  return (
    <section class="panel chart">
      <header>
        <h2>{props.title}</h2>{props.note === undefined ? null : <span class="meta">{props.note}</span>}<span class="gap" />
        <button type="button" class="btn quiet" aria-expanded={shown} aria-controls={`${id}-table`} onClick={() => setShown(!shown)}>{shown ? t.page.charts.hideTable : t.page.charts.showTable}</button>
      </header>
      <Measured>{props.children}</Measured>
      {props.legend === undefined ? null : <p class="legend">{props.legend}</p>}
      <p class="meta sentence">{props.sentence}</p>
      <div id={`${id}-table`}>{shown ? <DataTable table={props.table} label={[props.title, props.note ?? ""].join(" ").trim()} /> : null}</div>
    </section>
  );
}

/** Draws at the width that there is, so that text and marks keep their size on every screen. */
export function Measured({ children }: { children: (width: number) => ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (box.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={box} class="measured">{width === 0 ? null : children(width)}</div>;
}

export function DataTable({ table, label }: { table: Table; label: string }): JSX.Element {
  return (
    <div class="scroll-table" role="region" aria-label={label} tabIndex={0}>
      <table class="data num">
        <thead><tr>{table.head.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>
          {table.rows.map((row, i) => (
            <tr key={i}>{row.map((cell, c) => (c === 0 ? <th key={c} scope="row">{cell}</th> : <td key={c}>{cell}</td>))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
