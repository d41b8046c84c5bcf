/** Settings of this phone, and leaving it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refusal, NoAnswer } from "../../api/client.ts";
import { Chips, Icon, Sheet } from "../../parts/basics.tsx";
import { SYNC_LOCK } from "../../sync/cycle.ts";
import { useApp } from "../app-context.tsx";
import { Page, sendState } from "../frame.tsx";
import { canInstall, install, isInstalled, onInstallChange } from "../install.ts";
import { TEXT_SIZES, tellLanguage } from "../preferences.ts";
import { turnOff } from "../push.ts";
import { go } from "../route.ts";
import { takeOver } from "../updates.ts";
import { APP_VERSION } from "../writing.ts";

export function Settings(): JSX.Element {
  const { t, state, setPreferences, diary } = useApp();
  const { preferences } = state;
  const [leaving, setLeaving] = useState(false);
  return (
    <Page title={t.settings.title} back="">
      <Choice title={t.settings.language}>
        <Chips label={t.settings.language} options={[["zh-CN", "中文"], ["en", "English"]]} chosen={[preferences.language]} onChoose={(language) => { setPreferences({ language }); void tellLanguage(diary, language); }} />
      </Choice>
      <Choice title={t.settings.textSize}>
        <Chips label={t.settings.textSize} options={TEXT_SIZES.map((n) => [String(n), `${String(n)} %`] as const)} chosen={[String(preferences.textPercent)]} onChoose={(n) => setPreferences({ textPercent: Number(n) })} />
      </Choice>
      <Choice title={t.settings.theme}>
        <Chips label={t.settings.theme} options={[["auto", t.settings.auto], ["light", t.settings.light], ["dark", t.settings.dark]]} chosen={[preferences.theme]} onChoose={(theme) => setPreferences({ theme })} />
      </Choice>
      <Choice title={t.settings.unit}><p><b>{state.participant?.display_unit}</b></p><p class="meta">{t.settings.unitNote}</p></Choice>
      <Choice title={t.settings.reminders}><p class="meta">{t.settings.remindersLead}</p><a class="btn" href="#/reminders"><Icon name="clock" />{t.settings.reminders}</a></Choice>
      <Installing />
      <Keeping />
      {state.updateWaits ? <Choice title={t.settings.update}><button type="button" class="btn" onClick={takeOver}>{t.settings.updateGo}</button></Choice> : null}
      <Choice title={t.settings.account}><p><b>{state.me?.account.login}</b></p><p class="meta">{t.settings.privacyNote}</p></Choice>
      <button type="button" class="btn" onClick={() => { diary.lock(); go("", true); }}><Icon name="lock" />{t.settings.lockNow}</button>
      <button type="button" class="btn" onClick={() => setLeaving(true)}>{t.settings.signOut}</button>
      <p class="meta foot">{t.status.version(APP_VERSION)}</p>
      {leaving ? <LeaveSheet onClose={() => setLeaving(false)} /> : null}
    </Page>
  );
}

function Choice({ title, children }: { title: string; children: JSX.Element | (JSX.Element | null)[] }): JSX.Element {
  return <section class="field"><h2 class="lead2">{title}</h2>{children}</section>;
}

function Installing(): JSX.Element {
  const { t } = useApp();
  const [, again] = useState(0);
  useEffect(() => onInstallChange(() => again((n) => n + 1)), []);
  const isApple = /iPhone|iPad/.test(navigator.userAgent);
  return (
    <Choice title={t.settings.install}>
      <p class="meta">{isInstalled() ? t.settings.installed : isApple ? t.settings.installIos : t.settings.installAndroid}</p>
      {canInstall() ? <button type="button" class="btn" onClick={() => void install()}>{t.settings.installGo}</button> : null}
    </Choice>
  );
}

function Keeping(): JSX.Element {
  const { t } = useApp();
  const [kept, setKept] = useState<boolean | null>(null);
  useEffect(() => void navigator.storage.persisted().then(setKept), []);
  return (
    <Choice title={t.settings.storage}>
      <p class="meta">{kept === true ? t.settings.storageKept : t.settings.storageNot}</p>
      {kept === false ? <button type="button" class="btn" onClick={() => void navigator.storage.persist().then(setKept)}>{t.settings.storageAsk}</button> : null}
    </Choice>
  );
}

/** Signing out keeps what waits, sealed, for this account; it is sent when the account signs in again. */
function LeaveSheet({ onClose }: { onClose: () => void }): JSX.Element {
  const { t, state, diary } = useApp();
  const { waiting, attend } = sendState(state);
  const leave = async (): Promise<void> => {
    // While the session still speaks for this phone: the next who has it is not reminded for the last.
    await turnOff(diary.call);
    try {
      await navigator.locks.request(SYNC_LOCK, () => diary.call("POST", "/api/sign-out"));
    } catch (error) {
      // Without a network the session ends on this phone now and on the server by its own age.
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
    await diary.leave();
    go("", true);
  };
  return (
    <Sheet title={t.settings.signOutTitle} onClose={onClose}>
      <p>{waiting + attend > 0 ? t.settings.signOutWaiting(waiting + attend) : t.settings.signOutLead}</p>
      <button type="button" class="btn xl danger" onClick={() => void leave()}>{t.settings.signOutGo}</button>
      <button type="button" class="btn main-act" onClick={onClose}>{t.common.cancel}</button>
    </Sheet>
  );
}
