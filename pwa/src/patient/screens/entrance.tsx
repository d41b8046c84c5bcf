/** The ways in: code, PIN, sign-in, the viewing lock, and what to do about a forgotten PIN. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { NoAnswer, Refusal } from "../../api/client.ts";
import type { Me } from "../../api/account.ts";
import { Icon, Mend } from "../../parts/basics.tsx";
import { SYNC_LOCK } from "../../sync/cycle.ts";
import { useApp, type App } from "../app-context.tsx";
import { Page } from "../frame.tsx";
import { lowPlace } from "../lows.ts";
import { renew } from "../push.ts";
import { activationCode, go, goOn, readRoute } from "../route.ts";
import { HelpDoor } from "./help.tsx";
import { tellLanguage } from "../preferences.ts";

/** What a person reads when the server, or the lack of one, says no. */
export function sentenceFor(error: unknown, t: App["t"]): string {
  if (error instanceof Refusal) return error.message === "" ? t.common.tooBusy : error.message;
  if (error instanceof NoAnswer) return navigator.onLine ? t.common.tooBusy : t.common.noNetwork;
  throw error;
}

const DOORS = new Set(["activate", "sign-in", "forgot", "unlock"]);
const isAtDoor = (): boolean => DOORS.has(readRoute(location.hash).name) || activationCode(location.hash) !== null;

const isPatientSide = (me: Me): boolean => me.account.role === "participant" || me.account.role === "guardian";

/** Changes who is signed in. Under the sync lock, so that nothing is sent in the middle of it. */
async function enter(app: App, path: string, body: Record<string, string>, pin: string): Promise<string | null> {
  // A code is good once: it is not spent where this phone could not keep what comes of it.
  if (app.diary.store.get().phase !== "open") return `${app.t.trouble.title} ${app.t.trouble.lead}`;
  try {
    const me = await navigator.locks.request(SYNC_LOCK, async () => {
      await app.diary.call("POST", path, body);
      return (await app.diary.call("GET", "/api/me")) as Me;
    });
    if (!isPatientSide(me)) {
      await app.diary.call("POST", "/api/sign-out");
      return app.t.welcome.staff;
    }
    if (me.account.language !== app.state.preferences.language) await tellLanguage(app.diary, app.state.preferences.language);
    await app.diary.enter(me, pin);
    void app.sending.now();
    void renew(app.diary);
    void navigator.storage.persist();
    // Signed in behind an open form, it stays; from the door the way leads back to it, or home.
    if (isAtDoor()) goOn();
    return null;
  } catch (error) {
    // Neither the server nor the network said no: the phone's own store did.
    return error instanceof Refusal || error instanceof NoAnswer ? sentenceFor(error, app.t) : `${app.t.trouble.title} ${app.t.trouble.lead}`;
  }
}

export function Welcome(): JSX.Element {
  const { t, state, setPreferences } = useApp();
  const other = state.preferences.language === "en" ? ["zh-CN", "中文"] as const : ["en", "English"] as const;
  return (
    <Page title={t.appName} plain aside={
      <button type="button" class="btn quiet" lang={other[0]} onClick={() => setPreferences({ language: other[0] })}>{other[1]}</button>
    } dock={<HelpDoor />}>
      <div class="center">
        <h2 class="lead">{t.welcome.title}</h2>
        <p>{t.welcome.lead}</p>
        <a class="btn main-act xl" href="#/activate">{t.welcome.code}</a>
        <a class="btn xl" href="#/sign-in">{t.welcome.signIn}</a>
      </div>
    </Page>
  );
}

function pinProblem(pin: string, t: App["t"]): string | null {
  if (!/^\d{4,12}$/.test(pin)) return t.welcome.pinForm;
  const steps = new Set([...pin].slice(1).map((digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10));
  return steps.size === 1 && ["0", "1", "9"].includes(String([...steps][0])) ? t.welcome.pinEasy : null;
}

export function Activate(): JSX.Element {
  const app = useApp();
  const { t } = app;
  const [code, setCode] = useState(activationCode(location.hash) ?? "");
  const [step, setStep] = useState<"code" | "pin">(activationCode(location.hash) === null ? "code" : "pin");
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (step === "code") {
      setProblem(code.trim() === "" ? t.welcome.needCode : null);
      if (code.trim() !== "") setStep("pin");
      return;
    }
    const weak = pinProblem(pin, t) ?? (pin === again ? null : t.welcome.pinDiffer);
    setProblem(weak);
    if (weak !== null) return;
    setBusy(true);
    const sentence = await enter(app, "/api/activate", { code: code.trim(), pin, language: app.state.preferences.language }, pin);
    setBusy(false);
    setProblem(sentence);
    if (sentence !== null) setStep("code");
  };

  return (
    <Page title={step === "code" ? t.welcome.code : t.welcome.pinTitle} back="" plain>
      <form class="form center" onSubmit={(e) => void submit(e)} noValidate>
        <Mend text={problem} id="problem" />
        {step === "code" ? (
          <div class="field">
            <label for="code">{t.welcome.codeLabel}</label>
            <input id="code" class="input num" value={code} autocomplete="off" autocapitalize="characters" spellcheck={false}
              aria-describedby="code-hint problem" onInput={(e) => setCode(e.currentTarget.value)} />
            <p class="meta" id="code-hint">{t.welcome.codeHint}</p>
          </div>
        ) : (
          <>
            <p>{t.welcome.pinLead}</p>
            <PinField id="pin" label={t.welcome.pinLabel} value={pin} onInput={setPin} fresh />
            <PinField id="again" label={t.welcome.pinAgain} value={again} onInput={setAgain} fresh />
          </>
        )}
        <button class="btn main-act xl" disabled={busy}>{busy ? t.common.saving : step === "code" ? t.welcome.codeGo : t.welcome.pinSave}</button>
      </form>
    </Page>
  );
}

function PinField(props: { id: string; label: string; value: string; onInput: (pin: string) => void; fresh?: boolean }): JSX.Element {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <input id={props.id} class="input num pin" type="password" inputMode="numeric" value={props.value} maxLength={12}
        autocomplete={props.fresh === true ? "new-password" : "current-password"} aria-describedby="problem"
        onInput={(e) => props.onInput(e.currentTarget.value.normalize("NFKC").trim())} />
    </div>
  );
}

export function SignIn(): JSX.Element {
  const app = useApp();
  const { t } = app;
  const [login, setLogin] = useState(app.state.me?.account.login ?? "");
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (login.trim() === "") { setProblem(t.welcome.needName); return; }
    setBusy(true);
    setProblem(await enter(app, "/api/sign-in", { login: login.trim(), secret: pin }, pin));
    setBusy(false);
  };
  return (
    <Page title={t.welcome.signInTitle} back="" plain dock={<HelpDoor />}>
      <form class="form center" onSubmit={(e) => void submit(e)} noValidate>
        <Mend text={problem} id="problem" />
        {problem === t.welcome.staff ? <a class="btn" href="/site/">{t.welcome.desk}</a> : null}
        <div class="field">
          <label for="login">{t.welcome.login}</label>
          <input id="login" class="input num" value={login} autocomplete="username" autocapitalize="characters" spellcheck={false}
            aria-describedby="login-hint problem" onInput={(e) => setLogin(e.currentTarget.value)} />
          <p class="meta" id="login-hint">{t.welcome.loginHint}</p>
        </div>
        <PinField id="pin" label={t.welcome.pin} value={pin} onInput={setPin} />
        <button class="btn main-act xl" disabled={busy}>{busy ? t.common.saving : t.welcome.signInGo}</button>
        <a class="btn quiet" href="#/forgot">{t.welcome.forgot}</a>
      </form>
    </Page>
  );
}

export function Forgot(): JSX.Element {
  const { t } = useApp();
  return (
    <Page title={t.welcome.forgotTitle} back="sign-in" plain dock={<HelpDoor />}>
      <div class="center">
        <p>{t.welcome.forgotLead}</p>
        <CallSite main />
        <a class="btn" href="#/activate">{t.welcome.code}</a>
      </div>
    </Page>
  );
}

/** The site's number, or where to find it when the study has none. */
export function CallSite({ main }: { main?: boolean }): JSX.Element {
  const { t, state } = useApp();
  const { phone } = state.study.site;
  if (phone === "") return <p class="meta">{t.help.noPhone}</p>;
  return <a class={main === true ? "btn main-act xl" : "btn xl"} href={`tel:${phone}`}><Icon name="phone" />{t.help.callSite}</a>;
}

/** The PIN gates viewing: what waits is sent all the same, and help needs no PIN. */
export function Lock(): JSX.Element {
  const app = useApp();
  const { t, diary, state } = app;
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await diary.unlock(pin);
    const login = state.me?.account.login ?? "";
    if (answer === "sign_in") {
      const sentence = await enter(app, "/api/sign-in", { login, secret: pin }, pin);
      setProblem(sentence === null ? null : navigator.onLine ? sentence : t.lock.online);
    } else if (answer === "wrong") {
      setProblem(t.lock.wrong);
    } else if (state.syncing.stop?.why === "sign_in") {
      // The phone knows the PIN, the session has ended: sign in with the same PIN, so that sending goes on.
      void enter(app, "/api/sign-in", { login, secret: pin }, pin);
    }
    setBusy(false);
    if (answer === "wrong") setPin("");
    if (answer !== "open" || readRoute(location.hash).name !== "unlock") return;
    const place = lowPlace(state, Date.now(), "");
    if (place === "") goOn();
    else go(place, true);
  };

  return (
    <Page title={t.appName} dock={<HelpDoor />}>
      <form class="form center" onSubmit={(e) => void submit(e)} noValidate>
        <h2 class="lead">{t.lock.title}</h2>
        <p class="meta">{state.me?.account.login}</p>
        <Mend text={problem} id="problem" />
        <PinField id="pin" label={t.welcome.pin} value={pin} onInput={setPin} />
        <button class="btn main-act xl" disabled={busy}>{t.lock.open}</button>
        <div class="row">
          <a class="btn quiet" href="#/forgot">{t.welcome.forgot}</a>
          <a class="btn quiet" href="#/sign-in">{t.lock.other}</a>
        </div>
        <p class="meta">{t.lock.keeps}</p>
      </form>
    </Page>
  );
}
