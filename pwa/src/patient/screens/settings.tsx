/** Settings of this phone, and leaving it. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refusal, NoAnswer } from "../../api/client.ts";
import { Chips, Icon, Sheet } from "../../parts/basics.tsx";
import { SYNC_LOCK } from "../../sync/cycle.ts";
import { en } from "../../text/settings.en.ts";
import { zh, type SettingsWords } from "../../text/settings.zh-CN.ts";
import { useApp } from "../app-context.tsx";
import { Page, sendState } from "../frame.tsx";
import { canInstall, install, isInstalled, onInstallChange } from "../install.ts";
import { TEXT_SIZES, tellLanguage } from "../preferences.ts";
import { turnOff } from "../push.ts";
import { go } from "../route.ts";
import { takeOver } from "../updates.ts";
import { APP_VERSION } from "../writing.ts";

const useWords = (): SettingsWords => (useApp().state.preferences.language === "en" ? en : zh);

export function Settings(): JSX.Element {
  const { t, state, setPreferences, diary } = useApp();
  const w = useWords();
  const { preferences } = state;
  const [leaving, setLeaving] = useState(false);
  return (
    <Page title={w.title} back="">
      <Choice title={w.language}>
        <Chips label={w.language} options={[["zh-CN", "中文"], ["en", "English"]]} chosen={[preferences.language]} onChoose={(language) => { setPreferences({ language }); void tellLanguage(diary, language); }} />
      </Choice>
      <Choice title={w.textSize}>
        <Chips label={w.textSize} options={TEXT_SIZES.map((n) => [String(n), `${String(n)} %`] as const)} chosen={[String(preferences.textPercent)]} onChoose={(n) => setPreferences({ textPercent: Number(n) })} />
      </Choice>
      <Choice title={w.theme}>
        <Chips label={w.theme} options={[["auto", w.auto], ["light", w.light], ["dark", w.dark]]} chosen={[preferences.theme]} onChoose={(theme) => setPreferences({ theme })} />
      </Choice>
      <Choice title={w.unit}><p><b>{state.participant?.display_unit}</b></p><p class="meta">{w.unitNote}</p></Choice>
      <Choice title={w.reminders}><p class="meta">{w.remindersLead}</p><a class="btn" href="#/reminders"><Icon name="clock" />{w.reminders}</a></Choice>
      <Installing />
      <Keeping />
      {state.updateWaits ? <Choice title={w.update}><button type="button" class="btn" onClick={takeOver}>{w.updateGo}</button></Choice> : null}
      <Choice title={w.account}><p><b>{state.me?.account.login}</b></p><p class="meta">{w.privacyNote}</p></Choice>
      <button type="button" class="btn" onClick={() => { diary.lock(); go("", true); }}><Icon name="lock" />{w.lockNow}</button>
      <button type="button" class="btn" onClick={() => setLeaving(true)}>{w.signOut}</button>
      <p class="meta foot">{t.status.version(APP_VERSION)}</p>
      {leaving ? <LeaveSheet onClose={() => setLeaving(false)} /> : null}
    </Page>
  );
}

function Choice({ title, children }: { title: string; children: JSX.Element | (JSX.Element | null)[] }): JSX.Element {
  return <section class="field"><h2 class="lead2">{title}</h2>{children}</section>;
}

function Installing(): JSX.Element {
  const w = useWords();
  const [, again] = useState(0);
  useEffect(() => onInstallChange(() => again((n) => n + 1)), []);
  const isApple = /iPhone|iPad/.test(navigator.userAgent);
  return (
    <Choice title={w.install}>
      <p class="meta">{isInstalled() ? w.installed : isApple ? w.installIos : w.installAndroid}</p>
      {canInstall() ? <button type="button" class="btn" onClick={() => void install()}>{w.installGo}</button> : null}
    </Choice>
  );
}

function Keeping(): JSX.Element {
  const w = useWords();
  const [kept, setKept] = useState<boolean | null>(null);
  useEffect(() => void navigator.storage.persisted().then(setKept), []);
  return (
    <Choice title={w.storage}>
      <p class="meta">{kept === true ? w.storageKept : w.storageNot}</p>
      {kept === false ? <button type="button" class="btn" onClick={() => void navigator.storage.persist().then(setKept)}>{w.storageAsk}</button> : null}
    </Choice>
  );
}

/** Signing out keeps what waits, sealed, for this account; it is sent when the account signs in again. */
function LeaveSheet({ onClose }: { onClose: () => void }): JSX.Element {
  const { t, state, diary } = useApp();
  const w = useWords();
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
    <Sheet title={w.signOutTitle} onClose={onClose}>
      <p>{waiting + attend > 0 ? w.signOutWaiting(waiting + attend) : w.signOutLead}</p>
      <button type="button" class="btn xl danger" onClick={() => void leave()}>{w.signOutGo}</button>
      <button type="button" class="btn main-act" onClick={onClose}>{t.common.cancel}</button>
    </Sheet>
  );
}
