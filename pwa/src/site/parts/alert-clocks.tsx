/** What runs beside an alert: how often people were paged, and the 24 hours of a serious adverse event. */
import type { JSX } from "preact";
import { Icon } from "../../parts/basics.tsx";
import type { Alert } from "../api.ts";
import { useDesk, useNow } from "../context.tsx";
import { saeClock } from "../sae.ts";
import { ageWords, browserZone, moment } from "../when.ts";

export function Rounds({ alert }: { alert: Alert }): JSX.Element | null {
  const { t, state } = useDesk();
  const now = useNow(30_000);
  if (alert.level !== "page") return null;
  const zone = state.me?.site?.zone ?? browserZone();
  const sent = alert.rounds.flatMap((r) => (r.sent_at === null ? [] : [r.sent_at]));
  const delivered = alert.rounds.flatMap((r) => (r.delivered_at === null ? [] : [r.delivered_at])).at(-1) ?? alert.delivered_at;
  const last = sent.at(-1) ?? alert.sent_at;
  if (last === null) return alert.state === "open" ? <span class="meta">{t.work.inbox.notSent}</span> : null;
  return (
    <span class="meta times num"><span>{t.work.inbox.rounds(Math.max(1, sent.length), moment(last, zone, now, t))}</span>
      <span>{delivered === null ? t.work.inbox.notDelivered : t.work.inbox.delivered(moment(delivered, zone, now, t))}</span></span>
  );
}

export function SaeLine({ alert }: { alert: Alert }): JSX.Element | null {
  const { t } = useDesk();
  const now = useNow(30_000);
  const clock = saeClock(alert, now);
  if (clock === null) return alert.level === "page" && alert.state !== "resolved" ? <span class="meta">{t.work.inbox.saeStarts}</span> : null;
  const isOver = clock.leftMs < 0;
  return (
    <span class={isOver ? "sae over num" : "sae num"}><Icon name="clock" />
      {isOver ? t.work.inbox.saeOver(ageWords(0, -clock.leftMs, t)) : t.work.inbox.sae(ageWords(0, clock.leftMs, t))}
      <span class="meterbar"><i style={{ width: `${clock.share * 100}%` }} /></span>
    </span>
  );
}
