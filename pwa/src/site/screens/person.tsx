/** One participant: who, the open alert as a sentence, and the pages of the record. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import type { Alert, Detail } from "../api.ts";
import { AlertSentence, AlertTimes, useSeen } from "../alert-words.tsx";
import { useDesk, useLoad, useNow } from "../context.tsx";
import { useKeys } from "../keys.ts";
import { byPressure } from "../order.ts";
import { Level, Wait } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { Strip } from "../parts/strip.tsx";
import { stateWords } from "./overview.tsx";
import { local } from "../../rules/days.ts";
import { AtAGlance, type InPage } from "../person/at-a-glance.tsx";
import { useModule, usePersonApi } from "../person/later.tsx";
import { ResolveDialog, useAcknowledge } from "./resolve.tsx";

const TABS = ["", "charts", "adherence", "reminders", "log", "waiting", "schedules", "person"] as const;
type Tab = (typeof TABS)[number];

export interface OfPerson {
  person: Detail;
  /** Something was written: what is shown of the participant is asked for again. */
  onChanged: () => void;
}

export function Person({ id, tab: asked, query }: { id: string; tab: string; query: URLSearchParams }): JSX.Element {
  const { api, desk, state } = useDesk();
  const person = useLoad(() => api.getParticipant(id), [id]);
  const [round, setRound] = useState(0);
  const [open, setOpen] = useState("");
  const linked = query.get("entry") ?? "";
  useEffect(() => setOpen(linked), [linked, id]);
  const tab: Tab = TABS.find((one) => one === asked) ?? "";
  // What the first look does not need is asked for when the logbook stands.
  const [stands, setStands] = useState(false);
  const further = stands || tab !== "";
  useEffect(() => setStands(false), [id]);
  const later = useModule(() => import("../person/tabs.ts"), further || linked !== "");
  // A dose names its schedule by id.
  useLoad(() => (further ? desk.loadTitles(id) : Promise.resolve()), [id, further]);
  const today = local(useNow(60_000), person.data?.zone ?? "UTC").day;
  const onChanged = (): void => {
    desk.wrote();
    setRound((n) => n + 1);
    void person.reload();
  };
  return (
    <Wait of={person}>{(detail) => {
      const page = state.study === null ? null : { person: detail, study: state.study, today, round, onOpen: setOpen };
      const own = { person: detail, onChanged, round };
      return (
        <>
          <Head person={detail} onChanged={onChanged} later={later} />
          <Tabs id={id} at={tab} round={round} further={further} />
          {tab === "" && page !== null ? <AtAGlance key={id} {...page} onReady={() => setStands(true)} /> : null}
          {tab === "" ? null : <FurtherTab key={`${id} ${tab}`} all={later} tab={tab} page={page} own={own} kind={query.get("kind") ?? ""} open={open} onOpen={setOpen} />}
          {open === "" || later === null ? null : <later.EntryDrawer key={open} person={detail} entryId={open} onClose={() => setOpen("")} onChanged={onChanged} />}
        </>
      );
    }}</Wait>
  );
}

type AllLater = typeof import("../person/tabs.ts");

interface OfTab {
  all: AllLater | null;
  tab: Exclude<Tab, "">;
  page: InPage | null;
  own: OfPerson & { round: number };
  kind: string;
  open: string;
  onOpen: (entryId: string) => void;
}

function FurtherTab({ all, tab, page, own, kind, open, onOpen }: OfTab): JSX.Element | null {
  const { t } = useDesk();
  if (all === null) return <p class="meta quiet-wait" role="status">{t.common.loading}</p>;
  if (tab === "log") return <all.DiaryTab {...own} onOpen={onOpen} open={open} />;
  if (tab === "waiting") return <all.WaitingTab {...own} />;
  if (tab === "schedules") return <all.CareTab {...own} />;
  if (tab === "person") return <all.RecordTab {...own} />;
  if (page === null) return null;
  if (tab === "charts") return <all.ChartsTab {...page} />;
  return tab === "adherence" ? <all.AdherenceTab {...page} kind={kind} /> : <all.RemindersTab {...page} />;
}

function Tabs({ id, at, round, further }: { id: string; at: Tab; round: number; further: boolean }): JSX.Element {
  const { t } = useDesk();
  const api = usePersonApi(id);
  const held = useLoad(() => (further ? api.listHeld() : Promise.resolve([])), [id, round, further]);
  const waiting = held.data?.length ?? 0;
  return (
    <Strip class="subnav" label={t.diary.title} at={at}>
      {TABS.map((tab) => (
        <a key={tab} href={tab === "" ? `#/p/${id}` : `#/p/${id}/${tab}`} aria-current={tab === at ? "page" : undefined}>
          {t.page.tabs[tab]}{tab === "waiting" && waiting > 0 ? <span class="count num">{waiting}</span> : null}
        </a>
      ))}
    </Strip>
  );
}

function Head({ person, onChanged, later }: OfPerson & { later: AllLater | null }): JSX.Element {
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
      {adding && later !== null ? <later.StaffEntryDialog person={person} onClose={() => setAdding(false)} onSaved={onChanged} /> : null}
    </>
  );
}

function TopAlert({ person }: { person: Detail }): JSX.Element | null {
  const { t, state, may } = useDesk();
  const own = state.alerts.filter((a) => a.participant_id === person.id).sort(byPressure);
  const alert = own[0];
  const seen = useSeen(alert);
  const [resolving, setResolving] = useState<Alert | null>(null);
  const { acknowledge, busy, problem } = useAcknowledge();
  useKeys({
    a: () => alert?.state === "open" && may("acknowledge_alert") && acknowledge(alert),
    r: () => alert !== undefined && may("resolve_alert") && setResolving(alert),
  });
  // What is being written is about the alert it was opened for, whatever comes or goes meanwhile.
  const dialog = resolving === null ? null : <ResolveDialog alert={resolving} onClose={() => setResolving(null)} onDone={() => setResolving(null)} />;
  if (alert === undefined) return <><section ref={seen} class="meta">{t.person.noAlert}</section>{dialog}</>;
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
        {may("resolve_alert") ? <button type="button" class={alert.state === "open" ? "btn" : "btn main-act"} onClick={() => setResolving(alert)}>{t.alerts.resolve}</button> : null}
      </div>
      {dialog}
    </section>
  );
}
