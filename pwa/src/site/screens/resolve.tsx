import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Alert, Sae } from "../api.ts";
import { AlertSentence } from "../alert-words.tsx";
import { useDesk, useSending } from "../context.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, Choices } from "../parts/fields.tsx";

const SAES: readonly Sae[] = ["yes", "no", "undecided"];

/** Closes an alert: a person says what happened; nobody's silence does. */
export function ResolveDialog({ alert, onDone, onClose }: { alert: Alert; onDone: (alert: Alert) => void; onClose: () => void }): JSX.Element {
  const { desk, api, t } = useDesk();
  const sending = useSending();
  const [resolution, setResolution] = useState("");
  const [sae, setSae] = useState<Sae | null>(null);
  const submit = (): void => void sending.run(async () => {
    const resolved = await api.resolveAlert(alert.id, resolution, sae);
    desk.replaceAlert(resolved);
    desk.toast(t.alerts.resolved1);
    onDone(resolved);
  });
  return (
    <FormDialog title={t.alerts.resolveTitle(alert.subject_no)} go={t.alerts.resolve} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <p><AlertSentence alert={alert} /></p>
      <AreaField label={t.alerts.resolution} hint={t.alerts.resolutionHint} value={resolution} onInput={setResolution} error={sending.fields.resolution} focus />
      <Choices label={t.alerts.sae} optional options={SAES.map((s) => [s, t.alerts.saeOptions[s]] as const)} chosen={sae === null ? [] : [sae]}
        onChoose={(s) => setSae(s === sae ? null : s)} error={sending.fields.sae} />
    </FormDialog>
  );
}

/** Says later what was left undecided, or decides anew: a name, a time and a sentence. */
export function DecideDialog({ alert, onDone, onClose }: { alert: Alert; onDone: (alert: Alert) => void; onClose: () => void }): JSX.Element {
  const { desk, api, t } = useDesk();
  const sending = useSending();
  const [sae, setSae] = useState<Sae | null>(null);
  const [reason, setReason] = useState("");
  const [gap, setGap] = useState<string | undefined>(undefined);
  const submit = (): void => {
    setGap(sae === null ? t.alerts.needSae : undefined);
    if (sae !== null) void sending.run(async () => {
      const decided = await api.decideSae(alert.id, sae, reason);
      desk.replaceAlert(decided);
      desk.toast(t.alerts.decided);
      onDone(decided);
    });
  };
  return (
    <FormDialog title={t.alerts.decideTitle(alert.subject_no)} go={t.common.save} busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <p><AlertSentence alert={alert} /></p>
      {alert.resolution === null ? null : <p><span class="meta">{t.alerts.was}</span> {alert.resolution}</p>}
      <Choices label={t.alerts.sae} options={SAES.filter((s) => s !== alert.sae && (s !== "undecided" || alert.sae !== null)).map((s) => [s, t.alerts.saeOptions[s]] as const)} chosen={sae === null ? [] : [sae]} onChoose={setSae} error={gap ?? sending.fields.sae} />
      <AreaField label={t.alerts.decideWhy} hint={t.alerts.decideHint} value={reason} onInput={setReason} error={sending.fields.reason} />
    </FormDialog>
  );
}

export function useAcknowledge(): { acknowledge: (alert: Alert) => void; busy: boolean; problem: string | null } {
  const { desk, api, t } = useDesk();
  const sending = useSending();
  const acknowledge = (alert: Alert): void => void sending.run(async () => {
    desk.replaceAlert(await api.acknowledgeAlert(alert.id));
    desk.toast(t.alerts.acknowledged1);
  });
  return { acknowledge, busy: sending.busy, problem: sending.problem };
}
