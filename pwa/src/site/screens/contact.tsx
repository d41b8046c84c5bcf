/** Telephoning somebody: the numbers, what was said before, and what came of it as an entry of the diary. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Icon } from "../../parts/basics.tsx";
import { instantText } from "../../rules/days.ts";
import { uuid7 } from "../../store/uuid.ts";
import type { Detail, Entry } from "../api.ts";
import { useDesk, useLoad, useNow, useSending } from "../context.tsx";
import { EntryWords, Wait } from "../parts/bits.tsx";
import { Dialog, FormDialog } from "../parts/dialog.tsx";
import { AreaField, Choices } from "../parts/fields.tsx";
import { livedMoment } from "../when.ts";

const LAST_CONTACTS = 5;

/** A number that a phone dials. */
export function Dial({ phone }: { phone: string }): JSX.Element {
  const { t } = useDesk();
  return <a class="btn dial num" href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`} aria-label={t.work.calls.dial(phone)}><Icon name="phone" />{phone}</a>;
}

/** The last contacts of a participant, the newest first. */
export function ContactLog({ id }: { id: string }): JSX.Element {
  const { api, state, t } = useDesk();
  const now = useNow(60_000);
  const log = useLoad(() => api.listEntries(id, { kind: "contact", limit: LAST_CONTACTS }), [id]);
  const line = (entry: Entry): JSX.Element => <><span class="meta num">{livedMoment(entry, now, t)}</span> {state.study === null ? null : <EntryWords entry={entry} study={state.study} />}</>;
  return (
    <section>
      <h3>{t.work.calls.log}</h3>
      <Wait of={log}>{({ entries }) => entries.length === 0 ? <p class="meta">{t.work.calls.noLog}</p> : (
        <ul class="plain-list">{entries.filter((e) => e.data !== null).map((e) => <li key={e.id}><span>{line(e)}</span></li>)}</ul>
      )}</Wait>
    </section>
  );
}

function numbersOf(person: Detail): { who: string; phone: string | null }[] {
  const guardians = person.guardians.filter((g) => g.ended_at === null).map((g) => ({ who: `${g.name ?? g.login} (${g.relation})`, phone: g.phone }));
  return [...(person.identity === null ? [] : [{ who: person.identity.name, phone: person.identity.phone }]), ...guardians];
}

export function ContactDialog({ id, subject, onClose, onDone }: { id: string; subject: string; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, t } = useDesk();
  const person = useLoad(() => api.getParticipant(id), [id]);
  if (person.data === null) return <Dialog title={t.work.calls.contactTitle(subject)} onClose={onClose}><Wait of={person}>{() => null}</Wait></Dialog>;
  return <ContactForm person={person.data} onClose={onClose} onDone={onDone} />;
}

type Spoken = "participant" | "guardian" | "relative" | "other";

function ContactForm({ person, onClose, onDone }: { person: Detail; onClose: () => void; onDone: () => void }): JSX.Element {
  const { api, desk, t } = useDesk();
  const sending = useSending();
  const [reached, setReached] = useState<"yes" | "no" | null>(null);
  const [spokeTo, setSpokeTo] = useState<Spoken | null>(null);
  const [text, setText] = useState("");
  const [gap, setGap] = useState(false);
  // Made once, so that trying again after a lost answer is the same entry.
  const made = useMemo(() => ({ id: uuid7(Date.now()), at: instantText(Date.now(), person.zone) }), []);
  const submit = (): void => {
    setGap(reached === null);
    if (reached === null) return;
    const data = { how: "call", reached, ...(reached === "yes" && spokeTo !== null ? { spoke_to: spokeTo } : {}), ...(text.trim() === "" ? {} : { text: text.trim() }) };
    void sending.run(async () => {
      await api.addStaffEntry(person.id, { entry: {
        id: made.id, participant_id: person.id, kind: "contact", zone: person.zone, occurred_at: made.at, recorded_at: made.at, origin: "staff", app_version: __APP_VERSION__, data,
      } });
      desk.toast(t.work.calls.saved);
      onDone();
    });
  };
  const { calls } = t.work;
  const spoken: readonly Spoken[] = ["participant", "guardian", "relative", "other"];
  return (
    <FormDialog title={calls.contactTitle(person.subject_no)} go={t.common.save} busy={sending.busy} problem={gap ? calls.needOutcome : sending.problem} onClose={onClose} onSubmit={submit}>
      <ul class="plain-list numbers">{numbersOf(person).map(({ who, phone }) => <li key={who}><span>{who}</span>{phone === null ? <span class="meta">{calls.noPhone}</span> : <Dial phone={phone} />}</li>)}</ul>
      <Choices label={calls.reached} options={[["yes", calls.yes], ["no", calls.no]] as const} chosen={reached === null ? [] : [reached]} onChoose={setReached} />
      {reached === "yes" ? <Choices label={calls.whom} optional options={spoken.map((s) => [s, t.entry.choices[s]] as const)} chosen={spokeTo === null ? [] : [spokeTo]} onChoose={(s) => setSpokeTo(s === spokeTo ? null : s)} /> : null}
      <AreaField label={calls.note} optional value={text} onInput={setText} error={sending.fields["data.text"]} />
      <ContactLog id={person.id} />
    </FormDialog>
  );
}
