import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Chips, Icon } from "../../parts/basics.tsx";
import type { SecondFactor } from "../api.ts";
import { useDesk, useSending } from "../context.tsx";
import { Facts, Panel } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { TextField } from "../parts/fields.tsx";
import { MyChannels } from "./channels.tsx";
import { Qr } from "./code.tsx";

export function MyAccount(): JSX.Element {
  const { desk, state, t, may } = useDesk();
  const account = state.me?.account;
  return (
    <div class="narrow-page stack">
      <div class="title"><h1>{t.me.title}</h1></div>
      <Panel title={account?.name ?? account?.login ?? ""}>
        <Facts rows={[[t.me.login, account?.login ?? ""], [t.me.role, account === undefined ? "" : t.roles[account.role]], ...(state.me?.site == null ? [] : [[t.accounts.site, state.me.site.name] as const])]} />
      </Panel>
      <Panel title={t.common.language}>
        <Chips label={t.common.language} options={[["zh-CN", t.common.languages["zh-CN"]], ["en", t.common.languages.en]] as const} chosen={[state.language]} onChoose={(one) => void desk.chooseLanguage(one)} />
      </Panel>
      {may("keep_own_channels") ? <MyChannels /> : null}
      <SecondFactorPanel isOn={account?.second_factor === true} />
      <div class="acts"><button type="button" class="btn" onClick={() => void desk.signOut()}>{t.me.signOut}</button></div>
    </div>
  );
}

function SecondFactorPanel({ isOn }: { isOn: boolean }): JSX.Element {
  const { desk, api, t } = useDesk();
  const sending = useSending();
  const [started, setStarted] = useState<SecondFactor | null>(null);
  const [totp, setTotp] = useState("");
  const start = (): void => void sending.run(async () => setStarted(await api.startSecondFactor()));
  const confirm = (): void => void sending.run(async () => {
    desk.store.set({ me: await api.confirmSecondFactor(totp.trim()) });
    setStarted(null);
    desk.toast(t.me.done);
  });
  return (
    <Panel title={t.me.second}>
      <Problem text={sending.problem} />
      <p>{isOn ? <><Icon name="check" /> {t.me.secondOn}</> : t.me.secondOff}</p>
      {!isOn && started === null ? <div class="acts"><button type="button" class="btn main-act" disabled={sending.busy} onClick={start}>{t.me.start}</button></div> : null}
      {started === null ? null : (
        <form class="stack" noValidate onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}>
          <p>{t.me.scan}</p>
          <Qr text={started.uri} label={t.me.scan} />
          <p class="meta">{t.me.key}: <b class="num key-text" translate={false}>{started.secret}</b></p>
          <TextField label={t.me.confirm} value={totp} onInput={setTotp} inputMode="numeric" autocomplete="one-time-code" narrow error={sending.fields.totp} />
          <div class="acts"><button class="btn main-act" disabled={sending.busy}>{t.me.confirmGo}</button></div>
        </form>
      )}
    </Panel>
  );
}
