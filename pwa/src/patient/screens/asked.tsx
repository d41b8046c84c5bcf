/** What the home screen asks once: where the reminders should ring, and whether to remind at all. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, Mend } from "../../parts/basics.tsx";
import { useApp } from "../app-context.tsx";
import { ability } from "../push.ts";
import { useWords } from "../reminders/words.ts";
import { confirmZone, placeName, travelState, travelTo } from "../travel.ts";
import { sentenceFor } from "./entrance.tsx";

/** After the first entry, not at the first start: by then the diary is worth being reminded of. */
export function Offer(): JSX.Element | null {
  const { t, state, diary } = useApp();
  const w = useWords();
  const isWorth = state.offerReminders && state.items.length > 0 && state.around.schedules.length > 0 && ability() !== "denied";
  if (!isWorth) return null;
  return (
    <section class="card">
      <p><b>{w.offer.title}</b></p>
      <p class="meta">{w.offer.lead}</p>
      <div class="row">
        <a class="btn" href="#/reminders"><Icon name="clock" />{w.offer.go}</a>
        <button type="button" class="btn quiet" onClick={() => void diary.keepOffered()}>{t.common.cancel}</button>
      </div>
    </section>
  );
}

export function TravelCard(): JSX.Element | null {
  const app = useApp();
  const { t, state, diary, toast } = app;
  const w = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { participant, me } = state;
  const zone = travelTo(state, Date.now());
  if (participant === null || zone === null) return null;
  const place = placeName(zone, state.preferences.language);
  const usual = placeName(participant.zone, state.preferences.language);
  const stay = (): void => void diary.keepTravel({ participant: participant.id, zone, state: "stayed" });
  const came = travelState(state, zone);
  if (came === "stayed" || came === "moved") return null;
  if (came !== null) {
    return (
      <div class="banner info">
        <Icon name="clock" />
        <span><b>{came === "waiting" ? w.travel.waiting : w.travel.refused}</b><span class="meta">{came === "waiting" ? w.travel.until(usual) : w.travel.stays(usual)}</span></span>
        <button type="button" class="btn" onClick={stay}>{t.common.ok}</button>
      </div>
    );
  }
  const move = async (): Promise<void> => {
    setBusy(true);
    try {
      const moved = await confirmZone(diary, participant.id, zone);
      if (moved === "moved") toast(w.travel.moved(place));
      void app.sending.now();
    } catch (error) {
      setProblem(sentenceFor(error, t));
    } finally {
      setBusy(false);
    }
  };
  const title = me?.account.role === "guardian" ? w.travel.titleChild(place, participant.subject_no) : w.travel.title(place);
  return (
    <section class="card">
      <p><b>{title}</b></p>
      <p class="meta">{w.travel.lead(usual)}</p>
      <Mend text={problem} />
      <div class="row">
        <button type="button" class="btn" disabled={busy} onClick={() => void move()}>{w.travel.move}</button>
        <button type="button" class="btn quiet" onClick={stay}>{w.travel.stay}</button>
      </div>
    </section>
  );
}
