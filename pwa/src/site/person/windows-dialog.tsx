/** The windows that a figure was counted from, each with its entry. */
import type { JSX } from "preact";
import type { Detail } from "../api.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { Wait } from "../parts/bits.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { moment } from "../when.ts";
import type { Span, Window, WindowKind } from "./api.ts";
import { usePersonApi } from "./later.tsx";
import { MissingMark } from "./missing-mark.tsx";

export interface Asked {
  title: string;
  kind: WindowKind;
  span: Span;
  only?: (window: Window) => boolean;
}

/** Minutes from the set time to the answer, the sign before: `+35 min`. */
export function offBy(window: Pick<Window, "due_at" | "at">): number | null {
  return window.at === null ? null : Math.round((Date.parse(window.at) - Date.parse(window.due_at)) / 60_000);
}

export function WindowsDialog({ person, asked, onClose, onOpen }: { person: Detail; asked: Asked; onClose: () => void; onOpen: (entryId: string) => void }): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const found = useLoad(() => api.listWindows(asked.span, asked.kind), [person.id, asked]);
  return (
    <Dialog title={`${person.subject_no} · ${asked.title}`} onClose={onClose} wide>
      <Wait of={found}>{(windows) => {
        const own = windows.filter((w) => asked.only?.(w) ?? true).reverse();
        const counted = own.filter((w) => w.outcome === "done" || w.outcome === "skipped" || w.outcome === "missed");
        return (
          <>
            <p class="meta">{t.page.adherence.windowsLead(counted.filter((w) => w.outcome === "done").length, counted.length, own.length - counted.length)}</p>
            {own.length === 0 ? <p>{t.page.adherence.noWindows}</p> : <WindowTable windows={own} zone={person.zone} onOpen={onOpen} />}
          </>
        );
      }}</Wait>
    </Dialog>
  );
}

function WindowTable({ windows, zone, onOpen }: { windows: readonly Window[]; zone: string; onOpen: (entryId: string) => void }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(60_000);
  const w = t.page.adherence;
  return (
    <table class="plain windows">
      <thead><tr><th scope="col">{w.dueAt}</th><th scope="col">{w.what}</th><th scope="col">{w.outcome}</th><th scope="col">{w.answeredAt}</th><th scope="col"><span class="vh">{t.overview.open}</span></th></tr></thead>
      <tbody>
        {windows.map((one) => {
          const off = offBy(one);
          const entry = one.entry_root_id;
          return (
            <tr key={`${one.schedule_id} ${one.day} ${one.slot}`}>
              <th scope="row" class="num">{moment(one.due_at, zone, now, t)}</th>
              <td data-label={w.what}>{state.titles[one.schedule_id] ?? one.drug ?? t.schedules.kinds[one.kind]}</td>
              <td data-label={w.outcome}><span class="outcome">{one.outcome === "missed" ? <MissingMark /> : null}{w.outcomes[one.outcome]}</span> {one.reason === null ? "" : <span class="meta">{w.reasons[one.reason] ?? one.reason}</span>}</td>
              <td data-label={w.answeredAt} class="num">{one.at === null ? "" : `${moment(one.at, zone, now, t)}${off === null || one.kind === "diary" ? "" : ` · ${w.off(off)}`}`}</td>
              <td class="step">{entry === null ? null : <button type="button" class="btn" onClick={() => onOpen(entry)}>{t.overview.open}</button>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
