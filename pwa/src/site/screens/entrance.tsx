/** The ways in: sign-in, first set-up of the administrator, opening an account with a link. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Me } from "../api.ts";
import { useDesk, useSending } from "../context.tsx";
import { LanguageButton } from "../frame.tsx";
import { Dialog, Problem } from "../parts/dialog.tsx";
import { TextField } from "../parts/fields.tsx";
import { go } from "../route.ts";

function Entrance({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  const { t } = useDesk();
  return (
    <div class="desk entrance">
      <header class="bar"><span class="name">{t.appName}</span><span class="gap" /><LanguageButton /></header>
      <main class="wrap"><div class="panel"><h1>{title}</h1>{children}</div></main>
    </div>
  );
}

function SignInForm({ login: known }: { login: string }): JSX.Element {
  const { desk, t } = useDesk();
  const [login, setLogin] = useState(known);
  const [secret, setSecret] = useState("");
  const [totp, setTotp] = useState("");
  const [isPatient, setIsPatient] = useState(false);
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const empty = { login: login.trim() === "" ? t.entrance.needLogin : undefined, secret: secret === "" ? t.entrance.needSecret : undefined };
  const submit = async (): Promise<boolean> => empty.login !== undefined || empty.secret !== undefined ? false : sending.run(async () => {
    const code = totp.trim() === "" ? {} : { totp: totp.trim() };
    const me = (await desk.plain("POST", "/api/sign-in", { login: login.trim(), secret, ...code })) as Me;
    if (me.account.role === "participant" || me.account.role === "guardian") {
      await desk.plain("POST", "/api/sign-out");
      setIsPatient(true);
      return;
    }
    await desk.enter(me);
  });
  return (
    <form class="stack" noValidate onSubmit={(event) => {
      event.preventDefault();
      setTried(true);
      void submit();
    }}>
      <Problem text={sending.problem} />
      {isPatient ? <p class="problem" role="alert"><span>{t.entrance.participant} <a href="/">{t.entrance.participantGo}</a></span></p> : null}
      <TextField label={t.entrance.login} type="email" value={login} onInput={setLogin} autocomplete="username" error={tried ? (empty.login ?? sending.fields.login) : undefined} focus={known === ""} />
      <TextField label={t.entrance.secret} type="password" value={secret} onInput={setSecret} autocomplete="current-password" error={tried ? (empty.secret ?? sending.fields.secret) : undefined} focus={known !== ""} />
      <TextField label={t.entrance.totp} hint={t.entrance.totpHint} value={totp} onInput={setTotp} inputMode="numeric" autocomplete="one-time-code" error={sending.fields.totp} narrow optional />
      <div class="acts"><button class="btn main-act" disabled={sending.busy}>{t.entrance.go}</button></div>
    </form>
  );
}

export function SignIn(): JSX.Element {
  const { t } = useDesk();
  return <Entrance title={t.entrance.title}><SignInForm login="" /><p class="meta">{t.entrance.forgot}</p></Entrance>;
}

/** Stands over an open page whose session has ended; what is typed there stays. */
export function SignInAgain(): JSX.Element {
  const { t, state } = useDesk();
  return (
    <div class="desk">
      <Dialog title={t.entrance.again} onClose={null}>
        <p>{t.entrance.againLead}</p>
        <SignInForm login={state.me?.account.login ?? ""} />
      </Dialog>
    </div>
  );
}

interface Chosen {
  password: string;
  again: string;
}

function PasswordFields(props: { chosen: Chosen; onChange: (chosen: Chosen) => void; error: string | undefined; differ: boolean }): JSX.Element {
  const { t } = useDesk();
  const { chosen, onChange } = props;
  return (
    <>
      <TextField label={t.entrance.password} hint={t.entrance.passwordHint} type="password" autocomplete="new-password" value={chosen.password} error={props.error}
        onInput={(password) => onChange({ ...chosen, password })} />
      <TextField label={t.entrance.passwordAgain} type="password" autocomplete="new-password" value={chosen.again} error={props.differ ? t.entrance.differ : undefined}
        onInput={(again) => onChange({ ...chosen, again })} />
    </>
  );
}

/** Sends what opens an account; on success the person is signed in and the code leaves the address. */
function useOpening(): { sending: ReturnType<typeof useSending>; differ: boolean; send: (path: string, chosen: Chosen, body: Record<string, string>) => void } {
  const { desk, state } = useDesk();
  const sending = useSending();
  const [differ, setDiffer] = useState(false);
  const send = (path: string, chosen: Chosen, body: Record<string, string>): void => {
    setDiffer(chosen.password !== chosen.again);
    if (chosen.password !== chosen.again) return;
    void sending.run(async () => {
      const me = (await desk.plain("POST", path, { ...body, password: chosen.password, language: state.language })) as Me;
      await desk.enter(me);
      go("", true);
    });
  };
  return { sending, differ, send };
}

export function SetUp({ code: given }: { code: string }): JSX.Element {
  const { t } = useDesk();
  const { sending, differ, send } = useOpening();
  const [code, setCode] = useState(given);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [chosen, setChosen] = useState<Chosen>({ password: "", again: "" });
  return (
    <Entrance title={t.entrance.setupTitle}>
      <p class="meta">{t.entrance.setupLead}</p>
      <form class="stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        send("/api/setup", chosen, { code: code.trim(), name, email: email.trim() });
      }}>
        <Problem text={sending.problem} />
        <TextField label={t.entrance.code} value={code} onInput={setCode} error={sending.fields.code} />
        <TextField label={t.common.name} value={name} onInput={setName} autocomplete="name" error={sending.fields.name} />
        <TextField label={t.common.email} type="email" value={email} onInput={setEmail} autocomplete="username" error={sending.fields.email} />
        <PasswordFields chosen={chosen} onChange={setChosen} error={sending.fields.password} differ={differ} />
        <div class="acts"><button class="btn main-act" disabled={sending.busy}>{t.entrance.setupGo}</button></div>
      </form>
    </Entrance>
  );
}

export function Activate({ code: given }: { code: string }): JSX.Element {
  const { t } = useDesk();
  const { sending, differ, send } = useOpening();
  const [code, setCode] = useState(given);
  const [totp, setTotp] = useState("");
  const [chosen, setChosen] = useState<Chosen>({ password: "", again: "" });
  return (
    <Entrance title={t.entrance.activateTitle}>
      <p class="meta">{t.entrance.activateLead}</p>
      <form class="stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        send("/api/activate", chosen, { code: code.trim(), ...(totp.trim() === "" ? {} : { totp: totp.trim() }) });
      }}>
        <Problem text={sending.problem} />
        <TextField label={t.entrance.code} value={code} onInput={setCode} error={sending.fields.code} />
        <PasswordFields chosen={chosen} onChange={setChosen} error={sending.fields.password} differ={differ} />
        <TextField label={t.entrance.totp} hint={t.entrance.activateTotp} value={totp} onInput={setTotp} inputMode="numeric" narrow optional error={sending.fields.totp} />
        <div class="acts"><button class="btn main-act" disabled={sending.busy}>{t.entrance.activateGo}</button></div>
      </form>
    </Entrance>
  );
}
