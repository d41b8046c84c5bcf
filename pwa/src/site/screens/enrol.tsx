/** Taking somebody in: identity, fertility and care, consent, meter, a last look. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { local } from "../../rules/days.ts";
import type { Detail } from "../api.ts";
import { fieldErrors, useDesk, useSending, type FieldErrors } from "../context.tsx";
import { ageOn, enrolment, newDraft, stepOf, STEPS, type Draft, type Step } from "../enrol-draft.ts";
import { Facts } from "../parts/bits.tsx";
import { Problem } from "../parts/dialog.tsx";
import { CheckField, Choices, SelectField, TextField } from "../parts/fields.tsx";
import { browserZone } from "../when.ts";
import { IssueCode } from "./code.tsx";
import { TriField } from "./record-edit.tsx";
import { GuardianFields, newGuardian } from "./record-people.tsx";

interface Part {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  errors: FieldErrors;
  age: number | null;
  isChild: boolean;
}

export function Enrol(): JSX.Element {
  const { api, state, t } = useDesk();
  const today = local(Date.now(), state.me?.site?.zone ?? browserZone()).day;
  const [draft, setDraft] = useState(newDraft(today));
  const [step, setStep] = useState<Step>("person");
  const [done, setDone] = useState<Detail | null>(null);
  const [errors, setErrors] = useState<FieldErrors>({});
  const sending = useSending();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [step, done]);
  const age = ageOn(draft.birth_day, today);
  const isChild = age !== null && state.study !== null && age < state.study.adult_age;
  if (done !== null) return <Done person={done} />;

  const at = STEPS.indexOf(step);
  const submit = async (): Promise<void> => {
    let said: FieldErrors = {};
    await sending.run(async () => {
      try {
        setDone(await api.enrolParticipant(enrolment(draft, isChild)));
      } catch (error) {
        said = fieldErrors(error);
        throw error;
      }
    });
    setErrors(said);
    const first = STEPS.find((one) => Object.keys(said).some((field) => stepOf(field) === one));
    if (first !== undefined) setStep(first);
  };
  const part: Part = { draft, set: (change) => setDraft({ ...draft, ...change }), errors, age, isChild };
  const wrong = new Set(Object.keys(errors).map(stepOf));
  return (
    <>
      <div class="title"><h1 ref={heading} tabIndex={-1}>{t.enrol.title}</h1></div>
      <ol class="steps">
        {STEPS.map((one, i) => (
          <li key={one}><button type="button" aria-current={one === step ? "step" : undefined} disabled={i > at && errors.subject_no === undefined && wrong.size === 0} onClick={() => setStep(one)}>
            <span class="num">{i + 1}</span>{t.enrol.steps[one]}{wrong.has(one) ? <em> !<span class="vh"> {t.enrol.fixStep}</span></em> : null}
          </button></li>
        ))}
      </ol>
      <form class="panel wizard stack" noValidate onSubmit={(event) => {
        event.preventDefault();
        if (step === "check") void submit();
        else setStep(STEPS[at + 1] ?? "check");
      }}>
        <Problem text={sending.problem} />
        {step === "person" ? <PersonStep {...part} /> : null}
        {step === "health" ? <HealthStep {...part} /> : null}
        {step === "consent" ? <ConsentStep {...part} today={today} /> : null}
        {step === "meter" ? <MeterStep {...part} /> : null}
        {step === "check" ? <CheckStep {...part} /> : null}
        <div class="acts">
          <button class="btn main-act" disabled={sending.busy}>{step === "check" ? (sending.busy ? t.common.saving : t.enrol.save) : t.enrol.next}</button>
          {at > 0 ? <button type="button" class="btn" onClick={() => setStep(STEPS[at - 1] ?? "person")}>{t.enrol.previous}</button> : null}
        </div>
      </form>
    </>
  );
}

type TextName = "subject_no" | "name" | "phone" | "email" | "birth_day" | "version" | "day" | "serial" | "model";
const text = ({ draft, set, errors }: Part, name: TextName, at: string = name): { value: string; onInput: (value: string) => void; error: string | undefined } => ({
  value: draft[name], onInput: (value) => set({ [name]: value }), error: errors[at],
});

function PersonStep(part: Part): JSX.Element {
  const { t } = useDesk();
  const { draft, set, errors, age, isChild } = part;
  const ageNote = age === null ? t.enrol.birthHint : isChild ? t.enrol.isChild(age) : t.enrol.isAdult(age);
  return (
    <div class="fields2">
      <TextField label={t.person.subject} hint={t.enrol.subjectHint} {...text(part, "subject_no")} focus />
      <TextField label={t.common.name} {...text(part, "name")} />
      <TextField label={t.person.birthDay} type="date" hint={ageNote} {...text(part, "birth_day")} />
      <Choices label={t.person.sexLabel} options={[["female", t.person.sex.female], ["male", t.person.sex.male]] as const} chosen={draft.sex === "" ? [] : [draft.sex]} onChoose={(sex) => set({ sex })} error={errors.sex} />
      <TextField label={t.common.phone} type="tel" optional {...text(part, "phone")} />
      <TextField label={t.common.email} type="email" optional {...text(part, "email")} />
      <SelectField label={t.common.language} value={draft.language} options={[["zh-CN", t.common.languages["zh-CN"]], ["en", t.common.languages.en]] as const} onChoose={(language) => language !== "" && set({ language })} />
      <SelectField label={t.person.unit} value={draft.display_unit} options={[["mmol/L", "mmol/L"], ["mg/dL", "mg/dL"]] as const} onChoose={(unit) => unit !== "" && set({ display_unit: unit })} />
    </div>
  );
}

function HealthStep({ draft, set, errors, isChild }: Part): JSX.Element {
  const { t } = useDesk();
  const asksTest = draft.sex === "female" && draft.fertile === true && draft.premenopausal === true;
  return (
    <>
      <TriField label={t.enrol.fertileLabel} value={draft.fertile} onChange={(fertile) => set({ fertile })} error={errors.fertile} />
      {draft.sex === "female" ? <TriField label={t.enrol.premenopausalLabel} value={draft.premenopausal} onChange={(premenopausal) => set({ premenopausal })} error={errors.premenopausal} /> : null}
      {asksTest ? <p class="meta">{t.enrol.pregnancyNote}</p> : null}
      {isChild ? <CheckField label={t.enrol.carerLabel} value={draft.treated_by_carer} onChange={(on) => set({ treated_by_carer: on })} error={errors.treated_by_carer} /> : null}
      {isChild ? <CheckField label={t.enrol.minorLabel} value={draft.minor_contraception_approved} onChange={(on) => set({ minor_contraception_approved: on })} error={errors.minor_contraception_approved} /> : null}
    </>
  );
}

function ConsentStep(part: Part & { today: string }): JSX.Element {
  const { t } = useDesk();
  const { draft, set, errors, isChild } = part;
  const at = isChild ? "assent" : "consent";
  return (
    <>
      <fieldset class="inset"><legend>{isChild ? t.enrol.assent : t.enrol.consentAdult}</legend>
        <div class="fields2">
          <TextField label={t.person.version} {...text(part, "version", `${at}.version`)} error={errors[`${at}.version`] ?? errors[at]} />
          <TextField label={t.person.signedDay} type="date" {...text(part, "day", `${at}.day`)} />
        </div>
      </fieldset>
      {isChild ? draft.guardians.map((guardian, i) => (
        <fieldset key={i} class="inset"><legend>{t.enrol.guardian(i + 1)}</legend>
          <GuardianFields draft={guardian} errors={errors} at={`guardians.${i}.`} onChange={(one) => set({ guardians: draft.guardians.map((g, j) => (j === i ? one : g)) })} />
          {draft.guardians.length > 1 ? <button type="button" class="btn quiet" onClick={() => set({ guardians: draft.guardians.filter((_, j) => j !== i) })}>{t.enrol.removeGuardian}</button> : null}
        </fieldset>
      )) : null}
      {isChild ? <button type="button" class="btn" onClick={() => set({ guardians: [...draft.guardians, newGuardian(part.today)] })}>{t.enrol.moreGuardian}</button> : null}
      {errors.guardians === undefined ? null : <Problem text={errors.guardians} />}
    </>
  );
}

function MeterStep(part: Part): JSX.Element {
  const { t } = useDesk();
  return (
    <>
      <p class="meta">{t.enrol.meterLead}</p>
      <div class="fields2">
        <TextField label={t.person.serial} optional {...text(part, "serial", "meter.serial")} />
        <TextField label={t.person.model} optional {...text(part, "model", "meter.model")} />
      </div>
    </>
  );
}

function CheckStep({ draft, age, isChild }: Part): JSX.Element {
  const { t } = useDesk();
  const yes = (flag: boolean | null): string => (flag === null ? t.common.unknown : flag ? t.common.yes : t.common.no);
  const given = (value: string): string => (value.trim() === "" ? t.common.notSet : value);
  const rows: (readonly [string, ComponentChildren])[] = [
    [t.person.subject, given(draft.subject_no.toUpperCase())], [t.common.name, given(draft.name)], [t.person.birthDay, age === null ? t.common.notSet : `${draft.birth_day} · ${t.common.years(age)}`],
    [t.person.sexLabel, draft.sex === "" ? t.common.notSet : t.person.sex[draft.sex]], [t.common.phone, given(draft.phone)], [t.common.email, given(draft.email)],
    [t.common.language, t.common.languages[draft.language]], [t.person.unit, draft.display_unit], [t.person.fertile, yes(draft.fertile)],
    ...(draft.sex === "female" ? [[t.person.premenopausal, yes(draft.premenopausal)] as const] : []),
    ...(isChild ? [[t.person.treatedByCarer, yes(draft.treated_by_carer)] as const, [t.person.minorApproved, yes(draft.minor_contraception_approved)] as const] : []),
    [isChild ? t.enrol.assent : t.enrol.consentAdult, `${given(draft.version)} · ${draft.day}`],
    ...(isChild ? draft.guardians.map((g, i) => [t.enrol.guardian(i + 1), `${g.isKnown ? t.person.existing : given(g.name)} · ${given(g.relation)} · ${given(g.version)} · ${g.day}`] as const) : []),
    [t.person.meters, draft.serial === "" ? t.common.none : `${draft.serial} ${draft.model}`],
  ];
  return <><p class="meta">{t.enrol.checkLead}</p><Facts rows={rows} /></>;
}

function Done({ person }: { person: Detail }): JSX.Element {
  const { t } = useDesk();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <>
      <div class="title"><h1 ref={heading} tabIndex={-1}>{t.enrol.done(person.subject_no)}</h1></div>
      <section class="panel stack">
        <p>{t.enrol.doneLead}</p>
        <ul class="plain-list">
          {person.account === null ? null : <li><b class="num">{person.account.login}</b><IssueCode participantId={person.id} login={person.account.login} fresh /></li>}
          {person.guardians.map((g) => <li key={g.account_id}><span><b class="num">{g.login}</b> {g.name} · {g.relation}</span><IssueCode participantId={person.id} guardianId={g.account_id} login={g.login} fresh={g.state === "invited"} /></li>)}
        </ul>
        <div class="acts"><a class="btn main-act" href={`#/p/${person.id}`}>{t.enrol.openPerson}</a></div>
      </section>
    </>
  );
}
