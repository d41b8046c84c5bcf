/** The trail: who did what, when and why, field by field, newest first. */
import type { JSX } from "preact";
import type { AuditPerson, AuditRow, Row } from "../api.ts";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { auditField, auditValue } from "../audit-words.ts";
import { Wait } from "../parts/bits.tsx";
import { browserZone, moment } from "../when.ts";
import type { DeskWords } from "../../text/site.ts";

const PAGE = 100;

/** Rows of one act, as the trail keeps them: one per field. */
export function acts(rows: readonly AuditRow[]): AuditRow[][] {
  const groups: AuditRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.[0];
    const isSame = last?.at === row.at && last.object_id === row.object_id && last.action === row.action && last.stream === row.stream;
    if (isSame) groups.at(-1)?.push(row);
    else groups.push([row]);
  }
  return groups;
}

export function Audit({ objectId }: { objectId: string }): JSX.Element {
  const { api, t } = useDesk();
  const query = { limit: PAGE, ...(objectId === "" ? {} : { object_id: objectId }) };
  const rows = useLoad(() => api.listAudit(query), [objectId]);
  const people = useLoad(() => api.listParticipants(), []);
  const subjects = new Map(people.data?.map((p) => [`participant:${p.id}`, p]));
  const more = async (before: string): Promise<void> => {
    const next = await api.listAudit({ ...query, before });
    const known = new Map([...(rows.data?.people ?? []), ...next.people].map((p) => [p.id, p]));
    rows.set({ rows: [...(rows.data?.rows ?? []), ...next.rows], people: [...known.values()], next: next.next });
  };
  return (
    <>
      <div class="title"><h1>{t.audit.title}</h1><span class="meta">{t.audit.lead}</span><span class="gap" />{objectId === "" ? null : <a class="btn" href="#/audit">{t.audit.whole}</a>}</div>
      <Wait of={rows}>{(page) => page.rows.length === 0 ? <p class="panel meta">{t.audit.none}</p> : (
        <>
          <table class="plain audit">
            <colgroup><col style={{ width: "9.5rem" }} /><col style={{ width: "11rem" }} /><col style={{ width: "5rem" }} /><col style={{ width: "10rem" }} /><col style={{ width: "9rem" }} /><col style={{ width: "6.5rem" }} /><col /><col style={{ width: "10rem" }} /></colgroup>
            <thead><tr><th scope="col">{t.audit.at}</th><th scope="col">{t.audit.who}</th><th scope="col">{t.audit.subject}</th><th scope="col">{t.audit.action}</th><th scope="col">{t.audit.field}</th><th scope="col">{t.audit.old}</th><th scope="col">{t.audit.new}</th><th scope="col">{t.audit.reason}</th></tr></thead>
            {acts(page.rows).map((group) => <Act key={`${group[0]?.stream ?? ""} ${group[0]?.seq ?? 0}`} rows={group} subject={subjects.get(group[0]?.stream ?? "")} people={page.people} linked={objectId === ""} />)}
          </table>
          {page.next === null ? null : <button type="button" class="btn" onClick={() => void more(page.next ?? "")}>{t.common.more}</button>}
        </>
      )}</Wait>
    </>
  );
}

function Act({ rows, subject, people, linked }: { rows: AuditRow[]; subject: Row | undefined; people: readonly AuditPerson[]; linked: boolean }): JSX.Element {
  const { t, state } = useDesk();
  const now = useNow(60_000);
  const zone = state.me?.site?.zone ?? browserZone();
  const words = (row: AuditRow, value: string): string => auditValue(row, value, people, zone, now, t);
  const actor = people.find((p) => p.id === rows[0]?.actor_id);
  return <tbody>{rows.map((row, i) => (
    <tr key={row.seq}>
      {i > 0 ? null : <ActHead row={row} count={rows.length} subject={subject} actor={actor} linked={linked} at={moment(row.at, zone, now, t)} />}
      <td data-label={t.audit.field}>{auditField(row, t)}</td>
      <td data-label={t.audit.old}>{row.old === null ? "" : <s>{words(row, row.old)}</s>}</td>
      <td data-label={t.audit.new}>{row.field === null ? <Created text={row.new} /> : words(row, row.new ?? "")}</td>
      <td data-label={t.audit.reason}>{row.reason}</td>
    </tr>
  ))}</tbody>;
}

function ActHead({ row, count, subject, actor, linked, at }: { row: AuditRow; count: number; subject: Row | undefined; actor: AuditPerson | undefined; linked: boolean; at: string }): JSX.Element {
  const { t } = useDesk();
  const role = t.roles[row.actor_role as keyof DeskWords["roles"]] as string | undefined;
  const object = t.audit.objects[row.object] ?? row.object;
  return (
    <>
      <th scope="row" class="num" rowSpan={count}><time dateTime={row.at} title={row.at}>{at}</time></th>
      <td data-label={t.audit.who} rowSpan={count}>{role ?? row.actor_role}{actor === undefined || actor.login === null ? null : <small class="hash">{actor.login}</small>}</td>
      <td data-label={t.audit.subject} rowSpan={count}>{subject === undefined ? "" : <a class="num" href={`#/p/${subject.id}`}>{subject.subject_no}</a>}</td>
      <td data-label={t.audit.action} rowSpan={count}>{t.audit.actions[row.action] ?? row.action} {linked ? <a href={`#/audit?object=${row.object_id}`}>{object}</a> : object}{row.hash === null ? null : <small class="hash num" title={row.hash}>{t.audit.hash} {row.hash.slice(0, 12)}</small>}</td>
    </>
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
