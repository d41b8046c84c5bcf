/** Reminders: how far they came by each channel, and every message with its stages. */
import type { JSX } from "preact";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { agoWords, moment } from "../when.ts";
import type { Delivery, Reach } from "./api.ts";
import type { InPage } from "./at-a-glance.tsx";
import { usePersonApi } from "./later.tsx";

const STAGES = ["handed_over", "received", "shown", "opened", "answered"] as const;

export function RemindersTab({ person, round }: InPage): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(person.id);
  const reach = useLoad(() => api.getReachability(), [person.id, round]);
  const sent = useLoad(() => api.listDeliveries(), [person.id, round]);
  const w = t.page.reminders;
  const more = async (before: string): Promise<void> => {
    const next = await api.listDeliveries(before);
    sent.set({ deliveries: [...(sent.data?.deliveries ?? []), ...next.deliveries], next: next.next });
  };
  return (
    <div class="stack">
      <Panel title={w.reach} {...(reach.data === null ? {} : { note: w.reachLead(reach.data.days) })}><Wait of={reach}>{(of) => <Channels of={of} />}</Wait></Panel>
      <Panel title={w.sent} note={w.sentLead}>
        <Wait of={sent}>{(page) => (
          <>
            {page.deliveries.length === 0 ? <p class="meta">{w.none}</p> : <Deliveries rows={page.deliveries} zone={person.zone} />}
            {page.next === null ? null : <button type="button" class="btn" onClick={() => void more(page.next ?? "")}>{t.common.more}</button>}
          </>
        )}</Wait>
      </Panel>
    </div>
  );
}

function Channels({ of }: { of: Reach }): JSX.Element {
  const { t } = useDesk();
  const now = useNow(60_000);
  const w = t.page.reminders;
  if (of.channels.length === 0) return <p class="meta">{w.none}</p>;
  return (
    <table class="plain num">
      <thead><tr><th scope="col">{w.channel}</th><th scope="col">{w.planned}</th>{STAGES.map((s) => <th key={s} scope="col">{w.stages[s]}</th>)}<th scope="col">{w.notDone}</th><th scope="col">{w.lastReceived}</th></tr></thead>
      <tbody>
        {of.channels.map((c) => (
          <tr key={c.channel}>
            <th scope="row">{w.channels[c.channel]}</th><td data-label={w.planned}>{c.planned}</td>
            {STAGES.map((s) => <td key={s} data-label={w.stages[s]}>{c[s]}</td>)}
            <td data-label={w.notDone}>{c.failed}</td><td data-label={w.lastReceived}>{c.last_received_at === null ? w.never : agoWords(c.last_received_at, now, t)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Deliveries({ rows, zone }: { rows: readonly Delivery[]; zone: string }): JSX.Element {
  const { t } = useDesk();
  const now = useNow(60_000);
  const w = t.page.reminders;
  const at = (instant: string | null): string => (instant === null ? "" : moment(instant, zone, now, t));
  return (
    <table class="plain deliveries">
      <thead><tr><th scope="col">{w.dueAt}</th><th scope="col">{w.about}</th><th scope="col">{w.to}</th><th scope="col">{w.state}</th><th scope="col">{w.howFar}</th></tr></thead>
      <tbody>
        {rows.map((d) => {
          const stages = STAGES.flatMap((s) => (d[`${s}_at`] === null ? [] : [`${w.stages[s]} ${at(d[`${s}_at`])}`]));
          return (
            <tr key={d.id}>
              <th scope="row" class="num">{at(d.due_at)}{d.round > 1 ? <small>{w.round(d.round)}</small> : null}</th>
              <td data-label={w.about}>{d.kinds.length === 0 ? (w.abouts[d.about] ?? d.about) : d.kinds.map((k) => w.kinds[k] ?? k).join(", ")}</td>
              <td data-label={w.to}>{w.channels[d.channel]}{d.role === null ? "" : `, ${t.roles[d.role as "participant" | "guardian"]}`}{d.login === null ? "" : ` ${d.login}`}</td>
              <td data-label={w.state}>{w.states[d.state === "failed" ? "notDone" : d.state]}</td>
              <td data-label={w.howFar} class="num">{stages.length === 0 ? w.notYet : stages.join(" · ")}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
