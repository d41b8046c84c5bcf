/** One participant: who, the open alert as a sentence, and the pages of the record. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Detail, Row } from "../api.ts";
import { AlertSentence, AlertTimes, useSeen } from "../alert-words.tsx";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { useKeys } from "../keys.ts";
import { byPressure } from "../order.ts";
import { Level, Wait } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { stateWords } from "./overview.tsx";
import { DiaryTab } from "./diary.tsx";
import { RecordTab } from "./record.tsx";
import { ResolveDialog, useAcknowledge } from "./resolve.tsx";
import { SchedulesTab } from "./schedules.tsx";
import { StaffEntryDialog } from "./staff-entry.tsx";
import { WaitingTab } from "./waiting.tsx";

const TABS = ["diary", "waiting", "schedules", "person"] as const;
type Tab = (typeof TABS)[number];

export interface OfPerson {
  person: Detail;
  /** Something was written: what is shown of the participant is asked for again. */
  onChanged: () => void;
}

export function Person({ id, tab: asked, query }: { id: string; tab: string; query: URLSearchParams }): JSX.Element {
  const { api, desk } = useDesk();
  const person = useLoad(() => api.getParticipant(id), [id]);
  const overview = useLoad(() => api.listParticipants(), [id]);
  useLoad(() => desk.loadTitles(id), [id]);
  const [round, setRound] = useState(0);
  const tab: Tab = TABS.find((one) => one === asked) ?? "diary";
  const onChanged = (): void => {
    desk.wrote();
    setRound((n) => n + 1);
    void person.reload();
    void overview.reload();
  };
  const row = overview.data?.find((r) => r.id === id);
  return (
    <Wait of={person}>{(detail) => (
      <>
        <Head person={detail} onChanged={onChanged} />
        <Tabs id={id} at={tab} row={row} />
        {tab === "diary" ? <DiaryTab person={detail} onChanged={onChanged} round={round} opened={query.get("entry") ?? ""} /> : null}
        {tab === "waiting" ? <WaitingTab person={detail} onChanged={onChanged} round={round} /> : null}
        {tab === "schedules" ? <SchedulesTab person={detail} onChanged={onChanged} /> : null}
        {tab === "person" ? <RecordTab person={detail} onChanged={onChanged} /> : null}
      </>
    )}</Wait>
  );
}

function Tabs({ id, at, row }: { id: string; at: Tab; row: Row | undefined }): JSX.Element {
  const { t } = useDesk();
  return (
    <nav class="subnav" aria-label={t.diary.title}>
      {TABS.map((tab) => (
        <a key={tab} href={tab === "diary" ? `#/p/${id}` : `#/p/${id}/${tab}`} aria-current={tab === at ? "page" : undefined}>
          {t.person.tabs[tab]}{tab === "waiting" && row !== undefined && row.held_entries > 0 ? <span class="count num">{row.held_entries}</span> : null}
        </a>
      ))}
    </nav>
  );
}

function Head({ person, onChanged }: OfPerson): JSX.Element {
  const { t, may } = useDesk();
  const now = useNow(30_000);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div class="title">
        <a class="btn quiet back" href="#/" aria-label={t.common.back}><Icon name="back" /></a>
        <h1 class="num">{person.subject_no}</h1>
        <b>{person.state === "transplanted" ? t.overview.dayAfterLong(stateWords(person, now, t)) : stateWords(person, now, t)}</b>
        <span class="meta">{person.identity === null ? "" : `${person.identity.name} · `}{t.person.sex[person.sex]} · {t.common.years(person.age_years)}</span>
        <span class="gap" />
        {may("record_staff_entry") ? <button type="button" class="btn" onClick={() => setAdding(true)}><Icon name="plus" />{t.person.addEntry}</button> : null}
      </div>
      <TopAlert person={person} />
      {adding ? <StaffEntryDialog person={person} onClose={() => setAdding(false)} onSaved={onChanged} /> : null}
    </>
  );
}

function TopAlert({ person }: { person: Detail }): JSX.Element | null {
  const { t, state, may } = useDesk();
  const own = state.alerts.filter((a) => a.participant_id === person.id).sort(byPressure);
  const alert = own[0];
  const seen = useSeen(alert);
  const [resolving, setResolving] = useState(false);
  const { acknowledge, busy, problem } = useAcknowledge();
  useKeys({
    a: () => alert?.state === "open" && may("acknowledge_alert") && acknowledge(alert),
    r: () => alert !== undefined && may("resolve_alert") && setResolving(true),
  });
  if (alert === undefined) return <section ref={seen} class="meta">{t.person.noAlert}</section>;
  const urgent = alert.level === "page" && alert.state === "open";
  return (
    <section ref={seen} class={`alert top-alert${urgent ? " urgent" : ""}${alert.level === "desk" ? " deskl" : ""}`}>
      <Problem text={problem} />
      <div class="alert-head"><Level level={alert.level} /><span class="meta">{t.alerts[alert.state]}</span></div>
      <div class="alert-body">
        <AlertSentence alert={alert} /><AlertTimes alert={alert} />
        {own.length > 1 ? <a class="also" href="#/alerts">{t.person.openAlerts(own.length - 1)}</a> : null}
      </div>
      <div class="acts">
        {alert.state === "open" && may("acknowledge_alert") ? <button type="button" class="btn main-act" disabled={busy} onClick={() => acknowledge(alert)}>{t.alerts.acknowledge}</button> : null}
        {may("resolve_alert") ? <button type="button" class={alert.state === "open" ? "btn" : "btn main-act"} onClick={() => setResolving(true)}>{t.alerts.resolve}</button> : null}
      </div>
      {resolving ? <ResolveDialog alert={alert} onClose={() => setResolving(false)} onDone={() => setResolving(false)} /> : null}
    </section>
  );
}
