/** From "Save" to kept: asks why when it is late, leads to the low screen when it is low, offers undo. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { HypoEventData, ReadingData } from "../api/types.ts";
import { Chips, Mend, Sheet } from "../parts/basics.tsx";
import { isLow } from "../rules/glucose.ts";
import { isExcluded, readingOf } from "../rules/hypoglycaemia.ts";
import { local } from "../rules/days.ts";
import { windowOf } from "../rules/window.ts";
import { useApp, type App } from "./app-context.tsx";
import { phoneZone } from "./diary.ts";
import { daysBetween } from "./items.ts";
import { go, leaveForm } from "./route.ts";
import type { State } from "./state.ts";
import type { Draft, Kept } from "./writing.ts";

const HOUR_MS = 3_600_000;

export type Lateness = { is: "free" } | { is: "late"; hours: number } | { is: "held"; days: number };

/** What the window would say with a reason given: without one, late is held as well. */
export function latenessOf(occurredAt: number, nowMs: number, { study }: State): Lateness {
  const ageMs = nowMs - occurredAt;
  const best = windowOf("typed", occurredAt, nowMs, "with a reason", study.window);
  if (best === "free") return { is: "free" };
  if (best === "late") return { is: "late", hours: Math.floor(ageMs / HOUR_MS) };
  return { is: "held", days: daysBetween(local(occurredAt, phoneZone()).day, local(nowMs, phoneZone()).day) };
}

function isLowReading(draft: Draft, { study }: State): boolean {
  if (draft.kind !== "reading" || draft.data === null) return false;
  const reading = readingOf(draft.data as ReadingData, study);
  return reading !== null && !isExcluded(reading) && isLow(reading.glucose, study);
}

/** A tap that leads to the low screen is answered within 200 ms, however slow the phone's disk is. */
const LOW_WITHIN_MS = 120;

/** What to do now does not wait for the disk: the screen opens, and says what became of the writing. */
export async function commitLow(app: App, draft: Draft): Promise<void> {
  const { diary, writing } = app;
  const entry = writing.make(draft);
  const kept = writing.keep(entry).then(() => offerUndo(app, draft, entry), () => diary.showEarly(entry, "unkept"));
  const isSlow = await Promise.race([kept.then(() => false), new Promise<boolean>((resolve) => setTimeout(() => resolve(true), LOW_WITHIN_MS))]);
  if (isSlow) diary.showEarly(entry, "waiting");
  leaveForm(`low/${entry.id}`);
}

async function commit(app: App, draft: Draft, nowMs: number, onDone?: () => void): Promise<void> {
  const { state, writing } = app;
  const at = draft.occurredAt ?? (draft.replaces === undefined ? nowMs : Date.parse(draft.replaces.occurred_at));
  const isRecent = nowMs - at < state.study.low_screen.max_age_min * 60_000;
  const event = draft.kind === "hypo_event" && draft.data !== null ? (draft.data as HypoEventData) : null;
  const isNews = draft.replaces === undefined || event?.lost_consciousness === "yes" || event?.seizure === "yes";
  const opensLow = isLowReading(draft, state) || (event !== null && isRecent && isNews);
  if (opensLow && onDone === undefined) return commitLow(app, draft);
  const entry = await writing.save(draft);
  if (onDone !== undefined) {
    // The answer on the low screen may be a slip as well: it is offered to be taken back there.
    if (draft.kind === "hypo_event") offerUndo(app, draft, entry);
    onDone();
    return;
  }
  leaveForm("");
  offerUndo(app, draft, entry);
}

/** For ten seconds; a new version is not taken back but corrected again. */
function offerUndo({ t, toast, writing }: App, { kind, replaces }: Draft, entry: Kept): void {
  const undo = (): void => {
    void writing.undo(kind, entry, t.entry.reasonUndo).then(() => {
      toast(t.common.undone);
      if (location.hash === `#/low/${entry.id}`) go("", true);
    }).catch(() => toast(t.common.notSaved));
  };
  toast(navigator.onLine ? t.common.saved : t.common.savedOffline, replaces === undefined ? undo : undefined);
}

export interface Save {
  save: (draft: Draft) => void;
  busy: boolean;
  sheet: JSX.Element | null;
}

/** `onDone` stays where the person is; without it the app goes home, or to the low screen. */
export function useSave(onDone?: () => void): Save {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [late, setLate] = useState<Draft | null>(null);
  // Two taps may come before the screen has changed.
  const running = useRef(false);

  const keep = (draft: Draft): void => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setLate(null);
    void commit(app, draft, Date.now(), onDone)
      // The form stays as it is: nothing typed is lost, and nobody believes that it was kept.
      .catch(() => app.toast(app.t.common.notSaved))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  const save = (draft: Draft): void => {
    const isNew = draft.replaces === undefined;
    const lateness = latenessOf(draft.occurredAt ?? Date.now(), Date.now(), app.state);
    if (isNew && lateness.is !== "free" && draft.reason === undefined) setLate(draft);
    else keep(draft);
  };
  return { save, busy, sheet: late === null ? null : <LateSheet draft={late} onSave={keep} onClose={() => setLate(null)} /> };
}

function LateSheet({ draft, onSave, onClose }: { draft: Draft; onSave: (draft: Draft) => void; onClose: () => void }): JSX.Element {
  const { t, state } = useApp();
  const [reason, setReason] = useState("");
  const [own, setOwn] = useState(false);
  const [tried, setTried] = useState(false);
  const lateness = latenessOf(draft.occurredAt ?? Date.now(), Date.now(), state);
  const isNeeded = lateness.is === "late";
  const submit = (): void => {
    setTried(true);
    if (!isNeeded || reason.trim() !== "") onSave({ ...draft, reason: reason.trim() });
  };
  return (
    <Sheet title={t.reading.late} onClose={onClose}>
      <p>{lateness.is === "late" ? t.reading.lateNote(lateness.hours) : lateness.is === "held" ? t.reading.heldNote(lateness.days) : null}</p>
      <Mend text={tried && isNeeded && reason.trim() === "" ? t.form.needChoice : null} />
      <Chips label={t.reading.late} options={[...t.reading.lateReasons.map((r) => [r, r] as const), ["", t.who.other] as const]}
        chosen={[own ? "" : reason === "" ? "-" : reason]} onChoose={(r) => { setOwn(r === ""); setReason(r); }} />
      {own ? <div class="field"><input class="input" aria-label={t.form.reasonLabel} placeholder={t.form.reasonLabel} value={reason} maxLength={500} onInput={(e) => setReason(e.currentTarget.value)} /></div> : null}
      <button type="button" class="btn main-act xl" onClick={submit}>{t.common.save}</button>
      <button type="button" class="btn quiet" onClick={onClose}>{t.common.back}</button>
    </Sheet>
  );
}

/** Why a version replaces another: asked of every correction and withdrawal. */
export function ReasonField({ title, reason, onReason, missing }: { title?: string; reason: string; onReason: (reason: string) => void; missing: boolean }): JSX.Element {
  const { t } = useApp();
  const asked = title ?? t.form.reason;
  return (
    <fieldset class="field">
      <legend>{asked}</legend>
      <Mend text={missing ? t.form.needText : null} />
      <Chips label={asked} options={t.form.reasons.map((r) => [r, r] as const)} chosen={[reason]} onChoose={onReason} />
      <input class="input" aria-label={t.form.reasonLabel} placeholder={t.form.reasonLabel} value={reason} maxLength={500} onInput={(e) => onReason(e.currentTarget.value)} />
    </fieldset>
  );
}
