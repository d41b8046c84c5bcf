/** The morning of a blood draw: the medicine waits, blood is drawn, the medicine is due as the site told. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, Sheet } from "../../parts/basics.tsx";
import { local, lived } from "../../rules/days.ts";
import { clockOf, useAnswering } from "../answering.ts";
import { useApp } from "../app-context.tsx";
import { phoneZone } from "../diary.ts";
import { dueTitle, lastDoseAt, type Due } from "../due.ts";
import { momentInWords } from "../when.ts";
import { CallSite } from "./entrance.tsx";
import { WhenSheet } from "./reading.tsx";

export function Hold({ due, now }: { due: Due; now: number }): JSX.Element {
  const { t, state } = useApp();
  const { drawn } = useAnswering();
  const [asks, setAsks] = useState<"whether" | "when" | null>(null);
  const { schedule, slot } = due.occurrence;
  const latest = schedule.hold?.latest_at ?? "";
  const isOver = now > Date.parse(latest);
  const tap = (): void => {
    const last = lastDoseAt(due.occurrence, state.around.schedules, state.items, Date.now());
    if (last === null) setAsks("whether");
    else drawn(due, last);
  };
  return (
    <>
    <section class="card hold">
      <p class="tag"><Icon name="tube" />{dueTitle(due, t)}</p>
      <h2 class="big">{t.today.holdTitle}</h2>
      <p>{t.today.hold(slot)}</p>
      <button type="button" class="btn xl" onClick={tap}><Icon name="tube" />{t.today.drawn}</button>
      <p class={isOver ? "" : "meta"}>{(isOver ? t.today.holdOver : t.today.noDraw)(latest === "" ? "" : lived(latest, schedule.zone).clock)}</p>
      <CallSite />
    </section>
    {asks === "whether" ? (
      <Sheet title={t.today.lastDoseAsk} onClose={() => setAsks(null)}>
        <p>{t.today.lastDoseLead}</p>
        <button type="button" class="btn main-act xl" onClick={() => setAsks("when")}><Icon name="clock" />{t.today.lastDoseKnown}</button>
        <button type="button" class="btn xl" onClick={() => { setAsks(null); drawn(due, null); }}>{t.form.unknown}</button>
      </Sheet>
    ) : null}
    {asks === "when" ? <WhenSheet at={now} onAt={(at) => drawn(due, at)} onClose={() => setAsks(null)} /> : null}
    </>
  );
}

export function AfterDraw({ due, now, acts }: { due: Due; now: number; acts: JSX.Element }): JSX.Element {
  const { t, state } = useApp();
  const last = lastDoseAt(due.occurrence, state.around.schedules, state.items, due.drawnAt ?? now);
  return (
    <section class="card hold">
      <p class="tag"><Icon name="check" />{t.today.drawnAt(clockOf(due.drawnAt ?? now))}</p>
      <h2 class="big">{t.today.afterDraw}</h2>
      {acts}
      <p class="meta num">{[dueTitle(due, t), last === null ? null : t.today.lastDose(momentInWords(local(last, phoneZone()), now, t))].filter(Boolean).join(" · ")}</p>
    </section>
  );
}
