/** What has arrived and what has not, behind the status word. */
import type { JSX } from "preact";
import { Banner, Icon } from "../../parts/basics.tsx";
import { local } from "../../rules/days.ts";
import { useApp, useNow } from "../app-context.tsx";
import { contentOf, titleOf } from "../describe.ts";
import { phoneZone } from "../diary.ts";
import { nameOf, Page, sendState } from "../frame.tsx";
import { everybody } from "../lows.ts";
import { useWords } from "../reminders/words.ts";
import { placeFor } from "./low.tsx";
import { momentInWords } from "../when.ts";
import { CallSite } from "./entrance.tsx";

export function WaitingScreen(): JSX.Element {
  const app = useApp();
  const { t, state, sending } = app;
  const w = useWords().question;
  const now = useNow(15_000);
  const { waiting, attend } = sendState(state);
  const { stop, lastAt, busy } = state.syncing;
  const isGuardian = state.me?.account.role === "guardian";
  const open = !state.locked && state.account !== null;
  const lines = everybody(state).flatMap(({ participant, items }) =>
    items.filter((item) => item.versions.some((v) => v.here !== null)).map((item) => ({ participant, item })));
  return (
    <Page title={t.waiting.title} back="">
      {state.isUnread ? <Banner tone="fail" icon="alert" title={t.trouble.title}><p>{t.trouble.lead}</p></Banner> : waiting + attend === 0 ? <Banner tone="ok" icon="sent" title={t.waiting.allSent} /> : null}
      {state.unreadable.length > 0 ? <Unreadable /> : null}
      {attend > state.unreadable.length ? <Banner tone="fail" icon="off" title={t.waiting.attend(attend - state.unreadable.length)} /> : null}
      {waiting > 0 ? (
        <Banner tone="wait" icon="wait" title={t.waiting.waits(waiting)}>
          <p class="meta">{stop?.why === "sign_in" ? t.waiting.signIn : navigator.onLine ? t.diary.waitingNote : t.waiting.offline}</p>
        </Banner>
      ) : null}
      {stop?.why === "sign_in" ? <a class="btn main-act xl" href="#/sign-in">{t.waiting.signInGo}</a>
        : waiting > 0 ? <button type="button" class="btn main-act xl" disabled={busy} onClick={() => void sending.now()}>{busy ? t.status.sending : t.waiting.now}</button> : null}
      {open ? (
        <ul class="list">
          {state.answers.filter((a) => a.sent !== true).map(({ id, text }) => (
            <li key={id}><a class="line" href={`#/question/${id}`}><Icon name="wait" /><span><b>{w.title}</b><span class="meta">{text}</span></span></a></li>
          ))}
          {lines.map(({ participant, item }) => (
            <li key={item.root}>
              <a class="line" href={placeFor(app, participant, `entry/${item.root}`)}>
                <Icon name={item.open.length > 0 ? "off" : "wait"} />
                <span><b>{isGuardian ? `${nameOf(participant)} ` : ""}{titleOf(item, app)} {contentOf(item.versions.find((v) => v.here !== null) ?? item.current, { ...app, state: { ...state, participant } })}</b><span class="meta num">{momentInWords(item.local, now, t)}</span></span>
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      {lastAt === null ? null : <p class="meta">{t.waiting.lastSent(momentInWords(local(lastAt, phoneZone()), now, t))}</p>}
      <p class="meta">{t.waiting.install}</p>
    </Page>
  );
}

/** Entries that this phone kept and can no longer open: nobody else has them. */
function Unreadable(): JSX.Element {
  const { t, state, diary } = useApp();
  const ids = state.unreadable;
  const putAway = async (): Promise<void> => {
    for (const id of ids) await diary.keepSeen(id);
  };
  return (
    <>
      <Banner tone="fail" icon="alert" title={t.waiting.unreadable(ids.length)}><p>{t.waiting.unreadableDo}</p></Banner>
      <div class="row">
        <CallSite />
        <button type="button" class="btn" onClick={() => void putAway()}>{t.entry.kept}</button>
      </div>
    </>
  );
}
