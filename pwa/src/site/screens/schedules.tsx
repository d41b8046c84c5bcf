/** What was agreed: started, replaced, ended; never changed in place. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { local } from "../../rules/days.ts";
import type { Schedule } from "../api.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { Panel, Wait } from "../parts/bits.tsx";
import { FormDialog } from "../parts/dialog.tsx";
import { AreaField, TextField } from "../parts/fields.tsx";
import { ruleWords } from "../rule-words.ts";
import { fromRrule, WEEKDAYS } from "../rrule.ts";
import { dayWords, moment } from "../when.ts";
import type { OfPerson } from "./person.tsx";
import { HoldDialog } from "./hold-form.tsx";
import { ScheduleDialog } from "./schedule-form.tsx";
import type { DeskWords } from "../../text/site.ts";

export function rhythmWords(schedule: Pick<Schedule, "rrule">, t: DeskWords): string {
  const rhythm = fromRrule(schedule.rrule);
  if (rhythm === null) return ruleWords(schedule.rrule ?? "", t);
  const names = t.common.weekdays.split(" ");
  const days = rhythm.weekdays.map((d) => names[(WEEKDAYS.indexOf(d) + 1) % 7] ?? d);
  return [t.schedules.rrules[rhythm.repeat], ...days, rhythm.monthDay === "" ? "" : t.schedules.onMonthDay(rhythm.monthDay)].filter((part) => part !== "").join(" ");
}

/** 60 -> 1 h, 90 -> 90 min, 2880 -> 2 days. */
export function durationWords(minutes: number, t: DeskWords): string {
  if (minutes > 0 && minutes % 1440 === 0) return t.schedules.duration(minutes / 1440, "days");
  if (minutes > 0 && minutes % 60 === 0) return t.schedules.duration(minutes / 60, "hours");
  return t.schedules.duration(minutes, "minutes");
}

export function SchedulesTab({ person }: OfPerson): JSX.Element {
  const { api, t, may } = useDesk();
  const list = useLoad(() => api.listSchedules(person.id), [person.id]);
  const [form, setForm] = useState<{ replaces: Schedule | null } | null>(null);
  const [ending, setEnding] = useState<Schedule | null>(null);
  const [holding, setHolding] = useState<Schedule | null>(null);
  const today = local(useNow(60_000), person.zone).day;
  const isOver = (s: Schedule): boolean => s.to_day !== null && s.to_day < today;
  const done = (): void => {
    setForm(null);
    setEnding(null);
    setHolding(null);
    void list.reload();
  };
  const add = may("set_schedule") ? <button type="button" class="btn" onClick={() => setForm({ replaces: null })}><Icon name="plus" />{t.schedules.add}</button> : null;
  return (
    <Wait of={list}>{(schedules) => {
      const running = schedules.filter((s) => !isOver(s));
      const over = schedules.filter(isOver);
      const after = (s: Schedule): Schedule | undefined => schedules.find((one) => one.replaces === s.id);
      return (
        <div class="stack">
          <Panel title={t.schedules.active} act={add}>
            {running.length === 0 ? <p class="meta">{t.schedules.none}</p> : (
              <ul class="rows">{running.map((s) => (
                <ScheduleRow key={s.id} schedule={s} follower={after(s)}>
                  {may("set_schedule") && s.kind === "dose" && s.ended_at === null ? <button type="button" class="btn" onClick={() => setHolding(s)}><Icon name="tube" />{t.page.care.holdGo}</button> : null}
                  {may("set_schedule") && s.ended_at === null ? <button type="button" class="btn" onClick={() => setForm({ replaces: s })}>{t.schedules.replace}</button> : null}
                  {may("end_schedule") && s.ended_at === null ? <button type="button" class="btn" onClick={() => setEnding(s)}>{t.common.end}</button> : null}
                </ScheduleRow>
              ))}</ul>
            )}
          </Panel>
          <Panel title={t.schedules.ended}>
            {over.length === 0 ? <p class="meta">{t.schedules.nothingPlanned}</p> : <ul class="rows">{over.map((s) => <ScheduleRow key={s.id} schedule={s} follower={after(s)} />)}</ul>}
          </Panel>
          {form === null ? null : <ScheduleDialog person={person} replaces={form.replaces} onClose={() => setForm(null)} onDone={done} />}
          {holding === null ? null : <HoldDialog person={person} schedule={holding} today={today} onClose={() => setHolding(null)} onDone={done} />}
          {ending === null ? null : <EndDialog schedule={ending} today={today} onClose={() => setEnding(null)} onDone={done} />}
        </div>
      );
    }}</Wait>
  );
}

function ScheduleRow({ schedule, follower, children }: { schedule: Schedule; follower?: Schedule | undefined; children?: JSX.Element | null | (JSX.Element | null)[] }): JSX.Element {
  const { t } = useDesk();
  const now = useNow(60_000);
  const s = schedule;
  const today = local(now, s.zone).day;
  const details = [
    rhythmWords(s, t), t.schedules.since(dayWords(s.from_day, t, today)), ...(s.to_day === null ? [] : [t.schedules.until(dayWords(s.to_day, t, today))]),
    t.schedules.window(durationWords(s.window_before_min, t), durationWords(s.window_after_min, t)), s.zone,
  ];
  return (
    <li class="wait-row">
      <span class="kind">{t.schedules.kinds[s.kind]}</span>
      <span class="what">
        <span><b>{s.title}</b> <span class="num times-list">{s.times.join("  ")}</span> {[s.drug, s.amount].filter((x) => x !== null).join(" · ")}</span>
        <span class="meta num">{details.join(" · ")}</span>
        {s.hold === null ? null : <span class="tag"><Icon name="tube" />{t.schedules.holdLine(dayWords(s.hold.day, t), moment(s.hold.latest_at, s.zone, now, t))}: {s.hold.reason}</span>}
        {s.end_reason === null ? null : <span class="meta">{follower === undefined ? `${t.schedules.endedWhy}: ${s.end_reason}` : t.schedules.replacedBy(follower.title, dayWords(follower.from_day, t, today))}</span>}
      </span>
      <span class="acts">{children}</span>
    </li>
  );
}

function EndDialog({ schedule, today, onClose, onDone }: { schedule: Schedule; today: string; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [reason, setReason] = useState("");
  const [day, setDay] = useState(today);
  const submit = (): void => void sending.run(async () => {
    await api.endSchedule(schedule.participant_id, schedule.id, { reason, ...(day === "" ? {} : { to_day: day }) });
    desk.toast(t.common.saved);
    onDone();
  });
  return (
    <FormDialog title={t.schedules.endTitle(schedule.title)} lead={schedule.kind === "dose" ? t.schedules.endLead : ""} go={t.schedules.endGo} danger busy={sending.busy} problem={sending.problem} onClose={onClose} onSubmit={submit}>
      <TextField label={t.schedules.lastDay} type="date" narrow value={day} onInput={setDay} error={sending.fields.to_day} />
      <AreaField label={t.common.reason} hint={t.common.reasonHint} value={reason} onInput={setReason} error={sending.fields.reason} focus />
    </FormDialog>
  );
}
