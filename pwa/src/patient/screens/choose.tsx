/** A guardian says for which child and why the child does not write. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Chips, Icon, Mend } from "../../parts/basics.tsx";
import { useApp } from "../app-context.tsx";
import { Page } from "../frame.tsx";
import { go, readRoute } from "../route.ts";
import { todayIs } from "../when.ts";
import { HelpDoor } from "./help.tsx";

/** `child` is preset where somebody comes from that child's low, and `then` is where they go on. */
export function Choose({ query }: { query: URLSearchParams }): JSX.Element {
  const { t, state, diary } = useApp();
  const children = state.me?.participants ?? [];
  const [child, setChild] = useState(query.get("child") ?? state.participant?.id ?? (children.length === 1 ? (children[0]?.id ?? "") : ""));
  const [reason, setReason] = useState(state.proxy?.reason ?? "");
  const [own, setOwn] = useState(false);
  const [tried, setTried] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (child === "" || reason.trim() === "") return;
    void diary.choose({ participant: child, reason: reason.trim(), day: todayIs(Date.now()) }).then(() => {
      // Asked on the way to another screen: that one is here now.
      if (readRoute(location.hash).name === "choose") go(query.get("then") ?? "", true);
    });
  };
  return (
    <Page title={t.who.title} plain dock={<HelpDoor />}>
      <form class="form" onSubmit={submit}>
        <Mend text={tried && child === "" ? t.form.needChoice : null} />
        <ul class="list" aria-label={t.who.title}>
          {children.map((p) => (
            <li key={p.id}>
              <button type="button" class="line" aria-pressed={child === p.id} onClick={() => setChild(p.id)}>
                <Icon name={child === p.id ? "check" : "user"} /><span><b>{p.subject_no}</b></span>
              </button>
            </li>
          ))}
        </ul>
        <fieldset class="field">
          <legend>{t.who.whyTitle}</legend>
          <Mend text={tried && reason.trim() === "" ? t.form.needChoice : null} />
          <Chips label={t.who.whyTitle} options={[...t.who.reasons.map((r) => [r, r] as const), ["", t.who.other] as const]}
            chosen={own ? [""] : reason === "" ? [] : [reason]} onChoose={(r) => { setOwn(r === ""); setReason(r); }} />
          {own ? <input class="input" aria-label={t.who.otherLabel} placeholder={t.who.otherLabel} maxLength={200} value={reason} onInput={(e) => setReason(e.currentTarget.value)} /> : null}
        </fieldset>
        <button class="btn main-act xl">{t.who.go}</button>
      </form>
    </Page>
  );
}
