/** A question from the site, and its answer in two taps; without a network it waits on the phone. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, Mend } from "../../parts/basics.tsx";
import { local } from "../../rules/days.ts";
import { useApp } from "../app-context.tsx";
import { contentOf, titleOf } from "../describe.ts";
import { phoneZone } from "../diary.ts";
import { Page } from "../frame.tsx";
import { sendAnswers } from "../questions.ts";
import { go } from "../route.ts";
import { momentInWords } from "../when.ts";
import { useWords } from "./words.ts";

const CORRECTABLE = new Set(["reading", "insulin", "meal", "exercise", "hypo_event", "dose", "other_medicine", "contraception", "illness", "hospital_stay", "ketone", "note"]);

export function QuestionScreen({ id }: { id: string }): JSX.Element {
  const app = useApp();
  const { t, state, diary, sending, toast } = app;
  const w = useWords().question;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const question = state.around.queries.find((q) => q.id === id);
  if (question === undefined) return <Page title={w.title} back=""><p>{w.gone}</p></Page>;
  const item = state.items.find((i) => i.versions.some((v) => v.id === question.entry_id)) ?? null;
  const waiting = state.answers.find((a) => a.id === id);
  const isOpen = question.state === "open" && waiting === undefined;

  const answer = async (said: string): Promise<void> => {
    await diary.keepAnswers((answers) => [...answers, { id, text: said }]);
    go("", true);
    await sendAnswers(diary);
    const isSent = !diary.store.get().answers.some((a) => a.id === id && a.sent !== true);
    toast(isSent ? w.sent : w.waits);
    if (isSent) void sending.now();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (text.trim() !== "") void answer(text.trim());
  };
  return (
    <Page title={w.title} back="">
      <section class="card stack">
        <h2>{w.about}</h2>
        <p><b>{t.kinds[question.kind] ?? question.kind}</b>{item === null ? null : <> · {titleOf(item, app) === t.kinds[question.kind] ? "" : titleOf(item, app)} {contentOf(item.current, app)} · <span class="num">{momentInWords(item.local, Date.now(), t)}</span></>}</p>
        {item === null ? null : <a class="btn" href={`#/entry/${item.root}`}><Icon name="list" />{w.seeEntry}</a>}
      </section>
      <ol class="talk">
        {question.messages.map((m) => (
          <li key={m.at + m.text} class={m.is_mine ? "mine" : ""}>
            <p>{m.text}</p>
            <p class="meta">{m.is_mine ? w.you : w.site} <span class="num">{momentInWords(local(Date.parse(m.at), phoneZone()), Date.now(), t)}</span></p>
          </li>
        ))}
        {waiting === undefined || question.state !== "open" ? null : <li class="mine"><p>{waiting.text}</p><p class="meta">{waiting.sent === true ? w.sent : w.waits}</p></li>}
      </ol>
      {isOpen ? (
        <>
          <button type="button" class="btn main-act xl" onClick={() => void answer(w.rightText)}><Icon name="check" />{w.right}</button>
          {item !== null && !item.withdrawn && CORRECTABLE.has(item.kind) ? (
            <a class="btn" href={item.kind === "reading" ? `#/reading?correct=${item.root}` : `#/form/${item.kind}?correct=${item.root}`}><Icon name="edit" />{w.correct}</a>
          ) : null}
          <form class="form" onSubmit={submit} noValidate>
            <div class="field">
              <label for="answer">{w.own}</label>
              <Mend text={tried && text.trim() === "" ? w.needText : null} id="answer-mend" />
              <textarea id="answer" class="input" maxLength={2000} value={text} aria-describedby="answer-mend" onInput={(e) => setText(e.currentTarget.value)} />
            </div>
            <button class="btn">{w.send}</button>
          </form>
        </>
      ) : question.state === "closed" ? <p>{w.closed}</p> : waiting === undefined ? <p>{w.answered}</p> : null}
    </Page>
  );
}
