/** One entry with all its versions: correct, withdraw, and what to do about a refusal or a conflict. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { Kind } from "../../api/types.ts";
import { lived } from "../../rules/days.ts";
import { Banner, Icon, Mark, Sheet, Value } from "../../parts/basics.tsx";
import { useApp, useNow } from "../app-context.tsx";
import { authorOf, contentOf, shownReading, titleOf } from "../describe.ts";
import { phoneZone } from "../diary.ts";
import { Page } from "../frame.tsx";
import { eventData, isTaken, type Item, type SeenVersion } from "../items.ts";
import { findLows } from "../lows.ts";
import { go } from "../route.ts";
import { ReasonField } from "../saving.tsx";
import { momentInWords } from "../when.ts";
import { standingOf } from "./history.tsx";
import { YesWord } from "./yes-word.tsx";

const OWN_KINDS = new Set<string>([
  "reading", "insulin", "meal", "exercise", "hypo_event", "dose", "blood_draw", "other_medicine", "contraception", "illness", "hospital_stay", "ketone", "note",
  "day_complete", "call_me",
]);

export function EntryScreen({ item }: { item: Item | null }): JSX.Element {
  const app = useApp();
  const { t, state } = app;
  const now = useNow(60_000);
  const [withdrawing, setWithdrawing] = useState(false);
  if (item === null) return <Page title={t.entry.title} back="diary"><p>{t.entry.gone}</p></Page>;
  const shown = item.kind === "reading" && !item.withdrawn ? shownReading(item.current, app) : null;
  const standing = standingOf(item, app, now);
  const taken = item.current.here === null || item.current.here === "waiting";
  const changeable = taken && !item.withdrawn && OWN_KINDS.has(item.kind);
  const low = findLows(state.items, state.study).find((l) => l.item.root === item.root);
  const asked = state.around.queries.filter((q) => item.versions.some((v) => v.id === q.entry_id));
  return (
    <Page title={titleOf(item, app)} back="diary">
      <section class="card">
        {shown === null ? <p class="lead">{contentOf(item.current, app)}</p>
          : <><p class="lead"><Value value={shown.value} unit={shown.unit} /></p><p class="verdict"><Mark of={shown.mark} />{t.marks[shown.mark]}</p></>}
        <p class="meta num">{momentInWords(item.local, now, t)}</p>
        {standing === null || item.open.length > 0 ? null : <p class="tag"><Icon name={standing.icon} />{standing.word}</p>}
        {standing === null || item.open.length > 0 ? null : <p class="meta">{standing.note}</p>}
      </section>
      {item.open.map((version) => <Open key={version.id} item={item} version={version} />)}
      {low === undefined ? null : (
        <a class="btn" href={`#/low/${item.root}`}>{low.event === null ? t.today.lowOpenGo : t.low.answered(app.text(`low_answer_${eventData(low.event.current).could_self_treat ?? "unknown"}`))}</a>
      )}
      {asked.map((q) => (
        <a key={q.id} class="btn" href={`#/question/${q.id}`}><Icon name="note" />{q.state === "open" ? t.today.questions(1) : t.entry.queries}</a>
      ))}
      {changeable ? (
        <div class="row">
          <a class="btn" href={item.kind === "reading" ? `#/reading?correct=${item.root}` : `#/form/${item.kind}?correct=${item.root}`}><Icon name="edit" />{t.entry.correct}</a>
          <button type="button" class="btn" onClick={() => setWithdrawing(true)}><Icon name="x" />{t.entry.withdraw}</button>
        </div>
      ) : null}
      <div class="sec"><h2>{t.entry.versions}</h2></div>
      <ol class="versions">
        {[...item.versions].reverse().map((version, i) => (
          <VersionCard key={version.id} version={version} number={item.versions.length - i} isCurrent={version.id === item.current.id} now={now} />
        ))}
      </ol>
      {withdrawing ? <WithdrawSheet item={item} onClose={() => setWithdrawing(false)} /> : null}
    </Page>
  );
}

/** Something the server did not take: what it said, and what the person can do. */
function Open({ item, version }: { item: Item; version: SeenVersion }): JSX.Element {
  const { t, diary } = useApp();
  const conflict = version.here === "conflict";
  const form = item.kind === "reading" ? "#/reading" : `#/form/${item.kind}`;
  // A correction is made again as one: a new entry beside the old one would count twice.
  const again = version.replaces == null ? form : isTaken(item) && version.data !== null ? `${form}?correct=${item.root}` : null;
  const putAway = async (): Promise<void> => {
    await diary.keepSeen(version.id);
    if (item.versions.length === 1) go("diary", true);
  };
  return (
    <>
      <Banner tone="fail" icon="alert" title={conflict ? t.entry.conflictLead : t.entry.refusedLead}>
        <p>{version.message}</p>
        <p class="meta">{conflict ? t.entry.conflictDo : item.kind === "reading" ? t.entry.refusedDo : t.entry.refusedDoOther}</p>
      </Banner>
      <YesWord code={version.code} of={version} seen={version.id} />
      <div class="row">
        {conflict || again === null ? null : <a class="btn" href={again}>{t.entry.again}</a>}
        <button type="button" class="btn" onClick={() => void putAway()}>{t.entry.kept}</button>
      </div>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element | null {
  return children === null || children === "" ? null : <div><dt>{name}</dt><dd>{children}</dd></div>;
}

function VersionCard({ version, number, isCurrent, now }: { version: SeenVersion; number: number; isCurrent: boolean; now: number }): JSX.Element {
  const app = useApp();
  const { t } = app;
  const when = (text: string, zone: string): string => momentInWords(lived(text, zone), now, t);
  const content = contentOf(version, app);
  return (
    <li class="card">
      <h3>{t.entry.version(number)}{isCurrent ? ` · ${t.entry.now}` : ""}</h3>
      <dl class="facts">
        <Fact name={t.entry.value}>{isCurrent ? content : <s>{content}</s>}</Fact>
        <Fact name={t.entry.by}>{authorOf(version, app)}</Fact>
        <Fact name={t.entry.why}>{version.reason ?? null}</Fact>
        <Fact name={t.entry.proxy}>{version.proxy_reason ?? null}</Fact>
        <Fact name={t.entry.occurred}>{when(version.occurred_at, version.zone)}</Fact>
        <Fact name={t.entry.recorded}>{when(version.recorded_at, version.zone)}</Fact>
        <Fact name={t.entry.received}>{version.here !== null ? t.entry.notReceived : version.received_at === null ? t.status.sent : when(version.received_at, phoneZone())}</Fact>
      </dl>
    </li>
  );
}

function WithdrawSheet({ item, onClose }: { item: Item; onClose: () => void }): JSX.Element {
  const { t, writing, toast } = useApp();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (reason.trim() === "") return;
    onClose();
    void writing.withdraw(item.kind as Kind, item.current, reason.trim()).then(() => toast(t.common.undone)).catch(() => toast(t.common.notSaved));
  };
  return (
    <Sheet title={t.entry.withdrawTitle} onClose={onClose}>
      <p>{t.entry.withdrawLead}</p>
      <ReasonField title={t.entry.withdrawWhy} reason={reason} onReason={setReason} missing={tried && reason.trim() === ""} />
      <button type="button" class="btn main-act xl" onClick={submit}>{t.entry.withdrawGo}</button>
      <button type="button" class="btn quiet" onClick={onClose}>{t.common.back}</button>
    </Sheet>
  );
}
