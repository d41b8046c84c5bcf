/** Help: what to do in a low, the emergency card, and asking to be called. None of it needs the PIN. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Participant } from "../../api/account.ts";
import { Icon } from "../../parts/basics.tsx";
import { getPlain, putPlain } from "../../store/database.ts";
import { useApp, useNow } from "../app-context.tsx";
import { useAround } from "../around.ts";
import { scheduleName } from "../due.ts";
import { nameOf, Page, Tabs } from "../frame.tsx";
import { lowPlace, runningLows } from "../lows.ts";
import type { State } from "../state.ts";
import { todayIs } from "../when.ts";

/** The same door on every screen that has no tabs. */
export function HelpDoor(): JSX.Element {
  const { t } = useApp();
  return (
    <div class="act"><a class="btn xl grow" href="#/help"><Icon name="help" />{t.tabs.help}</a></div>
  );
}

export function Help(): JSX.Element {
  const { t, state, text } = useApp();
  const { emergency_phone: emergency, phone } = state.study.site;
  const open = state.account !== null && !state.locked;
  return (
    <Page title={t.help.title} plain={state.account === null} {...(open ? {} : { back: "" })} dock={open ? <Tabs on="help" /> : undefined}>
      <a class="btn xl danger" href={`#/${lowPlace(state, Date.now(), "low")}`}><Icon name="down" />{t.help.lowNow}</a>
      <a class="btn xl danger" href="#/low-help"><Icon name="alert" />{text("low_help_door")}</a>
      <div class="row">
        {phone === "" ? null : <a class="btn xl call" href={`tel:${phone}`}><Icon name="phone" />{text("low_call_site")}</a>}
        <a class="btn xl" href={`tel:${emergency}`}><Icon name="phone" />{t.help.call120(emergency)}</a>
      </div>
      {phone === "" ? <p class="meta">{text("low_call_site_card")}</p> : null}
      <ul class="list">
        <li><a class="line" href="#/card"><Icon name="user" /><span><b>{t.help.card}</b><span class="meta">{t.help.cardLead}</span></span></a></li>
        {open ? <li><a class="line" href="#/form/call_me"><Icon name="phone" /><span><b>{t.help.callMe}</b><span class="meta">{t.help.callMeLead}</span></span></a></li> : null}
      </ul>
      <p class="meta foot">{text("low_limits")}</p>
    </Page>
  );
}

interface OwnCard {
  name: string;
  phone: string;
}

const EMPTY: OwnCard = { name: "", phone: "" };

/** Of the child that is named, of the only one, or of the one whose low runs; null where somebody must say. */
function cardOf(state: State, named: string, nowMs: number): Participant | null {
  const everyone = state.me?.participants ?? [];
  const one = (list: Participant[]): Participant | null => (list.length === 1 ? (list[0] ?? null) : null);
  return everyone.find(({ id }) => id === named) ?? one(everyone) ?? one(runningLows(state, nowMs).map((low) => low.participant));
}

/** Who I am, for whoever stands beside: reachable without the PIN, so it says no more than helps. */
export function EmergencyCard({ whose }: { whose: string }): JSX.Element {
  const { t, state } = useApp();
  const person = cardOf(state, whose, useNow(60_000));
  const children = state.me?.participants ?? [];
  if (person === null && children.length > 1) {
    return (
      <Page title={t.card.title} back="help" plain>
        <ul class="list">
          {children.map((child) => (
            <li key={child.id}><a class="line" href={`#/card/${child.id}`}><Icon name="user" /><span><b>{nameOf(child)}</b><span class="meta">{child.subject_no}</span></span></a></li>
          ))}
        </ul>
      </Page>
    );
  }
  return <CardOf key={person?.id ?? ""} person={person} />;
}

function CardOf({ person }: { person: Participant | null }): JSX.Element {
  const { t, state, diary, text, setPreferences } = useApp();
  const now = useNow(60_000);
  const around = useAround(person);
  const [own, setOwn] = useState(EMPTY);
  const [editing, setEditing] = useState(false);
  const key = `card ${person?.id ?? ""}`;
  useEffect(() => {
    // Without the phone's store the card says less, and the numbers stand all the same.
    if (state.phase === "open") void getPlain(diary.db, key).then((kept) => kept !== undefined && setOwn(kept as OwnCard)).catch(() => undefined);
  }, [diary, key, state.phase]);
  const today = todayIs(now);
  const medicines = around.schedules.filter((s) => s.kind === "dose" && s.ended_at == null && s.from_day <= today && (s.to_day === null || s.to_day >= today));
  const { site } = state.study;
  const name = own.name === "" ? (person?.name ?? "") : own.name;
  const transplants = person?.transplant_days ?? [];
  const save = (event: Event): void => {
    event.preventDefault();
    void putPlain(diary.db, key, own);
    setEditing(false);
  };
  return (
    <Page title={t.card.title} back="help" plain>
      <p class="meta">{t.card.lead}</p>
      <section class="card">
        <dl class="facts">
          {name === "" ? null : <div><dt>{t.card.name}</dt><dd>{name}</dd></div>}
          {person === null ? null : <div><dt>{t.card.who}</dt><dd>{person.subject_no}</dd></div>}
          <div><dt>{text("site_name")}</dt><dd>{t.card.condition}</dd>{transplants.length === 0 ? null : <dd class="num">{t.card.transplanted(transplants.join(" · "))}</dd>}<dd>{t.card.low}</dd></div>
          <div><dt>{t.card.medicines}</dt>
            {medicines.length === 0 ? <dd>{t.card.noMedicines}</dd> : medicines.map((m) => <dd key={m.id}>{scheduleName(m)}{m.drug == null || m.title.toLowerCase().includes(m.drug.toLowerCase()) ? null : ` (${m.drug})`}</dd>)}
          </div>
        </dl>
      </section>
      <h2 class="vh">{t.card.call}</h2>
      <a class="btn xl call" href={`tel:${site.emergency_phone}`}><Icon name="phone" />{t.help.call120(site.emergency_phone)}</a>
      {site.phone === "" ? <p class="meta">{t.help.noPhone}</p> : <a class="btn xl" href={`tel:${site.phone}`}><Icon name="phone" />{t.help.callSite}</a>}
      {own.phone === "" ? null : <a class="btn xl" href={`tel:${own.phone}`}><Icon name="phone" />{t.card.contact} {own.phone}</a>}
      <button type="button" class="btn" lang={state.preferences.language === "en" ? "zh-CN" : "en"}
        onClick={() => setPreferences({ language: state.preferences.language === "en" ? "zh-CN" : "en" })}>{t.card.language}</button>
      {state.locked || state.account === null ? null : editing ? (
        <form class="form" onSubmit={save}>
          <div class="field"><label for="own-name">{t.card.name}</label>
            <input id="own-name" class="input" value={own.name} maxLength={80} onInput={(e) => setOwn({ ...own, name: e.currentTarget.value })} />
            <p class="meta">{t.card.nameHint}</p></div>
          <div class="field"><label for="own-phone">{t.card.contact}</label>
            <input id="own-phone" class="input" type="tel" value={own.phone} maxLength={20} onInput={(e) => setOwn({ ...own, phone: e.currentTarget.value })} /></div>
          <button class="btn main-act">{t.common.save}</button>
        </form>
      ) : <button type="button" class="btn" onClick={() => setEditing(true)}>{t.card.edit}</button>}
    </Page>
  );
}
