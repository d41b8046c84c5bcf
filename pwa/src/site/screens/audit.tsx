/** The trail: who did what, when and why, field by field, newest first. */
import type { JSX } from "preact";
import type { AuditRow } from "../api.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { fieldName } from "../entry-words.ts";
import { Wait } from "../parts/bits.tsx";
import { browserZone, moment } from "../when.ts";
import type { DeskWords } from "../../text/site.ts";

const PAGE = 100;

export function Audit({ objectId }: { objectId: string }): JSX.Element {
  const { api, t } = useDesk();
  const query = { limit: PAGE, ...(objectId === "" ? {} : { object_id: objectId }) };
  const rows = useLoad(() => api.listAudit(query), [objectId]);
  const more = async (before: string): Promise<void> => {
    const next = await api.listAudit({ ...query, before });
    rows.set({ rows: [...(rows.data?.rows ?? []), ...next.rows], next: next.next });
  };
  return (
    <>
      <div class="title"><h1>{t.audit.title}</h1><span class="meta">{t.audit.lead}</span><span class="gap" />{objectId === "" ? null : <a class="btn" href="#/audit">{t.audit.whole}</a>}</div>
      <Wait of={rows}>{(page) => page.rows.length === 0 ? <p class="panel meta">{t.audit.none}</p> : (
        <>
          <table class="plain audit">
            <thead><tr><th scope="col">{t.audit.at}</th><th scope="col">{t.audit.who}</th><th scope="col">{t.audit.action}</th><th scope="col">{t.audit.field}</th><th scope="col">{t.audit.old}</th><th scope="col">{t.audit.new}</th><th scope="col">{t.audit.reason}</th></tr></thead>
            <tbody>{page.rows.map((row) => <Line key={`${row.stream} ${row.seq}`} row={row} linked={objectId === ""} />)}</tbody>
          </table>
          {page.next === null ? null : <button type="button" class="btn" onClick={() => void more(page.next ?? "")}>{t.common.more}</button>}
        </>
      )}</Wait>
    </>
  );
}

function Line({ row, linked }: { row: AuditRow; linked: boolean }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(60_000);
  const zone = state.me?.site?.zone ?? browserZone();
  const role = t.roles[row.actor_role as keyof DeskWords["roles"]] as string | undefined;
  return (
    <tr>
      <th scope="row" class="num"><time dateTime={row.at} title={row.at}>{moment(row.at, zone, now, t)}</time></th>
      <td data-label={t.audit.who}>{role ?? row.actor_role}</td>
      <td data-label={t.audit.action}>{t.audit.actions[row.action] ?? row.action} {linked ? <a href={`#/audit?object=${row.object_id}`}>{t.audit.objects[row.object] ?? row.object}</a> : (t.audit.objects[row.object] ?? row.object)}<small class="hash" title={row.hash}>{t.audit.hash} {row.hash.slice(0, 12)}</small></td>
      <td data-label={t.audit.field}>{row.field === null ? "" : fieldName(row.field, t)}</td>
      <td data-label={t.audit.old}>{row.old === null ? "" : <s>{row.old}</s>}</td>
      <td data-label={t.audit.new}>{row.field === null ? <Created text={row.new} /> : row.new}</td>
      <td data-label={t.audit.reason}>{row.reason}</td>
    </tr>
  );
}

/** What a new thing was made of: folded, because it is long. */
function Created({ text }: { text: string | null }): JSX.Element | null {
  const { t } = useDesk();
  return text === null ? null : <details><summary>{t.audit.created}</summary><pre>{indented(text)}</pre></details>;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}
